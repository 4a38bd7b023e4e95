"""The ledger of claims: what earlier editions knew, and nothing of later ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_cases import (
    EVENING,
    FRIDAY,
    MORNING,
    NOW,
    OTHER,
    SATURDAY,
    STATEMENT,
    article_id,
    digest,
    fast_folder,
    killed_at_line,
    pair,
    sighting,
)

from briefing.adapters.store import SqlStore, open_store
from briefing.errors import StoreError
from briefing.news import (
    Change,
    Claim,
    Correction,
    Edition,
    Passage,
    Remembered,
    Sighting,
    Stand,
    Statement,
    Value,
)

SUNDAY = Edition("harbour", date(2024, 11, 24))
MONTH = date(2024, 10, 25)
"""Thirty days before Sunday."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with open_store(f"sqlite:///{tmp_path}/briefing.db") as opened:
        opened.add_all([pair(key) for key in "abcdef"], now=NOW)
        yield opened


def record(store: SqlStore, edition: Edition, *seen: Sighting) -> None:
    store.record(digest(edition, "S", "a"), [], skips=[], evidence="{}", seen=seen)


def known(store: SqlStore, edition: Edition, *, since: date = MONTH) -> list[str]:
    return [one.id for one in store.known(edition, since=since)]


def passage(key: str) -> Passage:
    return pair(key)[1][0].passages[0]


def rows(store: SqlStore) -> list[tuple[object, ...]]:
    assert store.file is not None
    with closing(sqlite3.connect(store.file)) as connection:
        return connection.execute("SELECT day, slot, claim FROM sightings ORDER BY 1, 2").fetchall()


# -- what comes back ---------------------------------------------------------------------------


def test_a_claim_comes_back_with_its_history(store: SqlStore) -> None:
    record(store, FRIDAY, sighting("c", "b", "a", text="First.", printed="It is closed."))
    later = replace(STATEMENT, modality="fact")
    record(store, SATURDAY, sighting("c", "b", "c", text="Second.", thread="quay", statement=later))
    assert store.known(SUNDAY, since=MONTH) == [
        Remembered(
            id="c",
            thread="quay",  # as last told: developments may merge
            text="First.",
            passages=(passage("b"), passage("a"), passage("c")),  # b once, where it came first
            statement=STATEMENT,
            sourcing="on record",
            first=FRIDAY,
            last=SATURDAY,
            printed=(FRIDAY,),
        )
    ]


def test_nothing_of_the_edition_itself_or_of_later_ones(store: SqlStore) -> None:
    record(store, SATURDAY, sighting("c", "c", text="Second.", printed="x"), sighting("late", "d"))
    record(store, FRIDAY, sighting("c", "a", text="First."))  # a past day, made afterwards
    assert known(store, FRIDAY) == []
    (then,) = store.known(SATURDAY, since=MONTH)
    assert (then.text, then.first, then.last, then.printed) == ("First.", FRIDAY, FRIDAY, ())
    assert then.passages == (passage("a"),)
    record(store, SATURDAY, sighting("c", "c", text="Third."))  # made again, it sees the same
    assert store.known(SATURDAY, since=MONTH) == [then]


def test_editions_of_one_day_come_by_their_slot(store: SqlStore) -> None:
    for edition, claim in ((EVENING, "evening"), (MORNING, "morning"), (SATURDAY, "saturday")):
        record(store, edition, sighting(claim, "a"))
    assert known(store, MORNING) == []
    assert known(store, EVENING) == ["morning"]
    assert known(store, SATURDAY) == ["morning", "evening"]
    assert known(store, SUNDAY) == ["morning", "evening", "saturday"]


def test_claims_come_by_their_first_edition_and_then_by_id(store: SqlStore) -> None:
    record(store, SATURDAY, sighting("b", "a"), sighting("a", "a"), sighting("z", "a"))
    record(store, FRIDAY, sighting("z", "a"))
    assert known(store, SUNDAY) == ["z", "a", "b"]


def test_two_stories_are_kept_apart_even_under_one_id(store: SqlStore) -> None:
    record(store, FRIDAY, sighting("c", "a", text="Harbour."), sighting("h", "a"))
    record(store, OTHER, sighting("c", "b", text="Railway."))
    tomorrow = Edition("railway", date(2024, 11, 23))
    assert known(store, SATURDAY) == ["c", "h"]
    (only,) = store.known(tomorrow, since=MONTH)
    assert (only.text, only.passages, only.first) == ("Railway.", (passage("b"),), OTHER)


