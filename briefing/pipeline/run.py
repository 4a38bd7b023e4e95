"""One run, top to bottom.

::

    sources
     | intake          files and feeds -> stored articles          | Skip
     | in_time         articles of the edition's days              | Skip
     | relate          articles about the story                    | Skip
     | trace           reprints and rewrites of one report -> origins
     | group           sentences -> developments of facts
     | recall          facts, ledger -> new, repeated, updated, contradicted
     | select          developments that fill the reader's minutes | Skip
     | write           prompts -> model -> drafts
     | check           drafts -> scores -> briefs                  | Skip
     |   `- rewrite    the facts that failed, once
     | correct         what earlier editions printed and nobody stands behind any more
     | compose         briefs, boards, the past -> digest
     | render          digest -> Markdown, HTML, text, JSON, evidence
     | files, store    the edition on disk, then on record; with it, in one transaction, the claims
                       that it saw and its mails

Stages are pure; every model call stands between a plan and a reading. The edition is written
before it is recorded: a run cut off in between is made again from the same articles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from briefing.news import (
    Article,
    Development,
    Digest,
    Edition,
    Feed,
    Recalled,
    Skip,
    Story,
)
from briefing.pipeline import hindsight, intake, past
from briefing.pipeline.accounts import articles_counted, sentences
from briefing.pipeline.correcting import corrected
from briefing.pipeline.understanding import understood
from briefing.pipeline.writing import Limits, written
from briefing.ports import (
    Engine,
    Files,
    Folder,
    LeaseHeld,
    Models,
    Parsers,
    Progress,
    Store,
    Web,
)
from briefing.post import Mail
from briefing.stages import check, clean
from briefing.stages.compose import compose
from briefing.stages.recall import sightings
from briefing.stages.render import files as rendered
from briefing.text.editing import taken_back

LATER = "later than the edition"
"""Reason of an article that waits for its own day and stays unused until then."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The outside world of one run."""

    web: Web
    store: Store
    models: Models
    files: Files
    engine: Engine
    parsers: Parsers


