"""The words of a passage with their marks, and what can be read off them without a parser.

Closed classes, endings and punctuation decide what is a verb, who speaks and what limits a claim;
:mod:`briefing.text.shortening` asks this of a passage before it leaves anything out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from briefing.text.cutwords import (
    AUXILIARIES,
    IRREGULAR,
    LIMITING,
    LONGEST_SPEAKER,
    OPENERS,
    PHRASES,
    POINTERS,
    PRONOUNS,
    RELATIVES,
    SAYING,
)
from briefing.text.lexicon import (
    ARTICLES,
    is_adverb,
)
from briefing.text.words import stem

_OPENING = frozenset("“„«([")
_CLOSING = frozenset("”»)]")
_TAIL = re.compile(r"[,;:—–]+$")
ENDED = re.compile(r"[.!?][”\"’'»)\]]*$")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the passage, between spaces."""

    core: str  # as written, without a trailing comma or the final full stop
    mark: str  # the trailing comma, semicolon, ... itself
    inside: bool  # a quotation or bracket is still open after it

    @property
    def comma(self) -> bool:
        return self.mark == "," and not self.inside

    @property
    def plain(self) -> str:
        return self.core.strip("\"“”„«»()[]'’‘.").lower()


class Pieces:
    """A passage as words, with what each of them is."""

    def __init__(self, passage: str) -> None:
        self.text = passage
        self.words = split_words(passage)
        self._saying = [stem(w.plain) in SAYING for w in self.words]
        self._limiting = [holds(w, LIMITING) for w in self.words]

    def _kept(self, region: range) -> bool:
        """Whether anything in a part says who says it, or limits the rest."""
        return any(self._saying[k] or self._limiting[k] for k in region)

    def _pointed_at(self, region: range, after: int) -> bool:
        """Whether "the country" and the like in the rest may mean a name in what would go."""
        named = any(self.words[k].core[:1].isupper() for k in region)
        rest = self.words[after:]
        several = any(word.plain in ("them", "those") for word in rest)
        new = named or several or any(self.words[k].plain in ("a", "an") for k in region)
        if region.start and new and any(word.plain in PRONOUNS for word in rest):
            return True
        return named and any(
            a.plain in ("the", "that", "this") and b.plain in POINTERS for a, b in pairwise(rest)
        )

    def _first_comma(self, at: int) -> bool:
        return not any(self.words[k].mark for k in range(at))

    def _speaker_from(self, first: int) -> bool:
        """Whether nothing but who says it follows (", the agency said on Monday")."""
        rest = range(first, len(self.words))
        whole = len(rest) <= LONGEST_SPEAKER and not any(self.words[k].mark for k in rest)
        return whole and any(self._saying[k] for k in rest)

    def _closes_aside(self, at: int) -> bool:
        """Whether the comma after word ``at`` ends a part without a verb that a comma opened."""
        start = at
        while start > 0 and not self.words[start - 1].mark:
            start -= 1
        return start > 0 and not any(self._verb(k) for k in range(start, at + 1))

    def _has_main_verb(self, at: int) -> bool:
        """Whether words 0 to ``at`` hold a verb outside "While ...," and ", who ...", and another
        after "that"."""
        main, aside = [], False
        for k in range(at + 1):
            if k == 0 or self.words[k - 1].mark:
                aside = is_aside(self.words[k]) or (not k and bool(_LATER.match(self.text)))
            if not aside:
                main.append(k)
        thats = [k for k in main if self.words[k].plain == "that"]
        return any(self._verb(k) for k in main if not thats or k > thats[0])

    def _verb(self, k: int) -> bool:
        plain = self.words[k].plain
        if plain in AUXILIARIES or plain in IRREGULAR or self._saying[k]:
            return True
        # "the closed pier" is none
        return plain.endswith("ed") and (k == 0 or self.words[k - 1].plain not in ARTICLES)


_LATER = re.compile(r"\w+ (?:minute|hour|day|week|month|year|decade)s? (?:after|before)\b")


def alike(ours: Word, theirs: Word, *, first: bool = False) -> bool:
    if first:
        return ours.core[:1].lower() + ours.core[1:] == theirs.core[:1].lower() + theirs.core[1:]
    return ours.core == theirs.core


def is_dash(word: Word) -> bool:
    return word.core in ("-", "–", "—")


def opens_sentence(word: Word) -> bool:
    """Whether a clause or phrase that begins so may go from the beginning of a sentence."""
    return word.plain in OPENERS


def is_aside(word: Word) -> bool:
    """Whether what begins so is no main clause."""
    return word.plain in OPENERS | PHRASES | RELATIVES or is_adverb(word.plain)


def holds(word: Word, listed: frozenset[str]) -> bool:
    parts = re.split(r"[-–—/]", word.plain)
    return (
        word.plain in listed
        or word.plain.endswith(("n't", "n’t"))
        or any(p in listed for p in parts)
    )


def split_words(passage: str) -> list[Word]:
    words: list[Word] = []
    raw = passage.split()
    depth, straight = 0, False
    for k, text in enumerate(raw):
        depth += sum(c in _OPENING for c in text) - sum(c in _CLOSING for c in text)
        straight ^= text.count('"') % 2 == 1
        tail = _TAIL.search(text)
        core = text[: tail.start()] if tail else text
        if k == len(raw) - 1 and core.endswith("."):
            core = core[:-1]
        if not core:  # a dash between spaces
            core, tail = text, None
        words.append(Word(core, tail.group() if tail else "", depth > 0 or straight))
    return words
