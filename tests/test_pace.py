"""When a feed is asked: what its headers and its text wish, and that polls keep to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx2
import pytest
from feed_site import DAY, HOUR, MINUTE, NOW, House, Site, keeping, rss, saying, serving, unchanging
from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefing.adapters.web.answers import LONGEST_AGE, fresh_for
from briefing.news import Document, Feed, FeedReport, Skip
from briefing.pipeline import PollResult, pace
from briefing.stages.parse import read_feed
from briefing.stages.render import footer


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


@pytest.fixture
def house(site: Site, tmp_path: Path) -> Iterator[House]:
    with keeping(site, tmp_path) as made:
        yield made


# -- what the headers wish ---------------------------------------------------------------------


def wished(*headers: tuple[str, str]) -> float:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    return fresh_for(httpx2.Response(200, headers=raw), now=NOW)


SENT = ("Date", "Fri, 22 Nov 2024 07:00:00 GMT")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([], 0),
        ([("Cache-Control", "max-age=600")], 600),
        ([("Cache-Control", "public, Max-Age = 600 ,must-revalidate")], 600),
        ([("Cache-Control", 'max-age="600"')], 600),
        ([("Cache-Control", 'private="Set-Cookie, max-age=5", max-age=600')], 600),
        ([("Cache-Control", "max-age=600, max-age=60")], 600),
        ([("Cache-Control", "public"), ("Cache-Control", "max-age=600")], 600),
        ([("Cache-Control", "s-maxage=900")], 0),
        ([("Cache-Control", "s-maxage=900, max-age=60, stale-while-revalidate=5")], 60),
        ([("Cache-Control", "no-cache, max-age=600")], 0),
        ([("Cache-Control", "max-age=600, no-store")], 0),
        ([("Cache-Control", 'no-cache="Set-Cookie", max-age=600')], 600),
        ([("Cache-Control", "max-age=-1")], 0),
        ([("Cache-Control", "max-age=1.5")], 0),
        ([("Cache-Control", "max-age")], 0),
        ([("Cache-Control", 'max-age="600')], 0),
        ([("Cache-Control", f"max-age={'9' * 400}")], LONGEST_AGE),
        ([SENT, ("Expires", "Fri, 22 Nov 2024 08:00:00 GMT")], 3600),
        ([SENT, ("Expires", "Friday, 22-Nov-24 08:00:00 GMT")], 3600),
        ([("Expires", "Fri, 22 Nov 2024 08:00:00 GMT")], 1800),  # since it came
        ([SENT, ("Expires", "Fri, 22 Nov 2024 06:00:00 GMT")], 0),
        ([("Expires", "0")], 0),
        ([SENT, ("Expires", "Fri, 22 Nov 2024 08:00:00 GMT"), ("Age", "600")], 3000),
        (
            [
                SENT,
                ("Expires", "Fri, 22 Nov 2024 08:00:00 GMT"),
                ("Cache-Control", "max-age=60"),
            ],
            60,
        ),
        ([SENT, ("Expires", "Fri, 22 Nov 2024 08:00:00 GMT"), ("Cache-Control", "max-age=x")], 0),
        ([("Cache-Control", "max-age=600"), ("Age", "200")], 400),
        ([("Cache-Control", "max-age=600"), ("Age", "200, 9")], 400),
        ([("Cache-Control", "max-age=600"), ("Age", "soon")], 600),
        ([("Cache-Control", "max-age=600"), ("Age", "9000")], 0),
        # A server whose clock is an hour slow is not asked the sooner for it
        ([("Cache-Control", "max-age=600"), ("Date", "Fri, 22 Nov 2024 06:30:00 GMT")], 600),
    ],
)
def test_headers_say_how_long_an_answer_is_fresh(
    headers: list[tuple[str, str]], seconds: float
) -> None:
    assert wished(*headers) == seconds


LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=80)
PARTS = st.lists(
    st.sampled_from(
        ["max-age", "no-cache", "no-store", "=", '"', "\\", ",", ";", " ", "5", "600", "-", "é"]
    ),
    max_size=14,
).map("".join)


@given(LATIN | PARTS, LATIN | PARTS, LATIN | st.datetimes().map(format_datetime), LATIN)
@example('max-age="' + '\\"' * 30_000, "", "", "")
@example("max-age=" * 20_000, "", "Mon, 1 Jan 9999 00:00:00 -2359", "Mon, 1 Jan 0001 00:00:00")
def test_any_headers_give_a_wait_within_bounds(
    control: str, age: str, expires: str, sent: str
) -> None:
    found = wished(
        ("Cache-Control", control), ("Age", age), ("Expires", expires), ("Date", sent)
    )  # fmt: skip
    assert 0.0 <= found <= LONGEST_AGE


@given(
    st.integers(0, 10**7),
    st.integers(0, 10**7),
    st.sampled_from(["max-age", "MAX-AGE", "Max-Age"]),
    st.booleans(),
    st.lists(st.sampled_from(["public", "private", "must-revalidate", 'x="a, max-age=1"', "y=2"])),
    st.integers(0, 5),
)
def test_max_age_less_age_holds_wherever_it_stands(
    lifetime: int, age: int, name: str, quoted: bool, others: list[str], at: int
) -> None:
    directive = f'{name}="{lifetime}"' if quoted else f"{name}={lifetime}"
    said = ", ".join([*others[:at], directive, *others[at:]])
    assert wished(("Cache-Control", said), ("Age", str(age))) == max(lifetime - age, 0)


# -- what the feed's own text wishes -----------------------------------------------------------


def own(channel: str) -> float:
    reading = read_feed(Document("https://news.example/rss", rss("Monday", channel=channel)), FEED)
    assert not isinstance(reading, Skip)
    assert [entry.title for entry in reading.entries] == ["Monday"]
    return reading.wish


FEED = Feed("https://news.example/rss", "Harbour", "Harbour News")


@pytest.mark.parametrize(
    ("channel", "seconds"),
    [
        ("", 0),
        ("<ttl>60</ttl>", 3600),
        ("<ttl>\n 5 </ttl>", 300),
        ("<ttl>0</ttl>", 0),
        ("<ttl>-5</ttl>", 0),
        ("<ttl>an hour</ttl>", 0),
        ("<ttl/>", 0),
        ("<ttl a='b'><b>9</b></ttl>", 0),
        ("<sy:updatePeriod> hourly </sy:updatePeriod>", 3600),
        ("<sy:updatePeriod>Daily</sy:updatePeriod>", 86_400),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            21_600,
        ),
        ("<sy:updateFrequency>2</sy:updateFrequency>", 43_200),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            3600,
        ),
        ("<sy:updatePeriod>often</sy:updatePeriod>", 0),
        ("<ttl>15</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        ("<ttl>90</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 5400),
    ],
)
def test_a_feed_says_how_long_it_wants_to_be_left_alone(channel: str, seconds: float) -> None:
    assert own(channel) == seconds


def test_the_wish_of_an_item_is_not_the_feeds() -> None:
    body = rss("Monday").replace(b"</item>", b"<ttl>60</ttl></item>")
    reading = read_feed(Document(FEED.url, body), FEED)
    assert not isinstance(reading, Skip)
    assert reading.wish == 0


@given(
    st.text(st.characters(blacklist_characters="<&", min_codepoint=32, max_codepoint=900)),
    st.sampled_from(["hourly", "daily", "yearly", "", "x"]),
    st.text("0123456789.- e", max_size=400),
)
def test_any_wish_of_a_feed_is_a_number_of_seconds(ttl: str, period: str, often: str) -> None:
    channel = f"<ttl>{ttl}</ttl><sy:updatePeriod>{period}</sy:updatePeriod>"
    assert 0 <= own(f"{channel}<sy:updateFrequency>{often}</sy:updateFrequency>") < 1e11


# -- a feed that is fresh waits ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("control", "ttl", "hours"),
    [("max-age=3600", 0, 1), ("max-age=600", 60, 1), ("no-cache", 60, 1), ("max-age=7200", 60, 2)],
)
def test_the_longer_wish_of_server_and_feed_holds(
    site: Site, house: House, control: str, ttl: int, hours: int
) -> None:
    body = rss("Monday", channel=f"<ttl>{ttl}</ttl>")
    site.pages["/rss"] = saying(body, ("Cache-Control", control))
    feed = site.feed("/rss")
    assert house.one(feed).outcome == "answered"
    waiting = house.one(feed, at=NOW + hours * HOUR - timedelta(seconds=1))
    assert waiting.outcome == "waiting"
    assert waiting.detail == f"fresh until {NOW + hours * HOUR:%H:%M} UTC"
    assert site.count("/rss") == 1
    assert house.one(feed, at=NOW + hours * HOUR).outcome == "answered"
    assert site.count("/rss") == 2


def test_no_wish_silences_a_feed_for_more_than_a_day(site: Site, house: House) -> None:
    site.pages["/rss"] = saying(rss("Monday"), ("Cache-Control", "max-age=31536000"))
    feed = site.feed("/rss")
    house.poll(feed)
    assert house.one(feed, at=NOW + DAY - MINUTE).outcome == "waiting"
    assert house.one(feed, at=NOW + DAY).outcome == "answered"


def test_the_freshness_of_304_is_not_lost(site: Site, house: House) -> None:
    later = (("Cache-Control", "max-age=3600"), ("Age", "600"))
    site.pages["/rss"] = unchanging(rss("Monday"), later=later)
    feed = site.feed("/rss")
    assert house.one(feed).outcome == "answered"
    assert house.one(feed, at=NOW + MINUTE).outcome == "unchanged"
    assert house.one(feed, at=NOW + 50 * MINUTE).detail == "fresh until 08:21 UTC"
    assert house.one(feed, at=NOW + 51 * MINUTE).outcome == "unchanged"


def test_304_without_a_word_leaves_the_feeds_own_wish_as_it_was(site: Site, house: House) -> None:
    site.pages["/rss"] = unchanging(rss("Monday", channel="<ttl>60</ttl>"), later=())
    feed = site.feed("/rss")
    outcomes = [house.one(feed, at=NOW + n * 30 * MINUTE).outcome for n in range(7)]
    assert outcomes[0] == "answered"
    assert outcomes[1:] == ["waiting", "unchanged"] * 3


def test_the_back_off_of_a_failing_feed_is_never_taken_for_its_wish(
    site: Site, house: House
) -> None:
    page = unchanging(rss("Monday"), later=())
    feed = site.feed("/rss")
    outcomes = []
    for turn, answer in enumerate([page, saying(b"", status=500), page, page]):
        site.pages["/rss"] = answer
        outcomes.append(house.one(feed, at=NOW + turn * 5 * MINUTE).outcome)
    assert outcomes == ["answered", "silent", "unchanged", "unchanged"]


def test_a_feed_asked_less_than_the_pace_ago_is_passed_over_without_a_word(
    site: Site, house: House
) -> None:
    site.pages |= {"/rss": saying(rss("Monday")), "/dark": saying(b"", status=500)}
    feeds = [site.feed("/rss"), site.feed("/dark")]
    assert len(house.poll(*feeds, pace=HOUR).reports) == 2
    again = house.poll(*feeds, at=NOW + 59 * MINUTE, pace=HOUR)
    assert again == PollResult((), (), 0)
    assert len(house.poll(*feeds, at=NOW + HOUR, pace=HOUR).reports) == 2
    assert site.count("/rss") == site.count("/dark") == 2


@pytest.mark.parametrize("fault", [False, True], ids=["fresh", "failing"])
def test_a_clock_that_is_set_back_silences_no_feed(site: Site, house: House, fault: bool) -> None:
    page = saying(rss("Monday"), ("Cache-Control", "max-age=86400"), status=500 if fault else 200)
    site.pages["/rss"] = page
    feed = site.feed("/rss")
    house.poll(feed, at=NOW + 2000 * DAY)
    house.poll(feed, pace=HOUR)
    assert site.count("/rss") == 2
    house.poll(feed, at=NOW + MINUTE, pace=HOUR)
    assert site.count("/rss") == 2


# -- minute by minute --------------------------------------------------------------------------


def test_a_poll_each_minute_asks_each_feed_as_often_as_it_wishes(site: Site, house: House) -> None:
    ttl = rss("Monday", channel="<ttl>120</ttl>")
    site.pages = {
        "/headers": unchanging(rss("Friday"), later=(("Cache-Control", "max-age=5400"),)),
        "/ttl": unchanging(ttl, ("Cache-Control", "max-age=60"), later=()),
        "/none": saying(rss("Sunday")),
        "/long": saying(rss("Today"), ("Cache-Control", "max-age=99999999")),
    }
    feeds = [site.feed(path) for path in site.pages]
    asked: dict[str, list[int]] = {path: [] for path in site.pages}
    new = 0
    for minute in range(30 * 60):
        new += house.poll(*feeds, at=NOW + minute * MINUTE, pace=30 * MINUTE).new
        for path, _ in site.asked:
            asked[path].append(minute)
        site.asked.clear()
    # Its first answer had no wish, so "headers" was asked again after the pace
    assert asked["/headers"] == [0, *range(30, 1800, 90)]
    assert asked["/ttl"] == [*range(0, 1800, 120)]
    assert asked["/none"] == [*range(0, 1800, 30)]
    assert asked["/long"] == [0, 1440]
    assert new == 4


@dataclass(frozen=True)
class Remembered:
    """What the store keeps of a feed."""

    errors: int = 0
    not_before: datetime | None = None
    last_answered: datetime | None = None
    last_failed: datetime | None = None
    wish: float = 0.0
    etag: str = ""
    last_modified: str = ""


ANSWERS = st.lists(
    st.tuples(
        st.floats(0, 200_000),  # wish of the headers
        st.floats(0, 200_000) | st.none(),  # of the text; None: unchanged
    ),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=25)
@given(ANSWERS, st.integers(0, 300))
def test_in_a_week_of_minutes_no_wish_is_cut_short_and_none_outstayed(
    answers: list[tuple[float, float | None]], minutes: int
) -> None:
    week = 7 * 24 * 60
    leave = minutes * MINUTE
    state = Remembered()
    gap = timedelta(0)
    heard = 0
    for minute in range(week):
        now = NOW + minute * MINUTE
        if pace.turn(state, now=now, pace=leave) != "due":
            continue
        if state.last_answered is not None:
            wait = max(leave, gap, MINUTE)
            assert wait <= now - state.last_answered < wait + MINUTE
        said, text = answers[heard % len(answers)]
        kept = pace.fresh_for(state, said=said, own=text)
        longer = max(said, gap.total_seconds() if text is None else text)
        assert kept == pytest.approx(min(longer, 86_400), abs=1e-5)
        gap = timedelta(seconds=kept)
        until = now + gap if gap else None
        state = Remembered(not_before=until, last_answered=now, wish=kept)
        heard += 1
    assert heard >= 7  # none waited for more than a day


# -- the footer --------------------------------------------------------------------------------


def told(*reports: FeedReport) -> str:
    return footer._feeds(reports)


def one(outcome: str, detail: str = "") -> FeedReport:
    return FeedReport("https://news.example/rss", "A Wire", outcome, detail=detail)


@pytest.mark.parametrize(
    ("waiting", "words"),
    [
        ([], ""),
        (["fresh until 08:30 UTC"] * 2, "; 2 not asked yet, still fresh"),
        (
            ["not before 2024-11-22 08:30 UTC"],
            "; 1 not asked yet, waiting after earlier failures",
        ),
        (
            ["fresh until 08:30 UTC", "fresh until 09:00 UTC", ""],
            "; 3 not asked yet = 2 still fresh + 1 waiting after earlier failures",
        ),
    ],
)
def test_the_footer_says_why_feeds_were_not_asked(waiting: list[str], words: str) -> None:
    asked = [one("answered", "moved to https://new.example/rss"), one("silent", "gone")]
    said = told(*asked, *(one("waiting", detail) for detail in waiting))
    assert said == "2 asked = 1 answered + 1 silent (A Wire: gone)" + words
