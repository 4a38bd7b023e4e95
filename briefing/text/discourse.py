"""Does a sentence stand alone, or does it lean on the one before it?"""

from __future__ import annotations

import re

from briefing.text import lexicon
from briefing.text.quotes import quotations
from briefing.text.words import word_count, words

_MARKS = r"""[\s"'“”‘’«„(\[]*"""

_CONNECTIVE = re.compile(
    rf"""{_MARKS}
    (?:and|but|or|so|yet|then|thus|hence|instead|still|however|moreover|furthermore|
       meanwhile|therefore|nevertheless|nonetheless|otherwise|likewise|similarly|additionally|
       in\s(?:contrast|addition|turn|return|particular|fact)|as\sa\sresult|for\s(?:example|instance)|
       on\sthe\sother\shand|at\sthe\ssame\stime|by\scontrast|even\sso|of\scourse)
    (?:,\s*|\s+)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_REFERENCE = re.compile(
    rf"""{_MARKS}
    (?:(?:he|she|they|we|i|you|his|her|their|our|my|him|them|its|
          this|that|these|those|such|both|neither|either|another|here|there|
          the\s(?:first|second|third|fourth|latter|former|others?|same|(?:move|decision|change|shift)(?!\s(?:in|of|by|on)\s)|
                 two|three|pair|statement|comments?|remarks?|announcement|news|area|hesitation|
                 policy\s(?:change|shift|pivot))|
          (?:the\s)?(?:first|second|third),|one\s(?:of\s(?:them|these|those)|is|was|said)|some|others|most|many\sof\s(?:them|these|those)
       )(?!\w)
       |it(?:\s|’|')(?!(?:is|’s|'s|was|remains?)\s(?:rare|unclear|not|possible|likely|unlikely|clear))
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ORDINAL = re.compile(
    rf"""{_MARKS}(?:the\s)?(?:first|second|third|fourth|last|final)(?:ly)?
    (?:,|\s(?:explanation|reason|possibility|factor|option|purpose|was|is|would|concerns?)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_SUBORDINATE_PRONOUN = re.compile(r"^(?:\w+,?\s){0,4}?(?:he|she|they)\s(?!and\b)\w+", re.IGNORECASE)
_CALENDAR = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\W*$"
)
_PRONOUN_SPEAKER = re.compile(
    r"""[”"’']\s*(?:he|she|they|it)\s(?:also\s)?(?:said|says|added|told|wrote|noted|warned|asked)\b
      |[”"]\s*(?:said|added)\s(?:he|she|they)\b""",
    re.IGNORECASE | re.VERBOSE,
)


_THE_MOVE = re.compile(
    r"^(?:[\w’'-]+ ){1,5}(?:described|called|labell?ed|condemned|critici[sz]ed|welcomed|hailed|"
    r"denounced|decried) (?:the|this) (?:move|decision|shift|step)\b"
)
""" "Russian officials described the move as ...": which move stands in the sentence before."""


def connective(sentence: str) -> int:
    """Length of the connective ("However, ", "In contrast, ") at the start; 0 when there is none.

    What follows it is the same statement without its link to the sentence before.
    """
    match = _CONNECTIVE.match(sentence)
    return match.end() if match else 0


def refers_back(sentence: str) -> bool:
    """Whether the sentence cannot be understood without the one before it.

    True for an opening pronoun, demonstrative or ordinal ("He", "This stance", "The second, ..."),
    for a quotation whose speaker is a pronoun, for an opinion on "the move", and for a pronoun
    subject before any name ("In September, he stated"). A bare surname counts as known.
    """
    rest = sentence[connective(sentence) :]
    if _REFERENCE.match(rest) or _PRONOUN_SPEAKER.search(sentence) or _THE_MOVE.search(rest):
        return True
    early = _SUBORDINATE_PRONOUN.match(rest)
    if not early:
        return False
    before = early.group().split()
    return not any(word[:1].isupper() and not _CALENDAR.match(word) for word in before[1:])


def enumerates(sentence: str) -> bool:
    """Whether the sentence is one item of a list ("The second, ...", "First, ...")."""
    return bool(_ORDINAL.match(sentence))


def complete(sentence: str) -> bool:
    """Whether the sentence was not cut off: it ends in a full stop, maybe inside marks."""
    return bool(re.search(r"(?<![.…])[.!?][\"'”’»)\]]*$", sentence.rstrip()))


_ELSEWHERE = re.compile(
    rf"{_MARKS}(?:(?:also|plus|elsewhere|and)\b[^.]*\b(?:newsletter|briefing|podcast)\b|"
    r"(?:plus|elsewhere|in other news)[,:])",
    re.IGNORECASE,
)


def turns_elsewhere(sentence: str) -> bool:
    """Whether the sentence announces other matters ("Also in today's newsletter, …")."""
    return bool(_ELSEWHERE.match(sentence))


def asks(sentence: str) -> bool:
    """Whether the sentence is a question."""
    return sentence.rstrip("”\"'’» ").endswith("?")


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


_POINTS = re.compile(
    r"\b(?:this|these|such "
    r"an?|such)\s+(?!year|week|month|morning|evening|afternoon|time|summer|winter|"
    r"spring|autumn|as\b|that\b)\w+|\bthe (?:latter|former)\b(?!\s+[A-Zp])|\b(?:that|the above) "
    r"(?:move|decision|step)\b",
    re.IGNORECASE,
)


def leans(sentence: str) -> bool:
    """Whether anything in the sentence points at one before it."""
    return refers_back(sentence) or bool(unresolved(sentence))
