"""All rules over one sentence: a claim that may be printed, or the reason why not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from briefing.news import Article, Claim, Dropped, Passage
from briefing.stages.check import rules
from briefing.stages.check.align import follows
from briefing.stages.check.cutting import cut_short, lost_day, rehung
from briefing.stages.check.losses import lost
from briefing.stages.check.sourcing import label
from briefing.stages.check.substance import substance
from briefing.stages.check.tokens import forms
from briefing.stages.check.whole import antecedent, fragment, torn_quote
from briefing.text.discourse import unresolved
from briefing.text.rewording import versions
from briefing.text.shortening import graph

Kind = Literal["headline", "statement"]


def review(
    text: str,
    passages: Sequence[Passage],
    score: float,
    *,
    articles: Mapping[str, Article],
    floor: float,
    kind: Kind,
    trust: float = math.inf,
) -> Claim | Dropped:
    """Judge one written sentence against the passages it was written from.

    Args:
        text: the sentence as the model wrote it.
        passages: what it may cite; each must be a passage of ``articles[passage.article]``.
        score: support by the passages, 0 to 1, from ``models.support``.
        articles: by id.
        floor: least score of a sentence that the alignment proves.
        kind: a headline may lack a full stop and stand in the present tense.
        trust: least score of a sentence that no rule refuses and the alignment does not prove: one
            in other words, not a mere shortening. Infinite where no judge is at hand.

    Returns:
        A claim that cites each passage which proves it alone, else the first that carries it in
        other words; or what was wrong with it. The reasons, first found first: "length", "form",
        "number", "date", "name", "quote", "speaker", "modality", "added", "reference", "empty",
        "cut", "limit", "merged", "relation", "support".
    """
    proof = [p for p in passages if shortens(text, p, kind)]
    if proof and not score >= floor:  # so that no number is no support either
        return Dropped(text, "support", f"{score:.2f} < {floor:.2f}")
    if not proof:
        if fault := reworded(text, passages, kind):
            return Dropped(text, *fault)
        if not math.isfinite(trust):
            return Dropped(text, *(faults(text, passages, kind) or _why(text, passages)))
        if not score >= trust:
            return Dropped(text, "support", f"{score:.2f} < {trust:.2f}")
        proof = carriers(text, passages, kind)[:1]
    return Claim(text, tuple(proof), score, "written", label(proof, articles))


def shortens(text: str, passage: Passage, kind: Kind) -> bool:
    """Whether the rules alone prove the sentence by this passage, in its own or in plain words."""
    return _proving(text, passage, kind) is not None


def evidence(text: str, passages: Sequence[Passage], kind: Kind) -> tuple[str, ...]:
    """What the judge holds the sentence against: each passage, in the version that proves it."""
    return tuple((_proving(text, passage, kind) or passage).text for passage in passages)


def proven_by(passage: Passage, texts: Iterable[str]) -> list[str]:
    """Those statements that the rules prove by this passage, in the order given."""
    return [text for text in texts if shortens(text, passage, "statement")]


@lru_cache(maxsize=16384)
def _proving(text: str, passage: Passage, kind: Kind) -> Passage | None:
    for told in told_as(passage):
        if kind == "statement" and not graph(told.text).accepts(text):
            continue
        if not faults(text, [told], kind) and proven(text, told, kind):
            return told
    return None


def told_as(passage: Passage) -> list[Passage]:
    """The passage, and the passage in plain words or with its speaker first, where that differs."""
    others = versions(passage.text)[:-1]
    return [passage, *(replace(passage, text=version) for version in others)]


def proven(text: str, passage: Passage, kind: Kind) -> bool:
    """Whether the sentence follows from this one passage by shortening alone."""
    return follows(forms(text), forms(passage.text), headline=kind == "headline")


def faults(text: str, passages: Sequence[Passage], kind: Kind) -> tuple[str, str] | None:
    """The first rule that refuses a shortening, with what it found; the alignment is not asked."""
    headline = kind == "headline"
    sources = [p.text for p in passages]
    cut = cut_short(text, sources, headline=headline)
    day = "" if headline else lost_day(text, sources)
    limits = (_limit(text, passage) for passage in passages if len(passages) == 1)
    return _broken(text, passages, kind) or _first(("cut", cut), ("date", day), *limits)


def reworded(text: str, passages: Sequence[Passage], kind: Kind) -> tuple[str, str] | None:
    """The first rule that refuses a sentence in other words whatever the judge says.

    One passage must carry all of it: of two passages a small writer makes one event too easily. A
    headline must be a shortening: of 28 in other words of which the judge was sure, a reader
    refused 9.
    """
    if kind == "headline":
        return "relation", "a headline may only be a shortening"
    if carriers(text, passages, kind):
        return None
    limits = (_limit(text, passage) for passage in passages)
    found = _broken(text, passages, kind) or _first(*limits)
    return found or ("merged", "no passage has all of it")


def carriers(text: str, passages: Sequence[Passage], kind: Kind) -> list[Passage]:
    """The passages each of which alone gives no rule a reason to refuse the sentence."""
    return [p for p in passages if not _broken(text, [p], kind) and not _limit(text, p)[1]]


def _limit(text: str, passage: Passage) -> tuple[str, str]:
    return "limit", lost(text, passage.text) or rehung(text, passage.text)


def _broken(text: str, passages: Sequence[Passage], kind: Kind) -> tuple[str, str] | None:
    headline = kind == "headline"
    sources = [p.text for p in passages]
    return _first(
        ("length", rules.length(text, headline=headline)),
        ("form", rules.shape(text, headline=headline)),
        ("number", rules.number(text, sources)),
        ("date", rules.date(text, sources)),
        ("name", rules.name(text, sources)),
        ("quote", rules.quote(text, sources)),
        ("speaker", rules.first_person(text)),
        ("modality", rules.modality(text, sources)),
        ("added", rules.added(text, sources)),
        ("form", torn_quote(text) or fragment(text)),
        ("reference", unresolved(text) or antecedent(text, sources)),
        ("empty", substance(text, sources)),
    )


def _first(*findings: tuple[str, str]) -> tuple[str, str] | None:
    return next(((reason, detail) for reason, detail in findings if detail), None)


def _why(text: str, passages: Sequence[Passage]) -> tuple[str, str]:
    if not any(not rules.added(text, [p.text]) for p in passages):
        return "merged", "no passage has all of it"
    return "relation", "words or order changed, or something cut that matters"
