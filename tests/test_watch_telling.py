"""The operator is told once that something is wrong, once a day that it still is, once that it
is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.watch import EVENTS, Alarm, Changes, Kind, StandingAlarm, changes, message

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 5, 2, 6, 30, tzinfo=UTC)


def alarm(
    kind: Kind, subject: str = "", *, since: datetime = START, text: str = "it is so"
) -> Alarm:
    return Alarm(kind, subject, text, "do this", since)


DARK = alarm("dark feeds")
MISSED = alarm("missed edition", "harbour/2026-05-02")


class Operator:
    """Remembers rows as the store does, and what was told at which minute."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], StandingAlarm] = {}
        self.told: list[tuple[int, str]] = []

    def at(self, minute: float, *alarms: Alarm) -> Changes:
        found = changes(
            list(self.rows.values()),
            alarms,
            now=START + minute * MINUTE,
            repeat_after=DAY,
        )
        for row in found.write:
            self.rows[row.kind, row.subject] = row
        for how in ("raised", "repeated", "cleared"):
            self.told += [(int(minute), f"{how} {row.kind}") for row in getattr(found, how)]
        return found

    @property
    def standing(self) -> list[str]:
        return [row.kind for row in self.rows.values() if row.cleared is None]


# -- by example --------------------------------------------------------------------------------


def test_an_alarm_is_told_when_raised_each_day_and_when_over() -> None:
    operator = Operator()
    for minute in range(3 * 1440):
        operator.at(minute, DARK)
    assert operator.standing == ["dark feeds"]
    for minute in range(3 * 1440, 4 * 1440):
        operator.at(minute)
    assert operator.told == [
        (0, "raised dark feeds"),
        (1440, "repeated dark feeds"),
        (2880, "repeated dark feeds"),
        (4330, "cleared dark feeds"),
    ]
    assert operator.standing == []


def test_what_comes_back_within_ten_minutes_was_not_away() -> None:
    operator = Operator()
    for minute in range(600):
        operator.at(minute, *([DARK] if minute % 10 == 0 else []))
    assert operator.told == [(0, "raised dark feeds")]


def test_what_comes_back_later_is_told_anew() -> None:
    operator = Operator()
    operator.at(0, DARK)
    operator.at(1)
    operator.at(11)
    operator.at(12, DARK)
    assert [how for _, how in operator.told] == [
        "raised dark feeds",
        "cleared dark feeds",
        "raised dark feeds",
    ]


def test_a_disk_at_the_brim_is_told_once_a_day() -> None:
    operator = Operator()
    for minute in range(0, 1440, 5):
        operator.at(minute, *([alarm("low disk", "/srv")] if minute % 60 < 30 else []))
    assert operator.told == [(0, "raised low disk")]


def test_a_reason_that_becomes_known_is_no_new_alarm() -> None:
    operator = Operator()
    failed = replace(MISSED, kind="failed edition", text="out of memory")
    operator.at(0, MISSED)
    operator.at(1, failed)
    assert operator.standing == ["failed edition"]
    assert operator.rows["failed edition", MISSED.subject].text == "out of memory"
    operator.at(2, MISSED)
    operator.at(3)
    operator.at(13)
    assert operator.told == [(0, "raised missed edition"), (13, "cleared missed edition")]
    assert operator.standing == []


def test_the_end_of_a_late_edition_that_is_passed_over_is_told_as_that() -> None:
    operator = Operator()
    operator.at(0, MISSED)
    skipped = replace(MISSED, kind="skipped edition", since=START + HOUR)
    for minute in range(60, 2 * 1440):
        operator.at(minute, *([skipped] if minute < 1500 else []))
    assert operator.told == [(0, "raised missed edition"), (60, "raised skipped edition")]
    assert operator.standing == []


