"""Which articles are one report told many times?

A *reprint* repeats the words: MinHash over word shingles (Broder 1997) finds it. A *rewrite*
repeats the report paragraph by paragraph in other words: paragraphs that are each other's nearest
in meaning stand in the same order, which independent reports of one event do not do. A *credit*
names the other article's publisher as its source.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from briefing.news import Article, Origin

SHINGLE = 4
"""Words in a shingle; as in near-duplicate detection of web pages."""
REPRINT_JACCARD = 0.5
"""Share of common shingles at which two texts are one."""
COUNTERPART = 0.6
"""Cosine of two paragraphs that tell the same: rewrites of one report measured 0.6 to 0.91."""
LEAST_IN_ORDER = 5
"""Closest pairs in the same order before a rewrite is believed; short items never reach it."""
IN_ORDER_SHARE = 0.7
"""Share of the closest pairs that must stand in the same order. In the seeds it is 10 of 13; two
independent texts pair up at random, where 5 of 13 in order would be usual."""
PAIRED_SHARE = 0.4
"""Share of the shorter article's paragraphs that must be in a closest pair."""
CREDIT_SIMILARITY = 0.6
"""Cosine of two leads before a credit joins them: a credit alone says where some of it is from."""

Matched = tuple[int, int]


def body_paragraphs(article: Article) -> list[str]:
    """The paragraphs of the body, to be embedded for the alignment."""
    grouped: dict[int, list[str]] = {}
    for passage in article.body:
        grouped.setdefault(passage.paragraph, []).append(passage.text)
    return [" ".join(texts) for texts in grouped.values()]


def trace(
    articles: Sequence[Article], paragraph_vectors: Mapping[str, NDArray[np.float32]]
) -> list[Origin]:
    """Partition ``articles`` into origins.

    Args:
        articles: those of the day, on the story.
        paragraph_vectors: for each article id, unit vectors of ``body_paragraphs``.

    Returns:
        One origin for each independent report, oldest article first in each.
    """
    parents = {article.id: article.id for article in articles}
    reasons: dict[str, str] = {}

    def root(key: str) -> str:
        while parents[key] != key:
            key = parents[key]
        return key

    reprints = _reprints(articles)
    for first, second in combinations(articles, 2):
        reason = reprints.get((first.id, second.id)) or _relation(
            first, second, paragraph_vectors[first.id], paragraph_vectors[second.id]
        )
        a, b = root(first.id), root(second.id)
        if reason:
            reasons[a] = reasons.get(a) or reasons.pop(b, "") or reason
            parents[b] = a
    members: dict[str, list[Article]] = {}
    for article in articles:
        members.setdefault(root(article.id), []).append(article)
    origins = []
    for key, group in members.items():
        group.sort(key=_age)
        origins.append(Origin(group[0].id, tuple(a.id for a in group), reasons.get(key, "")))
    return origins


def closest_pairs(
    first: NDArray[np.float32], second: NDArray[np.float32]
) -> tuple[list[Matched], int]:
    """Paragraphs that are each other's nearest, and how many have any counterpart.

    Args:
        first, second: unit vectors of the paragraphs of two articles.

    Returns:
        The mutual nearest pairs of at least ``COUNTERPART``, and the number of paragraphs of the
        first article with a counterpart in the second.
    """
    cosine = first @ second.T
    nearest, back = cosine.argmax(axis=1), cosine.argmax(axis=0)
    pairs = [
        (i, int(j)) for i, j in enumerate(nearest) if back[j] == i and cosine[i, j] >= COUNTERPART
    ]
    return pairs, int((cosine.max(axis=1) >= COUNTERPART).sum())


def in_order(pairs: Sequence[Matched]) -> int:
    """Length of the longest run of pairs that rise on both sides (patience sorting)."""
    tails: list[int] = []
    for _, j in sorted(pairs):
        at = bisect_left(tails, j)
        tails[at : at + 1] = [j]
    return len(tails)


def _relation(
    first: Article, second: Article, a: NDArray[np.float32], b: NDArray[np.float32]
) -> str:
    """Why two articles are one report; empty when they are not."""
    if not len(a) or not len(b):
        return ""
    if len(a) > len(b):
        first, second, a, b = second, first, b, a
    pairs, counterparts = closest_pairs(a, b)
    rising = in_order(pairs)
    if (
        rising >= LEAST_IN_ORDER
        and rising >= IN_ORDER_SHARE * len(pairs)
        and len(pairs) >= PAIRED_SHARE * len(a)
    ):
        return (
            f"{counterparts} of {len(a)} paragraphs have a counterpart, "
            f"{rising} of {len(pairs)} closest pairs in the same order"
        )
    for one, other in ((first, second), (second, first)):
        credited = {_plain(credit) for credit in one.credits}
        if _plain(other.publisher) in credited and float(a[0] @ b[0]) >= CREDIT_SIMILARITY:
            return f"credits {other.publisher}"
    return ""


def _reprints(articles: Sequence[Article]) -> dict[tuple[str, str], str]:
    """Pairs whose words are the same, by MinHash."""
    from datasketch import MinHash

    sketches = {}
    for article in articles:
        words = re.findall(r"\w+", " ".join(p.text for p in article.body).lower())
        sketch = MinHash(num_perm=128)
        for k in range(len(words) - SHINGLE + 1):
            sketch.update(" ".join(words[k : k + SHINGLE]).encode())
        if len(words) >= 4 * SHINGLE:
            sketches[article.id] = sketch
    found = {}
    for (a, first), (b, second) in combinations(sketches.items(), 2):
        jaccard = first.jaccard(second)
        if jaccard >= REPRINT_JACCARD:
            found[a, b] = f"{jaccard:.0%} of the word sequences are equal"
    return found


def _plain(name: str) -> str:
    return re.sub(r"\W+|^the\b", "", name.lower())


def _age(article: Article) -> tuple[datetime, str]:
    return (article.published or datetime.max.replace(tzinfo=UTC), article.id)
