"""From drafts to a brief: what passed, the source's own sentence for what did not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from briefing.news import (
    Article,
    Brief,
    Claim,
    Development,
    Draft,
    Dropped,
    Fact,
    Pair,
    Passage,
    Skip,
)
from briefing.stages.check import alone, shorten
from briefing.stages.check.heading import heading, leans
from briefing.stages.check.review import Kind, evidence, review, reworded, shortens
from briefing.stages.check.sourcing import sourcing
from briefing.text.wording import wording

Verdict = Claim | Dropped


def pairs(drafts: Sequence[Draft]) -> list[Pair]:
    """Two pairs for each draft, headline then statement: what ``models.support`` is asked."""
    return [
        Pair(text, evidence(text, draft.fact.passages, kind))
        for draft in drafts
        for text, kind in _sentences(draft)
    ]


def worth_asking(drafts: Sequence[Draft]) -> list[bool]:
    """For each of :func:`pairs` whether its score can matter: no rule has settled the sentence.

    A shortening of one passage may stand though the passages together refuse it, as when another of
    them sets its words between quote marks.
    """
    answers = []
    for draft in drafts:
        passages = draft.fact.passages
        for text, kind in _sentences(draft):
            refused = reworded(text, passages, kind)
            matters = not refused or any(shortens(text, p, kind) for p in passages)
            answers.append(bool(text) and matters)
    return answers


def _sentences(draft: Draft) -> tuple[tuple[str, Kind], tuple[str, Kind]]:
    return (draft.headline, "headline"), (draft.statement, "statement")


def verdicts(
    drafts: Sequence[Draft],
    scores: Sequence[float],
    *,
    articles: Mapping[str, Article],
    floor: float,
    trust: float = math.inf,
) -> list[tuple[Verdict, Verdict]]:
    """For each draft what becomes of its headline and of its statement.

    ``scores`` are those of :func:`pairs`, two for each draft.
    """
    if len(scores) != 2 * len(drafts):
        raise ValueError(f"{len(drafts)} drafts need {2 * len(drafts)} scores, not {len(scores)}")

    def one(text: str, draft: Draft, score: float, kind: Kind) -> Verdict:
        return review(
            text, draft.fact.passages, score,
            articles=articles, floor=floor, kind=kind, trust=trust,
        )  # fmt: skip

    return [
        (
            one(draft.headline, draft, scores[2 * i], "headline"),
            one(draft.statement, draft, scores[2 * i + 1], "statement"),
        )
        for i, draft in enumerate(drafts)
    ]


def failing(
    drafts: Sequence[Draft],
    scores: Sequence[float],
    *,
    articles: Mapping[str, Article],
    floor: float,
    trust: float = math.inf,
) -> list[Fact]:
    """Facts of which no statement passed but near copies, in order: to be rewritten once."""
    judged = verdicts(drafts, scores, articles=articles, floor=floor, trust=trust)
    passed = {
        d.fact.id
        for d, (_, s) in zip(drafts, judged, strict=True)
        if isinstance(s, Claim) and _own_words(s)
    }
    facts = {d.fact.id: d.fact for d in drafts if d.fact.id not in passed}
    return list(facts.values())


def judge(
    development: Development,
    drafts: Sequence[Draft],
    scores: Sequence[float],
    *,
    articles: Mapping[str, Article],
    floor: float,
    trust: float = math.inf,
) -> Brief | Skip:
    """What may be printed of one development.

    For each fact the first passing statement (lowest attempt first), else the best of its source's
    own sentences, marked ``quoted``; a fact of which no sentence reads well alone is left out. The
    sentence that leans on the one before it is printed only right after that one, or together with
    it. The headline is the first passing one, else a shortening of a claim, else a stated title,
    else the first claim itself when it is short, else the first words of its sentence.

    Args:
        drafts: those of this development's facts, any number for each fact, maybe none.
        scores: two for each draft, see :func:`pairs`.
        floor: least support score of a shortening.
        trust: least support score of a sentence in other words, see :func:`review`.
    """
    # 1. Judge all that was written.
    own = {fact.id for fact in development.facts}
    judged = [
        (draft, *both)
        for draft, both in zip(
            drafts,
            verdicts(drafts, scores, articles=articles, floor=floor, trust=trust),
            strict=True,
        )
        if draft.fact.id in own
    ]
    judged.sort(key=lambda j: j[0].attempt)
    # 2. One claim for each fact.
    claims: list[Claim] = []
    for fact in development.facts:
        follows = bool(claims) and _next_to(claims[-1], fact.passages[0])
        written = [
            s
            for d, _, s in judged
            if d.fact.id == fact.id and isinstance(s, Claim) and (follows or not leans(s.text))
        ]
        written.sort(key=lambda s: not _own_words(s))
        claim = written[0] if written else _quoted(fact, articles, follows=follows)
        if claim is not None and claim.text not in {c.text for c in claims}:
            claims.append(claim)
    if not claims:
        title = (
            articles[development.facts[0].passages[0].article].title if development.facts else ""
        )
        return Skip("check", title or development.id, "nothing stands alone", development.id)
    # 3. A headline over them.
    heads = [
        h
        for f in development.facts
        for d, h, _ in judged
        if d.fact.id == f.id and isinstance(h, Claim)
    ]
    head = heads[0] if heads else heading(claims, development, articles, floor)
    dropped = tuple(v for _, h, s in judged for v in (h, s) if isinstance(v, Dropped))
    return Brief(
        id=development.id,
        headline=head,
        claims=tuple(claims),
        articles=development.articles,
        origins=development.origins,
        dropped=dropped,
        latest=development.latest,
    )


def weighed(
    brief: Brief,
    scores: Sequence[float],
    *,
    articles: Mapping[str, Article],
    floor: float,
    trust: float = math.inf,
) -> Brief:
    """``brief`` with the scores of its sentences against just the passages they cite.

    Args:
        scores: one for each of :func:`to_weigh`, in order. A sentence below ``floor``, or below
            ``trust`` where the rules alone do not prove it, gives way to its source's own; a
            headline gives way to the first words of it.
    """
    score = dict(zip(to_weigh(brief), scores, strict=True))

    def settled(claim: Claim, kind: Kind) -> Claim:
        if claim not in score:
            return claim
        if score[claim] >= (floor if _shortening(claim, kind) else trust):
            return replace(claim, score=score[claim])
        passage = alone.best(claim.passages) or claim.passages[0]
        text = passage.text if kind == "statement" else shorten.opening(passage)
        label = sourcing(passage, articles[passage.article])
        return Claim(text, (passage,), 1.0, "quoted", label)

    claims = {claim.text: claim for claim in (settled(c, "statement") for c in brief.claims)}
    return replace(
        brief, headline=settled(brief.headline, "headline"), claims=tuple(claims.values())
    )


def _shortening(claim: Claim, kind: Kind) -> bool:
    """Whether the rules alone prove the claim by each passage; a headline may be a statement."""
    kinds: tuple[Kind, ...] = ("statement",) if kind == "statement" else ("headline", "statement")
    return any(all(shortens(claim.text, p, k) for p in claim.passages) for k in kinds)


def pair(claim: Claim) -> Pair:
    """A printed sentence and what the judge holds it against: just the passages that it cites."""
    kind: Kind = "statement"
    if not any(shortens(claim.text, p, kind) for p in claim.passages):
        kind = "headline"
    return Pair(claim.text, evidence(claim.text, claim.passages, kind))


def to_weigh(brief: Brief) -> list[Claim]:
    """The sentences of a brief that are not the source's own: those that a judge must score."""
    claims = dict.fromkeys((brief.headline, *brief.claims))
    return [claim for claim in claims if claim.wording != "quoted"]


def _own_words(claim: Claim) -> bool:
    """Whether the sentence is more than a near copy of what it cites."""
    return wording(claim.text, [p.text for p in claim.passages]).written


def _next_to(claim: Claim, passage: Passage) -> bool:
    """Whether the claim tells the sentence right before ``passage``."""
    return any(
        p.article == passage.article and p.index == passage.index - 1 for p in claim.passages
    )


def _quoted(fact: Fact, articles: Mapping[str, Article], *, follows: bool) -> Claim | None:
    """The source's own sentence, alone where it can be, else with those it leans on."""
    first = fact.passages[0]
    run: tuple[Passage, ...] = ()
    if passage := alone.best(fact.passages):
        run = (passage,)
    elif follows and alone.complete(first):
        run = (first,)
    elif fact.leads_in and alone.complete(first):
        run = (*fact.leads_in, first)
    if not run:
        return None
    labels = [sourcing(p, articles[p.article]) for p in reversed(run)]
    label = next((known for known in labels if known != "reported"), labels[0])
    return Claim(" ".join(p.text for p in run), run, 1.0, "quoted", label)
