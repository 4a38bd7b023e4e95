"""From the outbox to a mail server that is a fake at our own port; the outbox is real."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_cases import NOW, fast_folder, mail

from briefing.adapters.store import SqlStore, Tally, open_store
from briefing.errors import LeaseLost, ServerError, StoreError
from briefing.pipeline.delivery import (
    FIRST,
    HALTED,
    LEAST,
    LONGEST,
    Delivery,
    decided,
    deliver,
    rest,
    wait,
)
from briefing.post import Letter, Mail, Receipt

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SENT = Receipt("sent", "dot", 250, "2.0.0 taken")
LATER = Receipt("later", "rcpt", 451, "4.2.1 grey-listed")
DEAD = Receipt("dead", "dot", 554, "5.7.1 spam")
BOUNCED = Receipt("dead", "rcpt", 550, "5.1.1 no such user", bounced=True)


def trouble(stage: str = "connect", *, halts: bool = False) -> ServerError:
    return ServerError("mx:25", "refused", stage=stage, halts=halts)


class Bug(Exception):
    """What nobody foresaw."""


@dataclass
class Server:
    """Answers each mail with what ``answers`` says of its recipient; ``sent`` when it is silent."""

    answers: dict[str, Receipt | Exception] = field(default_factory=dict)
    refuses: ServerError | None = None  # to begin with us
    before: Callable[[Mail], None] = lambda mail: None  # called with each mail
    offered: list[Mail] = field(default_factory=list)
    taken: list[Mail] = field(default_factory=list)
    sessions: int = 0
    open: int = 0

    @contextmanager
    def session(self) -> Iterator[Server]:
        self.sessions += 1
        if self.refuses:
            raise self.refuses
        self.open += 1
        try:
            yield self
        finally:
            self.open -= 1

    def send(self, mail: Mail) -> Receipt:
        self.offered.append(mail)
        self.before(mail)
        answer = self.answers.get(mail.recipient.partition("@")[0], SENT)
        if isinstance(answer, Exception):
            raise answer
        if answer.state == "sent":
            self.taken.append(mail)
        return answer


@dataclass
class Clock:
    """Stands still unless it is set."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with fast_folder(tmp_path) as folder, open_store(f"sqlite:///{folder}/b.db") as opened:
        yield opened


def queue(store: SqlStore, *names: str) -> list[Mail]:
    mails = [mail(name) for name in names]
    store.outbox.queue(mails, now=NOW)
    return mails


def pass_over(store: SqlStore, server: Server, clock: Clock | None = None) -> Delivery:
    return deliver(
        store.outbox, server, clock=clock or Clock(), give_up=4 * DAY, jitter=lambda: 0.0
    )


def states(store: SqlStore) -> list[tuple[str, int]]:
    return [(x.state, x.attempts) for x in reversed(store.outbox.letters())]


def names(mails: Sequence[Mail]) -> list[str]:
    return [one.recipient.partition("@")[0] for one in mails]


# -- a pass ------------------------------------------------------------------------------------


def test_each_mail_is_sent_once_byte_for_byte_over_one_connection(store: SqlStore) -> None:
    mails = queue(store, "a", "b", "c")
    server = Server()
    assert pass_over(store, server) == Delivery(sent=3)
    assert (server.taken, server.sessions, server.open) == (mails, 1, 0)
    assert pass_over(store, server) == Delivery()
    assert (len(server.taken), server.sessions) == (3, 1)  # nothing to say, nobody to call
    assert {x.settled for x in store.outbox.letters()} == {NOW}


