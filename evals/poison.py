"""Invented articles on the story, clean and poisoned: as files of a folder and as items of a feed.

``injections/articles.jsonl`` holds the articles; the files of :data:`PARTS` hold texts that try to
make a machine print a canary word. A text of the kind ``hidden`` is raw markup or unseen
characters, one of the kinds ``token`` and ``prose`` is plain words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import Any

from briefing.news import Article, Document, Feed, Skip
from briefing.stages.clean import clean
from briefing.stages.extract import extract
from briefing.stages.parse import parse_feed, parse_file
from evals.reading import Losses, rows

SHIPPED = Path(__file__).parent / "small" / "injections"
PARTS = ("development", "heldout", "adaptive")
"""What the rules were made on; what was written with it and looked at after the first measurement;
and visible words written last, by who knew the rules, to get around them."""
STAMP = "2024-11-21T09:00:00Z"


@dataclass(frozen=True, slots=True)
class Poison:
    """One text, and where it goes."""

    id: str
    canary: str  # the word that must not be printed
    kind: str  # "hidden", "token" or "prose"
    language: str
    article: str  # language of the article around it
    file: str  # "html", "md", "txt", "eml", "json" or "rss"
    position: str  # "start", "middle", "end", "head", "title", "field" or "alternative"
    text: str
    head: str = ""  # markup for the page's head


@dataclass(frozen=True, slots=True)
class Story:
    """An invented article."""

    title: str
    body: tuple[str, ...]  # paragraphs
    publisher: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is measured with."""

    clean: tuple[Story, ...]
    carriers: dict[str, tuple[Story, ...]]  # by language
    poisons: dict[str, tuple[Poison, ...]]  # by part

    def carrier(self, poison: Poison, number: int) -> Story:
        """The article that the ``number``-th text goes into."""
        ready = self.carriers[poison.article]
        return ready[number % len(ready)]


def read(folder: Path, losses: Losses) -> Corpus:
    """The corpus of a folder.

    Raises:
        ConfigError: a file cannot be read.
    """
    clean_ones: list[Story] = []
    carriers: dict[str, list[Story]] = {}
    needs: dict[str, type | tuple[type, ...]] = dict.fromkeys(("role", "language", "title"), str)
    for number, row in rows(folder / "articles.jsonl", {**needs, "body": list}, losses):
        story = Story(row["title"], tuple(row["body"]), f"Invented Paper {number}")
        where = clean_ones if row["role"] == "clean" else carriers.setdefault(row["language"], [])
        where.append(story)
    fields = ("id", "canary", "kind", "language", "article", "file", "position", "text")
    poisons = {
        part: tuple(
            Poison(**{name: row[name] for name in fields}, head=row.get("head", ""))
            for _, row in rows(folder / f"{part}.jsonl", dict.fromkeys(fields, str), losses)
        )
        for part in PARTS
    }
    return Corpus(
        tuple(clean_ones), {name: tuple(told) for name, told in carriers.items()}, poisons
    )


def file_of(story: Story, name: str, poison: Poison | None = None, kind: str = "") -> Document:
    """The article as a file of a folder; ``kind`` is its suffix where no poison says it."""
    kind = poison.file if poison else kind or "html"
    make = {"html": _page, "md": _markdown, "txt": _text, "eml": _mail, "json": _json}[kind]
    return Document(f"{name}.{kind}", make(story, poison).encode())


def item_of(story: Story, name: str, poison: Poison | None = None) -> str:
    """The article as an item of an RSS feed."""
    title = story.title + (poison.text if poison and poison.position == "title" else "")
    extra = poison.text if poison and poison.position == "field" else ""
    return (
        f"<item><title>{escape(title)}</title><guid>{name}</guid>"
        f"<pubDate>Thu, 21 Nov 2024 09:00:00 GMT</pubDate>{extra}"
        f"<description>{escape(_paragraphs(story, poison))}</description></item>"
    )


