"""Who says it, first: "X, officials said" told as "Officials said X".

The same claim by the same speaker in another order (reported speech: Quirk et al. 1985, 14.28).
What stands inside quotation marks is told as reported speech where nothing in it depends on who
speaks when: no *I*, *you*, *he*, *here* or *today*. Every doubt gives "".
"""

from __future__ import annotations

import re

from briefing.text import lexicon
from briefing.text.names import COUNTRY, NATION, WEAPON, WELL_KNOWN
from briefing.text.words import words

_SPEAKER = r"(?P<who>[^,;:“”\"()]{3,110}?)"
_WHEN = r"(?P<when>(?: (?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)?)"
_TOLD = (
    r"(?:(?:ha(?:s|ve) )?told (?:the )?[A-Z][\w ’]{1,40}?|said|says|say|ha(?:s|ve) said|noted|"
    r"argued?|argues|warned|warns?|suggest(?:s|ed)?)"
)
_TRAILING = re.compile(
    rf"^(?P<claim>[^“”\"]{{20,}}?),? (?:(?<=, ){_SPEAKER} (?P<verb>{_TOLD})|"
    rf"(?<=, )(?P<verb2>said|says) (?P<who2>[^,;:“”\"()]{{3,110}}?)){_WHEN}\.$"
)
_SPOKEN = re.compile(
    rf"^[“\"](?P<claim>[A-Z][^“”\"?!]{{24,}}),[”\"] (?:{_SPEAKER} (?P<verb>{_TOLD})|"
    rf"(?P<verb2>said|says) (?P<who2>[^,;:“”\"()]{{3,110}}?)){_WHEN}\.$"
)
_ACCORDING = re.compile(rf"^(?P<claim>[^“”\"]{{20,}}?), according to {_SPEAKER}\.$")
_ACCORDING_FIRST = re.compile(rf"^According to {_SPEAKER}, (?P<claim>[^“”\"]{{20,}})$")
_SPEAKING = re.compile(
    r"\b(?:said|says|say|told|according|that|who|which|reported|claimed|but|because|if|while|when|"
    r"although|after|before|was|were|is|are|has|have|had|will|would|may|could)\b"
)
_PEOPLE = re.compile(
    r"\b(?:officials?|sources?|people|person|ministry|media|analysts?|experts?|spokes\w+|"
    r"ministers?|president|diplomats?|reports?|statement|agency|army|military|office|police|"
    r"authorities|governor|mayor|government|company|aides?|witnesses|newspaper)\b|[A-Z]"
)


def fronted(text: str) -> str:
    """``text`` with the attribution that ends or opens it in front, as "X said …"; else ""."""
    if found := _ACCORDING_FIRST.match(text):
        if not _VERB.search(found["claim"].split(", ")[0]):
            return ""  # "According to Smith, the mayor, the bridge collapsed"
        return _said(found["who"], "said", "", found["claim"])
    if found := _ACCORDING.match(text):
        return _said(found["who"], "said", "", found["claim"])
    if (found := _SPOKEN.match(text)) and (
        _QUOTED_OWN.search(found["claim"]) or not _VERB.search(found["claim"])
    ):
        return ""
    if found := _TRAILING.match(text) or _SPOKEN.match(text):
        who, verb = found["who"] or found["who2"], found["verb"] or found["verb2"]
        return _said(who, verb, found["when"], found["claim"])
    return ""


def _said(who: str, verb: str, when: str, claim: str) -> str:
    """ "Officials said on Monday that the claim."; "" where speaker or claim is none."""
    claim = claim.rstrip(" ,.")
    opened = _lowered(claim)
    if not opened or not _is_speaker(who) or not _is_claim(claim):
        return ""
    that = "" if verb in ("said", "says", "say") and not when else " that"
    return f"{who[0].upper()}{who[1:]} {verb}{when}{that} {opened}."


def _is_speaker(who: str) -> bool:
    """Whether the words name somebody who speaks, and hold no clause of their own."""
    if not _PEOPLE.search(who) or _SPEAKING.search(who) or _NO_SPEAKER.search(who):
        return False
    return not (_UNSAID.search(who) or (_A_THING.search(who) and not _TITLED.search(who)))


def _is_claim(claim: str) -> bool:
    """Whether all of it is one thing said by one speaker, whose words are whose being clear."""
    shapes = (_LATER, _TWO_SENTENCES, _STUB, _OWN_ASIDE, _SAID_TWICE, _APPOSED)
    if any(shape.search(claim) for shape in shapes) or _DATELINE.match(claim):
        return False
    pronoun = _HE.search(claim)  # moved behind the speaker, it might mean the speaker
    return pronoun is None or bool(_SOMEBODY.search(claim[1 : pronoun.start()]))


