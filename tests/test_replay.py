"""Editions of the past: nothing later is seen, and the same input gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_pipeline import DAY, STORY, WordModels, quiet

from briefing.adapters.confined import InPlace
from briefing.adapters.engine import ThreadEngine
from briefing.adapters.files import DigestFiles
from briefing.adapters.folder import ArticleFolder
from briefing.adapters.store import SqlStore, open_store, same_database
from briefing.app import moments
from briefing.app.replaying import plan
from briefing.errors import BriefingError
from briefing.news import Article, Document, Edition, Entry, Feed, NotModified, Schedule, Story
from briefing.pipeline import Limits, Ports, RunResult, run
from briefing.pipeline.hindsight import at_latest, later_days
from briefing.stages.extract import extract
from briefing.stages.render import dates

NOON = datetime(2024, 11, 22, 12, tzinfo=UTC)
LONG_AFTER = datetime(2025, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = Feed("https://news.example/rss", "Example", "Example News")
TEXTS = (
    "Ukraine fired six ATACMS missiles at a depot in Russia, Moscow said.",
    "Berlin again refused to send Taurus missiles to Ukraine.",
    "Russia said that its air defence shot down four missiles near Bryansk.",
    "Ukraine asked its allies for more missiles against targets in Russia.",
    "The home side won the cup final after extra time.",
)


class NoWeb:
    """A web that must not be asked."""

    def fetch(
        self, url: str, *, etag: str = "", last_modified: str = "", page: bool = False
    ) -> Document | NotModified:
        pytest.fail(f"an edition of the past asked {url}")


def made(
    where: Path,
    source: ArticleFolder | Sequence[Feed] = (FEED,),
    *,
    as_of: datetime | None = NOON,
    day: date = DAY,
    now: datetime = LONG_AFTER,
    story: Story = STORY,
) -> RunResult:
    """One edition as of a moment; store and editions live in ``where``."""
    with open_store(f"sqlite:///{where / 'briefing.db'}") as store:
        files = DigestFiles(where / "out")
        ports = Ports(NoWeb(), store, WordModels(), files, ThreadEngine(), InPlace())
        return run(
            ports, story=story, source=source, day=day, now=now, window=timedelta(days=3),
            limits=Limits(style="confined", floor=0.5), progress=quiet, as_of=as_of,
        )  # fmt: skip


def bytes_of(result: RunResult) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(result.folder.iterdir())}


def entry(number: int, text: str, published: datetime | None) -> Entry:
    return Entry(
        f"k{number}", FEED.url, f"https://news.example/{number}", f"Report {number}", published,
        text, "text", "Example News",
    )  # fmt: skip


def held(where: Path, *rows: tuple[Entry, datetime]) -> None:
    """Put the articles of entries into the store, each added at its own moment."""
    with open_store(f"sqlite:///{where / 'briefing.db'}") as store:
        for one, added in rows:
            store.add(one, articles_of(one), now=added)


def articles_of(one: Entry) -> list[Article]:
    found = extract(one, None, as_of=DAY)
    assert isinstance(found, list)
    return found


# -- what is seen ------------------------------------------------------------------------------


def test_what_was_added_or_published_later_is_not_seen(tmp_path: Path) -> None:
    held(
        tmp_path,
        (entry(1, TEXTS[0], NOON - 5 * HOUR), NOON - HOUR),
        (entry(2, TEXTS[1], NOON - 5 * HOUR), NOON),  # comes in at that very moment
        (entry(3, TEXTS[2], NOON + HOUR), NOON - HOUR),  # a feed that dates ahead
        (entry(4, TEXTS[3], None), NOON - HOUR),  # undated, and there
        (entry(5, TEXTS[3], None), NOON + HOUR),  # undated, and not yet there
    )
    digest = made(tmp_path).digest
    assert {source.title for source in digest.sources} == {"Report 1", "Report 4"}
    assert digest.accounts.articles_in == 3
    assert digest.accounts.feeds == ()
    assert dict(digest.accounts.left_out) == {"later than the edition": 1}
    assert (digest.made, digest.seconds, digest.as_of) == (NOON, 0.0, True)
    assert digest.newest == NOON - 5 * HOUR


def test_it_says_as_of_when_and_not_when_it_was_made(tmp_path: Path) -> None:
    held(tmp_path, (entry(1, TEXTS[0], NOON - 5 * HOUR), NOON - HOUR))
    texts = bytes_of(made(tmp_path))
    for name in ("digest.md", "digest.txt", "digest.html"):
        text = " ".join(texts[name].decode().split())
        assert "as of 22 November 2024, 12:00 UTC, seeing nothing later" in text
        assert "2025" not in text
    midnight = datetime(2024, 11, 23, tzinfo=UTC)
    assert dates.closing(midnight) == "the end of 22 November 2024, UTC"


def test_what_a_later_edition_used_was_still_to_be_used(tmp_path: Path) -> None:
    held(tmp_path, (entry(1, TEXTS[0], NOON - 5 * HOUR), NOON - HOUR))
    first = bytes_of(made(tmp_path))
    (tmp_path / "other").mkdir()
    held(tmp_path / "other", (entry(1, TEXTS[0], NOON - 5 * HOUR), NOON - HOUR))
    after = made(tmp_path / "other", as_of=NOON + 24 * HOUR, day=DAY + timedelta(days=1))
    assert len(after.digest.sources) == 1
    assert bytes_of(made(tmp_path / "other")) == first


HOURS = st.integers(-30, 30).map(lambda n: NOON + n * HOUR)
ROWS = st.lists(st.tuples(st.sampled_from(TEXTS), st.none() | HOURS, HOURS), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_it_is_the_edition_of_a_store_that_holds_nothing_later(
    rows: list[tuple[str, datetime | None, datetime]],
) -> None:
    entries = [(entry(n, text, day), added) for n, (text, day, added) in enumerate(rows)]
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        held(Path(one), *entries)
        held(Path(other), *((e, added) for e, added in entries if added < NOON))
        now_known, known_then = made(Path(one)), made(Path(other), now=NOON)
        assert bytes_of(now_known) == bytes_of(known_then)
        ids = {source.article for source in now_known.digest.sources}
        seen = {a.id for e, added in entries if added < NOON for a in articles_of(e)}
        assert ids <= seen
        for source in now_known.digest.sources:
            assert source.published is None or source.published < NOON


# -- a folder ------------------------------------------------------------------------------------


def folder(where: Path, **files: str) -> ArticleFolder:
    place = where / "articles"
    place.mkdir(exist_ok=True)
    for name, text in files.items():
        (place / name.replace("_", ".")).write_text(text, "utf-8")
    return ArticleFolder(place)


def page(day: str, text: str) -> str:
    return (
        f'<html><head><title>A page</title><meta property="article:published_time" '
        f'content="{day}"></head><body><article><p>{text}</p></article></body></html>'
    )


END = datetime(2024, 11, 23, tzinfo=UTC)


def later(result: RunResult) -> set[str]:
    return {skip.subject for skip in result.skips if skip.reason == "later than the edition"}


def test_of_a_folder_what_is_dated_later_waits_whatever_kind_of_file_it_is(tmp_path: Path) -> None:
    source = folder(
        tmp_path,
        a_txt=f"Missiles on Friday\n\n{TEXTS[0]} It was on 22 November 2024.",
        b_html=page("2024-11-25T08:00:00Z", TEXTS[1]),
        c_json=json.dumps({"title": "From a feed", "date": "2024-11-24", "text": TEXTS[2]}),
        d_txt=f"Missiles on Sunday\n\n{TEXTS[3]} It was told on 24 November 2024.",
        e_txt=f"A treaty\n\n{TEXTS[3]} The treaty expires on 5 February 2026.",
    )
    result = made(tmp_path, source, as_of=END)
    assert {s.title for s in result.digest.sources} == {"Missiles on Friday", "A treaty"}
    assert later(result) == {"A page", "From a feed", "Missiles on Sunday"}
    after = made(tmp_path, source, as_of=END + 72 * HOUR, day=DAY + timedelta(days=3))
    # What the edition before used is cited only for where things stood.
    told = {passage.article for brief in after.digest.briefs for passage in brief.headline.passages}
    assert {s.title for s in after.digest.sources if s.article in told} == {
        "A page", "From a feed", "Missiles on Sunday",
    }  # fmt: skip


def test_a_date_without_a_time_is_there_when_its_day_is_over(tmp_path: Path) -> None:
    source = folder(
        tmp_path,
        a_json=json.dumps({"title": "A day", "date": "2024-11-22", "text": TEXTS[0]}),
        b_json=json.dumps({"title": "A time", "date": "2024-11-22T09:00:00Z", "text": TEXTS[1]}),
    )
    assert later(made(tmp_path, source, as_of=NOON)) == {"A day"}
    assert later(made(tmp_path, source, as_of=END)) == set()
    kyiv = Story("k", "K", "K", {}, timezone="Europe/Kyiv")
    (article,) = articles_of(entry(1, TEXTS[0], datetime(2024, 11, 22, tzinfo=UTC)))
    assert at_latest(article, story=kyiv) == article.published  # a feed's: it was in the store


def test_a_folder_of_later_days_changes_nothing_but_what_waits(tmp_path: Path) -> None:
    text = f"Missiles on Friday\n\n{TEXTS[0]} It was on 22 November 2024."
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    alone = made(tmp_path / "one", folder(tmp_path / "one", a_txt=text), as_of=END)
    source = folder(
        tmp_path / "two",
        a_txt=text,
        b_html=page("2024-11-25", TEXTS[1]),
        c_html=page("2031-01-01", TEXTS[2]),
    )
    beside = made(tmp_path / "two", source, as_of=END)
    assert beside.digest.briefs == alone.digest.briefs
    assert beside.digest.boards == alone.digest.boards
    assert beside.digest.sources == alone.digest.sources
    assert dict(beside.digest.accounts.left_out) == {"later than the edition": 2}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Two men were hurt on 24 November 2024.", [date(2024, 11, 24)]),
        ("The treaty expires on 5 February 2026, and nobody wants another.", []),
        ("The vote is planned for 5 December 2024, the minister said.", []),
        ("On 24 November the gate was shut.", []),
        ("It was on 20 November 2024.", []),
    ],
)
def test_a_text_is_later_when_it_tells_of_a_later_day(text: str, days: list[date]) -> None:
    assert later_days(text, as_of=DAY) == days


# -- moments and spans ---------------------------------------------------------------------------

NEW_YORK = Story("n", "N", "N", {}, timezone="America/New_York")
AT_HALF_PAST_SIX = Schedule((time(6, 30),), days=(0, 1, 2, 3, 4))
MORNING = Story("m", "M", "M", {}, timezone="Europe/Kyiv", schedule=AT_HALF_PAST_SIX)


def test_a_date_is_the_end_of_the_local_day_and_a_time_is_the_storys_own() -> None:
    def at(as_of: date) -> datetime:
        return moments.moment(as_of, NEW_YORK, now=LONG_AFTER)

    assert at(DAY) == datetime(2024, 11, 23, 5, tzinfo=UTC)
    assert at(datetime.fromisoformat("2024-11-22T20:00")) == datetime(2024, 11, 23, 1, tzinfo=UTC)
    assert at(NOON) == NOON
    late = datetime(2024, 11, 23, 1, tzinfo=UTC)
    assert moments.day_of(late, NEW_YORK) == moments.day_of(DAY, NEW_YORK) == DAY


def test_the_future_and_an_edition_that_had_not_begun_are_refused() -> None:
    with pytest.raises(BriefingError, match="still to come"):
        moments.moment(DAY, NEW_YORK, now=NOON)
    with pytest.raises(BriefingError, match="had not begun"):
        moments.begun(DAY + timedelta(days=1), NOON, NEW_YORK)
    moments.begun(DAY, NOON, NEW_YORK)


def test_a_span_has_the_editions_of_the_schedule_at_their_hours() -> None:
    friday, monday = date(2024, 11, 22), date(2024, 11, 25)
    feeds = plan(MORNING, friday, monday, feeds=True)
    assert feeds == (
        (Edition("m", friday), datetime(2024, 11, 22, 4, 30, tzinfo=UTC)),
        (Edition("m", monday), datetime(2024, 11, 25, 4, 30, tzinfo=UTC)),
    )
    ends = [moment for _, moment in plan(MORNING, friday, monday, feeds=False)]
    assert ends == [
        datetime(2024, 11, 22, 22, tzinfo=UTC), datetime(2024, 11, 25, 22, tzinfo=UTC),
    ]  # fmt: skip
    assert len(plan(NEW_YORK, friday, monday, feeds=True)) == 4
    with pytest.raises(BriefingError, match="no edition"):
        plan(MORNING, date(2024, 11, 23), date(2024, 11, 24), feeds=True)


# -- a store of its own --------------------------------------------------------------------------


def test_what_a_store_held_is_taken_over_to_the_letter(tmp_path: Path) -> None:
    held(
        tmp_path,
        (entry(1, TEXTS[0], NOON - 5 * HOUR), NOON - HOUR),
        (entry(2, TEXTS[1], None), NOON + HOUR),
    )
    with (
        open_store(f"sqlite:///{tmp_path / 'briefing.db'}") as old,
        open_store(f"sqlite:///{tmp_path / 'new.db'}") as own,
    ):
        before = (tmp_path / "briefing.db").read_bytes()
        own.past.take_over(old.past.holdings(before=NOON + 2 * HOUR))
        own.past.take_over(old.past.holdings(before=NOON + 2 * HOUR))  # once more changes nothing
        assert _pending(own, NOON) == _pending(old, NOON)
        assert _pending(own, NOON + 2 * HOUR) == _pending(old, NOON + 2 * HOUR)
        assert len(_pending(own, NOON + 2 * HOUR)) == 2
        assert (tmp_path / "briefing.db").read_bytes() == before
        assert own.unseen([entry(1, TEXTS[0], None)]) == []


def _pending(store: SqlStore, as_of: datetime) -> list[Article]:
    return store.pending(Edition(STORY.slug, DAY), as_of=as_of)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("sqlite:///a/b.db", "sqlite:///a/../a/b.db", True),
        ("sqlite:///b.db", "sqlite:///c.db", False),
        ("postgresql://me@host/news", "postgresql+psycopg://you:pw@host/news", True),
        ("postgresql://me@host/news", "postgresql://me@host/olds", False),
        ("sqlite:///news", "postgresql://host/news", False),
        ("no address", "no address", True),
    ],
)
def test_one_database_under_two_addresses_is_known(one: str, other: str, same: bool) -> None:
    assert same_database(one, other) is same
