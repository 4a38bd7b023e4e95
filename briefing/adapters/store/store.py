"""The store: what was asked, seen, kept and printed.

Every public method is one transaction (:meth:`SqlStore.add_all` for a whole feed). Stored
articles never change: the first text under an id stands, because editions cite it by position.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import delete, func, not_, select, update

from briefing.adapters.store import leases, links, migrations
from briefing.adapters.store.database import Database
from briefing.adapters.store.editions import EditionTable
from briefing.adapters.store.feeds import FeedTable
from briefing.adapters.store.leases import Leases
from briefing.adapters.store.ledger import Ledger, articles_remembered, put_sightings
from briefing.adapters.store.outbox import Outbox, put_mails
from briefing.adapters.store.past import Past, there_by, used_by_another
from briefing.adapters.store.readers import Readers
from briefing.adapters.store.revisions import Revisions
from briefing.adapters.store.rows import (
    among,
    batches,
    decoded,
    is_edition,
    put_edition,
    put_entries,
)
from briefing.adapters.store.runs import Runs
from briefing.adapters.store.schema import (
    articles,
    cited,
    consumed,
    editions,
    revisions,
    seen,
)
from briefing.adapters.store.watching import Watching
from briefing.news import Article, Digest, Edition, Entry, Removed, Sighting, Skip
from briefing.ports import LeaseHeld
from briefing.post import Mail


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


class SqlStore(FeedTable, EditionTable, Ledger, Revisions):
    """Satisfies :class:`briefing.ports.Store`; every method may raise ``StoreError``."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.outbox = Outbox(database)
        self.readers = Readers(database)
        self.leases = Leases(database)
        self.runs = Runs(database)
        self.past = Past(database)
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

    def pending(
        self, edition: Edition, *, as_of: datetime | None = None, folder: str = ""
    ) -> list[Article]:
        """Articles that no *other* edition of this story has consumed, oldest first.

        One without a date stands where it was added.

        Args:
            as_of: as it was at that moment: only articles added before it, whatever later
                editions have used of them.
            folder: ``Entry.source`` of a folder whose articles are there whenever they were added.
        """
        elsewhere = select(consumed.c.article).where(
            consumed.c.article == articles.c.id, used_by_another(edition, as_of=as_of)
        )
        query = (
            select(articles.c.id, articles.c.body)
            .where(articles.c.body.is_not(None), not_(elsewhere.exists()))
            .where(there_by(as_of, folder=folder))
            .order_by(func.coalesce(articles.c.published, articles.c.added), articles.c.id)
        )
        with self._database.reading() as connection:
            return [
                decoded(self._database, Article, body, f"article {id_}")
                for id_, body in connection.execute(query)
            ]

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """Stored articles by id, later texts by theirs; unknown and pruned ones are absent."""
        ids = list(ids)
        found = self.revised(ids)
        with self._database.reading() as connection:
            for batch in batches(ids):
                query = select(articles.c.id, articles.c.body).where(articles.c.id.in_(batch))
                for id_, body in connection.execute(query.where(articles.c.body.is_not(None))):
                    found[id_] = decoded(self._database, Article, body, f"article {id_}")
        return found

    def removed(self, ids: Iterable[str]) -> dict[str, tuple[Removed, ...]]:
        """What was taken out of each article before anyone could cite it."""
        return {id_: article.removed for id_, article in self.articles(ids).items()}

    def prune(self, before: datetime, *, remembered: date | None = None) -> int:
        """Forget the text of articles added earlier that nobody needs; return how many.

        An edition needs those that it cites, the ledger those that carry its claims. Their
        entries stay seen, so none of them comes in again.

        Args:
            remembered: claims seen by an edition of this day or later are still compared with;
                the day of ``before`` when not given, or when that is earlier.
        """
        since = min(before.date(), remembered or before.date())
        old = articles.c.added < before, articles.c.body.is_not(None)
        cites = select(cited.c.article).where(cited.c.article == articles.c.id).exists()
        query = select(articles.c.id).where(*old, not_(cites))
        with self._database.writing() as connection:
            unused = set(connection.scalars(query))
            if unused:
                unused -= articles_remembered(connection, since)
            for batch in batches(unused):
                connection.execute(delete(revisions).where(revisions.c.article.in_(batch)))
                gone = update(articles).where(articles.c.id.in_(batch))
                connection.execute(gone.values(body=None))
        return len(unused)

    # -- editions ------------------------------------------------------------------------------

    def record(
        self,
        digest: Digest,
        consumed: Sequence[str],
        *,
        skips: Sequence[Skip],
        evidence: str,
        seen: Sequence[Sighting] = (),
        mails: Sequence[Mail] = (),
        published: datetime | None = None,
        lease: LeaseHeld | None = None,
    ) -> None:
        """In one transaction: the edition, what it consumed, its skips, its evidence, the claims
        that it saw, its mails.

        The same edition recorded again replaces the first. An article that another edition of
        the story has consumed stays with that one. All articles must be stored already.

        Args:
            seen: the claims for the ledger; they replace those of the first.
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
            put_sightings(connection, digest.edition, seen)
            if published is not None:
                here = is_edition(editions, digest.edition)
                first = func.coalesce(editions.c.published, published)
                connection.execute(update(editions).where(here).values(published=first))
                put_mails(connection, mails, now=published)

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