def test_each_mail_becomes_what_the_server_says_of_it_alone(store: SqlStore) -> None:
    reader = store.readers.add("b@example.net", "harbour", standing="active", now=NOW)
    queue(store, "a")
    store.outbox.queue([mail("b", subscriber=reader.id)], now=NOW)
    queue(store, "c", "d")
    server = Server({"a": LATER, "b": BOUNCED, "d": DEAD})
    assert pass_over(store, server) == Delivery(sent=1, later=1, dead=2)
    assert states(store) == [("queued", 1), ("dead", 1), ("sent", 1), ("dead", 1)]
    said = [x.reply for x in reversed(store.outbox.letters())]
    assert said == [one.said for one in (LATER, BOUNCED, SENT, DEAD)]
    suspended = store.readers.one(reader.id)
    assert suspended is not None
    assert (suspended.standing, suspended.reason) == ("suspended", BOUNCED.said)


def test_a_mail_put_off_is_not_offered_again_in_the_same_pass(store: SqlStore) -> None:
    queue(store, "a", "b")
    server = Server({"a": LATER})
    pass_over(store, server)
    assert names(server.offered) == ["a", "b"]
    assert store.outbox.letters()[1].not_before == NOW + FIRST
    assert pass_over(store, server, Clock(NOW + FIRST - timedelta(seconds=1))) == Delivery()
    assert server.sessions == 1
    server.answers.clear()
    assert pass_over(store, server, Clock(NOW + FIRST)) == Delivery(sent=1)
    assert states(store)[0] == ("sent", 2)


def test_each_mail_is_settled_before_the_next_is_offered(store: SqlStore) -> None:
    queue(store, "a", "b", "c")
    seen: list[list[tuple[str, int]]] = []
    pass_over(store, Server(before=lambda mail: seen.append(states(store))))
    assert seen == [
        [("queued", 1), ("queued", 0), ("queued", 0)],
        [("sent", 1), ("queued", 1), ("queued", 0)],
        [("sent", 1), ("sent", 1), ("queued", 1)],
    ]


def test_moments_are_read_when_things_happen(store: SqlStore) -> None:
    queue(store, "a", "b")
    clock = Clock()

    def slow(mail: Mail) -> None:
        clock.now += HOUR

    pass_over(store, Server({"b": LATER}, before=slow), clock)
    second, first = store.outbox.letters()
    assert first.settled == NOW + HOUR
    assert second.not_before == NOW + 2 * HOUR + FIRST


def test_what_is_queued_meanwhile_goes_too(store: SqlStore) -> None:
    queue(store, "a")
    server = Server(before=lambda mail: queue(store, "b") and None)  # type: ignore[func-returns-value]
    assert pass_over(store, server) == Delivery(sent=2)


# -- the server fails --------------------------------------------------------------------------


def test_a_server_that_will_not_begin_costs_no_mail_an_attempt(store: SqlStore) -> None:
    queue(store, "a", "b")
    error = trouble("auth", halts=True)
    assert pass_over(store, Server(refuses=error)) == Delivery(trouble=error)
    assert states(store) == [("queued", 0), ("queued", 0)]
    assert pass_over(store, Server()) == Delivery(sent=2)


def test_a_connection_lost_between_mails_gives_the_attempt_back(store: SqlStore) -> None:
    queue(store, "a", "b", "c")
    error = trouble("rset")
    server = Server({"b": error})
    assert pass_over(store, server) == Delivery(sent=1, trouble=error)
    assert names(server.offered) == ["a", "b"]
    assert states(store) == [("sent", 1), ("queued", 0), ("queued", 0)]
    assert store.outbox.letters()[1].reply == error.message
    assert server.open == 0
    server.answers.clear()
    assert pass_over(store, server) == Delivery(sent=2)  # at once: no mail is to blame


def test_trouble_at_the_end_of_a_session_takes_nothing_back(store: SqlStore) -> None:
    class Rude(Server):
        @contextmanager
        def session(self) -> Iterator[Server]:
            with super().session() as session:
                yield session
            raise trouble("rset")

    queue(store, "a")
    done = pass_over(store, Rude())
    assert (done.sent, done.trouble is None) == (1, False)
    assert states(store) == [("sent", 1)]


