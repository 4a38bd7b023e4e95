"""What is done alike when an article comes in and when it is looked at again: ask, and clean."""

from __future__ import annotations

from collections.abc import Sequence

from briefing.errors import FetchError, ModelError
from briefing.news import Article, Document, NotModified
from briefing.ports import Models, Web
from briefing.stages import clean


def ask(
    web: Web, url: str, *, etag: str = "", last_modified: str = "", page: bool = False
) -> Document | NotModified | FetchError:
    """The answer, or the known error as a value."""
    try:
        return web.fetch(url, etag=etag, last_modified=last_modified, page=page)
    except FetchError as error:
        return error


def cleaned(articles: Sequence[Article], models: Models) -> list[Article]:
    """Articles without what is not their matter; all paragraphs are embedded in one call.

    Without the embedding model the rules alone clean.
    """
    if not articles:
        return []  # nor is a model loaded
    texts = [clean.paragraph_texts(article) for article in articles]
    try:
        vectors = models.embed([text for listed in texts for _, text in listed])
    except ModelError:
        return [clean.clean(article) for article in articles]
    found, at = [], 0
    for article, listed in zip(articles, texts, strict=True):
        rows = vectors[at : at + len(listed)]
        at += len(listed)
        named = {number: row for (number, _), row in zip(listed, rows, strict=True)}
        similarity = clean.centroid_similarity(named)
        found.append(clean.clean(article, similarity=similarity))
    return found
