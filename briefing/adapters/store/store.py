"""The store: what was asked, seen, kept and printed.

Every public method is one transaction (:meth:`SqlStore.add_all` for a whole feed). Stored
articles never change: the first text under an id stands, because editions cite it by position.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Self, TypeVar

from sqlalchemy import and_, func, not_, select, update

from briefing.adapters.store import backoff, codec, links, migrations
from briefing.adapters.store.database import Database
from briefing.adapters.store.records import EditionSummary, FeedStatus, StoredEdition
from briefing.adapters.store.rows import (
    among,
    batches,
    clean,
    is_edition,
    put_edition,
    put_entries,
    put_feed,
)
from briefing.adapters.store.schema import articles, cited, consumed, editions, feeds, seen, skips
from briefing.errors import StoreError
from briefing.news import Article, Digest, Document, Edition, Entry, Feed, Removed, Skip

T = TypeVar("T")


def open_store(url: str) -> SqlStore:
    """Open the store at ``url``, making it or bringing it up to date when needed.

    ``sqlite:///relative/path``, ``sqlite:////absolute/path`` or
    ``postgresql://user:password@host/name``.

    Raises:
        StoreError: the address cannot be used, or what is there is damaged, newer than this
            program or another program's. Nothing is overwritten then.
    """
    database = Database(url)
    try:
        migrations.upgrade(database.writing, where=database.where)
    except BaseException:
        database.close()
        raise
    return SqlStore(database)


class SqlStore:
    """Satisfies :class:`briefing.ports.Store`; every method may raise ``StoreError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    # -- feeds ---------------------------------------------------------------------------------

    def feed_state(self, url: str) -> FeedStatus:
        """What is remembered of the feed; a blank state for one never asked."""
        with self._database.reading() as connection:
            row = connection.execute(select(feeds).where(feeds.c.url == clean(url))).first()
        return FeedStatus(**row._mapping) if row else FeedStatus(url=url)

    def feeds(self) -> list[FeedStatus]:
        """All feeds ever asked, by address."""
        with self._database.reading() as connection:
            rows = connection.execute(select(feeds).order_by(feeds.c.url)).all()
        return [FeedStatus(**row._mapping) for row in rows]

    def feed_answered(
        self, feed: Feed, document: Document | None, *, now: datetime, entries: int, new: int
    ) -> None:
        """Remember the validators verbatim and clear the errors. ``None``: it had not changed.

        An empty body keeps the old validators, so that the next poll asks for the whole again.
        """
        values: dict[str, Any] = {"errors": 0, "not_before": None, "last_answered": now}
        if document is not None:
            values |= {"entries": entries, "new": new}
            if document.body:
                values["etag"] = clean(document.etag)
                values["last_modified"] = clean(document.last_modified)
        else:
            values["new"] = 0
        with self._database.writing() as connection:
            put_feed(connection, feed, values)

    def feed_failed(
        self, feed: Feed, *, now: datetime, reason: str, retry_after: float | None = None
    ) -> None:
        """Count the failure and set when the feed may be asked again (see ``backoff.wait``)."""
        with self._database.writing() as connection:
            query = select(feeds.c.errors).where(feeds.c.url == clean(feed.url))
            errors = (connection.scalar(query) or 0) + 1
            not_before = now + backoff.wait(errors, retry_after=retry_after)
            values = {"errors": errors, "not_before": not_before}
            values |= {"last_failed": now, "last_error": clean(reason)}
            put_feed(connection, feed, values)

    # -- entries and articles ------------------------------------------------------------------

    def unseen(self, entries: Sequence[Entry]) -> list[Entry]:
        """Those never recorded under their (source, key) or their page, in order, each once."""
        ids = [entry.id for entry in entries]
        pages = [links.page_id(entry.link) for entry in entries]
        with self._database.reading() as connection:
            known = among(connection, seen.c.id, ids)
            known_pages = among(connection, seen.c.page, [page for page in pages if page])
        fresh = []
        for entry, id_, page in zip(entries, ids, pages, strict=True):
            if id_ not in known and page not in known_pages:
                fresh.append(entry)
                known.add(id_)
                known_pages |= {page} - {""}
        return fresh

    def add(self, entry: Entry, outcome: Sequence[Article] | Skip, *, now: datetime) -> None:
        """Record an entry as seen, with its articles or the reason that it gave none."""
        self.add_all([(entry, outcome)], now=now)

    def add_all(
        self, outcomes: Iterable[tuple[Entry, Sequence[Article] | Skip]], *, now: datetime
    ) -> None:
        """:meth:`add` for many entries in one transaction: 10,000 cost about one second.

        What is stored already stays as it is: an article keeps its first text, and a skip
        does not take away the articles of an earlier call.
        """
        with self._database.writing() as connection:
            put_entries(connection, list(outcomes), now=now)

    def pending(self, edition: Edition) -> list[Article]:
        """Articles that no *other* edition of this story has consumed, oldest first.

        One without a date stands where it was added.
        """
        elsewhere = select(consumed.c.article).where(
            consumed.c.article == articles.c.id,
            consumed.c.story == edition.story,
            consumed.c.day != edition.day,
        )
        query = (
            select(articles.c.id, articles.c.body)
            .where(articles.c.body.is_not(None), not_(elsewhere.exists()))
            .order_by(func.coalesce(articles.c.published, articles.c.added), articles.c.id)
        )
        with self._database.reading() as connection:
            return [self._article(id_, body) for id_, body in connection.execute(query)]

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """Stored articles by id; unknown and pruned ones are absent."""
        found = {}
        with self._database.reading() as connection:
            for batch in batches(ids):
                query = select(articles.c.id, articles.c.body).where(articles.c.id.in_(batch))
                for id_, body in connection.execute(query.where(articles.c.body.is_not(None))):
                    found[id_] = self._article(id_, body)
        return found

    def removed(self, ids: Iterable[str]) -> dict[str, tuple[Removed, ...]]:
        """What was taken out of each article before anyone could cite it."""
        return {id_: article.removed for id_, article in self.articles(ids).items()}

    def prune(self, before: datetime) -> int:
        """Forget the text of articles added earlier that no edition cites; return how many.

        Their entries stay seen, so none of them comes in again.
        """
        query = (
            update(articles)
            .where(articles.c.added < before, articles.c.body.is_not(None))
            .where(not_(select(cited.c.article).where(cited.c.article == articles.c.id).exists()))
            .values(body=None)
        )
        with self._database.writing() as connection:
            return connection.execute(query).rowcount

    # -- editions ------------------------------------------------------------------------------

    def record(
        self, digest: Digest, consumed: Sequence[str], *, skips: Sequence[Skip], evidence: str
    ) -> None:
        """In one transaction: the edition, what it consumed, its skips and its evidence.

        The same edition recorded again replaces the first. An article that another edition of
        the story has consumed stays with that one. All articles must be stored already.
        """
        with self._database.writing() as connection:
            put_edition(connection, digest, consumed, skips=skips, evidence=evidence)

    def editions(self, limit: int) -> list[EditionSummary]:
        """The ``limit`` newest editions, latest day first."""
        columns = (editions.c.story, editions.c.day, editions.c.made, editions.c.subject)
        order = (editions.c.day.desc(), editions.c.story)
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns).order_by(*order).limit(limit)).all()
        return [EditionSummary(Edition(row.story, row.day), row.made, row.subject) for row in rows]

    def edition(self, edition: Edition) -> StoredEdition | None:
        """The edition as it was recorded, with its evidence."""
        query = select(editions).where(is_edition(editions, edition))
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        digest = self._decoded(Digest, row.digest, f"edition {edition}")
        return StoredEdition(edition, row.made, digest, row.evidence)

    def latest_edition(self, story: str) -> Edition | None:
        """The story's edition of the latest day."""
        query = select(func.max(editions.c.day)).where(editions.c.story == story)
        with self._database.reading() as connection:
            day = connection.scalar(query)
        return None if day is None else Edition(story, day)

    def last_skips(self) -> list[Skip]:
        """What the edition recorded last had left out, in the order it was recorded."""
        newest = select(func.max(editions.c.serial)).scalar_subquery()
        columns = (skips.c.stage, skips.c.subject, skips.c.reason, skips.c.detail)
        same = and_(skips.c.story == editions.c.story, skips.c.day == editions.c.day)
        query = select(*columns).join(editions, same).where(editions.c.serial == newest)
        with self._database.reading() as connection:
            return [Skip(*row) for row in connection.execute(query.order_by(skips.c.position))]

    def damage(self) -> list[str]:
        """What the database's own full check finds; empty when all is well (SQLite only)."""
        if not self._database.is_sqlite:
            return []
        with self._database.reading() as connection:
            said = list(connection.exec_driver_sql("PRAGMA integrity_check").scalars())
        return [] if said == ["ok"] else said

    def _article(self, id_: str, body: str) -> Article:
        return self._decoded(Article, body, f"article {id_}")

    def _decoded(self, kind: type[T], text: str, what: str) -> T:
        try:
            return codec.from_json(kind, text)
        except ValueError as error:
            raise StoreError(
                f"{self._database.where}: {what} cannot be read: {error}",
                remedy="Restore the store from a backup, or run that edition again.",
            ) from error
