"""A headline made from a checked sentence by leaving words out, never by choosing new ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from briefing.news import Article, Claim, Passage
from briefing.stages.check.review import review
from briefing.stages.check.rules import HEADLINE_WORDS
from briefing.text.words import word_count

_LEAD = re.compile(
    r"^(?:however|meanwhile|in response|also|then|now|thus|yet|on \w+day|on \w+ \d{1,2}|in "
    r"(?:\w+ )?\d{4}|"
    r"in (?:january|february|march|april|may|june|july|august|september|october|november|"
    r"december))\s*,\s+",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*\([^()]*\)|\s*[—–]\s[^—–]*\s[—–](?=\s)|,[^,;:“”\"]{3,120},(?=\s)")
_STOP = re.compile(
    r"(?=\s*[;:—–]\s)|(?=,\s)|(?=\s(?:which|who|whose|where|when|while|as|after|amid|despite|"
    r"because|since|"
    r"although|though|and|in|on|at|for|with|by|from|against|during|through|within|under|over|"
    r"following|"
    r"across|near|into)\s)"
)


def headline(claim: Claim, *, articles: Mapping[str, Article], floor: float) -> Claim | None:
    """The longest shortening of ``claim`` to a headline that passes every rule, or ``None``."""
    seen: set[str] = set()
    for candidate in sorted(_candidates(claim.text), key=lambda c: (-word_count(c), c)):
        if candidate in seen:
            continue
        seen.add(candidate)
        made = review(
            candidate, claim.passages, claim.score, articles=articles, floor=floor, kind="headline"
        )
        if isinstance(made, Claim):
            return Claim(made.text, made.passages, claim.score, "written", made.sourcing)
    return None


def _candidates(text: str) -> Iterator[str]:
    """Shortenings of ``text`` at clause and phrase boundaries, of three to twelve words."""
    body = text.rstrip(" .")
    for whole in {body, _LEAD.sub("", body)}:
        for bare in {whole, _ASIDE.sub("", whole)}:
            bare = bare[:1].upper() + bare[1:]
            for cut in [m.start() for m in _STOP.finditer(bare)] + [len(bare)]:
                piece = bare[:cut].rstrip(" ,;:—–")
                if 4 <= word_count(piece) <= HEADLINE_WORDS:
                    yield piece


def opening(passage: Passage) -> str:
    """The first words of a sentence up to a boundary, with "…": eleven words at most."""
    text = passage.text
    limit = 0
    for m in re.finditer(r"\S+", text):
        if word_count(text[: m.end()]) > HEADLINE_WORDS - 1:
            break
        limit = m.end()
    cuts = [
        m.start()
        for m in _STOP.finditer(text)
        if m.start() <= limit and word_count(text[: m.start()]) > 3
    ]
    return text[: cuts[-1] if cuts else limit].rstrip(" ,;:—–.“‘(") + "…"
