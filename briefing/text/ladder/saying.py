"""Who says a clause, and how: verbs of saying, and what their subjects are."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from briefing.text.ladder.parties import OTHER, Kind, actors

Manner = Literal["says", "claims", "guesses", "denies", "withholds", "fears", "plans"]
"""``says``: puts it on record. ``claims``: says so, in a verb that does not. ``guesses``: thinks or
hints that it is so. ``withholds``: would not say or confirm it. ``fears``: warns of it, hopes for
it, accuses somebody of it. ``plans``: may yet say so."""


_MANNERS: tuple[Manner, ...] = ("withholds", "denies", "fears", "guesses", "says", "claims")
"""Those that a verb shows by itself, as groups of :data:`VOICE`."""


class Voice(NamedTuple):
    """One that says a clause."""

    side: str  # a giver, "Ukraine", "Russia" or ""
    kind: Kind
    manner: Manner


REPORTS = Voice(OTHER, "media", "says")
""" "Reports that ...": there are such reports, whoever would not confirm them."""


_SAY = (
    r"(?:sa(?:id|ys?)|t(?:old|ells?)|confirm(?:ed|s|ing)?|announc(?:ed?|es|ing)|acknowledg(?:ed?|"
    r"es)|admit(?:ted|s)?|declar(?:ed?|es)|stat(?:ed|es)|disclos(?:ed?|es)|reveal(?:ed|s)?|"
    r"wr(?:ote|ites)|add(?:ed|s)|note[ds]|reiterat(?:ed|es)|repeat(?:ed|s) that|explain(?:ed|s))"
)
_CLAIM = (
    r"(?:stress(?:ed|es)|emphasi[sz](?:ed|es)|underlin(?:ed|es)|maintain(?:ed|s)(?= that)|"
    r"assert(?:ed|s)|vow(?:ed|s)|pledg(?:ed|es)|promis(?:ed|es)|remark(?:ed|s)|comment(?:ed|s)|"
    r"conclud(?:ed|es)|repli(?:ed|es)|respond(?:ed|s)|recall(?:ed|s)|post(?:ed|s)|tweeted|"
    r"assur(?:ed|es)|pointed out|made clear|argued|learn(?:ed|t)|claim(?:ed|s)?|report(?:ed|s)?|"
    r"argu(?:ed?|es)|insist(?:ed|s)?(?! on)|understands?|writes?|quot(?:ed|es))"
)
_DENY = (
    r"(?:den(?:y|ied|ies|ying)(?! (?:Ukraine|Kyiv|it)(?: again)? (?:permission|leave|"
    r"the right))(?: (?:a|the|any|all|that)? ?(?:\w+ )?reports?)?|dismiss(?:ed|es)(?: as (?:false|"
    r"fake|untrue|nonsense))?(?: (?:a|an|the|any)? ?(?:\w+ )?(?:reports?|claims?|suggestions?|"
    r"rumou?rs))?|(?:reject(?:ed|s)|refut(?:ed?|es)) (?:(?:a|an|the|any) )?(?:\w+ )?(?:reports?|"
    r"claims?|suggestions?|allegations?|rumou?rs)|calls?(?:ed)?(?= [^,]{0,80}\b(?:fake|false|"
    r"untrue|a lie|fabricated)\b)|(?:is|was|are|were)(?: not true|n't true| untrue| false| a lie|"
    r" fake| no truth)| it(?: is|'s) (?:not true|a lie|untrue|false))"
)
_FEAR = (
    r"(?:warn(?:ed|s|ing)?|threaten(?:ed|s)?|fear(?:ed|s)?|hop(?:ed?|es|ing)|accus(?:ed?|es|ing)|"
    r"worr(?:y|ied|ies)|predict(?:ed|s)?|imagin(?:ed?|es)|pretend(?:ed|s)?|imagine|speculat(?:ed?|"
    r"es|ion)|rumou?rs?|would be (?:a|an|the) \w+ (?:if|for|to)|hypothe\w+|suppos(?:e|es|ing))"
)
_GUESS = (
    r"(?:suggest(?:ed|s)?|hint(?:ed|s)?|believ(?:ed?|es)|thinks?|alleg(?:ed?|es)|assum(?:ed?|es)|"
    r"signal(?:s|l?ed)|estimat(?:ed?|es))"
)
VOICE = re.compile(
    r"\b(?:(?P<withholds>(?:declin(?:ed|es|ing)|refus(?:ed|es|ing)|unable|not(?: yet| publicly)?|"
    r"never|neither|nor|n't|without|yet to|no)\b[^,]{0,24}?\b(?:confirm(?:ed|ing)?(?: nor den(?:y|"
    r"ied))?|say(?:ing)?|said|comment(?:ed|ing)?(?: on)?|discuss|be drawn(?: on)?|den(?:y|ied)|"
    r"disclose|verif(?:y|ied)|confirmation|evidence|known?|clear|announced?)\b|unclear|unconfirmed|"
    r"asked|remains to be seen|questions?)"
    rf"|(?P<denies>{_DENY})|(?P<fears>{_FEAR})|(?P<guesses>{_GUESS})|(?P<says>{_SAY})|"
    rf"(?P<claims>{_CLAIM}))(?!\w)"
    r"(?! (?:(?:on|to|for) (?:let|allow|permit|use)|no\b|yes\b))",
    re.IGNORECASE,
)


def manner_of(found: re.Match[str]) -> Manner:
    """How the verb says what it says, of a match of :data:`VOICE`."""
    return next(manner for manner in _MANNERS if found[manner])


def voice(who: str, manner: Manner = "says") -> Voice:
    """What kind of speaker the words ``who`` name."""
    found = actors(who) or actors(who.lstrip())
    if re.search(r"\b(?:anonym|unnamed|familiar with|briefed on)", who):
        return Voice(OTHER, "unnamed", manner)
    if not found:
        if re.search(r"\b(?:we|I)\b", who):
            return Voice("we", "own", manner)
        if re.search(r"\b(?:he|she|it|they|his|her)\b", who, re.IGNORECASE):
            return Voice("it", "own", manner)
        return Voice(OTHER, "other", manner)
    first = found[0]
    last = found[-1]
    if re.search(r"\b(?:former|ex-|retired|incoming)\b", who[: last.start], re.IGNORECASE):
        return Voice(OTHER, "other", manner)
    if last.kind == "own" and last.side and not who[last.end :].strip(" ,"):
        first = last if first.kind == "other" and "," not in who and " and " not in who else first
    if any(p.kind == "unnamed" for p in found) or re.match(r" ?an? [a-z]+ ?$", who):
        return Voice(first.side, "unnamed", manner)
    if first.kind == "own" and re.search(
        r"^ ?(?:an?|one) .*\b(?:minister|source|official|diplomat|aide)\b(?! [A-Z])", who
    ):
        return Voice(first.side, "unnamed", manner)
    if first.kind == "other" and any(p.kind == "media" for p in found):
        return Voice(OTHER, "media", manner)
    return Voice(first.side, first.kind, manner)
