"""What is looked at: small records that the service fills from its store, disks and clock.

All moments are aware, in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from briefing.news import Edition

ONE_SERVICE = timedelta(hours=1)
"""A pause shorter than this is a restart: the service counts as running all the while. A service
that crashes every few minutes would else be young for ever, and never raise an alarm."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is too much."""

    late: timedelta  # [serve] late_minutes
    stuck: timedelta  # [serve] stuck_minutes
    dark: timedelta  # [serve] dark_hours
    poll: timedelta  # [serve] poll_minutes: feeds asked once a day are not dark after six hours
    least_free: int = 500_000_000  # bytes: some weeks of articles and editions, and a backup


@dataclass(frozen=True, slots=True)
class OwedEdition:
    """An edition that is due and not out, or that was passed over."""

    edition: Edition
    due: datetime
    failure: str = ""  # what the last attempt died of; "" when there was none or it is under way
    passed_over: datetime | None = None  # when it was decided that it will not be made


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """One feed that is subscribed to."""

    title: str
    last_answered: datetime | None = None
    errors: int = 0  # failures in a row
    last_error: str = ""
    not_before: datetime | None = None  # it is left alone until then


@dataclass(frozen=True, slots=True)
class OutboxHealth:
    """The mails, and the server that takes them."""

    queued: int = 0
    waiting_since: datetime | None = None  # when the queued mail that waits longest was queued
    reply: str = ""  # what the server said to it last
    halted: str = ""  # why the server refuses the service itself; "" when it does not
    halted_since: datetime | None = None
    halted_remedy: str = ""
    dead: int = 0  # given up within the last day, those not counted that a person dropped
    last_dead: datetime | None = None  # when the latest of them was
    dead_reply: str = ""  # what the server said to it


@dataclass(frozen=True, slots=True)
class DiskHealth:
    """One file system that is written to. Folders on one disk are one reading."""

    holds: str  # "the store and the editions"
    path: str
    free: int  # bytes that the service may still use


@dataclass(frozen=True, slots=True)
class ClockStep:
    """The machine's clock was found to have gone back."""

    seen: datetime  # by the clock as it went on
    back: timedelta


@dataclass(frozen=True, slots=True)
class Readings:
    """Everything that is looked at."""

    since: datetime  # when the service began to run: see `running_since`
    editions: tuple[OwedEdition, ...] = ()
    feeds: tuple[FeedHealth, ...] = ()
    outbox: OutboxHealth = OutboxHealth()
    disks: tuple[DiskHealth, ...] = ()
    clock: ClockStep | None = None


def running_since(known: datetime | None, last_sign: datetime | None, *, now: datetime) -> datetime:
    """Since when the service runs, short pauses not counted. Asked once, when it starts.

    Args:
        known: what this said at the last start; ``None`` at the first.
        last_sign: the last sign of life before this start; ``None`` when there was none.
    """
    if known is None or last_sign is None:
        return now
    return known if known <= now and abs(now - last_sign) < ONE_SERVICE else now
