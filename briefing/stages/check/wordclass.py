"""Word classes by closed lists, endings and capitals: there is no tagger here.

Where a word may be of two classes, the answer is the one that makes the check stricter.
"""

from __future__ import annotations

from briefing.stages.check import watched
from briefing.stages.check.tokens import Token
from briefing.text import lexicon

_SUFFIXES = (
    "al", "ive", "ous", "ic", "ful", "able", "ible", "ary", "ern", "ian", "ish", "ent", "ant", "ly",
    "like", "wide", "ular", "iar", "ior",
)  # fmt: skip
_NO_ADJECTIVES = frozenset(
    {"enable", "disable", "apply", "supply", "reply", "ally", "rely", "family"}
)


def narrows(token: Token) -> bool:
    """Whether a modifier left out beside this word would make the claim wider."""
    if token.key.endswith(("ordinal", "fraction", "%", "points")) or token.key in watched.NARROW:
        return True
    low = token.text.lower()
    return low.endswith("est") and low in lexicon.IRREGULAR


def is_date(token: Token) -> bool:
    """Whether a word is a weekday, a month or a bare figure of a date."""
    low = token.text.lower()
    return low in lexicon.WEEKDAYS or (token.capital and low in lexicon.MONTHS) or low.isdigit()


def full_title(run: tuple[Token, ...]) -> bool:
    """ "former U.S. ambassador William Courtney": all that stands before a name."""
    lower = [t for t in run[:-1] if not t.capital]
    return bool(lower) and lower[-1].key in watched.TITLES and run[-1].key not in watched.TITLES


def verb_like(token: Token, before: Token | None) -> bool:
    """Whether a word may be a verb here. ``before``: the word directly before it, if any."""
    if token.capital or token.key.startswith(("#", "~")):
        return False
    low = token.text.lower()
    if low.endswith("ed") or (low in lexicon.IRREGULAR and not low.endswith(("er", "est", "men"))):
        return True
    if low.endswith("s") and not low.endswith("ss") and before is not None:
        return (before.capital and not before.demonym) or before.text.endswith("s")
    return token.key in watched.VERBS and not low.endswith("s")


def past(text: str) -> bool:
    """Whether a word has the form of a past tense or a past participle."""
    return text.endswith("ed") or text.lower() in lexicon.IRREGULAR


def noun(token: Token) -> bool:
    """Whether a word may close a noun phrase."""
    low = token.text.lower()
    return not verb_like(token, None) and not low.endswith("ly") and low not in _PLACES


_PLACES = frozenset(
    {"ahead", "away", "back", "together", "apart", "forward", "abroad", "home", "deep", "due"}
)


def adjective(token: Token, before: Token | None) -> bool:
    """Whether a word modifies what follows, by its ending or as part of a hyphened compound."""
    if token.demonym or token.glued or (before is not None and before.glued):
        return True
    low = token.text.lower()
    if token.capital or low in lexicon.IRREGULAR:
        return False
    return low.endswith(_SUFFIXES) and low not in _NO_ADJECTIVES
