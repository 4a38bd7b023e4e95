"""The normal form of a sentence: who does what to whom, with what, where, when, and who says so.

Read by rules, off the main clause: what stands after *after*, *as*, *amid* or *despite* is the
setting of the news and not the news. A part that cannot be read stays empty, and an empty part
never makes two statements differ.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from briefing.news import Modality, Statement
from briefing.text import lexicon
from briefing.text.acts import CONFIRMING, DENYING, act_of, is_noun
from briefing.text.dates import mentions, resolve
from briefing.text.ladder import stands
from briefing.text.ladder.parties import arms
from briefing.text.names import Name, names, weapons
from briefing.text.sayings import SETTING, said
from briefing.text.values import values
from briefing.text.voices import voice
from briefing.text.words import REMEMBERED, Word, stem, words

LONGEST = 1500
"""Characters that are read. What is longer is a list or a page run together."""

_EXPLAINS = re.compile(
    r"^(?:what\b|how\b|why\b|timeline\b|explain|analysis\b|"
    r"opinion\b|in (?:maps|pictures|charts)|list of\b|(?:watch|video|podcast|factbox|background|"
    r"q&a|"
    r"explained|live)\b ?[:|–—-]|(?:\w+ )?(?:things|questions|facts|points) (?:to|you|about|"
    r"on)\b)|\b(?:explained|explainer|in maps|"
    r"list of key|what to know|what we know|here’s what|here's what)\b|: what(?:’s|'s)? |\?\s*$",
    re.I,
)
_MAY = re.compile(
    r"\b(?:may|might|could|can|possibl[ey]|expected to|likely to|set to|poised to|considers?|"
    r"considering|weighs?|weighing|mulls?|mulling)\b",
    re.I,
)
_PLANNED = re.compile(
    r"\b(?:will|shall|would|plans? to|planning to|to be held|vows? to|pledges? to|promises? to|"
    r"intends? to|agrees? to|to hold|to send|to give|to get|to meet|to reopen)\b",
    re.I,
)
_IF = re.compile(r"^\W*(?:even )?(?:if|unless|should|were)\b", re.I)
_NOT = re.compile(
    r"\b(?:not|no|never|nothing|nobody|n['’]t|cannot|den(?:y|ies|ied)|refus(?:e|es|ed|al)|"
    r"rul(?:e|es|ed|ing) out|"
    r"reject(?:s|ed)?|without)\b|n['’]t\b",
    re.I,
)
_MAIN = re.compile(r"\b(?:after|as|amid|despite|because|while)\b", re.I)
_WHO = re.compile(r", (?:who|whom|which|whose) [^,]{3,80},")
"""A clause in the middle of a sentence that says more of somebody."""
_FEWEST = 4
"""Words of a main clause; with fewer the sentence only opens with its setting."""
_RULING = re.compile(r"\b(?:doctrine|threshold|changes|law|bill|budget|decree)\b", re.I)
_PLACING = lexicon.every("in at on near into inside from of across to over outside around")
_WHERE = lexicon.every("in at on near over into")  # of a capital, which may be its government
_CAPITALS = lexicon.every("Kyiv Kiev Moscow London Paris Berlin Washington")
_REGION = re.compile(r"(?:['’]s)? (?:region|city|province|oblast|area|district)\b", re.I)
_HIT = frozenset(
    stem(word) for word in lexicon.every("hit strike target pound shell bomb rock batter")
)
_NO_PLACES = frozenset(lexicon.MONTHS) | frozenset(lexicon.WEEKDAYS) | lexicon.every(
    "telegram facebook x twitter tv youtube truth instagram monday"
)  # fmt: skip
_TITLED_PLACE = re.compile(
    r"\b(?:[IO]n|At|Near|in|on|at|near) ([A-Z][\w’'-]+)"
    r"(?=$|[.,;:–—-]| [a-z]| (?:As|After|On|In|And)\b)|"
    r"\b(?:in|on|at|near) (?:[A-Z]\w+ )?[A-Z]\w+[’']s ([A-Z]\w+)"
)
_SAID_ON = re.compile(
    r"\b(?:said|told [^,;]{2,20}|announced|reported|wrote|warned)(?: late| early)?(?: on)? $"
)
_BY = re.compile(r"\bby (?P<who>[^,;:.]{2,60})")


def main_clause(text: str) -> str:
    """A sentence without the setting of its news: what stands after *after*, *as* or *amid*."""
    main = _MAIN.split(text, maxsplit=1)[0]
    return main if len(words(main)) > _FEWEST else text


def explains(text: str) -> bool:
    """Whether a headline announces an explanation, a question or a list and no news."""
    return bool(_EXPLAINS.search(text.strip()))


@lru_cache(maxsize=REMEMBERED)
def statement(text: str, *, published: date | None = None, before: str = "") -> Statement:
    """The normal form of one sentence or headline.

    Args:
        published: the article's day, from which weekdays and "yesterday" are resolved.
        before: the sentence ahead of it, for a pronoun.
    """
    text = text[:LONGEST]
    claim, speaker, verb, own = said(text)
    actor, act, thing = _deed(claim)
    if speaker and not act:
        actor, act = speaker, "say"
    used = armed(text)
    return Statement(
        actor=speaker if own else actor,
        act=act,
        object=thing,
        weapons=used,
        stands=stands(text, before=before),
        places=_places(claim),
        names=_others(text, used),
        values=values(text),
        dates=_dates(text, published),
        modality=_modality(claim),
        speaker=speaker,
        confirms=verb in CONFIRMING,
        denies=verb in DENYING,
    )


def armed(text: str) -> tuple[str, ...]:
    """The weapons that ``text`` names, each once under its usual name, in order."""
    found = [(w.start, w.text) for w in weapons(text)] + [(a.start, a.weapon) for a in arms(text)]
    return tuple(dict.fromkeys(name.removesuffix("-EG") for _, name in sorted(found)))


def _deed(claim: str) -> tuple[str, str, str]:
    """Who acts, the class of the act, and the party that it is done to, in the main clause.

    A verb before a noun: "Russian strike kills 11" is read as *kills*; without a verb the noun
    stands ("Approval of missiles"). Of a passive the one behind *by* acts, or nobody known.
    """
    tokens = _outside_quotes(claim)
    nominal = ""
    for at, token in enumerate(tokens):
        if token.text.lower() in SETTING and at > 1 and nominal:
            break
        act = act_of(token.stem)
        tail = claim[token.end :]
        if not act or (token.text.lower() == "no" and not tail.lower().startswith(" to ")):
            continue
        if is_noun(tokens, at):
            nominal = nominal or (act if token.stem != "use" else "")
            continue
        if act == "permit" and _RULING.search(tail):
            act = "decree"
        if token.text.lower() == "down" and at and tokens[at - 1].stem == "turn":
            act = "refuse"
        if token.stem == "rul" and tail.lower().startswith(" out"):
            act = "refuse"
        head = claim[: token.start].rsplit(": ", 1)[-1]
        if _passive(tokens, at, act, tail):
            by = _BY.search(tail)
            return voice(by["who"]) if by else "", act, voice(head)
        return voice(head), act, voice(tail)
    return voice(claim), nominal, ""


def _passive(tokens: list[Word], at: int, act: str, tail: str) -> bool:
    """ "were fired", "has been allowed"; in a headline "Ukraine allowed to use"."""
    participle = tokens[at].text.lower().endswith(("ed", "en", "hit", "shot", "struck"))
    if not participle or at == 0:
        return False
    auxiliary = {w.text.lower() for w in tokens[max(0, at - 2) : at]} & (
        lexicon.BE | {"get", "gets", "got"}
    )
    return bool(auxiliary) or (act == "permit" and tail.startswith(" to "))


def _outside_quotes(text: str) -> list[Word]:
    """Words that are not inside quotation marks, unless all of them are."""
    spans = [m.span() for m in re.finditer(r"[“\"‘'](?=\w)[^“”\"‘]{3,}?[”\"’'](?!\w)", text)]
    kept = [w for w in words(text) if not any(a <= w.start < b for a, b in spans)]
    return kept if len(kept) > 2 else words(text)


def _places(text: str) -> tuple[str, ...]:
    """Names after a preposition of place or a verb of striking: "in Dnipro", "hits Odesa"."""
    if _in_title_case(text):
        found = [m[1] or m[2] for m in _TITLED_PLACE.finditer(text)]
        return tuple(
            dict.fromkeys(
                w.lower().removesuffix("’s")
                for w in found
                if not voice(w) and not armed(w) and w.lower() not in _NO_PLACES
            )
        )
    listed = [_bare(name) for name in names(text) if _is_place(text, name)]
    return tuple(dict.fromkeys(listed))


def _bare(name: Name) -> str:
    return name.text.split()[0].lower().removesuffix("’s").removesuffix("'s")


def _is_place(text: str, name: Name) -> bool:
    if _bare(name) in _NO_PLACES or armed(name.text):
        return False
    before = words(text[: name.start])
    last = before[-1].text.lower() if before and text[before[-1].end : name.start].isspace() else ""
    if voice(name.text):
        return name.text in _CAPITALS and last in _WHERE
    hit = last != "" and before[-1].stem in _HIT
    return last in _PLACING or hit or bool(_REGION.match(text, name.end))


def _in_title_case(text: str) -> bool:
    longer = [w.text for w in words(text)[1:] if len(w.text) > 3]
    return len(longer) > 2 and sum(w[0].isupper() for w in longer) > 0.7 * len(longer)


def _others(text: str, used: tuple[str, ...]) -> tuple[str, ...]:
    """Surnames and last words of names that are neither parties nor weapons."""
    known = {stem(piece) for arm in used for piece in arm.split()}
    if _in_title_case(text):
        return ()
    found = [name.text.split()[-1] for name in names(text) if not voice(name.text)]
    return tuple(dict.fromkeys(stem(w) for w in found if stem(w) not in known))


def _dates(text: str, published: date | None) -> tuple[date, ...]:
    days = []
    for mention in mentions(text):
        if mention.about or (mention.month is not None and mention.day is None):
            continue
        if _SAID_ON.search(text[: mention.start]):
            mention = mention._replace(ahead=False)  # what is to come is what was said
        day, _ = resolve(mention, published)
        if day is not None and (
            mention.day or mention.weekday is not None or mention.relative is not None
        ):
            days.append(day)
    return tuple(dict.fromkeys(days))


def _modality(claim: str) -> Modality:
    main = _MAIN.split(_WHO.sub(" ", claim), maxsplit=1)[0] or claim
    if _IF.match(main):
        return "if"
    if _NOT.search(main):
        return "not"
    if _MAY.search(main):
        return "may"
    return "planned" if _PLANNED.search(main) else "fact"
