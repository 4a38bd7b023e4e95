"""Which facts fill the reader's minutes, and in which developments do they stand?

1. *Weigh*: how central a fact is to the day (mean cosine to all sentences: degree centrality as in
   LexRank, Erkan and Radev 2004), whether another article tells it too, how near the story it is,
   how many independent origins its development has, who stands behind it, how concrete, how early
   in its article and how new.
2. *Fill*: spend the budget of words one fact at a time on the best; what is already said, and a
   development that has had its turn, count less (maximal marginal relevance, Carbonell and
   Goldstein 1998). A list that is begun is completed.
3. *Arrange*: the chosen facts by development; when there are more than an edition holds, the
   nearest join.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from briefing.news import Article, Development, Fact, Skip, Story
from briefing.text.dates import mentions
from briefing.text.discourse import enumerates, refers_back
from briefing.text.names import names, weapons
from briefing.text.numbers import quantities
from briefing.text.words import WORDS_A_MINUTE, word_count

Vectors = NDArray[np.float32]

MOST_DEVELOPMENTS, SPARE_DEVELOPMENTS = 7, 1
"""What an edition holds on a full day (a quiet day has fewer), and among how many more the choice
is made after small matters of the same articles are gathered."""
SMALL, ALIKE = 3, 0.30
"""Facts of a small matter, and the mean cosine at which it joins a larger one."""
RANKING = (1.0, 0.5, 0.3)
"""Shares of a development's best facts in its score."""
MOST_FACTS = 3
"""Sentences in a development."""
A_MINUTE = int(WORDS_A_MINUTE * 0.8)
"""Words of the developments that a minute buys; the rest is the bottom line and the boards."""
REPEATED = 0.80
"""Cosine at which a further fact only says again what is chosen."""
OVERLAP = 0.3
"""How much of its likeness to a chosen fact (beyond cosine 0.5) is taken off a fact's weight."""
TURN = 0.95
"""Factor for each fact that the development already has."""
USUAL_WORDS, LENGTH_POWER = 20, 0.15
"""A fact of twice the usual length must be a tenth better to be worth its room."""
SHORTEST, LONGEST = 7, 60
"""Words of a sentence, with what it leans on, that is printed as it is."""
FRESH = timedelta(hours=36)
"""Age at which a fact has lost half of its newness."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each quality counts. Read off the seeds and two days of the replay week."""

    central: float = 0.10
    told: float = 0.30
    near: float = 0.20
    origins: float = 0.15
    attributed: float = 0.12
    concrete: float = 0.28
    early: float = 0.08
    fresh: float = 0.10
    background: float = -0.15


@dataclass(frozen=True, slots=True)
class _Day:
    """What all facts of a day are weighed against."""

    story: Story
    articles: Mapping[str, Article]
    vectors: Mapping[str, Vectors]
    story_vectors: Vectors
    rows: Vectors  # one for each passage of the day
    owners: NDArray[np.str_]  # article of each row
    now: datetime
    weights: Weights


def select(
    developments: Sequence[Development],
    *,
    story: Story,
    articles: Mapping[str, Article],
    vectors: Mapping[str, Vectors],
    story_vectors: Vectors,
    now: datetime,
    weights: Weights | None = None,
) -> tuple[list[Development], list[Skip]]:
    """The developments to write, best first, each with its chosen facts in reading order.

    Args:
        vectors: unit vector of every passage by ``Passage.key``.
        story_vectors: unit vectors of the story's description sentences.
        now: the moment the edition is made for.

    Returns:
        The chosen developments, and a ``Skip`` for each that found no room.
    """
    passages = [p for d in developments for f in d.facts for p in f.passages]
    if not passages:
        return [], []
    day = _Day(
        story, articles, vectors, story_vectors,
        rows=np.stack([vectors[p.key] for p in passages]),
        owners=np.array([p.article for p in passages]),
        now=now, weights=weights or Weights(),
    )  # fmt: skip
    weighed = [_weighed(d, day) for d in _gathered(developments, vectors)]
    ranked = sorted(weighed, key=lambda d: (-d.score, d.id))
    chosen = _filled(ranked[:MOST_DEVELOPMENTS], int(story.minutes * A_MINUTE), vectors)
    kept = {d.id for d in chosen}
    skips = [
        Skip("select", _subject(d), "no room", f"weight {d.score:.2f}")
        for d in ranked
        if d.id not in kept
    ]
    return chosen, skips


