"""A copied sentence of the seeds with one thing changed in it is never accepted: a word inside a
quotation, a number in words, a day or month, a unit, a letter from another alphabet."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from test_check_properties import PASSAGES, passes

from briefing.news import Passage
from briefing.text.quotes import quotations
from briefing.text.words import stem, words

QUICK = settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))
_NUMBERS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "hundred"]
_MONTHS = ["January", "March", "April", "June", "September", "October", "November", "December"]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_UNITS = ["kilometers", "miles", "percent", "troops", "missiles", "drones", "days", "weeks"]
ROWS = {"number": _NUMBERS, "month": _MONTHS, "day": _DAYS, "unit": _UNITS}
_ALIKE = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")  # Cyrillic letters


def swapped(passage: Passage, row: list[str], data: st.DataObject) -> str | None:
    """The sentence with one word of the row for another one."""
    places = list(re.finditer(rf"\b(?:{'|'.join(row)})\b", passage.text))
    if not places:
        return None
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([word for word in row if word != place.group()]))
    return passage.text[: place.start()] + other + passage.text[place.end() :]


def having(row: list[str]) -> list[Passage]:
    return [p for p in PASSAGES if re.search(rf"\b(?:{'|'.join(row)})\b", p.text)]


@pytest.mark.parametrize("kind", ROWS)
@QUICK
@given(data=st.data())
def test_another_word_of_a_kind_fails(kind: str, data: st.DataObject) -> None:
    known = having(ROWS[kind])
    assert known, "the seeds have such sentences"
    passage = data.draw(st.sampled_from(known))
    changed = swapped(passage, ROWS[kind], data)
    assert changed is not None
    assert not passes(changed, passage), changed


QUOTING = [p for p in PASSAGES if any(q.count >= 3 and q.closed for q in quotations(p.text))]


@QUICK
@given(data=st.data())
def test_another_word_inside_a_quotation_fails(data: st.DataObject) -> None:
    assert len(QUOTING) > 5
    passage = data.draw(st.sampled_from(QUOTING))
    quote = data.draw(st.sampled_from([q for q in quotations(passage.text) if q.closed]))
    inside = [w for w in words(passage.text) if quote.start <= w.start and w.end <= quote.end]
    assume(inside)
    word = data.draw(st.sampled_from(inside))
    other = data.draw(st.sampled_from(["strongly", "war", "peace", "they", "never", "agreed"]))
    assume(stem(other) != word.stem)
    changed = passage.text[: word.start] + other + passage.text[word.end :]
    assert not passes(changed, passage), changed
    dropped = passage.text[: word.start] + passage.text[word.end :].lstrip()
    assert not passes(dropped, passage), dropped


@QUICK
@given(data=st.data())
def test_a_letter_of_another_alphabet_or_one_that_is_not_seen_fails(data: st.DataObject) -> None:
    passage = data.draw(st.sampled_from(PASSAGES))
    at = data.draw(st.integers(1, len(passage.text) - 2))
    letter = passage.text[at]
    alike = letter.translate(_ALIKE)
    unseen = data.draw(st.sampled_from(["\u200b", "\u202e", "\u00ad", "\U000e0041", "\x1b"]))
    for put in {alike, letter + unseen} - {letter}:
        changed = passage.text[:at] + put + passage.text[at + 1 :]
        assert not passes(changed, passage), changed
