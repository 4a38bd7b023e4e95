"""Several editions as one: each claim once, as it stands now, from its oldest value on."""

from __future__ import annotations

import json as codec
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import editions
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_render_data import schema

from briefing.news import (
    Accounts,
    Article,
    Board,
    BoardLine,
    Brief,
    Change,
    Claim,
    Correction,
    Digest,
    Edition,
    Origin,
    Passage,
    Remembered,
    Source,
    Statement,
)
from briefing.stages import render
from briefing.stages.compose.summary import bottom_line, subject
from briefing.stages.merge import MOST_ALSO, MOST_BRIEFS, merge, name
from briefing.text.lines import lines

STORY = "harbour-strike"
SINCE = date(2024, 11, 17)
MADE = datetime(2024, 11, 25, 8, tzinfo=UTC)


def day(number: int) -> date:
    """The ``number``th day after the last edition that was read."""
    return SINCE + timedelta(days=number)


def say(words: str, key: str = "", *, index: int = 0) -> Claim:
    """A sentence in its source's own words, from the article ``key``."""
    key = key or f"a{abs(hash(words)) % 10_000_019}"
    return Claim(words, (Passage(key, index, 0, len(words), words, 1),), 1.0, "quoted", "reported")


def told(*claims: Claim, since: date | None = None, origins: int = 1) -> Brief:
    """A development, headed by its first sentence."""
    ids = tuple(dict.fromkeys(p.article for claim in claims for p in claim.passages))
    return Brief(
        f"d-{claims[0].text}", claims[0], claims, ids, min(origins, len(ids)), since=since,
        latest=datetime(2024, 11, 20, 9, tzinfo=UTC),
    )  # fmt: skip


def new(claim: Claim) -> Change:
    return Change("NEW", claim)


def updated(was: Claim, claim: Claim, on: date, before: str = "", after: str = "") -> Change:
    return Change("UPDATED", claim, was, on, before, after)


def edition(
    number: int,
    *briefs: Brief,
    changes: Sequence[Change] = (),
    boards: Sequence[Board] = (),
    previous: date | None = None,
    **other: Any,
) -> Digest:
    """The edition of ``day(number)`` with its sources."""
    made = editions.digest(
        edition=Edition(STORY, day(number)), briefs=briefs, changes=tuple(changes),
        boards=tuple(boards), previous=previous or day(number - 1), bottom_line=(), sources=(),
        subject=briefs[0].headline if briefs else subject(()), newest=None, **other,
    )  # fmt: skip
    cited = dict.fromkeys(p.article for line in lines(made) for p in line.claim.passages)
    found = tuple(
        Source(n, key, f"Report {key}", "A Paper", datetime(2024, 11, 20, 9, tzinfo=UTC), "stated",
               f"https://news.example/{key}", key)
        for n, key in enumerate(cited, 1)
    )  # fmt: skip
    counts = Accounts(len(found), len(found), (), 0, 0, (), 0, 0)
    return replace(made, sources=found, accounts=other.get("accounts", counts))


def caught_up(*digests: Digest, **more: Any) -> Digest:
    return merge(
        digests,
        since=SINCE,
        made=MADE,
        head=lambda briefs, changes: (subject(briefs, changes), bottom_line(briefs)),
        **more,
    )


TWO = say("Two people were killed in the harbour of Lunden.", "one")
EIGHT = say("Eight people were killed in the harbour of Lunden, the port authority said.", "two")
NINE = say("Nine people were killed in the harbour of Lunden, doctors said on Wednesday.", "three")
CHAIN = (
    edition(1, told(TWO), changes=[new(TWO)]),
    edition(2, told(EIGHT, since=day(1)), changes=[updated(TWO, EIGHT, day(1), "Two", "Eight")]),
    edition(3, told(NINE, since=day(1)), changes=[updated(EIGHT, NINE, day(2), "Eight", "Nine")]),
)


