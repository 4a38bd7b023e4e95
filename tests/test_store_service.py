"""What the store keeps for the service: editions that go out, runs, readers, alarms, marks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from processes import forked, succeeded
from store_cases import (
    EVENING,
    FRIDAY,
    MORNING,
    NOW,
    OTHER,
    SATURDAY,
    article_id,
    digest,
    fast_folder,
    killed_at_line,
    mail,
    pair,
)

from briefing.adapters.store import SqlStore, open_store
from briefing.errors import LeaseLost, StoreError
from briefing.news import Edition, Skip
from briefing.post import Subscriber
from briefing.watch import StandingAlarm

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    with fast_folder(tmp_path) as folder:
        yield folder / "briefing.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    with open_store(f"sqlite:///{path}") as opened:
        opened.add_all([pair("a"), pair("b"), pair("c")], now=NOW)
        yield opened


def publish(store: SqlStore, edition: Edition, *consumed: str, subject: str = "S") -> None:
    mails = [mail(name, edition=edition) for name in ("r", "s")]
    ids = [article_id(key) for key in consumed]
    made = digest(edition, subject, *consumed)
    store.record(made, ids, skips=[], evidence="{}", mails=mails, published=NOW)


def seen(store: SqlStore) -> tuple[list[tuple[Edition, str]], int, list[str]]:
    """Editions, how many mails there are, and what is pending for the next day."""
    editions = [(line.edition, line.subject) for line in store.editions(9)]
    return editions, len(store.outbox.letters()), [a.id for a in store.pending(SATURDAY)]


# -- an edition and its mails are one thing ----------------------------------------------------


def test_an_edition_goes_out_with_its_mails(store: SqlStore) -> None:
    publish(store, FRIDAY, "a")
    (line,) = store.editions(9)
    stored = store.edition(FRIDAY)
    assert stored is not None
    assert (line.published, stored.published) == (NOW, NOW)
    letters = store.outbox.letters(edition=FRIDAY)
    assert [one.mail.recipient for one in letters] == ["s@example.net", "r@example.net"]
    assert {(one.state, one.attempts, one.queued) for one in letters} == {("queued", 0, NOW)}


def test_an_edition_made_by_hand_is_not_published(store: SqlStore) -> None:
    store.record(digest(FRIDAY, "S", "a"), [], skips=[], evidence="{}")
    assert store.editions(1)[0].published is None
    assert store.outbox.letters() == []


def test_mails_without_a_moment_are_a_mistake_and_not_dropped_in_silence(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="does not go out"):
        store.record(digest(FRIDAY, "S"), [], skips=[], evidence="{}", mails=[mail("r")])
    assert store.editions(1) == []


def test_an_edition_that_cannot_be_recorded_leaves_no_mails(store: SqlStore) -> None:
    before = seen(store)
    with pytest.raises(StoreError, match=r"(?s)FOREIGN KEY.*Remedy"):
        publish(store, FRIDAY, "a", "ghost")
    assert seen(store) == before


def test_mails_that_cannot_be_queued_leave_no_edition(store: SqlStore, path: Path) -> None:
    publish(store, FRIDAY, "a")
    before = seen(store)
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE TRIGGER no_room BEFORE INSERT ON outbox WHEN new.recipient LIKE 's@%' "
        "BEGIN SELECT RAISE(ABORT, 'no space left'); END"
    )
    connection.close()
    for edition in (FRIDAY, SATURDAY):
        mails = [mail(name, edition=edition) for name in ("new", "s")]
        mails[1] = replace(mails[1], message_id=f"<{edition}@again>")
        with pytest.raises(StoreError, match="no space left"):
            store.record(
                digest(edition, "second", "b"), [], skips=[], evidence="", mails=mails,
                published=NOW,
            )  # fmt: skip
        assert seen(store) == before


def test_killed_at_any_line_an_edition_has_all_its_mails_or_is_not_there(path: Path) -> None:
    url = f"sqlite:///{path}"
    with open_store(url) as store:
        store.add_all([pair("a")], now=NOW)
        old = seen(store)
    before = path.read_bytes()

    def work() -> None:
        with open_store(url) as store:
            lease = store.leases.take("edition/harbour", place="h:1", now=NOW, length=HOUR)
            store.record(
                digest(FRIDAY, "S", "a"), [article_id("a")], skips=[Skip("x", "y", "z")],
                evidence="", mails=[mail(f"r{n}") for n in range(30)], published=NOW, lease=lease,
            )  # fmt: skip

    work()
    with open_store(url) as store:
        new = seen(store)
    assert new == ([(FRIDAY, "S")], 30, [])
    found, number, was_killed = [], 1, True
    while was_killed:
        path.write_bytes(before)
        path.with_name("briefing.db-journal").unlink(missing_ok=True)
        was_killed = killed_at_line(number, work)
        with open_store(url) as store:
            assert store.damage() == []
            found.append(seen(store))
            published = {line.published for line in store.editions(9)}
            assert published <= {NOW}
        number += 37
    assert found == sorted(found, key=[old, new].index)  # first the old state, then the new one
    assert found.count(old) > 5
    assert found[-1] == new


# -- the lease ---------------------------------------------------------------------------------


def test_who_lost_the_lease_records_nothing(store: SqlStore) -> None:
    mine = store.leases.take("edition/harbour", place="a:1", now=NOW, length=MINUTE)
    other = store.leases.take("edition/harbour", place="b:1", now=NOW + HOUR, length=MINUTE)
    assert mine is not None
    assert other is not None
    before = seen(store)

    def record(lease: object) -> None:
        store.record(
            digest(FRIDAY, "S", "a"), [article_id("a")], skips=[], evidence="{}",
            mails=[mail("r")], published=NOW, lease=lease,  # type: ignore[arg-type]
        )  # fmt: skip

    with pytest.raises(LeaseLost, match=r"(?s)taken over 'edition/harbour'.*lease_seconds"):
        record(mine)
    assert seen(store) == before
    record(other)
    assert seen(store) != before


def test_who_holds_the_lease_records_even_after_its_end_while_nobody_asked(
    store: SqlStore,
) -> None:
    lease = store.leases.take("edition/harbour", place="a:1", now=NOW - HOUR, length=MINUTE)
    store.record(digest(FRIDAY, "S", "a"), [], skips=[], evidence="{}", lease=lease)
    assert len(store.editions(9)) == 1


# -- again -------------------------------------------------------------------------------------


def test_an_edition_made_again_stays_published_and_nobody_is_written_to_twice(
    store: SqlStore,
) -> None:
    publish(store, FRIDAY, "a", subject="first")
    (first, *_) = store.outbox.letters()
    store.record(digest(FRIDAY, "by hand", "b"), [], skips=[], evidence="{}")
    assert (store.editions(1)[0].subject, store.editions(1)[0].published) == ("by hand", NOW)
    changed = mail("s", content=b"other bytes")
    mails = [changed, mail("new"), mail("new")]
    later = NOW + HOUR
    store.record(
        digest(FRIDAY, "again", "b"), [], skips=[], evidence="{}", mails=mails, published=later
    )
    assert (store.editions(1)[0].subject, store.editions(1)[0].published) == ("again", NOW)
    recipients = [one.mail.recipient for one in store.outbox.letters()]
    assert recipients == ["new@example.net", "s@example.net", "r@example.net"]
    assert store.outbox.letter(first.number) == first  # with the bytes of the first time


def test_an_edition_made_by_hand_may_go_out_later(store: SqlStore) -> None:
    store.record(digest(FRIDAY, "by hand", "a"), [], skips=[], evidence="{}")
    publish(store, FRIDAY, "a")
    assert store.editions(1)[0].published == NOW
    assert store.outbox.tally(FRIDAY).queued == 2


# -- several editions a day --------------------------------------------------------------------


def test_editions_of_one_day_stand_side_by_side(store: SqlStore) -> None:
    publish(store, MORNING, "a", subject="morning")
    publish(store, EVENING, "b", subject="evening")
    publish(store, FRIDAY, "c", subject="whole day")
    assert {line.subject for line in store.editions(9)} == {"morning", "evening", "whole day"}
    for edition, subject in ((MORNING, "morning"), (EVENING, "evening"), (FRIDAY, "whole day")):
        stored = store.edition(edition)
        assert stored is not None
        assert (stored.edition, stored.digest.subject.text) == (edition, subject)
        assert store.outbox.tally(edition).queued == 2
    publish(store, EVENING, "b", subject="second evening")
    assert [line.subject for line in store.editions(9)] == [
        "second evening",
        "morning",
        "whole day",
    ]
    assert store.outbox.tally().queued == 6


def test_what_another_edition_of_the_day_consumed_is_not_pending(store: SqlStore) -> None:
    publish(store, MORNING, "a")
    publish(store, EVENING, "b")
    ids = {key: article_id(key) for key in "abc"}
    pending = {e: {a.id for a in store.pending(e)} for e in (MORNING, EVENING, FRIDAY, OTHER)}
    assert pending == {
        MORNING: {ids["a"], ids["c"]},
        EVENING: {ids["b"], ids["c"]},
        FRIDAY: {ids["c"]},
        OTHER: set(ids.values()),
    }


def test_what_the_last_edition_left_out_is_that_of_its_slot(store: SqlStore) -> None:
    for edition in (EVENING, MORNING):
        skip = Skip("relate", edition.slot, "off topic")
        store.record(digest(edition, "S"), [], skips=[skip], evidence="{}")
    assert store.last_skips() == [Skip("relate", "0630", "off topic")]


def test_editions_are_listed_latest_first_of_one_story_or_before_a_day(store: SqlStore) -> None:
    for edition in (MORNING, SATURDAY, OTHER, EVENING):
        store.record(digest(edition, str(edition)), [], skips=[], evidence="{}")
    assert [e.edition for e in store.editions(9)] == [SATURDAY, EVENING, MORNING, OTHER]
    assert [e.edition for e in store.editions(2)] == [SATURDAY, EVENING]
    assert [e.edition for e in store.editions(9, story="railway")] == [OTHER]
    before = store.editions(9, story="harbour", before=SATURDAY.day)
    assert [e.edition for e in before] == [EVENING, MORNING]
    assert store.editions(9, before=FRIDAY.day) == []
    assert store.latest_edition("harbour") == SATURDAY
    assert store.latest_edition("nothing") is None


def test_the_latest_edition_is_that_of_the_latest_slot(store: SqlStore) -> None:
    for edition in (EVENING, FRIDAY, MORNING):
        store.record(digest(edition, "S"), [], skips=[], evidence="{}")
    assert store.latest_edition("harbour") == EVENING
    assert store.latest_edition("harbour", slot="0630") == MORNING
    store.record(digest(SATURDAY, "S"), [], skips=[], evidence="{}")
    assert store.latest_edition("harbour", day=FRIDAY.day) == EVENING
    assert store.latest_edition("harbour", day=FRIDAY.day, slot="") == FRIDAY
    assert store.latest_edition("harbour", day=SATURDAY.day, slot="1700") is None
    assert (store.count_editions("harbour"), store.count_editions("railway")) == (4, 0)


# -- runs --------------------------------------------------------------------------------------


def test_a_run_that_never_ended_is_known_as_cut_off_when_the_next_begins(store: SqlStore) -> None:
    runs = store.runs
    first, other = runs.begin(MORNING, now=NOW), runs.begin(EVENING, now=NOW)
    runs.reach(first, "write")
    second = runs.begin(MORNING, now=NOW + HOUR)
    newest, oldest = runs.of(MORNING)
    assert (oldest.number, oldest.stage, oldest.outcome) == (first, "write", "cut off")
    assert oldest.finished == NOW + HOUR
    assert (newest.number, newest.stage, newest.outcome) == (second, "start", "running")
    assert newest.finished is None
    assert [run.number for run in runs.of(EVENING)] == [other]
    assert runs.of(EVENING)[0].outcome == "running"
    assert [run.number for run in runs.latest(2)] == [second, other]


def test_how_a_run_ended_is_kept(store: SqlStore) -> None:
    runs = store.runs
    first = runs.begin(FRIDAY, now=NOW)
    runs.finish(first, outcome="failed", detail="no\0model", now=NOW + MINUTE)
    second = runs.begin(FRIDAY, now=NOW + HOUR)
    runs.finish(second, outcome="done", detail="Pier closed", now=NOW + HOUR)
    said = [(run.outcome, run.detail, run.finished) for run in runs.of(FRIDAY)]
    assert said == [
        ("done", "Pier closed", NOW + HOUR),
        ("failed", "no\\x00model", NOW + MINUTE),
    ]


def test_settled_is_what_went_out_or_was_passed_over(store: SqlStore) -> None:
    store.record(digest(FRIDAY, "by hand"), [], skips=[], evidence="{}")
    publish(store, MORNING, "a")
    publish(store, OTHER, "a")
    store.runs.pass_over([EVENING, SATURDAY, EVENING], now=NOW, reason="down")
    store.runs.pass_over([SATURDAY], now=NOW + HOUR, reason="once more")
    assert store.runs.settled("harbour") == {MORNING, EVENING, SATURDAY}
    assert store.runs.settled("railway") == {OTHER}
    assert store.runs.settled("nothing") == set()


def test_answers_are_remembered_once_and_forgotten_by_age(store: SqlStore) -> None:
    runs = store.runs
    runs.remember({f"k{n}": f'"{n}"' for n in range(1200)}, now=NOW)
    runs.remember({"k0": '"other"', "new": "[]"}, now=NOW + HOUR)
    runs.remember({}, now=NOW)
    found = runs.recalled([*(f"k{n}" for n in range(1200)), "new", "unknown", "new"])
    assert len(found) == 1201
    assert (found["k0"], found["new"]) == ('"0"', "[]")
    assert runs.forget(NOW) == 0
    assert runs.forget(NOW + MINUTE) == 1200
    assert runs.recalled(["k0", "new"]) == {"new": "[]"}


# -- readers -----------------------------------------------------------------------------------


def add(store: SqlStore, address: str, **options: object) -> Subscriber:
    given = {"standing": "active", "now": NOW} | options
    return store.readers.add(address, "harbour", **given)  # type: ignore[arg-type]


def test_one_address_is_one_reader_whatever_its_letter_case(store: SqlStore) -> None:
    first = add(store, "Ann@Example.net", slots=("0630",))
    again = add(store, "ann@example.NET", slots=("0630", "1700"), now=NOW + HOUR)
    assert again == replace(first, slots=("0630", "1700"), confirmed=NOW + HOUR)
    assert (again.address, again.created, len(again.id)) == ("Ann@Example.net", NOW, 32)
    assert store.readers.find("ANN@EXAMPLE.NET", "harbour") == again
    assert store.readers.find("ann@example.net", "railway") is None
    assert store.readers.one(first.id) == again
    assert store.readers.one("unknown") is None


def test_readers_of_a_story_stand_in_the_order_of_their_addresses(store: SqlStore) -> None:
    for address in ("zoe@x.example", "Ann@x.example", "bob@x.example"):
        add(store, address)
    store.readers.add("bob@x.example", "railway", standing="active", now=NOW)
    listed = [(one.story, one.address) for one in store.readers.all()]
    assert listed == [
        ("harbour", "Ann@x.example"),
        ("harbour", "bob@x.example"),
        ("harbour", "zoe@x.example"),
        ("railway", "bob@x.example"),
    ]
    assert len(store.readers.all("railway")) == 1
    assert len({one.id for one in store.readers.all()}) == 4


def test_nobody_can_end_a_subscription_by_signing_up_again(store: SqlStore) -> None:
    active = add(store, "ann@x.example", slots=("0630",))
    assert add(store, "ANN@x.example", standing="pending", slots=()) == active


@pytest.mark.parametrize("old", ["pending", "suspended", "left"])
def test_who_is_not_active_can_sign_up_again(store: SqlStore, old: str) -> None:
    reader = add(store, "ann@x.example", standing="pending")
    store.readers.set_standing(reader.id, old, now=NOW, reason="550")  # type: ignore[arg-type]
    again = add(store, "ann@x.example", standing="pending")
    assert (again.id, again.standing, again.reason) == (reader.id, "pending", "")
    assert again.confirmed is None


def test_a_standing_changes_with_its_reason(store: SqlStore) -> None:
    readers = store.readers
    reader = add(store, "ann@x.example", standing="pending")
    active = readers.set_standing(reader.id, "active", now=NOW + HOUR)
    assert active is not None
    assert (active.standing, active.confirmed) == ("active", NOW + HOUR)
    out = readers.set_standing(reader.id, "suspended", now=NOW, reason="rcpt: 550\0")
    assert out is not None
    assert (out.standing, out.reason, out.confirmed) == (
        "suspended",
        "rcpt: 550\\x00",
        NOW + HOUR,
    )
    assert readers.set_standing("unknown", "left", now=NOW) is None


def test_processes_that_add_one_address_at_once_make_one_reader(path: Path) -> None:
    def work() -> None:
        with open_store(f"sqlite:///{path}") as store:
            for n in range(20):
                add(store, f"r{n}@x.example")

    assert succeeded(*[forked(work) for _ in range(3)])
    with open_store(f"sqlite:///{path}") as store:
        assert len(store.readers.all()) == 20


# -- alarms and marks --------------------------------------------------------------------------


def alarm(**changes: object) -> StandingAlarm:
    plain = StandingAlarm("missed", "harbour", "text", "remedy", NOW, None, None)
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_alarms_are_replaced_by_kind_and_subject(store: SqlStore) -> None:
    first, other = alarm(), alarm(subject="railway", since=NOW - HOUR)
    stuck = alarm(kind="stuck", mailed=NOW)
    store.watching.put_alarms([first, other, stuck], now=NOW)
    assert store.watching.alarms() == [other, first, stuck]
    cleared = alarm(text="text\0", cleared=NOW + HOUR)
    store.watching.put_alarms([cleared], now=NOW)
    assert store.watching.alarms() == [other, stuck]
    assert store.watching.alarms(standing=False) == [
        other,
        replace(cleared, text="text\\x00"),
        stuck,
    ]


def test_an_alarm_with_an_odd_subject_is_found_again(store: SqlStore) -> None:
    for text in ("one", "two"):
        store.watching.put_alarms([alarm(subject="a\0\ud800", text=text)], now=NOW)
    (only,) = store.watching.alarms()
    assert only.text == "two"


def test_an_alarm_and_the_mail_that_tells_of_it_are_one_thing(store: SqlStore) -> None:
    told, bad = mail("op", edition=None), mail("bad", edition=None)
    store.watching.put_alarms([alarm()], mails=[told], now=NOW)
    with pytest.raises(StoreError):
        store.watching.put_alarms([alarm(text="new"), alarm(kind=None)], mails=[told, bad], now=NOW)
    assert store.watching.alarms() == [alarm()]
    assert [letter.mail for letter in store.outbox.letters()] == [told]


def test_marks(store: SqlStore) -> None:
    watching = store.watching
    assert watching.mark("serves harbour since") is None
    watching.set_mark("serves harbour since", "2024-11-22", now=NOW)
    watching.set_mark("other", "", now=NOW)
    watching.set_mark("serves harbour since", "2024-11-23", now=NOW + HOUR)
    assert watching.mark("serves harbour since") == ("2024-11-23", NOW + HOUR)
    watching.clear_mark("serves harbour since")
    watching.clear_mark("serves harbour since")
    assert watching.mark("serves harbour since") is None
    assert watching.mark("other") == ("", NOW)


# -- all of it is kept -------------------------------------------------------------------------


KEPT: list[Callable[[SqlStore], object]] = [
    lambda store: store.editions(9),
    lambda store: store.outbox.letters(),
    lambda store: store.readers.all(),
    lambda store: store.runs.latest(9),
    lambda store: store.runs.settled("harbour"),
    lambda store: store.watching.alarms(),
    lambda store: store.watching.mark("m"),
    lambda store: store.leases.holder("serve", now=NOW),
]


def test_everything_is_there_after_the_store_was_closed(path: Path) -> None:
    with open_store(f"sqlite:///{path}") as store:
        store.add_all([pair("a")], now=NOW)
        publish(store, EVENING, "a")
        add(store, "ann@x.example")
        store.runs.begin(EVENING, now=NOW)
        store.runs.pass_over([Edition("harbour", date(2024, 1, 1))], now=NOW, reason="r")
        store.watching.put_alarms([alarm()], now=NOW)
        store.watching.set_mark("m", "v", now=NOW)
        store.leases.take("serve", place="h:1", now=NOW, length=HOUR)
        before = [one(store) for one in KEPT]
    assert all(before)
    with open_store(f"sqlite:///{path}") as store:
        assert [one(store) for one in KEPT] == before
