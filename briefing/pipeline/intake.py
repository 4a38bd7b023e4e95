"""From sources to stored articles.

::

    folder: read -> parse_file --.
                                  >-- unseen -> fetch page -> extract -> clean -> store
    feeds:  fetch -> read_feed --'

Everything that is lost on the way is a :class:`briefing.news.Skip`. An entry is recorded as seen
in the same step that stores its article or the reason that it gave none, so that a run which is
cut off finds the rest of its entries still unseen. So does the next run where a feed had more than
one intake takes, or where the parser was ended by somebody else: those entries stay unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from time import perf_counter
from typing import Literal

from briefing.errors import FetchError
from briefing.news import Article, Document, Entry, Feed, FeedReport, Skip
from briefing.pipeline.hearing import Silence, hear
from briefing.pipeline.hindsight import extracted
from briefing.pipeline.pace import turn
from briefing.pipeline.parsing import articles_of, file_said
from briefing.pipeline.reading import ask, cleaned
from briefing.pipeline.rereading import Rereading, path_of
from briefing.ports import (
    PARSER_KILLED,
    PARSER_MISSING,
    Engine,
    FeedState,
    Folder,
    Models,
    Parsers,
    Progress,
    Store,
    Web,
)
from briefing.stages.render.footer import FRESH_UNTIL

MOST_ENTRIES = 500
"""New entries of one feed in one intake, the newest ones; what is left comes in with the next."""

PATIENCE = 120.0
"""Seconds for which the parsers may be busy with one feed's pages in one intake. A page of the
usual size takes a fiftieth of a second; the worst that is read to its end takes seven seconds."""

_BLAMELESS = {PARSER_KILLED, PARSER_MISSING}

Outcome = list[Article] | Skip


@dataclass(slots=True)
class Intake:
    """What the sources gave in this run."""

    reports: list[FeedReport] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)  # items that gave no article
    new: int = 0  # articles stored
    revised: int = 0  # articles that an edition cites, and that say something else now


def from_folder(
    folder: Folder,
    *,
    parsers: Parsers,
    store: Store,
    models: Models,
    as_of: date,
    now: datetime,
    progress: Progress,
    past: bool = False,
) -> Intake:
    """Read every file of ``folder``; what was seen before is passed over.

    ``past``: for an edition of a past day, which must not take a later date for an error.
    """
    intake = Intake()
    entries: list[Entry] = []
    for document in folder.read():
        parsed = (
            document
            if isinstance(document, Skip)
            else file_said(parsers, document, source=f"folder:{folder.name}")
        )
        if isinstance(parsed, Skip):
            intake.skips.append(parsed)
        else:
            entries += parsed
        progress("read", len(entries), 0)
    fresh = store.unseen(entries)
    intake.reports.append(
        FeedReport(f"folder:{folder.name}", folder.name, "answered", len(entries), len(fresh))
    )
    made = extracted if past else _from_file
    outcomes = [_placed(made(parsers, entry, as_of=as_of), entry) for entry in fresh]
    kept = _keep(intake, fresh, outcomes, store=store, models=models, now=now)
    again = Rereading(store, models, parsers, as_of, now)
    again.folder(f"folder:{folder.name}", entries, kept)
    intake.revised = again.revised
    return intake


def _from_file(parsers: Parsers, entry: Entry, *, as_of: date) -> Outcome:
    return articles_of(parsers, entry, None, as_of=as_of)


def _placed(outcome: Outcome, entry: Entry) -> Outcome:
    """Articles that know the file they came from: an entry's key starts with its path."""
    if isinstance(outcome, Skip):
        return outcome
    source = f"{entry.source}/{path_of(entry.key)}"
    return [replace(article, source=source) for article in outcome]


def from_feeds(
    feeds: Sequence[Feed],
    *,
    web: Web,
    engine: Engine,
    parsers: Parsers,
    store: Store,
    models: Models,
    as_of: date,
    now: datetime,
    progress: Progress,
    pace: timedelta = timedelta(0),
) -> Intake:
    """Ask every feed that may be asked now, and fetch the pages of its new entries.

    A feed that was asked less than ``pace`` ago is passed over without a report.
    """
    intake = Intake()
    again = Rereading(store, models, parsers, as_of, now)
    due = _due(intake, feeds, store=store, now=now, pace=pace)
    answers = engine.map(
        lambda pair: ask(web, pair[0].url, etag=pair[1].etag, last_modified=pair[1].last_modified),
        due,
    )
    for done, ((feed, state), answer) in enumerate(zip(due, answers, strict=True), 1):
        progress("feeds", done, len(due))
        heard = hear(feed, state, answer, parsers)
        if isinstance(heard, Silence):
            store.feed_failed(feed, now=now, reason=heard.reason, retry_after=heard.retry_after)
            intake.reports.append(FeedReport(feed.url, feed.title, "silent", detail=heard.detail))
            continue
        fresh = store.unseen(heard.entries)
        taken = _fetched(
            intake, _newest(fresh, now), web=web, engine=engine, parsers=parsers, store=store,
            models=models, as_of=as_of, now=now, progress=progress,
        )  # fmt: skip
        new = {entry.id for entry in fresh}
        before = [entry for entry in heard.entries if entry.id not in new]
        document = heard.document
        whole = again.feed(before, web=web, engine=engine) and taken == len(fresh)
        if not whole and document:
            document = replace(document, etag="", last_modified="")  # to be told them once more
        # Last, because it saves the validators: a run cut off before must be answered again.
        store.feed_answered(
            feed, document, now=now, entries=len(heard.entries), new=taken,
            fresh_for=heard.fresh_for, moved_to=heard.moved_to,
        )  # fmt: skip
        outcome: Literal["answered", "unchanged"] = "answered" if heard.document else "unchanged"
        detail = heard.detail(left=len(fresh) - taken)
        intake.reports.append(
            FeedReport(feed.url, feed.title, outcome, len(heard.entries), taken, detail)
        )
    intake.revised = again.revised
    return intake


