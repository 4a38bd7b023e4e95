"""The editions that are made equal the policy: after downtime, changed clocks, and restarts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timetable_scan import DAY, MINUTE, changes_of_clocks, scan, story, utc

from briefing.news import Edition, Story
from briefing.timetable import CatchUp, Plan, due

LONG_AGO = utc("2020-01-01 00:00")


def plan(
    one: Story, now: str, *settled: Edition, policy: CatchUp = "latest", **others: Any
) -> tuple[list[str], list[str]]:
    """Days and slots to make, and those missed."""
    options = {"since": LONG_AGO, "days": 7} | others
    found = due(one, now=utc(now), settled=settled, policy=policy, **options)
    return _named(found, "make"), _named(found, "missed")


def _named(found: Plan, what: str) -> list[str]:
    return [f"{o.edition.day:%m-%d} {o.edition.slot}".strip() for o in getattr(found, what)]


def made(day: str, slot: str = "") -> Edition:
    return Edition("harbour", date.fromisoformat(day), slot)


DAILY = story("UTC", "06:30")
TWICE = story("UTC", "06:30", "17:00")

# -- the policy by example ---------------------------------------------------------------------


def test_an_edition_is_due_from_its_hour_on_until_it_is_settled() -> None:
    yesterday, today = made("2026-05-01"), made("2026-05-02")
    since = utc("2026-04-30 12:00")
    assert plan(DAILY, "2026-05-02 06:29", yesterday, since=since) == ([], [])
    assert plan(DAILY, "2026-05-02 06:30", yesterday, since=since) == (["05-02"], [])
    assert plan(DAILY, "2026-05-02 23:59", yesterday, since=since) == (["05-02"], [])
    assert plan(DAILY, "2026-05-02 23:59", yesterday, today, since=since) == ([], [])


def test_after_three_days_down_the_latest_is_made_or_each_in_order() -> None:
    last = made("2026-05-01")
    down = {"since": utc("2026-04-30 12:00")}
    assert plan(DAILY, "2026-05-04 09:00", last, **down) == (["05-04"], ["05-02", "05-03"])
    assert plan(DAILY, "2026-05-04 09:00", last, policy="each", **down) == (
        ["05-02", "05-03", "05-04"],
        [],
    )


def test_of_two_slots_only_the_newest_is_made_up_for() -> None:
    since = utc("2026-05-01 12:00")
    assert plan(TWICE, "2026-05-02 20:00", made("2026-05-01", "1700"), since=since) == (
        ["05-02 1700"],
        ["05-02 0630"],
    )


def test_under_latest_nothing_older_than_a_settled_edition_is_made() -> None:
    newer = made("2026-05-03")
    assert plan(DAILY, "2026-05-03 09:00", newer, since=utc("2026-05-01 00:00")) == (
        [],
        ["05-01", "05-02"],
    )
    assert plan(DAILY, "2026-05-03 09:00", newer, since=utc("2026-05-01 00:00"), policy="each") == (
        ["05-01", "05-02"],
        [],
    )


def test_a_run_that_died_leaves_its_edition_due() -> None:
    first = plan(TWICE, "2026-05-02 17:00", made("2026-05-02", "0630"))
    again = plan(TWICE, "2026-05-02 17:20", made("2026-05-02", "0630"))
    assert first[0] == again[0] == ["05-02 1700"]


def test_what_came_before_the_service_knew_the_story_is_never_due() -> None:
    assert plan(DAILY, "2026-05-02 12:00", since=utc("2026-05-02 12:00")) == ([], [])
    assert plan(DAILY, "2026-05-02 12:00", since=utc("2026-05-02 06:30")) == ([], [])
    assert plan(DAILY, "2026-05-02 12:00", since=utc("2026-05-02 06:29")) == (["05-02"], [])
    assert plan(DAILY, "2026-05-02 12:00", since=utc("2027-01-01 00:00")) == ([], [])


def test_longer_ago_than_the_bound_is_neither_made_nor_missed() -> None:
    assert plan(DAILY, "2026-05-09 06:29", policy="each", days=3) == (
        ["05-06", "05-07", "05-08"],
        [],
    )
    assert plan(DAILY, "2026-05-09 06:30", policy="each", days=3) == (
        ["05-07", "05-08", "05-09"],
        [],
    )
    weekly = story("UTC", "06:30", days=(0,))
    assert plan(weekly, "2026-05-09 12:00", days=3) == ([], [])


def test_a_clock_a_year_ahead_makes_few_and_then_holds_up_nothing() -> None:
    known = [made("2026-05-01")]
    wrong = due(
        DAILY,
        now=utc("2027-05-02 06:30"),
        since=LONG_AGO,
        settled=known,
        policy="each",
        days=7,
    )
    assert len(wrong.make) == 7
    known += [one.edition for one in wrong.make]
    assert plan(DAILY, "2026-05-02 06:31", *known)[0] == ["05-02"]  # the clock is right again
    assert plan(DAILY, "2027-04-30 07:00", *known) == ([], ["04-24", "04-25"])


def test_a_clock_set_back_makes_nothing_again() -> None:
    known = [made("2026-05-01"), made("2026-05-02")]
    for now in ("2026-05-02 06:35", "2026-05-02 06:25", "2026-05-01 06:35", "2026-05-02 06:30"):
        assert plan(DAILY, now, *known, since=utc("2026-04-30 12:00")) == ([], [])


def test_an_edition_of_another_story_settles_nothing() -> None:
    other = Edition("elsewhere", date(2026, 5, 2))
    assert plan(DAILY, "2026-05-02 07:00", other, days=1)[0] == ["05-02"]


@pytest.mark.parametrize(
    ("changed", "known", "due_then"),
    [
        (TWICE, made("2026-05-02"), []),  # a second slot is added at noon
        (DAILY, made("2026-05-02", "0630"), []),  # one is taken away
        (story("UTC", "12:00"), made("2026-05-02", "0630"), ["05-02"]),  # the hour, too
        (story("UTC", "07:00"), made("2026-05-02"), []),  # one a day stays one a day
        (story("UTC", "06:30", "11:00"), made("2026-05-02", "1145"), []),
    ],
)
def test_a_changed_schedule_makes_no_edition_again(
    changed: Story, known: Edition, due_then: list[str]
) -> None:
    assert plan(changed, "2026-05-02 12:00", known, days=1)[0] == due_then


def test_every_clock_change_in_four_zones_gives_each_edition_once_by_ticks() -> None:
    zones = {
        "Europe/Helsinki": "03:30",
        "America/New_York": "02:30",
        "Australia/Lord_Howe": "02:15",
        "Africa/Casablanca": "02:30",
    }
    for zone, at in zones.items():
        for policy in ("latest", "each"):
            one, now, done = story(zone, at), utc("2026-01-01 12:00"), []
            while now < utc("2027-01-02 12:00"):
                found = due(
                    one,
                    now=now,
                    since=utc("2026-01-01 12:00"),
                    settled=done[-9:],
                    policy=policy,
                    days=7,
                )
                assert not found.missed
                done += [occurrence.edition for occurrence in found.make]
                now += 17 * DAY / 24
            days = [edition.day for edition in done]
            assert days[:365] == [days[0] + n * DAY for n in range(365)]


# -- a service in bad weather ------------------------------------------------------------------

ZONES = sorted(available_timezones())
TIMES = st.lists(st.times(), min_size=1, max_size=3).map(
    lambda some: sorted({f"{one:%H:%M}" for one in some})
)
WEEKDAYS = st.sets(st.integers(0, 6), min_size=1).map(lambda some: tuple(sorted(some)))
SPAN = 8  # days that a service is watched
MINUTES = st.one_of(st.integers(1, 90), st.integers(60, 1500), st.integers(1000, 6000))


@dataclass
class World:
    """Where and when: a story, all hours of its editions, and when the service first started."""

    story: Story
    hours: list[tuple[datetime, Edition]]
    since: datetime
    until: datetime
    policy: CatchUp
    days: int
    done: list[Edition] = field(default_factory=list)

    def expected(self, now: datetime) -> tuple[list[Edition], list[Edition]]:
        """What to make and what is missed, by the words of the policy."""
        oldest = max(self.since, now - timedelta(days=self.days))
        waiting = [e for at, e in self.hours if oldest < at <= now and e not in self.done]
        if self.policy == "each":
            return waiting, []
        over = [e for at, e in self.hours if at <= now]
        newest_settled = max((over.index(e) for e in self.done if e in over), default=-1)
        fresh = [e for e in waiting if over.index(e) > newest_settled][-1:]
        return fresh, [e for e in waiting if e not in fresh]

    def plan(self, now: datetime) -> tuple[list[Edition], list[Edition]]:
        found = due(
            self.story,
            now=now,
            since=self.since,
            settled=frozenset(self.done),
            policy=self.policy,
            days=self.days,
        )
        return [o.edition for o in found.make], [o.edition for o in found.missed]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    zone, year = draw(st.sampled_from(ZONES)), draw(st.integers(1973, 2050))
    anywhere = (date(year, 1, 1) + draw(st.integers(0, 364)) * DAY,)
    day = draw(st.sampled_from(changes_of_clocks(zone, year) or anywhere))
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) - draw(st.integers(1, 5)) * DAY
    one = story(zone, *draw(TIMES), days=draw(WEEKDAYS))
    hours = scan(one, first - 3 * DAY, first + (SPAN + 2) * DAY)
    since = first + draw(st.integers(0, 2000)) * MINUTE
    policy: CatchUp = draw(st.sampled_from(["latest", "each"]))
    return World(one, hours, since, first + SPAN * DAY, policy, draw(st.integers(1, 5)))


def ticks(world: World, waits: list[int]) -> Iterator[datetime]:
    now = world.since
    for wait in waits:
        now += wait * MINUTE
        if now > world.until:
            return
        yield now


@settings(deadline=None, max_examples=30)
@given(world=worlds(), waits=st.lists(MINUTES, min_size=1, max_size=30))
def test_what_is_made_is_read_off_the_pauses_between_looks_at_the_clock(
    world: World, waits: list[int]
) -> None:
    """A clock that only goes forward: no memory is needed to say what will be made."""
    expected: list[Edition] = []
    moments = [world.since, *ticks(world, waits)]
    for before, now in pairwise(moments):
        oldest = max(before, now - timedelta(days=world.days))
        fallen_due = [edition for at, edition in world.hours if oldest < at <= now]
        expected += fallen_due if world.policy == "each" else fallen_due[-1:]
        make, _ = world.plan(now)
        world.done += make
    assert world.done == expected


STEPS = st.lists(
    st.tuples(
        st.one_of(MINUTES, MINUTES.map(lambda some: -some)),  # the clock, or someone, moves it
        st.integers(0, 3),  # editions made before the service is killed; 3: it is not
        st.booleans(),  # whether those missed were noted by then
    ),
    min_size=3,
    max_size=30,
)


@settings(deadline=None, max_examples=40)
@given(world=worlds(), steps=STEPS)
def test_the_editions_made_equal_the_policy_whatever_the_clock_does(
    world: World, steps: list[tuple[int, int, bool]]
) -> None:
    now, highest = world.since, world.since
    out: list[Edition] = []
    moments = {edition: at for at, edition in world.hours}
    for minutes, survives, noted in steps:
        now = min(max(now + minutes * MINUTE, world.since - 2 * DAY), world.until)
        highest = max(highest, now)
        make, missed = world.plan(now)
        assert (make, missed) == world.expected(now)
        assert not set(make) & set(missed)
        finished = make if survives == 3 else make[:survives]
        out += finished
        world.done += finished
        world.done += missed if noted else []
    assert len(out) == len(set(out))
    assert all(world.since < moments[edition] <= highest for edition in out)
