"""The service's mails when the mail server is in trouble, and what its operator is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from feed_site import Reply
from service_desk import (
    DAY,
    DUE,
    HOUR,
    MINUTE,
    NOW,
    OPERATOR,
    STORY,
    Clock,
    Desk,
    Kitchen,
    desk,
    rss,
)
from smtp_server import ScriptedServer
from store_cases import fast_folder

from briefing.adapters.smtp import SmtpServer, SmtpSettings
from briefing.app.trouble import MAIL_SERVER, trouble
from briefing.errors import DeliveryError
from briefing.news import Edition
from briefing.serve.watching import Watch

REPORT = (
    "Dock workers walk out in Lunden",
    "https://news.invalid/1",
    "The port authority of Lunden said that 310 dock workers had walked out of the harbour.",
    NOW - HOUR,
)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with fast_folder(tmp_path) as place:
        yield place


@contextmanager
def serving(folder: Path, *, more: str = "") -> Iterator[Desk]:
    """A desk with two readers, whose first edition is due in a minute."""
    with desk(folder, clock=Clock(DUE - MINUTE), more={"serve": more}) as made:
        made.subscribe("ann@example.net", "bob@example.net")
        made.site.pages["/news"] = lambda _: Reply(rss(REPORT))
        made.service.editions()
        yield made


@contextmanager
def scripted(made: Desk, **behaviour: str) -> Iterator[ScriptedServer]:
    """The service's mail server is one that misbehaves; its password is right."""
    with ScriptedServer(behaviour) as server:
        made.service.server = SmtpServer(
            SmtpSettings(
                host="127.0.0.1", port=server.port, security="none", username="ann",
                password="secret", timeout=5.0, final_timeout=5.0,
            )
        )  # fmt: skip
        yield server


def connections(made: Desk, server: ScriptedServer, until: datetime) -> list[float]:
    """Minutes after the edition at which the server was asked."""
    asked = []
    while made.clock.now < until:
        made.clock.now += MINUTE
        before = server.connections
        made.turn()
        asked += [(made.clock.now - DUE) / MINUTE] * (server.connections - before)
    return asked


def told(made: Desk) -> list[tuple[str, str]]:
    """Hour and subject of what the operator got."""
    return [(f"{one.at:%d %H:%M}", one.subject) for one in made.post.to(OPERATOR)]


# -- the mail server ---------------------------------------------------------------------------


def test_a_server_that_is_down_is_asked_less_and_less_often_and_then_has_all(folder: Path) -> None:
    with serving(folder) as made, scripted(made, banner="4xx") as server:
        asked = connections(made, server, DUE + 2 * HOUR)
        assert asked == [0, 1, 3, 7, 15, 31, 63, 111]
        known = trouble(made.store)
        assert known
        assert (known.halts, known.since) == (False, DUE)
        assert known.said.endswith("banner: 451 4.3.2 too busy")
        assert made.store.outbox.tally().queued == 3  # two readers, and the alarm
        assert [one.attempts for one in made.store.outbox.letters()] == [0, 0, 0]
        server.behaviour.clear()
        assert connections(made, server, DUE + 3 * HOUR) == [159, 170]  # and that it is over
        assert len(server.taken) == 4
        assert trouble(made.store) is None
        assert len({one.content for one in server.taken}) == 4


def test_a_server_that_refuses_the_service_is_asked_hourly_and_the_operator_is_told(
    folder: Path,
) -> None:
    with serving(folder) as made, scripted(made, auth="5xx") as server:
        assert connections(made, server, DUE + 3 * HOUR + 30 * MINUTE) == [0, 60, 120, 180]
        known = trouble(made.store)
        assert known
        assert known.halts
        assert "535" in known.said
        assert "password" in known.remedy
        (alarm,) = made.store.watching.alarms()
        assert (alarm.kind, alarm.since) == ("mail halted", DUE)
        assert [one.attempts for one in made.store.outbox.letters()] == [0, 0, 0]
        # The password is put right
        server.behaviour.clear()
        assert connections(made, server, DUE + 5 * HOUR) == [240, 251]  # and that it is over
        assert trouble(made.store) is None
        assert made.store.watching.alarms() == []
        subjects = [
            one.content.partition(b"Subject: ")[2].split(b"\r\n")[0] for one in server.taken
        ]
        assert subjects[2:] == [b"Alarm: mail halted", b"Alarm: over: mail halted"]


def test_trouble_noted_by_a_clock_that_was_ahead_holds_up_no_mail(folder: Path) -> None:
    with serving(folder) as made, scripted(made, auth="5xx") as server:
        made.clock.now = DUE + 2 * DAY
        made.turn()
        assert made.store.watching.mark(MAIL_SERVER)
        server.behaviour.clear()
        made.clock.now = DUE + HOUR
        made.turn()
        assert len(server.taken) >= 2
        assert made.store.watching.mark(MAIL_SERVER) is None


