"""Every scheduled local date has each of its editions once, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timetable_scan import DAY, changes_of_clocks, scan, story, utc

from briefing.news import Edition
from briefing.timetable import next_occurrence, occurrence, occurrences

ZONES = sorted(available_timezones())

# -- daylight saving time ----------------------------------------------------------------------

IN_GAP_AND_FOLD = {
    "Europe/Helsinki": ("03:00", "03:30", "04:00"),
    "America/New_York": ("01:30", "02:00", "02:30", "03:00"),
    "Australia/Lord_Howe": ("01:45", "02:00", "02:15", "02:30"),
    "Africa/Casablanca": ("02:00", "02:30", "03:00"),
}


@pytest.mark.parametrize("zone", IN_GAP_AND_FOLD)
def test_four_years_give_one_edition_for_each_date_and_slot(zone: str) -> None:
    daily = story(zone, *IN_GAP_AND_FOLD[zone])
    first, last = utc("2023-12-30 12:00"), utc("2028-01-02 12:00")
    found = occurrences(daily, after=first, up_to=last)
    names = [(one.edition.day, one.edition.slot) for one in found]
    assert len(names) == len(set(names))
    for year in (2024, 2025, 2026, 2027):
        days = {day for day, _ in names if day.year == year}
        assert len(days) == (366 if year == 2024 else 365)
    seen = {one.edition: one.at for one in found}
    expected = scan(daily, first, last, step=timedelta(minutes=15))
    assert {edition: seen[edition] for _, edition in expected} == {e: at for at, e in expected}
    clock = ZoneInfo(zone)
    moved = [one for one in found if f"{one.at.astimezone(clock):%H%M}" != one.edition.slot]
    assert len({one.edition.day for one in moved}) == 4  # a gap each year, and none in between


@pytest.mark.parametrize(
    ("zone", "day", "at", "moment"),
    [
        ("Europe/Helsinki", "2026-03-29", "03:30", "2026-03-29 01:00"),  # gap
        ("Europe/Helsinki", "2026-10-25", "03:30", "2026-10-25 00:30"),  # twice
        ("America/New_York", "2025-03-09", "02:00", "2025-03-09 07:00"),
        ("America/New_York", "2025-03-09", "02:59", "2025-03-09 07:00"),
        ("America/New_York", "2025-03-09", "03:00", "2025-03-09 07:00"),
        ("America/New_York", "2025-11-02", "01:00", "2025-11-02 05:00"),
        ("Australia/Lord_Howe", "2025-10-05", "02:15", "2025-10-04 15:30"),  # half an hour
        ("Australia/Lord_Howe", "2025-04-06", "01:45", "2025-04-05 14:45"),
        ("Africa/Casablanca", "2025-04-06", "02:30", "2025-04-06 02:00"),  # Ramadan is over
        ("Africa/Casablanca", "2025-02-23", "02:30", "2025-02-23 01:30"),  # it begins
        ("America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04 03:00"),  # no midnight
        ("America/Havana", "2024-11-03", "00:30", "2024-11-03 04:30"),
        ("Asia/Kolkata", "2026-01-01", "06:30", "2026-01-01 01:00"),
        ("Asia/Kathmandu", "2026-01-01", "06:30", "2026-01-01 00:45"),
        ("Pacific/Kiritimati", "2026-01-01", "06:30", "2025-12-31 16:30"),
        ("Pacific/Pago_Pago", "2026-01-01", "23:30", "2026-01-02 10:30"),
        ("Africa/Monrovia", "1970-06-01", "06:30", "1970-06-01 07:14:30"),  # 44 min 30 s behind
        ("Africa/Monrovia", "1972-01-07", "00:10", "1972-01-07 00:44:30"),  # an odd gap, exactly
        ("America/Toronto", "1919-03-30", "23:45", "1919-03-31 04:30"),  # across midnight
        ("America/Toronto", "1919-03-31", "00:15", "1919-03-31 04:30"),
        ("Europe/Helsinki", "2090-03-26", "03:30", "2090-03-26 01:00"),  # by the zone's rule
    ],
)
def test_a_local_time_has_one_moment(zone: str, day: str, at: str, moment: str) -> None:
    edition = Edition("harbour", date.fromisoformat(day))
    found = occurrence(story(zone, at), edition)
    assert found is not None
    assert found.edition == edition
    assert found.at == utc(moment)
    assert found.at.tzinfo is UTC


@pytest.mark.parametrize(
    ("zone", "left_out"),
    [
        ("Pacific/Apia", "2011-12-30"),
        ("Pacific/Fakaofo", "2011-12-30"),
        ("Pacific/Kwajalein", "1993-08-21"),
        ("Asia/Manila", "1844-12-31"),
    ],
)
def test_a_date_that_a_zone_left_out_has_no_edition(zone: str, left_out: str) -> None:
    gone = date.fromisoformat(left_out)
    noon = datetime(gone.year, gone.month, gone.day, 12, tzinfo=UTC)
    for at in ("00:00", "12:00", "23:59"):
        daily = story(zone, at)
        found = occurrences(daily, after=noon - 4 * DAY, up_to=noon + 4 * DAY)
        days = [one.edition.day for one in found]
        assert gone not in days
        assert {gone - DAY, gone + DAY} <= set(days)
        assert len(days) == len(set(days))
        assert occurrence(daily, Edition("harbour", gone)) is None
        before = occurrence(daily, Edition("harbour", gone - DAY))
        after = occurrence(story(zone, "00:00"), Edition("harbour", gone + DAY))
        assert before is not None
        assert after is not None
        assert before.until == after.at


def test_a_weekly_edition_skips_a_friday_that_never_was() -> None:
    fridays = story("Pacific/Apia", "06:30", days=(4,))
    found = next_occurrence(fridays, after=utc("2011-12-24 00:00"))
    assert found is not None
    assert found.edition.day == date(2012, 1, 6)


# -- hours and ends ----------------------------------------------------------------------------


def test_an_edition_ends_where_the_next_of_its_day_begins_and_at_the_end_of_its_day() -> None:
    twice = story("Europe/Helsinki", "06:30", "17:00")
    found = occurrences(twice, after=utc("2026-10-24 00:00"), up_to=utc("2026-10-25 23:00"))
    assert [(str(one.edition), one.at, one.until) for one in found] == [
        ("harbour.0630/2026-10-24", utc("2026-10-24 03:30"), utc("2026-10-24 14:00")),
        ("harbour.1700/2026-10-24", utc("2026-10-24 14:00"), utc("2026-10-24 21:00")),
        ("harbour.0630/2026-10-25", utc("2026-10-25 04:30"), utc("2026-10-25 15:00")),
        ("harbour.1700/2026-10-25", utc("2026-10-25 15:00"), utc("2026-10-25 22:00")),
    ]


def test_an_edition_of_some_weekdays_still_ends_with_its_own_day() -> None:
    fridays = story("UTC", "06:30", days=(4,))
    found = next_occurrence(fridays, after=utc("2026-01-01 00:00"))
    assert found is not None
    assert (found.at, found.until) == (utc("2026-01-02 06:30"), utc("2026-01-03 00:00"))


def test_slots_in_one_gap_share_its_end_and_keep_their_order() -> None:
    often = story("Europe/Helsinki", "03:15", "03:45", "04:00")
    found = occurrences(often, after=utc("2026-03-28 22:00"), up_to=utc("2026-03-29 12:00"))
    assert [one.edition.slot for one in found] == ["0315", "0345", "0400"]
    assert {one.at for one in found} == {utc("2026-03-29 01:00")}


def test_the_first_bound_is_left_out_and_the_last_is_not() -> None:
    daily = story("UTC", "06:30")
    first, second = utc("2026-01-01 06:30"), utc("2026-01-02 06:30")
    assert [one.at for one in occurrences(daily, after=first, up_to=second)] == [second]
    following = next_occurrence(daily, after=first)
    assert following is not None
    assert following.at == second
    assert occurrences(daily, after=second, up_to=second) == []
    assert occurrences(daily, after=second, up_to=first) == []


def test_a_story_without_times_has_no_editions() -> None:
    never = story("UTC")
    assert occurrences(never, after=utc("2026-01-01 00:00"), up_to=utc("2026-02-01 00:00")) == []
    assert next_occurrence(never, after=utc("2026-01-01 00:00")) is None
    assert occurrence(never, Edition("harbour", date(2026, 1, 1))) is None


@pytest.mark.parametrize(
    "unknown",
    [
        Edition("other", date(2026, 1, 2)),
        Edition("harbour", date(2026, 1, 2), "0630"),  # the only edition of a day has no slot
        Edition("harbour", date(2026, 1, 3)),  # a Saturday
    ],
)
def test_an_edition_that_the_schedule_lacks_has_no_hour(unknown: Edition) -> None:
    fridays = story("UTC", "06:30", days=(4,))
    assert occurrence(fridays, Edition("harbour", date(2026, 1, 2))) is not None
    assert occurrence(fridays, unknown) is None


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London"])
def test_a_clock_at_either_end_of_the_calendar_is_survived(zone: str) -> None:
    daily = story(zone, "00:00", "23:59")
    low, high = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert occurrences(daily, after=low, up_to=low + 9 * DAY)
    assert occurrences(daily, after=high - 9 * DAY, up_to=high)
    assert next_occurrence(daily, after=high) is None


# -- any zone, any schedule --------------------------------------------------------------------

TIMES = st.lists(st.times(), min_size=1, max_size=4).map(
    lambda some: sorted({f"{one:%H:%M}" for one in some})
)
WEEKDAYS = st.sets(st.integers(0, 6), min_size=1).map(lambda some: tuple(sorted(some)))


@settings(deadline=None, max_examples=60)
@given(
    zone=st.sampled_from(ZONES),
    year=st.integers(1973, 2050),
    pick=st.integers(0, 400),
    times=TIMES,
    days=WEEKDAYS,
)
def test_hours_are_those_that_the_clock_itself_shows(
    zone: str, year: int, pick: int, times: list[str], days: tuple[int, ...]
) -> None:
    changes = changes_of_clocks(zone, year) or (date(year, 1, 1) + pick % 365 * DAY,)
    day = changes[pick % len(changes)]
    middle = datetime(day.year, day.month, day.day, tzinfo=UTC)
    one = story(zone, *times, days=days)
    expected = scan(one, middle - 3 * DAY, middle + 4 * DAY)
    found = occurrences(one, after=middle - 6 * DAY, up_to=middle + 7 * DAY)
    clock = ZoneInfo(zone)
    low, high = ((middle + n * DAY).astimezone(clock).date() for n in (-3, 4))
    assert {o.edition: o.at for o in found if low < o.edition.day < high} == {
        edition: at for at, edition in expected
    }
    assert [(o.at, o.edition.day, o.edition.slot) for o in found] == sorted(
        (o.at, o.edition.day, o.edition.slot) for o in found
    )
    assert all(a.until <= b.at for a, b in pairwise(found))
    assert all(o.at <= o.until and occurrence(one, o.edition) == o for o in found)
    walked, moment = [], middle - 6 * DAY
    while (following := next_occurrence(one, after=moment)) and following.at <= middle + 7 * DAY:
        walked.append(following.at)
        moment = following.at
    assert walked == sorted({o.at for o in found})
