"""When a feed may be asked, decided from what is remembered of it. Pure.

A feed says in two places how long it wants to be left alone: in the answer's headers (max-age,
Expires) and in its own text (ttl, updatePeriod). The longer wish holds, a day at most.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from briefing.ports import FeedState

LONGEST = timedelta(days=1)
"""No wish silences a feed for longer: a daily edition hears every feed at least once."""

Turn = Literal["due", "just asked", "fresh", "failing"]


def turn(state: FeedState, *, now: datetime, pace: timedelta) -> Turn:
    """Whether a feed may be asked now, or why not.

    Args:
        pace: how long a feed is left alone after it was asked, whatever came of it.
    """
    for asked in (state.last_answered, state.last_failed):
        # Of either sign: after a clock was set back, the moment lies in the future
        if asked is not None and abs(now - asked) < pace:
            return "just asked"
    until = state.not_before
    # A wait past the longest one was set by a clock that has been put right since
    if until is None or not now < until <= now + LONGEST:
        return "due"
    return "failing" if state.errors else "fresh"


def fresh_for(state: FeedState, *, said: float, own: float | None) -> float:
    """Seconds for which a feed that has just answered is left alone.

    Args:
        state: as it was before this answer.
        said: wish of the answer's headers, in seconds.
        own: wish of the feed's text, in seconds; ``None`` when it had not changed and its text
            was not sent. Then the wish of the answer before stands for it.
    """
    wish = max(said, state.wish if own is None else own)
    return min(max(wish, 0.0), LONGEST.total_seconds())
