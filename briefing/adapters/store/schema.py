"""The tables as they are now, for queries. How they came to be: ``migrations.py``.

``seen`` outlives the text: when an article is pruned its body goes, the entry stays known.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Column, Date, DateTime, Dialect, Integer, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes, kept in UTC: SQLite forgets the zone, PostgreSQL answers in its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone cannot be stored: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

migrations = Table(
    "migrations",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False),
)

feeds = Table(
    "feeds",
    metadata,
    Column("url", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("etag", Text, nullable=False),  # verbatim
    Column("last_modified", Text, nullable=False),  # verbatim
    Column("errors", Integer, nullable=False),  # failures in a row
    Column("not_before", UtcDateTime),
    Column("last_answered", UtcDateTime),
    Column("last_failed", UtcDateTime),
    Column("last_error", Text, nullable=False),  # kept after the feed has recovered
    Column("entries", Integer, nullable=False),  # in the last answer
    Column("new", Integer, nullable=False),  # of them never seen before
)

seen = Table(
    "seen",
    metadata,
    Column("id", Text, primary_key=True),  # Entry.id: source and key
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("page", Text, nullable=False),  # links.page_id(link); "" when it names no page
    Column("title", Text, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("outcome", Text, nullable=False),  # "articles", or "stage: reason" of the skip
)

articles = Table(
    "articles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("entry", Text, nullable=False),
    Column("published", UtcDateTime),
    Column("added", UtcDateTime, nullable=False),
    Column("body", Text),  # the Article as JSON; NULL once pruned
)

editions = Table(
    "editions",
    metadata,
    Column("story", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("serial", Integer, nullable=False),  # order in which editions were recorded
    Column("made", UtcDateTime, nullable=False),
    Column("subject", Text, nullable=False),
    Column("digest", Text, nullable=False),  # the Digest as JSON
    Column("evidence", Text, nullable=False),  # evidence.json as it was written
)

consumed = Table(
    "consumed",
    metadata,
    Column("story", Text, primary_key=True),
    Column("article", Text, primary_key=True),
    Column("day", Date, nullable=False),
)

cited = Table(
    "cited",
    metadata,
    Column("story", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("article", Text, primary_key=True),
)

skips = Table(
    "skips",
    metadata,
    Column("story", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("stage", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
)
