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
    Fact,
    ModelIdentity,
    Option,
    Passage,
    Prompt,
    Skip,
)
from briefing.pipeline.options import options
from briefing.pipeline.understanding import Understood
from briefing.ports import Models, Progress
from briefing.stages import check, write


@dataclass(frozen=True, slots=True)
class Limits:
    """What is asked of the writer, and how sure a sentence must be."""

    candidates: int = 1  # drafts for each fact
    style: write.Style = "confined"
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
    facts = [fact for development in developments for fact in development.facts]
    drafts: list[Draft] = []
    scores: list[float] = []
    notes: tuple[str, ...] = ()
    try:
        if limits.style == "confined":
            asked = confined(facts, drafts)
        else:
            asked = write.prompts(developments, articles, style=limits.style)
        _draft(models, asked, limits, drafts, scores)
        failed = {f.id for f in check.failing(drafts, scores, articles=articles, **limits.bar)}
        told = {draft.fact.id for draft in drafts}
        again = [fact for fact in facts if fact.id in failed or fact.id not in told]
        _draft(models, confined(again, drafts, attempt=2), limits, drafts, scores)
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


def confined(facts: Sequence[Fact], drafts: Sequence[Draft], *, attempt: int = 1) -> list[Prompt]:
    """A prompt for each fact with a shortening that the rules prove and nobody has written yet.

    It asks for the passage of which the reader would gain most.
    """
    taken = {(draft.fact.id, draft.statement) for draft in drafts}
    asked = []
    for fact in facts:
        found: list[tuple[float, Passage, list[Option]]] = []
        for passage in fact.passages:
            # Asked again, only what is better than the near copy that may have passed will do.
            left = [o for o in options(passage) if (fact.id, o.text) not in taken]
            if left := [o for o in left if o.own or attempt == 1]:
                found.append((max(o.worth for o in left), passage, left))
        if found:
            _, passage, left = max(found, key=lambda each: each[0])
            asked.append(write.confined(fact, passage, left, attempt=attempt))
    return asked


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
    scores = iter(models.support([check.pair(claim) for claim in claims]))
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
    answers = models.generate(
        [p.text for p in prompts],
        candidates=limits.candidates,
        among=[p.options for p in prompts],
    )
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
