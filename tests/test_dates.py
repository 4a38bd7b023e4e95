"""Dates in a text: found, read and resolved, and nothing that only looks like one."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text.dates import Mention, latest_date, mentions, resolve

FRIDAY = date(2024, 11, 22)


@pytest.mark.parametrize(
    ("text", "year", "month", "day"),
    [
        ("It fell on November 19.", None, 11, 19),
        ("It fell on Nov. 19.", None, 11, 19),
        ("It fell on 19 November 2024, at dawn", 2024, 11, 19),
        ("It fell on November 19th, 2024.", 2024, 11, 19),
        ("on the 19th of November", None, 11, 19),
        ("on 19.11.2024.", 2024, 11, 19),
        ("on 2024-11-19T08:30:00Z", 2024, 11, 19),
        ("on 2024/11/19", 2024, 11, 19),
        ("on 11/19/2024", 2024, 11, 19),
        ("on 19/11/2024", 2024, 11, 19),
        ("since February 2022", 2022, 2, None),
        ("an incursion in August", None, 8, None),
        ("in early September", None, 9, None),
        ("mid-October rains: in mid-October", None, 10, None),
        ("since May", None, 5, None),
        ("on May 9 in Moscow", None, 5, 9),
        ("in 2014", 2014, None, None),
        ("February 29, 2024", 2024, 2, 29),
    ],
)
def test_stated_parts(text: str, year: int | None, month: int | None, day: int | None) -> None:
    last = mentions(text)[-1]
    assert (last.year, last.month, last.day) == (year, month, day)
    assert text[last.start : last.end] == last.text


@pytest.mark.parametrize(
    ("text", "weekday", "relative"),
    [
        ("On Tuesday it fell", 1, None),
        ("on Tues. it fell", 1, None),
        ("last Sunday", 6, None),
        ("yesterday", None, -1),
        ("the day before yesterday", None, -2),
        ("tomorrow", None, 1),
        ("two days ago", None, -2),
        ("a week ago", None, -7),
        ("three weeks ago", None, -21),
        ("last week", None, -7),
        ("overnight", None, 0),
    ],
)
def test_weekdays_and_relative_words(text: str, weekday: int | None, relative: int | None) -> None:
    [mention] = mentions(text)
    assert (mention.weekday, mention.relative) == (weekday, relative)


@pytest.mark.parametrize(
    "text",
    [
        "They may strike again and may not.",
        "Soldiers march 10 miles.",
        "Troops in March 10,000 strong? no: March 10,000 men",
        "He spoke to April Jones and by April Jones.",
        "by May, who resigned",
        "a range of 300 km and 2,024 shells",
        "the 2024-page report",
        "on 1/2/2024",  # either January or February
        "31 November 2024",
        "February 30",
        "version 19.11.2",
        "Mondays are quiet",
        "the Sun reported",
        "+380 2024 1155",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert mentions(text) == []


def test_range_gives_both_days_with_the_year() -> None:
    found = mentions("from November 19-21, 2024 and 3 to 5 March")
    assert [(m.year, m.month, m.day) for m in found] == [
        (2024, 11, 19),
        (2024, 11, 21),
        (None, 3, 3),
        (None, 3, 5),
    ]


@pytest.mark.parametrize(
    ("text", "expected", "certain"),
    [
        ("On Tuesday, Moscow said", date(2024, 11, 19), True),
        ("On Friday, Moscow said", date(2024, 11, 22), False),  # that day, or a week before
        ("The council will meet on Tuesday", date(2024, 11, 26), False),
        ("last Tuesday", date(2024, 11, 19), False),
        ("November 19", date(2024, 11, 19), True),
        ("January 3", date(2025, 1, 3), False),
        ("The talks will open on January 3", date(2025, 1, 3), True),
        ("May 3", date(2024, 5, 3), False),
        ("yesterday", date(2024, 11, 21), True),
        ("last week", date(2024, 11, 15), False),
        ("in August", date(2024, 8, 1), False),
        ("February 2022", date(2022, 2, 1), False),
        ("19 November 2020", date(2020, 11, 19), True),
        ("by December the council will", date(2024, 12, 1), False),
    ],
)
def test_resolve_against_publication(text: str, expected: date, certain: bool) -> None:
    assert resolve(mentions(text)[0], FRIDAY) == (expected, certain)


def test_without_publication_only_a_stated_year_is_resolved() -> None:
    assert resolve(mentions("On Tuesday")[0], None) == (None, False)
    assert resolve(mentions("November 19")[0], None) == (None, False)
    assert resolve(mentions("19 November 2024")[0], None) == (date(2024, 11, 19), True)


def test_leap_day_without_a_year() -> None:
    assert resolve(mentions("February 29")[0], date(2023, 3, 1))[0] == date(2024, 2, 29)
    assert latest_date("It happened on February 29.", not_after=date(2023, 3, 1)) == date(
        2020, 2, 29
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On November 19 it began; on November 21 it burned.", date(2024, 11, 21)),
        ("Since February 2022, and in August, and on Tuesday.", None),
        ("The vote will be held on December 24.", None),
        ("On December 24 it began.", date(2023, 12, 24)),
        ("On 3 March 2025 it ends; on 1 March 2024 it began.", date(2024, 3, 1)),
        ("Nothing here says when.", None),
    ],
)
def test_latest_date(text: str, expected: date | None) -> None:
    assert latest_date(text, not_after=FRIDAY) == expected


@given(st.text(max_size=200))
def test_any_text_gives_ordered_spans_of_it(text: str) -> None:
    found = mentions(text)
    for before, after in pairwise(found):
        assert before.end <= after.start
    for mention in found:
        assert text[mention.start : mention.end] == mention.text
        resolve(mention, FRIDAY)


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_stated_date_is_read_back(day: date) -> None:
    months = "January February March April May June July August September October November December"
    name = months.split()[day.month - 1]
    for text in (
        day.isoformat(),
        f"{name} {day.day}, {day.year}",
        f"{day.day} {name} {day.year}",
        f"{day.day}.{day.month}.{day.year}",
    ):
        [mention] = mentions(f"It was on {text}")
        assert resolve(mention, None) == (day, True)
        assert isinstance(mention, Mention)
