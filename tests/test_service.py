"""The service turned by hand: which editions it makes, and when, whatever clocks and runs do."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from service_desk import (
    DAY,
    DUE,
    HOUR,
    MINUTE,
    NOW,
    STORY,
    Apart,
    Clock,
    Desk,
    Kitchen,
    desk,
    edition,
    quick,
    story_file,
)
from store_cases import fast_folder
from test_pipeline import WordModels
from timetable_scan import scan

from briefing.errors import DeliveryError
from briefing.news import Edition, ModelIdentity
from briefing.serve.children import Ended
from briefing.serve.service import Rests

EACH = {"serve": 'catch_up = "each"'}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with fast_folder(tmp_path) as place:
        yield place


# -- at its time, and once ---------------------------------------------------------------------


def test_an_edition_is_made_at_its_time_and_not_before(folder: Path) -> None:
    with desk(folder, runner=quick) as made:
        for day in range(2):
            made.clock.now = DUE + day * DAY - 20 * MINUTE
            attempts(made, DUE + day * DAY + 20 * MINUTE)
        made.go(NOW + 2 * DAY, step=HOUR)
        assert made.kitchen.made == [
            (DUE, edition(0)),
            (DUE + DAY, edition(1)),
        ]
        assert made.out() == [edition(0), edition(1)]


def test_what_was_due_before_the_story_was_first_served_is_owed_to_nobody(folder: Path) -> None:
    with desk(folder, runner=quick, clock=Clock(DUE + MINUTE)) as made:
        made.go(DUE + 5 * HOUR)
        assert made.kitchen.made == []
        assert made.store.watching.alarms() == []


def test_a_turn_that_makes_an_edition_asks_mails_and_proves(folder: Path) -> None:
    """The whole way, once, before the other tests look at parts of it."""
    with desk(folder) as made:
        made.subscribe("ann@example.net", "bob@example.net")
        made.tell(0)
        made.go(DUE)
        assert made.told(edition(0)) == ["0"]
        assert [one.recipient for one in made.post.taken] == ["ann@example.net", "bob@example.net"]
        assert len({one.id for one in made.post.taken}) == 2
        assert made.findings(edition(0)) == []
        (run,) = made.store.runs.of(edition(0))
        assert (run.outcome, run.started, run.finished) == ("done", DUE, DUE)


def test_each_slot_goes_to_who_wants_it(folder: Path) -> None:
    stories = {STORY: story_file("06:30", "17:00")}
    with desk(folder, stories=stories) as made:
        made.subscribe("morning@example.net", slots=["0630"])
        made.subscribe("evening@example.net", slots=["1700"])
        made.subscribe("both@example.net")
        made.tell(0)
        made.go(NOW + DAY)
        assert made.out() == [edition(0, "0630"), edition(0, "1700")]
        assert [
            (f"{one.at:%H:%M}", one.recipient.partition("@")[0]) for one in made.post.taken
        ] == [
            ("06:30", "both"),
            ("06:30", "morning"),
            ("17:00", "both"),
            ("17:00", "evening"),
        ]
        assert (folder / "digests" / "2024-03-04" / f"{STORY}.1700" / "digest.md").is_file()


# -- three days down ---------------------------------------------------------------------------


def down(made: Desk) -> None:
    """Serve Monday, be away for three days, and come back on Thursday at noon."""
    made.tell(0)
    made.subscribe("ann@example.net")
    made.go(DUE)
    made.clock.now = NOW + 3 * DAY + 6 * HOUR
    made.tell(0, 1, 2, 3)
    for _ in range(3):
        made.turn()


def test_after_three_days_down_the_latest_edition_tells_of_them_all(folder: Path) -> None:
    with desk(folder) as made:
        down(made)
        assert [one for _, one in made.kitchen.made] == [edition(0), edition(3)]
        assert made.store.runs.passed_over(STORY) == {
            edition(1): made.clock.now,
            edition(2): made.clock.now,
        }
        assert made.told(edition(3)) == ["1", "2", "3"]
        assert len(made.post.to("ann@example.net")) == 2
        alarms = {(one.kind, one.subject) for one in made.store.watching.alarms()}
        assert alarms == {("skipped edition", str(edition(day))) for day in (1, 2)}


def test_after_three_days_down_each_edition_tells_of_its_day(folder: Path) -> None:
    with desk(folder, more=EACH) as made:
        down(made)
        assert [one for _, one in made.kitchen.made] == [edition(day) for day in range(4)]
        assert made.store.runs.passed_over(STORY) == {}
        assert [made.told(edition(day)) for day in range(4)] == [["0"], ["1"], ["2"], ["3"]]
        assert len(made.post.to("ann@example.net")) == 4
        assert made.store.watching.alarms() == []


def test_each_means_the_days_of_the_bound_and_no_more(folder: Path) -> None:
    more = {"serve": 'catch_up = "each"\ncatch_up_days = 3'}
    with desk(folder, more=more, runner=quick) as made:
        made.turn()
        made.clock.now = NOW + 9 * DAY
        made.turn()
        assert [one for _, one in made.kitchen.made] == [edition(day) for day in (6, 7, 8)]
        assert made.store.runs.passed_over(STORY) == {}


def test_each_goes_on_in_order_when_one_of_them_fails(folder: Path) -> None:
    """The later ones wait for it: they would use up what it still needs."""
    with desk(folder, more=EACH) as made:
        made.tell(0, 1, 2)
        made.turn()
        made.clock.now = DUE + 2 * DAY
        made.service.runner = kitchen = Kitchen(
            made.config, replace(made.app, files=Barred(made)), made.clock
        )
        made.turn()
        assert [one for _, one in kitchen.made] == [edition(0)]
        made.clock.now += MINUTE
        kitchen.app = made.app
        made.turn()
        assert made.out() == [edition(0), edition(1), edition(2)]
        assert [made.told(edition(day)) for day in range(3)] == [["0"], ["1"], ["2"]]


def test_an_edition_that_cannot_be_made_holds_up_the_later_ones_for_minutes(folder: Path) -> None:
    with desk(folder, more=EACH) as made:
        made.tell(0, 1, 2)
        made.turn()
        made.clock.now = begun = DUE + 2 * DAY
        # A file stands where the folder of the first day should be.
        blocked = made.config.output.folder / edition(0).day.isoformat()
        blocked.parent.mkdir(parents=True, exist_ok=True)
        blocked.write_text("in the way")
        while made.out() != [edition(1), edition(2)]:
            made.clock.now += MINUTE
            assert made.clock.now - begun < 20 * MINUTE
            made.turn()
        assert made.clock.now - begun > 10 * MINUTE, "it was tried again first"
        assert set(made.store.runs.passed_over(STORY)) == {edition(0)}


# -- clocks ------------------------------------------------------------------------------------

NIGHTS = [  # zone, local time, first local day: a week holds the change
    ("Europe/Helsinki", "03:30", date(2025, 3, 27)),  # 03:00 -> 04:00
    ("Europe/Helsinki", "03:30", date(2025, 10, 23)),  # 04:00 -> 03:00
    ("America/New_York", "02:30", date(2025, 3, 6)),  # 02:00 -> 03:00
    ("America/New_York", "01:30", date(2025, 10, 30)),  # 02:00 -> 01:00
    ("Australia/Lord_Howe", "02:15", date(2025, 10, 2)),  # 02:00 -> 02:30
    ("Australia/Lord_Howe", "01:45", date(2025, 4, 3)),  # 02:00 -> 01:30
    ("Africa/Casablanca", "02:30", date(2025, 2, 20)),  # 03:00 -> 02:00, Ramadan
    ("Africa/Casablanca", "02:30", date(2025, 4, 3)),  # 02:00 -> 03:00
]


@pytest.mark.parametrize("policy", ["latest", "each"])
@pytest.mark.parametrize(("zone", "at", "first"), NIGHTS)
def test_a_night_in_which_clocks_change_has_one_edition(
    folder: Path, zone: str, at: str, first: date, policy: str
) -> None:
    start = datetime.combine(first, time(12), ZoneInfo(zone)).astimezone(UTC)
    changes = {(start + n * DAY).astimezone(ZoneInfo(zone)).utcoffset() for n in (0, 6)}
    assert len(changes) == 2, "the week holds no change of clocks"
    stories = {STORY: story_file(at, "23:50", zone=zone)}
    more = {"serve": f'catch_up = "{policy}"'}
    with desk(folder, stories=stories, more=more, runner=quick, clock=Clock(start)) as made:
        step = timedelta(minutes=7)
        made.service.editions()
        while made.clock.now < start + 6 * DAY:
            made.clock.now += step
            made.service.editions()
        story = made.config.stories[STORY]
        hours = scan(story, start - 2 * DAY, start + 8 * DAY)
        wanted = [(hour, one) for hour, one in hours if start < hour <= made.clock.now]
        assert [one for _, one in made.kitchen.made] == [one for _, one in wanted]
        for (moment, _), (hour, _) in zip(made.kitchen.made, wanted, strict=True):
            assert timedelta(0) <= moment - hour < step
        assert len(wanted) == 12
        assert made.store.runs.passed_over(STORY) == {}


def test_a_clock_that_goes_back_makes_nothing_again(folder: Path) -> None:
    for back in (HOUR, DAY):
        with desk(folder / str(back), runner=quick) as made:
            made.go(DUE + 20 * MINUTE)
            made.clock.now -= back
            made.go(DUE + DAY - MINUTE, step=HOUR)
            assert made.out() == [edition(0)]
            made.go(DUE + DAY)
            assert made.out() == [edition(0), edition(1)]
            assert len(made.kitchen.made) == 2


def test_a_clock_that_runs_ahead_and_is_put_right_holds_up_nothing(folder: Path) -> None:
    with desk(folder, runner=quick) as made:
        made.service.editions()
        made.go(NOW + 6 * HOUR, step=HOUR)
        made.clock.now += 2 * DAY  # Wednesday, it says: Tuesday's has been missed
        made.turn()
        assert made.out() == [edition(0), edition(2)]
        made.clock.now -= 2 * DAY
        made.go(NOW + 4 * DAY, step=HOUR)
        assert made.out() == [edition(0), edition(2), edition(3)]
        assert set(made.store.runs.passed_over(STORY)) == {edition(1)}
        assert len(made.kitchen.made) == 3


# -- runs that fail ----------------------------------------------------------------------------


class Barred:
    """A folder that cannot be written."""

    def __init__(self, made: Desk) -> None:
        self.folder = made.app.files.folder

    def save(self, edition: Edition, files: dict[str, str]) -> Path:
        raise DeliveryError("digests", "Permission denied", remedy="Make it writable.")


def attempts(made: Desk, until: datetime, *, step: timedelta = MINUTE) -> list[float]:
    """Minutes after half past six at which it was tried."""
    while made.clock.now < until:
        made.clock.now += step
        made.service.editions()
    return [(moment - DUE) / MINUTE for moment, _ in made.kitchen.made]


def test_a_run_that_fails_is_tried_again_less_and_less_often(folder: Path) -> None:
    with desk(folder) as made:
        made.tell(0)
        made.service.editions()
        made.service.runner = kitchen = Kitchen(
            made.config, replace(made.app, files=Barred(made)), made.clock
        )
        assert attempts(made, DUE + 10 * MINUTE) == [0, 1, 3, 7]
        made.service = replace(made.service, _rests=Rests())  # begun anew: it is on record too
        assert attempts(made, DUE + 100 * MINUTE)[4:] == [15, 31, 61, 91]
        (last, *_) = made.store.runs.of(edition(0))
        assert (last.outcome, last.detail) == ("failed", "digests: Permission denied")
        assert made.out() == []
        kitchen.app = made.app
        assert attempts(made, DUE + 130 * MINUTE)[8:] == [121]
        assert made.told(edition(0)) == ["0"]
        # The next day is not made to wait for it
        assert attempts(made, DUE + DAY)[9:] == [1440]


@dataclass
class Refused:
    """A runner whose processes end before they have put anything on record."""

    clock: Clock
    made: list[tuple[datetime, Edition]] = field(default_factory=list)
    polls: list[datetime] = field(default_factory=list)

    def edition(self, edition: Edition) -> Ended:
        self.made.append((self.clock(), edition))
        return Ended(False, 2, "briefing: no such judge", 2.0)

    def poll(self) -> Ended:
        self.polls.append(self.clock())
        return Ended(False, -9, "", 2.0)

    def stop(self) -> None:
        """Nothing runs."""


def test_a_run_that_dies_before_it_is_on_record_is_not_begun_every_few_seconds(
    folder: Path,
) -> None:
    with desk(folder, runner=lambda config, app, clock: Refused(clock)) as made:
        made.service.editions()
        tried = attempts(made, DUE + HOUR, step=timedelta(seconds=5))
        assert len(tried) <= 8
        assert all(b - a >= 1 for a, b in pairwise(tried))
        made.service.runner = Kitchen(made.config, made.app, made.clock)
        made.go(DUE + 100 * MINUTE)
        assert made.out() == [edition(0)]


def test_a_poll_that_dies_does_not_ask_the_feeds_every_few_seconds(folder: Path) -> None:
    with desk(folder, runner=lambda config, app, clock: Refused(clock)) as made:
        for _ in range(240):
            made.clock.now += timedelta(seconds=30)
            made.service.poll()
        polls = made.kitchen.polls
        assert 2 <= len(polls) <= 9
        made.service.runner = Kitchen(made.config, made.app, made.clock)
        made.clock.now += HOUR
        assert made.service.poll()
        assert made.site.count("/news") == 1


class Deadly(WordModels):
    """A writer that takes the whole process with it."""

    def generate(self, prompts: Sequence[str], **_: Any) -> list[list[str]]:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("alive")

    @property
    def identity(self) -> ModelIdentity:
        return ModelIdentity("deadly", "", "none", "none")


def test_after_two_runs_that_were_killed_the_third_goes_without_the_models(folder: Path) -> None:
    with (
        closing(Apart(folder, models=Deadly())) as apart,
        desk(folder, runner=lambda config, app, clock: apart.at(clock)) as made,
    ):
        made.subscribe("ann@example.net")
        made.tell(0)
        made.go(DUE + 20 * MINUTE, step=5 * MINUTE)
        outcomes = [one.outcome for one in made.store.runs.of(edition(0))]
        assert outcomes == ["done", "cut off", "cut off"]
        stored = made.store.edition(edition(0))
        assert stored
        assert any("cut off" in note for note in stored.digest.notes)
        assert stored.digest.briefs
        assert made.findings(edition(0)) == []
        assert len(made.post.taken) == 1
