"""How far a sentence is from its sources: what makes it a written one and not a copied one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from briefing.text.words import content_stems, words

SHORTER, NOVEL = 0.80, 0.15
"""A sentence is written when it merges passages, or has at most this share of its source's words,
or at least that share of word pairs that no source has. All else is a copy, whoever made it."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Of one sentence over the passages that it was written from."""

    novel: float  # share of its word pairs that no passage has
    length: float  # its words by those of the passage that it is nearest to
    merges: bool  # no passage has all the content words that it takes from them

    @property
    def written(self) -> bool:
        """Whether it counts as the writer's own."""
        return self.merges or self.length <= SHORTER or self.novel >= NOVEL

    @property
    def grounds(self) -> str:
        """The first reason for which it counts as written; "copied" when it does not."""
        if self.merges:
            return "merges"
        if self.length <= SHORTER:
            return "shorter"
        return "novel" if self.novel >= NOVEL else "copied"


def wording(sentence: str, sources: Sequence[str]) -> Wording:
    """Of ``sentence`` over ``sources``, at least one."""
    own, held = set(content_stems(sentence)), [set(content_stems(s)) for s in sources]
    taken = own & set().union(*held)
    nearest = max(range(len(sources)), key=lambda i: (len(own & held[i]), len(sources[i])))
    return Wording(
        novel=novel_bigrams(sentence, sources),
        length=len(_folded(sentence)) / max(1, len(_folded(sources[nearest]))),
        merges=not any(taken <= stems for stems in held),
    )


def novel_bigrams(sentence: str, sources: Iterable[str]) -> float:
    """Share of the word pairs of ``sentence`` that no source has; 0 when it has none."""
    known = {pair for s in sources for pair in pairwise(_folded(s))}
    own = list(pairwise(_folded(sentence)))
    return sum(pair not in known for pair in own) / len(own) if own else 0.0


def compression(sentence: str, sources: Iterable[str]) -> float:
    """Words of ``sentence`` by words of the longest source."""
    return len(_folded(sentence)) / max(1, max(len(_folded(s)) for s in sources))


def _folded(text: str) -> list[str]:
    return [word.text.casefold() for word in words(text)]
