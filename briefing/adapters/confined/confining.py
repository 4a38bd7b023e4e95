"""The parent: starts a worker, hands it one document after another, and outlives it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import ParamSpec, Self, TypeVar

from briefing.adapters.confined import wire
from briefing.adapters.confined.inplace import InPlace, broken
from briefing.adapters.confined.wire import Broken
from briefing.news import Skip
from briefing.ports import PARSER_KILLED, PARSER_MISSING, Parsers

P = ParamSpec("P")
R = TypeVar("R")

_STARTING = 60.0  # seconds for a Python to start, on a machine that is busy
_WAITS = 5  # seconds that pass for each one of processor time: the machine has other work too
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What a worker gets of the environment; no password is among it, whatever its name."""


Call = tuple[Callable[..., object], Sequence[object], Mapping[str, object]]
"""A function with its arguments, by place and by name."""


def confinement(*, megabytes: int, seconds: float, rehearsal: Sequence[Call] = ()) -> Parsers:
    """Parsers in a worker, or in this process where the system cannot confine one (Windows)."""
    try:
        import resource  # noqa: F401
    except ImportError:
        return InPlace()
    return Confined(megabytes=megabytes, seconds=seconds, rehearsal=rehearsal)


class Confined:
    """Satisfies :class:`briefing.ports.Parsers` with one worker, started when it is first needed.

    Several threads may read; their documents wait for each other. Inside a ``with`` block the
    worker starts at once, beside what the caller does, and at its end it is gone.
    """

    def __init__(
        self, *, megabytes: int = 1000, seconds: float = 30.0, rehearsal: Sequence[Call] = ()
    ) -> None:
        """
        Args:
            megabytes: address space of a reader.
            seconds: processor time for one document; five times as many may pass.
            rehearsal: calls that the worker does itself before the first document, so that no
                reader has to import libraries and compile patterns; 60 kB at most.
        """
        self._limits = (seconds, megabytes)
        self._rehearsal = b"".join(
            wire.call(function, given, named, most=0) for function, given, named in rehearsal
        )
        self._lock = threading.Lock()
        self._worker: _Worker | None = None
        self.last = wire.End(0)  # how the last reader ended, for who measures

    def __enter__(self) -> Self:
        with self._lock, suppress(OSError):  # told by the first document that is to be read
            self._worker = self._worker or self._start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._end()

    def read(
        self, function: Callable[P, R], subject: str, /, *given: P.args, **named: P.kwargs
    ) -> R | Skip:
        """What the function makes of its arguments, all of them nouns, in a reader of its own.

        One that somebody killed is not the document's fault: it is read once more.
        """
        call = wire.call(function, given, named)
        with self._lock:
            try:
                try:
                    return wire.answer(function, self._said(call))
                except Broken as first:
                    if not first.again:
                        raise
                    return wire.answer(function, self._said(call))
            except Broken as why:
                return broken(function, subject, why.reason, why.detail)
            except ValueError as error:
                return broken(function, subject, "parser answered nonsense", str(error)[:200])
            except BaseException:
                self._end()  # it may be in the middle of a word
                raise

    @property
    def process(self) -> int | None:
        """The number of the worker's process, where there is one."""
        return self._worker.process.pid if self._worker else None

    def stands(self) -> list[str]:
        """What of its fence a worker raises on this machine; empty when none can be started."""
        with self._lock:
            try:
                self._worker = self._worker or self._start()
                return self._worker.ready()
            except (OSError, Broken):
                self._end()
                return []

    def _said(self, call: bytes) -> bytes:
        """The bytes of a reader that ended well.

        Raises:
            Broken: it did not.
        """
        try:
            self._worker = self._worker or self._start()
            self._worker.ready()
            self.last, said = self._worker.ask(call)
        except OSError as error:
            self._end()
            raise Broken(PARSER_MISSING, str(error)) from error
        except Broken:
            self._end()
            raise
        if self.last.code:
            raise self._why(self.last.code)
        return said

    def _why(self, code: int) -> Broken:
        """Why a reader ended that gave no answer."""
        seconds, megabytes = self._limits
        if code == wire.NO_MEMORY:
            limit = f"more than {megabytes} MB ([run] parser_megabytes)"
            return Broken("parser ran out of memory", limit)
        if code == -signal.SIGXCPU:
            return _slow(seconds)
        if code == wire.TOO_MUCH:
            return Broken("parser answered too much", "many times what the document has")
        if code == -signal.SIGKILL:
            return Broken(PARSER_KILLED, "is the system short of memory?", again=True)
        return Broken(f"parser crashed ({f'signal {-code}' if code < 0 else f'exit {code}'})")

    def _start(self) -> _Worker:
        return _Worker(*self._limits, self._rehearsal)

    def _end(self) -> None:
        if self._worker:
            self._worker.end()
        self._worker = None


