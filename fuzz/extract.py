"""Target ``extract``: pages, and what feeds and files carry themselves.

An input is a letter for its kind, the charset of the transport, a line break, and the bytes:
``p`` page, ``h`` HTML of an entry, ``t`` its text, ``m`` its Markdown, ``b`` both (the entry's
HTML, a line ``====``, its page), ``f`` a feed all of whose entries are extracted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from briefing.news import Article, Document, Entry, Feed, Skip
from briefing.stages.extract import extract
from briefing.stages.parse import read_feed
from briefing.stages.parse.fields import sound
from fuzz import corpus, truths
from fuzz.truths import hold

LONGEST = corpus.LARGEST  # bytes of an input
KINDS = "phtmbf"
AS_OF = date(2024, 11, 22)
_BODY: dict[str, Literal["html", "text", "markdown"]] = {"h": "html", "t": "text", "m": "markdown"}
_REASONS = ("no text", "too large", "not a page", "captcha", "not the article")
_ADDRESS = "https://news.example/2024/11/22/harbour?id=7"


def check(data: bytes) -> None:
    """Raise when something does not hold for this input."""
    head, _, body = data.partition(b"\n")
    letter = chr(head[0]) if head else "p"
    kind = letter if letter in KINDS else KINDS[ord(letter) % len(KINDS)]
    charset = head[1:].decode("latin-1")
    with truths.in_time():
        if kind == "f":
            _feed(Document("https://feeds.example/a/news.xml", body, charset=charset))
        elif kind == "p":
            _extracted(entry(""), Document(_ADDRESS, body, "text/html", charset))
        elif kind == "b":
            own, _, page = body.partition(b"\n====\n")
            document = Document(_ADDRESS, page, "text/html", charset)
            _extracted(entry(sound(own.decode("utf-8", "replace"))), document)
        else:
            text = sound(body.decode("utf-8", "replace"))
            _extracted(entry(text, form=_BODY[kind]), None)


def entry(body: str, *, form: Literal["html", "text", "markdown"] = "html") -> Entry:
    """What a feed said, with that body."""
    return Entry("1", "https://feeds.example/news", _ADDRESS, "", None, body, form, "A Wire")


def _feed(document: Document) -> None:
    """Nothing is lost: each entry is an article or a skip."""
    found = read_feed(document, Feed("https://feeds.example/news", "A Wire", "A Wire"))
    if isinstance(found, Skip):
        return
    lost = kept = 0
    for one in found.entries[:20]:
        if isinstance(_extracted(one, None), Skip):
            lost += 1
        else:
            kept += 1
    hold(lost + kept == len(found.entries[:20]), "an entry that went nowhere")


def _extracted(one: Entry, page: Document | None) -> list[Article] | Skip:
    found = extract(one, page, as_of=AS_OF)
    if isinstance(found, Skip):
        truths.skip(found, "extract", _REASONS)
        return found
    hold(found, "no article and no skip")
    hold(len({article.id for article in found}) == len(found), "two articles with one id")
    for article in found:
        hold(article.id.startswith(one.id), "an article of another entry")
        hold(article.passages, "an article without a passage")
        truths.article(article, as_of=AS_OF, said=one.published)
    return found


def seeds(data: Path | None) -> Iterator[bytes]:
    """Inputs to begin with."""
    for text in corpus.strings("test_extract*.py"):
        yield from (f"{kind}\n".encode() + text for kind in "phm")
    for text in corpus.articles():
        yield from (b"t\n" + text, b"m\n" + text)
        yield b"p\n<html><body><article>" + b"".join(
            b"<p>" + line + b"</p>" for line in text.splitlines() if line
        )
    for text in corpus.strings("test_parse_feeds.py"):
        yield b"f\n" + text
    if data is not None:
        for _, body in corpus.files(data / "extraction" / "pages"):
            yield b"p\n" + body
