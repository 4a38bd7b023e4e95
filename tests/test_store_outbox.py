"""The outbox: no mail is lost, none is changed, and each is told what became of it."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from processes import forked, killed_at_work, succeeded
from store_cases import EVENING, FRIDAY, MORNING, NOW, fast_folder, mail

from briefing.adapters.store import SqlStore, Tally, open_store
from briefing.adapters.store.outbox import AFTER_CUT_OFF, CUT_OFF, LONGEST_PAUSE
from briefing.errors import LeaseLost
from briefing.post import Letter, Receipt, Standing

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SENT = Receipt("sent", "dot", 250, "2.0.0 taken")
LATER = Receipt("later", "rcpt", 451, "4.2.1 busy")
DEAD = Receipt("dead", "dot", 554, "5.7.1 spam")
BOUNCED = Receipt("dead", "rcpt", 550, "5.1.1 no such user", bounced=True)


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    with fast_folder(tmp_path) as folder:
        yield folder / "briefing.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    with open_store(f"sqlite:///{path}") as opened:
        yield opened


def queue(store: SqlStore, *names: str) -> None:
    assert store.outbox.queue([mail(name) for name in names], now=NOW) == len(names)


def claimed(store: SqlStore, now: datetime = NOW) -> Letter:
    letter = store.outbox.claim(now=now)
    assert letter is not None
    return letter


def one(store: SqlStore, number: int) -> Letter:
    letter = store.outbox.letter(number)
    assert letter is not None
    return letter


def states(store: SqlStore) -> list[tuple[str, str, int]]:
    """Recipient, state and attempts, in the order of queueing."""
    letters = reversed(store.outbox.letters(limit=10_000))
    return [(x.mail.recipient.partition("@")[0], x.state, x.attempts) for x in letters]


# -- queueing and claiming ---------------------------------------------------------------------


def test_mails_are_claimed_in_the_order_of_queueing(store: SqlStore) -> None:
    assert store.outbox.claim(now=NOW) is None
    queue(store, "c", "a", "b")
    queue(store, "d")
    order = []
    while letter := store.outbox.claim(now=NOW):
        order.append(letter.mail.recipient[0])
        store.outbox.settle(letter.number, SENT, now=NOW)
    assert order == ["c", "a", "b", "d"]


def test_a_mail_comes_back_as_it_was(store: SqlStore) -> None:
    plain = mail("r", edition=MORNING, subscriber="7" * 32)
    alone = replace(mail("s", edition=None), kind="alarm")
    store.outbox.queue([plain, alone], now=NOW)
    first = claimed(store)
    assert first.mail == plain
    store.outbox.settle(first.number, SENT, now=NOW)
    assert claimed(store).mail == alone


def test_a_message_id_is_queued_once_for_ever(store: SqlStore) -> None:
    queue(store, "a")
    again = mail("a", content=b"other bytes")
    assert store.outbox.queue([again, mail("b"), mail("b")], now=NOW) == 1
    letter = claimed(store)
    store.outbox.settle(letter.number, SENT, now=NOW)
    store.outbox.prune(NOW + HOUR)
    assert store.outbox.queue([again], now=NOW) == 0
    assert states(store) == [("a", "sent", 1), ("b", "queued", 0)]
    assert store.outbox.queue([], now=NOW) == 0


@pytest.fixture(scope="module")
def shared() -> Iterator[SqlStore]:
    with open_store("sqlite://") as opened:
        yield opened


NUMBERS = count()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=3000))
def test_any_bytes_come_back_identical(shared: SqlStore, content: bytes) -> None:
    name = f"any{next(NUMBERS)}"
    shared.outbox.queue([mail(name, content=content)], now=NOW)
    letter = claimed(shared)
    assert letter.mail == mail(name, content=content)
    shared.outbox.settle(letter.number, LATER, now=NOW, not_before=NOW)
    assert claimed(shared).mail.content == content  # and so at the next attempt
    shared.outbox.settle(letter.number, SENT, now=NOW)


def test_a_large_mail_comes_back_identical_and_is_kept_small(store: SqlStore, path: Path) -> None:
    content = b"".join(b"<p>Line %d of a long digest.</p>\r\n" % n for n in range(90_000))
    store.outbox.queue([mail("a", content=content)], now=NOW)
    assert claimed(store).mail.content == content
    assert path.stat().st_size < len(content) / 3


# -- what became of it -------------------------------------------------------------------------


def test_each_claim_counts_an_attempt_and_a_release_gives_it_back(store: SqlStore) -> None:
    queue(store, "a")
    first = claimed(store)
    assert (first.state, first.attempts, first.reply) == ("queued", 1, CUT_OFF)
    store.outbox.release(first.number, reply="connect: refused\0")
    letter = one(store, first.number)
    assert (letter.state, letter.attempts, letter.reply) == (
        "queued",
        0,
        "connect: refused\\x00",
    )
    for attempts in (1, 2, 3):
        assert claimed(store).attempts == attempts
        store.outbox.settle(first.number, LATER, now=NOW, not_before=NOW)


def test_what_the_server_said_is_kept(store: SqlStore) -> None:
    queue(store, "sent", "later", "dead")
    for receipt in (SENT, LATER, DEAD):
        letter = claimed(store)
        store.outbox.settle(
            letter.number, receipt, now=NOW + MINUTE,
            not_before=NOW + HOUR if receipt is LATER else None,
        )  # fmt: skip
    sent, later, dead = (one(store, number) for number in (1, 2, 3))
    assert (sent.state, sent.reply, sent.settled) == (
        "sent",
        "dot: 250 2.0.0 taken",
        NOW + MINUTE,
    )
    assert (later.state, later.reply, later.settled) == ("queued", "rcpt: 451 4.2.1 busy", None)
    assert later.not_before == NOW + HOUR
    assert (dead.state, dead.reply, dead.settled) == ("dead", "dot: 554 5.7.1 spam", NOW + MINUTE)
    assert store.outbox.tally() == Tally(queued=1, sent=1, dead=1)


def test_a_mail_put_off_rests_until_its_time(store: SqlStore) -> None:
    queue(store, "a", "b")
    first = claimed(store)
    store.outbox.settle(first.number, LATER, now=NOW, not_before=NOW + HOUR)
    second = claimed(store)
    assert second.mail.recipient == "b@example.net"
    store.outbox.settle(second.number, SENT, now=NOW)
    early = NOW + HOUR - timedelta(microseconds=1)
    assert (store.outbox.claim(now=early), store.outbox.ready(now=early)) == (None, False)
    assert store.outbox.ready(now=NOW + HOUR)
    assert claimed(store, NOW + HOUR).number == first.number


def test_a_pause_longer_than_any_of_ours_says_that_the_clock_was_set_back(store: SqlStore) -> None:
    queue(store, "a")
    letter = claimed(store)
    store.outbox.settle(letter.number, LATER, now=NOW, not_before=NOW + HOUR)
    year = timedelta(days=365)
    assert claimed(store, NOW - year).number == letter.number
    store.outbox.settle(letter.number, LATER, now=NOW, not_before=NOW + LONGEST_PAUSE)
    assert store.outbox.claim(now=NOW) is None  # the longest there can be
    assert store.outbox.ready(now=NOW - timedelta(microseconds=1))


def test_a_mail_that_ends_the_process_again_and_again_does_not_stop_the_others(
    store: SqlStore,
) -> None:
    queue(store, "poison", "a", "b")
    assert claimed(store).mail.recipient == "poison@example.net"
    assert claimed(store).mail.recipient == "poison@example.net"  # once may be bad luck
    for name in ("a", "b"):
        letter = claimed(store)
        assert letter.mail.recipient == f"{name}@example.net"
        store.outbox.settle(letter.number, SENT, now=NOW)
    assert store.outbox.claim(now=NOW) is None
    again = claimed(store, NOW + AFTER_CUT_OFF)
    assert (again.number, again.attempts) == (1, 3)
    store.outbox.release(again.number, reply="connect: refused")
    assert claimed(store, NOW + AFTER_CUT_OFF).number == 1  # a release leaves no pause


def test_a_process_that_was_overtaken_undoes_no_success(store: SqlStore) -> None:
    """Paused between claim and settle, while another process sent the mail."""
    queue(store, "a", "b")
    slow, quick = claimed(store), claimed(store)
    assert slow.number == quick.number
    store.outbox.settle(quick.number, SENT, now=NOW)
    before = one(store, 1)
    for receipt in (LATER, DEAD):
        store.outbox.settle(slow.number, receipt, now=NOW + HOUR, not_before=NOW)
        assert one(store, 1) == before
    store.outbox.release(slow.number, reply="lost")
    assert one(store, 1) == before
    assert claimed(store).mail.recipient == "b@example.net"


def test_a_mail_given_up_while_it_was_under_way_is_told_as_what_it_became(store: SqlStore) -> None:
    queue(store, "a", "b")
    assert claimed(store).number == 1
    store.outbox.drop([1, 2], now=NOW, reason="wrong")
    store.outbox.settle(1, SENT, now=NOW)  # too late to stop it
    store.outbox.settle(2, LATER, now=NOW)
    assert states(store) == [("a", "sent", 1), ("b", "dead", 0)]


# -- bounces -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standing", "receipt", "after"),
    [
        ("active", BOUNCED, ("suspended", "rcpt: 550 5.1.1 no such user")),
        ("active", DEAD, ("active", "")),  # not the address is to blame
        ("active", LATER, ("active", "")),
        ("active", SENT, ("active", "")),
        ("left", BOUNCED, ("left", "by their wish")),
        ("pending", BOUNCED, ("pending", "")),
    ],
)
def test_a_refused_address_suspends_its_active_reader_alone(
    store: SqlStore, standing: Standing, receipt: Receipt, after: tuple[str, str]
) -> None:
    reader = store.readers.add("a@example.net", "harbour", standing="active", now=NOW)
    other = store.readers.add("b@example.net", "harbour", standing="active", now=NOW)
    reason = "by their wish" if standing == "left" else ""
    store.readers.set_standing(reader.id, standing, now=NOW, reason=reason)
    store.outbox.queue([mail("a", subscriber=reader.id), mail("x", subscriber="")], now=NOW)
    store.outbox.settle(claimed(store).number, receipt, now=NOW, not_before=NOW + HOUR)
    store.outbox.settle(claimed(store).number, BOUNCED, now=NOW)  # nobody's mail suspends nobody
    found = store.readers.one(reader.id)
    assert found is not None
    assert (found.standing, found.reason) == after
    assert store.readers.one(other.id) == other


# -- by hand -----------------------------------------------------------------------------------


def test_dead_letters_are_visible_and_sent_again_when_asked(store: SqlStore) -> None:
    queue(store, "a", "b", "c", "d")
    for receipt in (DEAD, DEAD, SENT):
        store.outbox.settle(claimed(store).number, receipt, now=NOW)
    assert [x.mail.recipient[0] for x in store.outbox.letters(state="dead")] == ["b", "a"]
    later = NOW + 5 * HOUR
    assert store.outbox.retry(now=later, numbers=[2, 3, 99]) == 1  # 3 is sent, 99 unknown
    letter = one(store, 2)
    assert (letter.state, letter.queued, letter.settled) == ("queued", later, None)
    assert (letter.attempts, letter.reply) == (1, "dot: 554 5.7.1 spam")  # what is known is kept
    assert store.outbox.retry(now=later) == 3
    assert states(store) == [("a", "queued", 1), ("b", "queued", 1), ("c", "sent", 1),
                             ("d", "queued", 0)]  # fmt: skip


def test_a_mail_put_off_goes_at_once_when_asked(store: SqlStore) -> None:
    queue(store, "a")
    store.outbox.settle(claimed(store).number, LATER, now=NOW, not_before=NOW + HOUR)
    assert store.outbox.retry(now=NOW) == 1
    assert claimed(store).number == 1


def test_waiting_mails_are_given_up_by_hand_and_stay_visible(store: SqlStore) -> None:
    queue(store, "a", "b", "c")
    store.outbox.settle(claimed(store).number, SENT, now=NOW)
    assert store.outbox.drop([1, 2, 2, 99], now=NOW, reason="not\0wanted") == 1
    (dead,) = store.outbox.letters(state="dead")
    assert (dead.number, dead.reply, dead.settled) == (2, "not\\x00wanted", NOW)
    assert store.outbox.drop([], now=NOW, reason="x") == 0
    assert store.outbox.retry(now=NOW, numbers=[2]) == 1


def test_bytes_of_settled_mails_are_forgotten_and_the_fact_is_kept(store: SqlStore) -> None:
    queue(store, "sent", "dead", "put off")
    for receipt in (SENT, DEAD, LATER):
        store.outbox.settle(claimed(store).number, receipt, now=NOW, not_before=NOW)
    assert store.outbox.prune(NOW) == 0  # settled then, not before
    assert store.outbox.prune(NOW + MINUTE) == 2
    assert store.outbox.prune(NOW + MINUTE) == 0
    assert [x.mail.content for x in reversed(store.outbox.letters())][:2] == [b"", b""]
    assert store.outbox.retry(now=NOW) == 1  # the dead one's bytes are gone
    assert claimed(store).mail == mail("put off")
    assert store.outbox.tally() == Tally(queued=1, sent=1, dead=1)


def test_letters_and_tallies_by_state_and_edition(store: SqlStore) -> None:
    assert store.outbox.tally() == Tally()
    mails = [mail(f"r{n}", edition=edition) for n in range(3) for edition in (MORNING, EVENING)]
    store.outbox.queue([*mails, mail("x", edition=None)], now=NOW)
    store.outbox.settle(claimed(store).number, SENT, now=NOW)
    assert store.outbox.tally(MORNING) == Tally(queued=2, sent=1)
    assert store.outbox.tally(EVENING) == Tally(queued=3)
    assert store.outbox.tally(FRIDAY) == Tally()
    assert store.outbox.tally() == Tally(queued=6, sent=1)
    assert [x.number for x in store.outbox.letters(limit=2)] == [7, 6]
    assert [x.number for x in store.outbox.letters(edition=MORNING)] == [5, 3, 1]
    assert [x.number for x in store.outbox.letters(state="sent", edition=MORNING)] == [1]
    assert store.outbox.letter(99) is None


# -- many at once ------------------------------------------------------------------------------


def test_who_lost_the_lease_claims_nothing(store: SqlStore) -> None:
    queue(store, "a")
    mine = store.leases.take("serve", place="a:1", now=NOW, length=MINUTE)
    store.leases.take("serve", place="b:1", now=NOW + HOUR, length=MINUTE)
    with pytest.raises(LeaseLost):
        store.outbox.claim(now=NOW, lease=mine)
    assert states(store) == [("a", "queued", 0)]


def send_all(store: SqlStore, *, with_lease: bool) -> list[int]:
    """What a sender does: claim and settle until nothing is left. The numbers it sent."""
    sent: list[int] = []
    until = time.monotonic() + 30
    while store.outbox.ready(now=NOW):
        assert time.monotonic() < until
        lease, now = None, datetime.now(UTC)
        if with_lease:
            lease = store.leases.take("serve", place="h:1", now=now, length=HOUR)
            if lease is None:
                time.sleep(0.003)
                continue
        for _ in range(4):
            if letter := store.outbox.claim(now=NOW, lease=lease):
                store.outbox.settle(letter.number, SENT, now=NOW)
                sent.append(letter.number)
        if lease is not None:
            store.leases.give_back(lease)
    return sent


@pytest.mark.parametrize("with_lease", [True, False])
def test_threads_and_processes_that_send_at_once_lose_nothing(path: Path, with_lease: bool) -> None:
    everything = list(range(1, 61))
    with open_store(f"sqlite:///{path}") as store:
        queue(store, *(f"r{n}" for n in everything))

    def work() -> None:
        with open_store(f"sqlite:///{path}") as own:
            path.with_name(f"sent-{os.getpid()}").write_text(
                " ".join(map(str, send_all(own, with_lease=with_lease)))
            )

    children = [forked(work) for _ in range(3)]
    with open_store(f"sqlite:///{path}") as store, ThreadPoolExecutor(4) as pool:
        threads = list(pool.map(lambda _: send_all(store, with_lease=with_lease), range(4)))
    assert succeeded(*children)
    sent = [number for numbers in threads for number in numbers]
    for file in path.parent.glob("sent-*"):
        sent += map(int, file.read_text().split())
    assert set(sent) == set(everything)
    with open_store(f"sqlite:///{path}") as store:
        assert store.outbox.tally() == Tally(sent=60)
        attempts = sum(letter.attempts for letter in store.outbox.letters(limit=99))
        assert store.damage() == []
    assert attempts == len(sent)  # one for each mail under a lease, more without
    if with_lease:
        assert sorted(sent) == everything


def test_killed_fifty_times_while_it_claims_no_mail_is_lost(path: Path) -> None:
    url, chance = f"sqlite:///{path}", random.Random(5)
    with open_store(url) as store:
        queue(store, *(f"r{n}" for n in range(400)))
    log = path.with_name("acknowledged")
    log.touch()

    def work() -> None:
        with open_store(url) as store, log.open("ab", buffering=0) as file:
            while letter := store.outbox.claim(now=NOW):
                store.outbox.settle(letter.number, SENT, now=NOW)
                file.write(b"%d\n" % letter.number)

    for _ in range(50):
        size = log.stat().st_size
        killed_at_work(work, lambda size=size: log.stat().st_size > size, chance.uniform(0, 0.008))
    acknowledged = [int(line) for line in log.read_text().split()]
    assert len(set(acknowledged)) == len(acknowledged) >= 50
    with open_store(url) as store:
        assert store.damage() == []
        letters = {letter.number: letter for letter in store.outbox.letters(limit=999)}
        assert set(letters) == set(range(1, 401))
        assert {letters[number].state for number in acknowledged} == {"sent"}
        assert {x.state for x in letters.values()} == {"queued", "sent"}  # some are left
        sent = sum(x.state == "sent" for x in letters.values())
        assert sent <= len(acknowledged) + 50  # settled, and killed before it was written down
        assert all(x.mail.content == mail("r").content for x in letters.values())
        while letter := store.outbox.claim(now=NOW + HOUR):
            store.outbox.settle(letter.number, SENT, now=NOW)
        assert store.outbox.tally() == Tally(sent=400)
        assert max(x.attempts for x in store.outbox.letters(limit=999)) <= 4


def test_a_mail_whose_bytes_are_damaged_holds_up_none_behind_it(store: SqlStore) -> None:
    store.outbox.queue([mail("one"), mail("two")], now=NOW)
    with store._database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET content = substr(content, 1, 12) || 'AAAA' || substr(content, 17)"
            " WHERE number = 1"
        )
    claimed = store.outbox.claim(now=NOW)
    assert claimed is not None
    assert (claimed.number, claimed.mail.content) == (2, mail("two").content)
    (dead,) = store.outbox.letters(state="dead")
    assert (dead.number, dead.reply, dead.mail.content) == (1, "its stored bytes are damaged", b"")


def test_the_mail_that_waits_longest_is_told_with_what_the_server_said_to_it(
    store: SqlStore,
) -> None:
    assert store.outbox.oldest() is None
    store.outbox.queue([mail("one")], now=NOW)
    store.outbox.queue([mail("two")], now=NOW + timedelta(minutes=5))
    first = store.outbox.claim(now=NOW)
    assert first is not None
    later = Receipt("later", "rcpt", 451, "come again")
    store.outbox.settle(first.number, later, now=NOW, not_before=NOW + timedelta(minutes=5))
    assert store.outbox.oldest() == (NOW, "rcpt: 451 come again")
