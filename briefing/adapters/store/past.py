"""The store as it stood at a moment: what had come in by then, and a copy of it for a replay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, insert, make_url, or_, select, true
from sqlalchemy.exc import ArgumentError

from briefing.adapters.store.database import OnDatabase
from briefing.adapters.store.rows import among, batches
from briefing.adapters.store.schema import articles, consumed, revisions, seen
from briefing.news import Edition


@dataclass(frozen=True, slots=True)
class Holdings:
    """Entries and articles as rows, to the letter: first texts, and when each came in."""

    entries: tuple[dict[str, Any], ...]
    articles: tuple[dict[str, Any], ...]
    revisions: tuple[dict[str, Any], ...]


class Past(OnDatabase):
    """What a store held."""

    def holdings(self, *, before: datetime) -> Holdings:
        """All that came in before that moment and has its text still. Nothing is changed."""
        with self._database.reading() as connection:

            def rows(table: Table, *where: ColumnElement[bool]) -> tuple[dict[str, Any], ...]:
                query = select(table).where(*where).order_by(*table.primary_key)
                return tuple(dict(row._mapping) for row in connection.execute(query))

            held = and_(articles.c.added < before, articles.c.body.is_not(None))
            known = select(articles.c.id).where(held)
            return Holdings(
                rows(seen, seen.c.id.in_(select(articles.c.entry).where(held))),
                rows(articles, held),
                rows(revisions, revisions.c.noticed < before, revisions.c.article.in_(known)),
            )

    def take_over(self, held: Holdings) -> None:
        """Write what another store held, as it was held there; what is here already stays."""
        with self._database.writing() as connection:
            for table, rows in ((seen, held.entries), (articles, held.articles)):
                known = among(connection, table.c.id, (row["id"] for row in rows))
                if fresh := [row for row in rows if row["id"] not in known]:
                    connection.execute(insert(table), fresh)
            known = set()
            for batch in batches(row["article"] for row in held.revisions):
                query = select(revisions.c.article).where(revisions.c.article.in_(batch))
                known.update(connection.scalars(query))
            if fresh := [row for row in held.revisions if row["article"] not in known]:
                connection.execute(insert(revisions), fresh)


def used_by_another(edition: Edition, *, as_of: datetime | None) -> ColumnElement[bool]:
    """Condition on ``consumed``: by another edition of the story; in the past, by an earlier one.

    What a later edition has used was still to be used then.
    """
    c = consumed.c
    if as_of is not None:
        other = or_(c.day < edition.day, and_(c.day == edition.day, c.slot < edition.slot))
    else:
        other = or_(c.day != edition.day, c.slot != edition.slot)
    return and_(c.story == edition.story, other)


def there_by(as_of: datetime | None, *, folder: str) -> ColumnElement[bool]:
    """Condition on ``articles``: added before that moment, or from that folder.

    When a file was read says nothing about when it could have been.

    Args:
        as_of: ``None``: all are there.
        folder: ``Entry.source`` of the folder; "" for none.
    """
    if as_of is None:
        return true()
    added = articles.c.added < as_of
    if not folder:
        return added
    return or_(added, articles.c.entry.in_(select(seen.c.id).where(seen.c.source == folder)))


def same_database(first: str, second: str) -> bool:
    """Whether two addresses name one database, whatever user or driver they name."""
    try:
        one, other = make_url(first), make_url(second)
    except ArgumentError:  # `open_store` says what is wrong with it
        return first == second
    if one.get_backend_name() != other.get_backend_name():
        return False
    if one.get_backend_name() == "sqlite":
        paths = [Path(u.database).resolve() if u.database else None for u in (one, other)]
        return paths[0] is not None and paths[0] == paths[1]
    places = [(u.host or "localhost", u.port, u.database) for u in (one, other)]
    return places[0] == places[1]
