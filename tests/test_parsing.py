"""What a parser that was taken over may say: nothing of other sources, nothing of other form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Self

import pytest

from briefing.news import Article, Document, Entry, Feed, Passage, Skip
from briefing.pipeline.parsing import NONSENSE, articles_of, feed_said, file_said
from briefing.stages.extract import extract
from briefing.stages.parse import Reading
from briefing.text.encodings import web_encoding

FEED = Feed("https://news.example/rss", "News", "Harbour News", "world", False)
ENTRY = Entry(
    "k", FEED.url, "https://news.example/1", "Strike", datetime(2024, 11, 22, tzinfo=UTC),
    "The pier stood still.", "text", "Harbour News", "world",
)  # fmt: skip
DAY = date(2024, 11, 22)
NAIVE = datetime(2024, 11, 22)  # noqa: DTZ001


@dataclass
class TakenOver:
    """Answers whatever it likes."""

    says: Any

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read(self, function: Callable[..., Any], subject: str, /, *given: Any, **named: Any) -> Any:
        return self.says


@pytest.mark.parametrize(
    "forged",
    [
        {"source": "https://other.example/rss"},
        {"bloc": "western"},
        {"state_media": True},
        {"link": "javascript:alert(1)"},
        {"link": "file:///etc/passwd"},
        {"published": NAIVE},
    ],
)
def test_entries_are_of_their_source(forged: dict[str, Any]) -> None:
    document = Document(FEED.url, b"")
    honest = Reading([ENTRY])
    assert feed_said(TakenOver(honest), document, FEED) == honest
    found = feed_said(TakenOver(Reading([ENTRY, replace(ENTRY, **forged)])), document, FEED)
    assert isinstance(found, Skip)
    assert found.reason == NONSENSE
    of_file = replace(ENTRY, source="folder:x", bloc="")
    assert file_said(TakenOver([of_file]), document, source="folder:x") == [of_file]
    found = file_said(
        TakenOver([replace(of_file, **{"source": "y"} | forged)]), document, source="folder:x"
    )
    assert isinstance(found, Skip)


@pytest.mark.parametrize(
    "forged",
    [
        {"id": "0123456789abcdef"},
        {"source": "https://other.example/rss"},
        {"state_media": True},
        {"url": "javascript:alert(1)"},
        {"published": NAIVE},
        {"passages": (Passage("x", 0, 0, 6, "Strike", 0, "title"),)},
        {"text": "Something else."},
    ],
)
def test_articles_are_of_their_entry_and_passages_of_their_text(forged: dict[str, Any]) -> None:
    honest = extract(ENTRY, None, as_of=DAY)
    assert isinstance(honest, list)
    assert articles_of(TakenOver(honest), ENTRY, None, as_of=DAY) == honest
    (article,) = honest
    assert isinstance(article, Article)
    found = articles_of(TakenOver([replace(article, **forged)]), ENTRY, None, as_of=DAY)
    assert isinstance(found, Skip)
    assert found.reason == NONSENSE


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("UTF-8", "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("windows-1251", "cp1251"),
        ("gb2312", "gb18030"),
        *((name, "") for name in ("utf-7", "UTF7", "unicode-1-1-utf-7", "idna", "punycode")),
        *((name, "") for name in ("unicode_escape", "raw_unicode_escape", "undefined", "rot13")),
        *((name, "") for name in ("zlib_codec", "hex", "klingon", "", "a\0b")),
    ],
)
def test_only_encodings_of_the_web_are_believed(name: str, means: str) -> None:
    assert web_encoding(name) == means


def test_a_page_in_utf_7_is_read_as_browsers_read_it() -> None:
    line = "<p>The pier stood still on Friday.</p>" * 3
    for charset, written in (("utf-7", "+ADw-b+AD4-"), ("raw_unicode_escape", "\\u0041ll")):
        shown = f"<p>The authority said {written} would be well by Monday.</p>"
        body = f"<html><meta charset={charset}><article>{line}{shown}</article></html>"
        found = extract(ENTRY, Document(ENTRY.link, body.encode(), "text/html"), as_of=DAY)
        assert isinstance(found, list)
        assert f"said {written} would" in found[0].text
