"""What the ledger is told of an edition: every fact that it saw, and what it printed of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from briefing.news import Article, Brief, Development, Passage, Recalled, Sighting, Sourcing
from briefing.stages.recall.decide import claim_id, read_passage

SourcingOf = Callable[[Passage, Article], Sourcing]


def sightings(
    developments: Sequence[Development],
    recalled: Mapping[str, Recalled],
    briefs: Sequence[Brief],
    articles: Mapping[str, Article],
    sourcing: SourcingOf,
) -> list[Sighting]:
    """One for each fact, and one for each other sentence of an article that tells of nothing else.

    A fact that repeats a claim is a sighting of that claim; the ledger keeps its first words.
    """
    printed = {
        passage.key: claim.text
        for brief in briefs
        for claim in (brief.headline, *brief.claims)
        for passage in claim.passages
    }
    found: dict[str, Sighting] = {}
    for development in developments:
        thread = development.id
        for fact in development.facts:
            what = recalled[fact.id]
            thread = what.thread
            # A claim stays where it was first told, whoever repeats it.
            again = what.old is not None and what.old.id == what.claim
            own = what.old.thread if what.old is not None and again else thread
            _add(found, what.claim, own, fact.passages, printed, articles, sourcing)
        told = {p.key for fact in development.facts for p in fact.passages}
        for id_ in development.whole:
            for passage in articles[id_].passages:
                if passage.key not in told:
                    key = claim_id(thread, passage.text)
                    _add(found, key, thread, (passage,), printed, articles, sourcing)
    return list(found.values())


def _add(
    found: dict[str, Sighting],
    claim: str,
    thread: str,
    passages: Sequence[Passage],
    printed: Mapping[str, str],
    articles: Mapping[str, Article],
    sourcing: SourcingOf,
) -> None:
    first = passages[0]
    held = found.get(claim)
    both = tuple(dict.fromkeys((*(held.passages if held else ()), *passages)))
    words = (held.printed if held else "") or next(
        (printed[p.key] for p in passages if p.key in printed), ""
    )
    found[claim] = Sighting(
        claim=claim,
        thread=thread,
        text=held.text if held else first.text,
        passages=both,
        statement=held.statement if held else read_passage(first, articles),
        sourcing=held.sourcing if held else sourcing(first, articles[first.article]),
        printed=words,
    )
