"""What kind of missile a sentence says was fired, who says so, and whether it is denied.

"Ukraine says Russia fired an intercontinental ballistic missile" asserts *intercontinental*;
"Western officials said an ICBM was not used" denies it. A missile that somebody might fire, or one
with a name of another maker (ATACMS), is no matter of this reading.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from briefing.text.names import weapons
from briefing.text.parties import PARTY, party

KINDS = (
    "intercontinental", "intermediate-range", "medium-range", "short-range", "cruise", "ballistic",
    "hypersonic", "experimental",
)  # fmt: skip
"""In the order in which they tell most."""
EXCLUDE = (
    frozenset(("intercontinental", "intermediate-range", "medium-range", "short-range")),
    frozenset(("cruise", "ballistic")),
    frozenset(("cruise", "intercontinental")),
)
"""Kinds of which one missile is only one (ranges as in the INF treaty of 1987). "Experimental" and
"hypersonic" go with any range."""


class Nature(NamedTuple):
    """One kind that a sentence gives to a missile that was fired."""

    kind: str  # one of KINDS
    denied: bool
    speaker: str  # a state of `parties`, "western officials", or "" when the text itself says so


_KIND = re.compile(
    r"(?P<intercontinental>\bintercontinental\b|\bICBMs?\b)"
    r"|(?P<intermediate>\bintermediate[ -]range\b|\bIRBMs?\b)"
    r"|(?P<medium>\bmedium[ -]range\b|\bMRBMs?\b)"
    r"|(?P<short>\bshort(?:er)?[ -]range\b|\bSRBMs?\b)"
    r"|(?P<cruise>\bcruise(?= missiles?\b))"
    r"|(?P<ballistic>\bballistic\b)"
    r"|(?P<hypersonic>\bhypersonic\b)"
    r"|(?P<experimental>\bexperimental\b)",
    re.I,
)
_MISSILE = re.compile(r"\b(?:missiles?|rockets?|projectiles?|I[CR]BMs?|[MS]RBMs?|weapons?)\b", re.I)
_FIRED = re.compile(
    r"\b(?:fir(?:es?|ed|ing)|launch(?:es|ed|ing)?|us(?:es?|ed|ing)|strikes?|struck|hits?|"
    r"attack(?:s|ed)?|test(?:s|ed|ing)?|deploy(?:s|ed|ment)|target(?:s|ed)|volley|was|were|"
    r"included)\b",
    re.I,
)
_TO_COME = re.compile(
    r"\b(?:could|may|might|would|will|should|can|capable of|able to|threat(?:s|en\w*)? (?:to|of)|"
    r"if|plans? to|ready to|vows? to|start|production|produc\w+|defen[cs]es? against|treaty|"
    r"called|what is|how)\b",
    re.I,
)
_NOT = re.compile(
    r"\b(?:not|no|never|isn[’']t|wasn[’']t|rather than|instead of|rul(?:ed|es?|ing) out|"
    r"den(?:y|ies|ied|ying)|disput\w+|doubt(?:s|ed)?|reject\w*|contradict\w*)\b",
    re.I,
)
_REACHES_NO_FURTHER = re.compile(r"\b(?:comment|say whether|immediate|saying|said)\b", re.I)
_BUT = re.compile(r",? but (?:rather )?|,? (?:and )?instead(?! of)|;|(?<![A-Z])\. ")
_ONLY = re.compile(r"\bballistic (?:missiles?|one) only\b|\bonly (?:a )?ballistic\b", re.I)
_WEST = re.compile(
    r"\b(?:Western|West[’']s|NATO)\b[^.;,]{0,30}\b(?:officials?|sources?|diplomats?)\b", re.I
)
_OTHER_MAKERS = re.compile(
    r"\b(?:American|U\.S\.|US|British|Western|West[’']s|French|German|Ukrainian|Kyiv[’']s|"
    r"Ukraine[’']s)[- ](?:made |supplied |and [\w.]+ |provided |own )*"
    r"(?:[\w-]+ ){0,2}(?:missiles?|weapons?)\b"
)
_UKRAINE_FIRES = re.compile(
    r"(?<!on )(?<!at )(?<!against )\b(?:Ukraine|Kyiv)(?: is| to| has| have| forces)*(?: \w+)? "
    r"(?i:us(?:e|es|ed|ing)|fir(?:e|es|ed|ing))(?! (?:[\w-]+ ){0,3}(?:Russia|Moscow))\b"
    r"(?:(?!Russia|Moscow).)*$"
)
_RUSSIAN = frozenset(("Oreshnik", "Kinzhal", "Iskander", "Rubezh", "Yars", "Sarmat", "Kh-101",
                      "Kalibr", "Zircon", "Tsirkon"))  # fmt: skip


def natures(text: str) -> tuple[Nature, ...]:
    """The kinds that ``text`` gives to a missile which it says was fired, or denies of it.

    A denial reaches to the next "but" or semicolon: in "not an ICBM but an intermediate-range
    missile" the second kind is asserted. Each kind comes once; nothing is read where the missile is
    only a possibility, or one that another side made.
    """
    if not _FIRED.search(text) or not _MISSILE.search(text):
        return ()
    found: dict[tuple[str, bool], Nature] = {}
    for match in _KIND.finditer(text):
        clause, at = _clause(text, match.start())
        if _elsewhere(text, match) or _possible(clause, at):
            continue
        denied = _denied(clause, at, match.group())
        kind = _name(match)
        found.setdefault(
            (kind, denied), Nature(kind, denied, _speaker(text, match.start(), denied=denied))
        )
    if only := _ONLY.search(text):
        speaker = _speaker(text, only.start(), denied=True)
        found.setdefault(("intercontinental", True), Nature("intercontinental", True, speaker))
    return tuple(found.values())


def excludes(one: Nature, other: Nature) -> bool:
    """Whether the two cannot both be right about one missile."""
    if one.kind == other.kind:
        return one.denied != other.denied
    if one.denied or other.denied:
        return False
    return any(one.kind in kinds and other.kind in kinds for kinds in EXCLUDE)


def lead(nature: Nature) -> str:
    """``intercontinental`` or ``not intercontinental``."""
    return f"not {nature.kind}" if nature.denied else nature.kind


def _name(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    return f"{kind}-range" if kind in ("intermediate", "medium", "short") else kind


def _clause(text: str, at: int) -> tuple[str, int]:
    """The clause around ``at``, and where ``at`` is in it."""
    begin, end = 0, len(text)
    for cut in _BUT.finditer(text):
        if cut.end() <= at:
            begin = cut.end()
        elif cut.start() > at:
            end = cut.start()
            break
    return text[begin:end], at - begin


def _denied(clause: str, at: int, kind: str) -> bool:
    """Whether the clause denies what stands at ``at``: ahead of it, or "an ICBM was not used"."""
    ahead = clause[:at]
    near = [m for m in _NOT.finditer(ahead) if len(ahead) - m.end() < 60]
    if near and not _REACHES_NO_FURTHER.search(ahead[near[-1].start() :]):
        return True
    behind = clause[at + len(kind) :]
    return bool(
        re.match(
            r"(?: ballistic)?(?: missiles?)?(?: \(ICBM\))?(?: claims?)? (?:is|was|were|had|has|"
            r"have)(?: been)?\s?(?:n[’']t|not|never|disputed|denied|ruled out|rejected)\b",
            behind,
            re.I,
        )
    )


def _possible(clause: str, at: int) -> bool:
    """Whether the missile is one to come, or spoken of in general."""
    ahead = clause[max(0, at - 60) : at]
    found = _TO_COME.search(ahead)
    suggests = re.search(r"\bmay have|might have|believ\w+|suggest\w*\b", ahead, re.I)
    return bool(found and not suggests)


def _elsewhere(text: str, match: re.Match[str]) -> bool:
    """Whether the kind belongs to a missile of another maker."""
    if any(m.start() <= match.start() < m.end() for m in _OTHER_MAKERS.finditer(text)):
        return True
    if _UKRAINE_FIRES.search(text[: match.start()]):
        return True
    named = [w.text for w in weapons(text) if abs(w.start - match.start()) < 50]
    return bool(named) and not _RUSSIAN.intersection(named)


def _speaker(text: str, at: int, *, denied: bool) -> str:
    """Whoever a verb of saying in this clause, or else in this sentence, belongs to.

    A denial is not by whoever speaks ahead of it: "Kyiv says it was an ICBM; this is disputed".
    """
    clause, _ = _clause(text, at)
    return _spoken(clause) or _spoken(text[at:] if denied else text)


def _spoken(text: str) -> str:
    if _WEST.search(text):
        return "western officials"
    found = next((m for pattern in _SPOKEN if (m := pattern.search(text))), None)
    return party(next(name for name in found.groups() if name)) if found else ""


_SAYS = (
    r"(?i:said|saying|says|say|claim(?:s|ed)?|accus\w+|confirm\w*|told|believes?|suggest\w*|"
    r"raised alarm|does not believe)"
)
_SPOKEN = (
    re.compile(rf"(?P<who>{PARTY})(?:[’']s)?(?: (?!did|not)[\w-]+){{0,4}}? {_SAYS}\b"),
    re.compile(rf"\b(?:{_SAYS}|according to)\b(?: [\w-]+){{0,2}}? (?P<who>{PARTY})"),
    re.compile(rf"^(?P<who>{PARTY}):|[–—] (?P<behind>{PARTY})$"),
)
