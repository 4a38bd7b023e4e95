"""Does a sentence stand alone, or does it lean on the one before it?"""

from __future__ import annotations

import re

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


def connective(sentence: str) -> int:
    """Length of the connective ("However, ", "In contrast, ") at the start; 0 when there is none.

    What follows it is the same statement without its link to the sentence before.
    """
    match = _CONNECTIVE.match(sentence)
    return match.end() if match else 0


def refers_back(sentence: str) -> bool:
    """Whether the sentence cannot be understood without the one before it.

    True for an opening pronoun, demonstrative or ordinal ("He", "This stance", "The second, ..."),
    for a quotation whose speaker is a pronoun, and for a pronoun subject before any name
    ("In September, he stated"). A bare surname counts as known.
    """
    rest = sentence[connective(sentence) :]
    if _REFERENCE.match(rest) or _PRONOUN_SPEAKER.search(sentence):
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


def asks(sentence: str) -> bool:
    """Whether the sentence is a question."""
    return sentence.rstrip("”\"'’» ").endswith("?")
