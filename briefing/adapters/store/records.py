"""What the store answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from briefing.news import Digest, Edition


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """What is remembered of one feed. Satisfies :class:`briefing.ports.FeedState`."""

    url: str
    title: str = ""
    etag: str = ""
    last_modified: str = ""
    errors: int = 0  # failures in a row
    not_before: datetime | None = None  # do not poll earlier than this
    last_answered: datetime | None = None
    last_failed: datetime | None = None
    last_error: str = ""  # kept after the feed has recovered; `errors` says whether it has
    entries: int = 0  # in the last answer
    new: int = 0  # of them never seen before


@dataclass(frozen=True, slots=True)
class EditionSummary:
    """One line of ``briefing status``."""

    edition: Edition
    made: datetime
    subject: str  # text of the edition's subject


@dataclass(frozen=True, slots=True)
class StoredEdition:
    """An edition as it was recorded."""

    edition: Edition
    made: datetime
    digest: Digest
    evidence: str  # evidence.json as it was written
