"""One holder at a time: under a race, after a death, and whatever the clock does."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from processes import ended, eventually, forked, succeeded
from store_cases import NOW, fast_folder

from briefing.adapters.store import Lease, SqlStore, open_store
from briefing.app import leasing
from briefing.app.leasing import gone, held, place
from briefing.errors import BriefingError, LeaseLost, StoreError

LENGTH = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
YEAR = timedelta(days=365)


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    with fast_folder(tmp_path) as folder:
        yield folder / "briefing.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    with open_store(f"sqlite:///{path}") as opened:
        yield opened


def take(store: SqlStore, who: str, now: datetime = NOW, *, name: str = "serve") -> Lease | None:
    return store.leases.take(name, place=f"{who}:1", now=now, length=LENGTH)


def taken(store: SqlStore, who: str, now: datetime = NOW) -> Lease:
    lease = take(store, who, now)
    assert lease is not None
    return lease


# -- the rows ----------------------------------------------------------------------------------


def test_a_lease_has_one_holder_until_its_end(store: SqlStore) -> None:
    lease = taken(store, "a")
    assert (lease.name, lease.place, lease.expires) == ("serve", "a:1", NOW + LENGTH)
    assert take(store, "b") is None
    assert take(store, "b", NOW + LENGTH - TICK) is None
    assert store.leases.holder("serve", now=NOW + LENGTH - TICK) == lease
    assert store.leases.holder("serve", now=NOW + LENGTH) is None
    other = taken(store, "b", NOW + LENGTH)
    assert other.owner != lease.owner
    assert store.leases.holder("serve", now=NOW + LENGTH) == other


def test_leases_of_other_names_are_free(store: SqlStore) -> None:
    taken(store, "a")
    assert take(store, "b", name="edition/harbour") is not None
    assert store.leases.holder("edition/railway", now=NOW) is None


def test_a_renewed_lease_is_held_on(store: SqlStore) -> None:
    lease = taken(store, "a")
    for minutes in range(1, 90):
        now = NOW + minutes * LENGTH / 2
        renewed = store.leases.renew(lease, now=now, length=LENGTH)
        assert (renewed.owner, renewed.expires) == (lease.owner, now + LENGTH)
        assert take(store, "b", now + LENGTH - TICK) is None


def test_who_was_taken_over_learns_it_and_changes_nothing(store: SqlStore) -> None:
    mine = taken(store, "a")
    other = taken(store, "b", NOW + LENGTH)
    with pytest.raises(LeaseLost, match=r"(?s)taken over 'serve'.*Remedy.*one instance"):
        store.leases.renew(mine, now=NOW, length=LENGTH)
    store.leases.give_back(mine)
    assert store.leases.holder("serve", now=NOW + LENGTH) == other


def test_a_late_renewal_holds_on_while_nobody_asked(store: SqlStore) -> None:
    """As after a night's sleep of the machine: the work goes on, it was in nobody's way."""
    lease = taken(store, "a")
    store.leases.renew(lease, now=NOW + HOUR, length=LENGTH)
    assert take(store, "b", NOW + HOUR) is None


def test_a_lease_that_was_given_back_is_free_and_lost(store: SqlStore) -> None:
    lease = taken(store, "a")
    store.leases.give_back(lease)
    store.leases.give_back(lease)
    assert store.leases.holder("serve", now=NOW) is None
    with pytest.raises(LeaseLost):
        store.leases.renew(lease, now=NOW, length=LENGTH)
    assert take(store, "b") is not None


@pytest.mark.parametrize("back", [LENGTH + TICK, HOUR, YEAR])
def test_a_clock_that_was_set_back_does_not_hold_a_lease_for_ever(
    store: SqlStore, back: timedelta
) -> None:
    mine = taken(store, "a")
    other = taken(store, "b", NOW - back)
    assert store.leases.holder("serve", now=NOW - back) == other
    with pytest.raises(LeaseLost):
        store.leases.renew(mine, now=NOW - back, length=LENGTH)


def test_a_clock_that_was_corrected_by_seconds_takes_nothing_away(store: SqlStore) -> None:
    taken(store, "a")
    assert take(store, "b", NOW - LENGTH) is None


def test_the_lease_of_a_dead_process_is_free_at_once(store: SqlStore) -> None:
    asked: list[str] = []

    def dead(other: str) -> bool:
        asked.append(other)
        return True

    def take_from(gone: Callable[[str], bool]) -> Lease | None:
        return store.leases.take("serve", place="b:1", now=NOW, length=LENGTH, gone=gone)

    mine = taken(store, "a")
    assert take_from(lambda other: False) is None
    assert take_from(dead) is not None
    assert asked == ["a:1"]
    with pytest.raises(LeaseLost):
        store.leases.renew(mine, now=NOW, length=LENGTH)


# -- a race ------------------------------------------------------------------------------------


def test_eight_processes_race_and_never_two_hold_it(path: Path) -> None:
    """Each holder makes a file that may not be there yet; 200 rounds in all."""
    open_store(f"sqlite:///{path}").close()
    mark, log = path.with_name("held"), path.with_name("rounds")
    log.touch()

    def work() -> None:
        with open_store(f"sqlite:///{path}") as store:
            while log.stat().st_size < 200:  # or until the minute of `forked` is over
                now = datetime.now(UTC)
                lease = store.leases.take("x", place=place(), now=now, length=HOUR)
                if lease is None:
                    time.sleep(0.002)
                    continue
                os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
                with log.open("ab", buffering=0) as file:
                    file.write(b"x")
                store.leases.renew(lease, now=now, length=HOUR)
                mark.unlink()
                store.leases.give_back(lease)

    assert succeeded(*[forked(work) for _ in range(8)])
    assert 200 <= log.stat().st_size < 208
    with open_store(f"sqlite:///{path}") as store:
        assert store.damage() == []


def test_holders_that_die_are_followed_one_after_the_other(path: Path) -> None:
    """Nobody gives it back: each of the next waits for the end of the lease, and only one wins."""
    open_store(f"sqlite:///{path}").close()
    log = path.with_name("wins")

    def work(now: datetime) -> None:
        with open_store(f"sqlite:///{path}") as store:
            lease = store.leases.take("x", place="elsewhere:1", now=now, length=LENGTH)
            if lease is not None:
                with log.open("ab", buffering=0) as file:
                    file.write(b"x")

    for number in range(10):
        now = NOW + number * LENGTH

        def again(now: datetime = now) -> None:
            work(now)

        assert succeeded(*[forked(again) for _ in range(4)])
        assert log.stat().st_size == number + 1


# -- where a process is ------------------------------------------------------------------------


def test_a_place_names_machine_and_process() -> None:
    host, _, number = place().rpartition(":")
    assert host.partition("/")[0] == platform.node()
    assert number == str(os.getpid())


def here(number: object) -> str:
    return f"{place().rpartition(':')[0]}:{number}"


def test_only_a_process_beside_us_is_known_to_be_gone() -> None:
    child = forked(lambda: None)
    assert succeeded(child)
    assert gone(here(child))
    assert not gone(f"elsewhere:{child}")
    assert not gone(here(os.getppid()))  # lives
    assert not gone(here(1))  # lives, perhaps as another user
    assert gone(place())  # a predecessor: in a container the number is always the same
    for odd in ("", ":", "x", here(""), here("-1"), here("x"), here("9" * 30), here("0")):
        assert not gone(odd)


ASKS = """
import sys
from briefing.app.leasing import gone, place
print(place(), gone(sys.argv[1]))
"""


def test_a_process_of_another_container_is_not_taken_for_dead() -> None:
    """One host name, two numberings: what is number 4,000,000 there may well live."""
    inside = [sys.executable, "-c", ASKS, here(4_000_000)]
    done = subprocess.run(["unshare", "--pid", "--fork", *inside], capture_output=True, text=True)
    if done.returncode and "unshare" in done.stderr:
        pytest.skip("process numbers of its own can be had by root alone")
    other, said = done.stdout.split()
    assert said == "False"
    assert other.rpartition(":")[0] != place().rpartition(":")[0]
    assert not gone(other)
    assert gone(here(4_000_000))  # asked from here, nobody has that number


# -- held --------------------------------------------------------------------------------------


class Clock:
    """Says what it is told to say."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


