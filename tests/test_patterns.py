"""No regular expression of the program takes long for 100 characters, whatever they are."""

from __future__ import annotations

import re

import pytest
from patterns import attacks, patterns, seconds

FOUND = patterns()
SECONDS = 0.01
"""Processor time. What takes the square of 100 takes a tenth of a millisecond; what takes the cube,
begun at each place, 50; and what is exponential does not come back from 30."""
OUR_OWN = {"briefing.adapters.signing"}
"""They read a key file that only its owner can write."""


def slow(pattern: re.Pattern[str], *, searches: bool) -> tuple[int, str, str] | None:
    for before, pump in attacks(pattern):
        for size in (18, 24, 30, 100):  # the small ones first: an exponential one would hang
            text = (before + pump * (size // len(pump) + 1))[:size] + "\0"
            if all(seconds(pattern, text, searches=searches) > SECONDS for _ in range(3)):
                return size, before, pump
    return None


def test_there_are_patterns_to_speak_of() -> None:
    assert len(FOUND) > 700
    assert sum(not use.searches for use in FOUND.values()) > 100


@pytest.mark.parametrize("bad", [r"(a+)+b", r"(?:\d{1,3},?\s?)*\]", r"\s*a?\s*b?\s*c?,"])
def test_a_bad_pattern_is_found(bad: str) -> None:
    assert slow(re.compile(bad), searches=True)


def test_no_pattern_of_ours_is_bad() -> None:
    found = {}
    for pattern, use in FOUND.items():
        if use.module not in OUR_OWN and (text := slow(pattern, searches=use.searches)):
            found[f"{use.module}: {pattern.pattern!r:.120}"] = text
    assert not found
