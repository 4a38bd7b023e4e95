"""What an HTTP answer says: its body within bounds, its validators, its wish for patience."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2

from briefing.errors import FetchError
from briefing.news import Document

MAX_RETRY_AFTER = 7 * 86_400.0
"""Seconds. A longer wish is a mistake, and would silence a feed for good."""

PIECE = 1 << 16  # bytes decompressed at a time
_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}  # zlib's names of the formats


def read(
    response: httpx2.Response, *, url: str, final: str, max_bytes: int, tick: Callable[[], object]
) -> Document:
    """The document of an open answer with status 200 or 203.

    Args:
        url: what the user knows the document by, for errors.
        final: where the answer came from.
        max_bytes: of the body, before and after decoding.
        tick: called at each piece; raises when time is up.

    Raises:
        FetchError: "too large", "unknown encoding" or "empty answer".
        zlib.error: the compressed body is damaged or cut short.
    """
    encoding = _encoding(response, url)
    length = response.headers.get("content-length", "")
    if length.isdecimal() and (len(length) > 15 or int(length) > max_bytes):
        raise FetchError(url, "too large", detail=f"{length[:20]} bytes announced")

    def measured(pieces: Iterable[bytes]) -> Iterator[bytes]:
        size = 0
        for piece in pieces:
            tick()
            size += len(piece)
            if size > max_bytes:
                raise FetchError(url, "too large", detail=f"over {max_bytes} bytes")
            yield piece

    # Measured before and after: a body that inflates to nothing must end as well.
    raw = measured(response.iter_raw())
    body = b"".join(measured(inflated(raw, encoding)) if encoding else raw)
    if not body.strip():
        raise FetchError(url, "empty answer", detail=f"http {response.status_code} without a body")
    kind, _, _ = response.headers.get("content-type", "").partition(";")
    return Document(
        address=final,
        body=body,
        media_type=kind.strip().lower(),
        charset=response.charset_encoding or "",
        etag=_verbatim(response, b"etag"),
        last_modified=_verbatim(response, b"last-modified"),
    )


def retry_after(text: str, *, now: datetime) -> float | None:
    """Seconds until the server wants to be asked again (RFC 9110, 10.2.3); None if it said nothing.

    A moment in the past is 0.0.
    """
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return min(float(text[:12]), MAX_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), MAX_RETRY_AFTER)


def inflated(raw: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Decode ``gzip`` or ``deflate`` in pieces of at most ``PIECE`` bytes.

    Raises:
        zlib.error: damaged, or cut short. httpx2's own decoder passes a truncated stream as whole;
            a truncated feed kept with its ETag would never be asked for again.
    """
    decoder = None
    head = b""
    for chunk in raw:
        data = head + chunk
        if decoder is None:
            if len(data) < 2:
                head = data
                continue
            head = b""
            decoder = zlib.decompressobj(_window_bits(data, encoding))
        while data:
            if decoder.eof:
                if encoding == "deflate" or data[:2] != b"\x1f\x8b":
                    break  # padding
                decoder = zlib.decompressobj(_WINDOW_BITS[encoding])  # next member (RFC 1952, 2.2)
            piece = decoder.decompress(data, PIECE)
            data = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
            if piece:
                yield piece
    # zlib may hold finished output back when its input ends exactly at a full piece
    while decoder is not None and not decoder.eof:
        piece = decoder.decompress(b"", PIECE)
        if not piece:
            break
        yield piece
    if head or (decoder is not None and not decoder.eof):
        raise zlib.error("the compressed body is cut short")


def _encoding(response: httpx2.Response, url: str) -> str:
    named = response.headers.get("content-encoding", "").lower().split(",")
    encodings = [name.strip() for name in named if name.strip() not in ("", "identity")]
    if len(encodings) > 1 or not set(encodings) <= set(_WINDOW_BITS):
        raise FetchError(url, "unknown encoding", detail=", ".join(encodings)[:80])
    return encodings[0] if encodings else ""


def _window_bits(data: bytes, encoding: str) -> int:
    bits = _WINDOW_BITS[encoding]
    # Some servers call raw deflate "deflate" (RFC 9110, 8.4.1.2); zlib's own header tells.
    has_header = data[0] & 15 == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return -15 if bits == 15 and not has_header else bits


def _verbatim(response: httpx2.Response, name: bytes) -> str:
    """A header as its bytes came (latin-1 keeps each one)."""
    for key, value in response.headers.raw:
        if key.lower() == name:
            return value.decode("latin-1")
    return ""