def texts(digest: Digest) -> list[str]:
    return [line.claim.text for line in lines(digest)]


# -- values ------------------------------------------------------------------------------------


def test_a_chain_of_updates_is_one_line_from_its_oldest_value_to_its_newest() -> None:
    merged = caught_up(*CHAIN)
    assert merged.changes == (updated(TWO, NINE, day(1), "Two", "Nine"),)
    assert [brief.claims for brief in merged.briefs] == [(NINE,)]
    assert EIGHT.text not in texts(merged)
    stands = [line for line in lines(merged) if line.claim.text == TWO.text]
    assert [line.id for line in stands] == ["changes/1/was"]
    assert "Two → Nine" in render.text(merged)


def test_the_order_in_which_editions_are_given_changes_nothing() -> None:
    assert caught_up(*reversed(CHAIN)) == caught_up(*CHAIN)


def test_what_was_known_before_the_gap_is_the_old_value() -> None:
    one = say("One person was killed in the harbour of Lunden.", "zero")
    first = edition(1, told(TWO, since=SINCE), changes=[updated(one, TWO, SINCE, "One", "Two")])
    merged = caught_up(first, *CHAIN[1:])
    assert merged.changes == (updated(one, NINE, SINCE, "One", "Nine"),)
    assert merged.briefs[0].since == SINCE  # the reader knows this development


def test_a_first_edition_counts_as_new_though_it_lists_no_changes() -> None:
    first = replace(CHAIN[0], changes=(), previous=None)
    assert caught_up(first, *CHAIN[1:]) == replace(caught_up(*CHAIN), notes=caught_up(*CHAIN).notes)
    assert caught_up(first).changes == (new(TWO),)


def test_a_value_that_came_back_is_new_once_and_no_change_for_who_knew_it() -> None:
    again = say("Two people were killed in the harbour, it is now said.", "four")
    back = edition(
        3, told(again, since=day(1)), changes=[updated(EIGHT, again, day(2), "Eight", "Two")]
    )
    assert caught_up(*CHAIN[:2], back).changes == (new(again),)
    known = caught_up(CHAIN[1], back)
    assert known.changes == ()
    assert known.briefs == ()  # nothing has changed for who knew of two


def test_values_that_do_not_go_on_from_each_other_are_not_set_side_by_side() -> None:
    odd = edition(
        3, told(NINE, since=day(1)),
        changes=[updated(EIGHT, NINE, day(2), "the port authority", "doctors")],
    )  # fmt: skip
    change = caught_up(*CHAIN[:2], odd).changes[0]
    assert (change.was, change.claim) == (TWO, NINE)
    assert (change.before, change.after) == ("", "")


def test_the_old_value_is_known_in_other_words_by_the_ledger() -> None:
    told_so = say("In Lunden’s harbour two lost their lives.", "five")
    first = edition(1, told(told_so), changes=[new(told_so)])
    assert len(caught_up(first, CHAIN[1]).briefs) == 2
    remembered = Remembered(
        "c1", "t1", TWO.text, (*TWO.passages, *told_so.passages), Statement(), "reported",
        CHAIN[0].edition, CHAIN[1].edition,
    )  # fmt: skip
    merged = caught_up(first, CHAIN[1], ledger=[remembered])
    assert [brief.claims for brief in merged.briefs] == [(EIGHT,)]
    assert merged.changes == (CHAIN[1].changes[0],)


def test_a_sentence_of_the_same_passage_that_tells_something_else_stands() -> None:
    both = Passage("one", 0, 0, 90, "Two people were killed, and the northern gate was shut.", 1)
    dead = Claim("Two people were killed.", (both,), 0.9, "shortened", "reported")
    gate = Claim("The northern gate was shut.", (both,), 0.9, "shortened", "reported")
    first = edition(1, told(dead), told(gate), changes=[new(dead), new(gate)])
    second = edition(
        2, told(EIGHT, since=day(1)), changes=[updated(dead, EIGHT, day(1), "Two", "Eight")]
    )
    printed = [claim for brief in caught_up(first, second).briefs for claim in brief.claims]
    assert gate in printed
    assert dead not in printed


