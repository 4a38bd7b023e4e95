"""Several mails on one connection, and servers that say what nobody asked or understands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from smtp_server import Action, ScriptedServer

from briefing.adapters.smtp import SmtpServer, SmtpSettings
from briefing.adapters.smtp import wire as wires
from briefing.errors import ServerError
from briefing.post import Mail, Receipt

WAIT = 0.2
WITHIN = ("mail", "rcpt", "data", "dot")
GOOD = {"mail": b"250", "rcpt": b"250", "data": b"354", "dot": b"250"}

MAIL = Mail(
    message_id="<1@example.org>",
    kind="edition",
    sender="briefing@example.org",
    recipient="reader@example.net",
    content=b"Subject: one\r\n\r\nText.\r\n",
)
SENT = Receipt("sent", "dot", 250, "2.0.0 taken")


def mail_to(recipient: str) -> Mail:
    return replace(MAIL, recipient=recipient)


def plain(scripted: ScriptedServer, timeout: float = WAIT) -> SmtpServer:
    """A server on this machine, without TLS and without an account."""
    return SmtpServer(
        SmtpSettings(
            host="127.0.0.1",
            port=scripted.port,
            security="none",
            timeout=timeout,
            final_timeout=timeout,
            local_hostname="here.example",
        )
    )


def sent_once(behaviour: dict[str, Action], mail: Mail = MAIL) -> tuple[Receipt, int]:
    """What became of one mail, and how many the server says it took."""
    with ScriptedServer(behaviour) as scripted, plain(scripted).session() as session:
        receipt = session.send(mail)
    return receipt, len(scripted.taken)


# -- one after the other -----------------------------------------------------------------------


def test_the_commands_of_a_session() -> None:
    with ScriptedServer() as scripted, plain(scripted).session() as session:
        assert session.send(MAIL) == SENT
        assert session.send(mail_to("other@example.net")) == SENT
    assert scripted.lines == [
        "ehlo here.example",
        "MAIL FROM:<briefing@example.org> SIZE=23",
        "RCPT TO:<reader@example.net>",
        "DATA",
        "RSET",
        "MAIL FROM:<briefing@example.org> SIZE=23",
        "RCPT TO:<other@example.net>",
        "DATA",
        "QUIT",
    ]


def test_every_recipient_counts_alone() -> None:
    behaviour = {"rcpt:gone@a.example": "5xx", "rcpt:full@b.example": "4xx", "dot#6": "5xx"}
    names = ("a", "gone@a", "b", "full@b", "c", "d", "e")
    mails = [mail_to(f"{name}.example" if "@" in name else f"{name}@x.example") for name in names]
    with ScriptedServer(behaviour) as scripted, plain(scripted).session() as session:
        receipts = [session.send(mail) for mail in mails]
    assert [receipt.state for receipt in receipts] == [
        "sent",
        "dead",
        "sent",
        "later",
        "sent",
        "dead",
        "sent",
    ]
    assert [receipt.bounced for receipt in receipts] == [False, True, *[False] * 5]
    states = zip(mails, receipts, strict=True)
    assert [taken.recipient for taken in scripted.taken] == [
        mail.recipient for mail, receipt in states if receipt.state == "sent"
    ]
    assert scripted.connections == 1


@pytest.mark.parametrize(
    ("goodbye", "code"), [("close", 0), ("reset", 0), (b"421 4.4.2 idle too long\r\n", 421)]
)
def test_a_server_that_ends_it_after_the_first_mail(goodbye: str | bytes, code: int) -> None:
    with ScriptedServer({"after#1": goodbye}) as scripted:
        server = plain(scripted)
        with server.session() as session:
            assert session.send(MAIL) == SENT
            for _ in range(2):  # and it stays ended
                with pytest.raises(ServerError) as caught:
                    session.send(mail_to("other@example.net"))
                assert (caught.value.stage, caught.value.halts) == ("rset", False)
                assert caught.value.code in (code, 0)
        with server.session() as session:
            assert session.send(mail_to("other@example.net")) == SENT
    assert scripted.connections == 2
    assert len(scripted.taken) == 2


@pytest.mark.parametrize("reply", [b"500 5.5.2 what?\r\n", b"451 4.3.0 not now\r\n"])
def test_a_server_that_cannot_begin_anew_is_left(reply: bytes) -> None:
    with ScriptedServer({"rset": reply}) as scripted, plain(scripted).session() as session:
        assert session.send(MAIL) == SENT
        with pytest.raises(ServerError, match=reply[4:].decode().strip()) as caught:
            session.send(MAIL)
    assert not caught.value.halts
    assert scripted.offered == 1
    assert "QUIT" not in scripted.lines


def test_goodbye_together_with_the_answer_does_not_undo_it() -> None:
    behaviour: dict[str, Action] = {"dot": b"250 2.0.0 taken\r\n421 4.3.2 shutting down\r\n"}
    with ScriptedServer(behaviour) as scripted, plain(scripted).session() as session:
        assert session.send(MAIL) == SENT
        with pytest.raises(ServerError, match=r"421 4\.3\.2 shutting down"):
            session.send(MAIL)


def test_a_session_left_by_an_error_says_nothing_more() -> None:
    with ScriptedServer() as scripted:

        def interrupted() -> None:
            with plain(scripted).session() as session:
                assert session.send(MAIL) == SENT
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()
    assert scripted.lines[-1] == "DATA"


# -- answers that are hard to read -------------------------------------------------------------


@pytest.mark.parametrize("stage", WITHIN)
def test_an_answer_of_several_lines_is_one_answer(stage: str) -> None:
    reply = b"550-5.1.1 The account does\r\n550-5.1.1\tnot exist.\r\n550\r\n"
    receipt, taken = sent_once({stage: reply})
    assert receipt == Receipt(
        "dead",
        stage,
        550,
        "5.1.1 The account does 5.1.1 not exist.",
        bounced=stage != "mail",
    )
    assert taken == 0


def test_good_answers_of_several_lines() -> None:
    behaviour: dict[str, Action] = {
        "banner": b"220-scripted.example\r\n220 at your service\r\n",
        "mail": b"250-2.1.0 fine\r\n250-so far\r\n250 go on\r\n",
        "rcpt": b"251 2.1.5 will forward\n",  # a bare LF, as some send
        "data": b"354\r\n",
        "dot": b"250-2.0.0 taken\r\n250 as 4711\r\n",
    }
    assert sent_once(behaviour) == (Receipt("sent", "dot", 250, "2.0.0 taken as 4711"), 1)


@pytest.mark.parametrize("stage", WITHIN)
@pytest.mark.parametrize(
    "reply",
    [
        "garbage",
        b"hello\r\n",
        b"25\r\n",
        b"\r\n",
        b"250-a\r\n251 b\r\n",
        b"250-a\r\n\r\n",
        b"250x\r\n",
        b"150 wait\r\n",
        b"650 odd\r\n",
        b"-25 odd\r\n",
        "２５０ fine\r\n".encode(),
    ],
)
def test_what_is_no_answer_settles_nothing(stage: str, reply: str | bytes) -> None:
    with ScriptedServer({stage: reply}) as scripted, plain(scripted).session() as session:
        receipt = session.send(MAIL)
        assert (receipt.state, receipt.stage, receipt.code) == ("later", stage, 0)
        assert receipt.text.startswith("not an SMTP answer")
        assert receipt.text.isprintable()
        with pytest.raises(ServerError, match="the connection was lost"):
            session.send(MAIL)


@pytest.mark.parametrize("stage", WITHIN)
@pytest.mark.parametrize("reply", ["flood", b"250 " + b"x" * (2 * wires.MAX_REPLY)])
def test_an_answer_without_an_end_is_cut(stage: str, reply: str | bytes) -> None:
    with (
        ScriptedServer({stage: reply}) as scripted,
        plain(scripted, timeout=30.0).session() as session,  # it is the size that ends it
    ):
        assert session.send(MAIL) == Receipt("later", stage, 0, "an answer without an end")


@pytest.mark.parametrize("stage", ["banner", "ehlo"])
@pytest.mark.parametrize("reply", ["garbage", "flood", b"354 go on\r\n", b"251 odd\r\n"])
def test_a_server_that_speaks_something_else(stage: str, reply: str | bytes) -> None:
    with (
        ScriptedServer({stage: reply}) as scripted,
        pytest.raises(ServerError) as caught,
        plain(scripted).session(),
    ):
        pytest.fail("a session was opened")
    assert (caught.value.stage, caught.value.halts) == (stage, False)


@pytest.mark.parametrize("stage", WITHIN)
@pytest.mark.parametrize("end", ["close", "reset", "hang"])
def test_half_an_answer_is_none(stage: str, end: str) -> None:
    """The server is killed while it says 250: without its line end, nobody knows what it meant."""
    receipt, taken = sent_once({stage: (GOOD[stage] + b" fi", end)})
    text = f"no answer within {WAIT} s" if end == "hang" else "hung up"
    assert receipt == Receipt("later", stage, 0, text)
    assert taken == 0


@pytest.mark.parametrize(
    ("stage", "reply"),
    [
        ("mail", b"354 go on\r\n"),
        ("rcpt", b"354 go on\r\n"),
        ("data", b"250 2.0.0 taken\r\n"),
        ("data", b"355 go on\r\n"),
        ("dot", b"354 go on\r\n"),
    ],
)
def test_the_right_answer_to_another_question_is_the_wrong_one(stage: str, reply: bytes) -> None:
    with ScriptedServer({stage: reply}) as scripted, plain(scripted).session() as session:
        receipt = session.send(MAIL)
        assert (receipt.state, receipt.stage, receipt.code) == ("later", stage, int(reply[:3]))
        with pytest.raises(ServerError, match="the connection was lost"):
            session.send(MAIL)
    assert scripted.lines[-1] != "QUIT"


def test_text_of_an_answer_is_safe_to_show() -> None:
    reply = (
        "550 5.1.1 no\x1b[2J \u202esuch\x00 user\x85\u2028 \xe9 ".encode() + b"\xff" + b"y" * 999
    )
    receipt, _ = sent_once({"rcpt": reply + b"\r\n"})
    assert receipt.text.startswith("5.1.1 no [2J such user \xe9 \ufffdyyy")
    assert receipt.text.isprintable()
    assert len(receipt.text) == 300
    assert receipt.bounced


# -- answers that nobody asked for -------------------------------------------------------------


@pytest.mark.parametrize(
    ("behaviour", "stage"),
    [
        ({"mail": b"250 fine\r\n250 fine\r\n"}, "rcpt"),
        ({"rcpt": b"250 fine\r\n354 go on\r\n250 taken\r\n"}, "data"),
        ({"data": b"354 go on\r\n250 2.0.0 taken\r\n"}, "data"),
        ({"data": b"354 go on\r\n250-2.0.0 taken\r\n250 "}, "data"),
    ],
)
def test_an_answer_that_comes_too_early_sends_nothing(
    behaviour: dict[str, Action], stage: str
) -> None:
    receipt, taken = sent_once(behaviour)
    assert (receipt.state, receipt.stage, receipt.code) == ("later", stage, 0)
    assert taken == 0


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_refusal_in_the_midst_of_a_mail_is_heard(goes_on: bool) -> None:
    big = replace(MAIL, content=b"Subject: big\r\n\r\n" + b"x\r\n" * 2_000_000)
    refusal = b"552 5.3.4 too much\r\n"
    behaviour: dict[str, Action] = {"content": refusal if goes_on else (refusal, "close")}
    with ScriptedServer(behaviour) as scripted, plain(scripted, timeout=10.0).session() as session:
        assert session.send(big) == Receipt("dead", "data", 552, "5.3.4 too much")
        with pytest.raises(ServerError, match="the connection was lost"):
            session.send(MAIL)
    assert scripted.taken == []


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ("close", "hung up"),
        ("reset", "hung up"),
        ("hang", f"took nothing for {WAIT} s"),
        (b"250 2.0.0 taken\r\n", "answered before it was asked"),
    ],
)
def test_trouble_in_the_midst_of_a_mail(action: str | bytes, text: str) -> None:
    big = replace(MAIL, content=b"Subject: big\r\n\r\n" + b"x\r\n" * 3_000_000)
    receipt, taken = sent_once({"content": action}, big)
    assert receipt == Receipt("later", "data", 0, text)
    assert taken == 0


# -- whose fault a refusal is ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "reply", "bounced"),
    [
        ("rcpt", "550 no such user", True),
        ("rcpt", "550 5.1.1 no such user", True),
        ("rcpt", "550 5.2.1 mailbox disabled", True),
        ("rcpt", "552 5.2.2 mailbox full", True),
        ("rcpt", "550 5.0.0 no", True),
        ("rcpt", "554 5.7.1 relay access denied", False),
        ("rcpt", "550 5.1.8 sender address rejected: domain not found", False),
        ("rcpt", "553 5.1.7 sender address rejected", False),
        ("rcpt", "550 5.4.1 no route", False),
        ("dot", "550 5.1.1 no such user", True),
        ("dot", "550 5.2.1 mailbox disabled", True),
        ("dot", "552 5.2.2 mailbox full", False),
        ("dot", "550 5.7.1 looks like spam", False),
        ("dot", "550 5.11.1 odd", False),
        ("dot", "554 no", False),
        ("data", "550 5.1.1 no such user", True),
        ("data", "554 5.5.1 no valid recipients", False),
        ("mail", "550 5.1.8 sender address rejected", False),
        ("mail", "550 5.1.1 odd", False),
    ],
)
def test_who_is_refused(stage: str, reply: str, bounced: bool) -> None:
    receipt, taken = sent_once({stage: f"{reply}\r\n".encode()})
    assert receipt == Receipt("dead", stage, int(reply[:3]), reply[4:], bounced=bounced)
    assert taken == 0
