"""Target ``clean``: an article's paragraphs, one a line.

The first byte says how much is known of the article: whether its first line is its headline, and
whether distances are given; the second byte begets the distances.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from briefing.news import Article, Removed
from briefing.stages.clean import clean, paragraph_texts
from briefing.text.assemble import assemble
from briefing.text.characters import tidy
from fuzz import corpus, truths
from fuzz.truths import hold

LONGEST = 4096  # bytes of an input: a dozen paragraphs


def check(data: bytes) -> None:
    """Raise when something does not hold for this input."""
    how = (data + b"\0\0")[:2]
    lines = [tidy(line) for line in data[2:].decode("utf-8", "ignore").split("\n")]
    article = _article([line for line in lines if line], titled=bool(how[0] & 1))
    with truths.in_time():
        numbers = [number for number, _ in paragraph_texts(article)]
        near = random.Random(how[1])
        similarity = {number: near.random() for number in numbers} if how[0] & 2 else None
        cleaned = clean(article, similarity=similarity)
    truths.article(cleaned, as_of=date(2024, 11, 22))
    _nothing_lost(article, cleaned)
    hold(cleaned.title == article.title, "another headline")


def _article(lines: list[str], *, titled: bool) -> Article:
    title, body = (lines[0], lines[1:]) if titled and lines else ("Made of its words", lines)
    origin = "stated" if titled and lines else "made"
    text, passages = assemble("a1", title if origin == "stated" else "", body)
    before = (Removed("Advert", "advert"),)
    return Article(
        "a1", "https://news.example/1", title, "stated" if origin == "stated" else "made",
        "A Wire", None, "unknown", text, passages, credits=("AFP",), removed=before,
    )  # fmt: skip


def _nothing_lost(before: Article, after: Article) -> None:
    """Its characters are those that are left and those that were taken out, with a reason."""
    hold(after.removed[: len(before.removed)] == before.removed, "an earlier removal is gone")
    hold(after.credits[: len(before.credits)] == before.credits, "an earlier credit is gone")
    hold(len(set(after.credits)) == len(after.credits), "a credit twice")
    new = after.removed[len(before.removed) :]
    # Letter by letter: a cut may fall inside what spaces make one word
    had, has = _letters(before.text), _letters(after.text)
    for one in new:
        has += _letters(one.text)
    hold(had == has, f"lost {dict(had - has)}, won {dict(has - had)}")
    kept = iter(_words(before.text))
    hold(all(letter in kept for letter in _words(after.text)), "what is left changed its order")


def _letters(text: str) -> Counter[str]:
    return Counter(_words(text))


def _words(text: str) -> str:
    return "".join(text.split())


def seeds(data: Path | None) -> Iterator[bytes]:
    """Inputs to begin with."""
    for text in (*corpus.strings("test_clean*.py"), *corpus.articles()):
        yield from (bytes([how, 7]) + text for how in range(4))
    for _, body in corpus.files(corpus.ROOT / "tests/cases/clean"):
        yield b"\x01\x07" + body
    if data is not None:
        for _, body in corpus.files(data / "extraction" / "pages"):
            yield b"\x03\x07" + re.sub(rb"<[^<>]*>", b"", body)
