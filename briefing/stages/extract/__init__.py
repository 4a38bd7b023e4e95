"""Extract: what a page, or a feed's own content, says as an article.

::

    Entry, page
     | page_text            bytes -> text
     | parse_page           text -> tree, flat enough for every later step
     | page_facts           headline, publisher, date, language
     | drop_hidden          what no reader sees
     | stated/marked_posts  a live blog's dated posts
     | main_text            trafilatura, completed
     | from_...             the feed's own content, where the page gives less
     | build                headings, headline, date -> Article
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from briefing.news import Article, Document, Entry, Skip
from briefing.stages.extract.building import build
from briefing.stages.extract.decoding import is_binary, page_text
from briefing.stages.extract.facts import Facts
from briefing.stages.extract.limits import MOST_CHARACTERS
from briefing.stages.extract.plain import from_fragment, from_markdown, from_text
from briefing.stages.extract.reading import Reading, read_page

__all__ = ["extract"]

_NOTHING = Facts("", "", None, "")
_WHOLE_PAGE = re.compile(r"<(?:!doctype|html|body|head)\b", re.I)


def extract(entry: Entry, page: Document | None, *, as_of: date) -> list[Article] | Skip:
    """Turn an entry, and its page where there is one, into articles.

    Args:
        entry: what the feed or folder said.
        page: the fetched page, or ``None``.
        as_of: the day of the run; dates after it are not believed, and a date without a year is
            the nearest not after it.

    Returns:
        One article; or one for each dated post of a live blog (ids ``entry.id-1``, ...); or a
        :class:`Skip` with the reason "no text", "too large", "not a page", "captcha" or "not the
        article".
        The feed's own content stands in where the page gives less text than it.
    """
    own = _own(entry, as_of=as_of)
    outer = _read(page, as_of=as_of) if page is not None else own
    reading = _better(own, outer)
    subject = entry.title or entry.link or entry.key
    if isinstance(reading, str):
        return Skip("extract", subject, outer if isinstance(outer, str) else reading)
    address = _address(page, entry) if page is not None and reading is outer else entry.link
    parts = [
        build(entry, post.blocks, reading.facts, url=post.url or address, as_of=as_of, post=post)
        for post in reading.posts
    ]
    if not any(parts):
        parts = [build(entry, reading.blocks, reading.facts, url=address, as_of=as_of)]
    articles = [part for part in parts if part is not None]
    if not articles:
        return Skip("extract", subject, outer if isinstance(outer, str) else "no text")
    return articles


def _own(entry: Entry, *, as_of: date) -> Reading | str:
    """The entry's own body, read as what it is; a whole page inside it is read as a page."""
    if len(entry.body) > MOST_CHARACTERS:
        return "too large"
    if entry.body_format == "text":
        return Reading(_NOTHING, tuple(from_text(entry.body)), ())
    if entry.body_format == "markdown":
        return Reading(_NOTHING, tuple(from_markdown(entry.body)), ())
    if _WHOLE_PAGE.search(entry.body[:4096]):
        return read_page(entry.body, address=entry.link, as_of=as_of)
    return Reading(_NOTHING, tuple(from_fragment(entry.body)), ())


def _better(own: Reading | str, outer: Reading | str) -> Reading | str:
    """The page, unless it gives less text than the entry's own body; the page's facts always."""
    if isinstance(outer, str) or isinstance(own, str):
        return own if isinstance(outer, str) else outer
    if outer.posts or _words(outer) >= _words(own):
        return outer
    return own if own.facts is not _NOTHING else replace(own, facts=outer.facts)


def _read(page: Document, *, as_of: date) -> Reading | str:
    media = page.media_type.split(";")[0].strip().lower()
    if media and "html" not in media and media not in ("text/plain", "application/xml", "text/xml"):
        return "not a page"
    if is_binary(page.body):
        return "not a page"
    return read_page(page_text(page), address=page.address, as_of=as_of)


def _address(page: Document, entry: Entry) -> str:
    """Where the page was found after redirects; the entry's link if only the query differs."""
    if not page.address.startswith(("http://", "https://")):
        return entry.link
    return entry.link if _bare(page.address) == _bare(entry.link) else page.address


def _bare(address: str) -> str:
    return re.split(r"[?#]", address, maxsplit=1)[0].rstrip("/")


def _words(reading: Reading) -> int:
    return sum(len(block.text.split()) for block in reading.blocks)
