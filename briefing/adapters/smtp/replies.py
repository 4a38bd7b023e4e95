"""What a mail server answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_TEXT = 300  # characters that are kept of an answer, for the log and for people

_ENHANCED = re.compile(r"[245]\.(\d{1,3})\.(\d{1,3})\b")  # RFC 3463


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, its lines joined to one."""

    code: int
    text: str

    @property
    def subject(self) -> int:
        """Second part of the enhanced status code (RFC 3463, 3): 1 the address, 2 the mailbox,
        7 policy, ...; 0 when there is none."""
        found = _ENHANCED.match(self.text)
        return int(found[1]) if found else 0

    @property
    def detail(self) -> int:
        """Third part of the enhanced status code; 0 when there is none."""
        found = _ENHANCED.match(self.text)
        return int(found[2]) if found else 0


def cleaned(raw: bytes, secrets: Sequence[str] = ()) -> str:
    """The text on one line, without control characters and without the secrets, cut to length."""
    text = raw.decode("utf-8", "replace")
    for secret in secrets:
        text = text.replace(secret, "***")
    text = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(text.split())[:MAX_TEXT]
