"""What is remembered of earlier editions, and what of today is new against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from briefing.news.articles import Article, Passage
from briefing.news.following import Edition
from briefing.news.sentences import Claim, Sourcing

Rung = Literal["refused", "denied", "asked", "considered", "reported", "confirmed", "used"]
"""Where a giver stands on letting a weapon be used inside Russia. The ladder climbs from *asked* to
*used*; *refused* (the giver says no) and *denied* (somebody says that it is not so) stand beside
it."""

Modality = Literal["fact", "may", "planned", "if", "not"]
"""How a sentence says what it says: as a fact, a possibility, a plan or announcement, under a
condition, or as a denial."""

Kind = Literal["NEW", "REPEATED", "UPDATED", "CONTRADICTED", "WITHDRAWN"]
"""What a claim is against what earlier editions knew."""


@dataclass(frozen=True, slots=True)
class Stand:
    """One rung of the permission ladder, as a sentence gives it."""

    giver: str  # "United States", "United Kingdom", "France", "Germany"; "" when not said
    weapon: str  # one of text.names.WEAPONS; "" for "long-range missiles" without a name
    rung: Rung


@dataclass(frozen=True, slots=True)
class Value:
    """A number of a sentence by what it counts."""

    meaning: str  # "killed", "missiles", "range", ...: what is counted, in small letters
    subject: str  # the weapon or nationality that it is about; "" when not certain
    low: float
    high: float
    unit: str  # "km", "usd", ...; "" for counts
    text: str  # as the sentence has it: "at least nine"


@dataclass(frozen=True, slots=True)
class Statement:
    """The normal form of a claim: what two tellings of one thing have in common.

    Every part is read off the sentence by rule; "" or an empty tuple where it says nothing.
    """

    actor: str = ""  # who acts: "russia", "biden"
    act: str = ""  # stem of the main verb: "fir", "allow"
    object: str = ""
    weapons: tuple[str, ...] = ()
    stands: tuple[Stand, ...] = ()  # giver, weapon and rung
    places: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # all other names
    values: tuple[Value, ...] = ()
    dates: tuple[date, ...] = ()
    modality: Modality = "fact"
    speaker: str = ""  # who says so: "kremlin"
    confirms: bool = False  # the speaker confirms, admits or acknowledges what others said
    denies: bool = False  # the speaker denies, rejects or disputes it


@dataclass(frozen=True, slots=True)
class Remembered:
    """A claim of the ledger: printed or seen by an earlier edition."""

    id: str
    thread: str  # identity of its development across days
    text: str  # its first telling
    passages: tuple[Passage, ...]  # that carry it, of all sightings, the earliest first
    statement: Statement
    sourcing: Sourcing
    first: Edition  # that saw it first
    last: Edition  # that saw it last, before the edition in the making
    printed: tuple[Edition, ...] = ()  # that printed it


@dataclass(frozen=True, slots=True)
class Sighting:
    """A claim seen by the edition in the making: what the ledger is told of it."""

    claim: str  # Remembered.id, of a new claim too
    thread: str
    text: str
    passages: tuple[Passage, ...]
    statement: Statement
    sourcing: Sourcing
    printed: str = ""  # the sentence that the edition prints of it; "" when it was only seen


@dataclass(frozen=True, slots=True)
class Recalled:
    """What a fact of today is against the ledger."""

    fact: str  # Fact.id
    kind: Kind
    thread: str  # identity of its development across days
    claim: str  # the ledger's id of this claim; the old one's where it is REPEATED
    old: Remembered | None = None  # what it repeats, updates or contradicts
    what: str = ""  # what differs: "figure", "date", "rung", "modality", "weapon", "source", ...
    before: str = ""  # the old value as its sentence has it; "" when none can be named
    after: str = ""  # the new value as its sentence has it


@dataclass(frozen=True, slots=True)
class Change:
    """One line of what changed since the last edition."""

    kind: Kind  # never REPEATED
    claim: Claim  # of today; of a WITHDRAWN one, what was withdrawn
    was: Claim | None = None  # what an earlier edition knew, for UPDATED and CONTRADICTED
    said: date | None = None  # the edition's day on which `was` was first known
    before: str = ""  # the old value, words of `was`; "" when none can be named
    after: str = ""  # the new value, words of `claim`


@dataclass(frozen=True, slots=True)
class Revision:
    """What became of an article after it was stored. Its first text stands, and is cited."""

    article: str  # Article.id
    noticed: datetime
    kind: Literal["edited", "withdrawn"]
    revised: Article | None  # as its source has it now, with an id of its own; None: withdrawn


@dataclass(frozen=True, slots=True)
class Correction:
    """A sentence of an earlier edition that its source no longer carries, or that is contradicted.

    The evidence stays: the sentence cites what it was printed from.
    """

    edition: Edition  # that printed it
    line: str  # its line id there
    sentence: Claim  # as it was printed
    reason: Literal["edited", "withdrawn", "contradicted"]
    now: Claim | None = None  # what stands instead; None when nothing does
