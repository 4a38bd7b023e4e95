"""What an edition knows of those before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from briefing.news import Article, Claim, Correction, Edition, Recalled, Remembered
from briefing.pipeline.understanding import Understood
from briefing.ports import Store
from briefing.stages import check
from briefing.stages.compose import Past

WINDOW = timedelta(days=30)
"""How long a claim that is told no more is remembered."""


def ledger(store: Store, edition: Edition) -> list[Remembered]:
    """The claims that earlier editions saw in the last thirty days."""
    return store.known(edition, since=edition.day - WINDOW)


def past(
    matter: Understood, known: Sequence[Remembered], corrections: Sequence[Correction] = ()
) -> Past:
    """What the composer must know of it."""
    return Past(
        previous=max((claim.last.day for claim in known), default=None),
        recalled=by_passage(matter),
        known=known,
        repeats=_repeats(matter) if known else 0,
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
