"""The day understood: articles on the story, their origins, and the developments to write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from briefing.errors import ModelError
from briefing.news import Article, Development, Origin, Skip, Story
from briefing.pipeline.options import told_shortly
from briefing.ports import Models, Progress
from briefing.stages.group import group
from briefing.stages.relate import description_sentences, lead, relate, relevance
from briefing.stages.select import select
from briefing.stages.trace import body_paragraphs, trace
from briefing.text import lexical

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Understood:
    """The day's articles as developments."""

    articles: dict[str, Article]  # those on the story
    origins: list[Origin]
    developments: list[Development]
    off_topic: dict[str, Skip]  # by article id
    no_room: list[Skip]  # developments
    notes: tuple[str, ...] = ()


def understood(
    models: Models,
    current: Sequence[Article],
    *,
    story: Story,
    moment: datetime,
    progress: Progress,
) -> Understood:
    """The day understood by meaning, or by words alone when the embedding model fails."""
    try:
        return _understand(models.embed, current, story, moment, progress)
    except ModelError as error:
        note = f"Grouped by words alone, without the embedding model: {error.message}"
        by_words = _understand(lexical.vectors, current, story, moment, progress)
        return replace(by_words, notes=(note,))


def _understand(
    embed: Embed, current: Sequence[Article], story: Story, moment: datetime, progress: Progress
) -> Understood:
    """Articles on the story, their origins, and the developments worth the reader's minutes."""
    # 1. One call for every sentence of the day, so that word weights and batches are shared.
    progress("relate", 0, len(current))
    passages = [p for a in current for p in a.passages]
    described = description_sentences(story)
    rows = embed([*described, *(p.text for p in passages)])
    story_vectors = rows[: len(described)]
    vectors = {p.key: row for p, row in zip(passages, rows[len(described) :], strict=True)}
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
    # 3. Which reports are one, which sentences are one development, and what fits?
    progress("group", 0, 1)
    texts = {a.id: body_paragraphs(a) for a in kept}
    lines = iter(embed([text for listed in texts.values() for text in listed]))
    origins = trace(kept, {key: np.array([next(lines) for _ in ts]) for key, ts in texts.items()})
    chosen, no_room = select(
        group(kept, vectors, origins), story=story, articles=articles, origins=origins,
        vectors=vectors, story_vectors=story_vectors, now=moment, tellable=told_shortly,
    )  # fmt: skip
    progress("group", 1, 1)
    return Understood(articles, origins, chosen, off_topic, no_room)
