"""Functions that break in a parser's place, and one that tries what no parser needs."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from briefing.news import Article, Skip

KEPT: list[bytes] = []


def echo(text: str) -> str:
    return text


def hoard(megabytes: int) -> int:
    """Hold on to memory from one document to the next."""
    KEPT.append(bytes(megabytes * 1_000_000))
    return sum(map(len, KEPT))


def exhaust() -> str:
    rows = []
    while True:
        rows.append("x" * 1_000_000)


def spin() -> str:
    while True:
        pass


def sleep() -> str:
    time.sleep(600)
    return "woke up"


def die(number: int) -> str:
    signal.raise_signal(number)
    return "alive"


def segfault() -> str:
    ctypes.string_at(0)
    return "alive"


def leave(code: int) -> str:
    os._exit(code)


def recurse() -> str:
    return recurse()


def fail() -> str:
    raise AttributeError("object has no attribute 'title'")


def shout() -> str:
    """What a library prints."""
    print("x" * 100_000)
    os.write(2, b"y" * 100_000)
    return "said"


def forge(raw: str) -> Article | Skip:
    """Answer in one's own words, as a parser that was taken over would."""
    for handle in range(3, 16):
        with contextlib.suppress(OSError):
            os.write(handle, raw.encode())
            os._exit(0)
    raise AssertionError("no pipe to speak into")


def flood() -> str:
    """An answer without an end."""
    for handle in range(3, 16):
        with contextlib.suppress(OSError):
            while True:
                os.write(handle, b"x" * 65536)
    return "nobody listened"


def deaf() -> str:
    """Close the pipes and live on."""
    os.closerange(0, 16)
    time.sleep(600)
    return ""


def trespass(secret: str, port: int, place: str) -> dict[str, str]:
    """Try to read, write, connect, start and kill; what came of each."""

    def connect() -> str:
        with socket.create_connection(("127.0.0.1", port), 5):
            return "connected"

    def send() -> str:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.sendto(b"x", ("127.0.0.1", port))
        return "sent"

    def start() -> str:
        os.execv("/bin/true", ["true"])
        return "started"

    def fork() -> str:
        child = os.fork()
        if child == 0:
            os._exit(0)
        return "forked"

    def many() -> str:
        with contextlib.ExitStack() as opened:
            for _ in range(100):
                opened.enter_context(open(os.__file__, "rb"))
        return "opened"

    tries: dict[str, Callable[[], object]] = {
        "read": lambda: Path(secret).read_text(),
        "read the parent": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
        "write": lambda: Path(place).write_text("x"),
        "remove": lambda: os.unlink(secret),
        "connect": connect,
        "send": send,
        "start": start,
        "fork": fork,
        "kill": lambda: os.kill(os.getppid(), 0),
        "leave the session": os.setsid,
        "raise limits": lambda: resource.setrlimit(resource.RLIMIT_CPU, (900, 900)),
        "open many": many,
    }
    found = {"environment": json.dumps(dict(os.environ)), "files": ""}
    for name, attempt in tries.items():
        try:
            found[name] = f"DONE: {attempt()!r}"[:200]
        except (OSError, ValueError) as error:
            found[name] = type(error).__name__
    found["handles"] = ",".join(str(n) for n in range(64) if _is_open(n))
    return found


def _is_open(handle: int) -> bool:
    try:
        os.fstat(handle)
    except OSError:
        return False
    return True
