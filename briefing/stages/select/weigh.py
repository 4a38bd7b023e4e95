"""How much a fact is worth to the reader, and which development comes first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from briefing.news import Article, Development, Fact, Story
from briefing.text.dates import mentions
from briefing.text.discourse import enumerates
from briefing.text.names import names, weapons
from briefing.text.numbers import quantities
from briefing.text.statements import explains
from briefing.text.terms import share_of_groups

Vectors = NDArray[np.float32]

ALSO_TOLD = 0.62
"""Cosine from which another report counts as telling a fact too."""
ON_STORY = 0.17
"""Least mean of a sentence's nearness to the story and its share of the story's term groups: an
item of several matters brings sentences on others, which measured below it."""
RANKING = (1.0, 0.5, 0.3)
"""Shares of a development's best facts in its score."""
SHORT_ITEM = 4
"""Sentences of an item whose headline says what all of it is about."""
FRESH = timedelta(hours=36)
"""Age at which a fact has lost half of its newness."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each quality counts. Read off the seeds and four days of the replay week."""

    central: float = 0.10
    told: float = 0.30
    near: float = 0.25
    terms: float = 0.35
    origins: float = 0.40
    attributed: float = 0.12
    concrete: float = 0.28
    early: float = 0.08
    fresh: float = 0.10
    background: float = -0.30
    setting: float = -0.60
    headline: float = 0.90
    conditional: float = -0.40
    explains: float = -0.40
    tellable: float = 0.15


@dataclass(frozen=True, slots=True)
class Day:
    """What all facts of a day are weighed against."""

    story: Story
    articles: Mapping[str, Article]
    vectors: Mapping[str, Vectors]
    story_vectors: Vectors
    rows: Vectors  # one for each passage of the day
    owners: NDArray[np.str_]  # article of each row
    origin_of: Mapping[str, str]  # article -> its origin
    now: datetime
    weights: Weights
    tellable: Callable[[Fact], bool]  # in a proven sentence of the writer's own
    novelty: Callable[[Fact], float]  # factor: less than 1 for what earlier editions knew


def weighed(development: Development, day: Day) -> Development:
    """The development with weighed facts, best first, and its score by the best three."""
    own = [f for f in development.facts if _on_story(f, day)]
    middle = _headline(development, day)
    facts = [replace(f, weight=_weight(f, day, middle)) for f in own]
    facts.sort(key=lambda f: (-f.weight, f.id))
    score = sum(f.weight * share for f, share in zip(facts, RANKING, strict=False))
    return replace(development, facts=tuple(facts), score=round(score, 4))


def _on_story(fact: Fact, day: Day) -> bool:
    """Whether the fact itself is about the story: one item may tell of several."""
    first = fact.passages[0]
    text = " ".join(p.text for p in (*fact.leads_in, first))
    near = float((day.story_vectors @ day.vectors[first.key]).max())
    return 0.5 * near + 0.5 * share_of_groups(text, day.story.terms) >= ON_STORY


def _weight(fact: Fact, day: Day, headline: Vectors | None) -> float:
    first, weights = fact.passages[0], day.weights
    article = day.articles[first.article]
    shown = (*fact.leads_in, first) if enumerates(first.text) else (first,)
    text = " ".join(p.text for p in shown)
    row = np.mean([day.vectors[p.key] for p in (*shown, *fact.passages[1:])], axis=0)
    row /= np.linalg.norm(row) or 1.0
    others = day.owners != first.article
    elsewhere = float((day.rows[others] @ row).max()) if others.any() else 0.5
    value = (
        weights.central * float(np.clip(day.rows @ row, 0.0, 1.0).mean()) / 0.5
        + weights.told * elsewhere
        + weights.near * float((day.story_vectors @ row).max())
        + weights.terms * share_of_groups(text, day.story.terms)
        + weights.origins * _told_by(row, day)
        + weights.attributed * bool(_ATTRIBUTED.search(text))
        + weights.concrete * _concrete(text)
        + weights.early * (1.0 - first.index / max(1, len(article.passages)))
        + weights.fresh * _fresh(article.published, day.now)
        + weights.background * bool(_BACKGROUND.search(text))
        + weights.setting * bool(_SETTING.search(text))
        + weights.headline * (0.0 if headline is None else max(0.0, float(headline @ row)))
        + weights.conditional * bool(_CONDITIONAL.match(text))
        + weights.explains * _explainer(article)
        + weights.tellable * day.tellable(fact)
    )
    return round(value * day.novelty(fact), 4)


def _explainer(article: Article) -> bool:
    return len(article.body) <= SHORT_ITEM and explains(article.title)


def _headline(development: Development, day: Day) -> Vectors | None:
    """What the headlines of its items say together; ``None`` where none speaks for it."""
    heads = [
        day.vectors[passage.key]
        for id_ in development.whole
        for passage in day.articles[id_].passages
        if passage.kind == "title"
    ]
    if not heads:
        return None
    middle = np.mean(heads, axis=0)
    return np.asarray(middle / (np.linalg.norm(middle) or 1.0), dtype=np.float32)


def _told_by(row: Vectors, day: Day) -> float:
    """0 for a fact that one origin tells, 1 for one that sixteen or more tell."""
    near = {day.origin_of.get(a, a) for a in day.owners[day.rows @ row >= ALSO_TOLD]}
    return min(1.0, float(np.log2(max(1, len(near)))) / 4)


def _concrete(text: str) -> float:
    """0 to 1: figures, dates, weapons and names make a sentence worth its place."""
    points = (
        2 * min(len(quantities(text)), 1)
        + 2 * min(len(mentions(text)), 1)
        + 2 * min(len(weapons(text)), 1)
        + min(len(names(text)), 4)
    )
    return points / 10


def _fresh(published: datetime | None, now: datetime) -> float:
    """1 now, one half after ``FRESH``; one half when no date is known."""
    if published is None:
        return 0.5
    return float(0.5 ** (max(now - published, timedelta(0)) / FRESH))


_ATTRIBUTED = re.compile(
    r"\b(?:said|says|told|reported|argued|suggested|explained|warned|accused|called|noted|believes|"
    r"announced|confirmed|denied|stated|revealed|criticized|criticised|described|offered|vowed|"
    r"approved|authori[sz]ed|signed|refused|rejected|urged|pledged|according to)\b",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"\b(?:since the (?:start|beginning)|throughout (?:his|her|their|the)|over the (?:past|last)|"
    r"for (?:months|years|decades)|ha(?:s|ve) (?:consistently|always|long|been)|"
    r"in (?:contrast|general)|cornerstone|hallmark|last (?:month|year)|years ago)\b",
    re.IGNORECASE,
)
_SETTING = re.compile(
    r"\b(?:comes?|came|coming|follow(?:s|ed|ing)?) (?:just |only |less than |more than |hours |"
    r"days |weeks |months |a |one |two |three |day |week |month |shortly |soon )*(?:after|as|amid|"
    r"before|ahead|on the|months?|weeks?|days?)\b|\bmarking the first\b",
    re.IGNORECASE,
)
"""A sentence that says when the news came, and not what it is."""
_CONDITIONAL = re.compile(r"\W*(?:if|unless|whether|should|were)\b", re.IGNORECASE)