def test_a_count_that_rose_unnoticed_stands_as_it_was_told_last() -> None:
    later = edition(2, told(EIGHT, since=day(1)))
    joined = Remembered(
        "c1", "t1", TWO.text, (*TWO.passages, *EIGHT.passages), Statement(), "reported",
        CHAIN[0].edition, later.edition,
    )  # fmt: skip
    merged = caught_up(CHAIN[0], later, ledger=[joined])
    assert merged.changes == (new(EIGHT),)
    assert merged.briefs[0].headline == EIGHT
    assert TWO.text not in texts(merged)


def test_a_contradiction_keeps_both_sides() -> None:
    denied = say("Nobody was killed in the harbour, the minister said.", "four")
    second = edition(
        2, told(denied, since=day(1)), changes=[Change("CONTRADICTED", denied, TWO, day(1))]
    )
    merged = caught_up(CHAIN[0], second)
    assert merged.changes == second.changes
    assert [brief.claims for brief in merged.briefs] == [(denied,)]


def test_what_came_and_was_withdrawn_within_the_gap_is_gone() -> None:
    second = edition(2, changes=[Change("WITHDRAWN", TWO, None, day(1))])
    merged = caught_up(CHAIN[0], second)
    assert merged.changes == ()
    assert merged.briefs == ()
    assert TWO.text not in texts(merged)


def test_what_was_known_before_and_is_withdrawn_says_so() -> None:
    withdrawn = Change("WITHDRAWN", TWO, None, SINCE)
    assert caught_up(edition(1, changes=[withdrawn])).changes == (withdrawn,)


# -- developments ------------------------------------------------------------------------------

GATE = say("The northern gate was shut by a barge.", "gate")
OFFER = say("Employers offered the dock workers a raise of four percent.", "offer")


def test_developments_stand_by_their_newest_change_and_background_is_left_out() -> None:
    first = edition(1, told(OFFER), told(GATE), changes=[new(OFFER), new(GATE)])
    second = edition(2, told(NINE), told(OFFER, since=day(1)), changes=[new(NINE)])
    known = say("The strike in Lunden began in October.", "old")
    third = edition(3, told(known, since=date(2024, 10, 30)))
    merged = caught_up(first, second, third)
    assert [brief.headline for brief in merged.briefs] == [NINE, OFFER, GATE]
    assert merged.changes[0].claim == NINE
    assert known.text not in texts(merged)


def test_quiet_days_say_nothing_and_a_quiet_gap_says_so_in_one_line() -> None:
    counts = Accounts(3, 1, (("repeated", 2),), 0, 0, (), 0, 0)
    quiet = [edition(n, told(GATE, since=SINCE), repeats=2, accounts=counts) for n in (1, 2)]
    news = edition(2, told(NINE), changes=[new(NINE)])
    assert [brief.headline for brief in caught_up(quiet[0], news).briefs] == [NINE]
    merged = caught_up(*quiet)
    assert (merged.briefs, merged.changes, merged.bottom_line) == ((), (), ())
    assert "No material change since 17 November; 4 articles repeat known reports." in render.text(
        merged
    )


def test_at_most_seven_developments_five_more_in_a_sentence_and_the_rest_is_counted() -> None:
    digests = []
    for number in range(1, 6):
        claims = [say(f"{_NAMES[n]} {_VERBS[number]}.", f"{number}-{n}") for n in range(4)]
        digests.append(
            edition(number, *(told(c) for c in claims), changes=[new(c) for c in claims])
        )
    merged = caught_up(*digests)
    assert len(merged.briefs) == MOST_BRIEFS
    led = {digest.briefs[0].headline for digest in digests}
    assert led <= {brief.headline for brief in merged.briefs}  # what led each day is there
    (also,) = merged.boards
    assert (also.kind, len(also.lines)) == ("also", MOST_ALSO)
    assert len(merged.changes) == MOST_BRIEFS
    assert any("8 developments found no room" in note for note in merged.notes)


