"""Which articles are one report told many times?

A *reprint* repeats the words: shingles of words (Broder 1997) find it, counted exactly, and also
where it was cut or a paragraph was added: then most of the shorter text's own telling, quotations
left out, stands in the longer one, or both open with one sentence. Two versions of one page are one
report too. A *rewrite* repeats the report paragraph by paragraph in other words: paragraphs that
are each other's nearest in meaning stand in the same order, which independent reports of one event
do not do. A *credit* names the other article's publisher as its source.

Articles that only credit the same wire are not one: their words must say so. An article can join
origins and never part them, so that one more reprint raises no count.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from briefing.news import Article, Origin
from briefing.text.quotes import quotations

SHINGLE = 4
"""Words in a shingle; as in near-duplicate detection of web pages."""
REPRINT_JACCARD = 0.5
"""Share of common shingles at which two texts are one."""
LEAST_SHINGLES = 13
"""Shingles of the shorter text before its words tell anything: sixteen words."""
CONTAINED_SHARE = 0.4
LEAST_CONTAINED = 12
"""Share of the shorter text's shingles, and least number, that stand in the longer one. Independent
reports of one event share their quotations, which are left out, and set phrases of some ten words.
"""
SHORT = 40
SHORT_CONTAINED_SHARE = 0.7
"""The share for texts of fewer shingles than ``SHORT``: two teasers of one agency on different days
shared 65% by one sentence of background."""
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
    """Pairs whose words are the same, or whose page is."""
    whole = {a.id: _shingles(" ".join(p.text for p in a.body)) for a in articles}
    told = {a.id: _shingles(_own_telling(a)) for a in articles}
    shared_whole, shared_told = _shared(whole), _shared(told)
    found = {}
    for first, second in combinations(articles, 2):
        pair = (first.id, second.id)
        if _one_page(first, second):
            found[pair] = "versions of one page"
            continue
        fewest = min(len(whole[pair[0]]), len(whole[pair[1]]))
        both = shared_whole[pair]
        jaccard = both / max(1, len(whole[pair[0]]) + len(whole[pair[1]]) - both)
        if fewest >= LEAST_SHINGLES and jaccard >= REPRINT_JACCARD:
            found[pair] = f"{jaccard:.0%} of the word sequences are equal"
            continue
        if _opening(first) & _opening(second):
            found[pair] = "they open with the same sentence"
            continue
        fewest = min(len(told[pair[0]]), len(told[pair[1]]))
        least = SHORT_CONTAINED_SHARE if fewest < SHORT else CONTAINED_SHARE
        if shared_told[pair] >= max(LEAST_CONTAINED, least * fewest):
            share = shared_told[pair] / fewest
            found[pair] = f"{share:.0%} of the shorter text's word sequences stand in the longer"
    return found


def _shared(shingles: Mapping[str, frozenset[tuple[str, ...]]]) -> Counter[tuple[str, str]]:
    """For each pair, in the order of ``shingles``, how many they have in common."""
    holders: dict[tuple[str, ...], list[str]] = {}
    for key, own in shingles.items():
        for shingle in own:
            holders.setdefault(shingle, []).append(key)
    return Counter(pair for keys in holders.values() for pair in combinations(keys, 2))


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    tokens = re.findall(r"\w+", text.lower())
    return frozenset(tuple(tokens[k : k + SHINGLE]) for k in range(len(tokens) - SHINGLE + 1))


def _opening(article: Article) -> frozenset[tuple[str, ...]]:
    """The words of the first two sentences, where they are enough to be nobody else's."""
    told = (re.findall(r"\w+", _unquoted(p.text).lower()) for p in article.body[:2])
    return frozenset(tuple(tokens) for tokens in told if len(tokens) >= LEAST_CONTAINED)


def _own_telling(article: Article) -> str:
    """The body without quotations: what two reports of one speech do not share."""
    return _unquoted(" ".join(p.text for p in article.body))


def _unquoted(text: str) -> str:
    for quotation in reversed(quotations(text)):
        if quotation.closed and quotation.count > SHINGLE:
            text = f"{text[: quotation.start]}{text[quotation.end :]}"
    return text


def _one_page(first: Article, second: Article) -> bool:
    """Whether two articles are versions of one page; posts of a live blog are none."""
    posts = first.id.partition("-")[0] == second.id.partition("-")[0]
    return bool(first.url) and first.url == second.url and not posts


def _plain(name: str) -> str:
    return re.sub(r"\W+|^the\b", "", name.lower())


def _age(article: Article) -> tuple[datetime, str]:
    return (article.published or datetime.max.replace(tzinfo=UTC), article.id)
