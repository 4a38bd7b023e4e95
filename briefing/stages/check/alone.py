"""Which of a source's own sentences can be read without the one before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefing.news import Passage
from briefing.text import lexicon
from briefing.text.quotes import quotations
from briefing.text.words import word_count, words

LONGEST = 45
"""Most words of a quoted sentence: three lines on a phone."""
SHORTEST = 6

_LEANS = re.compile(
    r"^[“\"‘']?(?:(?:this|these|those|such|that|he|she|they|his|her|their|its|him|them|we|i|our|"
    r"my)\b"
    r"|it\b(?!\s+(?:is|was|remains|remained|would be|will be)\s+(?:unclear|not "
    r"clear|rare|likely|unlikely|"
    r"possible|impossible|expected|known|believed|important|too early)\b)"
    r"|the\s+(?:first|second|third|fourth|last|latter|former|other|others|same)\b(?!\s+(?:time|"
    r"lady|world|use))"
    r"|(?:first|second|third|secondly|thirdly|finally|another|others?|both|neither|either)\b"
    r"|(?:however|but|yet|and|so|or|nor|also|still|instead|moreover|furthermore|nevertheless|"
    r"nonetheless|"
    r"otherwise|therefore|thus|hence|consequently|in addition|in contrast|by contrast|in "
    r"turn|for example|"
    r"for instance|as a result|similarly|likewise|besides|rather|then|accordingly|at the same time|"
    r"on the other hand|on the contrary|that said|even so|here|there,|while (?:he|she|it|they)\b))",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:this|these|such "
    r"an?|such)\s+(?!year|week|month|morning|evening|afternoon|time|summer|winter|"
    r"spring|autumn|as\b|that\b)\w+|\bthe (?:latter|former)\b(?!\s+[A-Zp])|\b(?:that|the above) "
    r"(?:move|decision|step)\b",
    re.IGNORECASE,
)
_SOFT = re.compile(
    r"^(?:in response|now|meanwhile|later|earlier|recently|since then|the "
    r"(?:move|decision|shift|report|plan|"
    r"announcement|statement|officials?|strike|attack|missiles?|company|group|ministry))\b"
    r"|\bthe (?:move|shift|development|announcement)\b",
    re.IGNORECASE,
)


def unresolved(text: str) -> str:
    """A pronoun or pointer outside quote marks that no earlier word of ``text`` explains."""
    plain = _blank_quotes(text)
    before = 0
    named = False
    for word in words(plain):
        low = word.text.lower()
        if low in _PERSONAL and not named:
            return word.text
        if low in _NEUTRAL and not before and not _expletive(plain, word.start):
            return word.text
        if low not in lexicon.FUNCTION_WORDS:
            before += 1
            named = named or word.text[0].isupper() or low in _PEOPLE
    found = _POINTS.search(plain)
    return found.group() if found else ""


_PERSONAL = frozenset(["he", "she", "him", "her", "his", "hers", "himself", "herself"])
_NEUTRAL = frozenset(["it", "its", "they", "them", "their", "theirs", "itself", "themselves"])
_PEOPLE = frozenset(
    [
        "man",
        "woman",
        "president",
        "minister",
        "official",
        "officer",
        "leader",
        "adviser",
        "advisor",
        "soldier",
        "analyst",
        "fellow",
        "expert",
        "spokesman",
        "spokeswoman",
        "general",
        "commander",
        "director",
        "father",
        "mother",
        "son",
        "senator",
        "ambassador",
    ]
)


def _expletive(text: str, start: int) -> bool:
    return bool(
        re.match(
            r"it\s+(?:is|was|remains|remained|would be|will "
            r"be)\s+(?:\w+\s+){1,3}(?:that|whether|to|how|why|if)\b",
            text[start:],
            re.IGNORECASE,
        )
    )


def _blank_quotes(text: str) -> str:
    for q in reversed(quotations(text)):
        if word_count(q.words) > 3:
            text = text[: q.start] + "x" + text[q.end :]
    return text


def stands_alone(passage: Passage) -> bool:
    """Whether the sentence is complete, of a printable length, and leans on nothing before it."""
    text = passage.text
    if passage.kind == "title" or not SHORTEST <= word_count(text) <= LONGEST:
        return False
    if not re.search(r"[.!][”\"’)]*$", text) or not re.match(r"[A-Z0-9“\"‘']", text):
        return False
    if (
        text.count("“") != text.count("”")
        or text.count('"') % 2
        or text.count("(") != text.count(")")
    ):
        return False
    if re.match(r"[“\"‘']", text) and not re.search(r"[”\"’'],?\s+\S", text[1:]):
        return False  # a quotation whose speaker is not named
    return not _LEANS.match(text) and not unresolved(text)


def best(passages: Sequence[Passage]) -> Passage | None:
    """The passage that reads best alone, ``None`` when none does. Earlier ones win a tie."""
    fit = [p for p in passages if stands_alone(p)]
    if not fit:
        return None
    return min(fit, key=lambda p: (_cost(p.text), passages.index(p)))


def _cost(text: str) -> int:
    """0 for a sentence that reads well; more for a soft pointer, and for each ten words over 30."""
    return len(_SOFT.findall(text)) + max(0, word_count(text) - 30) // 10
