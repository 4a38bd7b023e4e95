"""Addresses that only their owner knows: who may unsubscribe or confirm without a password.

A token is ``<id>.<signature>``: the subscriber's id in the clear, and the first 32 hex digits (128
bits) of HMAC-SHA256 (RFC 2104; truncated as its section 5 allows) over purpose and id. Nothing is
stored, tokens do not expire, and a token for one purpose is none for another.
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256
from typing import Literal

Purpose = Literal["unsubscribe", "confirm"]

DIGITS = 32  # of the signature
LEAST_SECRET = 16  # bytes
_FORM = re.compile(r"([0-9A-Za-z_-]{1,64})\.([0-9a-f]{32})", re.ASCII)


def sign(secret: bytes, purpose: Purpose, id: str) -> str:
    """The token of one subscriber for one purpose; the same arguments give the same token.

    Raises:
        ValueError: the secret is shorter than 16 bytes, or ``id`` could not stand in an address.
            Both are made by this program, so either is a fault of its own.
    """
    token = f"{id}.{_signature(secret, purpose, id)}"
    if not _FORM.fullmatch(token):
        raise ValueError(f"no id that an address can hold: {id!r}")
    return token


def read(secret: bytes, purpose: Purpose, token: str) -> str | None:
    """The id in a token that :func:`sign` made with the same secret and purpose, else None.

    The comparison takes the same time wherever a forged signature differs.
    """
    found = _FORM.fullmatch(token)
    if found is None:
        return None
    id, given = found.groups()
    return id if hmac.compare_digest(given, _signature(secret, purpose, id)) else None


def _signature(secret: bytes, purpose: str, id: str) -> str:
    if len(secret) < LEAST_SECRET:
        raise ValueError("a secret of at least 16 bytes is needed to sign addresses")
    said = f"{purpose}:{id}".encode("utf-8", "backslashreplace")
    return hmac.new(secret, said, sha256).hexdigest()[:DIGITS]
