"""The one table that turns foreign errors into :class:`FetchError`.

``REASONS`` and ``BUGS`` together name every exception of httpx2 and httpcore2 (a test walks them).
"""

from __future__ import annotations

import socket
import ssl
import zlib

import httpcore2
import httpx2

from briefing.adapters.web.addresses import RefusedAddress
from briefing.errors import FetchError

REASONS: dict[type[Exception], str] = {
    RefusedAddress: "refused address",
    httpx2.InvalidURL: "refused address",
    httpx2.UnsupportedProtocol: "refused address",
    httpcore2.UnsupportedProtocol: "refused address",
    httpx2.TimeoutException: "timeout",
    httpx2.ConnectTimeout: "timeout",
    httpx2.ReadTimeout: "timeout",
    httpx2.WriteTimeout: "timeout",
    httpx2.PoolTimeout: "timeout",
    httpcore2.TimeoutException: "timeout",
    httpcore2.ConnectTimeout: "timeout",
    httpcore2.ReadTimeout: "timeout",
    httpcore2.WriteTimeout: "timeout",
    httpcore2.PoolTimeout: "timeout",
    socket.gaierror: "no such host",
    ssl.SSLError: "tls failure",
    httpx2.NetworkError: "connection failed",
    httpx2.ConnectError: "connection failed",
    httpx2.ReadError: "connection failed",
    httpx2.WriteError: "connection failed",
    httpx2.CloseError: "connection failed",
    httpx2.ProxyError: "connection failed",
    httpx2.TransportError: "connection failed",
    httpcore2.NetworkError: "connection failed",
    httpcore2.ConnectError: "connection failed",
    httpcore2.ReadError: "connection failed",
    httpcore2.WriteError: "connection failed",
    httpcore2.ProxyError: "connection failed",
    httpcore2.ConnectionNotAvailable: "connection failed",
    OSError: "connection failed",
    httpx2.ProtocolError: "protocol error",
    httpx2.LocalProtocolError: "protocol error",
    httpx2.RemoteProtocolError: "protocol error",
    httpx2.HTTPError: "protocol error",
    httpx2.RequestError: "protocol error",
    httpx2.HTTPStatusError: "protocol error",
    httpx2.SSEError: "protocol error",
    httpcore2.ProtocolError: "protocol error",
    httpcore2.LocalProtocolError: "protocol error",
    httpcore2.RemoteProtocolError: "protocol error",
    httpx2.TooManyRedirects: "too many redirects",
    httpx2.DecodingError: "damaged body",
    zlib.error: "damaged body",
}
"""Foreign exception -> the stable phrase that is counted."""

BUGS: tuple[type[Exception], ...] = (
    httpx2.CookieConflict,
    httpx2.StreamError,
    httpx2.StreamConsumed,
    httpx2.StreamClosed,
    httpx2.ResponseNotRead,
    httpx2.RequestNotRead,
)
"""Mistakes of the caller of httpx2: never translated, so that they keep their traceback."""

FOREIGN = tuple(REASONS)
"""What to catch around a fetch."""


def translate(url: str, error: Exception) -> FetchError:
    """Our error for a foreign one, by the nearest class in the table."""
    reason = next(REASONS[kind] for kind in type(error).__mro__ if kind in REASONS)
    # httpcore wraps a failed handshake in ConnectError; the certificate is what the user must know
    if any(isinstance(inner, ssl.SSLError) for inner in error.args):
        reason = REASONS[ssl.SSLError]
    return FetchError(url, reason, detail=str(error) or type(error).__name__)
