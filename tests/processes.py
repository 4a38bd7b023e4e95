"""Processes forked from a test, and waiting: neither lasts for ever, whatever goes wrong.

A forked process has one thread, and every lock as it stood: one that another thread held at that
moment is never given back. So each has an alarm that ends it without a word of Python, and none
comes back from its work: it would go on as a second pytest, and the first would wait for that.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn

LONGEST = 60
"""Seconds of a piece of work in a process of its own; after them it ends by SIGALRM."""


def bounded(seconds: int = LONGEST) -> None:
    """End this process in so many seconds; 0: never.

    pytest-timeout hears the same signal in the process of the tests. Its handler came along by the
    fork, though not its timer: it is taken off, as its business is to end a test, and not this.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds)


def forked(work: Callable[[], object]) -> int:
    """Run ``work`` in a child process; return its number. What it raises is printed."""
    child = os.fork()
    if child == 0:
        _do(work)
    return child


def _do(work: Callable[[], object]) -> NoReturn:
    code = 1
    try:
        bounded()
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(child: int) -> int:
    """Wait for a child of :func:`forked`; its exit code, or the signal that ended it as minus."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def succeeded(*children: int) -> bool:
    """Wait for the children; whether all did their work."""
    return [ended(child) for child in children] == [0] * len(children)


def killed_at_line(number: int, work: Callable[[], object], *, below: str) -> bool:
    """Run ``work`` in a child that is killed before the ``number``-th line of some code.

    False when the work was done before.

    Args:
        below: how the names of the code's files begin.
    """

    def traced() -> None:
        count = 0

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal count
            if not frame.f_code.co_filename.startswith(below):
                return None
            if event == "line":
                count += 1
                if count == number:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        sys.settrace(trace)
        work()

    code = ended(forked(traced))
    assert code in (0, -signal.SIGKILL), f"killed before line {number}, it ended with {code}"
    return code != 0


def killed_at_work(work: Callable[[], object], at_work: Callable[[], bool], pause: float) -> None:
    """Run ``work`` in a child, and kill it ``pause`` seconds after it is seen to be at work."""
    child = forked(work)
    try:
        eventually(at_work, "the child is at work", every=0.0005)
        time.sleep(pause)
    finally:
        os.kill(child, signal.SIGKILL)
        code = ended(child)
    assert code == -signal.SIGKILL, f"it ended by itself with {code}"


def eventually(
    true: Callable[[], object], what: str, *, seconds: float = 30.0, every: float = 0.01
) -> None:
    """Wait until it comes true, as it does at once on a machine with time."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"not within {seconds:g} seconds: {what}"
        time.sleep(every)
