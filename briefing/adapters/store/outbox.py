"""Mails to be sent: queued with what they report, settled when the server has answered.

A mail is claimed before it is sent and settled after. A process killed in between leaves it
queued, so it is sent again with the same bytes and the same Message-ID: never lost, at most twice.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, update

from briefing.adapters.store import leases
from briefing.adapters.store.database import Database
from briefing.adapters.store.rows import among, clean, is_edition
from briefing.adapters.store.schema import outbox, subscribers
from briefing.news import Edition
from briefing.ports import LeaseHeld
from briefing.post import Letter, Mail, MailState, Receipt

LONGEST_PAUSE = timedelta(hours=24)
"""No mail is put off for longer."""

BY_HAND = "given up by hand"
LEFT = "the reader has left"
GIVEN_UP = (BY_HAND, LEFT)
"""Why a mail is dead that no server refused: nobody but a person brings it back."""

DAMAGED = "its stored bytes are damaged"

CUT_OFF = "the last attempt was cut off before its outcome was recorded"

AFTER_CUT_OFF = timedelta(minutes=5)
"""A mail whose attempts were cut off twice in a row rests for so long: should it be the mail that
ends the process, then all the others still go out."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many mails are in which state."""

    queued: int = 0
    sent: int = 0
    dead: int = 0

    @property
    def total(self) -> int:
        """Mails in any state."""
        return self.queued + self.sent + self.dead


def put_mails(connection: Connection, mails: Sequence[Mail], *, now: datetime) -> int:
    """Queue mails inside a transaction; one whose Message-ID is known is left as it is."""
    known = among(connection, outbox.c.message_id, [mail.message_id for mail in mails])
    number = connection.scalar(select(func.max(outbox.c.number))) or 0
    rows = []
    for mail in mails:
        if mail.message_id not in known:
            known.add(mail.message_id)
            number += 1
            rows.append(_row(mail, number, now))
    if rows:
        connection.execute(insert(outbox), rows)
    return len(rows)


