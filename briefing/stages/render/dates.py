"""Dates and times as a reader reads them: absolute, in English, never relative."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from briefing.news.following import SINCE

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day(value: date) -> str:
    """``22 November 2024``"""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def short(value: date, beside: date) -> str:
    """``18 November``; with its year when that is not the year of ``beside``."""
    return day(value) if value.year != beside.year else f"{value.day} {_MONTHS[value.month - 1]}"


def long_day(value: date) -> str:
    """``Friday 22 November 2024``"""
    return f"{WEEKDAYS[value.weekday()]} {day(value)}"


def has_time(moment: datetime) -> bool:
    """Whether a time of day is known: midnight UTC stands for a date alone (`news.Article`)."""
    return moment.astimezone(UTC).time() != time()


def moment(value: datetime) -> str:
    """``22 November 2024, 06:30``, by the value's own offset; the day alone without a time."""
    if not has_time(value):
        return day(value.date())
    return f"{day(value.date())}, {value:%H:%M}"


def of_slot(slot: str) -> str:
    """``17:00`` for the slot "1700"; "" for that of a day's only edition.

    ``since 17 November 2024`` for "since-2024-11-17", an edition that makes up for several.
    """
    if slot.startswith(SINCE):
        return f"since {day(date.fromisoformat(slot.removeprefix(SINCE)))}"
    return f"{slot[:2]}:{slot[2:]}" if slot else ""


def closing(value: datetime) -> str:
    """``22 November 2024, 06:30 UTC+2``; ``the end of 22 November 2024, UTC+2`` for midnight."""
    zone = offset(value)
    if value.time() == time():
        return f"the end of {day(value.date() - timedelta(days=1))}, {zone}"
    return f"{day(value.date())}, {value:%H:%M} {zone}"


def offset(value: datetime) -> str:
    """``UTC``, ``UTC+2`` or ``UTC−3:30``."""
    delta = value.utcoffset() or timedelta()
    minutes = round(delta.total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


def age(newest: datetime, made: datetime, day: date) -> str:
    """How old the newest source was: ``5 hours before this edition was made``.

    An edition of a past ``day`` that is made later is measured from its day.
    """
    if made.date() > day:
        days = (day - newest.date()).days
        return (
            f"{days} day{'s' * (days != 1)} before the day of this edition"
            if days > 0
            else "its day"
        )
    if has_time(newest):
        hours = int((made - newest).total_seconds() // 3600)
        if hours < 0:
            return "dated after this edition was made"
        if hours < 1:
            return "less than an hour before this edition was made"
        if hours < 48:
            return f"{hours} hour{'s' * (hours != 1)} before this edition was made"
    days = (made.date() - newest.date()).days
    if days < 0:
        return "dated after this edition was made"
    if days == 0:
        return "the day on which this edition was made"
    return f"{days} day{'s' * (days != 1)} before this edition was made"


def seconds(value: float) -> str:
    """``24 s`` or ``3 min 5 s``"""
    whole = round(value)
    return f"{whole} s" if whole < 120 else f"{whole // 60} min {whole % 60} s"
