"""What became of an article after it was stored: its later texts, kept beside the first.

The first text under an id stands, because editions cite it by position. What an entry said when it
was last compared is kept as a hash, so that one which says the same again costs one look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Row, func, insert, select, update

from briefing import codec
from briefing.adapters.store import links, schema
from briefing.adapters.store.database import OnDatabase
from briefing.adapters.store.rows import batches, decoded
from briefing.adapters.store.schema import articles, cited, seen
from briefing.news import Article, Entry, Revision


class Revisions(OnDatabase):
    """Articles that their sources changed or took back."""

    # -- what is to be compared ----------------------------------------------------------------

    def retold(self, entries: Sequence[Entry], *, since: date) -> list[tuple[Entry, list[Article]]]:
        """Entries that say something else than when they were last compared, with the articles
        of theirs that editions of the day ``since`` or later cite, as last known; in order.

        An entry is known by its source and key, else by its source and page: some feeds give an
        edited entry a new key. One whose words were never kept is taken for unchanged, and they
        are kept now. One that no such edition cites stays as it is: it may be cited later.
        """
        with self._database.reading() as connection:
            known = list(_known(connection, entries))
            other = {one.id: e for e, one in known if one.said not in ("", links.said_id(e))}
            used: dict[str, list[str]] = {}
            for article, entry in _cited(connection, other, since=since):
                used.setdefault(entry, []).append(article)
            newest = self._newest(connection, [id_ for ids in used.values() for id_ in ids])
        self._keep([(entry, one.id) for entry, one in known if not one.said])
        return [
            (entry, [newest[article] for article in used[id_] if article in newest])
            for id_, entry in other.items()
            if id_ in used
        ]

    def note_said(self, entries: Sequence[Entry]) -> None:
        """Keep what entries say now: they were compared."""
        with self._database.reading() as connection:
            known = [(entry, one.id) for entry, one in _known(connection, entries)]
        self._keep(known)

    def cited_from(self, source: str, *, since: date) -> list[tuple[str, Article]]:
        """Articles of a source that editions of the day ``since`` or later cite, as last known,
        each with the key of its entry; by id."""
        use = select(cited.c.article).where(cited.c.day >= since)
        query = (
            select(articles.c.id, seen.c.key)
            .join(seen, seen.c.id == articles.c.entry)
            .where(articles.c.id.in_(use), seen.c.source == source)
            .order_by(articles.c.id)
        )
        with self._database.reading() as connection:
            keys = {row.id: row.key for row in connection.execute(query)}
            newest = self._newest(connection, keys)
        return [(key, newest[id_]) for id_, key in keys.items() if id_ in newest]

    # -- what was found ------------------------------------------------------------------------

    def note_revision(self, article: str, revised: Article | None, *, now: datetime) -> None:
        """Keep what a stored article says now; ``None``: it was withdrawn.

        What is known already changes nothing: the text as last known, or a second withdrawal.
        """
        r = schema.revisions.c
        with self._database.writing() as connection:
            newest = connection.execute(
                select(r.number, r.kind).where(r.article == article).order_by(r.number.desc())
            ).first()
            if revised is None:
                known = newest is not None and newest.kind == "withdrawn"
            elif newest is not None and newest.kind == "withdrawn":
                known = False  # it is back
            else:
                last = self._newest(connection, [article]).get(article)
                known = last is not None and last.text == revised.text
            if known:
                return
            row = {
                "article": article,
                "number": newest.number + 1 if newest else 1,
                "noticed": now,
                "kind": "withdrawn" if revised is None else "edited",
                "body": codec.to_json(_under(article, revised)) if revised else None,
            }
            connection.execute(insert(schema.revisions), row)

    def revisions(
        self, ids: Iterable[str], *, until: datetime | None = None
    ) -> dict[str, Revision]:
        """The newest revision of each of these articles, of those that have one.

        What an article says now is an article of its own, ``ID~NUMBER``, that can be cited beside
        its first text.

        Args:
            until: revisions noticed later are not known yet.
        """
        with self._database.reading() as connection:
            return {
                row.article: Revision(
                    article=row.article,
                    noticed=row.noticed,
                    kind=row.kind,
                    revised=None if row.body is None else self._revised(row),
                )
                for row in _latest(connection, ids, until=until)
            }

    def revised(self, ids: Iterable[str]) -> dict[str, Article]:
        """Later texts of articles by their own ids, ``ID~NUMBER``; unknown ones are absent."""
        wanted = {id_ for id_ in ids if links.MARK in id_}
        table = schema.revisions
        found = {}
        with self._database.reading() as connection:
            for batch in batches(links.first_text(id_) for id_ in wanted):
                query = select(table).where(table.c.article.in_(batch), table.c.body.is_not(None))
                for row in connection.execute(query):
                    if links.later_text(row.article, row.number) in wanted:
                        revised = self._revised(row)
                        found[revised.id] = revised
        return found

    # -- inside a transaction ------------------------------------------------------------------

    def _newest(self, connection: Connection, ids: Iterable[str]) -> dict[str, Article]:
        """Articles by id in the last text that was seen of each; pruned ones are absent."""
        wanted = list(ids)
        bodies: dict[str, str] = {}
        for batch in batches(wanted):
            query = select(articles.c.id, articles.c.body).where(articles.c.id.in_(batch))
            found = connection.execute(query.where(articles.c.body.is_not(None)))
            bodies.update((row.id, row.body) for row in found)
        edited = _latest(connection, wanted, kind="edited")
        bodies.update((row.article, row.body) for row in edited)
        return {id_: self._text(id_, body) for id_, body in bodies.items()}

    def _revised(self, row: Row[Any]) -> Article:
        id_ = links.later_text(row.article, row.number)
        return _under(id_, self._text(id_, row.body))

    def _text(self, id_: str, body: str) -> Article:
        return decoded(self._database, Article, body, f"article {id_}")

    def _keep(self, entries: Sequence[tuple[Entry, str]]) -> None:
        if not entries:
            return
        with self._database.writing() as connection:
            for entry, id_ in entries:
                said = {"said": links.said_id(entry)}
                connection.execute(update(seen).where(seen.c.id == id_).values(said))


def _under(id_: str, article: Article) -> Article:
    """The article and its passages under that id: a post of a live blog may have had another."""
    passages = tuple(replace(passage, article=id_) for passage in article.passages)
    return replace(article, id=id_, passages=passages)


class _Met(NamedTuple):
    """An entry as it was met before."""

    id: str
    source: str
    page: str
    said: str


def _known(connection: Connection, entries: Sequence[Entry]) -> Iterator[tuple[Entry, _Met]]:
    """Entries that were met before, each with its row; no row comes twice."""

    def met(column: Column[str], values: Iterable[str]) -> Iterator[_Met]:
        for batch in batches(values):
            query = select(seen.c.id, seen.c.source, seen.c.page, seen.c.said)
            rows = connection.execute(query.where(column.in_(batch)))
            yield from (_Met(*row) for row in rows)

    by_id = {one.id: one for one in met(seen.c.id, (entry.id for entry in entries))}
    pages = {e.id: page for e in entries if e.id not in by_id and (page := links.page_id(e.link))}
    by_page = {(one.source, one.page): one for one in met(seen.c.page, pages.values())}
    given = set(by_id)
    for entry in entries:
        one = by_id.get(entry.id) or by_page.get((entry.source, pages.get(entry.id, "")))
        if one is not None and (one.id == entry.id or one.id not in given):
            given.add(one.id)
            yield entry, one


def _cited(
    connection: Connection, entries: Iterable[str], *, since: date
) -> Iterator[tuple[str, str]]:
    """(article, entry) of those that editions of ``since`` or later cite, in order."""
    use = select(cited.c.article).where(cited.c.article == articles.c.id, cited.c.day >= since)
    for batch in batches(entries):
        query = select(articles.c.id, articles.c.entry).where(articles.c.entry.in_(batch))
        rows = connection.execute(query.where(use.exists()).order_by(articles.c.id))
        yield from ((row.id, row.entry) for row in rows)


def _latest(
    connection: Connection, ids: Iterable[str], *, until: datetime | None = None, kind: str = ""
) -> Iterator[Row[Any]]:
    """The newest row of each article that has one: noticed by then, of that kind."""
    table = schema.revisions
    counted = table.alias()
    number = select(func.max(counted.c.number)).where(counted.c.article == table.c.article)
    if until is not None:
        number = number.where(counted.c.noticed <= until)
    if kind:
        number = number.where(counted.c.kind == kind)
    for batch in batches(ids):
        newest = table.c.number == number.scalar_subquery()
        query = select(table).where(table.c.article.in_(batch), newest).order_by(table.c.article)
        yield from connection.execute(query)
