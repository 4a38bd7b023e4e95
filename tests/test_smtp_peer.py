"""The same mails taken by a server that others wrote: aiosmtpd."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from smtp_server import certified, written_authority

from briefing.adapters.smtp import SmtpServer, SmtpSettings
from briefing.errors import ServerError
from briefing.post import Mail


class Inbox:
    """Handler of aiosmtpd that keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], bytes]] = []
        self.resets = 0

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address.startswith("gone@"):
            return "550 5.1.1 no such user"
        if address.startswith("full@"):
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_RSET(self, server: Any, session: Any, envelope: Any) -> str:
        self.resets += 1
        return "250 2.0.0 fine"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if b"X-Spam" in envelope.original_content:
            return "554 5.7.1 looks like spam"
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return f"250 2.0.0 taken as {len(self.taken)}"


def authenticate(server: Any, session: Any, envelope: Any, way: str, data: Any) -> AuthResult:
    right = (data.login, data.password) == (b"ann", "sécret".encode())
    return AuthResult(success=right, handled=right)


def letter(number: int, *, to: str = "") -> Mail:
    """A multipart mail as editions are, made by the standard library."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = "The Briefing <briefing@example.org>"
    message["To"] = to or f"reader{number}@example.net"
    message["Subject"] = f"Missiles over Köln, part {number}"
    message["Message-ID"] = f"<{number}@example.org>"
    message.set_content("Plain.\n.\n..\n.two dots\nGrüße — ende\n" + "line\n" * 500)
    message.add_alternative("<p>Grüße &mdash; <b>ende</b></p>\n" * 500, subtype="html")
    return Mail(
        message_id=f"<{number}@example.org>",
        kind="edition",
        sender="briefing@example.org",
        recipient=to or f"reader{number}@example.net",
        content=message.as_bytes(),
    )


@contextmanager
def aiosmtpd(**options: Any) -> Iterator[tuple[Inbox, int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield inbox, port
    finally:
        controller.stop()


def settings(port: int, folder: Path) -> SmtpSettings:
    return SmtpSettings(
        host="127.0.0.1",
        port=port,
        ca_file=written_authority(folder),
        username="ann",
        password="sécret",
        timeout=10.0,
    )


@pytest.mark.parametrize("unoffered", [[], ["PLAIN"]])
def test_several_mails_in_one_session_under_tls(tmp_path: Path, unoffered: list[str]) -> None:
    mails = [letter(number) for number in range(5)]
    secured = aiosmtpd(
        tls_context=certified("127.0.0.1"),
        require_starttls=True,
        authenticator=authenticate,
        auth_required=True,
        auth_exclude_mechanism=unoffered,
    )
    with secured as (inbox, port), SmtpServer(settings(port, tmp_path)).session() as session:
        receipts = [session.send(mail) for mail in mails]
    assert [receipt.said for receipt in receipts] == [
        f"dot: 250 2.0.0 taken as {number}" for number in range(1, 6)
    ]
    assert inbox.taken == [(mail.sender, [mail.recipient], mail.content) for mail in mails]
    assert inbox.resets == 4
    read = message_from_bytes(inbox.taken[3][2], policy=policy.default)
    assert read["Subject"] == "Missiles over Köln, part 3"
    assert read.get_body(("plain",)).get_content().startswith("Plain.\r\n.\r\n..\r\n.two")


def test_a_refused_recipient_harms_no_other(tmp_path: Path) -> None:
    spam = replace(letter(9), content=b"X-Spam: yes\r\n\r\nText.\r\n")
    mails = [letter(1), letter(2, to="gone@a.example"), letter(3, to="full@a.example"), spam]
    with aiosmtpd() as (inbox, port):
        plain = replace(settings(port, tmp_path), security="none", username="")
        with SmtpServer(plain).session() as session:
            receipts = [session.send(mail) for mail in (*mails, letter(4))]
    assert [(one.state, one.stage, one.bounced) for one in receipts] == [
        ("sent", "dot", False),
        ("dead", "rcpt", True),
        ("later", "rcpt", False),
        ("dead", "dot", False),
        ("sent", "dot", False),
    ]
    assert [mail[1] for mail in inbox.taken] == [["reader1@example.net"], ["reader4@example.net"]]


def test_every_byte_arrives(tmp_path: Path) -> None:
    contents = [
        b"Subject: x\r\n\r\n.\r\n..\r\n...\r\n.a\r\n\r\n",
        b"Subject: x\r\n\r\n" + bytes(range(128, 256)) + b"\r\n",
        b"Subject: x\r\n\r\n" + b".\r\n" * 100_000,
        "Subject: Grüße\r\n\r\nTröt\r\n".encode(),
    ]
    with aiosmtpd(enable_SMTPUTF8=True) as (inbox, port):
        plain = replace(settings(port, tmp_path), security="none", username="")
        with SmtpServer(plain).session() as session:
            for content in contents:
                receipt = session.send(replace(letter(1), content=content))
                assert receipt.state == "sent", receipt
    assert [mail[2] for mail in inbox.taken] == contents


def test_a_wrong_password(tmp_path: Path) -> None:
    with aiosmtpd(
        tls_context=certified("127.0.0.1"), authenticator=authenticate, auth_required=True
    ) as (inbox, port):
        wrong = replace(settings(port, tmp_path), password="other")
        with pytest.raises(ServerError) as caught, SmtpServer(wrong).session():
            pytest.fail("a session was opened")
        assert (caught.value.stage, caught.value.code, caught.value.halts) == ("auth", 535, True)
        none = replace(settings(port, tmp_path), username="")
        with SmtpServer(none).session() as session, pytest.raises(ServerError) as caught:
            session.send(letter(1))
        assert (caught.value.stage, caught.value.code, caught.value.halts) == ("mail", 530, True)
    assert inbox.taken == []


def test_a_mail_that_is_too_large(tmp_path: Path) -> None:
    with aiosmtpd(data_size_limit=2000) as (inbox, port):
        plain = replace(settings(port, tmp_path), security="none", username="")
        with SmtpServer(plain).session() as session:
            receipt = session.send(letter(1))
    assert receipt.state == "dead"
    assert "larger than the server takes" in receipt.text
    assert inbox.taken == []
