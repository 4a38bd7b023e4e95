"""Where a sentence of an earlier text went in a later one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from briefing.news import Passage
from briefing.text.quotes import normalise
from briefing.text.words import words

ALIKE = 0.6
"""Least likeness of two word sequences (Ratcliff and Obershelp 1988) of which one is the other,
edited. Two sentences of one article on one matter share less than half."""


def stands_in(sentence: str, text: str) -> bool:
    """Whether a text still has the sentence, whatever its quote marks and spaces are now."""
    return normalise(sentence) in normalise(text)


def has_words(sentence: str, value: str) -> bool:
    """Whether a value stands in a sentence, whole: "9" does not stand in "19", nor "" anywhere."""
    wanted = re.escape(normalise(value))
    inside = re.search(rf"(?<![\w.,]){wanted}(?!\w|[.,]\w)", normalise(sentence))
    return bool(value) and bool(inside)


def nearest(sentence: str, passages: Sequence[Passage]) -> Passage | None:
    """The passage that ``sentence`` was edited into; ``None`` when none is like it."""
    own = [word.stem for word in words(sentence)]
    scored = [
        (SequenceMatcher(None, own, [w.stem for w in words(p.text)], autojunk=False).ratio(), p)
        for p in passages
    ]
    best, passage = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return passage if best >= ALIKE else None
