"""What is understood: reports that are one, and passages that tell one thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from briefing.news.articles import Passage


@dataclass(frozen=True, slots=True)
class Origin:
    """Articles that are one report told many times (wire copy, reprint, rewrite)."""

    id: str  # id of its first article
    articles: tuple[str, ...]  # ids, earliest first
    evidence: str = ""  # why they are one: "61% of paragraphs align in order", "credits Reuters"


@dataclass(frozen=True, slots=True)
class Fact:
    """One to three overlapping passages that say the same: what one sentence is written from."""

    passages: tuple[Passage, ...]  # the most typical first
    leads_in: tuple[Passage, ...] = ()  # sentences just before the first passage that it leans on
    weight: float = 0.0  # salience within the day, used by `select`

    @property
    def id(self) -> str:
        """Identity within a run: the keys of its passages."""
        return "+".join(p.key for p in self.passages)


@dataclass(frozen=True, slots=True)
class Development:
    """One thing that happened or was said, as one to three facts from one or several articles."""

    id: str
    facts: tuple[Fact, ...]  # the main fact first
    articles: tuple[str, ...]  # ids of all articles that tell it
    origins: int  # number of independent origins among them
    latest: datetime | None  # newest date among its articles
    score: float = 0.0  # rank within the day
    whole: tuple[str, ...] = ()  # ids of those articles that tell of nothing else
