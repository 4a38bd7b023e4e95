"""When a feed that failed may be asked again. Pure."""

from __future__ import annotations

from datetime import timedelta

FIRST = timedelta(minutes=5)  # the shortest interval at which publishers expect to be polled
LONGEST = timedelta(days=1)  # a daily edition asks every feed at least once


def wait(errors: int, *, retry_after: float | None = None) -> timedelta:
    """How long to leave a feed alone after ``errors`` failures in a row (1 or more).

    Five minutes, doubled with each failure, a day at most. ``retry_after``, the seconds the
    server asked for (RFC 9110 10.2.3), is honoured when it is longer, up to a day.
    """
    doublings = min(max(errors, 1) - 1, 12)  # 2**12 * 5 minutes is past the longest wait
    own = min(FIRST * (1 << doublings), LONGEST)
    if retry_after is None or not retry_after > 0:  # NaN is not greater than 0 either
        return own
    return max(own, timedelta(seconds=min(retry_after, LONGEST.total_seconds())))
