"""What a shortening may not leave out, whatever else holds.

Read off shortenings that passed every other rule and still changed the claim: a target ("missiles
[against Russia]"), a condition ("territory [in exchange for peace]"), a second half ("to produce
[and deploy]"), a day ("on Thursday"), a phrase whose loss hangs the next one on another word
("authorized [for use] in Kursk").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from briefing.stages.check import watched
from briefing.text import lexicon
from briefing.text.dates import mentions
from briefing.text.words import Word, words

_MAY_FOLLOW = lexicon.every("after as while amid since because although though whereas")
"""Words that open a clause of their own, at which a sentence may stop without a comma."""
_HANGING = lexicon.PREPOSITIONS | {"and", "or", "to"}
_FINITE = lexicon.MODALS | lexicon.BE - {"be", "been", "being"} | lexicon.HAVE - {"having"}
_RELATIVES = lexicon.every("who which whose where whom")
_BOUNDARY = re.compile(r"\s*[”\"’')\]]*\s*(?:[,;:.!?…—–(]|\s-\s|$)")


def cut_short(text: str, sources: Sequence[str], *, headline: bool) -> str:
    """The first part that must not be missing; asked of one source at a time.

    A headline may also stop before a participle ("missiles [targeting …]").
    """
    if len(sources) != 1:
        return ""
    source = sources[0]
    ours, theirs = words(text), words(source)
    kept = _kept(ours, theirs)
    if not kept:
        return ""
    if not headline and len(kept) < _IN_ORDER * len(ours):
        return "told in another order"
    return _end(source, theirs, kept, headline=headline) or _joints(source, theirs, kept)


def rehung(text: str, source: str) -> str:
    """A phrase that hangs on another word than in the source."""
    theirs = words(source)
    joints = pairwise(_kept(words(text), theirs))
    return next((found for a, b in joints if (found := _hangs(source, theirs, a, b))), "")


def lost_day(text: str, sources: Sequence[str]) -> str:
    """A weekday or a date of the source that the sentence does not have."""
    if len(sources) != 1:
        return ""
    told = text.lower()
    for mention in mentions(sources[0]):
        words_ = re.findall(r"\w+", mention.text.lower())
        if (mention.weekday is not None or mention.day) and not all(w in told for w in words_):
            return f"{mention.text!r} is missing"
    return ""


def _kept(ours: Sequence[Word], theirs: Sequence[Word]) -> list[int]:
    """Places in the source of the words that the sentence kept, in order."""
    matcher = SequenceMatcher(
        None, [w.stem for w in ours], [w.stem for w in theirs], autojunk=False
    )
    return [b + n for _, b, size in matcher.get_matching_blocks() for n in range(size)]


def _end(source: str, theirs: Sequence[Word], kept: Sequence[int], *, headline: bool) -> str:
    """Where the sentence stops, the source must stop too, or open another clause."""
    last = kept[-1]
    rest = source[theirs[last].end :]
    if _BOUNDARY.match(rest) or last + 1 >= len(theirs):
        return ""
    following = theirs[last + 1].text
    participle = headline and following.lower().endswith(("ing", "ed"))
    if following.lower() in _MAY_FOLLOW or participle:
        return ""
    return f"stops before {following!r}"


def _joints(source: str, theirs: Sequence[Word], kept: Sequence[int]) -> str:
    """What is left out inside may be no phrase of place, aim or company, and no second half; a
    phrase after a gap must still hang on the word it hung on."""
    for a, b in pairwise(kept):
        if b == a + 1:
            continue
        first = theirs[a + 1].text.lower()
        if _where_said(theirs, a, b):
            continue
        if first in _HANGING and not _BOUNDARY.match(source[theirs[a].end :]):
            return f"leaves out what {first!r} begins"
        if found := _hangs(source, theirs, a, b):
            return found
    return ""


def _where_said(theirs: Sequence[Word], a: int, b: int) -> bool:
    """ "said [at the summit] that ...": where or to whom it was said may go."""
    told = theirs[a].stem in watched.SAY and not theirs[a].text[0].isupper()
    named = any(w.text.lower() in _FINITE for w in theirs[a + 1 : b])
    return told and theirs[b].text.lower() == "that" and b - a <= _PLACE_WORDS and not named


_PLACE_WORDS = 9
_IN_ORDER = 0.85
"""Least share of a shortening's words that stand in the source in this order."""


def _hangs(source: str, theirs: Sequence[Word], a: int, b: int) -> str:
    """Whether the kept word ``b`` is a preposition that hung on something left out after ``a``."""
    if b == a + 1:
        return ""
    if theirs[b].text.lower() in _RELATIVES:
        return f"{theirs[b].text!r} would tell of {theirs[a].text!r}"
    if theirs[b].text.lower() not in lexicon.PREPOSITIONS:
        return ""
    gap = source[theirs[a].end : theirs[b].start]
    if _BOUNDARY.match(gap) and gap.rstrip()[-1:] in ",)—–":
        return ""
    return f"{theirs[b].text!r} hangs on another word"
