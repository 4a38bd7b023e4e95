"""Attempts to make editions, what models answered in them, and editions nobody will make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from briefing.adapters.store.database import Database
from briefing.adapters.store.records import RunRecord
from briefing.adapters.store.rows import among, batches, clean, edition_key, is_edition
from briefing.adapters.store.schema import answers, editions, passed_over, runs
from briefing.news import Edition


class Runs:
    """What was tried, so that a run which died is resumed and not begun anew."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- attempts ------------------------------------------------------------------------------

    def begin(self, edition: Edition, *, now: datetime) -> int:
        """Note that an edition is being made; what was under way for it is known as cut off."""
        unfinished = is_edition(runs, edition) & runs.c.finished.is_(None)
        with self._database.writing() as connection:
            gone = {"finished": now, "outcome": "cut off"}
            connection.execute(update(runs).where(unfinished).values(gone))
            number = (connection.scalar(select(func.max(runs.c.number))) or 0) + 1
            values = edition_key(edition) | {"number": number, "started": now, "stage": "start"}
            connection.execute(insert(runs).values(values | {"outcome": "running", "detail": ""}))
        return number

    def reach(self, number: int, stage: str) -> None:
        """Note the stage that a run has come to."""
        with self._database.writing() as connection:
            connection.execute(update(runs).where(runs.c.number == number).values(stage=stage))

    def finish(self, number: int, *, outcome: str, detail: str = "", now: datetime) -> None:
        """Note how a run ended: ``done``, ``failed``, or ``stopped`` from outside."""
        values = {"finished": now, "outcome": outcome, "detail": clean(detail)}
        with self._database.writing() as connection:
            connection.execute(update(runs).where(runs.c.number == number).values(values))

    def of(self, edition: Edition) -> list[RunRecord]:
        """All attempts at an edition, the newest first."""
        query = select(runs).where(is_edition(runs, edition)).order_by(runs.c.number.desc())
        with self._database.reading() as connection:
            return [_record(row) for row in connection.execute(query)]

    def latest(self, limit: int = 1) -> list[RunRecord]:
        """The attempts begun last, the newest first."""
        with self._database.reading() as connection:
            query = select(runs).order_by(runs.c.number.desc()).limit(limit)
            return [_record(row) for row in connection.execute(query)]

    # -- editions that are settled -------------------------------------------------------------

    def settled(self, story: str) -> set[Edition]:
        """Editions that went out, and those that were passed over for good."""
        out = editions.c.published.is_not(None)
        queries = [
            select(editions.c.day, editions.c.slot).where(editions.c.story == story, out),
            select(passed_over.c.day, passed_over.c.slot).where(passed_over.c.story == story),
        ]
        with self._database.reading() as connection:
            return {
                Edition(story, row.day, row.slot)
                for query in queries
                for row in connection.execute(query)
            }

    def passed_over(self, story: str) -> dict[Edition, datetime]:
        """Editions that will not be made any more, and when that was decided."""
        query = select(passed_over).where(passed_over.c.story == story)
        with self._database.reading() as connection:
            return {
                Edition(story, row.day, row.slot): row.decided for row in connection.execute(query)
            }

    def pass_over(self, missed: Iterable[Edition], *, now: datetime, reason: str) -> None:
        """Note editions that will not be made any more; once noted, they stay so."""
        with self._database.writing() as connection:
            for edition in missed:
                there = select(passed_over.c.day).where(is_edition(passed_over, edition))
                if connection.scalar(there) is None:
                    values = edition_key(edition) | {"decided": now, "reason": clean(reason)}
                    connection.execute(insert(passed_over).values(values))

    # -- what models answered ------------------------------------------------------------------

    def recalled(self, keys: Iterable[str]) -> dict[str, str]:
        """Answers that were remembered, by key."""
        found: dict[str, str] = {}
        with self._database.reading() as connection:
            for batch in batches(keys):
                query = select(answers.c.key, answers.c.value).where(answers.c.key.in_(batch))
                found.update((row.key, row.value) for row in connection.execute(query))
        return found

    def remember(self, values: Mapping[str, str], *, now: datetime) -> None:
        """Keep answers, so that a run which is begun again need not ask for them again."""
        with self._database.writing() as connection:
            known = among(connection, answers.c.key, values)
            rows = [
                {"key": key, "value": value, "added": now}
                for key, value in values.items()
                if key not in known
            ]
            if rows:
                connection.execute(insert(answers), rows)

    def forget(self, before: datetime) -> int:
        """Drop answers remembered earlier."""
        with self._database.writing() as connection:
            return connection.execute(delete(answers).where(answers.c.added < before)).rowcount


def _record(row: Row[Any]) -> RunRecord:
    return RunRecord(
        number=row.number,
        edition=Edition(row.story, row.day, row.slot),
        started=row.started,
        stage=row.stage,
        finished=row.finished,
        outcome=row.outcome,
        detail=row.detail,
    )
