"""Polls between editions: feeds that move, end or break, and that nothing comes in twice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from feed_site import (
    HOUR,
    MINUTE,
    NOW,
    House,
    Reply,
    Site,
    Untouched,
    keeping,
    rss,
    saying,
    serving,
    unchanging,
)

from briefing.news import Document


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


@pytest.fixture
def house(site: Site, tmp_path: Path) -> Iterator[House]:
    with keeping(site, tmp_path) as made:
        yield made


# -- feeds that move or end --------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 308])
@pytest.mark.parametrize("guid", ["", "tag:news.example,"], ids=["by link", "by guid"])
def test_a_feed_that_moved_for_good_says_where_and_brings_nothing_twice(
    site: Site, house: House, status: int, guid: str
) -> None:
    old, new = site.feed("/old"), site.feed("/new")
    site.pages["/old"] = saying(rss("Monday", "Tuesday", guid=guid))
    assert house.poll(old).new == 2
    site.pages["/old"] = saying(b"", ("Location", "/new"), status=status)
    site.pages["/new"] = saying(rss("Monday", "Tuesday", "Friday", guid=guid))
    moved = house.poll(old, at=NOW + HOUR)
    (report,) = moved.reports
    assert (report.outcome, report.detail) == ("answered", f"moved to {site.url('/new')}")
    assert (report.entries, report.new, moved.new) == (3, 1, 1)
    # The reader follows, and then has both
    followed = house.poll(new, old, at=NOW + 2 * HOUR)
    assert followed.new == 0
    assert [report.new for report in followed.reports] == [0, 0]


def test_a_moved_feed_that_has_not_changed_still_says_where(site: Site, house: House) -> None:
    site.pages = {
        "/old": saying(b"", ("Location", "/new"), status=301),
        "/new": unchanging(rss("Monday"), later=()),
    }
    feed = site.feed("/old")
    reports = [house.one(feed, at=NOW + hours * HOUR) for hours in (0, 1)]
    assert [report.outcome for report in reports] == ["answered", "unchanged"]
    assert {report.detail for report in reports} == {f"moved to {site.url('/new')}"}


@pytest.mark.parametrize(
    ("hops", "moved_to"),
    [
        ((302,), ""),
        ((307,), ""),
        ((301, 308), "/2"),
        ((301, 302), "/1"),  # only so far is for good
        ((302, 301), ""),  # what is there only today may have moved for good
    ],
)
def test_only_permanent_redirects_move_a_feed(
    site: Site, house: House, hops: tuple[int, ...], moved_to: str
) -> None:
    for number, status in enumerate(hops):
        site.pages[f"/{number}"] = saying(b"", ("Location", f"/{number + 1}"), status=status)
    site.pages[f"/{len(hops)}"] = saying(rss("Monday"))
    found = house.web.fetch(site.url("/0"))
    assert isinstance(found, Document)
    assert found.address == site.url(f"/{len(hops)}")
    assert found.moved_to == (site.url(moved_to) if moved_to else "")


def test_a_feed_that_is_gone_is_asked_once_a_day(site: Site, house: House) -> None:
    site.pages = {"/gone": saying(b"Gone.", status=410), "/rss": saying(rss("Monday"))}
    gone, heard = site.feed("/gone"), site.feed("/rss")
    reports = house.poll(gone, heard).reports
    assert [(r.outcome, r.detail) for r in reports] == [("silent", "gone"), ("answered", "")]
    for hour in range(1, 72):
        house.poll(gone, heard, at=NOW + hour * HOUR)
    assert site.count("/gone") == 3
    assert site.count("/rss") == 72
    assert house.store.feed_state(gone.url).last_error == "gone"
    site.pages["/gone"] = saying(rss("Tuesday"))
    assert house.poll(gone, at=NOW + 72 * HOUR).new == 1


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_kept(site: Site, house: House, status: int) -> None:
    headers = (("Retry-After", "7200"), ("Cache-Control", "max-age=60"))
    site.pages["/rss"] = saying(b"busy", *headers, status=status)
    feed = site.feed("/rss")
    assert house.one(feed).detail == f"http {status}"
    waiting = house.one(feed, at=NOW + 2 * HOUR - MINUTE)
    assert (waiting.outcome, waiting.detail) == ("waiting", "not before 2024-11-22 09:30 UTC")
    assert house.one(feed, at=NOW + 2 * HOUR).outcome == "silent"
    assert site.count("/rss") == 2


# -- what is empty or broken -------------------------------------------------------------------

BAD = [("ETag", '"bad"'), ("Cache-Control", "max-age=86400")]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(Reply(b"", tuple(BAD)), id="nothing"),
        pytest.param(Reply(b" \r\n", tuple(BAD)), id="white space"),
        pytest.param(Reply(b"<!doctype html><p>Are you human?</p>", tuple(BAD)), id="page"),
        pytest.param(Reply(b"{", tuple(BAD)), id="half a JSON"),
        pytest.param(Reply(bytes(range(256)) * 9, tuple(BAD)), id="bytes"),
        pytest.param(
            Reply(b"\x1f\x8b\x08\0\0\0\0\0", (*BAD, ("Content-Encoding", "gzip"))), id="cut short"
        ),
        pytest.param(Reply(rss("Monday"), tuple(BAD), status=206), id="a part"),
        pytest.param(Reply(b"", tuple(BAD), status=204), id="no content"),
    ],
)
def test_a_broken_answer_replaces_nothing_and_what_comes_after_it_is_heard(
    site: Site, house: House, broken: Reply
) -> None:
    feed = site.feed("/rss")
    site.pages["/rss"] = saying(rss("Monday"), ("ETag", '"good"'), ("Last-Modified", "then"))
    assert house.poll(feed).new == 1
    site.pages["/rss"] = lambda _: broken
    report = house.one(feed, at=NOW + HOUR)
    assert (report.outcome, report.new) == ("silent", 0)
    assert house.store.feed_state(feed.url).etag == '"good"'
    # The server takes its broken answer's validator for that of the good one: it was never kept
    site.pages["/rss"] = lambda asked: (
        Reply(status=304) if asked["If-None-Match"] == '"bad"' else Reply(rss("Monday", "Friday"))
    )
    heard = house.poll(feed, at=NOW + 2 * HOUR)
    assert (heard.reports[0].outcome, heard.new) == ("answered", 1)
    _, asked = site.asked[-1]
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"good"', "then")


# -- replay, and models ------------------------------------------------------------------------


def test_polling_twice_stores_nothing_new_and_loads_no_model(site: Site, house: House) -> None:
    feed = site.feed("/rss")
    site.pages["/rss"] = saying(rss(*(f"Day{n}" for n in range(40))))
    assert house.poll(feed).new == 40
    house.models = Untouched()
    for hour in range(1, 6):
        again = house.poll(feed, at=NOW + hour * HOUR)
        assert again.new == 0
        assert (again.reports[0].entries, again.reports[0].new) == (40, 0)


def test_entries_that_give_no_article_load_no_model(site: Site, house: House) -> None:
    item = f"<item><title>Photo</title><link>{site.url('/gone')}</link></item>"
    site.pages["/rss"] = saying(f"<rss version='2.0'><channel>{item}</channel></rss>".encode())
    house.models = Untouched()
    result = house.poll(site.feed("/rss"))
    assert result.new == 0
    assert [(skip.stage, skip.reason) for skip in result.skips] == [("fetch", "http 404")]


def test_a_poll_without_news_imports_no_model_library(site: Site, house: House) -> None:
    site.pages["/rss"] = saying(rss("Monday"))
    house.poll(site.feed("/rss"))
    script = f"""
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from briefing import pipeline
from briefing.adapters.confined import InPlace
from briefing.adapters.engine import ThreadEngine
from briefing.adapters.files import DigestFiles
from briefing.adapters.models import LocalModels, ModelSettings
from briefing.adapters.store import open_store
from briefing.adapters.web import GuardedWeb
from briefing.news import Feed
web = GuardedWeb(contact="", allow_private=("127.0.0.0/8",), allow_ports=({site.port},))
with open_store("sqlite:///{house.where / "briefing.db"}") as store:
    ports = pipeline.Ports(
        web, store, LocalModels(ModelSettings()), DigestFiles(Path(".")), ThreadEngine(), InPlace()
    )
    now = datetime(2024, 11, 22, 9, tzinfo=UTC)
    result = pipeline.poll(
        ports, feeds=[Feed("{site.url("/rss")}", "t", "p")], as_of=now.date(), now=now,
        pace=timedelta(0), progress=lambda *_: None,
    )
heavy = {{"torch", "transformers", "trafilatura"}} & set(sys.modules)
print(result.reports[0].outcome, result.new, sorted(heavy))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == ("answered 0 []\n", "")
