"""From sources to stored articles.

::

    folder: read -> parse_file --.
                                  >-- unseen -> fetch page -> extract -> clean -> store
    feeds:  fetch -> parse_feed -'

Everything that is lost on the way is a :class:`briefing.news.Skip`. An entry is recorded as seen
in the same step that stores its article or the reason that it gave none, so that a run which is
cut off finds the rest of its entries still unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from briefing.errors import FetchError, ModelError
from briefing.news import Article, Document, Entry, Feed, FeedReport, Skip
from briefing.ports import Engine, Folder, Models, Progress, Store, Web
from briefing.stages import clean
from briefing.stages.extract import extract
from briefing.stages.parse import parse_feed, parse_file

Outcome = list[Article] | Skip


@dataclass(slots=True)
class Intake:
    """What the sources gave in this run."""

    reports: list[FeedReport] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)  # items that gave no article
    new: int = 0  # articles stored


def from_folder(
    folder: Folder, *, store: Store, models: Models, as_of: date, now: datetime, progress: Progress
) -> Intake:
    """Read every file of ``folder``; what was seen before is passed over."""
    intake = Intake()
    entries: list[Entry] = []
    for document in folder.read():
        parsed = (
            document
            if isinstance(document, Skip)
            else parse_file(document, source=f"folder:{folder.name}")
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
    outcomes = [_placed(extract(entry, None, as_of=as_of), entry) for entry in fresh]
    _keep(intake, fresh, outcomes, store=store, models=models, now=now)
    return intake


def _placed(outcome: Outcome, entry: Entry) -> Outcome:
    """Articles that know the file they came from: an entry's key starts with its path."""
    if isinstance(outcome, Skip):
        return outcome
    path = entry.key.rpartition("#")[0]
    return [replace(article, source=f"{entry.source}/{path}") for article in outcome]


def from_feeds(
    feeds: Sequence[Feed],
    *,
    web: Web,
    engine: Engine,
    store: Store,
    models: Models,
    as_of: date,
    now: datetime,
    progress: Progress,
) -> Intake:
    """Ask every feed that may be asked now, and fetch the pages of its new entries."""
    intake = Intake()
    due = [feed for feed in feeds if _may_ask(store, feed, now, intake)]
    asked = [(feed, store.feed_state(feed.url)) for feed in due]
    answers = engine.map(
        lambda pair: _ask(web, pair[0].url, pair[1].etag, pair[1].last_modified), asked
    )
    for done, (feed, answer) in enumerate(zip(due, answers, strict=True), 1):
        progress("feeds", done, len(due))
        entries = _entries(intake, feed, answer, store=store, now=now)
        fresh = store.unseen(entries)
        if fresh:
            _fetched(
                intake, fresh, web=web, engine=engine, store=store, models=models,
                as_of=as_of, now=now, progress=progress,
            )  # fmt: skip
        if entries:
            # Last, because it saves the validators: a run cut off before must be answered again.
            document = answer if isinstance(answer, Document) else None
            store.feed_answered(feed, document, now=now, entries=len(entries), new=len(fresh))
            intake.reports.append(
                FeedReport(feed.url, feed.title, "answered", len(entries), len(fresh))
            )
    return intake


def _may_ask(store: Store, feed: Feed, now: datetime, intake: Intake) -> bool:
    """Whether the feed's back-off is over; a feed that waits is reported."""
    until = store.feed_state(feed.url).not_before
    if until is None or until <= now:
        return True
    detail = f"not before {until:%Y-%m-%d %H:%M} UTC"
    intake.reports.append(FeedReport(feed.url, feed.title, "waiting", detail=detail))
    return False


def _ask(web: Web, url: str, etag: str, last_modified: str) -> Document | FetchError | None:
    """The answer, ``None`` when it has not changed, or the known error as a value."""
    try:
        return web.fetch(url, etag=etag, last_modified=last_modified)
    except FetchError as error:
        return error


