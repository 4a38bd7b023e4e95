"""The ledger: every claim that an edition printed or saw, as each edition told it.

One row is one claim in one edition, with all that was read off it there. So an edition made again
replaces its own rows and no others, a claim that no edition tells any more is gone by itself, and
what was known before an edition never depends on a later one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select

from briefing import codec
from briefing.adapters.store import links
from briefing.adapters.store.database import Database, OnDatabase
from briefing.adapters.store.rows import among, clean, decoded, edition_key
from briefing.adapters.store.schema import articles, sightings
from briefing.errors import StoreError
from briefing.news import Edition, Passage, Remembered, Sighting, Statement


class Ledger(OnDatabase):
    """What earlier editions knew."""

    def known(self, edition: Edition, *, since: date) -> list[Remembered]:
        """The claims that editions of this story saw before ``edition``, by (first, id).

        Editions come by day, then by slot. Neither ``edition`` itself nor a later one is looked
        at, so an edition made again sees what it saw the first time.

        Args:
            since: claims that no edition of this day or later saw are left out. One that is in
                comes whole, with its sightings before that day.
        """
        s = sightings.c
        earlier = and_(s.story == edition.story, _before(edition))
        alive = select(s.claim).where(earlier, s.day >= since)
        query = select(sightings).where(earlier, s.claim.in_(alive)).order_by(s.day, s.slot)
        told: dict[str, list[Row[Any]]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                told.setdefault(row.claim, []).append(row)
        found = [_remembered(self._database, rows) for rows in told.values()]
        return sorted(found, key=lambda one: (one.first.day, one.first.slot, one.id))


def put_sightings(connection: Connection, edition: Edition, seen: Sequence[Sighting]) -> None:
    """Write what a new edition saw; the rows of an earlier one under its key went with it.

    Raises:
        StoreError: a passage is of an article that is not stored.
    """
    claims = _merged(seen)
    named = {links.first_text(passage.article) for one in claims for passage in one.passages}
    if strange := named - among(connection, articles.c.id, named):
        raise StoreError(
            f"a claim names an article that is not stored: {min(strange)}",
            remedy="Nothing was changed.",
        )
    if claims:
        key = edition_key(edition)
        connection.execute(insert(sightings), [key | _row(one) for one in claims])


def articles_remembered(connection: Connection, since: date) -> set[str]:
    """Ids of the articles that carry the claims seen by an edition of ``since`` or later.

    All that such a claim was ever told by: its first telling may be older.
    """
    alive = select(sightings.c.story, sightings.c.claim).where(sightings.c.day >= since)
    told = alive.distinct().subquery()
    same = and_(sightings.c.story == told.c.story, sightings.c.claim == told.c.claim)
    query = select(sightings.c.passages).join(told, same).distinct()
    return {
        links.first_text(passage.article)
        for text in connection.scalars(query)
        for passage in codec.from_json(tuple[Passage, ...], text)
    }


def _before(edition: Edition) -> ColumnElement[bool]:
    s = sightings.c
    return or_(s.day < edition.day, and_(s.day == edition.day, s.slot < edition.slot))


def _merged(seen: Iterable[Sighting]) -> list[Sighting]:
    """Each claim once: two facts of one edition may tell it. The first telling stands."""
    claims: dict[str, Sighting] = {}
    for one in seen:
        id_ = clean(one.claim)
        if known := claims.get(id_):
            passages = tuple(dict.fromkeys(known.passages + one.passages))
            one = replace(known, passages=passages, printed=known.printed or one.printed)
        claims[id_] = one
    return list(claims.values())


def _row(one: Sighting) -> dict[str, Any]:
    return {
        "claim": clean(one.claim),
        "thread": clean(one.thread),
        "sourcing": one.sourcing,
        "printed": clean(one.printed),
        "text": clean(one.text),
        "statement": codec.to_json(one.statement),
        "passages": codec.to_json(one.passages),
    }


def _remembered(database: Database, rows: Sequence[Row[Any]]) -> Remembered:
    """One claim of its sightings, the earliest first."""
    first, last = rows[0], rows[-1]
    what = f"claim {first.claim}"
    passages: dict[Passage, None] = {}
    for text in dict.fromkeys(row.passages for row in rows):
        passages |= dict.fromkeys(decoded(database, tuple[Passage, ...], text, what))
    return Remembered(
        id=first.claim,
        thread=last.thread,
        text=first.text,
        passages=tuple(passages),
        statement=decoded(database, Statement, first.statement, what),
        sourcing=first.sourcing,
        first=_edition(first),
        last=_edition(last),
        printed=tuple(_edition(row) for row in rows if row.printed),
    )


def _edition(row: Row[Any]) -> Edition:
    return Edition(row.story, row.day, row.slot)