_LATER = re.compile(
    r"^(?:an?|one|two|three|four|five|six|seven|\w+ty) (?:minute|hour|day|week|month|year)s? "
    r"(?:after|before|later|ago)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"\b[A-Z][a-z]+|\b(?:man|woman|minister|president|suspect|boy|girl|driver|attacker)\b"
)
_UNSAID = re.compile(
    r"^(?:an?|the|one) (?:point|fact|claim|view|figure|number|step|move|thing|warning|risk|"
    r"danger|charge|idea|argument|sentiment|line|phrase|term|reason)\b|"
    r"^(?:and|or|even|only|both|neither|despite|contrary|\w+ing|just|exactly|twice|according)\b|"
    r"\b(?:as|than|what|whatever|no|not|nobody|nothing|none|nor|few|fewer|less|hardly|never|like|"
    r"something|his|her|their|she|he)\b|\bto$|"
    r"\b(?:laws?|rules?|plans?|tradition|mythology|conventions?|constitution|treaty|timetable|"
    r"agreement|words|will|decree|theory|bible|article|maps?|"
    r"images|footage|figures|data|count|tally|results|testimony|records|photos|polls)\b",
    re.I,
)
"""No speaker: half a comparison, nobody, or a paper that says nothing."""
_A_THING = re.compile(r"^(?:an?|the|one) (?:[a-z-]+ )+[A-Z][\w’-]*(?: [A-Z][\w’-]*)*$")
_TITLED = re.compile(
    r"\b(?:officials?|ministers?|president|spokes\w+|agency|newspaper|group|mayor|governor|"
    r"general|army|military|ministry|government|to|of|for|in|at|by|from)\b"
)
_TWO_SENTENCES = re.compile(r"[a-z0-9)]\. +[A-Z]")
_STUB = re.compile(r", [\w’-]+(?: [\w’-]+)?$")
_DATELINE = re.compile(
    r"[A-Z]{2}[A-Z ,.]*+(?:\w++ )?\([A-Z]\w*\)|[A-Z][A-Z ,.]{3,}+[-–—]|(?:[A-Z]{4,}+ ){2,}"
)
_OWN_ASIDE = re.compile(r", (?:but|and|so|yet|though|although|while|whereas|which|who|despite)\b")
_HE = re.compile(r"\b(?:he|him|his|himself|she|her|hers|herself|they|them|their|theirs)\b")
_QUOTED_OWN = re.compile(
    r"\b(?:[Hh]e|[Hh]im|[Hh]is|[Hh]imself|[Ss]he|[Hh]ers?|[Hh]erself|[Tt]hey|[Tt]hem|[Tt]heirs?|"
    r"themselves|[Ii]t|[Ii]ts|itself|mine|myself|ourselves|"
    r"yourself|yourselves|[Tt]hose|folks|sir|Mr|Mrs|Madam)\b"
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|cannot|could|may|might|must|should|do|"
    r"does|did|\w+ed)\b"
)
_NO_SPEAKER = re.compile(
    r"^(?:on|in|at|by|from|after|before|during|as|so|for|with)\b|\b(?:there|it|its|them|him|then|"
    r"here|others|those|these)\b",
    re.IGNORECASE,
)
_APPOSED = re.compile(
    r", (?:the|a|an|its|his|her|their|one) [^,]{2,60}$|, [A-Z][\w’-]*(?: [A-Z][\w’-]*)*$"
)
"""The speaker's own office may stand at the end of what is taken for the claim."""
_SAID_TWICE = re.compile(
    r"\b(?:said|says|told|according to|adding|warned|claimed|announced|[Ii]|[Ww]e|us|me|[Mm]y|"
    r"[Oo]urs?|"
    r"[Yy]ou|[Yy]ours?|[Tt]his|[Tt]hese|[Tt]hat|here|now|today|yesterday|tomorrow|tonight)\b|"
    r"[?!;:…]|\b\w+’(?:re|ll|ve|m|d)\b"
)
_HEADS = "|".join(sorted(WELL_KNOWN))
_NAMES_FIRST = re.compile(
    rf"(?:{NATION}|{COUNTRY}|{WEAPON}|{_HEADS}|[A-Z]{{2,}}|President|Prime Minister|Chancellor|"
    r"(?:King|Queen|Pope)(?= [A-Z])|"
    r"(?!(?:It|He|She|There|That|What|Who|Let|Here|How|Don|Can|Won|Today|Yesterday|Tomorrow|Women|"
    r"Men|Children|People|Workers|Nobody|\w+day)[’'])"
    r"[A-Z][\w-]+[’']s)\b"
)


def _lowered(claim: str) -> str:
    """The claim as it goes on after "said"; "" where its first word may or may not be a name."""
    first = words(claim)[:1]
    if not first or first[0].start:
        return ""
    word = first[0].text
    if _NAMES_FIRST.match(claim):
        return claim
    if word.lower() in lexicon.ARTICLES | {"some", "several", "many", "most", "all", "both", "two",
                                           "three", "four", "five", "six", "seven", "eight", "nine",
                                           "ten", "more", "about", "at least"}:  # fmt: skip
        return claim[0].lower() + claim[1:]
    return ""
