"""Mails of a few lines, as plain text alone: to confirm, to test, to raise an alarm."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import datetime

from briefing.post import Mail, MailKind, Subscriber
from briefing.stages.address.edition import opening
from briefing.stages.address.mailbox import envelope, mailbox
from briefing.stages.address.message import message, message_id, web_address
from briefing.text.characters import one_line

COLUMNS = 72


def confirmation_mail(
    subscriber: Subscriber, *, story_name: str, confirm: str, sender: str, date: datetime
) -> Mail:
    """Asks whether it was really they who signed up on the web: one address to open, no more.

    A new request at another ``date`` is another mail.

    Raises:
        ConfigError: an address cannot be used.
    """
    story = one_line(story_name)
    return _note(
        "confirmation",
        subscriber.address,
        subject=f"Confirm: you asked for {story}",
        paragraphs=(
            f"Somebody, we hope you, asked for the editions of “{story}” to be sent to this "
            "address.",
            "To confirm, open:",
            web_address(confirm, where="[site] url"),
            "If it was not you, do nothing: nothing more will be sent.",
        ),
        sender=sender,
        date=date,
        about=subscriber.id,
    )


def test_mail(recipient: str, *, sender: str, date: datetime, server: str) -> Mail:
    """Shows that mails arrive, and from whom.

    Args:
        server: the mail server that takes it, for the reader to see: ``smtp.example.org:587``.

    Raises:
        ConfigError: an address cannot be used.
    """
    return _note(
        "test",
        recipient,
        subject="Test: mails arrive",
        paragraphs=(
            f"This is the test mail that was asked for. It was sent through "
            f"{one_line(server)} at {date:%Y-%m-%d %H:%M:%S %z}.",
            "If you found it among the spam, the sender's domain may lack an SPF record or a DKIM "
            "key.",
        ),
        sender=sender,
        date=date,
        about="",
    )


def alarm_mail(
    subject: str, lines: Sequence[str], *, recipient: str, sender: str, date: datetime
) -> Mail:
    """Tells the operator what is wrong, one line for each thing.

    Raises:
        ConfigError: an address cannot be used.
    """
    return _note(
        "alarm",
        recipient,
        subject=f"Alarm: {one_line(subject)}",
        paragraphs=lines,
        sender=sender,
        date=date,
        about="\0".join([subject, *lines]),
    )


def _note(
    kind: MailKind,
    recipient: str,
    *,
    subject: str,
    paragraphs: Sequence[str],
    sender: str,
    date: datetime,
    about: str,
) -> Mail:
    author = mailbox(sender, where="[mail] sender")
    to = envelope(recipient)
    id = message_id(author.domain, kind, to, date.isoformat(), about)
    said = opening(author, to, subject=subject, date=date, id=id)
    text = "\n\n".join(_wrapped(one_line(words)) for words in paragraphs) + "\n"
    return Mail(id, kind, author.address, to, message(said, text=text))


def _wrapped(words: str) -> str:
    """Lines of 72 columns; an address is never broken, so that it can be opened."""
    return textwrap.fill(words, COLUMNS, break_long_words=False, break_on_hyphens=False)
