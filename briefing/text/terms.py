"""Which of a story's groups of terms occur in a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

Groups = Mapping[str, tuple[str, ...]]


def share_of_groups(text: str, groups: Groups) -> float:
    """Share of ``groups`` of which a term occurs in ``text``, from 0 to 1.

    A term matches as whole words in any case.
    """
    patterns = _patterns(tuple(groups.items()))
    found = sum(1 for pattern in patterns if pattern.search(text))
    return found / len(patterns) if patterns else 0.0


@lru_cache(maxsize=32)
def _patterns(groups: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, terms)) + r")(?!\w)", re.IGNORECASE)
        for _, terms in groups
        if terms
    )
