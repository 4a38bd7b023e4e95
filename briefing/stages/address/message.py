"""A message as the bytes that go over the wire (RFC 5322, MIME, CR LF), the same every time.

Chance and the clock have no part in it: the boundary and the Message-ID are made from what the mail
is about. Bodies travel as quoted-printable or base64, whichever is shorter, so that every relay can
pass them on untouched and a signature (DKIM) holds.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import EmailPolicy
from hashlib import sha256

from briefing.errors import ConfigError

LINE = 74  # characters of a quoted-printable line: 76 are allowed, and `_guarded` may add two


class _Ready(EmailPolicy):
    """The policy of SMTP for fields that are encoded already (`fields`): printed as they are.

    The library would read our encoded words, and fold and encode them again in its own way.
    """

    def header_store_parse(self, name: str, value: str) -> tuple[str, str]:
        if not value.isascii() or re.search(r"\r(?!\n[ \t])|(?<!\r)\n|\0", value):
            raise ValueError(f"the field {name} would end inside its value: {value!r}")
        return name, value

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value

    def fold(self, name: str, value: str) -> str:
        return f"{name}: {value}\r\n"

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii")


_WIRE = _Ready(linesep="\r\n", max_line_length=LINE, cte_type="7bit")


def message(fields: Mapping[str, str], *, text: str, html: str = "") -> bytes:
    """The message with these fields, in their order, and with ``text`` (and ``html``) as its body.

    Args:
        fields: name to value; each value is ASCII and folded already.
        html: when given, the message is multipart/alternative: the text first, then the HTML.
    """
    mail = EmailMessage(policy=_WIRE)
    for name, value in fields.items():
        mail[name] = value
    if not html:
        _fill(mail, text, "plain")
    else:
        for body, kind in ((text, "plain"), (html, "html")):
            part = EmailMessage(policy=_WIRE)
            _fill(part, body, kind)
            del part["MIME-Version"]
            mail.attach(part)
        # "=_" stands in no quoted-printable and no base64 text
        boundary = f"=_{_hash(*fields.values(), text, html)}"
        mail["MIME-Version"] = "1.0"
        mail["Content-Type"] = f'multipart/alternative;\r\n boundary="{boundary}"'
    return mail.as_bytes()


def message_id(domain: str, *about: str) -> str:
    """``<32 hex digits@domain>``: the same for the same matter, and for no other."""
    return f"<{_hash(*about)}@{domain}>"


def web_address(url: str, *, where: str = "") -> str:
    """``url`` as a field can carry it.

    Raises:
        ConfigError: it is no plain http or https address in ASCII.
    """
    if not re.fullmatch(r"https?://[!#$%&'*+\-./0-9:=?@A-Z\[\]_a-z~]{1,900}", url):
        raise ConfigError(
            f"{url[:80]!r} is no web address that a mail can carry",
            where=where,
            remedy="write it as https://briefing.example.org, in ASCII (xn-- where needed)",
        )
    return url


def _hash(*words: str) -> str:
    """32 hex digits, others for every other list of words (none of them holds a NUL)."""
    return sha256("\0".join(words).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _fill(part: EmailMessage, body: str, kind: str) -> None:
    body = body.encode("utf-8", "replace").decode()  # half of a surrogate pair has no bytes
    raw = body.encode()
    wide = sum(byte > 126 for byte in raw)  # each takes three characters in quoted-printable
    cte = "base64" if len(raw) + 2 * wide > len(b64encode(raw)) else "quoted-printable"
    part.set_content(body, subtype=kind, charset="utf-8", cte=cte)
    encoded = part.get_payload()
    if cte == "quoted-printable" and isinstance(encoded, str):
        part.set_payload(_guarded(encoded))


def _guarded(encoded: str) -> str:
    """Lines that old relays change are encoded: "From " gets a ">" before it, a "." may be lost."""
    encoded = re.sub(r"^From ", "=46rom ", encoded, flags=re.M)
    return re.sub(r"^\.", "=2E", encoded, flags=re.M)
