"""What is written and checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from briefing.news.articles import Passage
from briefing.news.developments import Fact

Sourcing = Literal[
    "on record",
    "unnamed officials",
    "claimed by a party to the war",
    "state media",
    "analysis",
    "reported",
]
"""Who stands behind a sentence, taken from the passage and never guessed. *State media*: nobody but
the state media of one side carries it."""

Wording = Literal["written", "shortened", "quoted"]
"""``written``: the model's sentence, checked. ``shortened``: the source's own sentence, from which
a rule left words out (a headline), checked like a written one. ``quoted``: the source's own words,
marked so."""


@dataclass(frozen=True, slots=True)
class Option:
    """One sentence that the writer may write, and what it is worth beside its likelihood."""

    text: str
    worth: float = 0.0  # nats
    own: bool = False  # more than a near copy of its passage


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model is asked, for one fact."""

    fact: Fact
    text: str  # the whole user message; the model adapter adds its chat template
    attempt: int = 1  # 2: the one rewrite
    options: tuple[Option, ...] = ()  # the only answers there are; none: any answer will do


@dataclass(frozen=True, slots=True)
class Draft:
    """What the model wrote for one fact. Nobody has checked it."""

    fact: Fact
    headline: str
    statement: str
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """One sentence to be proven and the passages it cites: the input of ``models.support``."""

    sentence: str
    evidence: tuple[str, ...]  # texts of the passages


@dataclass(frozen=True, slots=True)
class Claim:
    """One printable sentence with the passages that support it. Made only by `check.judge`."""

    text: str
    passages: tuple[Passage, ...]
    score: float  # support by the passages, 0 to 1; 1.0 for the source's own words
    wording: Wording
    sourcing: Sourcing


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence the model wrote that will not be printed."""

    text: str
    reason: str  # stable phrase for counting: "number", "name", "quote", "modality", "support", ...
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """What we are willing to print of one development. Made only by `check.judge`."""

    id: str  # Development.id
    headline: Claim
    claims: tuple[Claim, ...]  # one to three sentences
    articles: tuple[str, ...]
    origins: int
    dropped: tuple[Dropped, ...] = ()
    latest: datetime | None = None
    told_by: tuple[str, ...] = ()  # what its origins are called: "Reuters", "AFP", "own report"
    since: date | None = None  # day of the edition that knew it first; None: this one