def _entries(
    intake: Intake,
    feed: Feed,
    answer: Document | FetchError | None,
    *,
    store: Store,
    now: datetime,
) -> list[Entry]:
    """The entries of an answer; an answer without any is recorded and reported here."""
    if isinstance(answer, FetchError):
        store.feed_failed(feed, now=now, reason=answer.reason, retry_after=answer.retry_after)
        _silent(intake, feed, answer.reason + (f" ({answer.detail})" if answer.detail else ""))
        return []
    if answer is None:
        store.feed_answered(feed, None, now=now, entries=0, new=0)
        intake.reports.append(FeedReport(feed.url, feed.title, "unchanged"))
        return []
    entries = parse_feed(answer, feed)
    if isinstance(entries, Skip):
        store.feed_failed(feed, now=now, reason=entries.reason)
        _silent(intake, feed, f"{entries.reason}: {entries.detail}")
        return []
    if not entries:
        store.feed_answered(feed, answer, now=now, entries=0, new=0)
        intake.reports.append(FeedReport(feed.url, feed.title, "answered"))
    return entries


def _silent(intake: Intake, feed: Feed, detail: str) -> None:
    intake.reports.append(FeedReport(feed.url, feed.title, "silent", detail=detail))


def _fetched(
    intake: Intake,
    fresh: Sequence[Entry],
    *,
    web: Web,
    engine: Engine,
    store: Store,
    models: Models,
    as_of: date,
    now: datetime,
    progress: Progress,
) -> None:
    """Fetch the pages of new entries, a page that fails leaving the feed's own words."""
    pages = engine.map(lambda e: _ask(web, e.link, "", "") if e.link else None, fresh)
    outcomes: list[Outcome] = []
    for done, (entry, page) in enumerate(zip(fresh, pages, strict=True), 1):
        progress("pages", done, len(fresh))
        outcome = extract(entry, page if isinstance(page, Document) else None, as_of=as_of)
        if isinstance(outcome, Skip) and isinstance(page, FetchError):
            outcome = Skip("fetch", entry.title or entry.link, page.reason, page.detail)
        outcomes.append(outcome)
    _keep(intake, fresh, outcomes, store=store, models=models, now=now)


def _keep(
    intake: Intake,
    entries: Sequence[Entry],
    outcomes: Sequence[Outcome],
    *,
    store: Store,
    models: Models,
    now: datetime,
) -> None:
    """Clean what was extracted and store it; all paragraphs are embedded in one call."""
    articles = [a for outcome in outcomes if not isinstance(outcome, Skip) for a in outcome]
    cleaned = {article.id: article for article in _cleaned(articles, models)}
    records: list[tuple[Entry, Outcome]] = []
    for entry, outcome in zip(entries, outcomes, strict=True):
        kept: Outcome = outcome
        if not isinstance(outcome, Skip):
            kept = [cleaned[a.id] for a in outcome if cleaned[a.id].body or not a.body]
            if not kept:
                subject = entry.title or entry.link or entry.key
                kept = Skip("clean", subject, "nothing but boilerplate")
        if isinstance(kept, Skip):
            intake.skips.append(kept)
        else:
            intake.new += len(kept)
        records.append((entry, kept))
    store.add_all(records, now=now)


def _cleaned(articles: Sequence[Article], models: Models) -> list[Article]:
    """Without the embedding model the rules alone clean."""
    texts = [clean.paragraph_texts(article) for article in articles]
    try:
        vectors = models.embed([text for listed in texts for _, text in listed])
    except ModelError:
        return [clean.clean(article) for article in articles]
    cleaned, at = [], 0
    for article, listed in zip(articles, texts, strict=True):
        rows = vectors[at : at + len(listed)]
        at += len(listed)
        named = {number: row for (number, _), row in zip(listed, rows, strict=True)}
        similarity = clean.centroid_similarity(named)
        cleaned.append(clean.clean(article, similarity=similarity))
    return cleaned
