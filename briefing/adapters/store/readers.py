"""Who gets which editions by mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, insert, select, update

from briefing.adapters.store.database import Database
from briefing.adapters.store.outbox import LEFT
from briefing.adapters.store.rows import clean
from briefing.adapters.store.schema import outbox, subscribers
from briefing.post import Standing, Subscriber


class Readers:
    """The subscribers of all stories. One address subscribes to a story once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, story: str | None = None) -> list[Subscriber]:
        """Everybody, or everybody of one story, in the order of their addresses."""
        query = select(subscribers).order_by(subscribers.c.story, subscribers.c.name)
        if story is not None:
            query = query.where(subscribers.c.story == story)
        with self._database.reading() as connection:
            return [_subscriber(row) for row in connection.execute(query)]

    def one(self, id_: str) -> Subscriber | None:
        """The subscriber of that id."""
        with self._database.reading() as connection:
            row = connection.execute(select(subscribers).where(subscribers.c.id == id_)).first()
        return _subscriber(row) if row else None

    def find(self, address: str, story: str) -> Subscriber | None:
        """The subscriber with that address, whatever its letter case."""
        query = select(subscribers).where(
            subscribers.c.name == clean(address).lower(), subscribers.c.story == story
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return _subscriber(row) if row else None

    def add(
        self,
        address: str,
        story: str,
        *,
        slots: Sequence[str] = (),
        standing: Standing,
        now: datetime,
    ) -> Subscriber:
        """Subscribe an address to a story, or change what it gets; return what stands now.

        A known address keeps its id. With ``pending`` one that is active stays so: only its
        reader can end it. Any other standing replaces the old one and its reason.
        """
        name = clean(address).lower()
        mine = (subscribers.c.name == name) & (subscribers.c.story == story)
        with self._database.writing() as connection:
            row = connection.execute(select(subscribers).where(mine)).first()
            if row is None:
                values = {"id": uuid4().hex, "address": clean(address), "name": name}
                fresh = values | _changed(slots, standing, now) | {"story": story, "created": now}
                connection.execute(insert(subscribers).values(fresh))
            elif not (standing == "pending" and row.standing == "active"):
                connection.execute(
                    update(subscribers).where(mine).values(_changed(slots, standing, now))
                )
            row = connection.execute(select(subscribers).where(mine)).one()
        return _subscriber(row)

    def set_standing(
        self, id_: str, standing: Standing, *, now: datetime, reason: str = ""
    ) -> Subscriber | None:
        """Change a standing, with the reason; ``None`` when there is no such subscriber.

        Editions that still wait for somebody who leaves are given up with it.
        """
        values: dict[str, Any] = {"standing": standing, "reason": clean(reason)}
        if standing == "active":
            values["confirmed"] = now
        mine = subscribers.c.id == id_
        with self._database.writing() as connection:
            connection.execute(update(subscribers).where(mine).values(values))
            if standing == "left":
                theirs = (outbox.c.subscriber == id_) & (outbox.c.state == "queued")
                given_up = {"state": "dead", "reply": LEFT, "settled": now}
                connection.execute(update(outbox).where(theirs).values(given_up))
            row = connection.execute(select(subscribers).where(mine)).first()
        return _subscriber(row) if row else None


def _changed(slots: Sequence[str], standing: Standing, now: datetime) -> dict[str, Any]:
    return {
        "slots": " ".join(slots),
        "standing": standing,
        "reason": "",
        "confirmed": now if standing == "active" else None,
    }


def _subscriber(row: Row[Any]) -> Subscriber:
    return Subscriber(
        id=row.id,
        address=row.address,
        story=row.story,
        slots=tuple(row.slots.split()),
        standing=row.standing,
        reason=row.reason,
        created=row.created,
        confirmed=row.confirmed,
    )