SHORT = timedelta(seconds=0.09)  # renewed each 0.03 seconds


def test_held_is_renewed_while_the_work_goes_on_and_free_after(store: SqlStore) -> None:
    clock = Clock()
    before = threading.active_count()
    with held(store, "x", clock=clock, length=SHORT) as lease:
        assert lease.place == place()
        for hours in (1, 2, 3):
            clock.now = now = NOW + hours * HOUR

            def renewed(now: datetime = now) -> bool:
                other = store.leases.holder("x", now=now)
                return other is not None and other.owner == lease.owner

            eventually(renewed, "it is renewed")
        assert threading.active_count() == before + 1
    assert store.leases.holder("x", now=clock.now) is None
    assert threading.active_count() == before


def test_held_is_free_after_an_error(store: SqlStore) -> None:
    with pytest.raises(KeyError), held(store, "x", clock=Clock(), length=HOUR):
        raise KeyError
    assert store.leases.holder("x", now=NOW) is None


def test_who_comes_while_another_lives_is_told_who_it_is(store: SqlStore, path: Path) -> None:
    end = path.with_name("end")

    def work() -> None:
        with (
            open_store(f"sqlite:///{path}") as own,
            held(own, "edition/harbour", clock=Clock(), length=HOUR),
        ):
            eventually(end.exists, "the end")

    child = forked(work)
    eventually(lambda: store.leases.holder("edition/harbour", now=NOW), "the child holds it")
    said = rf"(?s)'edition/harbour' is .* by .*:{child}, until 07:30:00 UTC at least.*Remedy"
    with (
        pytest.raises(BriefingError, match=said),
        held(store, "edition/harbour", clock=Clock(), length=HOUR),
    ):
        pytest.fail("two hold it")
    with held(store, "edition/railway", clock=Clock(), length=HOUR):
        pass
    assert store.leases.holder("edition/harbour", now=NOW) is not None
    end.touch()
    assert succeeded(child)
    with held(store, "edition/harbour", clock=Clock(), length=HOUR):
        pass


