"""Is an article about the story?

The score of an article is half meaning and half words::

    score = 0.5 * similarity + 0.5 * share of the story's term groups that occur

``similarity`` is the highest cosine between any sentence of the article (its headline and first
sentences) and any sentence of the story's description. Measured on the real items of 17 to 20
November 2024 (410, of which 118 are of the policy itself): at 0.45 it keeps 93 of the 118, 4 of the
war around it and 2 of other matters; at 0.42 98, 5 and 3; at 0.38 106, 9 and 5, and stray items
begin to lead the edition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from briefing.news import Article, Passage, Skip, Story
from briefing.text.sentences import sentences
from briefing.text.terms import share_of_groups

LEAD_PASSAGES = 12
"""Sentences of an article that are compared, headline first: news says early what it is about."""


def description_sentences(story: Story) -> list[str]:
    """The sentences of the story's description, to be embedded once."""
    text = story.description
    return [text[start:end] for start, end in sentences(text)] or [story.name]


def lead(article: Article) -> tuple[Passage, ...]:
    """The passages of ``article`` whose similarity to the story counts."""
    return article.passages[:LEAD_PASSAGES]


def relevance(
    article: Article,
    story: Story,
    *,
    vectors: NDArray[np.float32],
    story_vectors: NDArray[np.float32],
) -> float:
    """Score from 0 to 1.

    Args:
        vectors: unit vectors of ``lead(article)``, shape (passages, dimension).
        story_vectors: unit vectors of ``description_sentences(story)``.
    """
    similarity = float((vectors @ story_vectors.T).max()) if len(vectors) else 0.0
    words = share_of_groups(f"{article.title}\n{article.text}", story.terms)
    return round(max(0.0, 0.5 * similarity + 0.5 * words), 3)


def relate(
    articles: Sequence[Article], scores: Mapping[str, float], story: Story
) -> tuple[list[Article], list[Skip]]:
    """Keep what is about the story; the rest is a ``Skip`` with its score."""
    kept: list[Article] = []
    skips: list[Skip] = []
    for article in articles:
        score = scores[article.id]
        if score >= story.relevance:
            kept.append(replace(article, relevance=score))
        else:
            detail = f"score {score:.2f}, wanted {story.relevance:.2f}"
            skips.append(Skip("relate", article.title, "off topic", detail))
    return kept, skips
