"""A mail as an article: subject, sender, date and the part that carries the text."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from itertools import islice

from briefing.stages.parse import fields
from briefing.stages.parse.decoding import decode

HEADER_ERRORS = (ValueError, LookupError, AttributeError, TypeError, RecursionError)
"""What ``email.policy.default`` raises on headers that follow no grammar (CPython 3.11)."""


_LEAST_MAIL = 20  # words of an HTML part that is the mail and not its frame


MOST_PARTS = 1_000
"""Lines that may begin a part of a mail; newsletters have a dozen."""

MOST_HEADERS, LONGEST_HEADER = 1_000, 16_000
"""Header fields that are read, and bytes of one; Python needs minutes for a field of 1 MB. A chain
of ten relays leaves about a hundred fields, the longest of them signatures of 2 kB."""

_PART = re.compile(rb"^--", re.MULTILINE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_NEXT_HEADER = re.compile(rb"\r?\n(?![ \t])")


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says."""

    subject: str
    sender: str  # display name, else the domain of the address
    date: str  # as written
    body: str
    is_html: bool


def read_mail(data: bytes) -> Mail | str:
    """Read a mail (RFC 5322, MIME); whatever is damaged in it comes out empty.

    Returns the mail, or why it is not read: "too many parts".
    """
    if next(islice(_PART.finditer(data), MOST_PARTS, None), None):
        return "too many parts"
    message = email.message_from_bytes(_bounded(data), policy=email.policy.default)
    plain, page = _parts(message)
    is_html = _is_the_mail(fields.plain(page), fields.plain(plain))
    name, address = parseaddr(_header(message, "from"))
    return Mail(
        subject=_header(message, "subject"),
        sender=name or address.rpartition("@")[2],
        date=_header(message, "date"),
        body=page if is_html else plain,
        is_html=is_html,
    )


def _is_the_mail(page: str, plain: str) -> bool:
    """Whether the HTML part is what is read, and not the plain one, which mail programs hide.

    A newsletter's plain part is often one line, "open this mail in a browser"; or it says what the
    HTML does not, and no reader has seen it.
    """
    if len(page) > 2 * len(plain):
        return True
    seen, said = set(page.casefold().split()), plain.casefold().split()
    unseen = sum(word not in seen for word in said)
    return len(page.split()) >= _LEAST_MAIL and 2 * unseen > len(said)


def _bounded(data: bytes) -> bytes:
    """The mail without header fields that are too long or too many."""
    end = _HEAD_END.search(data)
    head, rest = (data[: end.start()], data[end.start() :]) if end else (data, b"")
    listed = _NEXT_HEADER.split(head, MOST_HEADERS)[:MOST_HEADERS]
    return b"\n".join(field for field in listed if len(field) <= LONGEST_HEADER) + rest


def _parts(message: EmailMessage) -> tuple[str, str]:
    """All plain text and all HTML that is shown and not attached."""
    plain: list[str] = []
    page: list[str] = []
    for part in message.walk():
        kind = _quietly(part.get_content_type) or "text/plain"
        if part.is_multipart() or kind not in ("text/plain", "text/html"):
            continue
        if _quietly(part.get_content_disposition) == "attachment":
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            charset = _quietly(part.get_content_charset) or ""
            text = (decode(payload, declared=charset) or "").replace("\r\n", "\n")
            (page if kind == "text/html" else plain).append(text)
    return "\n\n".join(plain), "\n".join(page)


def _quietly(read: Callable[[], str | None]) -> str | None:
    try:
        return read()
    except HEADER_ERRORS:
        return None


def _header(message: EmailMessage, name: str) -> str:
    text = _quietly(lambda: str(message.get(name, ""))) or ""
    raw = text.encode("utf-8", "surrogateescape")  # headers with bytes beyond ASCII, unencoded
    return decode(raw) or ""
