"""What hostile servers do to a fetch, and what it costs us: each attack, its reason, its price.

``python tests/door_attacks.py`` prints the table. Each attack is met by a child process of its own,
whose peak memory is read beside that of a child that fetches a small page.
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import socket
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from door_server import Answer, Server, door, moved, reply, serving

DEADLINE = 0.5
"""Seconds for a fetch that is to be cut by them; 20 in use."""

PATIENCE = 20.0
"""Seconds for every other one."""

HTML = "Content-Type: text/html; charset=utf-8"
LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\nabc"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@dataclass(frozen=True)
class Attack:
    """What the server does, and the reasons that may be given for it, with "|" between them."""

    name: str
    reason: str
    answer: Answer

    @property
    def plays_for_time(self) -> bool:
        return self.reason.startswith("timeout")


@cache
def bomb(megabytes: int = 500, head: bytes = b"") -> bytes:
    """So many megabytes of nothing, packed a thousandfold: members of ten each (RFC 1952, 2.2)."""
    return gzip.compress(head) + gzip.compress(b" " * 10_000_000) * (megabytes // 10)


@cache
def deflated() -> bytes:
    """500 MB of nothing as one zlib stream."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 15)
    return b"".join(packer.compress(b" " * 1_000_000) for _ in range(500)) + packer.flush()


def packed(encoding: str, body: bytes) -> bytes:
    return reply(body, f"Content-Encoding: {encoding}", "Content-Type: application/rss+xml")


def drip(head: bytes, piece: bytes = b"x", every: float = 0.05) -> Answer:
    """``head`` at once, then a piece now and then, for ever."""

    def answer(connection: socket.socket, request: bytes) -> None:
        connection.sendall(head)
        while True:
            time.sleep(every)
            connection.sendall(piece)

    return answer


def flood(head: bytes, piece: bytes, pieces: int | None = None) -> Answer:
    """``head``, then the piece so many times, or for ever, as fast as it is taken."""

    def answer(connection: socket.socket, request: bytes) -> None:
        connection.sendall(head)
        sent = 0
        while pieces is None or sent < pieces:
            connection.sendall(piece)
            sent += 1

    return answer


def half(sent: bytes, *, reset: bool = False, stay: bool = False) -> Answer:
    """Says so much and closes its side: with a reset, or keeping the other side open."""

    def answer(connection: socket.socket, request: bytes) -> None:
        connection.sendall(sent)
        time.sleep(0.05)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif stay:
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)  # until the client hangs up

    return answer


def silent(connection: socket.socket, request: bytes) -> None:
    connection.recv(1)


TITLE = b"<rss version='2.0'><channel><title>"
MEGABYTE = b"A" * 1_000_000
OPEN = reply(b"", HTML, length=None)

