"""Which facts fill the reader's minutes, and in which developments do they stand?

1. *Weigh*: how central a fact is to the day (mean cosine to all sentences: degree centrality as in
   LexRank, Erkan and Radev 2004), whether another article tells it too and how many independent
   origins do, how near the story it is, who stands behind it, how concrete, how early in its
   article and how new.
2. *Rank* the developments by their best facts: the first seven are told, the next few are named.
3. *Fill*: each has its main fact; then the budget of words goes to the best of the rest, one at a
   time. What is already said, and a development that has had its turn, count less (maximal
   marginal relevance, Carbonell and Goldstein 1998). A list that is begun is completed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from briefing.news import Article, Development, Fact, Kind, Origin, Skip, Story
from briefing.stages.select.fill import fact_words, filled
from briefing.stages.select.weigh import Day, Weights, weighed
from briefing.text.words import WORDS_A_MINUTE

__all__ = ["Weights", "fact_words", "select"]

Vectors = NDArray[np.float32]

MOST_DEVELOPMENTS, ALSO = 7, 5
"""Developments of an edition on a full day (a quiet day has fewer), and how many more get one
sentence each under "also reported"."""
BACKGROUND = 3
"""Developments of a day on which nothing is new."""
_NOVELTY: Mapping[Kind, float] = {"REPEATED": 0.5, "UPDATED": 1.3, "CONTRADICTED": 1.3}
"""Factors of a fact's weight: what is known is background, what changes it comes first."""
SHORTENED = 0.8
"""Length of what is printed by that of its sources: the sentences that the writer shortens stand at
0.6, those that are quoted at 1; in the seeds' edition 0.8 together."""


def select(
    developments: Sequence[Development],
    *,
    story: Story,
    articles: Mapping[str, Article],
    origins: Sequence[Origin],
    vectors: Mapping[str, Vectors],
    story_vectors: Vectors,
    now: datetime,
    weights: Weights | None = None,
    tellable: Callable[[Fact], bool] = lambda fact: False,
    kinds: Mapping[str, Kind] | None = None,
) -> tuple[list[Development], list[Skip]]:
    """The developments to write, best first, each with its chosen facts in reading order.

    The first ``MOST_DEVELOPMENTS`` are told in one to three sentences, the others named in one.

    Args:
        origins: the partition of the articles into independent reports.
        vectors: unit vector of every passage by ``Passage.key``.
        story_vectors: unit vectors of the story's description sentences.
        now: the moment the edition is made for.
        tellable: whether the writer can tell a fact in a proven sentence of its own.
        kinds: what each fact is against earlier editions, by ``Fact.id``; ``None``: all are new.

    Returns:
        The chosen developments, and a ``Skip`` for each that found no room.
    """
    known = kinds or {}
    developments, repeats = _fresh(developments, known)
    passages = [p for d in developments for f in d.facts for p in f.passages]
    if not passages:
        return [], []  # a day without articles
    day = Day(
        story, articles, vectors, story_vectors,
        rows=np.stack([vectors[p.key] for p in passages]),
        owners=np.array([p.article for p in passages]),
        origin_of={article: origin.id for origin in origins for article in origin.articles},
        now=now, weights=weights or Weights(), tellable=tellable,
        novelty=lambda fact: _NOVELTY.get(known.get(fact.id, "NEW"), 1.0),
    )  # fmt: skip
    worth = [weighed(d, day) for d in developments]
    aside = [d for d, own in zip(developments, worth, strict=True) if not own.facts]
    ranked = sorted((d for d in worth if d.facts), key=lambda d: (-d.score, d.id))
    budget = int(story.minutes * WORDS_A_MINUTE / SHORTENED)
    told, named = ranked[:MOST_DEVELOPMENTS], ranked[MOST_DEVELOPMENTS : MOST_DEVELOPMENTS + ALSO]
    chosen = filled(told, named, budget, vectors)
    kept = {d.id for d in chosen}
    skips = [
        Skip("select", _subject(d), "no room", f"weight {d.score:.2f}")
        for d in ranked
        if d.id not in kept
    ]
    skips += [Skip("select", _subject(d), "sentences off topic") for d in aside]
    skips += [Skip("select", _subject(d), "repeats known reports") for d in repeats]
    return chosen, skips


def _fresh(
    developments: Sequence[Development], kinds: Mapping[str, Kind]
) -> tuple[list[Development], list[Development]]:
    """The developments of which something is new, and those that only repeat.

    Where nothing is new the widest told of the repeats stand as background.
    """

    def repeats(development: Development) -> bool:
        return all(kinds.get(fact.id) == "REPEATED" for fact in development.facts)

    fresh = [d for d in developments if not repeats(d)]
    known = sorted((d for d in developments if repeats(d)), key=lambda d: (-d.origins, d.id))
    return (fresh, known) if fresh else (known[:BACKGROUND], known[BACKGROUND:])


def _subject(development: Development) -> str:
    return development.facts[0].passages[0].text[:120]