def test_one_who_is_put_off_holds_up_nobody(folder: Path) -> None:
    with serving(folder) as made:
        grey = {"ann@example.net"}
        made.post.refuses = lambda address: "451 4.7.1 grey" if address in grey else ""
        made.go(DUE + 4 * MINUTE, step=MINUTE)
        assert [one.recipient for one in made.post.taken] == ["bob@example.net"]
        grey.clear()
        made.go(DUE + 5 * MINUTE, step=MINUTE)
        assert [one.recipient for one in made.post.taken] == ["bob@example.net", "ann@example.net"]
        offered = [at for at, address in made.post.offered if address == "ann@example.net"]
        assert offered == [DUE, DUE + 5 * MINUTE]
        assert trouble(made.store) is None


def test_a_reader_whose_address_is_refused_is_suspended_and_not_written_to_again(
    folder: Path,
) -> None:
    with serving(folder) as made:
        made.post.refuses = lambda address: (
            "550 5.1.1 no such user" if address == "ann@example.net" else ""
        )
        made.go(DUE + DAY, step=30 * MINUTE)
        assert made.out() == [Edition(STORY, (NOW + n * DAY).date()) for n in range(2)]
        assert [address for _, address in made.post.offered].count("ann@example.net") == 1
        assert len(made.post.to("bob@example.net")) == 2
        ann = made.store.readers.find("ann@example.net", STORY)
        assert ann
        assert (ann.standing, ann.reason) == ("suspended", "rcpt: 550 5.1.1 no such user")
        assert told(made) == [("04 07:29", "Alarm: dead letters")]


# -- alarms ------------------------------------------------------------------------------------


def test_feeds_that_are_silent_are_told_once_a_day_and_when_it_is_over(folder: Path) -> None:
    with serving(folder) as made:
        made.go(DUE + 20 * MINUTE)
        assert made.post.taken
        made.site.pages["/news"] = lambda _: Reply(status=500)
        made.go(DUE + 2 * DAY + 12 * HOUR, step=20 * MINUTE)
        first = "Alarm: dark feeds"
        assert [subject for _, subject in told(made)] == [first, first, first]
        assert [b.at - a.at for a, b in pairwise(made.post.to(OPERATOR))] == [DAY, DAY]
        (alarm,) = made.store.watching.alarms()
        assert "1 × http 500" in alarm.text
        made.site.pages["/news"] = lambda _: Reply(rss(REPORT))
        made.go(DUE + 4 * DAY, step=20 * MINUTE)
        assert [subject for _, subject in told(made)[3:]] == ["Alarm: over: dark feeds"]
        assert made.store.watching.alarms() == []


class Barred:
    """A folder that cannot be written."""

    def save(self, edition: Edition, files: dict[str, str]) -> Path:
        raise DeliveryError("digests", "Permission denied", remedy="Make it writable.")


def test_an_edition_that_fails_is_told_after_an_hour_with_the_reason(folder: Path) -> None:
    with serving(folder) as made:
        kitchen = made.kitchen
        made.service.runner = Kitchen(made.config, replace(made.app, files=Barred()), made.clock)
        made.go(DUE + 50 * MINUTE)
        assert told(made) == []
        made.go(DUE + 3 * HOUR)
        ((hour, subject),) = told(made)
        assert hour in ("04 07:29", "04 07:30", "04 07:39", "04 07:40")
        assert subject == "Alarm: failed edition harbour-strike/2024-03-04"
        (alarm,) = made.store.watching.alarms()
        assert "failed at compose: digests: Permission denied" in alarm.text
        made.service.runner = kitchen
        made.go(DUE + 5 * HOUR)
        assert [subject for _, subject in told(made)][1:] == [
            "Alarm: over: failed edition harbour-strike/2024-03-04"
        ]


def test_an_alarm_is_not_told_again_by_an_instance_that_starts(folder: Path) -> None:
    with serving(folder) as made:
        made.service.runner = Kitchen(made.config, replace(made.app, files=Barred()), made.clock)
        made.go(DUE + 2 * HOUR)
        assert len(told(made)) == 1
        made.watch = Watch(made.service)  # as after a restart
        made.go(DUE + 6 * HOUR)
        assert len(told(made)) == 1


def test_an_alarm_that_nobody_is_to_get_is_remembered_all_the_same(folder: Path) -> None:
    with serving(folder) as made:
        lonely = replace(made.config, mail=replace(made.config.mail, operator=""))
        made.service.config = lonely
        made.watch = Watch(made.service)
        made.service.runner = Kitchen(lonely, replace(made.app, files=Barred()), made.clock)
        made.go(DUE + 2 * HOUR)
        assert made.post.taken == []
        assert [one.kind for one in made.store.watching.alarms()] == ["failed edition"]


def test_a_clock_that_goes_back_is_told_and_sends_nothing_twice(folder: Path) -> None:
    with serving(folder) as made:
        made.go(DUE + 2 * HOUR)
        assert len(made.post.taken) == 2
        made.clock.now -= timedelta(hours=3)
        made.go(DUE + 3 * HOUR)
        assert [subject for _, subject in told(made)] == ["Alarm: clock went back"]
        assert len(made.post.taken) == 3