def test_a_mail_server_that_works_again_while_mails_still_wait_is_not_over_yet() -> None:
    operator = Operator()
    operator.at(0, alarm("mail halted"))
    operator.at(5, alarm("stuck outbox"))
    operator.at(6)
    operator.at(16)
    assert operator.told == [(0, "raised mail halted"), (16, "cleared stuck outbox")]


def test_an_alarm_is_as_old_as_its_first_finding_until_it_is_over() -> None:
    operator = Operator()
    for minute in (0, 90):  # the mail that waited longest has gone, the next one waits as long
        operator.at(minute, alarm("stuck outbox", since=START + minute * MINUTE))
    assert operator.rows["stuck outbox", ""].since == START
    operator.at(91)
    operator.at(101)
    operator.at(300, alarm("mail halted", since=START + 300 * MINUTE))
    assert operator.rows["mail halted", ""].since == START + 300 * MINUTE
    assert operator.rows["stuck outbox", ""].cleared == START + 91 * MINUTE


def test_an_edition_that_is_owed_again_after_it_was_passed_over_is_told() -> None:
    operator = Operator()
    operator.at(0, replace(MISSED, kind="skipped edition"))
    operator.at(1)
    operator.at(100, MISSED)
    assert operator.told == [(0, "raised skipped edition"), (100, "raised missed edition")]


def test_an_event_is_told_again_only_when_it_happens_again() -> None:
    operator = Operator()
    for minute in range(4 * 1440):
        last = 0 if minute < 2000 else 2000 if minute < 2500 else 2500
        operator.at(minute, alarm("dead letters", since=START + last * MINUTE))
    assert operator.told == [
        (0, "raised dead letters"),
        (2000, "repeated dead letters"),
        (3440, "repeated dead letters"),  # a day after the last mail, not at 2500
    ]
    operator.at(4 * 1440)
    operator.at(4 * 1440 + 60)
    assert len(operator.told) == 3
    assert operator.standing == []
    operator.at(9000, alarm("dead letters", since=START + 9000 * MINUTE))
    assert operator.told[3:] == [(9000, "raised dead letters")]


def test_two_subjects_are_two_matters() -> None:
    operator = Operator()
    found = operator.at(0, MISSED, replace(MISSED, subject="canal/2026-05-02"), DARK)
    assert len(found.raised) == 3
    operator.at(1, MISSED)
    operator.at(11, MISSED)
    assert operator.standing == ["missed edition"]


def test_a_clock_set_back_silences_nothing_for_long() -> None:
    operator = Operator()
    operator.at(0, DARK)
    for minute in range(-500_000, -500_000 + 1441):
        operator.at(minute, DARK)
    for minute in range(-498_000, -497_980):
        operator.at(minute)
    assert operator.told == [
        (0, "raised dark feeds"),
        (-498_560, "repeated dark feeds"),
        (-497_990, "cleared dark feeds"),
    ]
    operator.at(0, MISSED)
    operator.at(1)
    operator.at(-1000)  # gone since a moment that is now ahead
    operator.at(-990)
    assert operator.told[3:] == [(0, "raised missed edition"), (-990, "cleared missed edition")]


def test_what_does_not_change_is_not_written() -> None:
    operator = Operator()
    operator.at(0, DARK)
    assert operator.at(1, DARK).write == ()
    assert len(operator.at(2).write) == 1
    assert operator.at(3).write == ()
    assert len(operator.at(12).write) == 1
    assert operator.at(13).write == ()


# -- the mail ----------------------------------------------------------------------------------