def test_a_bug_in_one_mail_is_not_hidden_and_does_not_stop_the_others(store: SqlStore) -> None:
    queue(store, "a", "poison", "c")
    server = Server({"poison": Bug("boom")})
    for _ in range(2):
        with pytest.raises(Bug):
            pass_over(store, server)
    assert pass_over(store, server) == Delivery(sent=1)
    assert states(store) == [("sent", 1), ("queued", 2), ("sent", 1)]
    assert server.open == 0


# -- stopped, or taken over --------------------------------------------------------------------


def test_nothing_begins_when_it_is_stopped(store: SqlStore) -> None:
    queue(store, "a")
    server = Server()
    done = deliver(
        store.outbox, server, clock=Clock(), give_up=DAY, jitter=lambda: 0.0, stopped=lambda: True
    )
    assert (done, server.sessions) == (Delivery(), 0)


def test_it_stops_between_two_mails(store: SqlStore) -> None:
    queue(store, "a", "b", "c")
    server = Server()
    done = deliver(
        store.outbox, server, clock=Clock(), give_up=DAY, jitter=lambda: 0.0,
        stopped=lambda: len(server.offered) == 2,
    )  # fmt: skip
    assert done == Delivery(sent=2)
    assert states(store) == [("sent", 1), ("sent", 1), ("queued", 0)]


def test_who_lost_the_lease_sends_nothing_more(store: SqlStore) -> None:
    queue(store, "a", "b", "c")
    lease = store.leases.take("serve", place="a:1", now=NOW, length=HOUR)

    def overtaken(mail: Mail) -> None:
        if mail.recipient.startswith("b"):
            store.leases.take("serve", place="b:1", now=NOW + DAY, length=HOUR)

    server = Server(before=overtaken)
    with pytest.raises(LeaseLost):
        deliver(store.outbox, server, clock=Clock(), give_up=DAY, jitter=lambda: 0.0, lease=lease)
    assert names(server.offered) == ["a", "b"]
    assert states(store) == [("sent", 1), ("sent", 1), ("queued", 0)]  # b was under way: it is told
    assert server.open == 0


