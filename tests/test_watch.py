"""What deserves an alarm, read off what the store, the disks and the clock say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.news import Edition
from briefing.watch import (
    EVENTS,
    KINDS,
    Alarm,
    ClockStep,
    DiskHealth,
    FeedHealth,
    Kind,
    Limits,
    OutboxHealth,
    OwedEdition,
    Readings,
    alarms,
    running_since,
)
from briefing.watch.finding import span

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 5, 2, 12, tzinfo=UTC)
LONG_AGO = NOW - 30 * DAY
LIMITS = Limits(late=HOUR, stuck=HOUR, dark=6 * HOUR, poll=30 * MINUTE)
TODAY = Edition("harbour", date(2026, 5, 2), "1130")


def found(now: datetime = NOW, limits: Limits = LIMITS, **readings: Any) -> list[Alarm]:
    return alarms(Readings(**{"since": LONG_AGO} | readings), limits, now=now)


def kinds(now: datetime = NOW, limits: Limits = LIMITS, **readings: Any) -> list[str]:
    return [one.kind for one in found(now, limits, **readings)]


def test_nothing_wrong_is_no_alarm() -> None:
    assert found() == []
    assert (
        found(
            editions=(OwedEdition(TODAY, NOW - 59 * MINUTE, failure="out of memory"),),
            feeds=(FeedHealth("A", NOW - HOUR), FeedHealth("B", None, 40, "timeout")),
            outbox=OutboxHealth(12, NOW - 59 * MINUTE, reply="451 later"),
            disks=(DiskHealth("the store", "/var/lib/briefing", 500_000_000),),
            clock=ClockStep(NOW - HOUR, 119 * timedelta(seconds=1)),
        )
        == []
    )


# -- editions ----------------------------------------------------------------------------------


def test_an_edition_is_missed_an_hour_after_its_time_and_failed_when_runs_fail() -> None:
    missed, failed = found(
        editions=(
            OwedEdition(replace(TODAY, story="canal"), NOW - 75 * MINUTE, "no room\nfor the model"),
            OwedEdition(TODAY, NOW - 3 * HOUR),
        )
    )
    assert (missed.kind, missed.subject) == ("missed edition", "harbour.1130/2026-05-02")
    assert missed.text.startswith("harbour.1130/2026-05-02 is not out 3 hours after its time")
    assert missed.since == NOW - 3 * HOUR
    assert (failed.kind, failed.subject) == ("failed edition", "canal.1130/2026-05-02")
    assert "75 minutes" in failed.text
    assert failed.text.endswith("no room for the model")


def test_lateness_counts_from_the_start_of_a_service_that_was_down() -> None:
    owed = (OwedEdition(TODAY, NOW - 3 * DAY),)
    assert kinds(editions=owed, since=NOW - 59 * MINUTE) == []
    assert kinds(editions=owed, since=NOW - 60 * MINUTE) == ["missed edition"]


def test_an_edition_that_was_passed_over_is_told_for_a_day() -> None:
    skipped = OwedEdition(TODAY, NOW - 3 * DAY, failure="killed", passed_over=NOW - MINUTE)
    assert kinds(editions=(skipped,), since=NOW - MINUTE) == ["skipped edition"]
    assert kinds(editions=(replace(skipped, passed_over=NOW - DAY),)) == []


# -- mails -------------------------------------------------------------------------------------


def test_a_mail_that_waits_an_hour_is_stuck() -> None:
    waiting = OutboxHealth(3, NOW - 2 * HOUR, reply="rcpt: 451 try again")
    (stuck,) = found(outbox=waiting)
    assert stuck.kind == "stuck outbox"
    assert stuck.text == "3 mails wait, the oldest for 2 hours: rcpt: 451 try again"
    assert kinds(outbox=waiting, since=NOW - 30 * MINUTE) == []
    (silent,) = found(outbox=OutboxHealth(1, NOW - 61 * MINUTE))
    assert silent.text == "1 mail waits, the oldest for 61 minutes"


def test_a_server_that_refuses_the_service_is_told_at_once_and_alone() -> None:
    halted = OutboxHealth(
        9, NOW - DAY, halted="auth: 535 5.7.8 bad password", halted_since=NOW - MINUTE
    )
    (one,) = found(outbox=halted)
    assert (one.kind, one.since) == ("mail halted", NOW - MINUTE)
    assert "535" in one.text
    assert "9 mails wait" in one.text
    assert "briefing mail test" in one.remedy
    (other,) = found(outbox=replace(halted, halted_remedy="write the new password"))
    assert other.remedy == "write the new password"


def test_mails_that_were_given_up_are_told_for_a_day() -> None:
    dead = OutboxHealth(dead=2, last_dead=NOW - HOUR, dead_reply="rcpt: 550 no such user")
    (one,) = found(outbox=dead)
    assert (one.kind, one.since) == ("dead letters", NOW - HOUR)
    assert one.text == "2 mails were given up in the last day: rcpt: 550 no such user"
    assert kinds(outbox=replace(dead, last_dead=NOW - DAY)) == []


# -- feeds -------------------------------------------------------------------------------------


def test_feeds_are_dark_when_none_has_answered_for_long() -> None:
    silent = (
        FeedHealth("A", NOW - 7 * HOUR, 3, "timeout"),
        FeedHealth("B", NOW - 9 * HOUR, 3, "timeout"),
        FeedHealth("C", None, 9, "http 503"),
    )
    (one,) = found(feeds=silent)
    assert one.kind == "dark feeds"
    assert one.text == "none of 3 feeds has answered for 7 hours: 2 × timeout, 1 × http 503"
    assert one.since == NOW - 7 * HOUR
    assert kinds(feeds=(*silent, FeedHealth("D", NOW - 5 * HOUR))) == []
    assert kinds(feeds=()) == []


def test_a_fresh_service_is_not_dark_at_once() -> None:
    new = (FeedHealth("A", None, 5, "timeout"),)
    old = (FeedHealth("A", NOW - 3 * DAY, 5, "timeout"),)
    for feeds in (new, old):
        assert kinds(feeds=feeds, since=NOW - 6 * HOUR + MINUTE) == []
        assert kinds(feeds=feeds, since=NOW - 6 * HOUR) == ["dark feeds"]


def test_feeds_that_are_not_asked_are_dark_too() -> None:
    (one,) = found(feeds=(FeedHealth("A", NOW - DAY),))
    assert "may not be asked" in one.text


def test_feeds_that_are_asked_seldom_are_not_dark_in_between() -> None:
    daily = replace(LIMITS, poll=DAY)
    assert kinds(limits=daily, feeds=(FeedHealth("A", NOW - 47 * HOUR),)) == []
    assert kinds(limits=daily, feeds=(FeedHealth("A", NOW - 48 * HOUR),)) == ["dark feeds"]
    rests = FeedHealth("A", NOW - 20 * HOUR, not_before=NOW + HOUR)
    assert kinds(feeds=(rests,)) == []
    assert kinds(feeds=(replace(rests, errors=1),)) == ["dark feeds"]  # it rests from failures
    assert kinds(feeds=(replace(rests, not_before=NOW - 6 * HOUR),)) == ["dark feeds"]


# -- the machine -------------------------------------------------------------------------------


def test_a_disk_that_fills_is_told() -> None:
    (one,) = found(
        disks=(DiskHealth("the store", "/srv", 499_999_999), DiskHealth("x", "/y", 1 << 40))
    )
    assert (one.kind, one.subject) == ("low disk", "/srv")
    assert one.text == "500 MB are left for the store at /srv"
    assert "0 MB" in found(disks=(DiskHealth("the store", "/srv", -5),))[0].text


def test_a_clock_that_goes_back_is_told_for_a_day() -> None:
    (one,) = found(clock=ClockStep(NOW - HOUR, 3 * HOUR))
    assert one.kind == "clock went back"
    assert "3 hours" in one.text
    assert kinds(clock=ClockStep(NOW - DAY, 3 * HOUR)) == []
    assert kinds(clock=ClockStep(NOW + DAY, 3 * HOUR)) == []  # it has gone back once more since


def test_moments_of_a_clock_that_was_ahead_silence_nothing() -> None:
    ahead = NOW + 365 * DAY
    wrong: dict[str, Any] = {
        "since": ahead,
        "clock": ClockStep(NOW - 7 * HOUR, 365 * DAY),
        "editions": (OwedEdition(TODAY, NOW - HOUR),),
        "feeds": (FeedHealth("A", ahead, not_before=ahead),),
        "outbox": OutboxHealth(1, ahead),
    }
    expected = ["missed edition", "stuck outbox", "dark feeds", "clock went back"]
    assert kinds(**wrong) == expected
    step = ClockStep(NOW - 59 * MINUTE, 365 * DAY)
    assert kinds(**wrong | {"clock": step}) == ["clock went back"]  # nothing is late yet


def test_a_short_pause_does_not_make_a_service_young() -> None:
    assert running_since(None, None, now=NOW) == NOW
    assert running_since(LONG_AGO, None, now=NOW) == NOW
    assert running_since(LONG_AGO, NOW - 59 * MINUTE, now=NOW) == LONG_AGO
    assert running_since(LONG_AGO, NOW - 60 * MINUTE, now=NOW) == NOW
    assert running_since(NOW + DAY, NOW + DAY, now=NOW) == NOW  # by a clock that was ahead
    assert running_since(NOW + DAY, NOW - MINUTE, now=NOW) == NOW
    assert running_since(LONG_AGO, NOW + MINUTE, now=NOW) == LONG_AGO
    assert running_since(LONG_AGO, NOW + HOUR, now=NOW) == NOW


# -- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (-5 * MINUTE, "0 minutes"),
        (MINUTE, "1 minute"),
        (119 * MINUTE, "119 minutes"),
        (2 * HOUR, "2 hours"),
        (47 * HOUR + 59 * MINUTE, "47 hours"),
        (2 * DAY, "2 days"),
        (365 * DAY, "365 days"),
    ],
)
def test_a_length_of_time_is_said_in_the_largest_unit_of_which_there_are_two(
    length: timedelta, said: str
) -> None:
    assert span(length) == said


WILD = st.text(max_size=700)
MOMENTS = st.timedeltas(-400 * DAY, 400 * DAY).map(lambda some: NOW + some)
MAYBE = st.none() | MOMENTS
COUNTS = st.integers(0, 10**6)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
EDITIONS = st.builds(Edition, st.sampled_from(["harbour", "canal"]), DAYS, st.just(""))
READINGS = st.builds(
    Readings,
    since=MOMENTS,
    editions=st.lists(st.builds(OwedEdition, EDITIONS, MOMENTS, WILD, MAYBE), max_size=4).map(
        tuple
    ),
    feeds=st.lists(st.builds(FeedHealth, WILD, MAYBE, COUNTS, WILD, MAYBE), max_size=4).map(tuple),
    outbox=st.builds(OutboxHealth, COUNTS, MAYBE, WILD, WILD, MAYBE, WILD, COUNTS, MAYBE, WILD),
    disks=st.lists(st.builds(DiskHealth, WILD, WILD, st.integers(-1, 10**13)), max_size=2).map(
        tuple
    ),
    clock=st.none() | st.builds(ClockStep, MOMENTS, st.timedeltas(-DAY, 400 * DAY)),
)


@settings(deadline=None, max_examples=100)
@given(readings=READINGS)
def test_every_alarm_is_a_line_for_people_with_something_to_do(readings: Readings) -> None:
    alarms_found = alarms(readings, LIMITS, now=NOW)
    matters = [one.matter for one in alarms_found]
    assert len(matters) == len(set(matters))
    for one in alarms_found:
        assert one.kind in KINDS
        for text in (one.text, one.remedy, one.subject):
            assert len(text) < 1200
            assert all(c.isprintable() for c in text)
        assert one.text
        assert one.remedy
        assert one.since <= NOW or one.kind in EVENTS


def test_remedies_name_commands_that_exist() -> None:
    from briefing.cli import main

    everything = found(
        editions=(
            OwedEdition(TODAY, NOW - DAY),
            OwedEdition(replace(TODAY, slot="0630"), NOW - DAY, "killed"),
            OwedEdition(replace(TODAY, slot="0700"), NOW - DAY, passed_over=NOW),
        ),
        feeds=(FeedHealth("A"),),
        outbox=OutboxHealth(1, NOW - DAY, dead=1, last_dead=NOW),
        disks=(DiskHealth("the store", "/srv", 0),),
        clock=ClockStep(NOW, DAY),
    ) + found(outbox=OutboxHealth(1, NOW - DAY, halted="535"))
    assert {one.kind for one in everything} == set(get_args(Kind))
    named = {c for one in everything for c in re.findall(r"`briefing ([^`]+)`", one.remedy)}
    assert len(named) >= 6
    for command in named:
        found_at: Any = main
        for word in command.split():
            if word[0] == "-" or not hasattr(found_at, "commands"):
                break
            found_at = found_at.get_command(None, word)
            assert found_at is not None, command
