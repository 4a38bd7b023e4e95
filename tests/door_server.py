"""A real server on loopback that answers bytes as they stand, and the door that may ask it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from briefing.adapters.web import GuardedWeb
from briefing.errors import FetchError

LOOPBACK = ("127.0.0.0/8",)
Answer = bytes | Callable[[socket.socket, bytes], None]


@dataclass
class Server:
    """A real server that answers each path with bytes as they stand, or by a function."""

    answers: dict[str, Answer]
    requests: list[bytes] = field(default_factory=list)
    port: int = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def asked(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [request.split()[1].decode() for request in self.requests]

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                request = b""
                while b"\r\n\r\n" not in request:
                    if not (piece := connection.recv(65536)):
                        return
                    request += piece
                    if request.startswith(b"\x16"):  # a TLS greeting, which it does not understand
                        self.requests.append(request)
                        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                        return
                self.requests.append(request)
                path = request.split()[1].decode().partition("?")[0]
                answer = self.answers.get(path, reply(b"no", status="404 Not Found"))
                if isinstance(answer, bytes):
                    connection.sendall(answer)
                else:
                    answer(connection, request)
            except OSError:
                pass  # the client hung up, as it should


@contextmanager
def serving() -> Iterator[Server]:
    """A server on a free port, until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    made = Server({}, port=listener.getsockname()[1])
    thread = threading.Thread(target=made.serve, args=(listener,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def reply(
    body: bytes = b"", *headers: str, status: str = "200 OK", length: int | None = -1
) -> bytes:
    """An answer; ``length`` None: without a length, -1: the right one."""
    lines = [f"HTTP/1.1 {status}", *headers, "Connection: close"]
    if length is not None:
        lines.append(f"Content-Length: {len(body) if length < 0 else length}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def moved(location: str, status: int = 302) -> bytes:
    """A redirect."""
    return reply(b"", f"Location: {location}", status=f"{status} Moved")


def door(server: Server, **more: Any) -> GuardedWeb:
    """A door to that server alone; ``more`` as of :class:`GuardedWeb`."""
    given: dict[str, Any] = {
        "contact": "https://briefing.example/contact",
        "allow_private": LOOPBACK,
        "allow_ports": (server.port,),
        "deadline": 5.0,
        "clock": lambda: datetime(2024, 11, 22, 6, 30, tzinfo=UTC),
    }
    return GuardedWeb(**(given | more))


def refusal(web: GuardedWeb, url: str, *, page: bool = False) -> FetchError:
    """Why nothing is fetched."""
    with pytest.raises(FetchError) as caught:
        web.fetch(url, page=page)
    return caught.value
