"""Build an article's text and passages from its paragraphs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from briefing.news import Passage
from briefing.text.sentences import sentences

# Characters that carry no visible mark and so can hide words from a reader or split them for a
# machine: zero-width and direction marks, soft hyphen, fillers, variation selectors, tags.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


def visible(text: str) -> str:
    """``text`` without characters that no reader can see (they may hide instructions)."""
    return _CONTROL.sub("", _INVISIBLE.sub("", text))


def one_line(text: str) -> str:
    """``text`` on one line, without characters that are invisible or that a terminal obeys."""
    whole = text.encode("utf-8", "ignore").decode()  # half of a surrogate pair is no character
    return " ".join(visible(whole).split())


def tidy(text: str) -> str:
    """One paragraph on one line: visible characters, composed (NFC), single spaces."""
    return " ".join(unicodedata.normalize("NFC", visible(text)).split())


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
