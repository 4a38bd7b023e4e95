"""What became of mails, held on to while the store cannot take it."""

from __future__ import annotations

from datetime import datetime

from briefing.ports import LeaseHeld, Outbox
from briefing.post import Letter, Receipt


class Settling:
    """Satisfies ``ports.Outbox`` over another one, for as long as a process delivers.

    When the store cannot take what became of a mail (locked for long, no room), that is kept and
    recorded before any other mail is claimed. The mail would else be claimed and sent once more at
    each turn.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._owed: dict[int, tuple[Receipt, datetime, datetime | None]] = {}

    def ready(self, *, now: datetime) -> bool:
        """Whether a mail may go now.

        Raises:
            StoreError: also when what is owed to the store cannot be recorded yet.
        """
        self._record()
        return self._outbox.ready(now=now)

    def claim(self, *, now: datetime, lease: LeaseHeld | None = None) -> Letter | None:
        """As of the outbox, once nothing is owed."""
        self._record()
        return self._outbox.claim(now=now, lease=lease)

    def release(self, number: int, *, reply: str) -> None:
        """As of the outbox."""
        self._outbox.release(number, reply=reply)

    def settle(
        self, number: int, receipt: Receipt, *, now: datetime, not_before: datetime | None = None
    ) -> None:
        """As of the outbox; when that fails, it is done before the next mail is claimed."""
        self._owed[number] = receipt, now, not_before
        self._record()

    def _record(self) -> None:
        for number, (receipt, now, not_before) in list(self._owed.items()):
            self._outbox.settle(number, receipt, now=now, not_before=not_before)
            del self._owed[number]
