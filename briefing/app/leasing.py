"""Holding a lease for as long as a piece of work takes."""

from __future__ import annotations

import os
import platform
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from briefing.adapters.store import Lease, SqlStore
from briefing.errors import BriefingError, LeaseLost, StoreError
from briefing.news import Edition
from briefing.ports import Files

RENEWALS = 3
"""In the length of a lease: two may fail before it is lost."""

PATIENCE = 5.0
"""Seconds for the thread that renews to end."""

_ROOT = "pid:[4026531836]"  # PROC_PID_INIT_INO of Linux: the process numbers of the machine itself


def place() -> str:
    """This process, as leases name it: ``host:pid``, or ``host/namespace:pid`` in a container.

    Two containers may have one host name, and each numbers its processes from 1.
    """
    try:
        numbers = os.readlink("/proc/self/ns/pid")
    except OSError:
        numbers = _ROOT
    inside = "" if numbers == _ROOT else f"/{numbers.removeprefix('pid:').strip('[]')}"
    return f"{platform.node()}{inside}:{os.getpid()}"


def gone(other: str) -> bool:
    """Whether the process at that place has certainly ended: it was beside us, and is not.

    A place equal to our own is that of a predecessor, as in a container whose process is always
    number 1.
    """
    if other == place():
        return True
    host, _, number = other.rpartition(":")
    if host != place().rpartition(":")[0] or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


class WhileHeld:
    """Satisfies ``ports.Files`` for a run that holds a lease.

    One that was taken over while its machine slept overwrites nothing of what went out meanwhile.
    """

    def __init__(self, files: Files, renew: Callable[[], object]) -> None:
        """``renew``: raises when the lease is lost."""
        self._files = files
        self._renew = renew

    def save(self, edition: Edition, files: dict[str, str]) -> Path:
        """Write the edition, if the lease is still held.

        Raises:
            LeaseLost: another process has taken over; nothing was written.
            DeliveryError: the folder cannot be written.
        """
        self._renew()
        return self._files.save(edition, files)


@contextmanager
def held(
    store: SqlStore,
    name: str,
    *,
    clock: Callable[[], datetime],
    length: timedelta,
    lost: Callable[[], None] = lambda: None,
) -> Iterator[Lease]:
    """Hold the lease ``name`` inside the block, renewed by a thread of its own.

    Args:
        lost: called from that thread when another process has taken over.

    Raises:
        BriefingError: another process holds it.
    """
    lease = store.leases.take(name, place=place(), now=clock(), length=length, gone=gone)
    if lease is None:
        other = store.leases.holder(name, now=clock())
        until = f"{other.place}, until {other.expires:%H:%M:%S} UTC at least" if other else ""
        raise BriefingError(
            f"{name!r} is being worked on by {until or 'another process'}",
            remedy="Wait for it to end. When that process is dead, its claim ends by itself.",
        )
    ended = threading.Event()

    def renew() -> None:
        pause = length.total_seconds() / RENEWALS
        while not ended.wait(pause):
            try:
                store.leases.renew(lease, now=clock(), length=length)
            except LeaseLost:
                if not ended.is_set():  # else given back while this renewal waited for the store
                    lost()
                return
            except StoreError:
                continue  # a store that is busy or full: the lease has time for another try

    thread = threading.Thread(target=renew, name=f"lease {name}", daemon=True)
    thread.start()
    try:
        yield lease
    finally:
        ended.set()
        thread.join(timeout=PATIENCE)
        with suppress(StoreError):
            store.leases.give_back(lease)
