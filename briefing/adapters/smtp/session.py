"""Mails handed over on one connection, one after the other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NoReturn

from briefing.adapters.smtp.faults import Broken, blamed
from briefing.adapters.smtp.replies import Reply
from briefing.adapters.smtp.wire import Wire
from briefing.post import Mail, Receipt

Stage = Literal["mail", "rcpt", "data", "dot"]

_TROUBLE_WITH_US = frozenset({530, 534, 535, 538})
"""Replies to any command that mean "sign in first" or "take TLS first" (RFC 4954, 6; RFC 3207, 4):
whichever mail comes next, it will hear the same."""
_NOT_THE_ADDRESS = frozenset({3, 4, 5, 6, 7})
"""Subjects of RFC 3463 that speak of systems, networks, protocols, content or policy."""
_THE_SENDER = frozenset({(1, 7), (1, 8)})  # said of our own address, often only at RCPT
_NO_LINE_END = re.compile(rb"\r(?!\n)|(?<!\r)\n|\0")  # RFC 5321, 2.3.8; the end of SMTP smuggling
_DOT = re.compile(rb"^\.", re.MULTILINE)


class Session:
    """An open connection. Satisfies :class:`briefing.ports.MailSession`. For one thread.

    PIPELINING is not used: after a crash it must be known how far a mail had come (RFC 1047).
    """

    def __init__(self, wire: Wire, *, to: str) -> None:
        """``wire``: greeted and signed in; ``to``: the server, for errors."""
        self._wire = wire
        self._to = to
        self._used = False

    def send(self, mail: Mail) -> Receipt:
        """Hand over one mail, exactly its bytes (a last line without an end gets one).

        ``sent`` only when the server said so after the dot. ``dead``: refused for good (5xx).
        ``later``: put off (4xx), or the connection broke; then no other mail can follow, and if it
        broke at ``dot`` nobody knows whether the server has the mail.

        Raises:
            ServerError: the connection was of no more use before this mail was offered, or was
                stopped before it was handed over, or the server wants a sign-in: the mail counts as
                not tried.
        """
        if not self._wire.usable:
            self._blame("rset", "stopped" if self._wire.stopped else "the connection was lost")
        if unfit := _unfit(mail, self._wire.esmtp_features):
            return unfit
        self._clear()
        stage: Stage = "mail"
        try:
            reply = self._wire.ask("MAIL", f"FROM:<{mail.sender}>{self._options(mail)}")
            if reply.code // 100 == 2:
                stage = "rcpt"
                reply = self._wire.ask("RCPT", f"TO:<{mail.recipient}>")
            if stage == "rcpt" and reply.code // 100 == 2:
                stage = "data"
                reply = self._wire.ask("DATA")
                if reply.code == 354:
                    refused = self._wire.give(_framed(mail.content))
                    stage = "data" if refused else "dot"
                    reply = refused or self._wire.verdict()
        except Broken as broken:
            if self._wire.stopped and stage != "dot":
                self._blame(stage, str(broken))
            return Receipt("later", stage, 0, str(broken))
        if stage == "dot" and reply.code // 100 == 2:
            return Receipt("sent", stage, reply.code, reply.text)
        return self._refused(stage, reply)

    def _clear(self) -> None:
        """RSET between mails: what became of the last one must not colour the next."""
        if self._used:
            try:
                reply = self._wire.ask("RSET")
            except Broken as broken:
                self._blame("rset", str(broken))
            if reply.code // 100 != 2:
                self._wire.usable = False
                self._blame("rset", reply.text, code=reply.code)
        self._used = True

    def _refused(self, stage: Stage, reply: Reply) -> Receipt:
        if reply.code in _TROUBLE_WITH_US:
            self._wire.usable = False
            self._blame(stage, reply.text, code=reply.code, halts=True)
        if reply.code >= 500:
            bounced = _bounced(stage, reply)
            return Receipt("dead", stage, reply.code, reply.text, bounced=bounced)
        if reply.code < 400:  # "250" to DATA, "354" to the dot: we no longer understand each other
            self._wire.usable = False
            return Receipt("later", stage, reply.code, f"unexpected answer: {reply.text}")
        return Receipt("later", stage, reply.code, reply.text)

    def _options(self, mail: Mail) -> str:
        """Parameters of MAIL, each only when it is needed and offered."""
        named = []
        if "size" in self._wire.esmtp_features:
            named.append(f"SIZE={len(mail.content)}")  # RFC 1870
        if _needs_utf8(mail):
            named.append("SMTPUTF8")  # RFC 6531
        if not mail.content.isascii():
            named.append("BODY=8BITMIME")  # RFC 6152
        return "".join(f" {one}" for one in named)

    def _blame(self, stage: str, text: str, *, code: int = 0, halts: bool = False) -> NoReturn:
        raise blamed(self._to, stage, text, code=code, halts=halts) from None


def _bounced(stage: Stage, reply: Reply) -> bool:
    """Whether a refusal for good is about the recipient's address.

    A 5xx to RCPT is, unless its enhanced code names another subject ("5.7.1 relay access denied"
    is about us: taken to be about the reader, it would suspend every one of them). A 5xx to the
    content is only if its code says so.
    """
    status = (reply.subject, reply.detail)
    if status in _THE_SENDER:
        return False
    if stage == "rcpt":
        return reply.subject not in _NOT_THE_ADDRESS
    return stage in ("data", "dot") and (reply.subject == 1 or status == (2, 1))


def _unfit(mail: Mail, offered: Mapping[str, str]) -> Receipt | None:
    """Why this mail cannot be handed to this server at all."""
    limit = offered.get("size", "")
    size = len(mail.content)
    if mail.sender and not _is_plain(mail.sender):
        return Receipt("dead", "mail", 0, "the sender is no address")
    if not _is_plain(mail.recipient):
        return Receipt("dead", "rcpt", 0, "the recipient is no address", bounced=True)
    if _NO_LINE_END.search(mail.content):
        return Receipt("dead", "data", 0, "the mail holds a CR, LF or NUL that SMTP forbids")
    if limit.isascii() and limit.isdecimal() and 0 < int(limit[:18]) < size:
        return Receipt("dead", "mail", 0, f"larger than the server takes ({size} > {limit} bytes)")
    if _needs_utf8(mail) and "smtputf8" not in offered:
        what = "an address" if _is_ascii(mail) else "a header"
        return Receipt(
            "dead", "mail", 0, f"the server takes no letters beyond ASCII in {what} (SMTPUTF8)"
        )
    if not mail.content.isascii() and "8bitmime" not in offered:
        return Receipt("dead", "mail", 0, "the server takes no 8-bit text (8BITMIME)")
    return None


def _is_plain(address: str) -> bool:
    """Whether the address can stand between angle brackets without saying anything else."""
    local, _, domain = address.rpartition("@")
    return bool(local and domain) and address.isprintable() and not set(address) & set(' <>"\\')


def _is_ascii(mail: Mail) -> bool:
    return mail.content.partition(b"\r\n\r\n")[0].isascii()


def _needs_utf8(mail: Mail) -> bool:
    addresses = mail.sender + mail.recipient
    return not addresses.isascii() or not _is_ascii(mail)


def _framed(content: bytes) -> bytes:
    """The content as it travels: dots doubled at the start of lines (RFC 5321, 4.5.2), then the
    end of the mail."""
    end = b".\r\n" if not content or content.endswith(b"\r\n") else b"\r\n.\r\n"
    return _DOT.sub(b"..", content) + end
