"""What comes in, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes as they came, from the web or a folder."""

    address: str  # final URL, or the path relative to the source folder
    body: bytes
    media_type: str = ""  # "text/html"; empty when nobody said
    charset: str = ""  # as declared by the transport; empty when nobody said
    etag: str = ""  # verbatim
    last_modified: str = ""  # verbatim
    fresh_for: float = 0.0  # seconds for which it wants to be kept; 0 when nobody said
    moved_to: str = ""  # where permanent redirects led; "" when there were none


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server's word that the document is still the one it gave before (304)."""

    fresh_for: float = 0.0  # as of a Document
    moved_to: str = ""  # as of a Document


@dataclass(frozen=True, slots=True)
class Entry:
    """What the feed or folder *said* about one article. Not evidence yet."""

    key: str  # stable within its source: guid, else link, else a hash of title and body
    source: str  # Feed.url, or "folder:<name>"
    link: str  # absolute http(s) address of the page; "" when there is none
    title: str  # plain text; "" when none was given
    published: datetime | None  # aware, UTC
    body: str  # content or summary, raw
    body_format: Literal["html", "text", "markdown"]
    publisher: str = ""
    bloc: str = ""
    state_media: bool = False
    language: str = ""

    @property
    def id(self) -> str:
        """Identity across the store: 16 hex digits of the source and the key."""
        named = f"{self.source}\0{self.key}".encode("utf-8", "backslashreplace")
        return sha256(named).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence (or the stated headline) of an article: ``Article.text[start:end] == text``."""

    article: str  # Article.id
    index: int  # position within Article.passages
    start: int
    end: int
    text: str
    paragraph: int  # paragraph number; the headline is paragraph 0
    kind: Literal["title", "sentence"] = "sentence"

    @property
    def key(self) -> str:
        """Identity within a run and in evidence: ``article:index``."""
        return f"{self.article}:{self.index}"


@dataclass(frozen=True, slots=True)
class Removed:
    """Text taken out of an article before anyone could cite it."""

    text: str
    reason: str  # "advert", "comments notice", "credit line", "byline", "far from the article", ...


@dataclass(frozen=True, slots=True)
class Article:
    """What the page says, cleaned. **The only evidence.**

    ``text`` starts with the headline when the source stated one (paragraph 0), then the body;
    paragraphs are separated by a blank line. Straight and curly quote marks are kept as they are.
    """

    id: str  # Entry.id; posts of a live blog add "-1", "-2", ...; later texts "~1", "~2", ...
    url: str  # "" when there is no page
    title: str
    title_origin: Literal["stated", "made"]
    publisher: str  # "" when nobody said
    published: datetime | None  # aware, UTC; a date without time is its midnight
    date_origin: Literal["stated", "inferred", "unknown"]
    text: str
    passages: tuple[Passage, ...]
    credits: tuple[str, ...] = ()  # outlets that the article itself credits
    removed: tuple[Removed, ...] = ()
    bloc: str = ""
    state_media: bool = False
    language: str = "en"
    source: str = ""  # Entry.source; for a file with its path: "folder:seeds/one.txt"
    relevance: float = 0.0  # set by `relate`

    @property
    def body(self) -> tuple[Passage, ...]:
        """The sentences without the headline."""
        return tuple(p for p in self.passages if p.kind == "sentence")

    @property
    def file(self) -> str:
        """Path of the article's file, when it came from a folder; else ""."""
        return self.source.removeprefix("folder:") if self.source.startswith("folder:") else ""

    @property
    def label(self) -> str:
        """How the article is named where a publisher is wanted: publisher, else file or site."""
        return self.publisher or self.file or self.url
