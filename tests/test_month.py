"""A month of the service in half a minute: real feeds that fail, move and repeat themselves, a real
mail server with its moods, a real store, and the clock of the calendar turned by hand.

Editions and polls are made in processes of their own, as in the service; so what this process
holds at the end of each day is what the service itself would hold.
"""

from __future__ import annotations

import gc
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from month_news import AT, DAY, DAYS, FIRST, HOUR, SUBSCRIBED, ZONE, Month, day_number
from service_desk import MINUTE, OPERATOR, STORY, Apart, Clock, Desk, desk, story_file
from store_cases import fast_folder
from test_pipeline import NONSENSE, WordModels

from briefing.news import Digest, Edition
from briefing.stages.compose import cited

Record = Callable[[str, object], None]

HERE = ZoneInfo(ZONE)
PACE = timedelta(hours=8)
DEADLINE = 1.0  # seconds for a fetch; a loaded machine still answers the quick feeds in time
SETTLED = 5  # days after which the memory of a process has found its size
TURN = timedelta(minutes=10)
STORIES = {STORY: story_file(AT, zone=ZONE)}
KEPT_DAYS = 8  # the one that is not over included
SERVE = {"serve": f"keep_days = {KEPT_DAYS - 1}\npoll_minutes = {PACE // MINUTE}"}

READERS = ("ann@example.net", "bob@example.org", "grey.li@example.net", "grey.mo@example.com")
JOINS, LEAVES, GONE = "late@example.net", "tired@example.net", "gone@example.net"
JOINED, LEFT = 10, 20  # days
FULL = 12  # the day on which the mail server has no room until noon


def midnight(day: int) -> datetime:
    return datetime.combine(FIRST + day * DAY, time(), HERE).astimezone(UTC)


def due(day: int) -> datetime:
    return datetime.combine(FIRST + day * DAY, time.fromisoformat(AT), HERE).astimezone(UTC)


def hours(day: int) -> list[datetime]:
    """The turns of one local day: many around the edition, and few before and after it."""
    moments = {midnight(day) + n * HOUR for n in (1, 12, 18, 24, 25)}
    moments |= {due(day) + n * TURN for n in range(-1, 5)}
    if day == FULL:
        moments |= {midnight(day) + n * HOUR for n in range(8, 18)}
    return sorted(one for one in moments if one <= midnight(day + 1))


# -- the mail server's moods -------------------------------------------------------------------


@dataclass
class Moods:
    """Grey-lists some readers, has no room for a morning, and does not know one of them."""

    clock: Clock
    known: set[tuple[int, str]] = field(default_factory=set)

    def to_recipient(self, address: str) -> str:
        day = day_number(self.clock())
        if address == GONE:
            return "550 5.1.1 no such user"
        if address.startswith("grey") and (day, address) not in self.known:
            self.known.add((day, address))
            return "451 4.7.1 grey-listed, come back in five minutes"
        return ""

    def to_content(self, address: str) -> str:
        local = self.clock().astimezone(HERE)
        full = local.date() == FIRST + FULL * DAY and local.hour < 12
        return "452 4.3.1 no room just now" if full else ""


# -- what a day leaves behind ------------------------------------------------------------------


@dataclass(frozen=True)
class Evening:
    """This process and the store at the end of a day."""

    resident: int  # bytes
    files: int
    threads: int
    store: int  # bytes


def evening(desk: Desk) -> Evening:
    for _ in range(200):  # threads of the web server that have just answered end at once
        if not any("process_request" in one.name for one in threading.enumerate()):
            break
        sleep(0.01)
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    assert desk.store.file
    return Evening(
        pages * os.sysconf("SC_PAGE_SIZE"),
        len(os.listdir("/proc/self/fd")),
        threading.active_count(),
        desk.store.file.stat().st_size,
    )


def slope(values: list[int]) -> float:
    """What is added each day: the median over all pairs, which no single day moves (Sen 1968)."""
    pairs = combinations(enumerate(values), 2)
    return median((b - a) / (j - i) for (i, a), (j, b) in pairs)


# -- the month ---------------------------------------------------------------------------------


@dataclass
class Lived:
    """The month when it is over."""

    desk: Desk
    news: Month
    evenings: list[Evening]
    seconds: float

    def digests(self) -> list[Digest]:
        found = [self.desk.store.edition(edition) for edition in self.desk.out()]
        return [one.digest for one in found if one]

    def rows(self, query: str) -> list[Any]:
        assert self.desk.store.file
        with closing(sqlite3.connect(self.desk.store.file)) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    with (
        fast_folder(tmp_path_factory.mktemp("month")) as folder,
        closing(Apart(folder, deadline=DEADLINE)) as apart,
        desk(
            folder, stories=STORIES, feeds=SUBSCRIBED, more=SERVE, clock=Clock(midnight(0)),
            runner=lambda config, app, clock: apart.at(clock),
        ) as made,
    ):  # fmt: skip
        yield lived(made)


