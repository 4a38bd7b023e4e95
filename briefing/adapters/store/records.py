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
    wish: float = 0.0  # seconds that it wants to be left alone after an answer
    moved: str = ""  # address that it names instead of its own, for good


@dataclass(frozen=True, slots=True)
class EditionSummary:
    """One line of ``briefing status``."""

    edition: Edition
    made: datetime
    subject: str  # text of the edition's subject
    published: datetime | None = None  # when its mails were queued; None: made by hand


@dataclass(frozen=True, slots=True)
class StoredEdition:
    """An edition as it was recorded."""

    edition: Edition
    made: datetime
    digest: Digest
    evidence: str  # evidence.json as it was written
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do a piece of work alone, until it expires."""

    name: str  # "serve", "edition/harbour", ...
    owner: str  # random: a later holder is another owner
    place: str  # "host:pid"
    expires: datetime


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One attempt to make an edition."""

    number: int
    edition: Edition
    started: datetime
    stage: str  # the one begun last
    finished: datetime | None
    outcome: str  # "running", "done", "failed", "stopped", "cut off"
    detail: str