@dataclass(frozen=True, slots=True)
class Publishing:
    """What an edition needs to go out, and not only to be made."""

    mails: Callable[[Digest], Sequence[Mail]]  # one for each reader


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run made."""

    digest: Digest
    folder: Path
    skips: tuple[Skip, ...]
    mails: int = 0  # for how many readers it was queued
    developments: tuple[Development, ...] = ()  # all of the day, before the choice
    recalled: Mapping[str, Recalled] = field(default_factory=dict)  # by Fact.id


def run(
    ports: Ports,
    *,
    story: Story,
    source: Folder | Sequence[Feed],
    day: date,
    now: datetime,
    window: timedelta,
    limits: Limits,
    progress: Progress,
    slot: str = "",
    until: datetime | None = None,
    as_of: datetime | None = None,
    publishing: Publishing | None = None,
    lease: LeaseHeld | None = None,
) -> RunResult:
    """Make the edition of ``story`` for the local date ``day``.

    Args:
        slot: which of the day's editions.
        until: articles published from then on wait for a later edition; the end of the local day
            when not given.
        as_of: a past moment: the edition as it would have been made then, of what had come in
            and been published by then. No feed is asked and no run time is told, so that the same
            input gives the same bytes.
        publishing: queues the mails with the record; ``None``: the edition is only made.
        lease: must still be held when the edition is recorded.

    Raises:
        StoreError: the store cannot be used; nothing of this edition is on record.
        LeaseLost: another process makes this edition now.
        DeliveryError: the edition cannot be written; it is not recorded, and can be made again.
    """
    started = perf_counter()
    edition = Edition(story.slug, day, slot)
    until = until or end_of(day, story)
    until = min(until, as_of) if as_of else until
    # 1. Take in what is new.
    taken = _take_in(ports, source, day=day, now=now, progress=progress, ended=as_of is not None)
    # 2. What this edition may use: not used by another, and of its days.
    pending = ports.store.pending(edition, as_of=as_of, folder=_entries_of(source))
    at_latest = partial(hindsight.at_latest, story=story) if as_of else _published
    current, untimely = in_time(pending, until, window, at=at_latest)
    # 3. Understand, write, check.
    made = as_of or now
    moment = min(made, until.astimezone(UTC))
    known, previous = past.ledger(ports.store, edition, until=made)
    matter = understood(
        ports.models, current, story=story, moment=moment, progress=progress, known=known
    )
    copy = written(ports.models, matter, limits=limits, progress=progress)
    # 4. Compose and count.
    progress("compose", 0, 1)
    wrong = corrected(
        ports.store, edition, until=made, briefs=copy.briefs, recalled=past.by_passage(matter)
    )
    articles = {**wrong.articles, **past.sources(ports.store, matter, known)}
    digest = compose(
        edition=edition,
        story=story,
        briefs=copy.briefs,
        articles=articles,
        origins=matter.origins,
        skips=(),
        accounts=sentences(copy.verdicts, taken.reports),
        model=copy.identity,
        made=made,
        sourcing=check.sourcing,
        notes=(*_nothing_new(taken, pending), *matter.notes, *copy.notes),
        past=past.past(matter, known, previous, wrong.corrections),
    )
    digest, left_out = articles_counted(
        digest, pending, {**untimely, **matter.off_topic}, taken.skips
    )
    cut = clean.talking(matter.articles.values())
    lost = (*taken.skips, *left_out, *matter.no_room, *copy.skips, *cut)
    skips = tuple(clean.named(skip) for skip in lost)
    seconds = 0.0 if as_of else round(perf_counter() - started, 1)
    digest = replace(digest, skips=skips, seconds=seconds, as_of=as_of is not None)
    # 5. Render, save, record.
    texts = rendered(digest, articles)
    progress("compose", 1, 1)
    folder = ports.files.save(edition, texts)
    waiting = {key for key, skip in untimely.items() if skip.reason == LATER}
    consumed = [article.id for article in pending if article.id not in waiting]
    mails = publishing.mails(digest) if publishing else ()
    seen = sightings(matter.grouped, matter.recalled, copy.briefs, matter.articles, check.sourcing)
    ports.store.record(
        digest, consumed, skips=skips, evidence=texts["evidence.json"], seen=seen, mails=mails,
        lease=lease,
        published=now + timedelta(seconds=digest.seconds) if publishing else None,
    )  # fmt: skip
    return RunResult(
        digest, folder, skips, len(mails), tuple(matter.grouped), dict(matter.recalled)
    )


def _nothing_new(taken: intake.Intake, pending: Sequence[Article]) -> tuple[str, ...]:
    """Why no article could be used, when none came in."""
    if pending or taken.skips:
        return ()
    heard = sum(report.entries for report in taken.reports)
    if heard:
        return (f"{heard} entries were read, all of them used by earlier editions.",)
    folders = [r.title for r in taken.reports if r.source.startswith("folder:")]
    kinds = "(.txt .md .html .htm .eml .json)"
    return tuple(f"There are no article files in {name} {kinds}." for name in folders)


def _published(article: Article) -> datetime | None:
    return article.published


def in_time(
    articles: Sequence[Article],
    until: datetime,
    window: timedelta,
    *,
    at: Callable[[Article], datetime | None] = _published,
) -> tuple[list[Article], dict[str, Skip]]:
    """The articles of the edition's days, and a ``Skip`` by id for each of the others.

    An undated article is taken for a new one. A notice that an article was withdrawn is no news.

    Args:
        at: when an article was published, at the latest.
    """
    current: list[Article] = []
    others: dict[str, Skip] = {}
    for article in articles:
        published, latest = article.published, at(article)
        if latest is not None and latest >= until:
            others[article.id] = Skip("select", article.title, LATER, f"{latest:%F}")
        elif published is not None and published < until - window - timedelta(days=1):
            others[article.id] = Skip("select", article.title, "too old", f"{published:%F}")
        elif taken_back(article.title, article.passages):
            others[article.id] = Skip("select", article.title, "withdrawn by its publisher")
        else:
            current.append(article)
    return current, others


def end_of(day: date, story: Story) -> datetime:
    """The moment at which the local day is over."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(story.timezone))


def _take_in(
    ports: Ports,
    source: Folder | Sequence[Feed],
    *,
    day: date,
    now: datetime,
    progress: Progress,
    ended: bool,
) -> intake.Intake:
    # No parser is kept while models work.
    with ports.parsers as parsers:
        if isinstance(source, Sequence):
            return intake.from_feeds(
                () if ended else source, web=ports.web, engine=ports.engine, parsers=parsers,
                store=ports.store, models=ports.models, as_of=day, now=now, progress=progress,
            )  # fmt: skip
        return intake.from_folder(
            source, parsers=parsers, store=ports.store, models=ports.models, as_of=day, now=now,
            progress=progress, past=ended,
        )  # fmt: skip


def _entries_of(source: Folder | Sequence[Feed]) -> str:
    """How a folder's entries name their source; "" for feeds."""
    return "" if isinstance(source, Sequence) else f"folder:{source.name}"
