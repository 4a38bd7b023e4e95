"""One digest, five files: for a reader's eyes (Markdown, HTML, text) and for programs (JSON).

::

    Digest ----> view ----> Markdown, HTML, text
       |           |
       |           +-----> letter: the subject, HTML and text of a mail
       |
       +-------> digest.json <----> parse_json     (exact inverse: every file can be made again)
       +-------> evidence.json                     (each line, its score and the words behind it)
"""

from __future__ import annotations

from collections.abc import Mapping

from briefing.news import Article, Digest
from briefing.stages.render.data import json, parse_json
from briefing.stages.render.letter import letter_html, letter_subject, letter_text
from briefing.stages.render.mark import markdown
from briefing.stages.render.page import html
from briefing.stages.render.plain import text
from briefing.stages.render.proof import evidence

__all__ = [
    "evidence",
    "files",
    "html",
    "json",
    "letter_html",
    "letter_subject",
    "letter_text",
    "markdown",
    "parse_json",
    "text",
]


def files(digest: Digest, articles: Mapping[str, Article]) -> dict[str, str]:
    """File name to content, for one edition. ``articles`` must hold every cited article by id."""
    return {
        "digest.md": markdown(digest),
        "digest.html": html(digest),
        "digest.txt": text(digest),
        "digest.json": json(digest),
        "evidence.json": evidence(digest, articles),
    }