def test_a_store_that_cannot_be_written_ends_the_pass_and_loses_nothing(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(store, "a", "b")
    settle = store.outbox.settle

    def full(number: int, receipt: Receipt, **options: object) -> None:
        raise StoreError("database or disk is full")

    monkeypatch.setattr(store.outbox, "settle", full)
    with pytest.raises(StoreError, match="full"):
        pass_over(store, server := Server())
    monkeypatch.setattr(store.outbox, "settle", settle)
    assert pass_over(store, server) == Delivery(sent=2)
    assert names(server.taken) == ["a", "a", "b"]  # at most one duplicate
    assert len({one.message_id for one in server.taken}) == 2


# -- back-off and its end ----------------------------------------------------------------------


def test_a_mail_put_off_again_and_again_is_given_up_in_the_end(store: SqlStore) -> None:
    queue(store, "a")
    server, clock, pauses = Server({"a": LATER}), Clock(), []
    while states(store)[0][0] == "queued":
        pass_over(store, server, clock)
        (letter,) = store.outbox.letters()
        if letter.not_before:
            pauses.append(letter.not_before - clock.now)
            clock.now = letter.not_before
    minutes = [pause / timedelta(minutes=1) for pause in pauses]
    assert minutes[:8] == [5, 10, 20, 40, 80, 160, 240, 240]
    assert 4 * DAY - LONGEST <= clock.now - NOW <= 4 * DAY
    assert (letter.state, letter.attempts) == ("dead", len(pauses) + 1)
    assert letter.reply == "rcpt: 451 given up after 96 hours; last: 4.2.1 grey-listed"
    assert store.outbox.tally() == Tally(dead=1)
    # Asked for by hand, it has its whole time again.
    store.outbox.retry(now=clock.now)
    assert pass_over(store, server, clock) == Delivery(later=1)


def test_a_mail_that_waited_for_days_without_an_attempt_is_not_given_up_at_the_first(
    store: SqlStore,
) -> None:
    """The server was away longer than ``give_up``, and then grey-lists."""
    queue(store, "a")
    clock = Clock(NOW + 10 * DAY)
    server = Server({"a": LATER})
    for attempts in range(1, LEAST):
        assert pass_over(store, server, clock) == Delivery(later=1)
        assert states(store) == [("queued", attempts)]
        clock.now += HOUR
    assert pass_over(store, server, clock) == Delivery(dead=1)


def letter(attempts: int, *, queued: datetime = NOW) -> Letter:
    return Letter(1, mail("a"), "queued", attempts, queued)


@settings(deadline=None)
@given(st.integers(1, 10**6), st.floats(0, 1))
def test_a_pause_is_between_five_minutes_and_five_hours(attempts: int, jitter: float) -> None:
    pause = wait(attempts, jitter=jitter)
    assert FIRST <= wait(attempts, jitter=0.0) <= pause <= LONGEST * 5 / 4
    assert pause <= wait(attempts + 1, jitter=jitter)
    assert pause <= wait(attempts, jitter=1.0) == wait(attempts, jitter=0.0) * 5 / 4


def test_many_mails_put_off_do_not_come_back_at_one_moment(store: SqlStore) -> None:
    queue(store, *(f"r{n}" for n in range(10)))
    server = Server({f"r{n}": LATER for n in range(10)})
    fractions = iter(n / 10 for n in range(10))
    deliver(store.outbox, server, clock=Clock(), give_up=4 * DAY, jitter=lambda: next(fractions))
    moments = Counter(x.not_before for x in store.outbox.letters())
    assert len(moments) == 10


@settings(deadline=None)
@given(
    st.integers(1, 60), st.floats(0, 1), st.timedeltas(-30 * DAY, 30 * DAY),
    st.timedeltas(HOUR, 30 * DAY),
)  # fmt: skip
def test_a_mail_put_off_is_dead_or_tried_within_its_time(
    attempts: int, jitter: float, age: timedelta, give_up: timedelta
) -> None:
    now = NOW + age  # earlier than it was queued: the clock was set back
    receipt, again = decided(letter(attempts), LATER, now=now, give_up=give_up, jitter=jitter)
    assert (receipt.state == "dead") == (again is None)
    if again is None:
        assert age + wait(attempts, jitter=jitter) > give_up
        assert attempts >= LEAST
        assert not receipt.bounced  # a reader is not suspended for a server's mood
    else:
        assert receipt == LATER
        assert now + FIRST <= again <= now + LONGEST * 5 / 4
        assert again - NOW <= give_up or attempts < LEAST


@pytest.mark.parametrize("receipt", [SENT, DEAD, BOUNCED])
def test_what_is_settled_is_not_decided_again(receipt: Receipt) -> None:
    old = letter(99, queued=NOW - 99 * DAY)
    assert decided(old, receipt, now=NOW, give_up=HOUR, jitter=0.5) == (receipt, None)


def test_the_end_is_told_in_hours() -> None:
    old = replace(letter(9), queued=NOW - DAY)
    receipt, _ = decided(old, LATER, now=NOW, give_up=timedelta(minutes=90), jitter=0.0)
    assert receipt.text == "given up after 1.5 hours; last: 4.2.1 grey-listed"
    assert (receipt.stage, receipt.code) == ("rcpt", 451)


@settings(deadline=None)
@given(st.integers(1, 10**6), st.floats(0, 1))
def test_a_failing_server_is_left_alone_for_a_minute_to_an_hour(errors: int, jitter: float) -> None:
    pause = rest(trouble(), errors, jitter=jitter)
    assert timedelta(minutes=1) <= pause <= HALTED
    assert pause <= rest(trouble(), errors + 1, jitter=jitter)


@settings(deadline=None)
@given(st.integers(1, 10**6), st.floats(0, 1))
def test_a_server_that_refuses_us_is_asked_hourly_from_the_first(
    errors: int, jitter: float
) -> None:
    pause = rest(trouble("auth", halts=True), errors, jitter=jitter)
    assert HALTED <= pause <= HALTED * 5 / 4
