"""Paragraphs and sentences of a plain text, as spans of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple


class Span(NamedTuple):
    """Half-open character span of a text."""

    start: int
    end: int


def paragraphs(text: str) -> list[Span]:
    """Spans of the non-empty lines of ``text``, without surrounding space."""
    spans = []
    for line in re.finditer(r"[^\n]+", text):
        stripped = line.group().strip()
        if stripped:
            start = line.start() + line.group().index(stripped[0])
            spans.append(Span(start, start + len(stripped)))
    return spans


def sentences(text: str) -> list[Span]:
    """Spans of the sentences of ``text``, paragraph by paragraph; no word stands outside of them.

    Boundaries come from pySBD's rules (Sadvilkar and Neumann 2020), which keep a quotation of
    several sentences together with its attribution; two of its errors are mended here: a split
    after an abbreviation before a weekday or month ("3 p.m. Tuesday"), and after a title or
    initial before a name.
    """
    spans: list[Span] = []
    for paragraph in paragraphs(text):
        piece = text[paragraph.start : paragraph.end]
        found: list[Span] = []
        for start, end in _parts(piece):
            before = piece[found[-1].start : start] if found else ""
            if _ENDS_OPEN.search(before) and _OPENS_DATE_OR_NAME.match(piece[start:end]):
                found[-1] = Span(found[-1].start, end)
                continue
            found.append(Span(start, end))
        spans += [Span(paragraph.start + s, paragraph.start + e) for s, e in found]
    return spans


_LONGEST = 4000  # characters that pySBD is given at once: some of its rules take the square of it
_STOP = re.compile(r"[.!?][\"'”’)\]]*\s")
_ENDS_OPEN = re.compile(
    r"(?:\b(?:[ap]\.m|Nov|Dec|Jan|Feb|Aug|Sept?|Oct|Gen|Col|Lt|Sen|Rep)|(?<![.\w])[A-Z])\.\s*$"
)
_OPENS_DATE_OR_NAME = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|[A-Z][a-z]+ [A-Z]|\d|[A-Z][a-z]+,"
)


def _parts(piece: str) -> Iterator[tuple[int, int]]:
    """What pySBD takes for the sentences of a paragraph, without outer space."""
    begins = [at + offset for at, part in _bites(piece) for offset in _begins(part)]
    for start, end in pairwise([*begins, len(piece)]):
        words = piece[start:end]
        inner = words.strip()
        if inner:
            yield start + words.index(inner[0]), start + len(words.rstrip())


def _bites(piece: str) -> Iterator[tuple[int, str]]:
    """The paragraph, in pieces where it is long (the longest of 102 news pages has 2,071
    characters): cut behind a full stop, else at a space, else anywhere."""
    start = 0
    while len(piece) - start > _LONGEST:
        half, end = start + _LONGEST // 2, start + _LONGEST
        stops = [found.end() for found in _STOP.finditer(piece, half, end)]
        cut = stops[-1] if stops else piece.rfind(" ", half, end) + 1 or end
        yield start, piece[start:cut]
        start = cut
    yield start, piece[start:]


def _begins(piece: str) -> list[int]:
    """Where sentences begin. pySBD changes some marks on its way and then finds its own sentences
    no more, or elsewhere; what it cannot find in turn belongs to the sentence before."""
    found, here = [0], 0
    for sentence in _segmenter().processor(piece).process():
        words = sentence.strip()
        at = piece.find(words, here) if words else -1
        if at < 0 or (piece[here:at].strip() and len(words) < _LEAST):
            continue
        if at > 0:
            found.append(at)
        here = at + len(words)
    return found


_LEAST = 10  # characters by which a sentence is known again behind one that was not found


@cache
def _segmenter() -> Any:
    import pysbd
    from pysbd.lang.english import English

    class Safe(English):  # type: ignore[misc]
        """The rules with a pattern for numbers in brackets that tries no way twice: pySBD's own
        takes hours for ``.[111111111111111111111111111111111111``."""

        NUMBERED_REFERENCE_REGEX = (
            r"(?<=[^\d\s])(\.|∯)"
            r"((\[(\d+(?:,\s?-?\s?|\s-?\s?|-\s?))*\d{1,3}\])+|((\d{1,3}\s?)?\d{1,3}))"
            r"(\s)(?=[A-Z])"
        )

    segmenter = pysbd.Segmenter(language="en", clean=False, char_span=True)
    segmenter.language_module = Safe
    return segmenter
