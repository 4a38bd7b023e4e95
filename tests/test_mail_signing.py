"""DKIM signatures: another implementation of the check finds them good, and no change unnoticed."""

from __future__ import annotations

import re
import subprocess
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import dkim
import pytest

from briefing.adapters.signing import sign
from briefing.errors import ConfigError

MAIL = (
    b'From: "The Briefing" <briefing@example.org>\r\n'
    b"To: reader@example.org\r\n"
    b"Subject: Harbour strike\r\n"
    b"Date: Fri, 22 Nov 2024 06:30:00 +0200\r\n"
    b"List-Unsubscribe: <https://briefing.example.org/unsubscribe/a.b>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"Auto-Submitted: auto-generated\r\n"
    b"\r\n"
    b"Lunden shut its harbour.\r\n"
    b"\r\n"
)


def openssl(*arguments: str, stdin: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *arguments], input=stdin, capture_output=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def keys() -> dict[str, str]:
    """Private keys as people make them."""
    plain = openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
    return {
        "rsa, pkcs8": plain.decode(),
        "rsa, pkcs1": openssl("rsa", "-traditional", stdin=plain).decode(),
        "rsa, dos": plain.decode().replace("\n", "\r\n"),
        "ed25519": openssl("genpkey", "-algorithm", "ed25519").decode(),
        "another rsa": openssl("genrsa", "1024").decode(),
        "another ed2": openssl("genpkey", "-algorithm", "ed25519").decode(),
    }


def published(key: str) -> Callable[..., bytes]:
    """The domain's DNS, with the public half of the key."""
    der = openssl("pkey", "-pubout", "-outform", "DER", stdin=key.encode())
    kind, half = ("ed25519", der[-32:]) if len(der) == 44 else ("rsa", der)
    record = f"v=DKIM1; k={kind}; p={b64encode(half).decode()}".encode()

    def answer(name: bytes, timeout: float = 5) -> bytes:
        return record if name == b"news._domainkey.example.org." else b""

    return answer


KINDS = ["rsa, pkcs8", "rsa, pkcs1", "rsa, dos", "ed25519"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_is_found_good(keys: dict[str, str], kind: str) -> None:
    signed = sign(MAIL, domain="example.org", selector="news", key=keys[kind])
    assert signed.endswith(MAIL)
    assert signed.startswith(b"DKIM-Signature: ")
    assert dkim.verify(signed, dnsfunc=published(keys[kind]))
    other = keys[f"another {kind[:3]}"]
    assert not dkim.verify(signed, dnsfunc=published(other))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_mail_is_signed_with_the_same_bytes(keys: dict[str, str], kind: str) -> None:
    one = sign(MAIL, domain="example.org", selector="news", key=keys[kind])
    with patch("time.time", return_value=time.time() + 3600.0):
        assert sign(MAIL, domain="example.org", selector="news", key=keys[kind]) == one
    assert not re.search(rb"\bt=", one)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Lunden", b"London"),
        (b"Subject: Harbour", b"Subject: Airport"),
        (b"auto-generated", b"no"),
        (b"unsubscribe/a.b", b"unsubscribe/a.c"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Click"),
        (b"From: ", b"From: x@example.org\r\nFrom: "),
        (b"Subject: ", b"Subject: Won!\r\nSubject: "),
        (b"To: ", b"Reply-To: thief@example.org\r\nTo: "),
        (b"To: ", b"Content-Type: text/html\r\nTo: "),
    ],
)
def test_a_change_on_the_way_is_noticed(keys: dict[str, str], old: bytes, new: bytes) -> None:
    key = keys["rsa, pkcs8"]
    signed = sign(MAIL, domain="example.org", selector="news", key=key)
    head, changed = signed[: -len(MAIL)], MAIL.replace(old, new, 1)
    assert changed != MAIL
    assert not dkim.verify(head + changed, dnsfunc=published(key))


def test_white_space_may_change_on_the_way(keys: dict[str, str]) -> None:
    key = keys["rsa, pkcs8"]
    signed = sign(MAIL, domain="example.org", selector="news", key=key)
    passed = signed.replace(b'"The Briefing" <', b'"The Briefing"\r\n\t<').rstrip() + b"\r\n"
    assert dkim.verify(b"Received: by relay.example.org\r\n" + passed, dnsfunc=published(key))


def test_lines_stay_short_and_end_in_cr_lf(keys: dict[str, str]) -> None:
    signed = sign(MAIL, domain="example.org", selector="news", key=keys["rsa, pkcs8"])
    head = signed[: -len(MAIL)]
    assert head.endswith(b"\r\n")
    assert all(len(line) <= 78 for line in head.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", head)


def damaged(key: str) -> str:
    lines = key.splitlines()
    return "\n".join([lines[0], *lines[3:]])


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda key: "", "no private key in PEM"),
        (lambda key: "-----BEGIN PRIVATE KEY-----", "no private key in PEM"),
        (lambda key: key.replace("PRIVATE", "PUBLIC"), "no private key in PEM"),
        (lambda key: key.replace("PRIVATE", "ENCRYPTED PRIVATE"), "locked by a password"),
        (damaged, "damaged"),
        (lambda key: re.sub(r"\n\S{4}", "\nAAA=", key, count=1), "damaged"),
        (lambda key: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "damaged"),
    ],
)
def test_a_key_that_cannot_sign_says_why(
    keys: dict[str, str], spoil: Callable[[str], str], says: str
) -> None:
    key = spoil(keys["rsa, pkcs8"])
    with pytest.raises(ConfigError, match=says) as caught:
        sign(MAIL, domain="example.org", selector="news", key=key)
    assert "[mail] dkim_key_file" in str(caught.value)
    body = "".join(key.splitlines()[1:-1])
    assert not body or body not in str(caught.value)


def test_short_and_foreign_keys_are_refused() -> None:
    short = openssl("genrsa", "512").decode()
    with pytest.raises(ConfigError, match="512 bits are too few"):
        sign(MAIL, domain="example.org", selector="news", key=short)
    curve = openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256").decode()
    with pytest.raises(ConfigError, match="neither RSA nor Ed25519"):
        sign(MAIL, domain="example.org", selector="news", key=curve)


@pytest.mark.parametrize("name", ["", "a b", "a;b", "news\r\nX: 1", "ä", ".a", "a."])
def test_a_selector_or_domain_that_is_no_name_is_refused(keys: dict[str, str], name: str) -> None:
    key = keys["ed25519"]
    with pytest.raises(ConfigError, match="dkim_selector"):
        sign(MAIL, domain="example.org", selector=name, key=key)
    with pytest.raises(ConfigError, match="sender"):
        sign(MAIL, domain=name, selector="news", key=key)


def test_the_key_files_line_end_does_not_matter(keys: dict[str, str], tmp_path: Path) -> None:
    key = keys["rsa, pkcs1"]
    made = {sign(MAIL, domain="example.org", selector="n", key=k) for k in (key, key.strip())}
    assert len(made) == 1
