"""Editions that were recorded, as they are asked for."""

from __future__ import annotations

from datetime import date

from sqlalchemy import and_, func, or_, select

from briefing.adapters.store.database import OnDatabase
from briefing.adapters.store.records import EditionSummary, StoredEdition
from briefing.adapters.store.rows import decoded, is_edition
from briefing.adapters.store.schema import editions, skips
from briefing.news import Digest, Edition, Skip


class EditionTable(OnDatabase):
    """The editions of a store, with their evidence and what they left out."""

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

    def printed_before(self, edition: Edition, *, since: date) -> list[Digest]:
        """The editions of this story from the day ``since`` that come before ``edition``, in
        order."""
        e = editions.c
        earlier = or_(e.day < edition.day, and_(e.day == edition.day, e.slot < edition.slot))
        query = (
            select(e.day, e.slot, e.digest)
            .where(e.story == edition.story, e.day >= since, earlier)
            .order_by(e.day, e.slot)
        )
        with self._database.reading() as connection:
            return [
                decoded(self._database, Digest, row.digest, f"edition of {row.day}")
                for row in connection.execute(query)
            ]

    def edition(self, edition: Edition) -> StoredEdition | None:
        """The edition as it was recorded, with its evidence."""
        query = select(editions).where(is_edition(editions, edition))
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        digest = decoded(self._database, Digest, row.digest, f"edition {edition}")
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
