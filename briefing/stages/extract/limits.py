"""How much of a page is given to parsers, and of an article to later steps.

The limits lie far above anything that news sites send; what lies beyond them is told, not lost in
silence: a page is "too large", a tag is dropped, an article ends with what was "too long".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from briefing.news import Removed

MOST_CHARACTERS = 8_000_000
"""Of a page; the largest of 102 measured news pages has 1.5 million."""

MOST_ATTRIBUTES = 500
"""Of one tag. libxml2 compares each with all before it: 300,000 of them take minutes, and
40,000 different names in 16,000 tags 860 MB."""

MOST_WORDS = 20_000
"""Of an article; what follows is left out. The longest measured has 7,963."""

MOST_TEXT = 200_000
"""Characters of an article, for texts whose words have no ends."""

MOST_POSTS = 500
"""Of a live blog, the first ones on its page."""

_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{1000,}>?")
_WORD = re.compile(r"\S+")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_TOLD = 500  # characters kept of each paragraph that was too long for its article
_TOLD_OF = 100  # such paragraphs


def without_crowded_tags(text: str) -> str:
    """A page without the tags that have more than ``MOST_ATTRIBUTES``; their content stays."""
    return _LONG_TAG.sub(lambda tag: " " if _crowded(tag.group()) else tag.group(), text)


def _crowded(tag: str) -> bool:
    return len(_QUOTED.sub(" ", tag).split()) > 2 * MOST_ATTRIBUTES


def bounded(body: Sequence[str]) -> tuple[list[str], list[Removed]]:
    """The paragraphs that an article may have, and what is left out of it."""
    kept: list[str] = []
    rest: list[str] = []
    words, characters = MOST_WORDS, MOST_TEXT
    for text in body:
        if rest:
            rest.append(text)
            continue
        room = min(characters, _end_of_word(text, words))
        head = text if len(text) <= room else _sentences_within(text, room)
        kept += [head] if head else []
        rest += [text[len(head) :].lstrip()] if len(head) < len(text) else []
        words, characters = words - len(head.split()), characters - len(head)
    return kept, [Removed(_short(text), "too long") for text in rest[:_TOLD_OF]]


def _end_of_word(text: str, number: int) -> int:
    """Where the word of that number ends, or the text does."""
    found = next(islice(_WORD.finditer(text), max(number - 1, 0), None), None)
    return found.end() if found and number > 0 else len(text) if number > 0 else 0


def _sentences_within(text: str, room: int) -> str:
    """The whole sentences at its head that have room."""
    return text[: max(text.rfind(mark, 0, room + 1) for mark in (". ", "! ", "? ", "… ")) + 1]


def _short(text: str) -> str:
    return text if len(text) <= _TOLD else f"{text[:_TOLD]}…"
