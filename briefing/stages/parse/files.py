"""Article files of a folder: ``.txt .md .html .htm .eml .json``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Literal

from briefing.news import Document, Entry, Skip
from briefing.stages.parse import fields, json_text
from briefing.stages.parse.decoding import decode
from briefing.stages.parse.mail import Mail, read_mail

SUFFIXES = (".txt", ".md", ".html", ".htm", ".eml", ".json")

MAX_ARTICLES = 10_000
"""Of one JSON file."""

_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\n(.*?)\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_LINE = re.compile(r"^([A-Za-z][\w-]*)\s*[:=]\s*(.+)$", re.MULTILINE)
_HEADING = re.compile(r"\A\s*#[ \t]+([^\n]+?)[ \t#]*(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class Written:
    """One article as a file has it."""

    body: str
    body_format: Literal["html", "text", "markdown"]
    title: str = ""
    link: str = ""
    published: datetime | None = None
    publisher: str = ""
    language: str = ""


def parse_file(document: Document, *, source: str) -> list[Entry] | Skip:
    """The articles of one file; the suffix of ``document.address`` says how it is read.

    ``.txt`` is a body alone. ``.md`` may start with front matter (``title``, ``date``,
    ``publisher``, ``url``) and a ``# heading``, which is its title. ``.eml`` gives subject, sender
    and date of a mail and its best part. ``.json`` is one article, a list of them or a JSON Feed.
    An entry's key is the path and a hash of what it says: an edited file is new.

    Args:
        source: ``Entry.source``, "folder:<name>".

    Returns a :class:`Skip` with the reason "empty file", "binary file", "malformed json", "no
    article", "too many articles", "too many parts" or "unknown kind of file".
    """
    path = document.address
    suffix = PurePosixPath(path).suffix.lower()
    if suffix not in SUFFIXES:
        return Skip("parse", path, "unknown kind of file", f"one of {' '.join(SUFFIXES)} is read")
    if not document.body.strip(b" \t\r\n\0\xef\xbb\xbf\xfe\xff"):
        return Skip("parse", path, "empty file", "write something into it, or remove it")
    text = decode(document.body, declared=document.charset)
    if text is None:
        return Skip("parse", path, "binary file", f"it is named {suffix} but holds no text")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if suffix == ".json":
        found = _json(text, path)
        if isinstance(found, Skip):
            return found
    elif suffix == ".eml":
        mail = read_mail(document.body)
        if isinstance(mail, str):
            return Skip("parse", path, mail, "it is no mail that somebody wrote")
        found = [_mail(mail)]
    elif suffix == ".md":
        found = [_markdown(text)]
    else:
        found = [Written(body=text, body_format="text" if suffix == ".txt" else "html")]
    entries = [_entry(article, path=path, source=source) for article in found]
    return list({entry.key: entry for entry in entries}.values())


def _entry(article: Written, *, path: str, source: str) -> Entry:
    title, link = fields.title(article.title), fields.link(article.link)
    published = article.published.isoformat() if article.published else ""
    return Entry(
        key=f"{path}#{fields.fingerprint(title, article.body, link, published)}",
        source=source,
        link=link,
        title=title,
        published=article.published,
        body=fields.sound(article.body).strip(),
        body_format=article.body_format,
        publisher=fields.title(article.publisher),
        language=article.language,
    )


def _markdown(text: str) -> Written:
    said: dict[str, str] = {}
    if front := _FRONT_MATTER.match(text):
        pairs = _FRONT_LINE.findall(front.group(2))
        said = {name.lower(): value.strip().strip("\"'") for name, value in pairs}
        text = text[front.end() :]
    title = said.get("title", "")
    # A heading that opens the text is its title; one that repeats the title is no matter of its own
    if (heading := _HEADING.match(text)) and title in ("", heading.group(1)):
        title, text = heading.group(1), text[heading.end() :]
    return Written(
        body=text,
        body_format="markdown",
        title=title,
        link=said.get("url", "") or said.get("link", ""),
        published=fields.moment(said.get("date") or said.get("published")),
        publisher=said.get("publisher", "") or said.get("source", ""),
        language=said.get("language", "") or said.get("lang", ""),
    )


def _mail(mail: Mail) -> Written:
    return Written(
        body=mail.body,
        body_format="html" if mail.is_html else "text",
        title=mail.subject,
        published=fields.moment(mail.date),
        publisher=mail.sender,
    )


def _json(text: str, path: str) -> list[Written] | Skip:
    value = json_text.load(text, subject=path)
    if isinstance(value, Skip):
        return value
    items = value
    if isinstance(value, dict):
        lists = (value.get(name) for name in ("items", "articles", "entries"))
        items = next((each for each in lists if isinstance(each, list)), [value])
    if not isinstance(items, list):
        items = []
    if len(items) > MAX_ARTICLES:
        says = f"{len(items)} in one file; split it into files of {MAX_ARTICLES}"
        return Skip("parse", path, "too many articles", says)
    found = [_json_article(item) for item in items if isinstance(item, dict)]
    said = [article for article in found if article.body.strip() or article.title.strip()]
    if not said:
        names = ", ".join(_TEXT)
        return Skip("parse", path, "no article", f"no object in it has a title or one of {names}")
    return said


_TEXT = ("text", "content", "body", "content_html", "content_text", "description", "summary")


def _json_article(item: dict[str, Any]) -> Written:
    body = json_text.member(item, *_TEXT)
    dates = ("date", "published", "date_published", "publishedAt", "pubDate", "date_modified")
    return Written(
        body=body,
        body_format="html" if fields.is_html(body) else "text",
        title=json_text.member(item, "title", "headline"),
        link=json_text.member(item, "url", "link", "external_url"),
        published=next((found for n in dates if (found := fields.moment(item.get(n)))), None),
        publisher=json_text.member(item, "publisher", "source"),
        language=json_text.member(item, "language", "lang"),
    )
