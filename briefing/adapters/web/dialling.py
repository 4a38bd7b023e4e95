"""Dial exactly the address that was checked, and cut everything at one deadline.

httpcore asks its backend for a connection to a *name*. Ours resolves that name once, checks every
answer, and dials what it checked, so that a second look-up (DNS rebinding) cannot happen; the name
stays in the Host header and in the TLS handshake, which httpcore takes from the URL.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import httpcore2

from briefing.adapters.web.addresses import Network, RefusedAddress, check, literal

Resolve = Callable[[str, int], Sequence[str]]
"""Host name and port -> addresses as text. Raises OSError when there are none."""

CONNECT_SECONDS = 8.0
"""Patience with one of several addresses of a host: leaves time for a second within 20 s."""


def system_resolver(host: str, port: int) -> list[str]:
    """Ask the operating system, in the order of RFC 6724."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class Deadline:
    """The moment at which one fetch has had its time. Used by one thread."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left.

        Raises:
            httpcore2.ReadTimeout: none are left.
        """
        left = self._at - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("total deadline")
        return left

    def extend(self, seconds: float) -> None:
        """Do not count time spent waiting for our own other fetches."""
        self._at += seconds


class Dialler(httpcore2.NetworkBackend):
    """The network as one fetch sees it."""

    def __init__(
        self,
        *,
        resolve: Resolve,
        allowed: Sequence[Network],
        deadline: Deadline,
        wire: httpcore2.NetworkBackend | None = None,
    ) -> None:
        self._resolve = resolve
        self._allowed = allowed
        self._deadline = deadline
        self._wire = wire or httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Dial the addresses of ``host`` in order.

        Raises:
            RefusedAddress: any of them is denied; an answer that mixes public and private
                addresses is an attack, so none of it is dialled. Or the connection came to stand
                elsewhere than at the address that was dialled.
        """
        addresses = self._addresses(host, port)
        for position, address in enumerate(addresses, start=1):
            patience = min(self._deadline.left(), CONNECT_SECONDS)
            try:
                stream = self._wire.connect_tcp(address, port, timeout=patience)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if position == len(addresses):
                    raise
            else:
                _verify(stream, address)
                return _TimedStream(stream, self._deadline)
        raise httpcore2.ConnectError(f"no address for {host}")

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Never.

        Raises:
            RefusedAddress: always.
        """
        raise RefusedAddress(f"{path!r} is a local socket")

    def _addresses(self, host: str, port: int) -> list[str]:
        spelled = literal(host)
        found = [str(spelled)] if spelled else self._resolved(host, port)
        return list(dict.fromkeys(check(address, self._allowed) for address in found))

    def _resolved(self, host: str, port: int) -> Sequence[str]:
        # getaddrinfo takes no timeout (glibc may wait half a minute for dead name servers), so it
        # runs in a thread that is left behind when the deadline passes.
        answers: SimpleQueue[Sequence[str] | OSError | UnicodeError] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        Thread(target=ask, name=f"resolve {host}", daemon=True).start()
        try:
            answer = answers.get(timeout=self._deadline.left())
        except Empty:
            raise httpcore2.ConnectTimeout("name servers did not answer") from None
        if isinstance(answer, UnicodeError):  # getaddrinfo: a label over 63 characters or empty
            raise RefusedAddress(f"{host!r} is no host name")
        if isinstance(answer, OSError):
            raise answer
        return answer


def _verify(stream: httpcore2.NetworkStream, address: str) -> None:
    """Whatever opened the connection, nothing is sent unless it stands where it was to go."""
    peer = stream.get_extra_info("server_addr")
    if not peer or ip_address(peer[0]) != ip_address(address):
        stream.close()
        raise RefusedAddress(f"{address} was dialled, and {peer} answered")


class _TimedStream(httpcore2.NetworkStream):
    """A connection whose every read and write ends at the deadline."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout=self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, timeout=self._deadline.left())
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