def fact_words(fact: Fact) -> int:
    """Words of a fact when it is printed in its source's own words."""
    return sum(word_count(p.text) for p in (*fact.leads_in, fact.passages[0]))


def _gathered(
    developments: Sequence[Development], vectors: Mapping[str, Vectors]
) -> list[Development]:
    """Small matters of the same articles put with the nearest larger one.

    A long article touches many matters once; an edition of seven developments would otherwise show
    a few of them and lose the rest. Matters of different articles stay apart.
    """
    gathered = list(developments)
    while len(gathered) > MOST_DEVELOPMENTS + SPARE_DEVELOPMENTS:
        joined = None
        for small in sorted(gathered, key=lambda d: (len(d.facts), d.id)):
            if len(small.facts) > SMALL:
                break
            near = [
                (_likeness(small, other, vectors), other.id, other)
                for other in gathered
                if other.id != small.id and set(small.articles) <= set(other.articles)
            ]
            best = max(near, default=None, key=lambda pair: pair[:2])
            if best and best[0] >= ALIKE:
                joined = small, best[2]
                break
        if joined is None:
            break
        small, other = joined
        gathered[gathered.index(other)] = replace(other, facts=(*other.facts, *small.facts))
        gathered.remove(small)
    return gathered


def _likeness(a: Development, b: Development, vectors: Mapping[str, Vectors]) -> float:
    """Mean cosine between the facts of two developments."""
    rows = [np.stack([vectors[f.passages[0].key] for f in d.facts]) for d in (a, b)]
    return float((rows[0] @ rows[1].T).mean())


def _weighed(development: Development, day: _Day) -> Development:
    """The development with weighed facts, best first, and its score by the best three."""
    facts = [replace(f, weight=_weight(f, development, day)) for f in development.facts]
    facts.sort(key=lambda f: (-f.weight, f.id))
    score = sum(f.weight * share for f, share in zip(facts, RANKING, strict=False))
    return replace(development, facts=tuple(facts), score=round(score, 4))


def _weight(fact: Fact, development: Development, day: _Day) -> float:
    first, weights = fact.passages[0], day.weights
    article = day.articles[first.article]
    shown = (*fact.leads_in, first) if enumerates(first.text) else (first,)
    text = " ".join(p.text for p in shown)
    row = np.mean([day.vectors[p.key] for p in (*shown, *fact.passages[1:])], axis=0)
    row /= np.linalg.norm(row) or 1.0
    others = day.owners != first.article
    elsewhere = float((day.rows[others] @ row).max()) if others.any() else 0.5
    value = (
        weights.central * float(np.clip(day.rows @ row, 0.0, 1.0).mean()) / 0.5
        + weights.told * elsewhere
        + weights.near * float((day.story_vectors @ row).max())
        + weights.origins * (1.0 - 0.5 ** (development.origins - 1))
        + weights.attributed * bool(_ATTRIBUTED.search(text))
        + weights.concrete * _concrete(text)
        + weights.early * (1.0 - first.index / max(1, len(article.passages)))
        + weights.fresh * _fresh(article.published, day.now)
        + weights.background * bool(_BACKGROUND.search(text))
    )
    return round(value, 4)


def _filled(
    developments: Sequence[Development], budget: int, vectors: Mapping[str, Vectors]
) -> list[Development]:
    """Each development with the facts that the budget buys, in reading order."""
    taken: dict[str, list[Fact]] = {d.id: [] for d in developments}
    rows: list[Vectors] = []
    printed: set[str] = set()
    opening = True  # each development has its main fact before any has a second
    while True:
        best: tuple[float, str, Fact, Development] | None = None
        for development in developments:
            held = taken[development.id]
            if len(held) >= (1 if opening else MOST_FACTS):
                continue
            for fact in development.facts:
                fact = _shortened(fact, printed)
                if not _printable(fact, development, printed) or fact_words(fact) > budget:
                    continue
                gain = _gain(fact, held, rows, vectors)
                if gain > 0.0 and (best is None or (gain, fact.id) > best[:2]):
                    best = (gain, fact.id, fact, development)
        if best is None:
            if not opening:
                break
            opening = False
            continue
        _, _, fact, development = best
        taken[development.id].append(fact)
        rows.append(vectors[fact.passages[0].key])
        printed |= {p.key for p in (*fact.leads_in, *fact.passages)}
        budget -= fact_words(fact)
    return [
        replace(d, facts=tuple(_in_reading_order(taken[d.id]))) for d in developments if taken[d.id]
    ]


