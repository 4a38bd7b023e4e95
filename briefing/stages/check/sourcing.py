"""Who stands behind a sentence: on record, unnamed, a party to the war, an analyst, or nobody.

Where the state media of one side alone carry a sentence, the label says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from briefing.news import Article, Passage, Sourcing
from briefing.stages.check import watched
from briefing.stages.check.tokens import Token, attributed, forms, tokens
from briefing.text.names import Name, names
from briefing.text.words import word_count

_UNNAMED = re.compile(
    r"\b(?:anonymous|unnamed|unidentified|undisclosed|unspecified)\b[^.;]{0,40}\b(?:officials?|"
    r"sources?|"
    r"diplomats?|aides?|persons?|people)\b"
    r"|\b(?:on|under) (?:the )?condition of anonymity\b|\bspoke anonymously\b"
    r"|\b(?:people|persons?|sources?|officials?) (?:familiar with|briefed on|with knowledge "
    r"of|close to)\b"
    r"|\bsources (?:said|say|told|in|within|at)\b|\b(?:a|one|another) (?:[\w.-]+ "
    r"){0,3}(?:official|source|"
    r"diplomat|aide) (?:said|says|told|who|confirmed|added)\b",
    re.IGNORECASE,
)
_OFFICIALS = re.compile(r"\b(?:officials|authorities|diplomats|aides)\b", re.IGNORECASE)
_PARTY_BODY = re.compile(
    r"^(?:the )?(?:(?:Russia|Ukraine)(?:['’]s)?|(?:Russian|Ukrainian)\b.*|Moscow(?:['’]s)?|"
    r"Kyiv(?:['’]s)?|"
    r"(?:the )?Kremlin(?: spokes\w+)?.*|(?:the )?General "
    r"Staff.*|(?:Russia|Ukraine|Moscow|Kyiv|Kremlin)['’]s "
    r"(?:\w+ ){0,4}(?:ministry|minister|president|army|military|forces|staff|spokes\w+|envoy|"
    r"ambassador|"
    r"government|leader|officials).*)$",
    re.IGNORECASE,
)
_PARTY_OFFICE = (
    r"(?:Russian|Ukrainian|Russia['’]s|Ukraine['’]s|Kremlin)[ ](?:[\w-]+[ "
    r"]){0,3}(?i:president|minister|"
    r"spokes\w+|leader|general|commander|ambassador|envoy|chief|official|governor|mayor|colonel|"
    r"secretary|chairman|adviser|lawmaker)[ ](?:[A-Z][\w’'-]*[ ])"
)
_PARTY_ROLE = re.compile(
    r"\b(?:Russian|Ukrainian|Russia['’]s|Ukraine['’]s|Kremlin(?:['’]s)?)\b.*\b(?:president|"
    r"minister|"
    r"spokes\w+|leader|commander|ambassador|envoy|chief|official|governor|secretary|adviser|"
    r"lawmaker)\b"
)
_ANALYST = re.compile(
    r"\b(?:fellow|analysts?|experts?|professor|scholars?|researchers?|historians?|observers?|"
    r"strategists?|"
    r"commentators?|think[ -]tanks?|director of the "
    r"[^,]*\b(?:program|programme|project|initiative|centre|"
    r"center|institute)|(?:institute|institution|endowment|foundation|university|college|centre|"
    r"center) (?:for|of)"
    r"|quincy institute|carnegie|brookings|chatham house|rusi|rand|csis|iiss)\b",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(r"(?:[A-Z][\w’'-]+ ){1,3}[A-Z][\w’'-]+, (?:an? |the )?(?P<role>[^,]+),")
"""A sentence that opens with a person and what he or she is: "Anna Veldt, a fellow at …, said"."""
_INSTITUTION = re.compile(
    r"(?:ministry|government|office|department|police|court|commission|parliament|army|navy|"
    r"military|"
    r"company|union|agency|bank|council|committee|administration|secretariat|spokes\w+|"
    r"prosecutors?|"
    r"watchdog|regulators?|embassy|cabinet|senate|congress|presidency|authority)",
    re.IGNORECASE,
)
"""Speak as bodies, on record, without a person's name."""
_FIRST_NAMES = 2
_SPOKEN = watched.SPEAKS | watched.stems(
    "accuse call describe refer counter agree echo highlight believe fear worry deny vow pledge "
    "threaten criticise"
)
"""Verbs whose subject is taken for the speaker of the whole sentence."""


_ORDER: tuple[Sourcing, ...] = (
    "claimed by a party to the war",
    "state media",
    "unnamed officials",
    "analysis",
    "reported",
    "on record",
)
"""The weakest footing first: a sentence proven by several passages is labelled by the weakest."""
_NO_SIDE = frozenset(("world", "defence"))
"""Blocs of feeds that speak from no side of the war."""


def sourcing(passage: Passage, article: Article) -> Sourcing:
    """The label of the digest for a sentence that cites one passage of ``article``."""
    return label([passage], {article.id: article})


def label(passages: Sequence[Passage], articles: Mapping[str, Article]) -> Sourcing:
    """The label of a sentence that each of the passages carries: the weakest of theirs.

    Unless a party to the war claims it anyway, it is "state media" where all of them stand in the
    state media of one side; another source beside them, or the state media of the other side, and
    it is not.
    """
    return min(labels(passages, articles), key=_ORDER.index)


