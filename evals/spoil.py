"""One mechanical error at a time, put into a true sentence: what a check of copies must catch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from briefing.text import lexicon
from briefing.text.names import names
from briefing.text.words import words

_MODALS = {
    "may": "will",
    "might": "will",
    "could": "will",
    "would": "will",
    "will": "may",
    "can": "will",
}
_HEDGES = lexicon.every(
    "reportedly allegedly likely probably nearly almost about approximately some former acting "
    "first only partly suspected alleged planned proposed initially not never no without"
)


def spoil(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of an error type (as in the gold data) and ``text`` with that one error."""
    tokens = words(text)
    for m in re.finditer(r"\d+", text):
        other = str(int(m.group()[::-1]) + 1) if m.group() != "0" else "3"
        if other != m.group():
            yield "number", text[: m.start()] + other + text[m.end() :]
    for word in tokens:
        low = word.text.lower()
        rest, before = text[word.end :], text[: word.start]
        if low in lexicon.WEEKDAYS:
            day = lexicon.WEEKDAYS[(lexicon.WEEKDAYS.index(low) + 2) % 7].capitalize()
            yield "date", before + day + rest
        if word.text in _MODALS:
            yield "modality", before + _MODALS[word.text] + rest
            yield "modality", before + rest.lstrip()
        if low in _HEDGES and word.text.islower():
            kind = "negation" if low in ("not", "never", "no", "without") else "overreach"
            yield kind, before + rest.lstrip()
        if low in ("is", "was", "are", "were", "has", "have", "had", "will", "may", "could"):
            yield "negation", before + word.text + " not" + rest
    yield from _names(text)
    yield from _speakers(text)


def _names(text: str) -> Iterator[tuple[str, str]]:
    found = names(text)
    for a, b in pairwise(found):
        if a.text != b.text:
            yield (
                "relation",
                text[: a.start] + b.text + text[a.end : b.start] + a.text + text[b.end :],
            )
    for name in found[:3]:
        yield "entity", text[: name.start] + "Veldoria" + text[name.end :]


def _speakers(text: str) -> Iterator[tuple[str, str]]:
    """The attribution left out, at the end or at the beginning."""
    verbs = "said|says|announced|argued|claimed|confirmed"
    tail = re.search(rf",[”\"]? [^,“”\"]{{3,60}} (?:{verbs})(?: on \w+)?\.$", text)
    if tail:
        yield "attribution", text[: tail.start()] + "."
    head = re.match(rf"[^,]{{3,80}}? (?:{verbs})(?: on \w+)? that (\w)", text)
    if head:
        yield "attribution", head.group(1).upper() + text[head.end() :]
