"""The block of changes: one line for what is new or another, none for a repeat."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from briefing.news import Brief, Claim, Edition, Passage, Recalled, Remembered, Statement
from briefing.stages.compose.changed import Past, changes, dated, news_first

FIRST, LAST = date(2024, 11, 4), date(2024, 11, 5)
TWO = "The storm killed at least two people in Lunden."
NINE = "The storm killed at least nine people in Lunden, the rescue service said."
GATE = "The gate of the harbour is shut until the spring."


def said(text: str, key: str, index: int = 1) -> Claim:
    """A claim in the words of one passage."""
    return Claim(text, (Passage(key, index, 0, len(text), text, 1),), 0.9, "quoted", "reported")


def known(text: str, thread: str = "t", first: date = FIRST) -> Remembered:
    """A claim of the ledger."""
    passage = said(text, "old").passages[0]
    edition = Edition("s", first)
    return Remembered(
        f"c-{text}", thread, text, (passage,), Statement(), "on record", edition,
        Edition("s", LAST),
    )  # fmt: skip


def brief(key: str, *claims: Claim) -> Brief:
    return Brief(key, claims[0], claims, tuple(c.passages[0].article for c in claims), 1)


def past(*recalled: tuple[Claim, Recalled], ledger: tuple[Remembered, ...] = ()) -> Past:
    """What is known, by the first passages of claims."""
    by_passage = {claim.passages[0].key: one for claim, one in recalled}
    return Past(previous=LAST, recalled=by_passage, known=ledger)


def recalled(kind: str, old: Remembered | None, **other: str) -> Recalled:
    given = {"what": "figure"} | other
    return Recalled("f", kind, "t", "new", old, **given)  # type: ignore[arg-type]


def test_a_first_edition_has_no_changes() -> None:
    assert changes([brief("d", said(TWO, "a"))], Past()) == ()


def test_a_new_development_is_one_line() -> None:
    first, second = said(TWO, "a"), said(GATE, "a", 2)
    found = changes([brief("d", first, second)], past())
    assert [(c.kind, c.claim, c.was) for c in found] == [("NEW", first, None)]


def test_of_a_new_development_the_first_sentence_that_is_not_a_repeat_is_told() -> None:
    old, fresh = said(TWO, "a"), said(GATE, "a", 2)
    now = past((old, replace(recalled("REPEATED", known(TWO)), thread="n")))
    (found,) = changes([brief("d", old, fresh)], now)
    assert found.claim == fresh


def test_an_update_shows_old_and_new_in_words_of_their_sentences() -> None:
    old, new = known(TWO), said(NINE, "a")
    how = recalled("UPDATED", old, before="at least two", after="at least nine")
    what = past((new, how), ledger=(old,))
    (found,) = changes(dated([brief("d", new)], what), what)
    assert (found.kind, found.before, found.after) == ("UPDATED", "at least two", "at least nine")
    assert found.said == FIRST
    assert found.was is not None
    assert (found.was.text, found.was.passages, found.was.sourcing) == (
        TWO, old.passages, "on record",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"),
    [("reported", "used"), ("at least two", "ten"), ("", "at least nine"), ("at least two", ""),
     ("least tw", "at least nine")],
)  # fmt: skip
def test_values_that_do_not_stand_in_their_sentences_are_not_printed(
    before: str, after: str
) -> None:
    old, new = known(TWO), said(NINE, "a")
    what = past((new, recalled("UPDATED", old, before=before, after=after)), ledger=(old,))
    (found,) = changes(dated([brief("d", new)], what), what)
    assert (found.before, found.after) == ("", "")
    assert found.was is not None


def test_a_repeat_is_never_a_change() -> None:
    old, again = known(TWO), said(TWO, "a")
    what = past((again, recalled("REPEATED", old)), ledger=(old,))
    assert changes(dated([brief("d", again)], what), what) == ()


def test_a_sentence_that_one_of_its_passages_repeats_is_no_change() -> None:
    old, new = known(TWO), said(NINE, "a")
    other = said(TWO, "b")
    both = replace(new, passages=(*new.passages, *other.passages))
    how = recalled("UPDATED", old, before="at least two", after="at least nine")
    what = past((new, how), (other, recalled("REPEATED", old)), ledger=(old,))
    assert changes(dated([brief("d", both)], what), what) == ()


def test_a_change_that_prints_the_old_words_is_none() -> None:
    old = known(TWO)
    new = said(TWO.upper(), "a")
    what = past((new, recalled("UPDATED", old)), ledger=(old,))
    assert changes(dated([brief("d", new)], what), what) == ()


def test_two_briefs_with_one_sentence_change_once_and_in_order() -> None:
    old, new, gate = known(TWO), said(NINE, "a"), said(GATE, "b")
    how = recalled("CONTRADICTED", old)
    what = past((new, how), (gate, replace(how, what="denial")), ledger=(old,))
    briefs = dated([brief("d", gate), brief("e", new), brief("f", new)], what)
    found = changes(briefs, what)
    assert [(c.kind, c.claim.text) for c in found] == [
        ("CONTRADICTED", GATE), ("CONTRADICTED", NINE),
    ]  # fmt: skip


def test_a_development_is_known_since_the_first_claim_of_its_thread() -> None:
    early, late = known(TWO, first=FIRST), known(GATE, first=LAST)
    new, other = said(NINE, "a"), said("Ferries wait outside.", "b")
    what = past((new, recalled("UPDATED", early)), ledger=(late, early))
    assert [b.since for b in dated([brief("d", new), brief("e", other)], what)] == [FIRST, None]


def test_what_only_repeats_comes_last() -> None:
    old = known(TWO)
    again, new, fresh = said(TWO, "a"), said(NINE, "b"), said(GATE, "c")
    what = past(
        (again, recalled("REPEATED", old)),
        (new, recalled("UPDATED", old, before="at least two", after="at least nine")),
        ledger=(old,),
    )
    briefs = dated([brief("again", again), brief("new", new), brief("fresh", fresh)], what)
    ordered = news_first(briefs, changes(briefs, what))
    assert [b.id for b in ordered] == ["new", "fresh", "again"]
