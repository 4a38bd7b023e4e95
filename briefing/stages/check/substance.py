"""Does a sentence say something, or only announce it?"""

from __future__ import annotations

from collections.abc import Sequence

from briefing.text.names import names
from briefing.text.numbers import quantities
from briefing.text.words import content_stems

LEAST_STEMS = 6
"""Content words of a sentence that names nobody and nothing: "One major issue has remained
contentious" has four."""


def substance(text: str, sources: Sequence[str]) -> str:
    """A sentence without matter: too few words and no name, or what stands before a colon alone."""
    stems = content_stems(text)
    figures = [q for q in quantities(text) if q.high != 1]  # "one issue" counts nothing
    if len(stems) < LEAST_STEMS and not names(text) and not figures:
        return "names nothing"
    if len(sources) == 1 and _stops_at_colon(stems, sources[0]):
        return "stops before the colon"
    return ""


def _stops_at_colon(stems: Sequence[str], source: str) -> bool:
    head, colon, tail = source.partition(": ")
    told = set(stems)
    announced = set(content_stems(tail)) - set(content_stems(head))
    return bool(colon) and bool(announced) and not told & announced
