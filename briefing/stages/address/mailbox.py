"""Mail addresses as people write them -> as an envelope and a header can carry them.

Accepted is what the net accepts in practice: a dot-atom of RFC 5322 before the "@" and a host name
behind it, which may be international (IDNA 2008, RFC 5891, after the mapping of UTS 46). Quoted
local parts, comments, address literals and lists are refused: they are rare, and each has let
somebody write into a header or an envelope what was not theirs to write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from briefing.errors import ConfigError
from briefing.text.characters import one_line
from briefing.text.hosts import ascii_host

LONGEST = 254  # octets of an address (RFC 5321 4.5.3.1.3, less the angle brackets)
LONGEST_LOCAL = 64  # octets before the "@" (RFC 5321 4.5.3.1.1)
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Who a mail comes from or goes to."""

    address: str  # ASCII; the domain in small letters, "xn--" where it is international
    name: str = ""  # as people read it; "" when none was given

    @property
    def domain(self) -> str:
        """What stands behind the "@"."""
        return self.address.rpartition("@")[2]


def mailbox(text: str, *, where: str = "") -> Mailbox:
    """``reader@example.org`` or ``The Briefing <briefing@example.org>``.

    Args:
        where: the key or file that says so, for the error.

    Raises:
        ConfigError: this is no mail address, or one that cannot be written to.
    """
    if len(text) > 4 * LONGEST:
        raise _refused(text, "it is too long", where)
    found = _NAMED.fullmatch(text.strip())
    if found is None:
        return Mailbox(_address(text.strip(), where))
    name = one_line(found["name"].strip().strip('"'))
    return Mailbox(_address(found["address"].strip(), where), name)


def envelope(text: str, *, where: str = "") -> str:
    """The bare address in ``text``, as a mail server takes it: see :func:`mailbox`."""
    return mailbox(text, where=where).address


def _address(text: str, where: str) -> str:
    local, at, domain = text.rpartition("@")
    if not at:
        raise _refused(text, "there is no @ in it", where)
    if not local.isascii():
        raise _refused(text, "letters before the @ must be of a to z", where)
    if not _LOCAL.fullmatch(local):
        raise _refused(text, "what stands before the @ is no plain name", where)
    address = f"{local}@{_domain(text, domain, where)}"
    if len(local) > LONGEST_LOCAL or len(address) > LONGEST:
        raise _refused(text, "it is too long", where)
    return address


def _domain(text: str, domain: str, where: str) -> str:
    plain = ascii_host(domain)
    labels = plain.split(".")
    if not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdigit():
        raise _refused(text, "what stands behind the @ is no host name", where)
    if len(labels) == 1 and plain != "localhost":
        raise _refused(text, "the host name behind the @ has no dot", where)
    return plain


def _refused(text: str, why: str, where: str) -> ConfigError:
    shown = one_line(text)
    shown = shown if len(shown) <= 80 else shown[:80] + "…"
    return ConfigError(
        f"{shown!r} is no mail address that can be used: {why}",
        where=where,
        remedy="write it as name@example.org, or as The Briefing <name@example.org>",
    )
