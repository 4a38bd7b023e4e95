"""The hours of a story's editions, found by looking at its clock minute after minute.

Slow and simple, and blind to how `briefing.timetable` finds them: it only converts moments in UTC
to local time, where there is no ambiguity.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from briefing.news import Edition, Schedule, Story

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def story(zone: str, *times: str, days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)) -> Story:
    """A story with editions at these local times."""
    schedule = Schedule(tuple(time.fromisoformat(one) for one in times), days)
    return Story("harbour", "Harbour", "A strike.", {}, timezone=zone, schedule=schedule)


def utc(text: str) -> datetime:
    """``2026-03-29 01:00`` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def scan(
    one: Story, first: datetime, last: datetime, *, step: timedelta = MINUTE
) -> list[tuple[datetime, Edition]]:
    """Moment and edition of all dates that begin and end between two moments, in order of names.

    The moment is the first at which the clock shows the slot's time; when it never does, though it
    shows the date, the first at which it shows a later time.
    """
    zone = ZoneInfo(one.timezone)
    shown: dict[datetime, datetime] = {}
    moment = first
    while moment <= last:
        shown.setdefault(moment.astimezone(zone).replace(tzinfo=None), moment)
        moment += step
    dates = sorted({local.date() for local in shown})
    found = []
    for day in dates[1:-1]:
        if day.weekday() not in one.schedule.days:
            continue
        for slot, at in zip(one.schedule.slots, one.schedule.times, strict=True):
            label = datetime.combine(day, at)
            hour = shown.get(label) or min(m for local, m in shown.items() if local > label)
            found.append((hour, Edition(one.slug, day, slot)))
    return found


@lru_cache(maxsize=4096)
def changes_of_clocks(zone: str, year: int) -> tuple[date, ...]:
    """Dates in UTC on which a zone's offset changes in that year."""
    clock = ZoneInfo(zone)
    midnights = [datetime(year, 1, 1, tzinfo=UTC) + n * DAY for n in range(367)]
    offsets = [(one, one.astimezone(clock).utcoffset()) for one in midnights]
    return tuple(a.date() for (a, before), (_, after) in pairwise(offsets) if before != after)
