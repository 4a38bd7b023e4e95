"""A headline made from a checked sentence by leaving words out, never by choosing new ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from briefing.news import Article, Claim, Passage
from briefing.stages.check.review import review
from briefing.stages.check.rules import HEADLINE_WORDS
from briefing.text.words import is_function_word, word_count

_SHORTEST = 4
_SPAN = 3
"""Words left out at one place inside a headline, at most."""
_LEAD = re.compile(
    r"^(?:(?:however|meanwhile|also|then|now|thus|yet|recently)|(?:on|in|since|for|at|after|amid|"
    r"despite|during"
    r"|following) [^,“”\"]{2,80}),\s+",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*\([^()]*\)|\s*[—–]\s[^—–]*\s[—–](?=\s)|,[^,;:“”\"]{3,120},(?=\s)")
_SAID = re.compile(
    r"^(?P<who>[^,“”\"]{2,60}?)(?:, [^,“”\"]+,)?(?: also| have| has| had| recently)* "
    r"(?P<verb>said|says|told|"
    r"suggested|argued|explained|noted|warned|confirmed|reported|revealed|announced|believes|"
    r"claimed|added|"
    r"emphasized|stressed)\b(?P<more>[^,“”\"]{0,80}?) that (?P<body>.+)$"
)
_ACCORDING = re.compile(r"^According to (?P<who>[^,“”\"]{2,60}), (?P<body>.+)$")


def headline(claim: Claim, *, articles: Mapping[str, Article], floor: float) -> Claim | None:
    """The longest shortening of ``claim`` to a headline that passes every rule, or ``None``."""
    seen: set[str] = set()
    for round_ in (_ends, _spans):
        made_of = set(round_(claim.text)) - seen
        for text in sorted(made_of, key=lambda c: (bool(_LEAD.match(c)), -word_count(c), c)):
            seen.add(text)
            made = review(
                text, claim.passages, claim.score, articles=articles, floor=floor, kind="headline"
            )
            if isinstance(made, Claim):
                return made
    return None


def _bodies(text: str) -> Iterator[tuple[str, str]]:
    """What is told, and who tells it where that can stand behind: ("X", ", Miller said")."""
    whole = text.rstrip(" .")
    for body in {whole, _LEAD.sub("", whole)}:
        for bare in {body, _ASIDE.sub("", body)}:
            yield _capital(bare), ""
            if found := _ACCORDING.match(bare):
                yield _capital(found["body"]), f", {_lower(found['who'])} said"
            elif found := _SAID.match(bare):
                verb = "said" if found["verb"] == "told" else found["verb"]
                yield _capital(found["body"]), f", {_lower(found['who'])} {verb}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(who: str) -> str:
    first = who.split()[0]
    number = first.lower() in ("two", "three", "four", "five", "six", "several", "many", "some")
    common = number or is_function_word(first) or first.lower().endswith("s")
    return who[:1].lower() + who[1:] if common and " of " not in who else who


def _ends(text: str) -> Iterator[str]:
    """Headlines that leave out what stands after some word."""
    for body, who in _bodies(text):
        pieces = body.split()
        room = HEADLINE_WORDS - word_count(who)
        for size in range(min(room, len(pieces)), _SHORTEST - 1, -1):
            yield " ".join(pieces[:size]).rstrip(" ,;:—–") + who


def _spans(text: str) -> Iterator[str]:
    """Headlines that leave out a few words inside as well."""
    for body, who in _bodies(text):
        pieces = body.split()
        room = HEADLINE_WORDS - word_count(who)
        for size in range(min(room + _SPAN, len(pieces)), _SHORTEST, -1):
            for start in range(size):
                for cut in range(1, _SPAN + 1):
                    kept = pieces[:start] + pieces[min(size, start + cut) : size]
                    if _SHORTEST <= len(kept) <= room:
                        yield _capital(" ".join(kept)).rstrip(" ,;:—–") + who


def opening(passage: Passage) -> str:
    """The first words of a sentence with "…": eleven at most, none of them left hanging."""
    pieces = passage.text.split(" ")
    size = min(HEADLINE_WORDS - 1, len(pieces))
    while size > _SHORTEST and is_function_word(pieces[size - 1].strip(',;:“”"')):
        size -= 1
    return " ".join(pieces[:size]).rstrip(' ,;:—–.“‘("') + "…"
