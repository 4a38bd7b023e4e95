"""Making the editions of a span of days again, each as of its own moment.

::

    a store of its own  <--  the folder, or what the configured store holds (first texts)
     | for each edition     making.make_edition, as of its moment: nothing later is seen
     | proof.verify         every line, from the articles of that store

The configured store is read at most, and its editions stand where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from briefing import pipeline, proof, timetable
from briefing.adapters.folder import ArticleFolder
from briefing.adapters.store import open_store, same_database
from briefing.app import moments
from briefing.app.making import make_edition
from briefing.app.parts import App, article_source, limits
from briefing.app.parts import open as open_app
from briefing.config import Config
from briefing.errors import BriefingError
from briefing.news import Digest, Edition, Skip, Story
from briefing.pipeline import intake
from briefing.pipeline.remembering import Counting
from briefing.pipeline.run import end_of
from briefing.ports import Progress
from briefing.proof import Finding


@dataclass(frozen=True, slots=True)
class Replayed:
    """One edition, made again."""

    result: pipeline.RunResult
    findings: tuple[Finding, ...]  # what could not be proven

    @property
    def proven(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class Replay:
    """A span that is under way."""

    lost: tuple[Skip, ...]  # files that gave no article
    editions: Iterator[Replayed]  # in order; each is made when it is asked for


@contextmanager
def replay(
    config: Config,
    *,
    story: str | None,
    source: str | None,
    first: date,
    last: date,
    out: Path | None,
    store: str | None,
    now: datetime,
    progress: Progress,
) -> Iterator[Replay]:
    """Make every edition of a story from ``first`` to ``last`` again, in order.

    Args:
        source: ``feeds`` for the articles that the configured store holds, else ``seeds`` or a
            folder; ``None`` for the configured one. No feed is asked.
        out: folder for the editions; ``None`` for ``replay`` in the configured one.
        store: address of the store that the span is made in; ``None`` for one that is gone
            afterwards.

    Raises:
        BriefingError: configuration, source, store or output folder are not in order; the span
            ends before it begins or is still to come.
    """
    followed = config.story(story)
    source = source or config.run.source
    planned = plan(followed, first, last, feeds=source == "feeds")
    for _, moment in planned:
        moments.moment(moment, followed, now=now)
    out = out or config.output.folder / "replay"
    if out.resolve() == config.output.folder.resolve():
        raise BriefingError(
            f"{out} holds the editions themselves", remedy="Name another folder with --out."
        )
    bar = limits(config)
    with TemporaryDirectory(prefix="briefing-replay-") as folder:
        url = store or f"sqlite:///{folder}/replay.db"
        if same_database(url, config.store.url):
            raise BriefingError(
                "that is the configured store itself, whose editions a replay leaves alone",
                remedy="Name another one with --store, or leave it out.",
            )
        counting, clock = Counting(progress), _clock(now)
        apart = replace(config, store=replace(config.store, url=url))
        opened = open_app(apart, out=out, progress=counting)
        with opened.store:
            lost = _taken_in(config, opened, source, last=last, planned=planned, progress=progress)

            def editions() -> Iterator[Replayed]:
                for edition, moment in planned:
                    result = make_edition(
                        apart, opened, edition=edition, source=source, bar=bar,
                        progress=progress, counting=counting, clock=clock, as_of=moment,
                    )  # fmt: skip
                    yield Replayed(result, tuple(_findings(opened, result, bar)))

            yield Replay(lost, editions())


def plan(
    story: Story, first: date, last: date, *, feeds: bool
) -> tuple[tuple[Edition, datetime], ...]:
    """The editions of a span and the moment of each.

    From feeds an edition stands at its hour, for the store knows what had come in by then; from a
    folder at its end, for a file does not say when. Without a schedule each day has one edition,
    at its end.

    Raises:
        BriefingError: the span has no edition.
    """
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found: list[tuple[Edition, datetime]] = []
    for day in days:
        if not story.schedule.times:
            found.append((Edition(story.slug, day), end_of(day, story)))
            continue
        for slot in story.schedule.slots:
            edition = Edition(story.slug, day, slot)
            if due := timetable.occurrence(story, edition):
                found.append((edition, due.at if feeds else due.until))
    if not found:
        raise BriefingError(
            f"{story.slug} has no edition from {first} to {last}",
            remedy="Name a first day that is not after the last, and days of its schedule.",
        )
    return tuple(found)


def _taken_in(
    config: Config,
    opened: App,
    source: str,
    *,
    last: date,
    planned: tuple[tuple[Edition, datetime], ...],
    progress: Progress,
) -> tuple[Skip, ...]:
    """Fill the span's own store; what gave no article."""
    end = planned[-1][1]
    if source == "feeds":
        with open_store(config.store.url) as held:
            opened.store.past.take_over(held.past.holdings(before=end))
        return ()
    folder = article_source(config, source)
    assert isinstance(folder, ArticleFolder)
    # All of it at once, read as of the last day: a file that says "22 November" means that one.
    with opened.parsers as parsers:
        taken = intake.from_folder(
            folder, parsers=parsers, store=opened.store, models=opened.models, as_of=last,
            now=planned[0][1], progress=progress, past=True,
        )  # fmt: skip
    return tuple(taken.skips)


def _clock(now: datetime) -> Callable[[], datetime]:
    started = perf_counter()
    return lambda: now + timedelta(seconds=perf_counter() - started)


def _findings(opened: App, result: pipeline.RunResult, bar: pipeline.Limits) -> list[Finding]:
    def recorded(edition: Edition) -> Digest | None:
        stored = opened.store.edition(edition)
        return stored.digest if stored else None

    return proof.verify(
        result.folder, articles=opened.store.articles, models=opened.models, floor=bar.floor,
        trust=bar.trust, recorded=recorded,
    )  # fmt: skip
