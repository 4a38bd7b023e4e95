"""Tokens of the unsubscribe and confirm addresses: nobody makes one without the secret."""

from __future__ import annotations

import hmac
from hashlib import sha256
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.text.tokens import read, sign

SECRET = b"a secret of more than sixteen bytes"
ID = "0123456789abcdef0123456789abcdef"
HEX = "0123456789abcdef"


def test_a_token_is_the_id_and_a_signature_over_purpose_and_id() -> None:
    known = hmac.new(SECRET, b"unsubscribe:" + ID.encode(), sha256).hexdigest()[:32]
    assert sign(SECRET, "unsubscribe", ID) == f"{ID}.{known}"


@settings(deadline=None)
@given(st.text(HEX, min_size=32, max_size=32), st.binary(min_size=16, max_size=64))
def test_a_token_gives_its_id_back_and_needs_no_escape_in_an_address(id: str, key: bytes) -> None:
    token = sign(key, "confirm", id)
    assert read(key, "confirm", token) == id
    assert quote(token, safe="") == token


def test_a_token_serves_one_purpose_one_secret_and_one_id() -> None:
    token = sign(SECRET, "unsubscribe", ID)
    assert read(SECRET, "confirm", token) is None
    assert read(SECRET[:-1] + b"!", "unsubscribe", token) is None
    other = "f" + ID[1:]
    assert read(SECRET, "unsubscribe", token.replace(ID, other)) is None


@pytest.mark.parametrize("place", range(32))
def test_every_digit_of_the_signature_counts(place: int) -> None:
    id, _, signature = sign(SECRET, "unsubscribe", ID).partition(".")
    changed = HEX[(HEX.index(signature[place]) + 1) % 16]
    forged = signature[:place] + changed + signature[place + 1 :]
    assert read(SECRET, "unsubscribe", f"{id}.{forged}") is None


@pytest.mark.parametrize(
    "token",
    [
        "", ".", ID, f"{ID}.", f".{'0' * 32}", f"{ID}.{'0' * 31}", f"{ID}.{'0' * 33}",
        f"{ID}.{'Z' * 32}", f"{ID}.{'٣' * 32}", f"{ID}.{'0' * 32}\n", f" {ID}.{'0' * 32}",
        f"../{ID}.{'0' * 32}", f"{ID}\x00.{'0' * 32}", "\ud800", f"{'a' * 65}.{'0' * 32}",
    ],
)  # fmt: skip
def test_what_is_no_token_is_refused(token: str) -> None:
    assert read(SECRET, "unsubscribe", token) is None
    good = sign(SECRET, "unsubscribe", ID)
    for changed in (good + "\n", " " + good, good.upper(), good + good, good.replace(".", "..")):
        assert read(SECRET, "unsubscribe", changed) is None


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_without_an_error(token: str) -> None:
    assert read(SECRET, "unsubscribe", token) is None


@pytest.mark.parametrize("id", ["", "a.b", "a/b", "a b", "é", "a\n", "a" * 65])
def test_an_id_that_an_address_cannot_hold_is_no_id(id: str) -> None:
    with pytest.raises(ValueError, match="no id"):
        sign(SECRET, "unsubscribe", id)


@pytest.mark.parametrize("secret", [b"", b"fifteen bytes.."])
def test_a_short_secret_signs_and_reads_nothing(secret: bytes) -> None:
    for use in (
        lambda: sign(secret, "confirm", ID),
        lambda: read(secret, "confirm", f"{ID}.{'0' * 32}"),
    ):
        with pytest.raises(ValueError, match="at least 16 bytes"):
            use()
