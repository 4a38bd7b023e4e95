"""The right to do a piece of work alone: a row with an expiry, renewed while the holder lives.

A holder that was silent for too long loses it to whoever asks next. Every write that depends on
a lease looks in its own transaction whether it is still held (:func:`hold`), so a process that
was paused, or whose clock was moved, finishes nothing that another one has taken over.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, insert, select, update

from briefing.adapters.store.database import Database
from briefing.adapters.store.records import Lease
from briefing.adapters.store.schema import leases
from briefing.errors import LeaseLost
from briefing.ports import LeaseHeld


def hold(connection: Connection, lease: LeaseHeld) -> None:
    """Go on only while the lease is held.

    Raises:
        LeaseLost: another owner has it, or it was given back.
    """
    owner = connection.scalar(select(leases.c.owner).where(leases.c.name == lease.name))
    if owner != lease.owner:
        raise LeaseLost(
            f"another process has taken over {lease.name!r}",
            remedy="Nothing of this one was recorded. Let only one instance run, "
            "or give it more time with [serve] lease_seconds.",
        )


class Leases:
    """Who works on what."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(
        self,
        name: str,
        *,
        place: str,
        now: datetime,
        length: timedelta,
        gone: Callable[[str], bool] = lambda place: False,
    ) -> Lease | None:
        """The lease when it is free; ``None`` while another holder lives.

        Args:
            place: who asks, as ``host:pid``.
            length: how long it is held without being renewed.
            gone: whether the holder at that place is known to be dead; its lease is free at once.
        """
        with self._database.writing() as connection:
            row = connection.execute(select(leases).where(leases.c.name == name)).first()
            if row is not None and _lives(row, now, length) and not gone(row.place):
                return None
            lease = Lease(name, uuid4().hex, place, now + length)
            connection.execute(delete(leases).where(leases.c.name == name))
            values = {"name": name, "owner": lease.owner, "place": place, "taken": now}
            values |= {"renewed": now, "expires": lease.expires}
            connection.execute(insert(leases).values(values))
        return lease

    def renew(self, lease: Lease, *, now: datetime, length: timedelta) -> Lease:
        """Hold it on until ``now + length``.

        Raises:
            LeaseLost: another owner has it.
        """
        with self._database.writing() as connection:
            hold(connection, lease)
            values = {"renewed": now, "expires": now + length}
            connection.execute(update(leases).where(leases.c.name == lease.name).values(values))
        return Lease(lease.name, lease.owner, lease.place, now + length)

    def give_back(self, lease: Lease) -> None:
        """Let go of it; nothing happens when another owner has it already."""
        mine = (leases.c.name == lease.name) & (leases.c.owner == lease.owner)
        with self._database.writing() as connection:
            connection.execute(delete(leases).where(mine))

    def holder(self, name: str, *, now: datetime) -> Lease | None:
        """Who holds it now; ``None`` when nobody does."""
        with self._database.reading() as connection:
            row = connection.execute(select(leases).where(leases.c.name == name)).first()
        if row is None or row.expires <= now:
            return None
        return Lease(row.name, row.owner, row.place, row.expires)


def _lives(row: Row[tuple[object, ...]], now: datetime, length: timedelta) -> bool:
    # A renewal from the future says that the clock was set back. Left to itself, such a lease
    # would stand until the old time comes again; a holder that lives notices when it renews.
    return bool(row.renewed - length <= now < row.expires)