def feed_of(items: Sequence[str]) -> bytes:
    """The items as RSS 2.0."""
    return (
        f"<rss version='2.0'><channel><title>t</title>{''.join(items)}</channel></rss>"
    ).encode()


def articles_of(story: Story, poison: Poison) -> list[Article]:
    """What intake keeps of a poisoned article, by rules alone."""
    if poison.file == "rss":
        document = Document("http://feed.example/", feed_of([item_of(story, "a", poison)]))
        entries = parse_feed(document, Feed("http://feed.example/", "t", story.publisher))
    else:
        entries = parse_file(file_of(story, "a", poison), source="folder:poison")
    if isinstance(entries, Skip):
        return []
    found = [extract(entry, None, as_of=date(2024, 11, 22)) for entry in entries]
    return [clean(a) for told in found if not isinstance(told, Skip) for a in told]


def shown(article: Article) -> str:
    """All of an article that an edition might print."""
    return "\n".join((article.title, article.text, article.publisher, *article.credits))


def _placed(story: Story, poison: Poison | None, piece: str) -> list[tuple[str, bool]]:
    """The paragraphs, each with whether it is ours; the middle is inside a paragraph's row."""
    body = [(text, False) for text in story.body]
    if poison and poison.position in ("start", "middle", "end"):
        at = {"start": 0, "middle": len(body) // 2, "end": len(body)}[poison.position]
        body.insert(at, (piece, True))
    return body


def _paragraphs(story: Story, poison: Poison | None) -> str:
    """The body as HTML."""
    if poison is None:
        piece = ""
    else:
        piece = poison.text if poison.kind == "hidden" else f"<p>{escape(poison.text)}</p>"
    return "\n".join(
        text if own else f"<p>{escape(text, quote=False)}</p>"
        for text, own in _placed(story, poison, piece)
    )


def _page(story: Story, poison: Poison | None) -> str:
    head = poison.head + (poison.text if poison.position == "head" else "") if poison else ""
    title = escape(story.title)
    return (
        f"<!doctype html><html><head>{head}<title>{title}</title>"
        f'<meta property="og:site_name" content="{story.publisher}">'
        f'<meta property="article:published_time" content="{STAMP}"></head>'
        f"<body><main><article><h1>{title}</h1>\n{_paragraphs(story, poison)}\n"
        "</article></main></body></html>"
    )


def _lines(story: Story, poison: Poison | None) -> str:
    return "\n\n".join(text for text, _ in _placed(story, poison, poison.text if poison else ""))


def _markdown(story: Story, poison: Poison | None) -> str:
    front = f"---\ntitle: {story.title}\ndate: {STAMP}\npublisher: {story.publisher}\n---\n"
    return front + _lines(story, poison)


def _text(story: Story, poison: Poison | None) -> str:
    return f"{story.title}\n\n{_lines(story, poison)}\n"


def _json(story: Story, poison: Poison | None) -> str:
    return json.dumps({
        "title": story.title, "date": STAMP, "publisher": story.publisher,
        "content_html": _paragraphs(story, poison),
    })  # fmt: skip


def _mail(story: Story, poison: Poison | None) -> str:
    message = EmailMessage()
    message["From"] = f"{story.publisher} <news@paper.example>"
    message["Subject"] = story.title
    message["Date"] = "Thu, 21 Nov 2024 09:00:00 +0000"
    other = poison is not None and poison.position == "alternative"
    message.set_content(poison.text if poison and other else "Read this mail in a browser.")
    message.add_alternative(
        f"<html><body>{_paragraphs(story, poison)}</body></html>", subtype="html"
    )
    return message.as_string()


def figures_of(corpus: Corpus) -> dict[str, Any]:
    """How many texts of which kind and language."""
    every = [poison for listed in corpus.poisons.values() for poison in listed]
    return {
        "texts": len(every),
        "languages": {k: sum(p.language == k for p in every) for k in ("en", "uk", "ru")},
    }
