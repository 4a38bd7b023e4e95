"""From the outbox to the mail server.

::

    outbox.claim     the next mail that may go, its attempt counted
     | session.send  MAIL, RCPT, DATA                    -> Receipt   | ServerError: not counted
     | decided       sent, dead, or again later          with back-off, jitter and an end
     | outbox.settle what became of it, and what the server said

One mail at a time, each settled before the next is claimed: whatever ends this process, at most
the mail under way can reach its reader twice, and then with the same Message-ID.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from briefing.errors import ServerError
from briefing.ports import LeaseHeld, MailServer, Outbox
from briefing.post import Letter, Receipt

FIRST = timedelta(minutes=5)  # grey-listing servers accept a second attempt after five minutes
LONGEST = timedelta(hours=4)
LEAST = 3
"""Attempts before a mail is given up: after days without a server, the first may be grey-listed."""
HALTED = timedelta(hours=1)
"""After a refusal of ourselves (wrong password, no TLS): asked seldom enough to lock no account,
often enough that a fault of the server's costs no whole day."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one pass over the outbox came to."""

    sent: int = 0
    later: int = 0
    dead: int = 0
    trouble: ServerError | None = None  # with the server itself; the rest of the queue waits

    @property
    def answered(self) -> int:
        """Mails that the server answered, whatever it said: so it works."""
        return self.sent + self.later + self.dead


def deliver(
    outbox: Outbox,
    server: MailServer,
    *,
    clock: Callable[[], datetime],
    give_up: timedelta,
    jitter: Callable[[], float],
    lease: LeaseHeld | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Delivery:
    """Send every mail that may go now.

    Args:
        give_up: a mail queued for longer is dead once it was put off ``LEAST`` times.
        jitter: a number from 0 to 1, so that many mails put off do not come back at one moment.
        lease: held by this process, or nothing is claimed.
        stopped: asked before each mail.

    Raises:
        LeaseLost: another process delivers now.
    """
    done: Counter[str] = Counter()
    if stopped() or not outbox.ready(now=clock()):
        return Delivery()
    trouble: ServerError | None = None
    try:
        with server.session() as session:
            while not stopped():
                letter = outbox.claim(now=clock(), lease=lease)
                if letter is None:
                    break
                try:
                    receipt = session.send(letter.mail)
                except ServerError as error:
                    outbox.release(letter.number, reply=error.message)
                    raise
                receipt, not_before = decided(
                    letter, receipt, now=clock(), give_up=give_up, jitter=jitter()
                )
                outbox.settle(letter.number, receipt, now=clock(), not_before=not_before)
                done[receipt.state] += 1
    except ServerError as error:
        trouble = error
    return Delivery(done["sent"], done["later"], done["dead"], trouble)


def decided(
    letter: Letter, receipt: Receipt, *, now: datetime, give_up: timedelta, jitter: float
) -> tuple[Receipt, datetime | None]:
    """The receipt, dead when the mail was put off for too long, and when it may go again."""
    if receipt.state != "later":
        return receipt, None
    again = now + wait(letter.attempts, jitter=jitter)
    if letter.attempts >= LEAST and again - letter.queued > give_up:
        hours = give_up / timedelta(hours=1)
        text = f"given up after {hours:g} hours; last: {receipt.text}"
        return replace(receipt, state="dead", text=text), None
    return receipt, again


def wait(attempts: int, *, jitter: float) -> timedelta:
    """How long a mail rests after ``attempts`` (1 or more) that were put off.

    Five minutes, doubled each time, four hours at most (RFC 5321 4.5.4.1 asks for 30 minutes "in
    general" and leaves the rest to the sender), and up to a quarter more by ``jitter`` (0 to 1).
    """
    own = min(FIRST * (1 << min(max(attempts, 1) - 1, 10)), LONGEST)
    return own * (1 + jitter / 4)


def rest(error: ServerError, errors: int, *, jitter: float) -> timedelta:
    """How long the server is left alone after ``errors`` failures in a row to begin with it."""
    if error.halts:
        return HALTED * (1 + jitter / 4)
    return min(wait(errors, jitter=jitter) / 5, HALTED)  # one minute first: often it restarts
