"""Every byte of a mail arrives, and nothing in it or its addresses is taken for a command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from smtp_server import FEATURES, ScriptedServer, Taken

from briefing.adapters.smtp import Session, SmtpServer, SmtpSettings
from briefing.post import Mail, Receipt

MAIL = Mail(
    message_id="<1@example.org>",
    kind="edition",
    sender="briefing@example.org",
    recipient="reader@example.net",
    content=b"Subject: one\r\n\r\nText.\r\n",
)
SENT = Receipt("sent", "dot", 250, "2.0.0 taken")
HEAD = b"Subject: one\r\n\r\n"


def plain(scripted: ScriptedServer) -> SmtpServer:
    return SmtpServer(
        SmtpSettings(host="127.0.0.1", port=scripted.port, security="none", timeout=10.0)
    )


@pytest.fixture(scope="module")
def line() -> Iterator[tuple[ScriptedServer, Session]]:
    """One long session."""
    with ScriptedServer() as scripted, plain(scripted).session() as session:
        yield scripted, session


# -- bytes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        HEAD + b"Text.\r\n",
        HEAD + b".\r\n",
        HEAD + b".\r\n.\r\n..\r\n...\r\n",
        HEAD + b".hidden\r\n a.b\r\n..two\r\n",
        HEAD + b"\r\n\r\n\r\n",
        HEAD + b"QUIT\r\nRSET\r\nMAIL FROM:<x@y.example>\r\n",
        HEAD + b"\r\n.\r\nMAIL FROM:<x@y.example>\r\n",
        b".\r\n",
        b"",
        HEAD + "Grüße — 你好\r\n".encode(),
        HEAD + bytes(range(128, 256)) + b"\r\n",
        HEAD + bytes(one for one in range(1, 128) if one not in b"\r\n") + b"\r\n",
        HEAD + b"x" * 998 + b"\r\n",
        HEAD + b".x\r\n" * 100_000,
    ],
    ids=range(14),
)
def test_content_arrives_as_it_is(line: tuple[ScriptedServer, Session], content: bytes) -> None:
    scripted, session = line
    assert session.send(replace(MAIL, content=content)) == SENT
    assert scripted.taken[-1] == Taken(MAIL.sender, MAIL.recipient, content)


@pytest.mark.parametrize("content", [HEAD + b"Text.", HEAD + b".", HEAD + b"\r\n..", b"x"])
def test_a_last_line_without_end_gets_one(
    line: tuple[ScriptedServer, Session], content: bytes
) -> None:
    scripted, session = line
    assert session.send(replace(MAIL, content=content)) == SENT
    assert scripted.taken[-1].content == content + b"\r\n"


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.lists(st.sampled_from([b".", b"..", b" ", b"a", "é".encode(), b"\xff", b"\t"])).map(
            b"".join
        )
    )
)
def test_any_lines_arrive_as_they_are(
    line: tuple[ScriptedServer, Session], lines: list[bytes]
) -> None:
    scripted, session = line
    content = HEAD + b"".join(one + b"\r\n" for one in lines)
    before = len(scripted.taken)
    assert session.send(replace(MAIL, content=content)) == SENT
    assert [taken.content for taken in scripted.taken[before:]] == [content]


@pytest.mark.parametrize(
    "text",
    [
        b"a\nb\r\n",
        b"a\rb\r\n",
        b"a\r\n.\nMAIL FROM:<x@y.example>\r\n",
        b"a\n.\r\nMAIL FROM:<x@y.example>\r\n",
        b"a\r.\r\nb\r\n",
        b"a\r\r\nb\r\n",
        b"a\n",
        b"a\r",
        b"a\0b\r\n",
    ],
)
def test_line_ends_that_servers_read_differently_are_never_sent(text: bytes) -> None:
    with ScriptedServer() as scripted, plain(scripted).session() as session:
        receipt = session.send(replace(MAIL, content=HEAD + text))
        assert (receipt.state, receipt.stage, receipt.bounced) == ("dead", "data", False)
        assert session.send(MAIL) == SENT
    assert scripted.offered == 1


# -- addresses ---------------------------------------------------------------------------------

NO_ADDRESSES = [
    "",
    "reader",
    "@example.net",
    "reader@",
    "a b@example.net",
    "a@example.net> SIZE=1",
    "a@example.net>\r\nRCPT TO:<b@example.net",
    "a@example.net\n",
    "a\0@example.net",
    "<a@example.net>",
    'A <a@example.net>, "b',
    '"a b"@example.net',
    "a\u2028b@example.net",
    "a\ud800@example.net",
]


@pytest.mark.parametrize("recipient", NO_ADDRESSES)
def test_what_is_no_recipient_is_never_asked_for(recipient: str) -> None:
    with ScriptedServer() as scripted, plain(scripted).session() as session:
        assert session.send(replace(MAIL, recipient=recipient)) == Receipt(
            "dead", "rcpt", 0, "the recipient is no address", bounced=True
        )
        assert session.send(MAIL) == SENT
    assert scripted.offered == 1


@pytest.mark.parametrize("sender", NO_ADDRESSES[1:])
def test_what_is_no_sender_blames_no_recipient(sender: str) -> None:
    with ScriptedServer() as scripted, plain(scripted).session() as session:
        receipt = session.send(replace(MAIL, sender=sender))
        assert receipt == Receipt("dead", "mail", 0, "the sender is no address")
    assert scripted.offered == 0


def test_odd_addresses_go_as_they_are() -> None:
    odd = ("a,b@example.net", "a+b=c@example.net", "a@[127.0.0.1]", "o'hara@example.net", "a@b@c.x")
    with ScriptedServer() as scripted, plain(scripted).session() as session:
        for recipient in odd:
            assert session.send(replace(MAIL, sender="", recipient=recipient)) == SENT
    assert [(taken.sender, taken.recipient) for taken in scripted.taken] == [
        ("", recipient) for recipient in odd
    ]


# -- what the server offers --------------------------------------------------------------------


def offered(mail: Mail, features: tuple[str, ...]) -> tuple[Receipt, list[str]]:
    """What became of the mail, and the MAIL commands that the server heard."""
    with ScriptedServer(features=features) as scripted, plain(scripted).session() as session:
        receipt = session.send(mail)
    return receipt, [line.partition(">")[2] for line in scripted.lines if line[:4] == "MAIL"]


UTF8_HEAD = replace(MAIL, content="Subject: Grüße\r\n\r\nText.\r\n".encode())
UTF8_BODY = replace(MAIL, content=HEAD + "Grüße\r\n".encode())
UTF8_RECIPIENT = replace(MAIL, recipient="häher@example.net")
UTF8_DOMAIN = replace(MAIL, recipient="a@bücher.example")
UTF8_SENDER = replace(MAIL, sender="häher@example.net")


@pytest.mark.parametrize(
    ("mail", "features", "options"),
    [
        (MAIL, FEATURES, " SIZE=23"),
        (MAIL, (), ""),
        (MAIL, ("SIZE",), " SIZE=23"),
        (MAIL, ("SIZE 0",), " SIZE=23"),
        (MAIL, ("SIZE 23",), " SIZE=23"),
        (MAIL, ("SIZE many",), " SIZE=23"),
        (MAIL, ("SIZE 99999999999999999999999999",), " SIZE=23"),
        (UTF8_BODY, FEATURES, " SIZE=25 BODY=8BITMIME"),
        (UTF8_BODY, ("8BITMIME",), " BODY=8BITMIME"),
        (UTF8_HEAD, FEATURES, " SIZE=27 SMTPUTF8 BODY=8BITMIME"),
        (UTF8_RECIPIENT, FEATURES, " SIZE=23 SMTPUTF8"),
        (UTF8_SENDER, FEATURES, " SIZE=23 SMTPUTF8"),
    ],
)
def test_only_what_is_needed_is_asked_for(
    mail: Mail, features: tuple[str, ...], options: str
) -> None:
    assert offered(mail, features) == (SENT, [options])


@pytest.mark.parametrize(
    ("mail", "features", "says"),
    [
        (MAIL, ("SIZE 22",), "larger than the server takes (23 > 22 bytes)"),
        (UTF8_BODY, ("SMTPUTF8",), "takes no 8-bit text (8BITMIME)"),
        (UTF8_HEAD, ("8BITMIME",), "no letters beyond ASCII in a header (SMTPUTF8)"),
        (UTF8_RECIPIENT, ("8BITMIME",), "no letters beyond ASCII in an address (SMTPUTF8)"),
        (UTF8_DOMAIN, ("8BITMIME",), "no letters beyond ASCII in an address (SMTPUTF8)"),
        (UTF8_SENDER, ("8BITMIME",), "no letters beyond ASCII in an address (SMTPUTF8)"),
    ],
)
def test_what_the_server_cannot_take_is_not_tried(
    mail: Mail, features: tuple[str, ...], says: str
) -> None:
    receipt, commands = offered(mail, features)
    assert (receipt.state, receipt.stage, receipt.code) == ("dead", "mail", 0)
    assert says in receipt.text
    assert not receipt.bounced
    assert commands == []
