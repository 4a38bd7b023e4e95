"""The list of all editions: the newest ones on the front page, each month on a page of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from briefing.news import Digest, Schedule, Story
from briefing.stages.render import dates
from briefing.stages.render.page import template
from briefing.stages.render.site.place import Issue, Masthead, Place, path
from briefing.stages.render.view import View, view
from briefing.text.characters import one_line
from briefing.text.words import count

ON_FRONT = 30
"""Editions listed on the front page: about a month, and a page that a phone loads at once."""


@dataclass(frozen=True, slots=True)
class Line:
    """One edition in a list."""

    path: str
    stamp: str  # ISO date
    weekday: str  # "Fri"
    number: int  # day of the month
    time: str  # "17:00" where a day has several editions
    headline: str
    story: str  # "" where there is only one
    first: bool  # of its day


@dataclass(frozen=True, slots=True)
class Lead:
    """The newest edition of a story, opened on the front page."""

    path: str
    page: View
    spread: str  # "3 changes, 2 developments from 2 sources"; "" when there is none


@dataclass(frozen=True, slots=True)
class Year:
    """The months of one year that have editions."""

    year: int
    months: tuple[tuple[str, str, int], ...]  # ("2024-11", "November", editions), in order


def front(
    masthead: Masthead,
    *,
    leads: Sequence[Digest],
    earlier: Sequence[Issue],
    counts: Mapping[str, int],
    coming: Sequence[str],
    place: Place,
) -> str:
    """The front page.

    Args:
        leads: the newest edition of each story, to be opened at the top.
        earlier: those to be listed below, newest first.
        counts: the months that have editions (see :func:`key_of`), and how many.
        coming: when which editions are made (see :func:`coming`); an empty archive shows it.
    """
    editions = [*(digest.edition for digest in leads), *(issue.edition for issue in earlier)]
    several = masthead.several or len({edition.story for edition in editions}) > 1
    return template("site-archive.html").render(
        masthead=masthead,
        place=place,
        several=several,
        month="",
        leads=[_lead(digest) for digest in leads],
        groups=_groups(earlier, several=several),
        years=_years(counts),
        coming=[one_line(line) for line in coming],
        newer=None,
        older=None,
    )


def month(
    masthead: Masthead, issues: Sequence[Issue], *, counts: Mapping[str, int], place: Place
) -> str:
    """The page of one month.

    Args:
        issues: all of that month, newest first; at least one.
        counts: as for :func:`front`.
    """
    several = masthead.several or len({issue.edition.story for issue in issues}) > 1
    key = key_of(issues[0].edition.day)
    keys = sorted(counts, reverse=True)
    at = keys.index(key)
    return template("site-archive.html").render(
        masthead=masthead,
        place=place,
        several=several,
        month=_named(key),
        leads=[],
        groups=_groups(issues, several=several),
        years=_years(counts),
        coming=[],
        newer=(keys[at - 1], _named(keys[at - 1])) if at else None,
        older=(keys[at + 1], _named(keys[at + 1])) if at + 1 < len(keys) else None,
    )


def key_of(day: date) -> str:
    """The month of a day, as its page's address names it: ``2024-11``."""
    return f"{day.year:04d}-{day.month:02d}"


def headline(digest: Digest) -> str:
    """What the edition is called in a list: its subject, in quotation marks where that is a
    source's own words, or the one line of a quiet day."""
    page = view(digest)
    return page.quiet or page.subject.text


def coming(stories: Mapping[str, Story]) -> tuple[str, ...]:
    """For each story when its editions are made: "Harbour strike: every day at 06:30 (UTC)"."""
    return tuple(f"{story.name}: {when(story)}" for story in stories.values())


def when(story: Story) -> str:
    """``Monday to Friday at 06:30 and 17:00 (Europe/Kyiv)``"""
    schedule = story.schedule
    if not schedule.times:
        return "whenever one is asked for, with `briefing run`"
    times = [f"{one:%H:%M}" for one in schedule.times]
    return f"{_days(schedule)} at {_listed(times)} ({story.timezone})"


def _days(schedule: Schedule) -> str:
    days = schedule.days
    if len(days) == 7:
        return "every day"
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return f"{dates.WEEKDAYS[days[0]]} to {dates.WEEKDAYS[days[-1]]}"
    return _listed([dates.WEEKDAYS[day] for day in days])


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _lead(digest: Digest) -> Lead:
    page = view(digest)
    counted = (
        (page.moves, "change"),
        (page.parts, "development"),
        (page.background, "known development"),
    )
    what = ", ".join(count(len(found), noun) for found, noun in counted if found)
    sources = count(len(digest.sources), "source")
    return Lead(path(digest.edition), page, f"{what} from {sources}" if what else "")


def _groups(issues: Iterable[Issue], *, several: bool) -> list[tuple[str, str, list[Line]]]:
    """(month's key, its name, its lines), newest first."""
    groups = []
    for key, group in groupby(issues, key=lambda issue: key_of(issue.edition.day)):
        lines: list[Line] = []
        for issue in group:
            stamp = issue.edition.day.isoformat()
            first = not lines or lines[-1].stamp != stamp
            lines.append(_line(issue, several=several, first=first))
        groups.append((key, _named(key), lines))
    return groups


def _line(issue: Issue, *, several: bool, first: bool) -> Line:
    day = issue.edition.day
    return Line(
        path=issue.path,
        stamp=day.isoformat(),
        weekday=dates.WEEKDAYS[day.weekday()][:3],
        number=day.day,
        time=issue.time,
        headline=one_line(issue.headline) or "Untitled",
        story=one_line(issue.story) if several else "",
        first=first,
    )


def _years(counts: Mapping[str, int]) -> list[Year]:
    years = sorted({key[:4] for key in counts}, reverse=True)
    return [
        Year(
            int(year),
            tuple(
                (key, _named(key).split()[0], counts[key])
                for key in sorted(counts)
                if key.startswith(year)
            ),
        )
        for year in years
    ]


def _named(key: str) -> str:
    """``November 2024`` for ``2024-11``."""
    return dates.day(date.fromisoformat(f"{key}-01")).partition(" ")[2]
