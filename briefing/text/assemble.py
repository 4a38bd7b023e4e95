"""Build an article's text and passages from its paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from briefing.news import Passage
from briefing.text.sentences import sentences


def assemble(article: str, title: str, body: Sequence[str]) -> tuple[str, tuple[Passage, ...]]:
    """Join a stated headline and the body's paragraphs into the text and its passages.

    Args:
        article: the article's id, written into each passage.
        title: the stated headline, or ``""`` when there is none; it becomes paragraph 0.
        body: paragraphs, each on one line and not empty; numbered from 1.

    Returns:
        The text (paragraphs separated by a blank line) and its passages in order, for which
        ``text[p.start:p.end] == p.text`` holds.
    """
    parts = [title, *body] if title else list(body)
    text = "\n\n".join(parts)
    passages: list[Passage] = []
    offset = 0
    for number, part in enumerate(parts, start=0 if title else 1):
        if number == 0:
            passages.append(Passage(article, 0, 0, len(part), part, 0, "title"))
        else:
            for start, end in sentences(part):
                passages.append(
                    Passage(
                        article,
                        len(passages),
                        offset + start,
                        offset + end,
                        part[start:end],
                        number,
                    )
                )
        offset += len(part) + 2
    return text, tuple(passages)


def body_paragraphs(text: str, *, titled: bool) -> list[str]:
    """The paragraphs of a text made by :func:`assemble`, without its headline."""
    parts = text.split("\n\n") if text else []
    return parts[1:] if titled else parts