def test_the_window_chooses_claims_and_tells_all_of_each(store: SqlStore) -> None:
    """A claim told every day for two months began two months ago, not thirty days ago."""
    old = Edition("harbour", date(2024, 9, 1))
    record(store, old, sighting("long", "a", text="First."), sighting("gone", "b"))
    record(store, FRIDAY, sighting("long", "c"))
    (one,) = store.known(SATURDAY, since=MONTH)
    assert (one.text, one.first, one.last) == ("First.", old, FRIDAY)
    assert one.passages == (passage("a"), passage("c"))
    assert known(store, SATURDAY, since=FRIDAY.day) == ["long"]
    assert known(store, SATURDAY, since=SATURDAY.day) == []
    assert known(store, SATURDAY, since=old.day) == ["gone", "long"]


def test_a_claim_told_twice_in_one_edition_is_one(store: SqlStore) -> None:
    told = [sighting("c", "a", "b"), sighting("c", "c", "b", text="Other.", printed="Printed.")]
    record(store, FRIDAY, *told, sighting("c", "d", printed="Later."))
    (one,) = store.known(SATURDAY, since=MONTH)
    assert one.passages == tuple(map(passage, "abcd"))
    assert (one.text, one.printed) == ("The pier is closed.", (FRIDAY,))


# -- together with the edition -----------------------------------------------------------------


def test_an_edition_made_again_replaces_what_it_saw_and_nothing_else(store: SqlStore) -> None:
    record(store, FRIDAY, sighting("c", "a"), sighting("only here", "b"))
    record(store, SATURDAY, sighting("c", "c"))
    record(store, FRIDAY, sighting("new", "d"))
    assert known(store, SATURDAY) == ["new"]
    (new, c) = store.known(SUNDAY, since=MONTH)
    assert (new.first, c.first, c.passages) == (FRIDAY, SATURDAY, (passage("c"),))
    record(store, FRIDAY)
    assert rows(store) == [("2024-11-23", "", "c")]  # no claim is left that no edition tells


def test_what_an_edition_saw_goes_with_it(store: SqlStore) -> None:
    record(store, FRIDAY, sighting("c", "a"))
    record(store, SATURDAY, sighting("c", "a"))
    assert store.file is not None
    with closing(sqlite3.connect(store.file)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM editions WHERE day = '2024-11-22'")
        connection.commit()
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):  # no such edition
            connection.execute("UPDATE sightings SET day = '2024-11-30'")
    assert rows(store) == [("2024-11-23", "", "c")]


def test_a_claim_of_an_article_that_is_not_stored_refuses_the_edition(store: SqlStore) -> None:
    record(store, FRIDAY, sighting("c", "a"))
    ghost = sighting("ghost", "a", "nowhere")
    with pytest.raises(StoreError, match=rf"(?s){article_id('nowhere')}.*Remedy"):
        record(store, FRIDAY, ghost)
    with pytest.raises(StoreError):
        record(store, SATURDAY, ghost)
    assert [one.edition for one in store.editions(9)] == [FRIDAY]
    assert known(store, SUNDAY) == ["c"]


def test_killed_at_any_line_edition_and_claims_are_on_record_or_neither(tmp_path: Path) -> None:
    with fast_folder(tmp_path) as folder:
        url = f"sqlite:///{folder}/briefing.db"
        with open_store(url) as store:
            store.add_all([pair("a")], now=NOW)

        def work() -> None:
            with open_store(url) as own:
                record(own, FRIDAY, sighting("c", "a"), sighting("d", "a"))

        number, was_killed, states = 1, True, set()
        while was_killed:
            was_killed = killed_at_line(number, work)
            with open_store(url) as store:
                state = (len(store.editions(9)), len(store.known(SATURDAY, since=MONTH)))
            states.add(state)
            assert state in ((0, 0), (1, 2)), f"line {number}"
            number += 17
        assert states == {(0, 0), (1, 2)}


# -- texts that a database does not take -------------------------------------------------------


@pytest.mark.parametrize("odd", ["a\0b", "half \ud800", "🚢" * 3000, "'); DROP TABLE seen; --"])
def test_odd_texts(store: SqlStore, odd: str) -> None:
    statement = replace(
        STATEMENT, speaker=odd, names=(odd,), values=(Value(odd, "", 1, 2, "", odd),)
    )
    one = replace(sighting("c", "a", thread=odd, statement=statement), text=odd, printed=odd)
    spoken = replace(one.passages[0], text=odd)
    record(store, FRIDAY, replace(one, claim=odd, passages=(spoken,)))
    (back,) = store.known(SATURDAY, since=MONTH)
    assert (back.statement, back.passages) == (statement, (spoken,))  # to the letter
    clean = odd.replace("\0", "\\x00").replace("\ud800", "\\ud800")
    assert (back.id, back.thread, back.text, back.printed) == (clean, clean, clean, (FRIDAY,))