def test_one_mail_tells_all_that_changed() -> None:
    operator = Operator()
    assert message(operator.at(-1)) is None
    said = message(operator.at(0, MISSED, DARK))
    assert said == (
        "missed edition harbour/2026-05-02, and 1 more",
        [
            "missed edition: it is so. What to do: do this.",
            "dark feeds: it is so. What to do: do this.",
        ],
    )
    assert message(operator.at(1, MISSED, DARK)) is None
    said = message(operator.at(1440, MISSED, alarm("dead letters", since=START + DAY)))
    assert said is not None
    assert said[0] == "dead letters, and 1 more"
    assert said[1][1].startswith("still, since 2026-05-02 06:30 UTC: missed edition: it is so")
    said = message(operator.at(1450, MISSED))
    assert said == ("over: dark feeds", ["over: dark feeds, which began 2026-05-02 06:30 UTC."])
    said = message(operator.at(2881, alarm("dead letters", since=START + 2 * DAY)))
    assert said is not None
    assert said[1][0].startswith("dead letters: ")


# -- whatever happens --------------------------------------------------------------------------

STATES: list[Alarm] = [DARK, MISSED, alarm("low disk", "/srv")]
TURNS = st.lists(
    st.tuples(st.sampled_from([1, 3, 9, 10, 60, 700, 1440]), st.sets(st.integers(0, 2))),
    min_size=1,
    max_size=40,
)


@settings(deadline=None, max_examples=100)
@given(turns=TURNS)
def test_what_is_told_of_a_state_adds_up(turns: list[tuple[int, set[int]]]) -> None:
    """For each state: raised and over in turn, never over while it is found nor before it was
    away for long enough, never told twice within a day without an end in between."""
    operator, minute = Operator(), 0
    seen: dict[str, list[tuple[int, bool]]] = {one.kind: [] for one in STATES}
    for wait, which in turns:
        minute += wait
        operator.at(minute, *(STATES[n] for n in sorted(which)))
        for n, one in enumerate(STATES):
            seen[one.kind].append((minute, n in which))
    for kind, looks in seen.items():
        away = 120 if kind == "low disk" else 10
        assert [(at, how) for at, how in operator.told if how.endswith(kind)] == _by_hand(
            looks, kind, away
        )


def _by_hand(looks: list[tuple[int, bool]], kind: str, away: int) -> list[tuple[int, str]]:
    """The same, with one state and whole minutes."""
    told: list[tuple[int, str]] = []
    active, last, gone = False, 0, None
    for at, found in looks:
        if found:
            if not active:
                told.append((at, f"raised {kind}"))
                last = at
            elif at - last >= 1440:
                told.append((at, f"repeated {kind}"))
                last = at
            active, gone = True, None
        elif active and gone is None:
            gone = at
        elif active and gone is not None and at - gone >= away:
            told.append((at, f"cleared {kind}"))
            active, gone = False, None
    return told


ALARMS = st.builds(
    Alarm,
    st.sampled_from(
        ["missed edition", "failed edition", "skipped edition", "mail halted", "stuck outbox",
         "dead letters", "clock went back"]
    ),
    st.sampled_from(["a", "b"]),
    st.just("it is so"),
    st.just("do this"),
    st.integers(-5000, 5000).map(lambda some: START + some * MINUTE),
)  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(
    turns=st.lists(
        st.tuples(
            st.integers(-3000, 3000), st.lists(ALARMS, max_size=4, unique_by=lambda a: a.matter)
        ),
        max_size=25,
    )
)
def test_memory_stays_in_order_whatever_the_clock_does(
    turns: list[tuple[int, list[Alarm]]],
) -> None:
    operator, minute = Operator(), 0
    for wait, alarms in turns:
        minute += wait
        found = operator.at(minute, *alarms)
        now = START + minute * MINUTE
        assert {row.matter for row in operator.rows.values() if row.cleared is None} == {
            one.matter for one in alarms
        }
        for row in (*found.raised, *found.repeated):
            assert row.mailed == now
            assert row in found.write
        assert all(row.at_rest and row.kind not in EVENTS for row in found.cleared)
        matters = [row.matter for row in (*found.raised, *found.repeated, *found.cleared)]
        assert len(matters) == len(set(matters))
        assert all(row.mailed is None or row.mailed <= now for row in found.write)
        assert operator.at(minute, *alarms).write == ()  # the same look again changes nothing
