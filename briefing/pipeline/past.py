"""What an edition knows of those before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, datetime, timedelta

from briefing.news import Article, Claim, Correction, Edition, Recalled, Remembered
from briefing.pipeline.understanding import Understood
from briefing.ports import Store
from briefing.stages import check
from briefing.stages.compose import Past
from briefing.text.statements import statement

WINDOW = timedelta(days=30)
"""How long a claim that is told no more is remembered."""


def ledger(
    store: Store, edition: Edition, *, until: datetime
) -> tuple[list[Remembered], date | None]:
    """The claims that earlier editions saw in the last thirty days, and the last one's day.

    An article that was withdrawn by ``until`` carries none: what only it told is not known any
    more, and a position that it had moved stands where it stood before.
    """
    known = store.known(edition, since=edition.day - WINDOW)
    named = {passage.article for claim in known for passage in claim.passages}
    told = store.revisions(named, until=until).values()
    gone = {one.article for one in told if one.kind == "withdrawn"}
    previous = max((claim.last.day for claim in known), default=None)
    articles = store.articles(named - gone) if gone else {}
    left = (_without(claim, gone, articles) for claim in known)
    return [claim for claim in left if claim is not None], previous


def _without(
    claim: Remembered, gone: Set[str], articles: Mapping[str, Article]
) -> Remembered | None:
    """The claim as the articles that are left tell it; ``None`` when none is."""
    passages = tuple(p for p in claim.passages if p.article not in gone)
    if passages[:1] == claim.passages[:1]:
        return replace(claim, passages=passages)
    told = next((p for p in passages if p.article in articles), None)
    if told is None:
        return None
    # Who stands behind it, and what it says, is read off the telling that is first now.
    article = articles[told.article]
    day = article.published.date() if article.published else None
    return replace(
        claim,
        text=told.text,
        passages=(told, *(p for p in passages if p != told)),
        statement=statement(told.text, published=day),
        sourcing=check.sourcing(told, article),
    )


def past(
    matter: Understood,
    known: Sequence[Remembered],
    previous: date | None,
    corrections: Sequence[Correction] = (),
) -> Past:
    """What the composer must know of it."""
    return Past(
        previous=previous,
        recalled=by_passage(matter),
        known=known,
        repeats=_repeats(matter) if previous else 0,
        corrections=corrections,
        heads=_heads(matter) if known else {},
    )


def _heads(matter: Understood) -> Mapping[str, Claim]:
    """The headline of each article that a development holds whole, in its own words."""
    whole = {id_ for development in matter.grouped for id_ in development.whole}
    return {
        id_: Claim(
            passage.text, (passage,), 1.0, "quoted", check.sourcing(passage, matter.articles[id_])
        )
        for id_ in whole
        for passage in matter.articles[id_].passages[:1]
        if passage.kind == "title"
    }


def by_passage(matter: Understood) -> Mapping[str, Recalled]:
    """What each passage of today is against the ledger, by ``Passage.key``."""
    return {
        passage.key: matter.recalled[fact.id]
        for development in matter.grouped
        for fact in development.facts
        for passage in fact.passages
    }


def _repeats(matter: Understood) -> int:
    """Articles of which every fact repeats what was known."""
    kinds: dict[str, set[str]] = {}
    for development in matter.grouped:
        for fact in development.facts:
            for passage in fact.passages:
                found = kinds.setdefault(passage.article, set())
                found.add(matter.recalled[fact.id].kind)
    return sum(found == {"REPEATED"} for found in kinds.values())


def sources(store: Store, matter: Understood, known: Sequence[Remembered]) -> dict[str, Article]:
    """The articles of today, those that carry what it changes, and those behind positions."""
    old = {
        passage.article
        for found in matter.recalled.values()
        if found.old is not None
        for passage in found.old.passages[:1]
    }
    stood = {claim.passages[0].article for claim in known if claim.statement.stands}
    return {**store.articles((old | stood) - set(matter.articles)), **matter.articles}
