"""Which claims of the ledger must a fact of today be compared with?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from briefing.news import Article, Development, Fact, Pair, Remembered
from briefing.stages.recall.copies import Texts, is_copy, nearly_one, overlap
from briefing.stages.recall.threads import known_tellings, tellings, threads

Vectors = NDArray[np.float32]

NEAREST = 4
"""Claims of its thread that a fact is compared with by their embeddings."""
COMPARABLE = 0.45
"""Cosine from which two sentences of one thread may be compared at all."""
GOES_ON, BESIDE = 0.4, 0.15
"""Cosine from which a sentence may go on with a claim of its thread in other words, and how much
farther than the nearest one it may be."""
ELSEWHERE = 0.70
"""The same for a sentence of a new development and a claim of any thread."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact of today, and a claim that it may repeat or change."""

    fact: Fact
    old: Remembered
    cosine: float
    told: str  # of the tellings of the claim, the one nearest in words

    @property
    def text(self) -> str:
        """The sentence of today."""
        return self.fact.passages[0].text


@dataclass(frozen=True, slots=True)
class Candidates:
    """Today against the ledger, before anybody has judged."""

    thread: Mapping[str, str]  # Development.id -> thread; its own id when it is new
    known: frozenset[str]  # ids of the developments that go on an earlier one
    near: Mapping[str, tuple[Candidate, ...]]  # Fact.id -> claims, nearest in words first
    heads: Mapping[str, tuple[Fact, ...]]  # Fact.id -> headlines of articles that tell only it
    others: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    """Fact.id -> its further passages, each as a fact of its own."""
    goes_on: Mapping[str, tuple[Remembered, ...]] = field(default_factory=dict)
    """Fact.id -> the claims of its thread nearest in meaning, however near, the nearest first."""


def candidates(
    developments: Sequence[Development],
    ledger: Sequence[Remembered],
    *,
    articles: Mapping[str, Article],
    vectors: Mapping[str, Vectors],
    rows: Mapping[str, Vectors],
) -> Candidates:
    """The thread of each development, and for each fact the claims it must be compared with.

    Args:
        vectors: unit vector of every passage of today by ``Passage.key``.
        rows: unit vector of every claim of the ledger by ``Remembered.id``, of the same model.
    """
    known, owners = known_tellings(ledger, rows)
    groups = [tellings(d, articles, vectors) for d in developments]
    found = threads(groups, known, owners)
    held = _Ledger(ledger, rows)
    near: dict[str, tuple[Candidate, ...]] = {}
    goes_on: dict[str, tuple[Remembered, ...]] = {}
    heads: dict[str, tuple[Fact, ...]] = {}
    others: dict[str, tuple[Fact, ...]] = {}
    for development, thread in zip(developments, found, strict=True):
        titles = _titles(development, articles) if thread else {}
        heads |= titles
        further = {f.id: tuple(Fact((p,)) for p in f.passages[1:]) for f in development.facts}
        others |= further
        beside = (one for part in (titles, further) for listed in part.values() for one in listed)
        for fact in (*development.facts, *beside):
            row = vectors[fact.passages[0].key]
            near[fact.id] = _near(fact, held.near(fact, row, thread))
            goes_on[fact.id] = held.nearest(row, thread) if thread else ()
    pairs_ = list(zip(developments, found, strict=True))
    return Candidates(
        {d.id: thread or d.id for d, thread in pairs_},
        frozenset(d.id for d, thread in pairs_ if thread),
        near,
        heads,
        others,
        goes_on,
    )


def _titles(
    development: Development, articles: Mapping[str, Article]
) -> dict[str, tuple[Fact, ...]]:
    """The headlines of short items, each as a fact of its own, by the first fact of the item.

    What changed often stands in the headline, and the sentence below it only goes on.
    """
    found: dict[str, tuple[Fact, ...]] = {}
    for id_ in development.whole:
        title = next((p for p in articles[id_].passages if p.kind == "title"), None)
        owner = next((f for f in development.facts if f.passages[0].article == id_), None)
        if title is not None and owner is not None and title not in owner.passages:
            found[owner.id] = (*found.get(owner.id, ()), Fact((title,)))
    return found


