"""Drafts of the model, checked; the failed rewritten once, then replaced by the source's words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefing.errors import ModelError
from briefing.news import (
    Article,
    Brief,
    Claim,
    Draft,
    Dropped,
    ModelIdentity,
    Pair,
    Prompt,
    Skip,
)
from briefing.pipeline.understanding import Understood
from briefing.ports import Models, Progress
from briefing.stages import check, write


@dataclass(frozen=True, slots=True)
class Limits:
    """What is asked of the writer, and how sure a sentence must be."""

    candidates: int = 1  # drafts for each fact
    style: write.Style = "shorten"
    floor: float = 0.50  # least support of a shortening: tells topics apart, not errors
    trust: float = math.inf  # least support of a sentence in other words; infinite: no judge

    @property
    def bar(self) -> dict[str, float]:
        """How sure a sentence must be, as the check takes it."""
        return {"floor": self.floor, "trust": self.trust}


@dataclass(frozen=True, slots=True)
class Written:
    """What the model wrote and what became of it."""

    briefs: list[Brief]
    skips: list[Skip]
    verdicts: list[Claim | Dropped]
    identity: ModelIdentity
    notes: tuple[str, ...]


def written(models: Models, understood: Understood, limits: Limits, progress: Progress) -> Written:
    """Drafts for every fact, checked; those that fail are rewritten once, then quoted.

    Without a model the day is made of the sources' own sentences, and says so.
    """
    articles, developments = understood.articles, understood.developments
    drafts: list[Draft] = []
    scores: list[float] = []
    notes: tuple[str, ...] = ()
    try:
        asked = write.prompts(developments, articles, style=limits.style)
        _draft(models, asked, limits, drafts, scores)
        failed = {f.id for f in check.failing(drafts, scores, articles=articles, **limits.bar)}
        again = [
            write.rewrite(p, articles, style=limits.style)
            for p in asked
            if p.fact.id in failed or p.fact.id not in {d.fact.id for d in drafts}
        ]
        _draft(models, again, limits, drafts, scores)
        identity = models.identity
        briefs, skips = _judged(understood, drafts, scores, limits, progress)
        briefs = _weighed(models, briefs, articles, limits)
    except ModelError as error:
        drafts, scores = [], []
        identity = ModelIdentity("none", "", "none", "none")
        notes = (f"Written without the model, in the sources' own words: {error.message}",)
        briefs, skips = _judged(understood, drafts, scores, limits, progress)
    judged = check.verdicts(drafts, scores, articles=articles, **limits.bar)
    verdicts = [
        verdict
        for draft, pair in zip(drafts, judged, strict=True)
        for text, verdict in zip((draft.headline, draft.statement), pair, strict=True)
        if text
    ]
    return Written(briefs, skips, verdicts, identity, notes)


def _judged(
    understood: Understood,
    drafts: Sequence[Draft],
    scores: Sequence[float],
    limits: Limits,
    progress: Progress,
) -> tuple[list[Brief], list[Skip]]:
    """What may be printed of each development, and the developments of which nothing may."""
    articles, developments = understood.articles, understood.developments
    briefs: list[Brief] = []
    skips: list[Skip] = []
    progress("check", 0, len(developments))
    for done, development in enumerate(developments, 1):
        brief = check.judge(development, drafts, scores, articles=articles, **limits.bar)
        if isinstance(brief, Skip):
            skips.append(brief)
        else:
            briefs.append(brief)
        progress("check", done, len(developments))
    return briefs, skips


def _weighed(
    models: Models, briefs: Sequence[Brief], articles: Mapping[str, Article], limits: Limits
) -> list[Brief]:
    """The briefs, each sentence scored by just the passages that it cites."""
    claims = [claim for brief in briefs for claim in check.to_weigh(brief)]
    scores = iter(models.support([Pair(c.text, tuple(p.text for p in c.passages)) for c in claims]))
    return [
        check.weighed(
            brief, [next(scores) for _ in check.to_weigh(brief)],
            articles=articles, **limits.bar,
        )
        for brief in briefs
    ]  # fmt: skip


def _draft(
    models: Models,
    prompts: Sequence[Prompt],
    limits: Limits,
    drafts: list[Draft],
    scores: list[float],
) -> None:
    """Ask the model, read its answers, and have each sentence scored."""
    answers = models.generate([p.text for p in prompts], candidates=limits.candidates)
    new = [
        draft
        for prompt, listed in zip(prompts, answers, strict=True)
        for answer in listed
        for draft in write.read(prompt, answer)
    ]
    # What a rule has refused need not be scored.
    pairs = check.pairs(new)
    asked = [p for p, worth in zip(pairs, check.worth_asking(new), strict=True) if worth]
    known = dict(zip(asked, models.support(asked) if asked else (), strict=True))
    scores += [known.get(pair, 0.0) for pair in pairs]
    drafts += new
