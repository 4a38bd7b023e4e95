"""The store: what was asked, seen, kept and printed.

Every public method is one transaction (:meth:`SqlStore.add_all` for a whole feed). Stored
articles never change: the first text under an id stands, because editions cite it by position.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Self, TypeVar

from sqlalchemy import and_, func, not_, or_, select, update

from briefing.adapters.store import codec, leases, links, migrations
from briefing.adapters.store.database import Database
from briefing.adapters.store.feeds import FeedTable
from briefing.adapters.store.leases import Leases
from briefing.adapters.store.outbox import Outbox, put_mails
from briefing.adapters.store.readers import Readers
from briefing.adapters.store.records import EditionSummary, StoredEdition
from briefing.adapters.store.rows import (
    among,
    batches,
    is_edition,
    put_edition,
    put_entries,
)
from briefing.adapters.store.runs import Runs
from briefing.adapters.store.schema import articles, cited, consumed, editions, seen, skips
from briefing.adapters.store.watching import Watching
from briefing.errors import StoreError
from briefing.news import Article, Digest, Edition, Entry, Removed, Skip
from briefing.ports import LeaseHeld
from briefing.post import Mail

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


class SqlStore(FeedTable):
    """Satisfies :class:`briefing.ports.Store`; every method may raise ``StoreError``."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.outbox = Outbox(database)
        self.readers = Readers(database)
        self.leases = Leases(database)
        self.runs = Runs(database)
        self.watching = Watching(database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

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
            or_(consumed.c.day != edition.day, consumed.c.slot != edition.slot),
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
        self,
        digest: Digest,
        consumed: Sequence[str],
        *,
        skips: Sequence[Skip],
        evidence: str,
        mails: Sequence[Mail] = (),
        published: datetime | None = None,
        lease: LeaseHeld | None = None,
    ) -> None:
        """In one transaction: the edition, what it consumed, its skips, its evidence, its mails.

        The same edition recorded again replaces the first. An article that another edition of
        the story has consumed stays with that one. All articles must be stored already.

        Args:
            mails: queued with the edition; one whose Message-ID is known is not queued again.
            published: the moment at which the edition goes out; ``None``: it is only made, and
                there are no mails.
            lease: must still be held, or nothing is recorded.

        Raises:
            LeaseLost: another process has taken over.
        """
        if mails and published is None:
            raise ValueError("mails of an edition that does not go out")
        with self._database.writing() as connection:
            if lease is not None:
                leases.hold(connection, lease)
            put_edition(connection, digest, consumed, skips=skips, evidence=evidence)
            if published is not None:
                here = is_edition(editions, digest.edition)
                first = func.coalesce(editions.c.published, published)
                connection.execute(update(editions).where(here).values(published=first))
                put_mails(connection, mails, now=published)

    def editions(
        self, limit: int, *, story: str | None = None, before: date | None = None
    ) -> list[EditionSummary]:
        """The ``limit`` newest editions, latest day first and its latest slot first.

        Args:
            story: of this story alone.
            before: of days earlier than this alone.
        """
        e = editions.c
        query = select(e.story, e.day, e.slot, e.made, e.subject, e.published)
        if story is not None:
            query = query.where(e.story == story)
        if before is not None:
            query = query.where(e.day < before)
        query = query.order_by(e.day.desc(), e.story, e.slot.desc()).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            EditionSummary(
                Edition(row.story, row.day, row.slot), row.made, row.subject, row.published
            )
            for row in rows
        ]

    def edition(self, edition: Edition) -> StoredEdition | None:
        """The edition as it was recorded, with its evidence."""
        query = select(editions).where(is_edition(editions, edition))
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        digest = self._decoded(Digest, row.digest, f"edition {edition}")
        return StoredEdition(edition, row.made, digest, row.evidence, row.published)

    def count_editions(self, story: str) -> int:
        """How many editions of the story are recorded."""
        query = select(func.count()).select_from(editions).where(editions.c.story == story)
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def latest_edition(
        self, story: str, *, day: date | None = None, slot: str | None = None
    ) -> Edition | None:
        """The story's newest edition: of its latest day, or of ``day``, and of its latest slot,
        or of ``slot``."""
        e = editions.c
        query = select(e.day, e.slot).where(e.story == story)
        if day is not None:
            query = query.where(e.day == day)
        if slot is not None:
            query = query.where(e.slot == slot)
        with self._database.reading() as connection:
            row = connection.execute(query.order_by(e.day.desc(), e.slot.desc())).first()
        return Edition(story, row.day, row.slot) if row else None

    def last_skips(self) -> list[Skip]:
        """What the edition recorded last had left out, in the order it was recorded."""
        newest = select(func.max(editions.c.serial)).scalar_subquery()
        columns = (skips.c.stage, skips.c.subject, skips.c.reason, skips.c.detail)
        same = and_(
            skips.c.story == editions.c.story,
            skips.c.day == editions.c.day,
            skips.c.slot == editions.c.slot,
        )
        query = select(*columns).join(editions, same).where(editions.c.serial == newest)
        with self._database.reading() as connection:
            return [Skip(*row) for row in connection.execute(query.order_by(skips.c.position))]

    @property
    def where(self) -> str:
        """How messages name the store: never with its password."""
        return self._database.where

    @property
    def file(self) -> Path | None:
        """The file of an SQLite store; ``None`` for one in memory or on a server."""
        return self._database.file

    def backup(self, target: Path) -> int:
        """Write a checked copy of an SQLite store to ``target``; return its size in bytes.

        Raises:
            StoreError: the copy cannot be written, or this is no SQLite store.
        """
        return self._database.copy(target)

    def damage(self) -> list[str]:
        """What the database's own full check finds; empty when all is well (SQLite only)."""
        return self._database.damage()

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
