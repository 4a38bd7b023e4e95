"""Which editions are due: local times of a story's schedule, and moments in UTC.

Every local date and slot has one occurrence: the first moment at which clocks in the story's zone
show the slot's time or a later one. Where clocks are set back, that is the first of two such
times; where they skip the time, it is the end of the gap. Moments so defined never go back from
one slot to the next, whatever a zone does. A local date that a zone left out altogether, as Samoa
did 2011-12-30, has no edition.

Pure: the hour is an argument, and editions that went out are remembered by their names, so a clock
that is set back makes none of them again. Rules of zones are those of the system, else of the
`tzdata` package, as they were when the program started.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from briefing.news import Edition, Story

CatchUp = Literal["latest", "each"]
"""What is made of the editions that fell due while nobody made them."""

MARGIN = 2
"""Days between a moment's date in UTC and the farthest local date whose slot can fall on it: one
for the zone's offset, one for a slot that waited for the end of a gap."""

SEARCH = 16
"""Days looked ahead for the next occurrence: a weekly one whose date is left out comes after 14."""

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An edition and its hour."""

    edition: Edition
    at: datetime  # UTC
    until: datetime  # UTC; articles published from then on belong to a later edition


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do about the editions that are due, both in order of their hours."""

    make: tuple[Occurrence, ...]
    missed: tuple[Occurrence, ...]  # passed over; noted as settled, they are never due again


def occurrences(story: Story, *, after: datetime, up_to: datetime) -> list[Occurrence]:
    """All editions with ``after < at <= up_to``, in order of their hours.

    Where a gap gives several slots one moment, they keep the order of their local times.

    Args:
        after: UTC; excluded.
        up_to: UTC; included.
    """
    first, last = after.date(), up_to.date()
    days = _days(first, (last - first).days + MARGIN)
    return [one for day in days for one in _of_day(story, day) if after < one.at <= up_to]


def next_occurrence(story: Story, *, after: datetime) -> Occurrence | None:
    """The first edition whose hour is later; ``None`` for a story without a schedule."""
    days = _days(after.date(), SEARCH)
    return next((one for day in days for one in _of_day(story, day) if one.at > after), None)


def occurrence(story: Story, edition: Edition) -> Occurrence | None:
    """The hour of an edition; ``None`` when the story's schedule has no such edition."""
    if edition.story != story.slug:
        return None
    return next((one for one in _of_day(story, edition.day) if one.edition == edition), None)


def due(
    story: Story,
    *,
    now: datetime,
    since: datetime,
    settled: Collection[Edition],
    policy: CatchUp,
    days: int,
) -> Plan:
    """The editions to make now.

    Looked at are those whose hour came after ``since``, in the last ``days``, and that are not
    settled. ``each``: all of them are made. ``latest``: only the newest is made, and none when a
    newer one is settled; the others are missed. A settled edition whose hour is still to come was
    made by a clock that was ahead: it is not made again, and it holds up none that is due.

    A schedule that gains or loses a slot renames its editions; one that went out under its other
    name at the same time of day counts as settled.

    Args:
        now: UTC.
        since: UTC; when the service first knew the story. What was due by then is not due.
        settled: editions that went out, were given up, or were missed. Those due in the last
            ``days`` suffice.
        policy: what is made of several that are due.
        days: how far back an edition can be made up for, in days.
    """
    past = occurrences(story, after=max(since, now - timedelta(days=days)), up_to=now)
    done = {_place(story, edition) for edition in settled if edition.story == story.slug}
    open_ones = [one for one in past if _place(story, one.edition) not in done]
    if policy == "each" or not open_ones:
        return Plan(tuple(open_ones), ())
    newest = _place(story, open_ones[-1].edition)
    if any(place > newest and _moment(story, *place) <= now for place in done):
        return Plan((), tuple(open_ones))
    return Plan((open_ones[-1],), tuple(open_ones[:-1]))


def _days(first: date, count: int) -> Iterator[date]:
    """Local dates from a margin before ``first`` to ``count`` days after it, within the calendar
    with room for a zone's offset at both ends."""
    low, high = date.min.toordinal() + MARGIN, date.max.toordinal() - MARGIN
    start = max(low, first.toordinal() - MARGIN)
    stop = min(high, first.toordinal() + count)
    return (date.fromordinal(number) for number in range(start, stop + 1))


def _of_day(story: Story, day: date) -> list[Occurrence]:
    """The editions of one local date, in order."""
    schedule = story.schedule
    if not schedule.times or day.weekday() not in schedule.days or not _exists(story, day):
        return []
    hours = [_moment(story, day, one) for one in schedule.times]
    ends = [*hours[1:], _moment(story, day + timedelta(days=1), time())]
    return [
        Occurrence(Edition(story.slug, day, slot), at, until)
        for slot, at, until in zip(schedule.slots, hours, ends, strict=True)
    ]


def _exists(story: Story, day: date) -> bool:
    """Whether clocks of the story's zone ever showed this date."""
    first = _moment(story, day, time())
    return first.astimezone(ZoneInfo(story.timezone)).date() == day


def _moment(story: Story, day: date, at: time) -> datetime:
    """The first moment, in UTC, at which local clocks show ``day`` and ``at``, or later.

    PEP 495: of a time that occurs twice, ``fold=0`` is the first. In a gap, ``fold=0`` is read with
    the offset before it and so lies behind the gap, ``fold=1`` with the offset after it and so
    lies ahead of it: the gap's end is between the two, and offsets change on whole seconds.
    """
    zone = ZoneInfo(story.timezone)
    wanted = datetime.combine(day, at)

    def reached(moment: datetime) -> bool:
        return moment.astimezone(zone).replace(tzinfo=None) >= wanted

    found = wanted.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None, fold=0) == wanted:
        return found
    before = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC)
    low, high = 0, (found - before) // SECOND
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(before + middle * SECOND) else (middle, high)
    return before + high * SECOND


def _place(story: Story, edition: Edition) -> tuple[date, time]:
    """Local date and time of an edition, also of one that an earlier schedule named.

    The only edition of a day carries no time in its name: where a schedule has gained slots, it
    stands for the first of them.
    """
    if edition.slot:
        return edition.day, time(int(edition.slot[:2]), int(edition.slot[2:]))
    times = story.schedule.times
    return edition.day, times[0] if times else time()
