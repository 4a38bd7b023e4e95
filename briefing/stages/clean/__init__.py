"""Clean: take out of an article's text what is not its matter, and keep it with the reason.

::

    Article
     | trim_credits      credit lines and datelines -> Article.credits
     | reason            adverts, pleas, bylines, captions, ... by rules
     | tails             the same, as last sentences of a paragraph
     | addressed         what talks to the reader or to a machine, wherever it stands
     | blocks            what stands between two control tokens of chats
     | runs              what stands under "Read more:" and the like
     | far               the edges, by distance to the article's own matter
     | assemble          text, spans and passages anew
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from briefing.news import Article, Removed
from briefing.stages.clean.accounting import ADDRESSED, DISGUISED, named, talking
from briefing.stages.clean.distance import centroid_similarity, far_paragraphs
from briefing.stages.clean.sweeping import Paragraph, sweep
from briefing.text.assemble import assemble, body_paragraphs

__all__ = [
    "ADDRESSED",
    "DISGUISED",
    "centroid_similarity",
    "clean",
    "named",
    "paragraph_texts",
    "talking",
]


def clean(article: Article, *, similarity: Mapping[int, float] | None = None) -> Article:
    """``article`` without adverts, pleas, bylines, credits and the like.

    Args:
        article: as ``extract`` made it.
        similarity: for the paragraph numbers of ``article``, the cosine to the article's centroid
            (:func:`centroid_similarity`); paragraphs far below at the edges go too. ``None``, or a
            missing number, leaves the judgement to the rules.

    Returns:
        The article with its text, spans and passages built anew, ``credits`` filled, and
        everything taken out appended to ``removed`` with its reason. Nothing is lost: the words
        of the text before are those of the text after and of what was removed. When nothing but
        boilerplate was there, ``passages`` holds at most the headline.
    """
    paragraphs = _swept(article)
    far = far_paragraphs({p.number: p.kept for p in paragraphs if p.kept}, similarity or {})
    body: list[str] = []
    removed = list(article.removed)
    credits = list(article.credits)
    for paragraph in paragraphs:
        removed += paragraph.removed
        credits += [name for name in paragraph.credits if name not in credits]
        if paragraph.number in far:
            removed.append(Removed(paragraph.kept, "far from the article"))
        elif paragraph.kept:
            body.append(paragraph.kept)
    title = article.title if article.title_origin == "stated" else ""
    text, passages = assemble(article.id, title, body)
    return replace(
        article, text=text, passages=passages, removed=tuple(removed), credits=tuple(credits)
    )


def paragraph_texts(article: Article) -> list[tuple[int, str]]:
    """What to embed for ``similarity``: (paragraph number, text) of all that the rules keep."""
    return [(p.number, p.kept) for p in _swept(article) if p.kept]


def _swept(article: Article) -> list[Paragraph]:
    return sweep(body_paragraphs(article.text, titled=article.title_origin == "stated"))