def lived(made: Desk) -> Lived:
    clock, news, moods = made.clock, Month(made.site, made.clock), Moods(made.clock)
    made.post.refuses, made.post.on_content = moods.to_recipient, moods.to_content
    made.subscribe(*READERS, LEAVES, GONE)
    evenings, started = [], perf_counter()
    for day in range(DAYS):
        if day == JOINED:
            made.subscribe(JOINS)
        if day == LEFT:
            reader = made.store.readers.find(LEAVES, STORY)
            assert reader
            made.store.readers.set_standing(reader.id, "left", now=clock())
        for clock.now in hours(day):
            made.turn()
        made.service.tidy()
        made.site.asked.clear()
        evenings.append(evening(made))
    return Lived(made, news, evenings, perf_counter() - started)


def test_every_day_has_its_edition_at_its_hour_and_none_is_dark(
    month: Lived, record_testsuite_property: Record
) -> None:
    record_testsuite_property("seconds for a month", round(month.seconds, 1))
    assert month.desk.out() == [Edition(STORY, FIRST + n * DAY) for n in range(DAYS)]
    summaries = reversed(month.desk.store.editions(DAYS))
    for day, (one, digest) in enumerate(zip(summaries, month.digests(), strict=True)):
        assert one.published
        assert timedelta(0) <= one.published - due(day) < TURN
        assert digest.briefs
        assert not digest.notes
    # The night of the 26th has 25 hours
    assert due(21) - due(20) == DAY
    assert due(20) - due(19) == DAY + HOUR
    assert [edition for _, edition in month.desk.kitchen.made] == month.desk.out()


def test_no_entry_is_used_twice_as_new_and_none_is_lost(month: Lived) -> None:
    # Every entry that a feed told was taken in once, whatever it was called the next day
    seen = dict(month.rows("SELECT link, outcome FROM seen"))
    assert len(month.rows("SELECT link FROM seen")) == len(seen) > 200
    paths = {urlsplit(link).path for link in seen}
    assert set(month.news.served) <= paths
    # A feed that broke off told some of its entries, and one of them not to its end
    broken = {urlsplit(link).path for link, outcome in seen.items() if outcome != "articles"}
    assert len(broken) <= 2
    assert all(path.startswith("/herald/") for path in broken | (paths - set(month.news.served)))
    # Every article went into one edition, or waits for the next
    ((articles, consumed),) = month.rows(
        "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM consumed)"
    )
    waiting = month.desk.store.pending(Edition(STORY, FIRST + DAYS * DAY))
    assert articles == consumed + len(waiting) == len(seen) - len(broken)
    assert sum(digest.accounts.articles_in for digest in month.digests()) >= consumed
    # And no development of one is told of another's
    printed = Counter(article for digest in month.digests() for article in told(digest))
    assert set(printed.values()) == {1}


def told(digest: Digest) -> set[str]:
    """The articles that an edition's developments cite."""
    claims = (claim for brief in digest.briefs for claim in brief.claims)
    return {passage.article for claim in claims for passage in claim.passages}


def test_every_line_of_the_month_is_proven_when_it_is_over(month: Lived) -> None:
    for edition in month.desk.out():
        assert month.desk.findings(edition) == []
    accounts = [digest.accounts for digest in month.digests()]
    assert sum(one.printed_written for one in accounts) > DAYS / 2
    assert sum(one.printed_quoted for one in accounts) > DAYS


def test_every_reader_got_each_edition_once(
    month: Lived, record_testsuite_property: Record
) -> None:
    taken = month.desk.post.taken
    record_testsuite_property("mails", len(taken))
    wanted = Counter({reader: DAYS for reader in READERS})
    wanted |= Counter({JOINS: DAYS - JOINED, LEAVES: LEFT})
    to_readers = [one for one in taken if one.recipient != OPERATOR]
    assert Counter(one.recipient for one in to_readers) == wanted
    assert len({one.id for one in to_readers}) == len(to_readers)
    assert len({(one.recipient, one.subject) for one in to_readers}) == len(to_readers)
    # Soon after it was out, but for grey lists and the morning without room
    late = {(one.at - due(day_number(one.at))) for one in to_readers if "grey" not in one.recipient}
    assert sorted(late)[0] < TURN
    assert {one > HOUR for one in late} == {False, True}
    assert max(late) < timedelta(hours=10)
    tally = month.desk.store.outbox.tally()
    assert (tally.queued, tally.sent, tally.dead) == (0, len(taken), 1)


def test_a_reader_who_does_not_exist_was_asked_once(month: Lived) -> None:
    assert sum(address == GONE for _, address in month.desk.post.offered) == 1
    reader = month.desk.store.readers.find(GONE, STORY)
    assert reader
    assert (reader.standing, reader.reason) == ("suspended", "rcpt: 550 5.1.1 no such user")


