"""A mail as an article: subject, sender, date and the part that carries the text."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr

from briefing.stages.parse import fields
from briefing.stages.parse.decoding import decode

HEADER_ERRORS = (ValueError, LookupError, AttributeError, TypeError)
"""What ``email.policy.default`` raises on headers that follow no grammar (CPython 3.11)."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says."""

    subject: str
    sender: str  # display name, else the domain of the address
    date: str  # as written
    body: str
    is_html: bool


def read_mail(data: bytes) -> Mail:
    """Read a mail (RFC 5322, MIME); whatever is damaged in it comes out empty."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    plain, page = _parts(message)
    # A newsletter's plain part is often one line, "open this mail in a browser"
    is_html = len(fields.plain(page)) > 2 * len(fields.plain(plain))
    name, address = parseaddr(_header(message, "from"))
    return Mail(
        subject=_header(message, "subject"),
        sender=name or address.rpartition("@")[2],
        date=_header(message, "date"),
        body=page if is_html else plain,
        is_html=is_html,
    )


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
