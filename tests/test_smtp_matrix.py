"""Promise P7: whatever a mail server does at whichever step, each mail is told right from wrong."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from smtp_server import ScriptedServer, certified, written_authority

from briefing.adapters.smtp import SmtpServer, SmtpSettings
from briefing.errors import DeliveryError, ServerError
from briefing.post import Mail, Receipt

WAIT = 0.2  # seconds of each deadline here
MOST = 2.0  # seconds that one wait may really take, on a busy machine; a drip has no end

ACTIONS = ("4xx", "5xx", "close", "hang", "drip")
BEFORE = ("banner", "ehlo", "starttls", "ehlo#2", "auth")
WITHIN = ("mail", "rcpt", "data", "dot")

SAID = {
    ("banner", "4xx"): (451, "4.3.2 too busy"),
    ("banner", "5xx"): (554, "5.3.2 no service for you"),
    ("ehlo", "4xx"): (451, "4.3.0 ehlo not now"),
    ("ehlo", "5xx"): (550, "5.0.0 ehlo refused"),
    ("starttls", "4xx"): (451, "4.3.0 starttls not now"),
    ("starttls", "5xx"): (554, "5.7.3 no TLS for you"),
    ("auth", "4xx"): (454, "4.7.0 no authentication just now"),
    ("auth", "5xx"): (535, "5.7.8 wrong user name or password"),
    ("mail", "4xx"): (451, "4.3.0 mail not now"),
    ("mail", "5xx"): (550, "5.0.0 mail refused"),
    ("rcpt", "4xx"): (451, "4.3.0 rcpt not now"),
    ("rcpt", "5xx"): (550, "5.1.1 no such user"),
    ("data", "4xx"): (451, "4.3.0 data not now"),
    ("data", "5xx"): (550, "5.0.0 data refused"),
    ("dot", "4xx"): (451, "4.3.0 dot not now"),
    ("dot", "5xx"): (550, "5.0.0 dot refused"),
}
SILENCE = {"close": "hung up", "hang": "no answer within 0.2 s", "drip": "no answer within 0.2 s"}

MAIL = Mail(
    message_id="<1@example.org>",
    kind="edition",
    sender="briefing@example.org",
    recipient="reader@example.net",
    content=b"Subject: one\r\n\r\nText.\r\n",
)
OTHER = replace(MAIL, message_id="<2@example.org>", recipient="other@example.net")
SENT = Receipt("sent", "dot", 250, "2.0.0 taken")


@pytest.fixture
def scripted() -> ScriptedServer:
    return ScriptedServer(tls=certified("127.0.0.1"))


@pytest.fixture
def settings(scripted: ScriptedServer, tmp_path: Path) -> SmtpSettings:
    return SmtpSettings(
        host="127.0.0.1",
        port=scripted.port,
        ca_file=written_authority(tmp_path),
        username="ann",
        password="secret",
        timeout=WAIT,
        final_timeout=WAIT,
    )


@pytest.fixture
def server(settings: SmtpSettings) -> SmtpServer:
    return SmtpServer(settings)


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("stage", BEFORE)
def test_trouble_before_any_mail_is_the_servers(
    scripted: ScriptedServer, server: SmtpServer, stage: str, action: str
) -> None:
    scripted.behaviour[stage] = action
    began = time.monotonic()
    with scripted, pytest.raises(ServerError) as caught, server.session():
        pytest.fail("a session was opened")
    assert time.monotonic() - began < MOST
    name = stage.partition("#")[0]
    code, text = SAID.get((name, action), (0, SILENCE.get(action)))
    error = caught.value
    assert (error.stage, error.code, error.text) == (name, code, text)
    assert error.halts == (action == "5xx")
    assert bool(error.remedy) == error.halts
    assert isinstance(error, DeliveryError)
    assert error.to == f"127.0.0.1:{scripted.port}"
    assert f"{name}: {code} {text}" in str(error) if code else f"{name}: {text}" in str(error)
    assert scripted.taken == []
    assert scripted.offered == 0


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("stage", WITHIN)
def test_trouble_with_one_mail_is_its_own(
    scripted: ScriptedServer, server: SmtpServer, stage: str, action: str
) -> None:
    scripted.behaviour[f"{stage}#1"] = action
    code, text = SAID.get((stage, action), (0, SILENCE.get(action, "")))
    state = "dead" if action == "5xx" else "later"
    with scripted, server.session() as session:
        began = time.monotonic()
        receipt = session.send(MAIL)
        took = time.monotonic() - began
        assert receipt == Receipt(
            state, stage, code, text, bounced=(stage, action) == ("rcpt", "5xx")
        )
        assert (WAIT if action in ("hang", "drip") else 0) <= took < MOST
        if code:  # the server is well, so the next mail goes its way
            assert session.send(OTHER) == SENT
        else:
            with pytest.raises(ServerError, match="the connection was lost") as caught:
                session.send(OTHER)
            assert not caught.value.halts
    assert [mail.recipient for mail in scripted.taken] == ([OTHER.recipient] if code else [])


@pytest.mark.parametrize("action", ["ok", *ACTIONS])
def test_a_sent_mail_stays_sent_whatever_comes_after(
    scripted: ScriptedServer, server: SmtpServer, action: str
) -> None:
    scripted.behaviour |= {"rset": action, "quit": action}
    with scripted, server.session() as session:
        assert session.send(MAIL) == SENT
        if action == "ok":
            assert session.send(OTHER) == SENT
        else:
            began = time.monotonic()
            with pytest.raises(ServerError) as caught:
                session.send(OTHER)
            assert time.monotonic() - began < MOST
            assert caught.value.stage == "rset"
            assert not caught.value.halts
        began = time.monotonic()
    assert time.monotonic() - began < MOST
    assert len(scripted.taken) == 1 + (action == "ok")


@pytest.mark.parametrize("action", ACTIONS)
def test_a_failing_goodbye_is_no_trouble(
    scripted: ScriptedServer, server: SmtpServer, action: str
) -> None:
    scripted.behaviour["quit"] = action
    with scripted:
        began = time.monotonic()
        with server.session() as session:
            assert session.send(MAIL) == SENT
        assert time.monotonic() - began < MOST
        assert scripted.reached[-1] == "quit"


@pytest.mark.parametrize("stage", WITHIN)
def test_421_puts_off_the_mail_and_ends_the_session(
    scripted: ScriptedServer, server: SmtpServer, stage: str
) -> None:
    scripted.behaviour[f"{stage}#2"] = b"421 4.3.2 shutting down\r\n"
    with scripted, server.session() as session:
        assert session.send(MAIL) == SENT
        assert session.send(OTHER) == Receipt("later", stage, 421, "4.3.2 shutting down")
        with pytest.raises(ServerError, match="the connection was lost"):
            session.send(MAIL)
    assert [mail.recipient for mail in scripted.taken] == [MAIL.recipient]


@pytest.mark.parametrize("stage", BEFORE)
def test_421_before_any_mail_passes_by_itself(
    scripted: ScriptedServer, server: SmtpServer, stage: str
) -> None:
    scripted.behaviour[stage] = b"421 4.3.2 shutting down\r\n"
    with scripted, pytest.raises(ServerError) as caught, server.session():
        pytest.fail("a session was opened")
    assert (caught.value.code, caught.value.halts) == (421, False)


@pytest.mark.parametrize("stage", WITHIN)
@pytest.mark.parametrize("code", [530, 534, 535, 538])
def test_a_server_that_wants_a_sign_in_stops_the_queue(
    scripted: ScriptedServer, server: SmtpServer, stage: str, code: int
) -> None:
    scripted.behaviour[stage] = f"{code} 5.7.0 sign in first\r\n".encode()
    with scripted, server.session() as session:
        with pytest.raises(ServerError) as caught:
            session.send(MAIL)
        assert (caught.value.stage, caught.value.code, caught.value.halts) == (stage, code, True)
        assert caught.value.remedy
    assert scripted.taken == []


def test_the_deadlines_are_those_of_rfc_5321() -> None:
    settings = SmtpSettings(host="mail.example")
    assert settings.final_timeout == 600.0
    assert settings.security == "starttls"
    assert settings.timeout >= 120.0


def test_the_answer_to_a_whole_mail_has_its_own_deadline(
    scripted: ScriptedServer, settings: SmtpSettings
) -> None:
    scripted.behaviour["dot"] = "drip"
    with scripted, SmtpServer(replace(settings, timeout=30.0)).session() as session:
        began = time.monotonic()
        assert session.send(MAIL) == Receipt("later", "dot", 0, SILENCE["drip"])
        assert time.monotonic() - began < MOST


def test_a_slow_command_does_not_get_the_time_of_a_whole_mail(
    scripted: ScriptedServer, settings: SmtpSettings
) -> None:
    scripted.behaviour["rcpt"] = "drip"
    with scripted, SmtpServer(replace(settings, final_timeout=30.0)).session() as session:
        began = time.monotonic()
        assert session.send(MAIL) == Receipt("later", "rcpt", 0, SILENCE["drip"])
        assert time.monotonic() - began < MOST
