"""Names by their capitals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text.names import WEAPONS, names, weapons


def found(text: str) -> list[str]:
    return [n.text for n in names(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yesterday President Joe Biden met aides.", ["President Joe Biden"]),
        (
            "They met Russian Foreign Minister Sergey Lavrov on Monday in November.",
            ["Russian Foreign Minister Sergey Lavrov"],
        ),
        (
            "a fellow at the Carnegie Endowment for International Peace",
            ["Carnegie Endowment for International Peace"],
        ),
        ("in Trump’s White House", ["Trump", "White House"]),
        ("Lieven warned of risks.", ["Lieven"]),
        ("Maintaining pressure takes time.", []),
        ("However, nothing moved.", []),
        ("ATACMS hit a depot.", ["ATACMS"]),
        ("Ukraine asked.", ["Ukraine"]),
        ("U.S. aid to Kyiv", ["U.S.", "Kyiv"]),
        ("Donald Trump Jr. accused the White House", ["Donald Trump Jr", "White House"]),
        ("said Michael O’Hanlon", ["Michael O’Hanlon"]),
        ("“Moscow may retaliate,” he said", ["Moscow"]),
        ("no names at all, said the officials", []),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    if text.startswith("“Moscow"):
        assert found("Then Moscow spoke. " + text)[-1:] == expected
    else:
        assert found(text) == expected


def test_weapons_take_the_longest_name() -> None:
    text = "SCALP-EG and Storm Shadow cruise missiles, S-300s, the Oreshnik and Kh-101"
    assert [w.text for w in weapons(text)] == ["SCALP-EG", "Storm Shadow", "Oreshnik", "Kh-101"]


def test_weapons_are_not_found_inside_other_words() -> None:
    assert weapons("a gradual tornado of scalpels") == []
    assert len(set(WEAPONS)) == len(WEAPONS)


@given(st.text(max_size=150))
def test_names_are_spans(text: str) -> None:
    for n in names(text) + weapons(text):
        assert text[n.start : n.end] == n.text
        assert n.text.strip() == n.text != ""
