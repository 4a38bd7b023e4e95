"""To whom the password and the mails are shown: TLS, certificates, authentication."""

from __future__ import annotations

import logging
import ssl
import time
import traceback
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from smtp_server import Action, ScriptedServer, authority, certified, written_authority

from briefing.adapters.smtp import SmtpServer, SmtpSettings
from briefing.adapters.smtp.wire import Wire
from briefing.errors import BriefingError, ConfigError, ServerError
from briefing.post import Mail, Receipt

CANARY = "canary-4711"
MAIL = Mail(
    message_id="<1@example.org>",
    kind="edition",
    sender="briefing@example.org",
    recipient="reader@example.net",
    content=b"Subject: one\r\n\r\nText.\r\n",
)
SENT = Receipt("sent", "dot", 250, "2.0.0 taken")


@pytest.fixture
def ca_file(tmp_path: Path) -> str:
    return written_authority(tmp_path)


def at(scripted: ScriptedServer, ca_file: str, **changes: object) -> SmtpSettings:
    plain = SmtpSettings(
        host="127.0.0.1", port=scripted.port, ca_file=ca_file, timeout=5.0, final_timeout=5.0
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def refused(settings: SmtpSettings) -> ServerError:
    with pytest.raises(ServerError) as caught, SmtpServer(settings).session():
        pytest.fail("a session was opened")
    return caught.value


# -- TLS ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mails_go_under_tls(ca_file: str, security: str) -> None:
    scripted = ScriptedServer(tls=certified("127.0.0.1"), implicit=security == "tls")
    with scripted, SmtpServer(at(scripted, ca_file, security=security)).session() as session:
        assert session.send(MAIL) == SENT
        assert session.send(replace(MAIL, content=b"x: y\r\n\r\n" + b".z\r\n" * 200_000)) == SENT
    assert len(scripted.taken) == 2
    assert [line.partition(" ")[0] for line in scripted.clear] == (
        ["ehlo", "STARTTLS"] if security == "starttls" else []
    )


def test_a_name_is_checked_too(ca_file: str) -> None:
    with (
        ScriptedServer(tls=certified("localhost")) as scripted,
        SmtpServer(at(scripted, ca_file, host="localhost")).session() as session,
    ):
        assert session.send(MAIL) == SENT


def test_without_starttls_nothing_goes_in_clear(ca_file: str) -> None:
    """A server, or somebody between, that takes the offer away (RFC 3207, 6)."""
    with ScriptedServer() as scripted:
        error = refused(at(scripted, ca_file, username="ann", password=CANARY))
    assert (error.stage, error.code, error.halts) == ("starttls", 0, True)
    assert error.text == "the server offers no STARTTLS"
    assert error.remedy
    assert [line.partition(" ")[0] for line in scripted.lines] == ["ehlo"]


def test_an_unknown_wish_for_security_is_no_wish_for_none(ca_file: str) -> None:
    with ScriptedServer() as scripted:
        assert refused(at(scripted, ca_file, security="STARTTLS ")).stage == "starttls"


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("flaw", ["another name", "another authority", "the system's authorities"])
def test_a_certificate_that_proves_nothing_stops_the_queue(
    tmp_path: Path, ca_file: str, security: str, flaw: str
) -> None:
    name = "mail.example" if flaw == "another name" else "127.0.0.1"
    if flaw == "another authority":
        ca_file = str(tmp_path / "other.pem")
        trustme.CA().cert_pem.write_to_path(ca_file)
    if flaw == "the system's authorities":
        ca_file = ""
    with ScriptedServer(tls=certified(name), implicit=security == "tls") as scripted:
        error = refused(at(scripted, ca_file, security=security, username="ann", password=CANARY))
    assert (error.stage, error.code, error.halts) == (security, 0, True)
    assert error.text.startswith("certificate refused: ")
    assert error.remedy
    assert not any(line.startswith("AUTH") for line in scripted.lines)


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(
    ("action", "text"),
    [
        ("hang", "no answer within 0.2 s"),
        ("drip", "no answer within 0.2 s"),
        ("close", "hung up"),
        (b"220 no TLS here, really\r\n", "no TLS: wrong version number"),
    ],
)
def test_a_handshake_that_fails(
    ca_file: str, security: str, action: str | bytes, text: str
) -> None:
    scripted = ScriptedServer(
        {"tls": action}, tls=certified("127.0.0.1"), implicit=security == "tls"
    )
    with scripted:
        began = time.monotonic()
        error = refused(at(scripted, ca_file, security=security, timeout=0.2))
        assert time.monotonic() - began < 2.0
    if "version" in text:  # OpenSSL names it differently from version to version
        assert error.text.startswith("no TLS: ")
    else:
        assert error.text == text
    assert (error.stage, error.halts) == (security, False)


def test_words_said_before_tls_are_not_heard_after_it(ca_file: str) -> None:
    """Somebody between adds an answer behind the 220 (CVE-2011-0411 from the other side)."""
    said = b"220 go ahead\r\n250-evil.example\r\n250 AUTH PLAIN\r\n"
    with ScriptedServer({"starttls": said}, tls=certified("127.0.0.1")) as scripted:
        error = refused(at(scripted, ca_file, username="ann", password=CANARY))
    assert (error.stage, error.text) == ("starttls", "said more than it was asked before TLS")


def test_what_was_offered_in_clear_is_forgotten_under_tls(ca_file: str) -> None:
    clear = b"250-x\r\n250-SIZE 5\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n"
    scripted = ScriptedServer(
        {"ehlo#1": clear}, tls=certified("127.0.0.1"), features=("AUTH LOGIN",)
    )
    settings = at(scripted, ca_file, username="ann", password="secret")
    with scripted, SmtpServer(settings).session() as session:
        assert session.send(MAIL) == SENT
    assert "AUTH LOGIN" in scripted.lines


def test_an_old_protocol_is_not_spoken(ca_file: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert("127.0.0.1").configure_cert(context)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with ScriptedServer(tls=context) as scripted:
        error = refused(at(scripted, ca_file))
    assert error.text.startswith("no TLS: ")
    assert error.stage == "starttls"


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_a_broken_ca_file_ends_it_before_any_work(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError, match="ca_file") as caught:
        SmtpServer(SmtpSettings(host="mail.example", ca_file=str(file)))
    assert caught.value.remedy


def test_a_ca_file_that_is_lost_later_is_the_servers_trouble(tmp_path: Path) -> None:
    with ScriptedServer(tls=certified("127.0.0.1")) as scripted:
        settings = at(scripted, written_authority(tmp_path))
        server = SmtpServer(settings)
        Path(settings.ca_file).unlink()
        with pytest.raises(ServerError, match="ca_file") as caught, server.session():
            pytest.fail("a session was opened")
    assert caught.value.halts


# -- authentication ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offer", "way"),
    [
        ("AUTH PLAIN LOGIN", "PLAIN"),
        ("AUTH LOGIN PLAIN CRAM-MD5", "PLAIN"),
        ("auth login", "LOGIN"),
        ("AUTH=LOGIN", "LOGIN"),
        ("AUTH XOAUTH2 LOGIN", "LOGIN"),
    ],
)
@pytest.mark.parametrize("account", [("ann", "secret"), ("ann@example.org", "pass wörd ☃")])
def test_signs_in(ca_file: str, offer: str, way: str, account: tuple[str, str]) -> None:
    scripted = ScriptedServer(tls=certified("127.0.0.1"), features=(offer,), credentials=account)
    settings = at(scripted, ca_file, username=account[0], password=account[1])
    with scripted, SmtpServer(settings).session() as session:
        assert session.send(MAIL) == SENT
    assert [line.split(" ")[1] for line in scripted.lines if line[:4] == "AUTH"] == [way]


@pytest.mark.parametrize("offer", ["AUTH PLAIN LOGIN", "AUTH LOGIN"])
def test_a_wrong_password_is_tried_once_and_stops_the_queue(ca_file: str, offer: str) -> None:
    with ScriptedServer(tls=certified("127.0.0.1"), features=(offer,)) as scripted:
        error = refused(at(scripted, ca_file, username="ann", password=CANARY))
    assert (error.stage, error.code, error.halts) == ("auth", 535, True)
    assert "password" in error.remedy
    assert sum(line.startswith("AUTH") for line in scripted.lines) == 1


@pytest.mark.parametrize(
    ("features", "offered"), [((), "none"), (("AUTH CRAM-MD5 XOAUTH2",), "CRAM-MD5, XOAUTH2")]
)
def test_no_way_to_sign_in_stops_the_queue(
    ca_file: str, features: tuple[str, ...], offered: str
) -> None:
    with ScriptedServer(tls=certified("127.0.0.1"), features=features) as scripted:
        error = refused(at(scripted, ca_file, username="ann", password=CANARY))
    assert (error.stage, error.code, error.halts) == ("auth", 0, True)
    assert error.text.endswith(f"offered: {offered}")


def test_a_challenge_without_end_ends(ca_file: str) -> None:
    with ScriptedServer({"auth": b"334 more\r\n"}, tls=certified("127.0.0.1")) as scripted:
        error = refused(at(scripted, ca_file, username="ann", password="secret"))
    assert (error.stage, error.code, error.halts) == ("auth", 334, False)


def test_the_password_goes_in_clear_to_this_machine_alone(
    ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedServer() as scripted:
        settings = at(scripted, "", security="none", username="ann", password="secret")
        with SmtpServer(settings).session() as session:
            assert session.send(MAIL) == SENT
        monkeypatch.setattr(Wire, "peer", lambda _: "192.0.2.1")
        scripted.lines.clear()
        error = refused(settings)
    assert (error.stage, error.halts) == ("auth", True)
    assert error.remedy
    assert [line.partition(" ")[0] for line in scripted.lines] == ["ehlo"]


def test_an_account_needs_a_password() -> None:
    with pytest.raises(ConfigError, match="no password") as caught:
        SmtpServer(SmtpSettings(host="mail.example", username="ann"))
    assert caught.value.remedy


# -- the password stays where it is ------------------------------------------------------------

PLAIN = b64encode(f"\0ann\0{CANARY}".encode())
BASE64 = b64encode(CANARY.encode())


@pytest.mark.parametrize("offer", ["AUTH PLAIN", "AUTH LOGIN"])
@pytest.mark.parametrize(
    "behaviour",
    [
        {},  # wrong password
        {"auth": b"535-5.7.8 no: " + PLAIN + b"\r\n535 5.7.8 " + CANARY.encode() + b"\r\n"},
        {"auth": b"454 " + BASE64 + b" " + CANARY.encode() + b"\r\n"},
        {"auth": b"garbage " + CANARY.encode() + b" " + PLAIN + b" " + BASE64 + b"\r\n"},
        {"auth": b"501 5.5.2 x" * 30 + CANARY.encode() + b"\r\n"},
        {"auth": "close"},
        {"auth": b"235 fine\r\n", "mail": b"550 I know " + CANARY.encode() + b"\r\n"},
        {"auth": b"235 fine\r\n", "dot": b"250 taken, " + CANARY.encode() + b"\r\n"},
        {"auth": b"235 fine\r\n", "dot": b"junk " + CANARY.encode() + b"\r\n"},
    ],
)
def test_no_message_ever_holds_the_password(
    ca_file: str,
    offer: str,
    behaviour: dict[str, Action],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    scripted = ScriptedServer(behaviour, tls=certified("127.0.0.1"), features=(offer,))
    settings = at(scripted, ca_file, username="ann", password=CANARY)
    server = SmtpServer(settings)
    said = [repr(settings), str(settings), repr(server), repr(vars(server))]
    with scripted:
        try:
            with server.session() as session:
                said.append(repr(session))
                said += [str(receipt := session.send(MAIL)), receipt.said]
        except BriefingError as error:
            said += ["".join(traceback.format_exception(error)), repr(error), repr(vars(error))]
            said += [repr(error.__context__), repr(error.__cause__)]
    assert len(said) > 4  # something was said
    said += [caplog.text, *capfd.readouterr()]
    everything = "\n".join(said)
    for form in (CANARY, PLAIN.decode(), BASE64.decode()):
        assert form not in everything
