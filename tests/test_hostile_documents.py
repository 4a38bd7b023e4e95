"""Documents made to break whoever reads them: each is read in bounds, or a Skip with its reason.

They are read by the worker that a run uses, with half the memory that it has there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hostile_documents import ADDRESS, DAY, FEED, FEEDS, FILES, PAGES

from briefing import app
from briefing.adapters.confined import Confined
from briefing.news import Article, Document, Entry, Skip
from briefing.stages.extract import extract
from briefing.stages.extract.limits import (
    MOST_ATTRIBUTES,
    MOST_TEXT,
    MOST_WORDS,
    bounded,
    without_crowded_tags,
)
from briefing.stages.parse import Reading, parse_file, read_feed
from briefing.stages.parse.fields import MAX_LINK, MAX_TITLE

MEGABYTES, SECONDS = 500, 4
"""Of one reader; what is asked for below takes a third of the seconds."""


@pytest.fixture(scope="module")
def parsers() -> Iterator[Confined]:
    with Confined(megabytes=MEGABYTES, seconds=SECONDS, rehearsal=app.rehearsal()) as made:
        yield made


FEED_OUTCOMES: dict[str, str | int] = {
    "a title of 14 MB": 2,
    "a title of 14 MB in one word": 2,
    "a link of 14 MB": 2,
    "a body of 14 MB": 2,
    "elements nested 50,000 deep": 1,
    "a tag of 1,000,000 attributes": "too much markup",
    "billion laughs": 2,
    "quadratic blow-up": 2,
    "an external entity": 2,
    "an external entity by parameter": 2,
    "comments never closed": "too much markup",
    "CDATA never closed": "too much markup",
    "ampersands": "too much markup",
    "dates": 2,
    "JSON nested 1,000,000 deep": "malformed json",
    "JSON objects nested 1,000,000 deep": "malformed json",
    "JSON of 10 million numbers": "not a feed",
    "JSON of 3 million objects": "parser ran out of memory",
    "JSON with a number of 14 million digits": "malformed json",
    "JSON with an exponent": 1,
    "JSON with half characters": 1,
    "NUL bytes": "binary file",
    "UTF-16 without a mark": 2,
    "UTF-16 that says UTF-8": 2,
    "UTF-8 that says UTF-16": 2,
    "UTF-16 cut in a character": 2,
    "UTF-32": 2,
    "UTF-7 with a hidden script": 2,
    "an encoding that is a codec of Python": 1,
    "an encoding of punycode": 1,
    "overlong UTF-8": 2,
    "surrogates in UTF-8": 2,
    "random bytes": "binary file",
    "high bytes": "not a feed",
}
"""Entries that are read, or why none is."""


@pytest.mark.parametrize("name", FEED_OUTCOMES)
def test_hostile_feeds(parsers: Confined, name: str) -> None:
    found = parsers.read(read_feed, name, Document(ADDRESS, FEEDS[name]()), FEED)
    outcome = found.reason if isinstance(found, Skip) else len(found.entries)
    assert outcome == FEED_OUTCOMES[name]
    _in_bounds(parsers)
    for entry in found.entries if isinstance(found, Reading) else ():
        assert len(entry.title) <= MAX_TITLE + 1
        assert len(entry.link) <= MAX_LINK
        assert "root:" not in entry.title
        assert "<script" not in entry.title
        assert "\0" not in entry.title + entry.body
        (entry.title + entry.body + entry.link + entry.key).encode()  # no half characters


def test_more_entries_than_are_read_are_counted() -> None:
    items = [{"id": str(n), "title": f"Pier {n}"} for n in range(10_050)]
    found = read_feed(Document(ADDRESS, json.dumps({"items": items}).encode()), FEED)
    assert isinstance(found, Reading)
    assert (len(found.entries), found.beyond) == (10_000, 50)
    body = ("<rss><channel>" + "<item></item>" * 10_003 + "</channel></rss>").encode()
    found = read_feed(Document(ADDRESS, body), FEED)
    assert isinstance(found, Reading)
    assert found.beyond == 3


PAGE_OUTCOMES: dict[str, str] = {
    "elements nested 50,000 deep": "",
    "elements nested 3,000,000 deep": "too large",
    "tables nested 20,000 deep": "",
    "19,000 paragraphs": f"parser took longer than {SECONDS} s",
    "a million elements": "too large",
    "a tag of 1,000,000 attributes": "",
    "a tag of 300,000 different attributes": "",
    "5,000 tags of 100 attributes": "parser ran out of memory",
    "7 MB of spaces": "",
    "a title of 300 kB of spaces and dashes": "",
    "a page of 14 MB": "too large",
    "comments never closed": "",
    "scripts never closed": "",
    "style braces": "",
    "style comments": "",
    "a style of 2 MB": "",
    "spaces in a style of 2 MB": "",
    "structured data of 2 MB, flat": "",
    "structured data nested 100,000 deep": "",
    "metas": "",
    "UTF-7 by its meta": "",
    "an encoding that is a codec of Python": "",
    "an encoding of raw_unicode_escape": "",
    "an encoding of unicode_escape with half characters": "",
    "overlong UTF-8": "",
    "surrogates in UTF-8": "",
    "entities of half characters": "",
}
"""Why a page gives no article; "": it gives one."""


@pytest.mark.parametrize("name", PAGE_OUTCOMES)
def test_hostile_pages(parsers: Confined, name: str) -> None:
    entry = Entry("k", ADDRESS, "https://news.example/1", "Strike", None, "", "html")
    page = Document(entry.link, PAGES[name]())
    found = parsers.read(extract, name, entry, page, as_of=DAY)
    assert (found.reason if isinstance(found, Skip) else "") == PAGE_OUTCOMES[name]
    _in_bounds(parsers)
    if not isinstance(found, Skip):
        (article,) = found
        assert "pier 5 stood still" in article.text  # what stands before the attack
        _sound(article)


FILE_OUTCOMES: dict[str, str | int] = {
    "brackets.json": "malformed json",
    "numbers.json": "malformed json",
    "many.json": "too many articles",
    "parts.eml": "too many parts",
    "nested.eml": "too many parts",
    "headers.eml": 1,
    "header.eml": 1,
    "folded.eml": 1,
    "address.eml": 1,
    "comments.eml": 1,
    "type.eml": 1,
    "type-continued.eml": 1,
    "base64.eml": 1,
    "stars-spaced.md": 1,
    "images.md": 1,
    "brackets.md": "parser answered too much",
    "word.txt": 1,
}


@pytest.mark.parametrize("name", FILE_OUTCOMES)
def test_hostile_files(parsers: Confined, name: str) -> None:
    found = parsers.read(parse_file, name, Document(name, FILES[name]()), source="folder:x")
    assert (found.reason if isinstance(found, Skip) else len(found)) == FILE_OUTCOMES[name]
    _in_bounds(parsers)
    for entry in () if isinstance(found, Skip) else found:
        assert len(entry.title) <= MAX_TITLE + 1
        articles = parsers.read(extract, name, entry, None, as_of=DAY)
        if isinstance(articles, Skip):
            assert articles.reason in ("no text", "too large")
        _in_bounds(parsers)


def _in_bounds(parsers: Confined) -> None:
    """What the reader took, as the kernel counts it."""
    assert parsers.last.kilobytes < MEGABYTES * 1000
    assert parsers.last.milliseconds <= SECONDS * 1000 + 1000


def _sound(article: Article) -> None:
    assert len(article.text) <= MOST_TEXT + MAX_TITLE
    assert sum(len(one.text) for one in article.removed) < 500_000
    assert "<script" not in article.text
    article.text.encode()
    for passage in article.passages:
        assert article.text[passage.start : passage.end] == passage.text


def test_an_article_ends_within_its_length_at_a_sentence() -> None:
    line = "The pier stood still on Friday. "
    (head,), (rest,) = bounded([line * 10_000])
    assert MOST_WORDS - 6 < len(head.split()) <= MOST_WORDS
    assert head.endswith("Friday.")
    assert rest.reason == "too long"
    assert len(rest.text) < 1000
    (head,), _ = bounded([line.replace(" ", "-")[:-2] * 6_000 + ". " + line * 8_000])
    assert MOST_TEXT - len(line) < len(head) <= MOST_TEXT
    kept, left_out = bounded([line.strip()] * 5_000)
    assert len(kept) == MOST_WORDS // 6
    assert len(left_out) <= 100


def test_words_without_an_end_are_left_out() -> None:
    body = "The pier stood still on Friday.\n\n" + "x" * 300_000 + "\n\nIt opened again."
    found = extract(Entry("k", "folder:x", "", "", None, body, "text"), None, as_of=DAY)
    assert isinstance(found, list)
    assert found[0].text == "The pier stood still on Friday."
    assert [one.reason for one in found[0].removed] == ["too long", "too long"]


def test_long_tags_that_pages_have_stay() -> None:
    picture = f"<img src='data:image/png;base64,{'A' * 100_000}' alt='a pier'>"
    path = f'<path d="{"M 1 2 " * 20_000}">'
    for tag in (picture, path, "<p class='" + "x " * 5_000 + "'>"):
        assert without_crowded_tags(tag) == tag
    crowded = "<p " + " ".join(f"a{n}=b" for n in range(2 * MOST_ATTRIBUTES + 1)) + ">"
    assert without_crowded_tags(f"one {crowded}two</p>") == "one  two</p>"
