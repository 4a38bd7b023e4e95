"""Runs and polls as processes of their own.

A run takes gigabytes for the models and gives them back when it ends; what kills it (no memory, a
fault in a library) leaves the service standing. It is the same ``briefing run`` that a person
starts, so what works there works here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Protocol

from briefing.adapters.secrets import KEY_VARIABLE, without_secrets
from briefing.news import Edition

GRACE = 4.0  # seconds between asking a process to end and ending it; the service has ten in all
POLL_LONGEST = 600.0  # seconds
_LINES = 3  # of what a process said last


@dataclass(frozen=True, slots=True)
class Ended:
    """How a piece of work ended."""

    done: bool
    code: int  # exit code; negative: the signal that ended it
    said: str  # its last words on the error stream
    seconds: float


class Runner(Protocol):
    """Who does the work that needs models and the web."""

    def edition(self, edition: Edition) -> Ended:
        """Make the edition and queue it for its readers."""
        ...

    def poll(self) -> Ended:
        """Take in what is new from the feeds."""
        ...

    def stop(self) -> None:
        """End what runs now, and begin nothing more."""
        ...


class Children:
    """Satisfies :class:`Runner` with one process for each piece of work."""

    def __init__(self, config: Path, *, longest: float) -> None:
        """
        Args:
            config: the configuration file.
            longest: seconds after which a process is ended; its work is begun again later.
        """
        self._command = [sys.executable, "-m", "briefing"]
        self._config = ["--config", str(config)]
        self._longest = longest
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._stopped = False

    def edition(self, edition: Edition) -> Ended:
        arguments = ["run", "--story", edition.story, "--date", edition.day.isoformat()]
        arguments += ["--slot", edition.slot, "--send", "--quiet"]
        # The key signs addresses in mails; the password is the service's, which sends them.
        return self._run(arguments, secrets=(KEY_VARIABLE,))

    def poll(self) -> Ended:
        # Bounded more tightly: an edition that falls due meanwhile waits for it.
        return self._run(["poll", "--quiet"], longest=min(self._longest, POLL_LONGEST))

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            running = list(self._running)
        for process in running:
            process.terminate()

    def _run(
        self, arguments: list[str], *, longest: float | None = None, secrets: Sequence[str] = ()
    ) -> Ended:
        started = monotonic()
        with self._lock:
            if self._stopped:
                return Ended(False, 0, "the service is ending", 0.0)
            process = subprocess.Popen(
                [*self._command, *arguments, *self._config],
                env=without_secrets(os.environ, keep=secrets),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
            )
            self._running.add(process)
        try:
            said = self._wait(process, longest or self._longest)
        finally:
            with self._lock:
                self._running.discard(process)
        # 3: done, and something was lost on the way that `briefing status` tells of.
        code = -9 if process.returncode is None else process.returncode
        return Ended(code in (0, 3), code, said, monotonic() - started)

    def _wait(self, process: subprocess.Popen[str], longest: float) -> str:
        """Wait for the end, at most as long as is allowed; return the last words."""
        deadline = monotonic() + longest
        while True:
            try:
                _, errors = process.communicate(timeout=0.5)
                return _last(errors)
            except subprocess.TimeoutExpired:
                if process.poll() is not None:  # it has ended, and left somebody behind
                    return _last(_rest(process))
                if self._stopped:
                    deadline = min(deadline, monotonic() + GRACE)
                if monotonic() >= deadline:
                    # Not asked to end: then it would count as stopped by a person, and the next
                    # attempt would go with the models that this one could not finish with.
                    process.kill()
                    errors = _rest(process)
                    why = "it was ended with the service" if self._stopped else "it took too long"
                    return f"{why}; {_last(errors)}".rstrip("; ")


def _rest(process: subprocess.Popen[str]) -> str:
    """What a process said that has ended or was killed, though others may hold on to its error
    stream, or the system to the process itself."""
    try:
        return process.communicate(timeout=GRACE / 4)[1]
    except subprocess.TimeoutExpired as error:
        if process.stderr is not None:
            process.stderr.close()
        process.poll()
        said = error.stderr
        return said.decode(errors="replace") if isinstance(said, bytes) else said or ""


def _last(errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    return " | ".join(lines[-_LINES:])
