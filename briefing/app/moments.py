"""The moment at which an edition of the past is to stand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from briefing.errors import BriefingError
from briefing.news import Story
from briefing.pipeline.run import end_of


def moment(as_of: date, story: Story, *, now: datetime) -> datetime:
    """The moment that is meant, in UTC.

    Args:
        as_of: a time, by the story's clocks where it has no zone; or a date: the end of that local
            day.

    Raises:
        BriefingError: it is still to come.
    """
    if isinstance(as_of, datetime):
        there = as_of if as_of.tzinfo else as_of.replace(tzinfo=ZoneInfo(story.timezone))
    else:
        there = end_of(as_of, story)
    found = there.astimezone(UTC)
    if found > now:
        raise BriefingError(
            f"{there:%Y-%m-%d %H:%M} ({story.timezone}) is still to come",
            remedy="Name a moment that has passed; a date means the end of that day. "
            "`briefing run` makes the edition of now.",
        )
    return found


def day_of(as_of: date, story: Story) -> date:
    """The story's local date at ``as_of``, which is taken as by :func:`moment`."""
    if not isinstance(as_of, datetime):
        return as_of
    return as_of.astimezone(ZoneInfo(story.timezone)).date() if as_of.tzinfo else as_of.date()


def begun(day: date, as_of: datetime, story: Story) -> None:
    """An edition can stand at a moment of its day or later.

    Raises:
        BriefingError: the day had not begun at ``as_of``.
    """
    if as_of <= datetime.combine(day, time(), ZoneInfo(story.timezone)):
        local = as_of.astimezone(ZoneInfo(story.timezone))
        raise BriefingError(
            f"the edition of {day} had not begun at {local:%Y-%m-%d %H:%M}",
            remedy="Leave out --date, or name an earlier one.",
        )
