"""How a map over many items runs: threads on this machine."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 4  # items under way or ready for each worker: none idles, and few results wait in memory


class ThreadEngine:
    """A pool of threads. Satisfies :class:`briefing.ports.Engine`.

    Right for work that waits (the network, the disk) or computes in libraries that let other
    threads run (torch, lxml).
    """

    def __init__(self, *, workers: int = 8) -> None:
        """``workers``: the most items worked on at once, 1 or more."""
        if workers < 1:
            raise ValueError(f"an engine needs a worker: {workers}")
        self._workers = workers

    def map(self, function: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        """Results in the order of the items, as they become ready.

        Work starts with the first ``next()``. The first error, in the order of the items, comes
        out as it was raised. After an error, or when the caller stops early, what has not begun
        never does, and what has begun is waited for.
        """
        with ThreadPoolExecutor(self._workers, thread_name_prefix="briefing") as pool:
            ahead: deque[Future[R]] = deque()
            try:
                for item in items:
                    ahead.append(pool.submit(function, item))
                    if len(ahead) >= self._workers * _AHEAD:
                        yield ahead.popleft().result()
                while ahead:
                    yield ahead.popleft().result()
            finally:
                for future in ahead:
                    future.cancel()
