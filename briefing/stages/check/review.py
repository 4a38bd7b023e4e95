"""All rules over one sentence: a claim that may be printed, or the reason why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from briefing.news import Article, Claim, Dropped, Passage, Sourcing
from briefing.stages.check import rules
from briefing.stages.check.align import follows
from briefing.stages.check.cutting import cut_short, lost_day
from briefing.stages.check.sourcing import sourcing
from briefing.stages.check.substance import substance
from briefing.stages.check.tokens import forms
from briefing.stages.check.whole import antecedent, fragment, torn_quote
from briefing.text.discourse import unresolved

Kind = Literal["headline", "statement"]

_ORDER: tuple[Sourcing, ...] = (
    "claimed by a party to the war",
    "unnamed officials",
    "analysis",
    "reported",
    "on record",
)
"""The weakest footing first: a sentence proven by several passages is labelled by the weakest."""


def review(
    text: str,
    passages: Sequence[Passage],
    score: float,
    *,
    articles: Mapping[str, Article],
    floor: float,
    kind: Kind,
) -> Claim | Dropped:
    """Judge one written sentence against the passages it was written from.

    Args:
        text: the sentence as the model wrote it.
        passages: what it may cite; each must be a passage of ``articles[passage.article]``.
        score: support by the passages, 0 to 1, from ``models.support``.
        articles: by id.
        floor: least score of a printed sentence.
        kind: a headline may lack a full stop and stand in the present tense.

    Returns:
        A claim that cites each passage which proves it alone, or what was wrong with it. The
        reasons, first found first: "length", "form", "number", "date", "name", "quote",
        "speaker", "modality", "added", "reference", "empty", "cut", "merged",
        "relation", "support".
    """
    if fault := faults(text, passages, kind):
        return Dropped(text, *fault)
    proof = [p for p in passages if not faults(text, [p], kind) and proven(text, p, kind)]
    if not proof:
        return Dropped(text, *_why(text, passages))
    if score < floor:
        return Dropped(text, "support", f"{score:.2f} < {floor:.2f}")
    labels = [sourcing(p, articles[p.article]) for p in proof]
    label = min(labels, key=_ORDER.index)
    return Claim(text, tuple(proof), score, "written", label)


def proven(text: str, passage: Passage, kind: Kind) -> bool:
    """Whether the sentence follows from this one passage by shortening alone."""
    return follows(forms(text), forms(passage.text), headline=kind == "headline")


def faults(text: str, passages: Sequence[Passage], kind: Kind) -> tuple[str, str] | None:
    """The first rule that refuses the sentence, with what it found; the alignment is not asked."""
    headline = kind == "headline"
    sources = [p.text for p in passages]
    findings = (
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
        ("cut", cut_short(text, sources, headline=headline)),
        ("date", "" if headline else lost_day(text, sources)),
    )
    return next(((reason, detail) for reason, detail in findings if detail), None)


def _why(text: str, passages: Sequence[Passage]) -> tuple[str, str]:
    if not any(not rules.added(text, [p.text]) for p in passages):
        return "merged", "no passage has all of it"
    return "relation", "words or order changed, or something cut that matters"
