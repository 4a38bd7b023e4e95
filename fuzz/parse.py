"""Target ``parse``: feeds, article files and subscription lists.

An input is a letter for its kind, the charset that the transport declares, a line break, and the
bytes: ``f`` feed, ``o`` OPML, ``e`` mail, ``j`` JSON, ``m`` Markdown, ``h`` HTML, ``t`` text.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from briefing.errors import ConfigError
from briefing.news import Document, Feed, Skip
from briefing.stages.parse import parse_file, read_feed
from briefing.stages.parse.feeds import MAX_KEY
from briefing.stages.parse.mending import MAX_ENTRIES
from briefing.stages.parse.opml import read_opml, write_opml
from fuzz import corpus, truths
from fuzz.truths import hold

LONGEST = corpus.LARGEST  # bytes of an input
KINDS = "foejmht"
_FEED = Feed("https://feeds.example/news", "A Wire", "A Wire")
_SUFFIX = {"e": ".eml", "j": ".json", "m": ".md", "h": ".html", "t": ".txt"}
_NO_FEED = ("empty answer", "html instead of a feed", "not a feed", "malformed json", "binary file")
_NO_FILE = ("empty file", "binary file", "malformed json", "no article")


def check(data: bytes) -> None:
    """Raise when something does not hold for this input."""
    head, _, body = data.partition(b"\n")
    letter = chr(head[0]) if head else "f"
    kind = letter if letter in KINDS else KINDS[ord(letter) % len(KINDS)]
    charset = head[1:].decode("latin-1")
    with truths.in_time():
        if kind == "o":
            _opml(body)
        elif kind == "f":
            _feed(Document("https://feeds.example/a/news.xml", body, charset=charset))
        else:
            _file(Document(f"notes/one{_SUFFIX[kind]}", body, charset=charset))


def _feed(document: Document) -> None:
    found = read_feed(document, _FEED)
    if isinstance(found, Skip):
        truths.skip(found, "parse", _NO_FEED)
        return
    truths.entries(found.entries)
    hold(len(found.entries) <= MAX_ENTRIES, "too many entries")
    hold(0 <= found.wish < 1e12, f"a wish of {found.wish} seconds")
    for entry in found.entries:
        hold(len(entry.key) <= MAX_KEY + len(entry.link) + 1, "a key without a bound")
        hold(entry.source == _FEED.url, "another source")


def _file(document: Document) -> None:
    found = parse_file(document, source="folder:notes")
    if isinstance(found, Skip):
        truths.skip(found, "parse", _NO_FILE)
        return
    hold(found, "no article and no skip")
    truths.entries(found)


def _opml(body: bytes) -> None:
    try:
        feeds = read_opml(body, where="feeds.opml")
    except ConfigError as error:
        hold(error.where.startswith("feeds.opml") and error.remedy, f"no place or remedy: {error}")
        return
    hold(len({feed.url for feed in feeds}) == len(feeds), "two feeds of one address")
    for feed in feeds:
        for name in ("url", "title", "publisher", "bloc", "language"):
            truths.storable(getattr(feed, name), name)
    hold(read_opml(write_opml(feeds), where="again") == feeds, "a list that changes when saved")


def seeds(data: Path | None) -> Iterator[bytes]:
    """Inputs to begin with."""
    for text in corpus.strings("test_parse*.py"):
        yield from (f"{kind}\n".encode() + text for kind in "fejm")
    for text in corpus.strings("test_opml.py"):
        yield b"o\n" + text
    for text in corpus.articles():
        yield b"t\n" + text
    if data is not None:
        for path, body in corpus.files(data / "feeds"):
            yield (b"o\n" if path.suffix == ".opml" or b"<opml" in body else b"f\n") + body