class _Worker:
    """One child and its pipes."""

    def __init__(self, seconds: float, megabytes: int, rehearsal: bytes) -> None:
        """Start it without waiting for it.

        Raises:
            OSError: no process can be started.
        """
        from briefing.adapters.confined.worker import START

        self._seconds = seconds
        self._stands: list[str] | None = None
        arguments = [str(seconds), str(megabytes), *_import_path()]
        environ = {name: os.environ[name] for name in _KEPT if name in os.environ}
        # No fork of this process, whose threads hold locks, and none of its open files
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", START, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environ | {"TZ": "UTC", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            cwd="/",
            close_fds=True,
            start_new_session=True,  # it ends with its readers; and a Ctrl-C is for the parent
        )
        self._ended = weakref.finalize(self, _end, self.process)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._to, self._from = self.process.stdin.fileno(), self.process.stdout.fileno()
        os.write(self._to, rehearsal)  # a pipe holds 64 kB; nobody reads yet
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)

    def ready(self) -> list[str]:
        """Wait until it serves; what of its fence stands.

        Raises:
            Broken: it does not start.
        """
        if self._stands is None:
            try:
                _, said = self._exchange(b"", monotonic() + _STARTING)
            except Broken as error:
                raise error if error.again else Broken(PARSER_MISSING, error.reason) from error
            self._stands = json.loads(said)
        return self._stands

    def ask(self, call: bytes) -> tuple[wire.End, bytes]:
        """How the reader of a call ended, and what it said."""
        return self._exchange(call, monotonic() + self._seconds * _WAITS)

    def end(self) -> None:
        """Kill it, if it lives, with its reader, and let its pipes go."""
        self._ended()

    def _exchange(self, data: bytes, until: float) -> tuple[wire.End, bytes]:
        """Send ``data`` and take a reply; both at once, for neither side may wait for ever."""
        unsent, taken = memoryview(data), bytearray()
        while not (reply := wire.take_reply(taken)):
            left = until - monotonic()
            if left <= 0:
                raise _slow(self._seconds)
            events = dict(self._waiting(unsent).poll(left * 1000))
            try:
                if self._to in events:
                    unsent = unsent[os.write(self._to, unsent[:65536]) :]
                if self._from in events:
                    more = os.read(self._from, 1 << 20)
                    if not more:
                        raise BrokenPipeError
                    taken += more
            except BrokenPipeError:
                raise self._dead() from None
        return reply

    def _waiting(self, unsent: memoryview) -> select.poll:
        waiting = select.poll()
        waiting.register(self._from, select.POLLIN)
        if unsent:
            waiting.register(self._to, select.POLLOUT)
        return waiting

    def _dead(self) -> Broken:
        """Why the worker itself ended, which no document can make it do."""
        with suppress(subprocess.TimeoutExpired):
            if self.process.wait(1) == -signal.SIGKILL:
                return Broken(PARSER_KILLED, "is the system short of memory?", again=True)
        return Broken(f"parser crashed (exit {self.process.returncode})")


def _slow(seconds: float) -> Broken:
    return Broken(f"parser took longer than {seconds:g} s", "[run] parser_seconds")


def _import_path() -> list[str]:
    """Where the worker finds Python's libraries and this package.

    Not the working folder: its files are the user's, and may be named like a library's.
    """
    here, root = Path.cwd(), Path(__file__).parents[3]
    return [
        place
        for place in map(os.path.abspath, sys.path)
        if Path(place) == root or not here.is_relative_to(place)
    ]


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):  # what was never sent is not sent
                pipe.close()
    if process.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
