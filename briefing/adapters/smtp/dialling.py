"""A connection that comes in time, or not at all."""

from __future__ import annotations

import socket
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Thread

from briefing.adapters.smtp.faults import Broken, translate

ADDRESS_SECONDS = 30.0
"""Patience with one of several addresses of a host (Postfix: ``smtp_connect_timeout``)."""


class Dialling:
    """One attempt to connect; :meth:`cut` may be called by another thread.

    Name servers know no timeout, and several addresses take one each; so a thread does both, and
    is left behind when time is up.
    """

    def __init__(self) -> None:
        self._found: SimpleQueue[socket.socket | OSError | UnicodeError | None] = SimpleQueue()
        self._gone = Event()

    def connect(self, host: str, port: int, *, seconds: float) -> socket.socket:
        """The connection.

        Raises:
            Broken: no such host, refused, out of time, or cut.
        """

        def dial() -> None:
            try:
                patience = min(seconds, ADDRESS_SECONDS)
                self._found.put(socket.create_connection((host, port), patience))
            except (OSError, UnicodeError) as error:
                self._found.put(error)
            if self._gone.is_set():
                self._discard()

        Thread(target=dial, name=f"connect {host}", daemon=True).start()
        found: socket.socket | OSError | UnicodeError | None
        try:
            found = self._found.get(timeout=seconds)
        except Empty:
            found = TimeoutError()
        if isinstance(found, socket.socket):
            return found
        self._gone.set()  # before the last look: one of the two sees what came too late
        self._discard()
        raise translate(found, seconds=seconds) if found else Broken("stopped")

    def cut(self) -> None:
        """Wait no longer."""
        self._found.put(None)

    def _discard(self) -> None:
        with suppress(Empty):
            while True:
                if isinstance(late := self._found.get_nowait(), socket.socket):
                    late.close()
