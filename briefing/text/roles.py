"""What was done with the things that a number counts, and which state did it."""

from __future__ import annotations

import re

from briefing.text.numbers import Quantity
from briefing.text.parties import PARTY, party

ARMS = ("downed", "fired", "hit", "given", "left", "made", "lost")
TROOPS = ("deployed", "trained", "captured", "lost")
"""What is done with weapons, and with soldiers."""

_PASSIVE = re.compile(r"\b(?:was|were|been|being|be)\s+(?:\w+\s+)?$")
_BY = re.compile(rf"\s*(?:\w+\s+){{0,2}}by (?:the )?(?P<who>{PARTY})")
_ROLES = {
    role: re.compile(rf"\b(?:{pattern})\b", re.I)
    for role, pattern in {
        "downed": r"sh(?:oots?|ot|ooting) (?:\w+ ){0,4}?down|down(?:ed|ing)|intercept\w*|repel\w*|"
        r"destroyed|brought down|neutrali[sz]ed",
        "fired": r"fir(?:e|es|ed|ing)|launch\w*|us(?:ed|es|ing)|unleashed|lobbed|volley|salvo|"
        r"barrage",
        "hit": r"hits?|struck|slammed|landed|crashed|fell",
        "given": r"giv(?:e|en|es|ing)|gave|sen[dt]s?|sending|deliver\w*|suppl(?:y|ied|ies|ying)|"
        r"receiv\w*|provid\w*|transferr?\w*|donat\w*|shipp?\w*",
        "left": r"left|remain\w*|stock\w*",
        "made": r"order\w*|bought|buys?|purchas\w*|produc\w*|makes?|making|built|builds?",
        "freed": r"freed|releas\w*|return\w*|exchang\w*|swap\w*|handed over|brought home|"
        r"came home",
        "lost": r"lost|loses|losing",
        "deployed": r"deploy\w*|mass(?:ed|ing)|amass\w*|gather\w*|station\w*|assembl\w*|"
        r"concentrat\w*|sent|number",
        "trained": r"train\w*",
        "captured": r"captur\w*|seiz\w*|took|taken|retak\w*|retook|controls?|holds?|held",
    }.items()
}
_LATER = re.compile(
    r"\b(?:will|would|could|may|might|should|plans? to|planned to|wants? to|ready to|to be)"
    r"(?: \w+){0,2} $"
)


def role_of(text: str, q: Quantity, roles: tuple[str, ...]) -> str:
    """The one of ``roles`` whose word stands nearest to the number, "" for none.

    With " later" behind it where it is only to come: "given later".
    """
    found = [(gap(m, q), role, m.start()) for role in roles for m in _ROLES[role].finditer(text)]
    if not found:
        return ""
    _, role, at = min(found)
    return f"{role} later" if _LATER.search(text[:at]) else role


def actor_of(text: str, q: Quantity, role: str) -> str:
    """The state that did what the number counts: the one ahead of the verb, or behind "by"."""
    role = role.removesuffix(" later")
    if role not in _ROLES:
        return ""
    verb = min(_ROLES[role].finditer(text), key=lambda m: gap(m, q), default=None)
    if verb is None:
        return ""
    if by := _BY.match(text[verb.end() :]):
        return party(by["who"])
    if _PASSIVE.search(text[: verb.start()]):
        return ""
    return _before(text, verb.start())


def _before(text: str, end: int) -> str:
    """The party that stands as subject ahead of ``end``; "" when it only speaks."""
    ahead = [
        m
        for m in re.finditer(PARTY, text[:end])
        if not re.search(r"\b(?:at|on|against|over|to|for|from|of|in|into)\s+$", text[: m.start()])
    ]
    if not ahead:
        return ""
    last = ahead[-1]
    between = text[last.end() : end]
    spoke = re.search(r"\b(?:said|says|say|claim\w*|report\w*|told|announced|added)\b", between)
    if spoke and not re.match(r"\s+(?:that )?(?:it|its|they)\b", between[spoke.end() :]):
        return ""
    return party(last.group())


def gap(match: re.Match[str], q: Quantity) -> int:
    """Characters between a match and the number; 0 where they touch."""
    return max(match.start() - q.end, q.start - match.end(), 0)
