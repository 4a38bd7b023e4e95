"""The board of figures: numbers by meaning, who says so, and where sources conflict.

Never an average of two claims: every line is one source's sentence, or a claim that was kept. Dates
and kinds of missile come on the board only where two origins differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from briefing.news import Article, BoardLine, Claim, Passage
from briefing.stages.compose.conflicts import (
    ANY_HARM,
    HARM,
    Figure,
    conflict,
    equal,
    matter,
    places,
)
from briefing.stages.compose.material import Material, SourcingOf, quoted
from briefing.text.counts import Count, counts
from briefing.text.dates import Mention, mentions, resolve
from briefing.text.discourse import asks, refers_back, turns_elsewhere
from briefing.text.names import weapons
from briefing.text.natures import lead, natures
from briefing.text.words import word_count, words

MOST_LINES = 7
MOST_CONFLICTING = 12  # lines: a conflict is never cut for want of room among the plain figures
MOST_WORDS = 45
DIFFER = "sources differ"
_ONLY_IN_CONFLICT = frozenset(("Date", "Kind of missile"))

_SAID_ON = re.compile(
    r"\b(?:said|says|told [\w ]{2,20}|announced|reported|wrote|added)\s+(?:[\w.]+\s+)?(?:on\s+)?$"
)
_NEW_CLAUSE = re.compile(r"\b(?:after|before|when|while|as|since|which|who|and|but)\b|;")
_ACTS = {
    act: re.compile(rf"\b(?:{pattern})\b", re.I)
    for act, pattern in {
        "attack": r"str(?:ikes?|uck)|hit|attack\w*|shell\w*|bomb\w*|raid\w*|explo\w+|blast\w*",
        "fired": r"fired?|fires|launch\w*|used",
        "signed": r"sign(?:s|ed|ing)?",
        "closed": r"clos\w+|shut",
        "opened": r"(?:re)?open\w*",
        "announced": r"announc\w*|unveil\w*",
        "approved": r"approv\w*|allow\w*|authori[sz]\w*|permission|permit\w*",
        "talks": r"met|meet(?:s|ing)?|talks|summit",
        "delivered": r"arriv\w*|receiv\w*|deliver\w*",
        "visit": r"visit\w*|travel\w*",
        "elected": r"elect\w*|vot(?:e|ed|es)",
        "resigned": r"resign\w*|stepp?\w* down",
        "died": r"died|killed|death",
        "arrested": r"arrest\w*|detain\w*",
    }.items()
}


def figures(material: Material, sourcing: SourcingOf) -> tuple[BoardLine, ...]:
    """Conflicts first, side by side, then the most widely told: at most seven lines, or twelve
    where that many conflict.

    Where two origins give different values for one thing, each stands with its own source, noted
    "sources differ". Ordinals, years, dates, durations and counts of nothing tangible are left out;
    a date or a kind of missile stands only in a conflict.
    """
    kept: list[Figure] = []
    for figure in _found(material, sourcing):  # one line for each value
        twin = next((i for i, k in enumerate(kept) if equal(k, figure)), None)
        if twin is None:
            kept.append(figure)
        else:
            kept[twin] = _merged(kept[twin], figure)
    rivals = {id(f): [k for k in kept if k is not f and conflict(f, k)] for f in kept}
    ranked = sorted(kept, key=lambda f: (not rivals[id(f)], not f.cited, -len(f.origins)))
    lines: list[Figure] = []
    for figure in ranked:
        if figure in lines:
            continue
        group = [figure, *(r for r in rivals[id(figure)] if r not in lines)]
        if not rivals[id(figure)] and figure.count.meaning in _ONLY_IN_CONFLICT:
            continue
        if len(lines) + len(group) <= (MOST_CONFLICTING if rivals[id(figure)] else MOST_LINES):
            lines += group
    return tuple(BoardLine(f.lead, f.claim, DIFFER if rivals[id(f)] else "") for f in lines)


def figure_leads(claim: Claim, published: datetime | None) -> frozenset[str]:
    """Every lead that a figure of this sentence may have: what `verify` holds a line against."""
    return frozenset(f.lead for f in _in(claim, frozenset(), published, cited=True))


def _found(material: Material, sourcing: SourcingOf) -> Iterator[Figure]:
    """Kept claims first: their sentences were checked and stand in the developments already."""
    published = {article.id: article.published for article in material.articles}
    for claim in material.claims:
        origins = frozenset(material.origin.get(p.article, p.article) for p in claim.passages)
        when = published.get(claim.passages[0].article) if claim.passages else None
        yield from _in(claim, origins, when, cited=True)
    for article in material.articles:
        origin = frozenset((material.origin.get(article.id, article.id),))
        for passage in article.passages:
            if word_count(passage.text) <= MOST_WORDS and not asks(passage.text):
                yield from _of_passage(passage, article, origin, material, sourcing)


def _of_passage(
    passage: Passage,
    article: Article,
    origin: frozenset[str],
    material: Material,
    sourcing: SourcingOf,
) -> Iterator[Figure]:
    if turns_elsewhere(passage.text):
        return
    if passage.kind == "title":
        # A headline rounds and leaves out: of it only the kind of a missile counts.
        if natures(passage.text):
            claim = quoted(passage, article, sourcing)
            yield from _kinds(claim, origin, article.published, passage.key in material.cited)
    elif counts(passage.text) or mentions(passage.text) or natures(passage.text):
        claim = quoted(passage, article, sourcing)
        yield from _in(claim, origin, article.published, cited=passage.key in material.cited)


def _in(
    claim: Claim, origins: frozenset[str], published: datetime | None, *, cited: bool
) -> Iterator[Figure]:
    """Figures of one sentence."""
    for count in counts(claim.text):
        figure = _figure(count, claim, origins, published, cited)
        if cited or count.meaning not in HARM or figure.stems - ANY_HARM:
            yield figure  # "Nine people were killed." says nothing of where or how
    yield from _dates(claim, origins, published, cited)
    yield from _kinds(claim, origins, published, cited)


def _kinds(
    claim: Claim, origins: frozenset[str], published: datetime | None, cited: bool
) -> Iterator[Figure]:
    for nature in natures(claim.text):
        count = Count("Kind of missile", lead(nature), 0, 0, "", "", "", "", "", "")
        yield replace(_figure(count, claim, origins, published, cited), nature=nature)


def _dates(
    claim: Claim, origins: frozenset[str], published: datetime | None, cited: bool
) -> Iterator[Figure]:
    """The one day of a sentence, where it names the day of an event."""
    text = claim.text
    told = [m for m in mentions(text) if m.day is not None and m.month is not None and not m.about]
    told = [m for m in told if not _SAID_ON.search(text[: m.start])]
    if len(told) != 1:
        return
    mention = told[0]
    day, _ = resolve(mention, published.date() if published else None)
    act = _act(text, mention)
    if day is None or not act:
        return
    arms = {w.text.casefold() for w in weapons(text)}
    about = arms.pop() if len(arms) == 1 else ""
    count = Count("Date", mention.text, 0, 0, "", "", "", about, "", "")
    figure = _figure(count, claim, origins, published, cited)
    yield replace(figure, day=day, acts=frozenset((act,)), ahead=mention.ahead)


def _act(text: str, mention: Mention) -> str:
    """What happened on the day: the act whose word stands nearest, in the same clause if any."""

    def far(match: re.Match[str]) -> tuple[bool, int]:
        first, last = sorted(((match.start(), match.end()), (mention.start, mention.end)))
        between = text[first[1] : last[0]]
        return bool(_NEW_CLAUSE.search(between)), len(between)

    found = [(far(m), act) for act, pattern in _ACTS.items() for m in pattern.finditer(text)]
    return min(found)[1] if found else ""


def _figure(
    count: Count, claim: Claim, origins: frozenset[str], published: datetime | None, cited: bool
) -> Figure:
    text = claim.text
    names, there = places(text)
    days, years = _when(text, published)
    stems = frozenset(w.stem for w in words(text))
    return Figure(
        count, claim, origins, cited, matter(text), names, there, stems, days, years, published,
        frozenset((text,)),
    )  # fmt: skip


def _when(text: str, published: datetime | None) -> tuple[frozenset[date], frozenset[int]]:
    """Days and years that the sentence names, but not the day on which somebody spoke."""
    days: set[date] = set()
    years: set[int] = set()
    for mention in mentions(text):
        if mention.about or _SAID_ON.search(text[: mention.start]):
            continue
        if mention.day is not None or mention.weekday is not None or mention.relative is not None:
            day, _ = resolve(mention, published.date() if published else None)
            if day is not None:
                days.add(day)
        elif mention.year is not None:
            years.add(mention.year)
    return frozenset(days), frozenset(years)


def _merged(a: Figure, b: Figure) -> Figure:
    """The sentence that stands alone, or the shorter one; every origin of the value counts."""
    shown = min(
        a,
        b,
        key=lambda f: (
            refers_back(f.claim.text),
            f.claim.passages[0].kind == "title" if f.claim.passages else False,
            word_count(f.claim.text),
        ),
    )
    return replace(
        shown, origins=a.origins | b.origins, cited=a.cited or b.cited, told=a.told | b.told
    )
