"""Invented days for tests of the memory: articles of a few sentences, told day after day.

The vectors are made by hand: what a text is about, which the test says, and its words. So no model
is needed, and two sentences about one matter are as near to each other as an embedding has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from briefing.news import (
    Article,
    Brief,
    Development,
    Edition,
    Origin,
    Pair,
    Passage,
    Recalled,
    Remembered,
    Sighting,
    Sourcing,
)
from briefing.stages import recall
from briefing.stages.group import group
from briefing.text import lexical

START = date(2024, 11, 4)  # a Monday
ABOUT = 0.7
"""Cosine of two texts about one matter that share no word."""


def article(key: str, day: date, title: str, *sentences: str) -> Article:
    """An article as a feed gives it: a headline and a few sentences, one to a paragraph."""
    text, passages = "", []
    for index, piece in enumerate((title, *sentences)):
        start = len(text)
        text += piece + "\n\n"
        kind = "sentence" if index else "title"
        passages.append(Passage(key, index, start, start + len(piece), piece, index, kind))  # type: ignore[arg-type]
    moment = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9)
    return Article(
        key, f"https://news.example/{key}", title, "stated", f"Paper {key}", moment, "stated",
        text, tuple(passages),
    )  # fmt: skip


@dataclass(frozen=True)
class Day:
    """What the memory made of a day."""

    developments: list[Development]
    recalled: dict[str, Recalled]  # by Fact.id
    seen: list[Sighting]
    asked: list[Pair]  # of the judge

    def of(self, text: str) -> Recalled:
        """What became of a sentence."""
        return next(
            self.recalled[fact.id]
            for development in self.developments
            for fact in development.facts
            if any(passage.text == text for passage in fact.passages)
        )

    @property
    def kinds(self) -> list[str]:
        """The kinds of all facts, in order of the alphabet."""
        return sorted(one.kind for one in self.recalled.values())

    @property
    def threads(self) -> set[str]:
        return {one.thread for one in self.recalled.values()}


@dataclass
class Memory:
    """Editions made one after another, as a store would remember them."""

    ledger: dict[str, Remembered] = field(default_factory=dict)
    judged: Mapping[Pair, float] = field(default_factory=dict)
    articles: int = 0

    def tell(self, number: int, *stories: Sequence[str], printed: Sequence[Brief] = ()) -> Day:
        """A day's edition.

        Args:
            number: days after the first one.
            stories: each is what it is about, a headline and its sentences.
        """
        day = START + timedelta(number)
        made: dict[str, Article] = {}
        about: dict[str, str] = {}
        for matter, *texts in stories:
            self.articles += 1
            one = article(f"a{self.articles}", day, *texts)
            made[one.id] = one
            about |= {passage.key: matter for passage in one.passages}
        known = list(self.ledger.values())
        passages = [p for one in made.values() for p in one.passages]
        matters = [about[p.key] for p in passages] + [self._about[c.id] for c in known]
        rows = _vectors([p.text for p in passages] + [c.text for c in known], matters)
        vectors = {p.key: row for p, row in zip(passages, rows, strict=False)}
        remembered = {c.id: r for c, r in zip(known, rows[len(passages) :], strict=True)}
        developments = group(list(made.values()), vectors, [Origin(a, (a,)) for a in made])
        found = recall.candidates(
            developments, known, articles=made, vectors=vectors, rows=remembered
        )
        recalled = recall.decide(developments, found, self.judged, known, made)
        seen = recall.sightings(developments, recalled, printed, made, _sourcing)
        self._remember(Edition("invented", day), seen, about)
        return Day(developments, recalled, seen, recall.pairs(found))

    _about: dict[str, str] = field(default_factory=dict)

    def _remember(self, edition: Edition, seen: Sequence[Sighting], about: dict[str, str]) -> None:
        for one in seen:
            self._about.setdefault(one.claim, about[one.passages[0].key])
            old = self.ledger.get(one.claim)
            if old is None:
                self.ledger[one.claim] = Remembered(
                    one.claim, one.thread, one.text, one.passages, one.statement, one.sourcing,
                    edition, edition, (edition,) if one.printed else (),
                )  # fmt: skip
            else:
                both = tuple(dict.fromkeys((*old.passages, *one.passages)))
                self.ledger[one.claim] = replace(
                    old, thread=one.thread, passages=both, last=edition
                )


def _sourcing(passage: Passage, article: Article) -> Sourcing:
    return "reported"


def _vectors(texts: Sequence[str], matters: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors of a part for what a text is about and a part for its words."""
    names = sorted(set(matters))
    topics = np.zeros((len(texts), len(names)), dtype=np.float32)
    for row, matter in enumerate(matters):
        topics[row, names.index(matter)] = 1.0
    words = lexical.vectors(texts)
    both = np.hstack([np.sqrt(ABOUT) * topics, np.sqrt(1 - ABOUT) * words])
    return np.asarray(both / np.linalg.norm(both, axis=1, keepdims=True), dtype=np.float32)
