"""The tables as they are now, for queries. How they came to be: ``migrations.py``.

``seen`` outlives the text: when an article is pruned its body goes, the entry stays known.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Column, Date, DateTime, Dialect, Double, Integer, MetaData, Table, Text
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
    Column("wish", Double, nullable=False),  # seconds that it wants to be left alone
    Column("moved", Text, nullable=False),  # address that it names instead of its own, for good
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
    Column("said", Text, nullable=False),  # hash of its title and body when last compared; ""
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
    Column("slot", Text, primary_key=True),  # "" for the only edition of a day
    Column("serial", Integer, nullable=False),  # order in which editions were recorded
    Column("made", UtcDateTime, nullable=False),
    Column("subject", Text, nullable=False),
    # Before the long texts, which SQLite would walk to reach it.
    Column("published", UtcDateTime),  # when its mails were queued; NULL: made, not sent
    Column("digest", Text, nullable=False),  # the Digest as JSON
    Column("evidence", Text, nullable=False),  # evidence.json as it was written
)

consumed = Table(
    "consumed",
    metadata,
    Column("story", Text, primary_key=True),
    Column("article", Text, primary_key=True),
    Column("day", Date, nullable=False),
    Column("slot", Text, nullable=False),
)

cited = Table(
    "cited",
    metadata,
    Column("story", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("article", Text, primary_key=True),
)

skips = Table(
    "skips",
    metadata,
    Column("story", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("stage", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
)

sightings = Table(
    "sightings",
    metadata,
    Column("story", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("claim", Text, primary_key=True),
    Column("thread", Text, nullable=False),
    Column("sourcing", Text, nullable=False),
    Column("printed", Text, nullable=False),  # the sentence that was printed of it; ""
    Column("text", Text, nullable=False),  # as this edition tells it
    Column("statement", Text, nullable=False),  # the Statement as JSON
    Column("passages", Text, nullable=False),  # list of Passage as JSON
)

revisions = Table(
    "revisions",
    metadata,
    Column("article", Text, primary_key=True),
    Column("number", Integer, primary_key=True),  # 1, 2, ... for each article
    Column("noticed", UtcDateTime, nullable=False),
    Column("kind", Text, nullable=False),  # "edited" or "withdrawn"
    Column("body", Text),  # the Article as JSON; NULL when it was withdrawn
)

# -- the service -------------------------------------------------------------------------------

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("address", Text, nullable=False),  # as it was written
    Column("name", Text, nullable=False),  # in small letters: one person is one subscriber
    Column("story", Text, nullable=False),
    Column("slots", Text, nullable=False),  # separated by spaces; "" for every edition
    Column("standing", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("confirmed", UtcDateTime),
)

outbox = Table(
    "outbox",
    metadata,
    Column("number", Integer, primary_key=True),  # order of queueing
    Column("message_id", Text, nullable=False),  # unique: nothing is queued twice
    Column("kind", Text, nullable=False),
    Column("story", Text, nullable=False),  # "" for mails that are no edition
    Column("day", Date),
    Column("slot", Text, nullable=False),
    Column("subscriber", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("content", Text),  # exact bytes, zlib and base64; NULL once pruned
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("queued", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime),
    Column("reply", Text, nullable=False),
    Column("settled", UtcDateTime),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),  # random, one for each holder
    Column("place", Text, nullable=False),  # "host:pid", for people
    Column("taken", UtcDateTime, nullable=False),
    Column("renewed", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("story", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("slot", Text, nullable=False),
    Column("started", UtcDateTime, nullable=False),
    Column("stage", Text, nullable=False),  # the one begun last
    Column("finished", UtcDateTime),  # NULL: under way, or cut off
    Column("outcome", Text, nullable=False),  # "running", "done", "failed", "stopped", "cut off"
    Column("detail", Text, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("key", Text, primary_key=True),  # hash of the model and of what it was asked
    Column("value", Text, nullable=False),  # JSON
    Column("added", UtcDateTime, nullable=False),
)

passed_over = Table(
    "passed_over",
    metadata,
    Column("story", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("decided", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
)

alarms = Table(
    "alarms",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("mailed", UtcDateTime),  # last
    Column("cleared", UtcDateTime),
)

marks = Table(
    "marks",
    metadata,
    Column("name", Text, primary_key=True),  # "serves story X since", "mail server", ...
    Column("value", Text, nullable=False),
    Column("changed", UtcDateTime, nullable=False),
)
