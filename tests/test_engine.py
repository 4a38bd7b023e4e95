"""Threads keep the order, the errors and the count of what is under way."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.adapters.engine import ThreadEngine


@given(st.lists(st.integers()), st.integers(min_value=1, max_value=5))
@settings(max_examples=30, deadline=None)
def test_results_stand_in_the_order_of_the_items(items: list[int], workers: int) -> None:
    assert list(ThreadEngine(workers=workers).map(str, items)) == [str(item) for item in items]


def test_slow_items_do_not_change_the_order() -> None:
    def work(delay: float) -> float:
        time.sleep(delay)
        return delay

    delays = [0.05, 0.0, 0.03, 0.0, 0.01]
    assert list(ThreadEngine(workers=5).map(work, delays)) == delays


def test_items_run_side_by_side() -> None:
    meeting = threading.Barrier(4, timeout=10)  # passed only when four are there at once
    assert len(list(ThreadEngine(workers=4).map(lambda _: meeting.wait(), range(4)))) == 4


def test_no_more_than_the_workers_run_and_few_wait_ready() -> None:
    lock, running, most, begun = threading.Lock(), 0, 0, 0

    def work(item: int) -> int:
        nonlocal running, most, begun
        with lock:
            running, begun = running + 1, begun + 1
            most = max(most, running)
        time.sleep(0.001)
        with lock:
            running -= 1
        return item

    results = ThreadEngine(workers=3).map(work, range(1000))
    assert begun == 0  # nothing starts before it is asked for
    assert [next(results) for _ in range(5)] == list(range(5))
    time.sleep(0.1)
    assert begun <= 5 + 3 * 4
    assert len(list(results)) == 995
    assert most <= 3


def test_the_first_error_comes_out_and_the_rest_never_starts() -> None:
    begun = []

    def work(item: int) -> int:
        begun.append(item)
        if item == 3:
            raise LookupError("item 3")
        return item

    results = ThreadEngine(workers=2).map(work, range(500))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(LookupError, match="item 3"):
        next(results)
    assert len(begun) < 20
    assert not [t for t in threading.enumerate() if t.name.startswith("briefing")]


def test_a_caller_that_stops_early_leaves_no_thread() -> None:
    results = ThreadEngine(workers=2).map(lambda item: item, range(500))
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert not [t for t in threading.enumerate() if t.name.startswith("briefing")]


def test_an_engine_needs_a_worker() -> None:
    with pytest.raises(ValueError, match="needs a worker"):
        ThreadEngine(workers=0)
