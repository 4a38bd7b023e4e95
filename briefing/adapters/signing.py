"""DKIM signatures (RFC 6376) by `dkimpy`, with an RSA or an Ed25519 key (RFC 8463).

The library would put the current time into each signature (``t=``, which may be left out); here it
is, so that the same mail is signed with the same bytes.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Any

from briefing.errors import ConfigError

LEAST_BITS = 1024  # of an RSA key; shorter signatures are ignored (RFC 8301 3.2)

ONCE_MORE = (b"from", b"to", b"subject", b"date", b"reply-to", b"content-type")
"""Fields signed once more than they occur, so that nobody can add another (RFC 6376 8.15)."""

_UNSIGNED = frozenset((b"return-path", b"received", b"bcc", b"dkim-signature"))
_ED25519 = bytes.fromhex("302e020100300506032b657004220420")  # PKCS #8 before the 32 bytes


def sign(content: bytes, *, domain: str, selector: str, key: str) -> bytes:
    """``content`` with a DKIM-Signature field before it, over all its fields and its whole body.

    Relaxed canonicalisation: a relay may change white space and fold lines anew.

    Args:
        content: a message with CR LF line ends.
        domain: who signs: the domain of the From address, or one above it.
        selector: the public key is asked for at ``<selector>._domainkey.<domain>``.
        key: a private key as PEM: RSA in PKCS #1 or PKCS #8, or Ed25519 in PKCS #8.

    Raises:
        ConfigError: the key, the selector or the domain cannot be used.
    """
    import dkim

    algorithm, secret = _key(key)
    try:
        signer = _signer(content, algorithm)
        names = [name.lower() for name, _ in signer.headers]
        field: bytes = signer.sign(
            _name(selector, "dkim_selector"),
            _name(domain, "sender"),
            secret,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[*(n for n in names if n not in _UNSIGNED), *ONCE_MORE],
        )
    except dkim.DKIMException as error:
        raise _unusable(str(error)) from error
    return field + content


def _signer(content: bytes, algorithm: bytes) -> Any:
    import dkim

    class Signer(dkim.DKIM):  # type: ignore[misc]  # the library has no types
        """Does not say when."""

        def gen_header(self, fields: list[tuple[bytes, bytes]], *args: Any, **more: Any) -> Any:
            kept = [(tag, value) for tag, value in fields if tag != b"t"]
            return super().gen_header(kept, *args, **more)

    return Signer(content, signature_algorithm=algorithm)


def _key(pem: str) -> tuple[bytes, bytes]:
    """(algorithm, key as the library wants it)."""
    from dkim.crypto import UnparsableKeyError, parse_private_key

    found = re.search(
        r"-----BEGIN (RSA )?PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+?)\s+-----END (RSA )?PRIVATE KEY",
        pem,
    )
    if found is None:
        sealed = "ENCRYPTED" in pem
        raise _unusable("it is locked by a password" if sealed else "it is no private key in PEM")
    try:
        der = b64decode("".join(found[2].split()), validate=True)
        if der.startswith(_ED25519) and len(der) == len(_ED25519) + 32:
            return b"ed25519-sha256", b64encode(der[-32:])
        bits = parse_private_key(der)["modulus"].bit_length()
    except (UnparsableKeyError, ValueError, IndexError, TypeError) as error:
        raise _unusable("it is damaged, or neither RSA nor Ed25519") from error
    if bits < LEAST_BITS:
        raise _unusable(f"{bits} bits are too few for RSA")
    return b"rsa-sha256", b"-----\n" + b64encode(der) + b"\n-----"


def _name(text: str, key: str) -> bytes:
    """A host name in ASCII."""
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?", text):
        raise ConfigError(
            f"{text!r} cannot stand in a DKIM signature",
            where=f"[mail] {key}",
            remedy="use letters, digits, dots and hyphens, as in the domain's DNS",
        )
    return text.encode("ascii")


def _unusable(why: str) -> ConfigError:
    return ConfigError(
        f"the private key for DKIM cannot be used: {why}",
        where="[mail] dkim_key_file",
        remedy="make one with `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048`",
    )
