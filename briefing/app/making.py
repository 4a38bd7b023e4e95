"""Making an edition: alone, on record from its first step, resumed when it died before.

::

    refused when it went out already          nothing is sent twice
     | lease edition/STORY                    one process at a time
     | runs.begin                             an attempt that died is known as cut off
     | pipeline.run                           with the answers that models gave in that attempt
     | runs.finish
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from briefing import pipeline, timetable
from briefing.app import mailing
from briefing.app.leasing import WhileHeld, held
from briefing.app.parts import App, article_source, feeds, limits, model_settings
from briefing.app.parts import open as open_app
from briefing.config import Config
from briefing.errors import BriefingError, ModelError, StoreError
from briefing.news import Edition, ModelIdentity, Option, Pair, Story
from briefing.pipeline.remembering import Counting, Remembering
from briefing.ports import Models, Progress
from briefing.text.words import count

CUT_OFF_TWICE = 2
"""Attempts at one edition that were killed before the next goes without the models: what kills a
process from outside is nearly always the memory that they take, and a day never goes dark."""


def making_of(story: str) -> str:
    """The lease of whoever makes an edition of the story."""
    return f"edition/{story}"


def run_once(
    config: Config,
    *,
    story: str | None,
    source: str | None,
    day: date | None,
    out: Path | None,
    now: datetime,
    progress: Progress,
    slot: str | None = None,
    send: bool = False,
    replace_sent: bool = False,
) -> pipeline.RunResult:
    """One edition, now.

    Args:
        story: a file of ``config/stories``; ``None`` for the configured one.
        source: ``feeds``, ``seeds`` or a folder; ``None`` for the configured one.
        day: local date of the edition; ``None`` for today in the story's time zone.
        out: folder for editions; ``None`` for the configured one.
        slot: which edition of the day, as ``06:30``; ``None``: the latest whose time has come,
            else the first.
        send: queue it for the story's readers.
        replace_sent: make an edition again that went out already; its readers get nothing new.

    Raises:
        BriefingError: configuration, judge's thresholds, store or output folder are not in order,
            another process makes an edition of the story, or this one went out already.
    """
    followed = config.story(story)
    bar = limits(config)
    day = day or now.astimezone(ZoneInfo(followed.timezone)).date()
    named = _slot(followed, day, now) if slot is None else slot_of(followed, slot)
    edition = Edition(followed.slug, day, named)
    started = perf_counter()
    counting = Counting(progress)
    opened = open_app(config, out=out, progress=counting)
    return make_edition(
        config,
        opened,
        edition=edition,
        source=source or config.run.source,
        bar=bar,
        progress=progress,
        counting=counting,
        clock=lambda: now + timedelta(seconds=perf_counter() - started),
        send=send,
        replace_sent=replace_sent,
    )


def make_edition(
    config: Config,
    opened: App,
    *,
    edition: Edition,
    source: str,
    bar: pipeline.Limits,
    progress: Progress,
    clock: Callable[[], datetime],
    counting: Counting | None = None,
    send: bool = False,
    replace_sent: bool = False,
) -> pipeline.RunResult:
    """One edition over adapters that are open already.

    Args:
        clock: read for what is recorded; the edition's own moment is its first reading.
        counting: the progress that the models of ``opened`` report to.

    Raises:
        BriefingError: as :func:`run_once`.
    """
    store = opened.store
    story = config.story(edition.story)
    _out(opened, edition, replace_sent=replace_sent)
    length = timedelta(seconds=config.serve.lease_seconds)
    with held(store, making_of(story.slug), clock=clock, length=length) as lease:
        # Asked again: it may have gone out while we waited.
        goes_out = send and not _out(opened, edition, replace_sent=replace_sent)
        number = store.runs.begin(edition, now=clock())
        begun = clock()
        try:
            models = _models(config, opened, edition, clock, counting)
            files = WhileHeld(
                opened.files, lambda: store.leases.renew(lease, now=clock(), length=length)
            )
            result = pipeline.run(
                pipeline.Ports(opened.web, store, models, files, opened.engine),
                story=story,
                source=article_source(config, source),
                day=edition.day,
                slot=edition.slot,
                until=_until(story, edition),
                now=begun,
                window=timedelta(days=config.run.window_days),
                limits=bar,
                progress=_staged(opened, number, progress),
                publishing=mailing.publishing(config, opened, at=begun) if goes_out else None,
                lease=lease,
            )
        except BaseException as error:
            with suppress(StoreError):  # it may be the store that is in the way
                outcome, said = _ended(error)
                store.runs.finish(number, outcome=outcome, detail=said, now=clock())
            raise
        store.runs.finish(number, outcome="done", detail=result.digest.subject.text, now=clock())
        store.runs.forget(clock() + timedelta(days=1))
    return result


def _ended(error: BaseException) -> tuple[str, str]:
    """How a run ended, for the record, and its last words."""
    if not isinstance(error, Exception):  # stopped from outside: by a person, or with the service
        return "stopped", ""
    lines = str(error).splitlines()
    return "failed", lines[0] if lines else type(error).__name__


def poll_once(config: Config, *, now: datetime, progress: Progress) -> pipeline.PollResult:
    """Take in what is new from the feeds whose time has come.

    Raises:
        BriefingError: configuration or store are not in order.
    """
    opened = open_app(config, progress=progress)
    return pipeline.poll(
        pipeline.Ports(opened.web, opened.store, opened.models, opened.files, opened.engine),
        feeds=feeds(config),
        as_of=now.date(),
        now=now,
        pace=timedelta(minutes=config.serve.poll_minutes),
        progress=progress,
    )


def _out(opened: App, edition: Edition, *, replace_sent: bool) -> bool:
    """Whether the edition went out already, which only ``replace_sent`` may pass over."""
    stored = opened.store.edition(edition)
    if stored is None or stored.published is None:
        return False
    if not replace_sent:
        readers = opened.store.outbox.tally(edition).total
        raise BriefingError(
            f"the edition {edition} went out at {stored.published:%Y-%m-%d %H:%M} UTC, "
            f"to {count(readers, 'reader')}",
            remedy="`briefing show` prints it. --replace makes it again on disk and in the "
            "archive; its readers get no second mail.",
        )
    return True


def slot_of(story: Story, asked: str) -> str:
    """The slot of a time of day, as a person writes it (``06:30``, ``0630``).

    Raises:
        BriefingError: the story has no edition at that time.
    """
    slots, wanted = story.schedule.slots, asked.replace(":", "")
    if wanted in slots:
        return wanted
    times = [f"{one:%H:%M}" for one in story.schedule.times]
    if slots == ("",) and wanted in (one.replace(":", "") for one in times):
        return ""  # its only time: the day's one edition
    raise BriefingError(
        f"{story.slug} has no edition at {asked}",
        remedy=f"Its times are: {', '.join(times) or 'none'} ([schedule] in its file in "
        "config/stories).",
    )


def _slot(story: Story, day: date, now: datetime) -> str:
    """The latest edition of the day whose time has come, else the first."""
    slots = story.schedule.slots
    come = [
        slot
        for slot in slots
        if (one := timetable.occurrence(story, Edition(story.slug, day, slot))) and one.at <= now
    ]
    return come[-1] if come else slots[0]


def _until(story: Story, edition: Edition) -> datetime | None:
    found = timetable.occurrence(story, edition)
    return found.until if found else None


def _staged(opened: App, number: int, progress: Progress) -> Progress:
    """Progress that also notes each stage on record when it is first reached."""
    reached: set[str] = set()

    def listener(stage: str, done: int, total: int) -> None:
        if stage not in reached:
            reached.add(stage)
            opened.store.runs.reach(number, stage)
        progress(stage, done, total)

    return listener


def _models(
    config: Config,
    opened: App,
    edition: Edition,
    clock: Callable[[], datetime],
    counting: Counting | None,
) -> Models:
    attempts = opened.store.runs.of(edition)[1 : 1 + CUT_OFF_TWICE]
    if len(attempts) == CUT_OFF_TWICE and all(one.outcome == "cut off" for one in attempts):
        return Absent(f"the last {CUT_OFF_TWICE} attempts with it were cut off")
    settings = replace(model_settings(config), threads=0)
    return Remembering(
        opened.models, opened.store.runs, named=repr(settings), clock=clock, counting=counting
    )


class Absent:
    """Satisfies ``ports.Models`` by having none: the edition is made of the sources' own words."""

    def __init__(self, why: str) -> None:
        self._why = why

    @property
    def identity(self) -> ModelIdentity:
        raise ModelError(self._why)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, 1), np.float32)
        raise ModelError(self._why)

    def generate(
        self,
        prompts: Sequence[str],
        *,
        candidates: int = 1,
        among: Sequence[Sequence[Option]] = (),
    ) -> list[list[str]]:
        raise ModelError(self._why)

    def support(self, pairs: Sequence[Pair]) -> list[float]:
        raise ModelError(self._why)