def _gain(
    fact: Fact, held: Sequence[Fact], rows: Sequence[Vectors], vectors: Mapping[str, Vectors]
) -> float:
    """What the fact adds to those already chosen; 0 when it only repeats them."""
    first = fact.passages[0]
    likeness = max((float(vectors[first.key] @ row) for row in rows), default=0.0)
    if likeness >= REPEATED:
        return 0.0
    if enumerates(first.text):  # a list that is begun is completed
        return max([fact.weight, *(f.weight for f in held if enumerates(f.passages[0].text))])
    value = fact.weight * TURN ** len(held) - OVERLAP * max(0.0, likeness - 0.5)
    return float(value * (USUAL_WORDS / max(fact_words(fact), USUAL_WORDS)) ** LENGTH_POWER)


def _shortened(fact: Fact, printed: set[str]) -> Fact:
    """The fact without a lead-in that is printed right before it anyway."""
    first = fact.passages[0]
    before = f"{first.article}:{first.index - 1}"
    return replace(fact, leads_in=()) if fact.leads_in and before in printed else fact


def _printable(fact: Fact, development: Development, printed: set[str]) -> bool:
    """Whether a reader could understand the fact in its source's words, and it is new."""
    first = fact.passages[0]
    if any(p.key in printed for p in fact.passages):
        return False
    if first.text.rstrip("”\"'’ ").endswith("?") or not (SHORTEST <= fact_words(fact) <= LONGEST):
        return False
    follower = f"{first.article}:{first.index + 1}"
    if not enumerates(first.text) and any(
        f.passages[0].key == follower and enumerates(f.passages[0].text) for f in development.facts
    ):
        return False  # it only announces a list: printed as the lead-in of the first item
    leaning = bool(refers_back(first.text))
    return not leaning or bool(fact.leads_in) or f"{first.article}:{first.index - 1}" in printed


def _in_reading_order(facts: Sequence[Fact]) -> list[Fact]:
    """The article of the weightiest fact first, and each article's facts in its own order."""
    if not facts:
        return []
    first = max(facts, key=lambda f: f.weight).passages[0].article
    return sorted(
        facts,
        key=lambda f: (f.passages[0].article != first, f.passages[0].article, f.passages[0].index),
    )


def _concrete(text: str) -> float:
    """0 to 1: figures, dates, weapons and names make a sentence worth its place."""
    points = (
        2 * min(len(quantities(text)), 1)
        + 2 * min(len(mentions(text)), 1)
        + 2 * min(len(weapons(text)), 1)
        + min(len(names(text)), 4)
    )
    return points / 10


def _fresh(published: datetime | None, now: datetime) -> float:
    """1 now, one half after ``FRESH``; one half when no date is known."""
    if published is None:
        return 0.5
    return float(0.5 ** (max(now - published, timedelta(0)) / FRESH))


def _subject(development: Development) -> str:
    return development.facts[0].passages[0].text[:120]


_ATTRIBUTED = re.compile(
    r"\b(?:said|says|told|reported|argued|suggested|explained|warned|accused|called|noted|believes|"
    r"announced|confirmed|denied|stated|revealed|criticized|criticised|described|offered|vowed|"
    r"approved|authori[sz]ed|signed|refused|rejected|urged|pledged|according to)\b",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"\b(?:since the (?:start|beginning)|throughout (?:his|her|their|the)|over the (?:past|last)|"
    r"for (?:months|years|decades)|ha(?:s|ve) (?:consistently|always|long|been)|"
    r"in (?:contrast|general)|cornerstone|hallmark|last (?:month|year)|years ago)\b",
    re.IGNORECASE,
)