def _due(
    intake: Intake, feeds: Sequence[Feed], *, store: Store, now: datetime, pace: timedelta
) -> list[tuple[Feed, FeedState]]:
    """The feeds that may be asked, with what is remembered of them; one that waits is reported."""
    due = []
    for feed in feeds:
        state = store.feed_state(feed.url)
        until = state.not_before or now
        match turn(state, now=now, pace=pace):
            case "due":
                due.append((feed, state))
            case "fresh":
                detail = f"{FRESH_UNTIL} {until:%H:%M} UTC"
                intake.reports.append(FeedReport(feed.url, feed.title, "waiting", detail=detail))
            case "failing":
                detail = f"not before {until:%Y-%m-%d %H:%M} UTC"
                intake.reports.append(FeedReport(feed.url, feed.title, "waiting", detail=detail))
            case "just asked":
                pass
    return due


def _newest(entries: Sequence[Entry], now: datetime) -> list[Entry]:
    """The newest ``MOST_ENTRIES``, in the feed's order; an undated one counts as new."""
    if len(entries) <= MOST_ENTRIES:
        return list(entries)
    chosen = sorted(entries, key=lambda entry: entry.published or now, reverse=True)[:MOST_ENTRIES]
    ids = {entry.id for entry in chosen}
    return [entry for entry in entries if entry.id in ids]


def _fetched(
    intake: Intake,
    fresh: Sequence[Entry],
    *,
    web: Web,
    engine: Engine,
    parsers: Parsers,
    store: Store,
    models: Models,
    as_of: date,
    now: datetime,
    progress: Progress,
) -> int:
    """Fetch the pages of new entries, a page that fails leaving the feed's own words.

    Returns how many entries are done with; ``PATIENCE`` may end before the others' turn.
    """
    if not fresh:
        return 0
    pages = engine.map(lambda e: ask(web, e.link, page=True) if e.link else None, fresh)
    outcomes: list[Outcome] = []
    spent = 0.0
    for entry, page in zip(fresh, pages, strict=True):
        progress("pages", len(outcomes) + 1, len(fresh))
        began = perf_counter()
        outcome = articles_of(
            parsers, entry, page if isinstance(page, Document) else None, as_of=as_of
        )
        spent += perf_counter() - began
        if isinstance(outcome, Skip) and isinstance(page, FetchError):
            outcome = Skip("fetch", entry.title or entry.link, page.reason, page.detail)
        outcomes.append(outcome)
        if spent > PATIENCE:
            break
    done = fresh[: len(outcomes)]
    return len(_keep(intake, done, outcomes, store=store, models=models, now=now))


def _keep(
    intake: Intake,
    entries: Sequence[Entry],
    outcomes: Sequence[Outcome],
    *,
    store: Store,
    models: Models,
    now: datetime,
) -> list[tuple[Entry, Outcome]]:
    """Clean what was extracted and store it; return it as it was stored.

    An entry that is not to blame for the parser's end is told of, and stays unseen.
    """
    articles = [a for outcome in outcomes if not isinstance(outcome, Skip) for a in outcome]
    clean = {article.id: article for article in cleaned(articles, models)}
    records: list[tuple[Entry, Outcome]] = []
    for entry, outcome in zip(entries, outcomes, strict=True):
        kept: Outcome = outcome
        if not isinstance(outcome, Skip):
            kept = [clean[a.id] for a in outcome if clean[a.id].body or not a.body]
            if not kept:
                subject = entry.title or entry.link or entry.key
                kept = Skip("clean", subject, "nothing but boilerplate")
        if isinstance(kept, Skip):
            intake.skips.append(kept)
        else:
            intake.new += len(kept)
        if not isinstance(kept, Skip) or kept.reason not in _BLAMELESS:
            records.append((entry, kept))
    store.add_all(records, now=now)
    return records
