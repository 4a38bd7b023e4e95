"""Sentences of public data sets whose text was cut into tokens: "he said ."

Sentence splitters expect ordinary text. In tokenised text a full stop between two spaces ends a
sentence, and little else does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from briefing.text.sentences import sentences

_TOKENISED = re.compile(r"\S [.,!?] |\S [.!?]$", re.MULTILINE)
_ENDS, _CLOSES, _EITHER = frozenset(".!?"), frozenset(("''", "”", "’")), frozenset(("'", '"'))


def split(text: str) -> list[str]:
    """The sentences of ``text``, without the spaces that a tokeniser put in."""
    if not _TOKENISED.search(text):
        found = [" ".join(text[start:end].split()) for start, end in sentences(text)]
    else:
        found = [joined(piece) for line in text.splitlines() for piece in _pieces(line.split())]
    return [piece for piece in found if any(c.isalnum() for c in piece)]


def _pieces(tokens: Sequence[str]) -> Iterator[str]:
    """Sentences of one line. A quote mark after a full stop belongs to what it closes."""
    own: list[str] = []
    ended = False
    for token in tokens:
        closes = token in _CLOSES or (token in _EITHER and own.count(token) % 2 == 1)
        if ended and not closes:
            yield " ".join(own)
            own, ended = [], False
        own.append(token)
        ended = token in _ENDS or (ended and closes)
    if own:
        yield " ".join(own)


def joined(text: str) -> str:
    """``text`` with its marks joined to the words that they belong to."""
    text = " ".join(text.split())
    text = re.sub(r" ([.,;:!?%)\]])(?=\s|$|['\"”’])", r"\1", text)
    text = re.sub(r"([(\[$£€]) ", r"\1", text)
    text = re.sub(r" (n't)\b", r"\1", text)
    text = re.sub(r" (['’]) ?(s|re|ve|ll|d|m)\b", r"\1\2", text)
    return text.replace("`` ", '"').replace(" ''", '"').replace("``", '"').replace("''", '"')