ANY = st.text(st.characters(codec=None), max_size=8)
NUMBERS = st.floats(allow_nan=False)
STATEMENTS = st.builds(
    Statement,
    actor=ANY,
    speaker=ANY,
    weapons=st.lists(ANY, max_size=2).map(tuple),
    names=st.lists(ANY, max_size=2).map(tuple),
    stands=st.lists(st.builds(Stand, giver=ANY, rung=...), max_size=2).map(tuple),
    values=st.lists(
        st.builds(Value, text=ANY, low=NUMBERS, high=NUMBERS | st.integers(0, 9)), max_size=2
    ).map(tuple),
    dates=st.lists(st.dates(), max_size=2).map(tuple),
    modality=...,
    confirms=...,
    denies=...,
)


@given(STATEMENTS, ANY, st.integers(0, 2**40))
@settings(max_examples=25, deadline=None)
def test_statement_and_passage_survive(statement: Statement, text: str, number: int) -> None:
    with open_store("sqlite://") as store:
        store.add_all([pair("a")], now=NOW)
        spoken = replace(passage("a"), text=text, start=number, end=number + len(text))
        one = replace(sighting("c", "a", statement=statement), passages=(spoken,))
        record(store, FRIDAY, one)
        (back,) = store.known(SATURDAY, since=MONTH)
    assert (back.statement, back.passages) == (statement, (spoken,))


# -- what the ledger keeps ---------------------------------------------------------------------


def test_articles_of_claims_that_are_still_remembered_keep_their_text(store: SqlStore) -> None:
    record(store, FRIDAY, sighting("c", "b"), sighting("d", "c"))
    record(store, SUNDAY, sighting("d", "d"))
    everything = {key: article_id(key) for key in "abcdef"}
    later = datetime(2024, 11, 24, tzinfo=NOW.tzinfo)

    def left() -> str:
        there = store.articles(everything.values())
        return "".join(key for key, id_ in everything.items() if id_ in there)

    assert store.prune(later, remembered=FRIDAY.day) == 2
    assert left() == "abcd"  # a is cited
    assert store.prune(later) == 1  # of c nothing was heard since Friday
    assert left() == "acd"  # d was told again on Sunday, so its first telling stays too
    assert store.prune(later + timedelta(days=1), remembered=MONTH) == 0
    assert store.prune(later + timedelta(days=1)) == 2
    assert left() == "a"
    assert known(store, Edition("harbour", date(2024, 11, 25))) == ["c", "d"]


def test_what_changes_and_corrections_rest_on_is_cited(store: SqlStore) -> None:
    def claim(key: str) -> Claim:
        return Claim("x", (passage(key),), 1.0, "quoted", "reported")

    made = replace(
        digest(FRIDAY, "S", "a"),
        changes=(Change("UPDATED", claim("b"), claim("c")), Change("NEW", claim("d"))),
        corrections=(Correction(MORNING, "n", claim("e"), "edited", claim("f")),),
    )
    store.record(made, [], skips=[], evidence="{}")
    assert store.prune(NOW + timedelta(days=9)) == 0


# -- how long it takes -------------------------------------------------------------------------


def test_a_month_of_two_hundred_claims_a_day_is_read_and_written_at_once(tmp_path: Path) -> None:
    recorded = []
    with fast_folder(tmp_path) as folder, open_store(f"sqlite:///{folder}/briefing.db") as store:
        for number in range(31):
            day = date(2024, 10, 25) + timedelta(days=number)
            pairs = [pair(f"{number}/{n}", text="A pier was closed. " * 5) for n in range(40)]
            store.add_all(pairs, now=NOW)
            spoken = [article.passages[0] for _, (article,) in pairs]
            seen = [
                replace(
                    sighting(
                        f"{number}.{n}" if n % 3 else f"{number - 1}.{n + 1}",
                        printed="x" if n < 12 else "",
                    ),
                    passages=tuple(spoken[(n + more) % 40] for more in range(3)),
                    statement=replace(STATEMENT, object=f"pier {n}"),
                )
                for n in range(200)
            ]
            started = perf_counter()
            made = digest(Edition("harbour", day), "S")
            store.record(made, [], skips=[], evidence="{}", seen=seen)
            recorded.append(perf_counter() - started)
        started = perf_counter()
        found = store.known(SUNDAY, since=MONTH)
        read = perf_counter() - started
    assert len(found) == 30 * 133 + 67  # a third of a day's claims were told the day before
    assert sum(len(one.passages) for one in found) == 18_000
    assert max(recorded) < 1
    assert read < 2  # 0.5 s on a quiet machine
