"""A run over feeds of which some are made to break it: the others' articles are all there."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from feed_site import HOUR, NOW, House, Site, keeping, quiet, rss, saying, serving
from hostile_documents import FEEDS, PAGES
from test_pipeline import WordModels, adds_up

from briefing import app
from briefing.adapters.confined import Confined
from briefing.adapters.engine import ThreadEngine
from briefing.adapters.files import DigestFiles
from briefing.news import Edition, Story
from briefing.pipeline import Limits, Ports, hearing, intake, run

STORY = Story(
    slug="harbour",
    name="Harbour",
    description="The dock workers of Lunden laid down tools; the port authority answers.",
    terms={"actors": ("dock workers", "port authority")},
    relevance=0.1,
)
HTML = ("Content-Type", "text/html")
HOSTILE = {
    "JSON nested 1,000,000 deep": "malformed json",
    "JSON of 3 million objects": "parser ran out of memory",
    "links": "parser took longer than 3 s",
    "a tag of 1,000,000 attributes": "too much markup",
    "NUL bytes": "binary file",
    "high bytes": "not a feed",
}


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


@pytest.fixture
def house(site: Site, tmp_path: Path) -> Iterator[House]:
    with (
        keeping(site, tmp_path) as made,
        Confined(megabytes=400, seconds=3, rehearsal=app.rehearsal()) as parsers,
    ):
        made.parsers = parsers
        yield made


def test_each_breaks_in_its_own_way_and_the_others_are_read(
    site: Site, house: House, tmp_path: Path
) -> None:
    good = [f"/good{n}" for n in range(3)]
    for path in good:
        site.pages[path] = saying(rss(f"{path[1:]}-a", f"{path[1:]}-b", link=site.url("")))
    # A page that breaks its parser leaves the feed's own words.
    site.pages["/good0-a"] = saying(PAGES["19,000 paragraphs"](), HTML)
    for number, name in enumerate(HOSTILE):
        site.pages[f"/bad{number}"] = saying(FEEDS[name]())
    bad = [f"/bad{n}" for n in range(len(HOSTILE))]
    order = [bad[0], good[0], *bad[1:3], good[1], *bad[3:], good[2]]
    result = run(
        Ports(
            house.web, house.store, WordModels(), DigestFiles(tmp_path / "out"), ThreadEngine(),
            house.parsers,
        ),
        story=STORY, source=[site.feed(path) for path in order], day=NOW.date(),
        now=NOW, window=timedelta(days=3), limits=Limits(style="confined", floor=0.5),
        progress=quiet,
    )  # fmt: skip
    reports = {one.source: one for one in result.digest.accounts.feeds}
    for path, reason in zip(bad, HOSTILE.values(), strict=True):
        assert reports[site.url(path)].outcome == "silent"
        assert reports[site.url(path)].detail.startswith(reason)
    assert [reports[site.url(path)].new for path in good] == [2, 2, 2]
    titles = [one.title for one in house.store.pending(Edition("other", NOW.date()))]
    assert sorted(titles) == [f"good{n}-{letter}" for n in range(3) for letter in "ab"]
    adds_up(result.digest)
    assert (result.folder / "digest.html").is_file()


# -- one entry ---------------------------------------------------------------------------------


def test_a_page_that_breaks_its_parser_and_says_nothing_else_is_a_skip_for_good(
    site: Site, house: House
) -> None:
    item = f"<item><title>One</title><link>{site.url('/one')}</link></item>"
    site.pages["/rss"] = saying(f"<rss><channel>{item}</channel></rss>".encode())
    site.pages["/one"] = saying(PAGES["19,000 paragraphs"](), HTML)
    (skip,) = house.poll(site.feed("/rss")).skips
    assert (skip.stage, skip.subject) == ("extract", "One")
    assert skip.reason == "parser took longer than 3 s"
    assert house.poll(site.feed("/rss"), at=NOW + HOUR).skips == ()
    assert site.count("/one") == 1  # it would break again


def test_an_entry_whose_parser_was_killed_comes_in_with_the_next_poll(
    site: Site, house: House
) -> None:
    item = f"<item><title>One</title><link>{site.url('/one')}</link></item>"
    site.pages["/rss"] = saying(f"<rss><channel>{item}</channel></rss>".encode(), ("ETag", '"one"'))
    site.pages["/one"] = saying(PAGES["19,000 spans in a line"](), HTML)
    assert isinstance(house.parsers, Confined)
    with reaping(house.parsers, times=2, after=lambda: site.count("/one") > 0):
        (skip,) = house.poll(site.feed("/rss")).skips
    assert skip.reason == "parser was killed"
    assert house.store.pending(Edition("x", NOW.date())) == []
    result = house.poll(site.feed("/rss"), at=NOW + HOUR)
    _, asked = [one for one in site.asked if one[0] == "/rss"][-1]
    assert asked["If-None-Match"] is None  # else the feed would not have told it again
    assert (result.new, result.skips) == (1, ())
    assert house.poll(site.feed("/rss"), at=NOW + 2 * HOUR).new == 0


def test_a_parser_killed_once_loses_nothing(site: Site, house: House) -> None:
    site.pages["/rss"] = saying(FEEDS["items inside items"]())
    assert isinstance(house.parsers, Confined)
    with reaping(house.parsers, times=1):
        report = house.one(site.feed("/rss"))
    assert report.outcome == "answered"
    assert report.entries == 1


@contextmanager
def reaping(
    parsers: Confined, *, times: int, after: Callable[[], bool] = lambda: True
) -> Iterator[None]:
    """The next ``times`` readers die by SIGKILL as soon as they are seen: the system is short of
    memory, and takes them."""
    over, killed = threading.Event(), set()

    def reap() -> None:
        while not over.is_set() and len(killed) < times:
            worker = parsers.process
            if not after():
                continue
            with suppress(OSError, ValueError):
                children = Path(f"/proc/{worker}/task/{worker}/children").read_text().split()
                for reader in {int(child) for child in children} - killed:
                    os.kill(reader, signal.SIGKILL)
                    killed.add(reader)

    thread = threading.Thread(target=reap)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(10)
    assert len(killed) == times


# -- many entries ------------------------------------------------------------------------------


def entries(number: int) -> bytes:
    return rss(*(f"pier {n}" for n in range(number)), link="https://news.invalid", guid="g")


def test_what_is_more_than_one_intake_takes_comes_in_with_the_next(
    site: Site, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_ENTRIES", 4)
    site.pages["/rss"] = saying(entries(10), ("ETag", '"one"'))
    found = []
    for hours in range(4):
        report = house.one(site.feed("/rss"), at=NOW + hours * HOUR)
        found.append((report.entries, report.new, report.detail))
    assert found == [
        (10, 4, "6 new ones left for the next time"),
        (10, 4, "2 new ones left for the next time"),
        (10, 2, ""),
        (10, 0, ""),
    ]
    titles = [one.title for one in house.store.pending(Edition("x", NOW.date()))]
    assert sorted(titles) == [f"pier {n}" for n in range(10)]
    validators = [asked["If-None-Match"] for where, asked in site.asked if where == "/rss"]
    assert validators == [None, None, None, '"one"']


def test_the_newest_entries_come_first(
    site: Site, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_ENTRIES", 2)
    items = "".join(
        f"<item><title>day {day}</title><guid>{day}</guid><description>The pier stood still on "
        f"that day.</description><pubDate>{day:02} Nov 2024 10:00:00 GMT</pubDate></item>"
        for day in (3, 20, 7, 19, 1)
    )
    site.pages["/rss"] = saying(f"<rss><channel>{items}</channel></rss>".encode())
    assert house.one(site.feed("/rss")).new == 2
    titles = [one.title for one in house.store.pending(Edition("x", NOW.date()))]
    assert sorted(titles) == ["day 19", "day 20"]


def test_a_feed_of_slow_pages_does_not_hold_up_the_others(
    site: Site, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "PATIENCE", 0.0)
    site.pages["/rss"] = saying(entries(3))
    assert house.one(site.feed("/rss")).new == 1
    assert house.one(site.feed("/rss"), at=NOW + HOUR).detail == "1 new ones left for the next time"


def test_what_a_feed_has_beyond_all_bounds_is_told() -> None:
    heard = hearing.Heard(None, [], 0.0, "https://n.example/", beyond=7)
    assert heard.detail(left=0) == "moved to https://n.example/; 7 too many, not read"