def test_the_operator_was_told_of_what_was_wrong_and_of_nothing_else(month: Lived) -> None:
    told = [one.subject for one in month.desk.post.to(OPERATOR)]
    assert told == [
        "Alarm: dead letters",
        "Alarm: stuck outbox",
        "Alarm: over: stuck outbox",
    ]


def test_no_feed_was_asked_faster_than_it_wants_or_than_the_pace(month: Lived) -> None:
    asked = month.news.asked
    editions = {at for at, _ in month.desk.kitchen.made}
    assert set(asked) == {*SUBSCRIBED, "/post"}
    for path, moments in asked.items():
        wish = {"/wire.rss": 2 * HOUR, "/radio.rss": 3 * HOUR}.get(path, timedelta(0))
        for before, after in pairwise(moments):
            assert after - before >= wish, (path, after)
            assert after - before >= PACE or after in editions, (path, after)
        assert moments[-1] > midnight(DAYS) - 2 * PACE  # none was given up
    # One that fails is asked less and less, one that names an hour not before
    failing = [at for at in asked["/tribune.rss"] if 5 <= day_number(at) < 10]
    assert 5 < len(failing) < 18
    resting = [b - a for a, b in pairwise(asked["/radio.rss"]) if day_number(a) == 22]
    assert max(resting) >= timedelta(hours=12)
    states = {urlsplit(one.url).path: one for one in month.desk.store.feeds()}
    assert {one.errors for one in states.values()} == {0}
    assert states["/moving.rss"].moved == month.news.site.url("/post")
    errors = {states[path].last_error for path in ("/tribune.rss", "/snail.rss", "/radio.rss")}
    assert errors == {"http 500", "timeout", "http 503"}


def test_the_service_is_as_small_at_the_end_as_after_some_days(
    month: Lived, record_testsuite_property: Record
) -> None:
    later = month.evenings[SETTLED:]
    a_day = slope([one.resident for one in later])
    record_testsuite_property("memory, bytes a day", round(a_day))
    assert a_day < 200_000, [one.resident for one in later]
    assert {one.files for one in later} == {later[0].files}
    assert {one.threads for one in later} == {later[0].threads}


def test_the_store_grows_by_what_is_kept_and_by_no_more(
    month: Lived, record_testsuite_property: Record
) -> None:
    a_day = slope([one.store for one in month.evenings[SETTLED:]])
    record_testsuite_property("store, bytes a day", round(a_day))
    assert month.desk.store.damage() == []
    assert 0 < a_day < 150_000
    # What nobody needs is gone: mails that were sent, texts that no edition cites, old answers
    counts = month.rows(
        "SELECT (SELECT count(*) FROM outbox WHERE content IS NOT NULL),"
        " (SELECT count(*) FROM articles WHERE body IS NOT NULL),"
        " (SELECT count(DISTINCT article) FROM cited), (SELECT count(*) FROM answers)"
    )
    ((mails, texts, cited_ones, answers),) = counts
    assert mails <= KEPT_DAYS * len(READERS) + 8
    # (the ledger keeps those that carry a claim of the last thirty days)
    tomorrow = FIRST + DAYS * DAY
    known = month.desk.store.known(Edition(STORY, tomorrow), since=tomorrow - 30 * DAY)
    remembered = {passage.article for claim in known for passage in claim.passages}
    assert cited_ones <= texts < cited_ones + len(remembered) + KEPT_DAYS * 20
    assert answers < 200


# -- P12 ---------------------------------------------------------------------------------------


def test_a_month_of_nonsense_is_a_month_of_plain_digests(tmp_path: Path) -> None:
    """A writer whose every sentence is refused: the sources' own words stand in for it."""
    models = WordModels(lambda prompt: NONSENSE, heeds=False)
    with (
        fast_folder(tmp_path) as folder,
        desk(
            folder, stories=STORIES, feeds=("/wire.rss", "/gazette.atom"),
            clock=Clock(midnight(0)), models=models, more=SERVE,
        ) as made,
    ):  # fmt: skip
        Month(made.site, made.clock)
        made.service.editions()
        for day in range(DAYS):
            made.clock.now = due(day)
            assert made.service.editions() == 1
        assert made.out() == [Edition(STORY, FIRST + n * DAY) for n in range(DAYS)]
        dropped = 0
        for edition in made.out():
            stored = made.store.edition(edition)
            assert stored
            assert stored.digest.briefs
            assert stored.digest.accounts.printed_written == 0
            dropped += sum(n for _, n in stored.digest.accounts.dropped)
            printed = " ".join(line.claim.text for line in cited(stored.digest))
            assert not any(word in printed for word in ("Purple", "bicycles", "Ankara", "Olaf"))
            assert made.findings(edition) == []
        assert dropped > DAYS
