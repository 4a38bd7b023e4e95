"""Sentences of one development into facts: those that say the same are one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from briefing.news import Article, Fact, Passage
from briefing.text.dates import mentions
from briefing.text.discourse import complete, leans, refers_back
from briefing.text.names import names
from briefing.text.values import close, comparable, values

Vectors = NDArray[np.float32]

SAME_FACT = 0.72
"""Cosine at which sentences of two articles tell the same fact; rewrites of one report begin at
0.65, where different facts about one matter are still common."""
SAME_FACT_WITHIN = 0.88
"""The same, inside one article, which seldom says a thing twice."""
MOST_PASSAGES = 3
"""Passages in a fact: what the writer was trained on."""
LEAD_IN_WORDS = 70
"""Words that a sentence and what it leans on may have together."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of the day that is about one matter."""

    article: str
    passages: tuple[Passage, ...]
    is_item: bool  # a whole short item; otherwise a sentence with those that lean on it


def facts_of(
    members: Sequence[Unit], vectors: Mapping[str, Vectors], articles: Mapping[str, Article]
) -> list[Fact]:
    """Sentences of one development; those that say the same are one fact, most typical first."""
    passages = [p for unit in members for p in unit.passages if p.kind == "sentence"]
    passages = passages or [p for unit in members for p in unit.passages]
    groups: list[list[Passage]] = []
    for passage in passages:
        near = [(_nearness(passage, held, vectors), held) for held in groups]
        best = max(near, key=lambda pair: pair[0], default=(0.0, []))
        if best[0] > 0.0:
            best[1].append(passage)
        else:
            groups.append([passage])
    facts = []
    for held in groups:
        middle = np.mean([vectors[p.key] for p in held], axis=0)
        held.sort(
            key=lambda p: (
                leans(p.text) or not complete(p.text),
                -round(float(vectors[p.key] @ middle), 2),
                -len(names(p.text)) - 2 * len(mentions(p.text)),
                p.key,
            )
        )
        facts.append(Fact(tuple(held[:MOST_PASSAGES]), leads_in(held[0], articles)))
    return facts


def _nearness(passage: Passage, held: Sequence[Passage], vectors: Mapping[str, Vectors]) -> float:
    """Least cosine to the group's members, or 0 when one of them says something else."""
    least = 1.0
    for other in held:
        cosine = float(vectors[passage.key] @ vectors[other.key])
        wanted = SAME_FACT_WITHIN if passage.article == other.article else SAME_FACT
        if cosine < wanted or _counts_otherwise(passage.text, other.text):
            return 0.0
        least = min(least, cosine)
    return least


def _counts_otherwise(one: str, other: str) -> bool:
    """Whether two sentences count one kind of thing and come to different numbers: eight dead and
    nine are two facts, of which one may be the news."""
    pairs = [(a, b) for a in values(one) for b in values(other) if comparable(a, b)]
    return bool(pairs) and not any(close(a, b) for a, b in pairs)


def leads_in(passage: Passage, articles: Mapping[str, Article]) -> tuple[Passage, ...]:
    """The sentences just before ``passage`` that it leans on, oldest first.

    Empty when it stands alone, and when even two sentences of the same article do not settle what
    it refers to: such a passage is evidence, but never printed as it is.
    """
    if not leans(passage.text):
        return ()
    before = articles[passage.article].passages
    taken: list[Passage] = []
    words = len(passage.text.split())
    for earlier in reversed(before[max(0, passage.index - 2) : passage.index]):
        words += len(earlier.text.split())
        if earlier.kind == "title" or words > LEAD_IN_WORDS:
            break
        taken.insert(0, earlier)
        if not refers_back(earlier.text):
            return tuple(taken)
    return ()