class _Ledger:
    """All claims and their vectors, made ready for many facts."""

    def __init__(self, claims: Sequence[Remembered], rows: Mapping[str, Vectors]) -> None:
        self._claims = claims
        self._rows = np.array([rows[c.id] for c in claims])
        told = [(number, text) for number, claim in enumerate(claims) for text in told_by(claim)]
        self._owners = np.array([number for number, _ in told], dtype=np.int64)
        self._told = [text for _, text in told]
        self._texts = Texts(self._told)
        self._threads = np.array([claim.thread for claim in claims])

    def near(self, fact: Fact, row: Vectors, thread: str) -> Iterator[tuple[Remembered, float]]:
        """The claims with the highest cosines, and all that are near in words.

        Args:
            thread: "" for a new one: it may still hold a sentence that was told before, of
                whatever thread.
        """
        if not self._claims:
            return
        text = fact.passages[0].text
        cosines = np.round(self._rows @ row, 3)
        own = self._threads == thread if thread else np.ones(len(cosines), dtype=bool)
        least = COMPARABLE if thread else ELSEWHERE
        likely = np.flatnonzero(own & (cosines >= least))
        best = sorted(map(int, likely), key=lambda n: (-float(cosines[n]), self._claims[n].id))
        within = set(best)
        worded = [
            number
            for place in self._texts.near(text)
            if (number := int(self._owners[place])) in within or is_copy(text, self._told[place])
        ]
        for number in dict.fromkeys((*best[:NEAREST], *worded)):
            yield self._claims[number], float(cosines[number])

    def nearest(self, row: Vectors, thread: str) -> tuple[Remembered, ...]:
        """The claims of a thread that a sentence may go on with."""
        own = [int(n) for n in np.flatnonzero(self._threads == thread)]
        if not own:
            return ()
        cosines = np.round(self._rows[own] @ row, 3)
        order = sorted(range(len(own)), key=lambda n: (-float(cosines[n]), self._claims[own[n]].id))
        best = float(cosines[order[0]])
        return tuple(
            self._claims[own[n]]
            for n in order[:NEAREST]
            if float(cosines[n]) >= max(GOES_ON, best - BESIDE)
        )


def told_by(claim: Remembered) -> list[str]:
    """The sentences that told a claim, the first first."""
    return list(dict.fromkeys([claim.text, *(p.text for p in claim.passages)]))


def _near(fact: Fact, found: Iterable[tuple[Remembered, float]]) -> tuple[Candidate, ...]:
    text = fact.passages[0].text
    listed = []
    for old, cosine in found:
        told = max(told_by(old), key=lambda telling: overlap(text, telling))
        listed.append(Candidate(fact, old, cosine, told if nearly_one(text, told) else old.text))
    # Of two as near as each other, the later: what stands now is what may change.
    listed.sort(key=lambda c: c.old.id)
    listed.sort(key=lambda c: (round(overlap(text, c.told), 3), c.old.last.day), reverse=True)
    return tuple(listed)


def pairs(found: Candidates) -> list[Pair]:
    """What the judge is asked: each fact from its candidate, and the other way round.

    Of two that are nearly one in words nobody is asked, nor of headlines and further passages.
    """
    beside = (*found.heads.values(), *found.others.values())
    heads = {head.id for listed in beside for head in listed}
    return [
        pair
        for key, listed in found.near.items()
        for candidate in listed
        if key not in heads and not nearly_one(candidate.text, candidate.told)
        for pair in (
            Pair(candidate.text, (candidate.old.text,)),
            Pair(candidate.old.text, (candidate.text,)),
        )
    ]
