"""How far a run has come: a bar for each stage on a terminal, plain lines in a log.

Both write to the error stream, so that the output stream holds results alone.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from briefing.cli.terminal import unguarded
from briefing.text.unsafe import spelled_out

if TYPE_CHECKING:
    from briefing.ports import Progress

SECONDS_BETWEEN_LINES = 10.0
"""A long stage says how far it is this often in a log: enough to see life, not enough to drown."""


@contextmanager
def shown(*, quiet: bool, stream: TextIO | None = None) -> Iterator[Progress]:
    """A progress listener for the time of a run, closed at its end.

    Args:
        quiet: say nothing.
        stream: where to write; the error stream when not given.
    """
    out = stream or sys.stderr
    if quiet:
        yield lambda stage, done, total: None
    elif out.isatty():
        with _bars(out) as listener:
            yield listener
    else:
        yield Lines(out)


class Lines:
    """One plain line when a stage starts, when it is done, and in between now and then."""

    def __init__(self, out: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._clock = clock
        self._said: dict[str, tuple[int, float]] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        moment = self._clock()
        last, said_at = self._said.get(stage, (-1, float("-inf")))
        complete = total > 0 and done >= total
        if done == last or (not complete and moment - said_at < SECONDS_BETWEEN_LINES):
            return
        self._said[stage] = (done, moment)
        of = f" total={total}" if total else ""
        print(f"stage={spelled_out(stage)} done={done}{of}", file=self._out, flush=True)


@contextmanager
def _bars(out: TextIO) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
    )
    from rich.progress import (
        Progress as Bars,
    )

    with Bars(
        TextColumn("{task.description:>12}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(file=unguarded(out)),
        redirect_stdout=False,  # what others print meanwhile is not taken for ours
        redirect_stderr=False,
    ) as bars:
        tasks: dict[str, TaskID] = {}

        def listener(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(spelled_out(stage), total=None)
            bars.update(tasks[stage], completed=done, total=total or None)

        yield listener
