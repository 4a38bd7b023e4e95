"""Names and numbers of an answer are copied from its prompt, letter by letter.

A small model invents names and figures more than anything else. While it writes, each word with
a capital letter or a digit, and each number word, must be a word of the prompt; so must the first
letters of such a word while it is still being written piece by piece. The model keeps its choice
of everything else. This does not make a sentence true (the checks do that), but it removes the
commonest error before it costs an attempt. Related: lexically constrained decoding (Hokamp and
Liu 2017) with the source as the lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from briefing.text.lexicon import every

_WORD = re.compile(r"[^\W_]+")

# Words that may open a sentence although the prompt has them nowhere: closed classes only.
_OPENERS = every(
    "a an the this that these those it its he his she her they their there some many most all both"
    " no not in on at by for from to of with without after before during since until as while when"
    " if although though because but and or however according about over under between among"
)
# Without "one", which is a pronoun as often as a number.
_NUMBERS = every(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred"
    " hundreds thousand thousands million millions billion billions trillion dozen dozens twice"
    " half third thirds quarter"
)
_QUOTES = frozenset('"“”„«»')


@dataclass(frozen=True, slots=True)
class Written:
    """What must be known of an answer so far to judge its next piece."""

    word: str = ""  # letters and digits since the last other character
    opening: bool = True  # that word opens a sentence or line


class Source:
    """The words of one prompt, as the lexicon of names and numbers for its answers."""

    def __init__(self, text: str) -> None:
        words = _WORD.findall(text)
        self._exact = frozenset(words)
        self._folded = frozenset(word.casefold() for word in words)
        self._starts = frozenset(w[:n] for w in self._exact for n in range(1, len(w) + 1))
        folded = self._folded | _OPENERS
        self._folded_starts = frozenset(w[:n] for w in folded for n in range(1, len(w) + 1))
        self._quotes = bool(_QUOTES & set(text))

    def accepts(self, so_far: Written, piece: str) -> Written | None:
        """The state after ``piece``; ``None`` when a name or number in it is not the source's."""
        word, opening = so_far.word, so_far.opening
        for character in piece:
            if character.isalnum():
                word += character
                if not self._may_start(word, opening):
                    return None
                continue
            if word and not self._is_whole(word, opening):
                return None
            if character in _QUOTES and not self._quotes:
                return None
            if word:
                opening = False
            if character in ".!?\n:":
                opening = True
            word = ""
        return Written(word, opening)

    def complete(self, so_far: Written) -> bool:
        """Whether the answer may end here."""
        return not so_far.word or self._is_whole(so_far.word, so_far.opening)

    def _may_start(self, word: str, opening: bool) -> bool:
        if not _guarded(word):
            return True
        if word in self._starts:
            return True
        return (
            opening
            and not any(c.isdigit() for c in word)
            and (word[1:].islower() or len(word) == 1)
            and word.casefold() in self._folded_starts
        )

    def _is_whole(self, word: str, opening: bool) -> bool:
        if word.casefold() in _NUMBERS:
            return word.casefold() in self._folded
        if not _guarded(word) or word in self._exact:
            return True
        return opening and (word.casefold() in self._folded or word.casefold() in _OPENERS)


def _guarded(word: str) -> bool:
    return any(c.isupper() or c.isdigit() for c in word)


_OFFERED = 48  # best tokens tried before the answer is given up


class Copying:
    """One answer being written freely, but for its names and numbers."""

    def __init__(self, source: Source, *, pieces: Sequence[str], stop: frozenset[int]) -> None:
        self._source = source
        self._pieces = pieces  # the text of each token, with the space before a word
        self._stop = stop
        self._written = Written()

    def take(self, scores: Any) -> Sequence[int]:
        """The best token that the source allows by ``scores``; none at the end."""
        best = scores.topk(min(_OFFERED, scores.shape[0])).indices.tolist()
        for token in best:
            if token in self._stop:
                if self._source.complete(self._written):
                    return []
                continue
            after = self._source.accepts(self._written, self._pieces[token])
            if after is not None:
                self._written = after
                return [int(token)]
        return []
