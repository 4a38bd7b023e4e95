"""What an HTTP answer says: its body within bounds, its validators, its wish for patience."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2

from briefing.errors import FetchError
from briefing.news import Document

MAX_RETRY_AFTER = 7 * 86_400.0
"""Seconds. A longer wish is a mistake, and would silence a feed for good."""

LONGEST_AGE = 2.0**31
"""Seconds. What RFC 9111, 1.2.2 makes of every number that is greater."""

PIECE = 1 << 16  # bytes decompressed at a time
_DIRECTIVE = re.compile(
    r"""([\w!#$%&'*+.^`|~-]+)\s*(=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<token>[^\s,;"]*)))?"""
)
_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}  # zlib's names of the formats


def read(
    response: httpx2.Response,
    *,
    url: str,
    final: str,
    moved_to: str,
    max_bytes: float,
    cut: bool,
    tick: Callable[[], object],
    now: datetime,
) -> Document:
    """The document of an open answer with status 200 or 203.

    Args:
        url: what the user knows the document by, for errors.
        final: where the answer came from.
        moved_to: where permanent redirects led; "" when there were none.
        max_bytes: of the body, before and after decoding.
        cut: what stands behind ``max_bytes`` is left unread; else it is an error.
        tick: called at each piece; raises when time is up.
        now: when the answer came, for an answer without a Date.

    Raises:
        FetchError: "too large", "unknown encoding" or "empty answer".
        zlib.error: the compressed body is damaged or cut short.
    """
    encoding = _encoding(response, url)
    length = response.headers.get("content-length", "")
    if not cut and length.isdecimal() and (len(length) > 15 or int(length) > max_bytes):
        raise FetchError(url, "too large", detail=f"{length[:20]} bytes announced")

    def measured(pieces: Iterable[bytes]) -> Iterator[bytes]:
        size = 0
        for piece in pieces:
            tick()
            size += len(piece)
            if size > max_bytes:
                if cut:
                    yield piece[: int(max_bytes) - size]
                    return
                raise FetchError(url, "too large", detail=f"over {max_bytes:.0f} bytes")
            yield piece

    # Measured before and after: a body that inflates to nothing must end as well.
    raw = measured(response.iter_raw())
    # One buffer: a list of pieces takes 20 times as much when they come two bytes at a time.
    buffer = bytearray()
    for piece in measured(inflated(raw, encoding)) if encoding else raw:
        buffer += piece
    body = bytes(buffer)
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
        fresh_for=fresh_for(response, now=now),
        moved_to=moved_to,
    )


def fresh_for(response: httpx2.Response, *, now: datetime) -> float:
    """Seconds for which an answer wants to be used before it is asked for again; 0.0 for none.

    The freshness lifetime of RFC 9111, 4.2.1 for a private cache (``max-age``, else ``Expires``;
    ``s-maxage`` is for shared ones, and nothing is guessed) less ``Age``, the seconds it has spent
    in caches on the way. ``no-cache`` and ``no-store`` win, and a wish that cannot be read is none.
    The apparent age of 4.2.3, our clock less ``Date``, is not taken off: where the server's clock
    is slow, it would be asked faster than it wishes.
    """
    directives = _directives(response.headers.get("cache-control", ""))
    if directives.get("no-cache") == "" or "no-store" in directives:
        return 0.0
    if "max-age" in directives:
        lifetime = _seconds(directives["max-age"]) or 0.0
    else:
        expires = _moment(_verbatim(response, b"expires"))
        sent = _moment(_verbatim(response, b"date")) or now
        lifetime = (expires - sent).total_seconds() if expires else 0.0
    age = _seconds(_verbatim(response, b"age").split(",")[0].strip()) or 0.0
    return min(max(lifetime - age, 0.0), LONGEST_AGE)


def _directives(text: str) -> dict[str, str]:
    """The directives of a Cache-Control in small letters; of one that is repeated the first holds.

    An argument may stand in quotes (RFC 9111, 5.2), where a comma divides nothing.
    """
    found: dict[str, str] = {}
    for match in _DIRECTIVE.finditer(text):
        argument = match["quoted"] or match["token"] or ""
        found.setdefault(match[1].lower(), argument.strip())
    return found


def _seconds(text: str) -> float | None:
    """The delta-seconds of RFC 9111, 1.2.2; None for anything else."""
    if not (text.isascii() and text.isdecimal()):
        return None
    return min(float(text), LONGEST_AGE)


def retry_after(text: str, *, now: datetime) -> float | None:
    """Seconds until the server wants to be asked again (RFC 9110, 10.2.3); None if it said nothing.

    A moment in the past is 0.0.
    """
    text = text.strip()
    seconds = _seconds(text)
    if seconds is not None:
        return min(seconds, MAX_RETRY_AFTER)
    moment = _moment(text)
    return min(max((moment - now).total_seconds(), 0.0), MAX_RETRY_AFTER) if moment else None


def _moment(text: str) -> datetime | None:
    """The moment of an HTTP date (RFC 9110, 5.6.7); None for anything else."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


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
