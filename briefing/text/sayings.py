"""A sentence apart: what is claimed, who says so, and with which verb."""

from __future__ import annotations

import re
from typing import NamedTuple

from briefing.text import lexicon
from briefing.text.acts import DENYING, SAYING, act_of, is_noun
from briefing.text.voices import voice
from briefing.text.words import Word, content_stems, words

SETTING = lexicon.every(
    "after as amid over before while following because despite since until though although but if "
    "when unless whether ahead during where which who"
)
"""Words that open the setting of the news."""
_FARTHEST = 14  # words from the start in which a leading speaker's verb stands

_VERB = (
    r"(?:say|said|claim|report|confirm|warn|write|wrote|add|state|announce|argue|insist|note|"
    r"acknowledge|admit|estimate|vow)(?:s|d|es|ed)?"
)
_TRAILING = re.compile(
    rf"(?:[,”\"’']+|[,–—-]) (?P<who>[^;:“”\"]{{3,80}}?),? (?:(?:has|have|had|also|later) )?"
    rf"(?P<verb>{_VERB}|tells? [^,;]{{3,30}}|told [^,;]{{3,30}}|says? it)"
    r"(?P<when> (?:on|late|early|in|to) [^,;“”\"]{2,30})?\.?$|"
    r",? according to (?P<whom>[^;:“”\"]{3,90}?)\.?$|"
    r" [–—-] (?P<paper>[A-Z][\w .&]{1,40}|[Rr]eports?)$|: (?P<media>[Rr]eports?)$"
)
_LEADING = re.compile(r"^According to (?P<who>[^,;:“”\"]{3,80}), (?=\S)")
_HEADED = re.compile(r"^(?P<who>(?:[A-Z][\w.’']* ?){1,2}): (?=[A-Z“‘\"'])")
"""A headline that opens with its speaker: "Putin: Russia tested a missile"."""
_CONFIRMED_BY = re.compile(
    r"^(?P<what>[^,;:]{3,80}?) (?:was|were|has been|have been|is|are) (?:\w+ly )?"
    r"(?P<verb>confirmed|acknowledged|denied|disputed|reported) by (?P<who>[^,;:.]{3,60})"
)
_CLAIMED = re.compile(
    r"^ (?:[\w’'-]+ ){0,3}?(?:claims?|reports?|allegations?|accusations?|suggestions?|that|it\b|"
    r"\w+ing\b|any (?:involvement|role))"
)
"""What is denied when somebody *rejects* or *dismisses*: otherwise it is a plan or an offer."""
_ACCUSED = re.compile(r" of \w+ing\b")
_OWN = re.compile(r"no to\b|(?:that )?(?:it|they|he|she|its|his|her|their|we|our)\b", re.I)


class Said(NamedTuple):
    """What a sentence claims, and who says so."""

    claim: str  # the sentence without its attribution
    speaker: str = ""  # a party, else the last word of whoever it is; "" when nobody is named
    verb: str = ""  # stem of the verb of saying
    own: bool = False  # the claim is of the speaker itself ("says it has shot down")


def said(text: str) -> Said:
    """``text`` apart from its attribution, at its end or at its start."""
    if found := _CONFIRMED_BY.match(text):
        return Said(found["what"], speaker(found["who"]), _stem(found["verb"]))
    if found := _TRAILING.search(text):
        who = next((found[g] for g in ("who", "whom", "paper", "media") if found[g]), "")
        if not _is_clause(who):
            return _said(text[: found.start()], who, _stem(found["verb"] or ""))
    if found := _LEADING.match(text):
        return _said(text[found.end() :], found["who"], "")
    if (found := _HEADED.match(text)) and voice(found["who"]):
        return _said(text[found.end() :], found["who"], "say")
    tokens = words(text)
    for at, token in enumerate(tokens[:_FARTHEST]):
        if at == 0:
            continue
        if token.text.lower() in SETTING:
            break
        rest, who = text[token.end :], text[: token.start]
        if token.stem == "accus" and _ACCUSED.search(rest):
            return Said(rest, speaker(who), token.stem)
        if _says(tokens, at, rest):
            return _said(rest.lstrip(" ,:"), who, token.stem)
        if act_of(token.stem) and not is_noun(tokens, at):
            break
    return Said(text)


def _said(claim: str, who: str, verb: str) -> Said:
    gerund = verb in DENYING and re.match(r"\w+ing\b", claim)
    return Said(claim, speaker(who), verb, bool(gerund or _OWN.match(claim)))


def _says(tokens: list[Word], at: int, rest: str) -> bool:
    token = tokens[at]
    if token.text.lower() == "not" or is_noun(tokens, at):
        return False
    if token.stem in DENYING:
        return token.stem in ("deni", "disput", "refut") or bool(_CLAIMED.match(rest))
    return token.stem in SAYING


def _is_clause(who: str) -> bool:
    """Whether what stands before the verb is more than somebody ("which Kyiv has not yet")."""
    return any(w.text.lower() in SETTING | {"not", "that"} for w in words(who)[:1])


def _stem(verb: str) -> str:
    return next((w.stem for w in words(verb) if w.stem in SAYING), "")


def speaker(who: str) -> str:
    """Somebody as one name: a party, or the last content word ("official", "guardian")."""
    who = who.rsplit(": ", 1)[-1]
    return voice(who) or (content_stems(who) or [""])[-1]
