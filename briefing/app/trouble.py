"""Trouble with the mail server itself, on record until it works again: no mail is to blame."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from briefing.adapters.store import SqlStore

MAIL_SERVER = "mail server"
"""Mark under which it is kept."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with the mail server."""

    said: str
    halts: bool  # trying again is of no use until somebody changes something
    remedy: str
    errors: int  # failures in a row
    since: datetime
    not_before: datetime  # it is left alone until then


def trouble(store: SqlStore) -> Trouble | None:
    """What is wrong with the mail server; ``None`` when nothing is known to be."""
    found = store.watching.mark(MAIL_SERVER)
    if found is None:
        return None
    noted = json.loads(found[0])
    return Trouble(
        said=noted["said"],
        halts=bool(noted["halts"]),
        remedy=noted["remedy"],
        errors=int(noted["errors"]),
        since=datetime.fromisoformat(noted["since"]),
        not_before=datetime.fromisoformat(noted["not_before"]),
    )


def note_trouble(store: SqlStore, found: Trouble, *, now: datetime) -> None:
    """Put it on record, in place of what was there."""
    noted = json.dumps(asdict(found), default=datetime.isoformat)
    store.watching.set_mark(MAIL_SERVER, noted, now=now)


def forgive_server(store: SqlStore) -> None:
    """End the pause after trouble with the mail server."""
    store.watching.clear_mark(MAIL_SERVER)
