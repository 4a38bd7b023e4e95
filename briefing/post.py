"""The nouns of delivery: who reads, what is sent, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from briefing.news import Edition

Standing = Literal["pending", "active", "suspended", "left"]
"""``pending``: signed up on the web, not confirmed yet. ``suspended``: the address refused a mail.
``left``: unsubscribed; kept, so that nobody adds them again unasked."""

MailKind = Literal["edition", "confirmation", "alarm", "test"]

MailState = Literal["queued", "sent", "dead"]
"""``dead``: refused for good, or given up; visible, and sent again only when someone asks."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Someone who gets the editions of one story by mail."""

    id: str  # 32 random hex digits; part of their unsubscribe address
    address: str  # as they wrote it
    story: str  # Story.slug
    slots: tuple[str, ...] = ()  # Schedule.slots they want; empty: every edition
    standing: Standing = "active"
    reason: str = ""  # why it stands so: what the server said, or who changed it
    created: datetime | None = None
    confirmed: datetime | None = None

    def wants(self, edition: Edition) -> bool:
        """Whether this edition goes to them."""
        mine = self.standing == "active" and self.story == edition.story
        return mine and (not self.slots or not edition.slot or edition.slot in self.slots)


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one recipient, byte for byte as every attempt sends it."""

    message_id: str  # with its angle brackets; the same edition and recipient give the same one
    kind: MailKind
    sender: str  # address of the envelope
    recipient: str  # address of the envelope
    content: bytes  # RFC 5322, CR LF line ends
    edition: Edition | None = None
    subscriber: str = ""  # Subscriber.id


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in the outbox, and what became of it."""

    number: int  # order of queueing
    mail: Mail
    state: MailState
    attempts: int  # begun, the one under way included
    queued: datetime
    not_before: datetime | None = None  # back-off
    reply: str = ""  # what the server said last, or why it could not be asked
    settled: datetime | None = None  # when it was sent or found dead


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a mail server made of one mail."""

    state: Literal["sent", "later", "dead"]
    stage: str  # how far it came: "mail", "rcpt", "data", or "dot" after the whole mail
    code: int  # SMTP reply code; 0: none came
    text: str  # the reply on one line, or what went wrong
    bounced: bool = False  # the recipient's address was refused for good

    @property
    def said(self) -> str:
        """For people: ``rcpt: 550 5.1.1 no such user``."""
        return (
            f"{self.stage}: {self.code} {self.text}" if self.code else f"{self.stage}: {self.text}"
        )
