"""What the web adapter makes of foreign errors and of a server's wish for patience."""

from __future__ import annotations

import inspect
import ssl
from datetime import UTC, datetime

import httpcore2
import httpx2
import pytest

from briefing.adapters.web.answers import retry_after
from briefing.adapters.web.faults import BUGS, REASONS, translate


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Fri, 22 Nov 2024 06:40:00 GMT", 600.0),
        ("Fri, 22 Nov 2024 07:40:00 +0100", 600.0),
        ("Fri, 22 Nov 2024 06:00:00 GMT", 0.0),
        ("99999999999999999999", 7 * 86_400.0),
        ("Fri, 22 Nov 9999 06:00:00 GMT", 7 * 86_400.0),
        ("-5", None),
        ("soon", None),
        ("１２", None),
        ("Fri, 99 Nov 2024 06:00:00 GMT", None),
        ("", None),
    ],
)
def test_retry_after(wish: str, seconds: float | None) -> None:
    assert retry_after(wish, now=datetime(2024, 11, 22, 6, 30, tzinfo=UTC)) == seconds


# -- the table of foreign errors ---------------------------------------------------------------


def exceptions_of(*modules: object) -> set[type[Exception]]:
    named = (
        value for module in modules for _, value in inspect.getmembers(module, inspect.isclass)
    )
    return {c for c in named if issubclass(c, Exception) and not issubclass(c, Warning)}


def test_the_table_names_every_exception_of_the_libraries() -> None:
    known = exceptions_of(httpx2, httpcore2)
    assert len(known) > 35
    assert known - set(REASONS) - set(BUGS) == set()
    assert set(REASONS) & set(BUGS) == set()


@pytest.mark.parametrize("kind", sorted(REASONS, key=str))
def test_every_foreign_error_becomes_ours(kind: type[Exception]) -> None:
    error = translate("http://x.example/", kind.__new__(kind))
    assert error.reason == REASONS[kind]
    assert error.url == "http://x.example/"
    assert error.detail


def test_a_failed_certificate_is_named_through_its_wrapping() -> None:
    wrapped = httpcore2.ConnectError(ssl.SSLCertVerificationError("certificate has expired"))
    assert translate("https://x.example/", wrapped).reason == "tls failure"
