"""The day understood: articles on the story, their origins, and the developments to write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from briefing.errors import ModelError
from briefing.news import (
    Article,
    Development,
    Origin,
    Pair,
    Recalled,
    Remembered,
    Skip,
    Story,
)
from briefing.pipeline.options import told_shortly
from briefing.ports import Models, Progress
from briefing.stages import recall
from briefing.stages.group import group
from briefing.stages.relate import description_sentences, lead, relate, relevance
from briefing.stages.select import select
from briefing.stages.trace import body_paragraphs, trace
from briefing.text import lexical

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
Support = Callable[[Sequence[Pair]], list[float]]


@dataclass(frozen=True, slots=True)
class Understood:
    """The day's articles as developments."""

    articles: dict[str, Article]  # those on the story
    origins: list[Origin]
    developments: list[Development]
    off_topic: dict[str, Skip]  # by article id
    no_room: list[Skip]  # developments
    grouped: list[Development]  # all of them, before the choice
    recalled: dict[str, Recalled]  # what each fact is against the ledger, by Fact.id
    notes: tuple[str, ...] = ()


def understood(
    models: Models,
    current: Sequence[Article],
    *,
    story: Story,
    moment: datetime,
    progress: Progress,
    known: Sequence[Remembered] = (),
) -> Understood:
    """The day understood by meaning, or by words alone when the embedding model fails."""
    day = _Day(current, story, moment, known)
    try:
        return _understand(models.embed, models.support, day, progress)
    except ModelError as error:
        note = f"Grouped by words alone, without the embedding model: {error.message}"
        by_words = _understand(lexical.vectors, lambda pairs: [], day, progress)
        return replace(by_words, notes=(note,))


@dataclass(frozen=True, slots=True)
class _Day:
    """What there is to understand."""

    current: Sequence[Article]
    story: Story
    moment: datetime
    known: Sequence[Remembered]  # the ledger


def _understand(embed: Embed, support: Support, day: _Day, progress: Progress) -> Understood:
    """Articles on the story, their origins, and the developments worth the reader's minutes."""
    current, story = day.current, day.story
    # 1. One call for every sentence of the day, so that word weights and batches are shared.
    progress("relate", 0, len(current))
    passages = [p for a in current for p in a.passages]
    described = description_sentences(story)
    texts = (*described, *(p.text for p in passages), *(claim.text for claim in day.known))
    rows = embed(texts)
    story_vectors = rows[: len(described)]
    own = rows[len(described) : len(described) + len(passages)]
    vectors = {p.key: row for p, row in zip(passages, own, strict=True)}
    before = rows[len(described) + len(passages) :]
    remembered = {c.id: row for c, row in zip(day.known, before, strict=True)}
    # 2. Is it about the story?
    scores = {
        a.id: relevance(
            a, story, vectors=np.stack([vectors[p.key] for p in lead(a)]),
            story_vectors=story_vectors,
        )
        for a in current
    }  # fmt: skip
    kept, skips = relate(current, scores, story)
    articles = {a.id: a for a in kept}
    off_topic = dict(zip((a.id for a in current if a.id not in articles), skips, strict=True))
    progress("relate", len(current), len(current))
    # 3. Which reports are one, which sentences are one development?
    progress("group", 0, 1)
    paragraphs = {a.id: body_paragraphs(a) for a in kept}
    lines = iter(embed([text for listed in paragraphs.values() for text in listed]))
    rows_of = {key: np.array([next(lines) for _ in ts]) for key, ts in paragraphs.items()}
    origins = trace(kept, rows_of)
    matters = recall.known_matters(kept, day.known, vectors=vectors, rows=remembered)
    grouped = group(kept, vectors, origins, matters)
    progress("group", 1, 1)
    # 4. What is new against earlier editions, and what fits?
    near = recall.candidates(
        grouped, day.known, articles=articles, vectors=vectors, rows=remembered
    )
    asked = recall.pairs(near)
    scored = dict(zip(asked, support(asked), strict=False)) if asked else {}
    recalled = recall.decide(grouped, near, scored, day.known, articles)
    chosen, no_room = select(
        grouped, story=story, articles=articles, origins=origins, vectors=vectors,
        story_vectors=story_vectors, now=day.moment, tellable=told_shortly,
        kinds={key: found.kind for key, found in recalled.items()},
    )  # fmt: skip
    return Understood(articles, origins, chosen, off_topic, no_room, grouped, recalled)
