"""Dates that a text mentions, and what they mean when the day of publication is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from briefing.text.date_patterns import (
    AHEAD,
    DAYS,
    MONTHS,
    NUMBER_WORDS,
    PATTERNS,
    UNITS,
    WEEK_AWAY,
    WEEK_AWAY_BEFORE,
    WORDS,
)
from briefing.text.words import REMEMBERED


class Mention(NamedTuple):
    """One mention of a date. Parts that the text does not state are ``None``."""

    start: int
    end: int
    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None  # 0 is Monday
    relative: int | None = None  # days from the day of publication; -1 is yesterday
    ahead: bool = False  # the words before it speak of what is to come ("will", "next", "due")
    about: bool = False  # only a neighbourhood of days ("last week", "three months ago")
    doubt: bool = False  # one day or the one beside it ("overnight")


def mentions(text: str) -> list[Mention]:
    """Every date that ``text`` mentions, in order and without overlaps.

    "19 November 2024", "Nov. 19", "2024-11-19", "19.11.2024", "February 2022", "in August",
    "Tuesday", "yesterday", "last week", "two days ago". ``11/19/2024`` counts only where one of the
    two numbers can be no month; a bare month needs a word such as "in" or "since" before it, for
    "May" and "March" are also verbs.
    """
    return list(_mentions(text))


@lru_cache(maxsize=REMEMBERED)
def _mentions(text: str) -> tuple[Mention, ...]:
    """A rule asks the same sentence many times; the answer depends on nothing else."""
    taken: list[Mention] = []
    for pattern in PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < m.end and m.start < match.end() for m in taken):
                continue
            taken += _read(match, text)
    return tuple(sorted(taken))


def _read(match: re.Match[str], text: str) -> Iterator[Mention]:
    """The one or two mentions that a match of one pattern states; none if it is no date."""
    parts = match.groupdict()
    start, end = match.span()
    ahead = bool(AHEAD.search(text[max(0, start - 80) : start]))
    year = int(parts["year"]) if parts.get("year") else None
    if parts.get("slash1"):
        one, two = int(parts["slash1"]), int(parts["slash2"])
        if (one > 12) == (two > 12):
            return
        day, month = (one, two) if one > 12 else (two, one)
        if _exists(year, month, day):
            yield Mention(start, end, match.group(), year, month, day, ahead=ahead)
    elif parts.get("month"):
        yield from _read_month(match, year, ahead)
    elif parts.get("weekday"):
        weekday = DAYS[parts["weekday"].lower().rstrip(".")]
        lead = (parts.get("lead") or "").lower()
        past = lead in ("last", "past")  # "last Tuesday" may be this week's or the one before it
        ahead = (ahead or lead in ("next", "coming")) and not past
        away = WEEK_AWAY.match(text, end) or WEEK_AWAY_BEFORE.search(text[:start])
        about = past or bool(away)
        yield Mention(start, end, match.group(), weekday=weekday, ahead=ahead, about=about)
    elif parts.get("count"):
        count = parts["count"].lower()
        number = int(count) if count.isdigit() else NUMBER_WORDS[count]
        unit = parts["unit"].lower()
        # "Two days earlier" counts from another event, not from the day of publication.
        about = unit != "day" or bool(parts.get("about") or parts.get("elsewhere"))
        yield Mention(start, end, match.group(), relative=-number * UNITS[unit], about=about)
    elif parts.get("when"):
        sign = {"last": -1, "this": 0, "next": 1}[parts["when"].lower()]
        relative = sign * UNITS[parts["unit"].lower()]
        yield Mention(start, end, match.group(), relative=relative, ahead=sign > 0, about=True)
    elif parts.get("word"):
        word = parts["word"].lower()
        doubt = word == "overnight"
        yield Mention(start, end, match.group(), relative=WORDS.get(word, 0), doubt=doubt)
    elif year:
        at = match.start("year")
        yield Mention(at, end, text[at:end], year, ahead=ahead)


def _read_month(match: re.Match[str], year: int | None, ahead: bool) -> Iterator[Mention]:
    parts = match.groupdict()
    name = parts["month"].lower().rstrip(".")
    month = int(name) if name.isdigit() else MONTHS[name]
    day = int(parts["day"]) if parts.get("day") else None
    if day is None:
        lead = (parts.get("lead") or "").lower()
        if name == "may" and lead in ("by", "from", "before", "after", "of", "this", "every"):
            return  # "by May" is as likely a person
        ahead = ahead or lead in ("next", "by", "until", "till", "before")
        at = match.start("month")
        yield Mention(at, match.end(), match.string[at : match.end()], year, month, ahead=ahead)
        return
    others = [(k, int(parts[k])) for k in ("day0", "day2") if parts.get(k)]
    days = [day] + [value for _, value in others]
    if not all(_exists(year, month, value) for value in days):
        return
    if not others:
        yield Mention(*match.span(), match.group(), year, month, day, ahead=ahead)
        return
    group, other = others[0]
    cut = match.start("day2") if group == "day2" else match.start("day")
    first, last = (day, other) if group == "day2" else (other, day)
    head = match.string[match.start() : cut].rstrip(" -–—/")
    head = re.sub(r"\s+(?:and|to|or|through)$", "", head)
    yield Mention(match.start(), match.start() + len(head), head, year, month, first, ahead=ahead)
    yield Mention(cut, match.end(), match.string[cut : match.end()], year, month, last, ahead=ahead)


def _exists(year: int | None, month: int, day: int) -> bool:
    try:
        date(year or 2000, month, day)  # 2000: a leap year, when none is stated
    except ValueError:
        return False
    return True


def resolve(mention: Mention, published: date | None) -> tuple[date | None, bool]:
    """The day that ``mention`` means in a text published on ``published``.

    Returns:
        The date and whether it is certain. A mention that names only a month or a year gives its
        first day, uncertain. Without ``published`` only a full date can be resolved. A date
        without a year is in the past 240 days if it can, else in the year that brings it nearest
        (certain within 120 days, for the future only where the text speaks of it). A weekday is
        the last one before publication, or the next one where the words before it speak of the
        future; on that very weekday, for the future, after "last" and a week away it is uncertain,
        and so is "overnight".
    """
    m = mention
    if m.year is not None:
        try:
            found = date(m.year, m.month or 1, m.day or 1)
        except ValueError:
            return None, False
        return found, m.day is not None
    if published is None:
        return None, False
    if m.month is not None:
        return _nearest(m.month, m.day, published, ahead=m.ahead)
    if m.weekday is not None:
        if m.ahead:
            return published + timedelta((m.weekday - published.weekday()) % 7 or 7), False
        back = (published.weekday() - m.weekday) % 7
        return published - timedelta(back), back != 0 and not m.about
    if m.relative is not None:
        return published + timedelta(m.relative), not (m.about or m.doubt)
    return None, False


def _nearest(
    month: int, day: int | None, published: date, *, ahead: bool
) -> tuple[date | None, bool]:
    """A month, or a day of it, in the year that fits: the past, where that is not far."""
    years = range(max(1, published.year - 8), min(9999, published.year + 8) + 1)  # 29 February
    candidates = [date(year, month, day or 1) for year in years if _exists(year, month, day or 1)]
    past = max((found for found in candidates if found <= published), default=None)
    if day is None:
        future = min((found for found in candidates if found > published), default=None)
        return (future if ahead else past), False
    if past is not None and not ahead and published - past <= timedelta(240):
        return past, published - past <= timedelta(120)
    best = min(candidates, key=lambda found: abs(found - published))
    return best, ahead and abs(best - published) <= timedelta(120)


def latest_date(text: str, *, not_after: date) -> date | None:
    """The latest day that ``text`` states and that is not after ``not_after``.

    For an article that carries no date of its own: it was written on or after the last day that
    it reports. A day without a year is the nearest not after ``not_after``. What the text expects
    ("will meet on December 24"), months, weekdays and "yesterday" tell nothing and are left out;
    ``None`` when nothing else is there.
    """
    found: list[date] = []
    for mention in mentions(text):
        if mention.day is None or mention.month is None:
            continue
        if mention.year is not None:
            found.append(date(mention.year, mention.month, mention.day))
        elif not mention.ahead:
            for year in range(not_after.year, not_after.year - 9, -1):
                if _exists(year, mention.month, mention.day):
                    day = date(year, mention.month, mention.day)
                    if day <= not_after:
                        found.append(day)
                        break
    return max((day for day in found if day <= not_after), default=None)