_NAMES = ("Pilots", "Bakers of the northern suburbs", "Seventeen cranes", "A customs officer")
_VERBS = (
    "", "walked out on Monday", "signed agreements about pensions", "fell silent overnight",
    "were moved towards Odrava", "appealed against fines",
)  # fmt: skip


def test_a_sentence_that_leans_on_another_stands_behind_it_or_not_at_all() -> None:
    lean = say("It will be open again in spring, he said.", "gate", index=1)
    merged = caught_up(edition(1, told(GATE, lean), changes=[new(GATE)]))
    assert merged.briefs[0].claims == (GATE, lean)
    gone = edition(2, told(OFFER, since=day(1)), changes=[updated(GATE, OFFER, day(1))])
    first = edition(1, told(GATE, lean), changes=[new(GATE)])
    assert caught_up(first, gone).briefs[0].claims == (OFFER,)


def test_origins_are_counted_over_the_days_and_a_reprint_adds_none() -> None:
    first = edition(1, told(TWO), changes=[new(TWO)])
    second = edition(2, told(NINE, since=day(1)), changes=[updated(TWO, NINE, day(1))])
    assert caught_up(first, second).briefs[0].origins == 1
    apart = [Origin("one", ("one",)), Origin("three", ("three",))]
    assert caught_up(first, second, origins=apart).briefs[0].origins == 2
    reprint = [Origin("one", ("one", "three"))]
    assert caught_up(first, second, origins=reprint).briefs[0].origins == 1


# -- boards, sources, counts ---------------------------------------------------------------------


def board(kind: Any, *rows: tuple[str, Claim, str]) -> Board:
    return Board(kind, kind.title(), tuple(BoardLine(*row) for row in rows))


def test_of_each_subject_the_newest_line_stands_and_superseded_ones_go() -> None:
    refused = say("Berlin refused to send Taurus missiles.", "p1")
    asked = say("Kyiv asked Berlin for Taurus missiles again.", "p2")
    first = edition(
        1, told(TWO), changes=[new(TWO)],
        boards=[
            board("positions", ("Germany, Taurus", refused, ""), ("France, SCALP", GATE, "")),
            board("figures", ("Killed: 2", TWO, "sources differ"), ("Killed: 1", OFFER, "")),
        ],
    )  # fmt: skip
    second = edition(
        2, told(NINE, since=day(1)), changes=[updated(TWO, NINE, day(1), "Two", "Nine")],
        boards=[
            board("positions", ("Germany, Taurus", asked, "")),
            board("figures", ("Killed: 9", NINE, "")),
        ],
    )  # fmt: skip
    boards = {board.kind: board.lines for board in caught_up(first, second).boards}
    assert [(row.lead, row.claim) for row in boards["positions"]] == [
        ("Germany, Taurus", asked), ("France, SCALP", GATE),
    ]  # fmt: skip
    assert [(row.lead, row.note) for row in boards["figures"]] == [("Killed: 9", "")]


def test_the_timeline_is_one_oldest_first() -> None:
    first = edition(
        1, told(GATE), changes=[new(GATE)], boards=[board("timeline", ("2024-11-18", GATE, ""))]
    )
    second = edition(
        2, told(OFFER), changes=[new(OFFER)],
        boards=[board("timeline", ("2024-11-01", TWO, ""), ("2024-11-18", GATE, ""))],
    )  # fmt: skip
    (timeline,) = caught_up(first, second).boards
    assert [(row.lead, row.claim) for row in timeline.lines] == [
        ("2024-11-01", TWO), ("2024-11-18", GATE),
    ]  # fmt: skip


