"""``evidence.json``: for every printed sentence the words behind it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from briefing.news import Article, Digest
from briefing.stages.render.data import dumps, encoded
from briefing.text.lines import Line, lines

SCHEMA = "briefing/evidence/2"


def evidence(digest: Digest, articles: Mapping[str, Article]) -> str:
    """JSON text of the published schema ``evidence-2.schema.json``.

    For each line: its id, text, wording, sourcing, score, and its passages with article id and
    character span; for each cited article its SHA-256, so that a stored copy can be told from an
    edited one.

    Raises:
        KeyError: a cited article is not among ``articles``.
    """
    printed = lines(digest)
    cited = dict.fromkeys(p.article for line in printed for p in line.claim.passages)
    return dumps(
        {
            "schema": SCHEMA,
            "edition": encoded(digest.edition),
            "lines": [_line(line) for line in printed],
            "articles": [_article(articles[key]) for key in cited],
        }
    )


def _line(line: Line) -> dict[str, Any]:
    claim = line.claim
    return {
        "line": line.id,
        "text": claim.text,
        "wording": claim.wording,
        "sourcing": claim.sourcing,
        "score": claim.score,
        "passages": [
            {"article": p.article, "index": p.index, "start": p.start, "end": p.end, "text": p.text}
            for p in claim.passages
        ],
    }


def _article(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published.isoformat() if article.published else None,
        "date_origin": article.date_origin,
        "url": article.url,
        "sha256": text_hash(article),
    }


def text_hash(article: Article) -> str:
    """SHA-256 of the article's text in UTF-8, as 64 hex digits."""
    return sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()