def test_the_lease_of_a_killed_process_is_taken_at_once(path: Path, store: SqlStore) -> None:
    def work() -> None:
        with (
            open_store(f"sqlite:///{path}") as own,
            held(own, "x", clock=Clock(), length=HOUR),
        ):
            os.kill(os.getpid(), 9)

    child = forked(work)
    assert ended(child) == -9
    other = store.leases.holder("x", now=NOW)
    assert other is not None
    assert other.place == here(child)
    with held(store, "x", clock=Clock(), length=HOUR) as lease:
        assert store.leases.holder("x", now=NOW) == lease


def test_the_loss_is_noticed_while_the_work_goes_on(store: SqlStore) -> None:
    noticed: list[str] = []

    def lost() -> None:
        noticed.append(threading.current_thread().name)

    with held(store, "x", clock=Clock(), length=SHORT, lost=lost):
        other = store.leases.take("x", place="b:1", now=NOW + HOUR, length=HOUR)
        eventually(lambda: noticed, "the loss is noticed")
    assert noticed == ["lease x"]
    assert store.leases.holder("x", now=NOW + HOUR) == other  # the end took nothing from it


def test_a_store_that_is_busy_for_a_moment_costs_no_lease(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    renew, failed = store.leases.renew, []

    def at_times(lease: Lease, *, now: datetime, length: timedelta) -> Lease:
        if len(failed) < 2:
            failed.append(now)
            raise StoreError("database is locked")
        return renew(lease, now=now, length=length)

    monkeypatch.setattr(store.leases, "renew", at_times)
    clock = Clock()
    with held(store, "x", clock=clock, length=SHORT, lost=lambda: pytest.fail("lost")):
        clock.now = NOW + HOUR
        eventually(lambda: store.leases.holder("x", now=clock.now), "it is renewed")
    assert len(failed) == 2


def test_a_renewal_that_waits_for_the_store_at_the_end_is_no_loss(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    renew, asked, go_on = store.leases.renew, threading.Event(), threading.Event()
    threads: list[threading.Thread] = []

    def slow(lease: Lease, *, now: datetime, length: timedelta) -> Lease:
        threads.append(threading.current_thread())
        asked.set()
        go_on.wait(10)
        return renew(lease, now=now, length=length)

    monkeypatch.setattr(store.leases, "renew", slow)
    monkeypatch.setattr(leasing, "PATIENCE", 0.05)
    noticed: list[bool] = []
    with held(store, "x", clock=Clock(), length=SHORT, lost=lambda: noticed.append(True)):
        assert asked.wait(10)
    assert store.leases.holder("x", now=NOW) is None
    go_on.set()
    threads[0].join(10)
    assert not threads[0].is_alive()
    assert not noticed
