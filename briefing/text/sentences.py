"""Paragraphs and sentences of a plain text, as spans of it."""

from __future__ import annotations

import re
from functools import cache
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
    """Spans of the sentences of ``text``, paragraph by paragraph.

    Boundaries come from pySBD's rules (Sadvilkar and Neumann 2020), which keep a quotation of
    several sentences together with its attribution; two of its errors are mended here: a split
    after an abbreviation before a weekday or month ("3 p.m. Tuesday"), and after a title or
    initial before a name.
    """
    spans: list[Span] = []
    for paragraph in paragraphs(text):
        piece = text[paragraph.start : paragraph.end]
        found: list[Span] = []
        for part in _segmenter().segment(piece):
            start, end = part.start, part.end
            while start < end and piece[start].isspace():
                start += 1
            while end > start and piece[end - 1].isspace():
                end -= 1
            if start == end:
                continue
            before = piece[found[-1].start : start] if found else ""
            if _ENDS_OPEN.search(before) and _OPENS_DATE_OR_NAME.match(piece[start:end]):
                found[-1] = Span(found[-1].start, end)
                continue
            found.append(Span(start, end))
        spans += [Span(paragraph.start + s, paragraph.start + e) for s, e in found]
    return spans


_ENDS_OPEN = re.compile(
    r"(?:\b(?:[ap]\.m|Nov|Dec|Jan|Feb|Aug|Sept?|Oct|Gen|Col|Lt|Sen|Rep)|(?<![.\w])[A-Z])\.\s*$"
)
_OPENS_DATE_OR_NAME = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|[A-Z][a-z]+ [A-Z]|\d|[A-Z][a-z]+,"
)


@cache
def _segmenter() -> Any:
    import pysbd

    return pysbd.Segmenter(language="en", clean=False, char_span=True)
