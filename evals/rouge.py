"""ROUGE-1, ROUGE-2 and ROUGE-L F1 (Lin 2004) by the plainest definition.

Tokens are ``[a-z0-9]+`` of the text in small letters, without stemming; n-grams are counted with
multiplicity; ROUGE-L is the longest common subsequence of both texts whole ("sentence level").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence


def tokens(text: str) -> list[str]:
    """Letters and digits, in small letters."""
    return re.findall(r"[a-z0-9]+", text.lower())


def rouge(summary: str, reference: str) -> tuple[float, float, float]:
    """F1 of ROUGE-1, ROUGE-2 and ROUGE-L, 0 to 1."""
    own, gold = tokens(summary), tokens(reference)
    common = _longest_common(own, gold)
    return (
        _overlap(own, gold, 1),
        _overlap(own, gold, 2),
        _f1(common, len(own), len(gold)),
    )


def _overlap(own: Sequence[str], gold: Sequence[str], n: int) -> float:
    grams = [Counter(zip(*(text[i:] for i in range(n)), strict=False)) for text in (own, gold)]
    return _f1((grams[0] & grams[1]).total(), grams[0].total(), grams[1].total())


def _f1(hits: int, own: int, gold: int) -> float:
    return 2 * hits / (own + gold) if hits else 0.0


def _longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    row = [0] * (len(other) + 1)
    for word in one:
        before = 0
        for j, theirs in enumerate(other, 1):
            before, row[j] = row[j], before + 1 if word == theirs else max(row[j], row[j - 1])
    return row[-1]