def labels(passages: Sequence[Passage], articles: Mapping[str, Article]) -> frozenset[Sourcing]:
    """Every label that the passages give a sentence which cites all of them."""
    told: frozenset[Sourcing] = frozenset(spoken(p, articles[p.article]) for p in passages)
    sides = {_side(articles[p.article]) for p in passages}
    if len(sides) == 1 and None not in sides:
        return (told & {"claimed by a party to the war"}) | _only(told)
    return told


def _only(told: frozenset[Sourcing]) -> frozenset[Sourcing]:
    rest = told - {"claimed by a party to the war"}
    return frozenset[Sourcing](("state media",)) if rest else frozenset()


def _side(article: Article) -> str | None:
    """The side whose state media the article stands in; ``None`` for all others."""
    return article.bloc if article.state_media and article.bloc not in _NO_SIDE else None


def spoken(passage: Passage, article: Article) -> Sourcing:
    """Who speaks in one passage, whoever published it.

    A speaker is looked for in the passage; a pronoun speaker in the sentence before it in the same
    paragraph. What a named speaker *is* may stand anywhere in the article ("a senior fellow at
    ..."). Without a speaker the passage is ``reported``.
    """
    text = passage.text
    if _UNNAMED.search(text):
        return "unnamed officials"
    speaker = _speaker(text)
    if speaker.strip().lower() in ("he", "she", "they", "who"):
        speaker = _before(passage, article)
    if not speaker:
        opening = _INTRODUCED.match(text)
        return "analysis" if opening and _ANALYST.search(opening["role"]) else "reported"
    if _OFFICIALS.search(speaker):
        own = re.search(r"\b(?:Russian|Ukrainian)\b", speaker)
        foreign = re.search(r"\b(?:U\.S|US|American|Western|European|NATO|British)\b", speaker)
        return "claimed by a party to the war" if own and not foreign else "unnamed officials"
    if _ANALYST.search(speaker):
        return "analysis"
    if _PARTY_BODY.match(speaker.strip()):
        return "claimed by a party to the war"
    head = re.split(r",|\b(?:of|from|at|for|in|on|who|with)\b", speaker)[0].rstrip(". ").split()
    if head and _INSTITUTION.fullmatch(head[-1]):
        return "on record"
    who = [n for n in names(f"x {speaker}") if head and n.text.endswith(head[-1])]
    return _known(who[0], article) if who else "reported"


def _known(name: Name, article: Article) -> Sourcing:
    """What the article says a named speaker is."""
    surname = re.escape(name.text.split()[-1])
    office = re.compile(_PARTY_OFFICE + rf"{{0,{_FIRST_NAMES}}}{surname}\b")
    if office.search(article.text):
        return "claimed by a party to the war"
    for sentence in article.passages:
        found = re.search(
            rf"\b{surname}(?:\s*,\s*([^,.;]+)|\s+(?:of|from|at)\s+([^,.;]+))", sentence.text
        )
        described = (found.group(1) or found.group(2)) if found else ""
        if _PARTY_ROLE.search(described):
            return "claimed by a party to the war"
        if _ANALYST.search(described):
            return "analysis"
    return "on record"


def _before(passage: Passage, article: Article) -> str:
    for other in article.passages:
        if other.index == passage.index - 1 and other.paragraph == passage.paragraph:
            who = _speaker(other.text) or next((n.text for n in names(other.text)), "")
            return "" if who.lower() in ("he", "she", "they") else who
    return ""


def _speaker(text: str) -> str:
    """The words for the speaker in a sentence, "" when nobody is said to speak."""
    for form in forms(text):
        if attributed(form):
            return _until_say(form.content, text)
    parts = tokens(text)
    for token in parts:
        if token.content and token.key in _SPOKEN and not token.text.endswith("ing"):
            return _subject(text[: token.start])
    return ""


def _until_say(content: tuple[Token, ...], text: str) -> str:
    who: list[Token] = []
    for token in content:
        if token.key == "⟨say⟩" or token.key in watched.SPEAKS:
            break
        who.append(token)
    if not who:
        found = re.search(r"[,”\"]\s*(he|she|they)\s+\w+|^(he|she|they)\b", text, re.IGNORECASE)
        return next((g for g in found.groups() if g), "") if found else ""
    return text[who[0].start : who[-1].start + len(who[-1].text)]


def _subject(before: str) -> str:
    """The stretch before a verb of saying, "" when it is more than one plain subject."""
    subject = re.sub(
        r"^(?:While|On|In|At|For|Since|After|Recently|However)\b[^,]*,\s*", "", before.strip(" ,")
    )
    subject = re.sub(
        r"(?:\s+(?:has|have|had|also|then|strongly|largely|recently|since|been))+$", "", subject
    )
    subject = subject.removeprefix("While ").strip(" ,")
    head = subject.split(",")[0]
    broken = re.search(
        r"[;“”\"]|\b(?:that|which|who|to|not|will|would|may|might|could|was|is|were|are|be)\b", head
    )
    return "" if broken or not 0 < word_count(head) <= _LONGEST_SUBJECT else subject


_LONGEST_SUBJECT = 9
"""Words of the longest subject taken for a speaker, appositions not counted."""
