"""Nouns to rows, inside a transaction that ``store.py`` holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from briefing import codec
from briefing.adapters.store import links, schema
from briefing.adapters.store.database import Database
from briefing.errors import StoreError
from briefing.news import Article, Claim, Digest, Edition, Entry, Feed, Skip

N = TypeVar("N")

_AT_ONCE = 500  # values in one IN (...): SQLite allows 32,766 since 3.32, and 999 before


def clean(text: str) -> str:
    """``text`` as every database takes it: PostgreSQL refuses NUL, both refuse lone surrogates."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def decoded(database: Database, kind: type[N], text: str, what: str) -> N:
    """The noun that was stored as ``text``; ``what`` names it in the error."""
    try:
        return codec.from_json(kind, text)
    except ValueError as error:
        raise StoreError(
            f"{database.where}: {what} cannot be read: {error}",
            remedy="Restore the store from a backup, or run that edition again.",
        ) from error


def batches(values: Iterable[str]) -> Iterator[list[str]]:
    """The distinct values, in portions that fit one query."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), _AT_ONCE):
        yield distinct[start : start + _AT_ONCE]


def among(connection: Connection, column: Column[str], values: Iterable[str]) -> set[str]:
    """Those of ``values`` that stand in ``column``."""
    found: set[str] = set()
    for batch in batches(values):
        found.update(connection.scalars(select(column).where(column.in_(batch))))
    return found


def is_edition(table: Table, edition: Edition) -> ColumnElement[bool]:
    """Condition: the rows of this edition."""
    return and_(
        table.c.story == edition.story, table.c.day == edition.day, table.c.slot == edition.slot
    )


def edition_key(edition: Edition) -> dict[str, Any]:
    """The columns of the key."""
    return {"story": edition.story, "day": edition.day, "slot": edition.slot}


def put_feed(connection: Connection, feed: Feed, values: dict[str, Any]) -> None:
    """Write what is now known of a feed, keeping what ``values`` does not name."""
    url = clean(feed.url)
    values = {"title": clean(feed.title), **values}
    done = connection.execute(update(schema.feeds).where(schema.feeds.c.url == url).values(values))
    if done.rowcount == 0:
        blank = {"etag": "", "last_modified": "", "last_error": "", "entries": 0, "new": 0}
        blank |= {"wish": 0.0, "moved": ""}
        connection.execute(insert(schema.feeds).values({"url": url, **blank, **values}))


def put_entries(
    connection: Connection,
    outcomes: Sequence[tuple[Entry, Sequence[Article] | Skip]],
    *,
    now: datetime,
) -> None:
    """Write entries and their articles; what stands already stays as it is."""
    entries: dict[str, dict[str, Any]] = {}
    found: dict[str, dict[str, Any]] = {}
    for entry, outcome in outcomes:
        entries.setdefault(entry.id, _seen_row(entry, outcome, now))
        if not isinstance(outcome, Skip):
            for article in outcome:
                found.setdefault(article.id, _article_row(article, entry, now))
    known = among(connection, schema.seen.c.id, entries)
    rows = [row for id_, row in entries.items() if id_ not in known]
    if rows:
        connection.execute(insert(schema.seen), rows)
    known = among(connection, schema.articles.c.id, found)
    added = [row for id_, row in found.items() if id_ not in known]
    if added:
        connection.execute(insert(schema.articles), added)
    # An entry that was skipped before and gives articles now is no skip any more.
    for batch in batches(row["entry"] for row in added):
        there = schema.seen.c.id.in_(batch)
        connection.execute(update(schema.seen).where(there).values(outcome="articles"))


def _seen_row(entry: Entry, outcome: Sequence[Article] | Skip, now: datetime) -> dict[str, Any]:
    said = f"{outcome.stage}: {outcome.reason}" if isinstance(outcome, Skip) else "articles"
    return {
        "id": entry.id,
        "source": clean(entry.source),
        "key": clean(entry.key),
        "link": clean(entry.link),
        "page": links.page_id(entry.link),
        "title": clean(entry.title),
        "first_seen": now,
        "outcome": clean(said),
        "said": links.said_id(entry),
    }


def _article_row(article: Article, entry: Entry, now: datetime) -> dict[str, Any]:
    return {
        "id": article.id,
        "entry": entry.id,
        "published": article.published,
        "added": now,
        "body": codec.to_json(article),
    }


def put_edition(
    connection: Connection,
    digest: Digest,
    consumed: Sequence[str],
    *,
    skips: Sequence[Skip],
    evidence: str,
) -> None:
    """Write an edition in place of an earlier one of the same key (its rows go with it)."""
    edition = digest.edition
    key = edition_key(edition)
    here = is_edition(schema.editions, edition)
    serial = (connection.scalar(select(func.max(schema.editions.c.serial))) or 0) + 1
    published = connection.scalar(select(schema.editions.c.published).where(here))
    connection.execute(delete(schema.editions).where(here))
    row = key | {"serial": serial, "made": digest.made, "subject": clean(digest.subject.text)}
    row |= {"digest": codec.to_json(digest), "evidence": clean(evidence), "published": published}
    connection.execute(insert(schema.editions).values(row))

    column = schema.consumed.c.article
    taken = set(connection.scalars(select(column).where(schema.consumed.c.story == edition.story)))
    fresh = [key | {"article": id_} for id_ in dict.fromkeys(consumed) if id_ not in taken]
    cites = [key | {"article": id_} for id_ in cited_articles(digest)]
    left = [
        key
        | {"position": position, "stage": clean(skip.stage), "subject": clean(skip.subject)}
        | {"reason": clean(skip.reason), "detail": clean(skip.detail)}
        for position, skip in enumerate(skips)
    ]
    for table, rows in ((schema.consumed, fresh), (schema.cited, cites), (schema.skips, left)):
        if rows:
            connection.execute(insert(table), rows)


def cited_articles(digest: Digest) -> list[str]:
    """Ids of every article that a line or the list of sources of ``digest`` names, sorted.

    A later text of an article counts as the article.
    """
    claims: list[Claim] = [digest.subject, *digest.bottom_line]
    claims += [c for brief in digest.briefs for c in (brief.headline, *brief.claims)]
    claims += [line.claim for board in digest.boards for line in board.lines]
    claims += [c for change in digest.changes for c in (change.claim, change.was) if c]
    claims += [c for one in digest.corrections for c in (one.sentence, one.now) if c]
    ids = {passage.article for claim in claims for passage in claim.passages}
    ids |= {source.article for source in digest.sources}
    return sorted({links.first_text(id_) for id_ in ids})
