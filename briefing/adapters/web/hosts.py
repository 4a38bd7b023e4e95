"""How each host is treated: few fetches at once, a pause between them, left alone when it asks.

What is done for one host is bounded as well, so that a host that is slow, or that is slow on
purpose, cannot hold up a run: its articles are told in the feed's own words then.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition

from briefing.errors import FetchError

PER_HOST = 2
"""Fetches from one host at once, as RFC 2616, 8.1.4 asked of browsers."""

LONGEST_PAUSE = 10.0
"""Seconds between two pages that a site may ask for by Crawl-delay; more is cut to this."""

MOST_SECONDS = 600.0
"""What the pages of one host may take in an hour, pauses included."""

MOST_TIMEOUTS = 3
"""In a row; then the host is given up for ``GIVEN_UP`` seconds."""

GIVEN_UP = 300.0
TOO_MANY = 60.0  # seconds for a 429 that names none

_HOUR = 3600.0


@dataclass(slots=True)
class _Host:
    pause: float
    since: float  # when its hour began
    spent: float = 0.0  # seconds of that hour
    busy: int = 0
    next_start: float = 0.0
    closed_until: float = 0.0
    closed_for: str = ""  # the reason
    timeouts: int = 0  # in a row


class Hosts:
    """Turns and pauses for each host. Thread-safe; moments are those of ``clock``.

    Args:
        most: fetches from one host at once.
        pause: least seconds between the beginnings of two fetches from one host.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        *,
        most: int = PER_HOST,
        pause: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._pause = pause
        self._clock = clock
        self._hosts: dict[str, _Host] = {}
        self._changed = Condition()

    def admit(self, host: str, *, url: str) -> None:
        """Pass when pages of ``host`` may be asked for now.

        Raises:
            FetchError: the host wants to be left alone, or has had its time: "http 429",
                "http 503", "timeout" or "no turn".
        """
        with self._changed:
            self._refuse(self._host(host), host, url)

    def take(self, host: str, *, url: str, page: bool) -> float:
        """Wait for a turn; return the seconds waited.

        Every turn ends at its own deadline, and the pause is bounded.

        Raises:
            FetchError: as :meth:`admit`, when it is a ``page``. Feeds are always asked: their
                patience is kept by the store.
        """
        began = self._clock()
        with self._changed:
            one = self._host(host)
            while True:
                if page:
                    self._refuse(one, host, url)
                now = self._clock()
                if one.busy >= self._most:
                    self._changed.wait()
                elif now < one.next_start:
                    self._changed.wait(one.next_start - now)
                else:
                    break
            one.busy += 1
            one.next_start = now + one.pause
            one.spent += one.pause if page else 0.0
        return now - began

    def give(self, host: str, *, took: float = 0.0, timed_out: bool = False) -> None:
        """End a turn that ``took`` so many seconds."""
        with self._changed:
            one = self._host(host)
            one.busy -= 1
            one.spent += took / self._most
            one.timeouts = one.timeouts + 1 if timed_out else 0
            if one.timeouts >= MOST_TIMEOUTS:
                one.timeouts = 0
                self._close(one, GIVEN_UP, "timeout")
            self._changed.notify_all()

    def leave_alone(self, host: str, seconds: float, *, reason: str) -> None:
        """Ask for no page of ``host`` for so long."""
        with self._changed:
            self._close(self._host(host), seconds, reason)
            self._changed.notify_all()

    def slow_down(self, host: str, pause: float) -> None:
        """Keep at least this pause from now on, in seconds; ``LONGEST_PAUSE`` at most."""
        with self._changed:
            one = self._host(host)
            one.pause = max(self._pause, min(pause, LONGEST_PAUSE))

    def _host(self, name: str) -> _Host:
        return self._hosts.setdefault(name, _Host(self._pause, self._clock()))

    def _close(self, one: _Host, seconds: float, reason: str) -> None:
        one.closed_until = max(one.closed_until, self._clock() + seconds)
        one.closed_for = reason

    def _refuse(self, one: _Host, host: str, url: str) -> None:
        now = self._clock()
        if now < one.closed_until:
            left = one.closed_until - now
            raise FetchError(
                url,
                one.closed_for,
                detail=f"{host} is left alone for {left:.0f} s more",
                retry_after=left,
            )
        if now - one.since >= _HOUR:
            one.since, one.spent = now, 0.0
        if one.spent >= MOST_SECONDS:
            raise FetchError(
                url, "no turn", detail=f"pages of {host} took {MOST_SECONDS:.0f} s of this hour"
            )
