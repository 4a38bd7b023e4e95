"""Keeps the sign-up form from being used to flood somebody's inbox."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

SPAN = timedelta(hours=1)
FOR_ONE = 1  # mails to one address within SPAN
FOR_ALL = 30  # mails in all within SPAN


class Doorkeeper:
    """Counts the mails that sign-ups asked for within the last hour. Safe among threads.

    What it counts is lost when the process ends; the worst that follows is one mail more.
    """

    def __init__(self) -> None:
        self._let_in: deque[tuple[datetime, str]] = deque()
        self._lock = Lock()

    def admits(self, address: str, *, now: datetime) -> bool:
        """Whether one more may go to this address, and if so, count it.

        ``one+tag@x`` and ``ONE@x`` count as ``one@x``: most servers deliver them to one inbox.
        """
        local, _, domain = address.lower().rpartition("@")
        inbox = f"{local.partition('+')[0]}@{domain}"
        with self._lock:
            # Those later than now were counted before the clock was set back.
            while self._let_in and not now - SPAN < self._let_in[0][0] <= now:
                self._let_in.popleft()
            mine = sum(1 for _, one in self._let_in if one == inbox)
            if mine >= FOR_ONE or len(self._let_in) >= FOR_ALL:
                return False
            self._let_in.append((now, inbox))
            return True
