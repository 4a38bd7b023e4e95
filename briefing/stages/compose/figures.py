"""The board of figures: numbers by meaning, who says so, and where sources conflict.

Never an average of two claims: every line is one source's sentence, or a claim that was kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from briefing.news import Article, BoardLine, Claim, Passage
from briefing.stages.compose.material import Material, SourcingOf, overlap, quoted
from briefing.text.dates import mentions
from briefing.text.discourse import refers_back
from briefing.text.lexicon import DEMONYMS
from briefing.text.names import weapons
from briefing.text.numbers import Quantity, quantities
from briefing.text.words import content_stems, word_count, words

MOST_LINES = 7
MOST_WORDS = 45
DIFFER = "sources differ"
SAME_MATTER = 0.3
"""Least overlap of the content words of two sentences that speak of the same count. A conflict
also needs one subject (weapon or nationality) and no differing date: two events are no conflict."""
ROUNDING = 0.06  # 300 km is told as 190 miles (306 km): the same figure, not a conflict

_KM = {"km": 1.0, "miles": 1.609344, "metres": 0.001, "meters": 0.001}
_MONEY = frozenset(("usd", "eur", "gbp", "uah", "rub", "chf", "jpy", "cny"))
_SOLDIERS = frozenset(
    ("soldiers", "troops", "servicemen", "servicemembers", "personnel", "fighters", "recruits")
)
_MISSILES = frozenset(("missiles", "rockets", "warheads"))
_PEOPLE = _SOLDIERS | {"people", "civilians", "children", "persons", "residents", "men", "women"}
_COUNTS = re.compile(
    r"(?:drone|tank|jet|plane|helicopter|shell|launcher|bomb|system|batterie|vehicle|ship|strike|"
    r"attack|target|airfield|site|region|countrie|prisoner|settlement|village|brigade|battalion|"
    r"division|explosion|round|munition)s|aircraft"
)
_HARM = re.compile(
    r"\b(?:killed|dead|died|deaths?|wounded|injured|casualties|fatalities|lost their lives)\b", re.I
)
_RANGE = re.compile(r"\b(?:range|ranges|reach|reaches)\b", re.I)
_STOCK = re.compile(r"\b(?:number|stock|stocks|stockpile|supply|inventory|handful)\b", re.I)
_BOUND = re.compile(
    r"(?:\b(?:about|approximately|around|roughly|nearly|almost|some|over|under|at least|at most|"
    r"up to|as many as|more than|fewer than|less than|just over|just under|just a|a)\s+)+$",
    re.I,
)
_SIGN = re.compile(r"(?:US|A|C)?[$€£¥₴₽]\s?$")
_NEAR = 25  # characters between a weapon and the number that is about it, when several are named


class _Figure(NamedTuple):
    meaning: str
    value: str  # as the text has it
    low: float
    high: float
    unit: str  # of low and high
    subject: str  # the weapon or nationality that the number is about; "" when not certain
    dates: frozenset[tuple[int | None, int | None]]
    stems: frozenset[str]
    claim: Claim
    origins: frozenset[str]
    cited: bool


def figures(material: Material, sourcing: SourcingOf) -> tuple[BoardLine, ...]:
    """At most seven lines, the most widely told first, conflicting ones side by side.

    Where two origins give different values for one meaning and subject, both stand, each noted
    "sources differ". Ordinals, years, dates, durations and counts of nothing tangible are left
    out.
    """
    found = list(_found(material, sourcing))
    kept: list[_Figure] = []
    for figure in found:  # one line for each value: the shortest sentence that gives it
        twin = next((i for i, k in enumerate(kept) if _equal(k, figure)), None)
        if twin is None:
            kept.append(figure)
        else:
            kept[twin] = _merged(kept[twin], figure)
    ranked = sorted(kept, key=lambda f: (not f.cited, -len(f.origins)))
    lines: list[tuple[_Figure, str]] = []
    for figure in ranked:
        if any(figure is placed for placed, _ in lines):
            continue
        rivals = [k for k in ranked if k is not figure and _conflict(figure, k)]
        fresh = [figure] + [r for r in rivals if not any(r is placed for placed, _ in lines)]
        if len(lines) + len(fresh) > MOST_LINES:
            continue
        lines += [(f, DIFFER if rivals else "") for f in fresh]
    return tuple(BoardLine(f"{f.meaning}: {f.value}", f.claim, note) for f, note in lines)


def _found(material: Material, sourcing: SourcingOf) -> Iterator[_Figure]:
    """Kept claims first: their sentences were checked and stand in the developments already."""
    for claim in material.claims:
        origins = frozenset(material.origin.get(p.article, p.article) for p in claim.passages)
        yield from _in(claim, origins, cited=True)
    for article in material.articles:
        origin = frozenset((material.origin.get(article.id, article.id),))
        for passage in article.body:
            if word_count(passage.text) <= MOST_WORDS:
                yield from _of_passage(passage, article, origin, material, sourcing)


def _of_passage(
    passage: Passage,
    article: Article,
    origin: frozenset[str],
    material: Material,
    sourcing: SourcingOf,
) -> Iterator[_Figure]:
    if quantities(passage.text):
        claim = quoted(passage, article, sourcing)
        yield from _in(claim, origin, cited=passage.key in material.cited)


def _in(claim: Claim, origins: frozenset[str], *, cited: bool) -> Iterator[_Figure]:
    """Figures of one sentence."""
    text = claim.text
    dates = frozenset((m.month, m.day) for m in mentions(text) if m.day is not None)
    for quantity in quantities(text):
        meaning = _meaning(text, quantity)
        if not meaning:
            continue
        scale = _KM.get(quantity.unit, 1.0)
        yield _Figure(
            meaning,
            _value(text, quantity),
            quantity.low * scale,
            quantity.high * scale,
            "km" if quantity.unit in _KM else quantity.unit if quantity.unit in _MONEY else "",
            _subject(text, quantity, meaning),
            dates,
            _matter(text),
            claim,
            origins,
            cited,
        )


def _meaning(text: str, q: Quantity) -> str:
    """What the number counts, or "" when it is no figure for the board."""
    unit = q.unit.casefold()
    around = text[max(0, q.start - 60) : q.end + 60]
    if unit in _KM:
        return "Range" if _RANGE.search(around) else "Distance"
    if unit in _MONEY:
        return "Cost"
    if unit in _PEOPLE or unit in ("killed", "dead", "wounded", "injured", "casualties"):
        if _HARM.search(around):
            return "Casualties"
        return "Soldiers" if unit in _SOLDIERS else "People" if unit == "people" else ""
    if unit in _MISSILES:
        return "Missiles"
    if _COUNTS.fullmatch(unit):
        return unit.capitalize()
    before = text[max(0, q.start - 90) : q.start]
    if not unit and _STOCK.search(before) and weapons(before):
        return "Stock" if q.high > 1 else ""
    return ""


def _value(text: str, q: Quantity) -> str:
    """The number as the text has it, with the words that bound it ("approximately 300 km")."""
    sign = _SIGN.search(text[: q.start])
    start = sign.start() if sign else q.start
    bound = _BOUND.search(text[:start])
    return text[bound.start() if bound else start : q.end]


def _subject(text: str, q: Quantity, meaning: str) -> str:
    """What a figure is about: the one weapon of the sentence, or one right beside the number;
    for people, the nationality between the number and its noun."""
    if meaning in ("Soldiers", "Casualties", "People"):
        beside = [w.text.casefold() for w in words(text[q.end : q.end + 30])]
        return next((DEMONYMS[w] for w in beside if w in DEMONYMS), "")
    named = weapons(text)
    if len({w.text.casefold() for w in named}) > 1:
        named = [w for w in named if q.start - w.end < _NEAR and w.start - q.end < _NEAR]
    arms = {w.text.casefold() for w in named}
    return arms.pop() if len(arms) == 1 else ""


def _matter(text: str) -> frozenset[str]:
    """Content stems without weapons, nationalities and numbers: what is told about the figure."""
    apart = {stem for w in weapons(text) for stem in content_stems(w.text)}
    stems = set(content_stems(text)) - apart - set(DEMONYMS) - set(DEMONYMS.values())
    return frozenset(stem for stem in stems if not stem[0].isdigit())


def _close(a: _Figure, b: _Figure) -> bool:
    return a.low <= b.high * (1 + ROUNDING) and b.low <= a.high * (1 + ROUNDING)


def _equal(a: _Figure, b: _Figure) -> bool:
    """One figure told twice; within one sentence, the same value in another unit."""
    if a.meaning != b.meaning or a.unit != b.unit or not _close(a, b):
        return False
    about = bool(a.subject) and a.subject == b.subject
    return a.claim.text == b.claim.text or about or _one_matter(a, b)


def _one_matter(a: _Figure, b: _Figure) -> bool:
    return len(a.stems & b.stems) >= 2 and overlap(a.stems, b.stems) >= SAME_MATTER


def _conflict(a: _Figure, b: _Figure) -> bool:
    """Two origins, one meaning and subject, values apart, and nothing that tells two events."""
    return (
        a.meaning == b.meaning
        and a.unit == b.unit
        and not _close(a, b)
        and not a.origins & b.origins
        and bool(a.subject)
        and a.subject == b.subject
        and not (a.dates and b.dates and a.dates != b.dates)
        and _one_matter(a, b)
    )


def _merged(a: _Figure, b: _Figure) -> _Figure:
    """The sentence that stands alone, or the shorter one; every origin of the value counts."""
    shown = min(a, b, key=lambda f: (refers_back(f.claim.text), word_count(f.claim.text)))
    return shown._replace(origins=a.origins | b.origins, cited=a.cited or b.cited)