class Outbox:
    """The mails of this service and what became of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queue(self, mails: Sequence[Mail], *, now: datetime) -> int:
        """Queue mails that report no edition; return how many were new."""
        with self._database.writing() as connection:
            return put_mails(connection, mails, now=now)

    def claim(self, *, now: datetime, lease: LeaseHeld | None = None) -> Letter | None:
        """The next mail that may be sent, its attempt counted; ``None`` when there is none.

        In the order of queueing. The caller settles or releases it. A mail whose stored bytes are
        damaged is dead: it must not hold up those behind it.

        Raises:
            LeaseLost: ``lease`` is held by another process.
        """
        query = select(outbox).where(outbox.c.state == "queued", _due(now))
        query = query.order_by(outbox.c.number)
        with self._database.writing() as connection:
            if lease is not None:
                leases.hold(connection, lease)
            while (row := connection.execute(query.limit(1)).first()) is not None:
                if _content(row.content) is not None:
                    break
                dead = {"state": "dead", "reply": DAMAGED, "settled": now}
                damaged = outbox.c.number == row.number
                connection.execute(update(outbox).where(damaged).values(dead))
            if row is None:
                return None
            values: dict[str, Any] = {"attempts": row.attempts + 1, "reply": CUT_OFF}
            if row.reply == CUT_OFF:
                values["not_before"] = now + AFTER_CUT_OFF
            here = outbox.c.number == row.number
            connection.execute(update(outbox).where(here).values(values))
            row = connection.execute(select(outbox).where(here)).one()
        return _letter(row)

    def release(self, number: int, *, reply: str) -> None:
        """Undo a claim whose attempt never reached the mail: it does not count."""
        values = {"attempts": outbox.c.attempts - 1, "reply": clean(reply), "not_before": None}
        here = (outbox.c.number == number) & (outbox.c.state == "queued")
        with self._database.writing() as connection:
            connection.execute(update(outbox).where(here).values(values))

    def settle(
        self, number: int, receipt: Receipt, *, now: datetime, not_before: datetime | None = None
    ) -> None:
        """Record what the server said, and suspend a subscriber whose address it refused.

        A mail that is sent stays so, whatever a claim that was overtaken comes to; one that was
        given up meanwhile is sent when the server took it.

        Args:
            not_before: when a mail put off may be tried again.
        """
        state: MailState = "queued" if receipt.state == "later" else receipt.state
        values: dict[str, Any] = {"state": state, "reply": clean(receipt.said)}
        values |= {"not_before": not_before, "settled": None if state == "queued" else now}
        here = outbox.c.number == number
        open_ = here if state == "sent" else here & (outbox.c.state == "queued")
        with self._database.writing() as connection:
            connection.execute(update(outbox).where(open_).values(values))
            if receipt.bounced:
                reader = select(outbox.c.subscriber).where(here).scalar_subquery()
                active = (subscribers.c.id == reader) & (subscribers.c.standing == "active")
                why = {"standing": "suspended", "reason": clean(receipt.said)}
                connection.execute(update(subscribers).where(active).values(why))

    def retry(self, *, now: datetime, numbers: Sequence[int] = ()) -> int:
        """Queue dead mails once more, and let waiting ones go at once: all, or those named.

        Mails that were given up by hand, or because their reader has left, must be named.
        """
        stuck = outbox.c.state != "sent"
        if numbers:
            stuck = stuck & outbox.c.number.in_(numbers)
        else:
            stuck = stuck & outbox.c.reply.not_in(GIVEN_UP)
        values = {"state": "queued", "not_before": None, "settled": None, "queued": now}
        with self._database.writing() as connection:
            query = update(outbox).where(stuck, outbox.c.content.is_not(None)).values(values)
            return connection.execute(query).rowcount

    def drop(self, numbers: Sequence[int], *, now: datetime, reason: str) -> int:
        """Give up queued mails by hand; they stay visible as dead."""
        values = {"state": "dead", "settled": now, "reply": clean(reason)}
        waiting = (outbox.c.state == "queued") & outbox.c.number.in_(numbers)
        with self._database.writing() as connection:
            return connection.execute(update(outbox).where(waiting).values(values)).rowcount

    def letters(
        self,
        *,
        state: MailState | None = None,
        edition: Edition | None = None,
        limit: int = 100,
    ) -> list[Letter]:
        """The newest mails first, with their bytes where they are still kept."""
        query = select(outbox).order_by(outbox.c.number.desc()).limit(limit)
        if state is not None:
            query = query.where(outbox.c.state == state)
        if edition is not None:
            query = query.where(is_edition(outbox, edition))
        with self._database.reading() as connection:
            return [_letter(row) for row in connection.execute(query)]

    def letter(self, number: int) -> Letter | None:
        """The mail of that number."""
        with self._database.reading() as connection:
            row = connection.execute(select(outbox).where(outbox.c.number == number)).first()
        return _letter(row) if row else None

    def tally(self, edition: Edition | None = None) -> Tally:
        """How many mails are queued, sent and dead: of one edition, or in all."""
        query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
        if edition is not None:
            query = query.where(is_edition(outbox, edition))
        with self._database.reading() as connection:
            counts: Counter[str] = Counter()
            for state, count in connection.execute(query):
                counts[state] = count
        return Tally(counts["queued"], counts["sent"], counts["dead"])

    def ready(self, *, now: datetime) -> bool:
        """Whether a mail may go now."""
        query = select(outbox.c.number).where(outbox.c.state == "queued", _due(now)).limit(1)
        with self._database.reading() as connection:
            return connection.scalar(query) is not None

    def oldest(self) -> tuple[datetime, str] | None:
        """When the mail that waits longest was queued, and what the server said to it last."""
        query = select(outbox.c.queued, outbox.c.reply).where(outbox.c.state == "queued")
        query = query.order_by(outbox.c.queued, outbox.c.number).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return (row.queued, row.reply) if row else None

    def prune(self, before: datetime) -> int:
        """Forget the bytes of mails settled earlier; that they were sent stays known."""
        old = (outbox.c.settled < before) & outbox.c.content.is_not(None)
        with self._database.writing() as connection:
            return connection.execute(update(outbox).where(old).values(content=None)).rowcount


def _due(now: datetime) -> ColumnElement[bool]:
    # Farther away than any pause of ours: the clock has been set back since.
    moment = outbox.c.not_before
    return or_(moment.is_(None), moment <= now, moment > now + LONGEST_PAUSE)


def _row(mail: Mail, number: int, now: datetime) -> dict[str, Any]:
    edition = mail.edition
    return {
        "number": number,
        "message_id": mail.message_id,
        "kind": mail.kind,
        "story": edition.story if edition else "",
        "day": edition.day if edition else None,
        "slot": edition.slot if edition else "",
        "subscriber": mail.subscriber,
        "sender": mail.sender,
        "recipient": clean(mail.recipient),
        "content": b64encode(zlib.compress(mail.content, 9)).decode("ascii"),
        "state": "queued",
        "attempts": 0,
        "queued": now,
        "not_before": None,
        "reply": "",
        "settled": None,
    }


def _content(stored: str | None) -> bytes | None:
    """The bytes of a mail; ``None`` when they are damaged (zlib's checksum tells) or not kept."""
    try:
        return zlib.decompress(b64decode(stored or ""))
    except (zlib.error, ValueError):
        return None


def _letter(row: Row[Any]) -> Letter:
    edition = Edition(row.story, row.day, row.slot) if row.story else None
    mail = Mail(
        message_id=row.message_id,
        kind=row.kind,
        sender=row.sender,
        recipient=row.recipient,
        content=_content(row.content) or b"",
        edition=edition,
        subscriber=row.subscriber,
    )
    return Letter(
        number=row.number,
        mail=mail,
        state=row.state,
        attempts=row.attempts,
        queued=row.queued,
        not_before=row.not_before,
        reply=row.reply,
        settled=row.settled,
    )