def test_corrections_are_those_of_editions_that_the_reader_knows() -> None:
    def correction(of: date) -> Correction:
        return Correction(Edition(STORY, of), "developments/1/1", GATE, "edited", OFFER)

    merged = caught_up(
        edition(1, told(TWO), changes=[new(TWO)], corrections=(correction(SINCE),)),
        edition(2, corrections=(correction(day(1)), correction(SINCE))),
    )
    assert merged.corrections == (correction(SINCE),)


def test_the_counts_add_up_and_the_key_is_no_editions_key() -> None:
    left_out = (("off topic", 2), ("later than the edition", 2))
    waiting = Accounts(5, 1, left_out, 4, 3, (("x", 1),), 0, 0)
    merged = caught_up(replace(CHAIN[0], accounts=waiting), *CHAIN[1:])
    a = merged.accounts
    assert a.articles_in == a.used + sum(number for _, number in a.left_out)
    assert a.written == a.kept + sum(number for _, number in a.dropped)
    assert dict(a.left_out) == {"off topic": 2, "in its edition only": 4}
    assert merged.edition == name(STORY, day(3), SINCE)
    assert merged.edition.name == "harbour-strike.since-2024-11-17"
    assert merged.previous == SINCE


def test_what_is_made_of_it_keeps_to_the_schema_and_can_be_read_again() -> None:
    merged = caught_up(*CHAIN)
    data = render.json(merged)
    assert render.parse_json(data) == merged
    schema("digest-2.schema.json").validate(codec.loads(data))
    for made in (render.markdown(merged), render.html(merged), render.text(merged)):
        assert "since 17 November 2024" in made
    article = Article("one", "", "T", "stated", "P", None, "unknown", TWO.text, TWO.passages)
    assert "one" in render.evidence(merged, dict.fromkeys(("one", "two", "three"), article))


# -- whatever the days told ----------------------------------------------------------------------


@st.composite
def days(draw: st.DrawFn) -> list[Digest]:
    """Days on which counts of five things rise, fall, are repeated or stay untold."""
    things = ("ships", "cranes", "gates", "barges", "pilots")
    known: dict[str, tuple[Claim, str, date]] = {}
    found = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        briefs, changes = [], []
        for thing in draw(st.lists(st.sampled_from(things), unique=True, max_size=4)):
            value = str(draw(st.integers(2, 5)))
            claim = say(f"Lunden counted {value} {thing} on its quay.", f"{number}-{thing}")
            old = known.get(thing)
            if old is None:
                changes.append(new(claim))
            elif old[1] != value:
                changes.append(updated(old[0], claim, old[2], old[1], value))
            briefs.append(told(claim, since=old[2] if old else None))
            if old is None or old[1] != value:
                known[thing] = (claim, value, old[2] if old else day(number))
        found.append(edition(number, *briefs, changes=changes))
    return found


@settings(max_examples=150, deadline=None)
@given(days())
def test_whatever_the_days_told_each_thing_stands_once_with_its_last_value(
    digests: list[Digest],
) -> None:
    last: dict[str, str] = {}
    for digest in digests:
        for brief in digest.briefs:
            words = brief.headline.text.split()
            last[words[3]] = words[2]
    merged = caught_up(*digests)
    printed = [brief.claims[0].text.split() for brief in merged.briefs]
    assert {words[3]: words[2] for words in printed} == last
    assert len(printed) == len(last)
    told_so = [change.claim.text for change in merged.changes]
    assert len(told_so) == len(set(told_so)) == len(last)
    for change in merged.changes:
        assert change.before != change.after or not change.before
    order = [source.article for source in merged.sources]
    cited = dict.fromkeys(p.article for line in lines(merged) for p in line.claim.passages)
    assert order == list(cited)


def test_without_an_edition_there_is_nothing_to_merge() -> None:
    with pytest.raises(IndexError):
        caught_up()
