"""Alarms that were raised, and marks: single facts that the service must not forget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, insert, select

from briefing.adapters.store.database import Database
from briefing.adapters.store.outbox import put_mails
from briefing.adapters.store.rows import clean
from briefing.adapters.store.schema import alarms, marks
from briefing.post import Mail
from briefing.watch import StandingAlarm


class Watching:
    """What the service tells its operator, and what it remembers of itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def alarms(self, *, standing: bool = True) -> list[StandingAlarm]:
        """Alarms that stand, or all that are remembered, oldest first."""
        query = select(alarms).order_by(alarms.c.since, alarms.c.kind, alarms.c.subject)
        if standing:
            query = query.where(alarms.c.cleared.is_(None))
        with self._database.reading() as connection:
            return [StandingAlarm(**row._mapping) for row in connection.execute(query)]

    def put_alarms(
        self, changed: Sequence[StandingAlarm], *, mails: Sequence[Mail] = (), now: datetime
    ) -> None:
        """Write alarms, each in place of an earlier one of the same kind and subject.

        Args:
            mails: that tell of them, queued in the same transaction.
        """
        with self._database.writing() as connection:
            put_mails(connection, mails, now=now)
            for one in changed:
                same = (alarms.c.kind == one.kind) & (alarms.c.subject == clean(one.subject))
                connection.execute(delete(alarms).where(same))
                values = asdict(one) | {
                    key: clean(getattr(one, key)) for key in ("subject", "text", "remedy")
                }
                connection.execute(insert(alarms).values(values))

    def mark(self, name: str) -> tuple[str, datetime] | None:
        """The value under that name and when it was set; ``None`` when it was never set."""
        with self._database.reading() as connection:
            row = connection.execute(select(marks).where(marks.c.name == name)).first()
        return (row.value, row.changed) if row else None

    def set_mark(self, name: str, value: str, *, now: datetime) -> None:
        """Set it, replacing what stood there."""
        with self._database.writing() as connection:
            connection.execute(delete(marks).where(marks.c.name == name))
            values = {"name": name, "value": clean(value), "changed": now}
            connection.execute(insert(marks).values(values))

    def clear_mark(self, name: str) -> None:
        """Forget it."""
        with self._database.writing() as connection:
            connection.execute(delete(marks).where(marks.c.name == name))