ATTACKS = (
    Attack("bomb, gzip, 500 MB", "too large", lambda c, r: c.sendall(packed("gzip", bomb()))),
    Attack(
        "bomb, deflate, 500 MB", "too large",
        lambda c, r: c.sendall(packed("deflate", deflated())),
    ),
    Attack(
        "bomb within a bomb", "unknown encoding",
        lambda c, r: c.sendall(packed("gzip, gzip", gzip.compress(bomb()))),
    ),
    Attack(
        "bomb of empty members", "timeout|too large",
        flood(reply(b"", "Content-Encoding: gzip", length=None), gzip.compress(b"") * 3000),
    ),
    Attack("1 GB title", "too large", flood(reply(TITLE, length=None), MEGABYTE, 1000)),
    Attack("1 GB title, announced", "too large", flood(reply(TITLE, length=10**9), MEGABYTE, 1000)),
    Attack(
        "1 GB title, packed", "too large",
        lambda c, r: c.sendall(packed("gzip", bomb(1000, TITLE))),
    ),
    Attack("endless body", "too large", flood(OPEN, MEGABYTE)),
    Attack("two bytes at a time", "timeout|too large", flood(CHUNKED, b"2\r\nab\r\n" * 8192)),
    Attack("drip, body", "timeout", drip(OPEN)),
    Attack("drip, chunks", "timeout", drip(CHUNKED, b"1\r\nx\r\n")),
    Attack("drip, header", "timeout", drip(b"HTTP/1.1 200 OK\r\nX-Slow: ")),
    Attack("drip, headers", "timeout", drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n")),
    Attack("drip, status", "timeout", drip(b"H")),
    Attack("drip, packed to nothing", "timeout", drip(
        reply(gzip.compress(b"x")[:10], "Content-Encoding: gzip", length=None), b"\0\0\0\xff\xff"
    )),
    Attack("silence", "timeout", silent),
    Attack("for ever 100 Continue", "timeout", flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 500)),
    Attack("endless header", "protocol error", flood(b"HTTP/1.1 200 OK\r\nX: ", MEGABYTE)),
    Attack("endless headers", "protocol error", flood(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 9999)),
    Attack("redirect loop", "too many redirects", lambda c, r: c.sendall(
        moved(r.split()[1].decode())
    )),
    Attack("redirect, longer and longer", "too many redirects", lambda c, r: c.sendall(
        moved(r.split()[1].decode() + "?" + "x" * 500)
    )),
    Attack("redirect of 9 kB", "refused address", moved("/" + "x" * 9000)),
    Attack("length too long", "protocol error", reply(b"<p>short", HTML, length=500)),
    Attack("two lengths", "protocol error", reply(b"x", "Content-Length: 7")),
    Attack("length below zero", "protocol error", LENGTH % b"-7"),
    Attack("length of letters", "protocol error", LENGTH % b"0x3"),
    Attack("length of 10^18", "too large", reply(b"x", length=10**18)),
    Attack("chunk cut", "protocol error", CHUNKED + b"ff\r\nabc"),
    Attack("chunk of letters", "protocol error", CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n"),
    Attack("chunk below zero", "protocol error", CHUNKED + b"-5\r\nabcde\r\n0\r\n\r\n"),
    Attack("chunk of 2^80", "protocol error", CHUNKED + b"f" * 20 + b"\r\nabc"),
    Attack("chunk longer than said", "protocol error", CHUNKED + b"3\r\nabcdef\r\n0\r\n\r\n"),
    Attack("endless chunk extension", "protocol error", flood(CHUNKED + b"1;", MEGABYTE)),
    Attack("endless trailer", "protocol error", flood(CHUNKED + b"0\r\nX: ", MEGABYTE)),
    Attack("no last chunk", "protocol error", CHUNKED + b"3\r\nabc\r\n"),
    Attack("half closed, nothing said", "protocol error", half(b"", stay=True)),
    Attack("half closed in a header", "protocol error", half(b"HTTP/1.1 200 OK\r\nX", stay=True)),
    Attack("half closed in the body", "protocol error", half(reply(b"x", length=9), stay=True)),
    Attack("reset, nothing said", "connection failed", half(b"", reset=True)),
    Attack("reset in the body", "connection failed", half(reply(b"x", length=9), reset=True)),
    Attack("no HTTP", "protocol error", b"SSH-2.0-OpenSSH_9.2\r\n\r\n"),
    Attack("HTTP/0.9", "protocol error", b"<html><p>Old times.</p></html>"),
    Attack("HTTP/2", "protocol error", b"\0\0\x12\x04\0\0\0\0\0" + b"\0" * 18),
    Attack("NUL in a header", "protocol error", b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\nabc"),
    Attack("gzip cut", "damaged body", packed("gzip", gzip.compress(b"x" * 999)[:-9])),
    Attack("not packed", "damaged body", packed("gzip", b"plain text")),
    Attack("brotli", "unknown encoding", packed("br", b"\x0b\x02\x80x\x03")),
    Attack("white space", "empty answer", reply(b" \r\n" * 1000)),
)  # fmt: skip


@dataclass(frozen=True)
class Price:
    """What one fetch came to."""

    reason: str
    seconds: float
    megabytes: float  # at its peak, above a small page


@cache
def prices(deadline: float = DEADLINE) -> dict[str, Price]:
    """The price of every attack, by name; ``deadline`` for those that play for time."""
    deflated()  # made before a fetch waits for it
    with serving() as server:
        server.answers |= {f"/{n}": one.answer for n, one in enumerate(ATTACKS)}
        server.answers["/small"] = reply(b"<p>small", HTML)
        paths = [f"/{n}" for n in range(len(ATTACKS))]
        told = subprocess.run(
            [sys.executable, __file__, str(server.port), str(deadline), *paths],
            capture_output=True, text=True, check=True, timeout=600,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        )  # fmt: skip
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    return {one.name: Price(*row) for one, row in zip(ATTACKS, rows, strict=True)}


def _met(server: Server, path: str, deadline: float) -> tuple[str, float, float]:
    """Reason, seconds and peak megabytes of one fetch, in a process of its own."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        from briefing.errors import FetchError

        web = door(server, deadline=deadline)
        began, reason = time.monotonic(), ""
        try:
            web.fetch(server.url(path))
        except FetchError as error:
            reason = error.reason
        took = time.monotonic() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        os.write(writing, json.dumps([reason, took, peak]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    reason, took, peak = json.loads(told)
    return reason, took, peak


def _child(port: int, deadline: float, paths: list[str]) -> Iterator[list[object]]:
    server = Server({}, port=port)
    _, _, small = _met(server, "/small", PATIENCE)
    for path, one in zip(paths, ATTACKS, strict=True):
        reason, took, peak = _met(server, path, deadline if one.plays_for_time else PATIENCE)
        yield [reason, round(took, 3), round(max(peak - small, 0.0), 1)]


def _table(row: Callable[[str, Price], str]) -> None:
    for name, price in prices(float(os.environ.get("DEADLINE", DEADLINE))).items():
        print(row(name, price))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        for line in _child(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]):
            print(json.dumps(line))
    else:
        print("| attack | reason | peak MB | seconds |\n|---|---|---|---|")
        _table(lambda name, p: f"| {name} | {p.reason} | {p.megabytes:.1f} | {p.seconds:.2f} |")
