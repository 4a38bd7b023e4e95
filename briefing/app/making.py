"""Making an edition: alone, on record from its first step, resumed when it died before.

::

    refused when it went out already          nothing is sent twice
     | lease edition/STORY                    one process at a time
     | runs.begin                             an attempt that died is known as cut off
     | pipeline.run                           with the answers that models gave in that attempt
     | runs.finish
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter

from briefing import pipeline, timetable
from briefing.app import mailing, moments
from briefing.app.leasing import WhileHeld, held
from briefing.app.modelling import models_of
from briefing.app.parts import App, article_source, feeds, limits
from briefing.app.parts import open as open_app
from briefing.config import Config
from briefing.errors import BriefingError, StoreError
from briefing.news import Edition, Story
from briefing.pipeline.remembering import Counting
from briefing.ports import Progress
from briefing.text.words import count


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
    as_of: date | None = None,
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
        as_of: a past moment at which the edition is to stand: a time, by the story's clocks where
            it has no zone, or a date for the end of that local day.
        send: queue it for the story's readers.
        replace_sent: make an edition again that went out already; its readers get nothing new.

    Raises:
        BriefingError: configuration, judge's thresholds, store or output folder are not in order,
            another process makes an edition of the story, this one went out already, or ``as_of``
            is still to come, lies before the edition's day, or is to be sent.
    """
    followed = config.story(story)
    bar = limits(config)
    past = None if as_of is None else moments.moment(as_of, followed, now=now)
    if past and send:
        raise BriefingError(
            "an edition as of a past moment is not mailed", remedy="Leave out --send, or --as-of."
        )
    day = day or moments.day_of(as_of or now, followed)
    if past:
        moments.begun(day, past, followed)
    named = _slot(followed, day, past or now) if slot is None else slot_of(followed, slot)
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
        as_of=past,
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
    as_of: datetime | None = None,
    send: bool = False,
    replace_sent: bool = False,
) -> pipeline.RunResult:
    """One edition over adapters that are open already.

    Args:
        clock: read for what is recorded; the edition's own moment is its first reading.
        as_of: the edition's moment, where that is a past one. The feeds are not asked then.
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
            models = models_of(config, opened, edition, clock, counting)
            files = WhileHeld(
                opened.files, lambda: store.leases.renew(lease, now=clock(), length=length)
            )
            result = pipeline.run(
                pipeline.Ports(opened.web, store, models, files, opened.engine, opened.parsers),
                story=story,
                source=[] if as_of and source == "feeds" else article_source(config, source),
                day=edition.day,
                slot=edition.slot,
                until=_until(story, edition),
                now=begun,
                as_of=as_of,
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
        pipeline.Ports(
            opened.web, opened.store, opened.models, opened.files, opened.engine, opened.parsers
        ),
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
