"""What an alarm is, and which alarms are about the same matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

Kind = Literal[
    "missed edition",  # not out long after its time, and nobody knows why
    "failed edition",  # not out long after its time, because its runs fail
    "skipped edition",  # it will not be made: a newer one was due
    "mail halted",  # the mail server refuses the service itself
    "stuck outbox",  # mails wait for long
    "dead letters",  # mails were given up
    "dark feeds",  # no feed answers
    "low disk",
    "clock went back",
]

KINDS: tuple[str, ...] = get_args(Kind)

EVENTS = frozenset({"skipped edition", "dead letters", "clock went back"})
"""Things that happened, not states: their end is not told, nor that they still are so; only that
they happened again."""

MATTERS = {
    "failed edition": "missed edition",
    "skipped edition": "missed edition",
    "mail halted": "stuck outbox",
}
"""Kinds that take turns over one and the same matter: when one follows the other, nothing is over
and little is new."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that is wrong now."""

    kind: Kind
    subject: str  # what it is about: "harbour.1700/2026-05-02", a folder; "" where there is but one
    text: str  # one line for people: what is so
    remedy: str  # one line: what to do
    since: datetime  # when it began; of an event, when it happened last

    @property
    def matter(self) -> tuple[str, str]:
        """Identity: one matter is one alarm at a time."""
        return matter(self.kind, self.subject)


def matter(kind: str, subject: str) -> tuple[str, str]:
    """What an alarm of this kind and subject is about."""
    return MATTERS.get(kind, kind), subject
