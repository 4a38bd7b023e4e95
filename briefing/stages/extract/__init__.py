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
from datetime import date

from briefing.news import Article, Document, Entry, Skip
from briefing.stages.extract.blocks import Block
from briefing.stages.extract.building import build
from briefing.stages.extract.decoding import page_text
from briefing.stages.extract.facts import Facts
from briefing.stages.extract.plain import from_fragment, from_markdown, from_text
from briefing.stages.extract.reading import Reading, read_page

__all__ = ["extract"]

_NOTHING = Facts("", "", None, "")
_WHOLE_PAGE = re.compile(r"<(?:!doctype|html|body|head)\b", re.I)
_MOST_BODY = 8_000_000  # characters of an entry's own body, as of a page


def extract(entry: Entry, page: Document | None, *, as_of: date) -> list[Article] | Skip:
    """Turn an entry, and its page where there is one, into articles.

    Args:
        entry: what the feed or folder said.
        page: the fetched page, or ``None``.
        as_of: the day of the run; dates after it are not believed, and a date without a year is
            the nearest not after it.

    Returns:
        One article; or one for each dated post of a live blog (ids ``entry.id-1``, ...); or a
        :class:`Skip` with the reason "no text", "too large", "not a page" or "not the article".
        The feed's own content stands in where the page gives less text than it.
    """
    own, inner, trouble = _own_blocks(entry, as_of=as_of)
    reading: Reading | str = inner or trouble
    address = entry.link
    if page is not None:
        outer = _read(page, as_of=as_of)
        if isinstance(outer, str):
            reading = inner or outer
        elif outer.posts or _words(outer.blocks) >= _words(own):
            reading, address = outer, _address(page, entry)
            own = list(outer.blocks)
        elif inner is None:
            reading = Reading(outer.facts, (), ())
    facts = reading.facts if isinstance(reading, Reading) else _NOTHING
    posts = reading.posts if isinstance(reading, Reading) else ()
    articles = [
        article
        for number, post in enumerate(posts, start=1)
        if (
            article := build(
                entry, list(post.blocks), facts, url=post.url or address, as_of=as_of,
                number=number, post=post,
            )
        )
    ]  # fmt: skip
    if not articles:
        article = build(entry, own, facts, url=address, as_of=as_of)
        articles = [article] if article else []
    if not articles:
        reason = reading if isinstance(reading, str) and reading else "no text"
        return Skip("extract", entry.title or entry.link or entry.key, reason)
    return articles


def _own_blocks(entry: Entry, *, as_of: date) -> tuple[list[Block], Reading | None, str]:
    """The entry's own body as blocks; with a reading or trouble where it is a whole page."""
    if len(entry.body) > _MOST_BODY:
        return [], None, "too large"
    if entry.body_format == "text":
        return from_text(entry.body), None, ""
    if entry.body_format == "markdown":
        return from_markdown(entry.body), None, ""
    if not _WHOLE_PAGE.search(entry.body[:4096]):
        return from_fragment(entry.body), None, ""
    reading = read_page(entry.body, address=entry.link, as_of=as_of)
    if isinstance(reading, str):
        return [], None, reading
    return list(reading.blocks), reading, ""


def _read(page: Document, *, as_of: date) -> Reading | str:
    media = page.media_type.split(";")[0].strip().lower()
    if media and "html" not in media and media not in ("text/plain", "application/xml", "text/xml"):
        return "not a page"
    if page.body[:5] == b"%PDF-" or b"\0\0\0" in page.body[:512]:
        return "not a page"
    return read_page(page_text(page), address=page.address, as_of=as_of)


def _address(page: Document, entry: Entry) -> str:
    """Where the page stands: after redirects, unless that is the entry's link with a query."""
    if not page.address.startswith(("http://", "https://")):
        return entry.link
    bare = page.address.split("?")[0].split("#")[0].rstrip("/")
    return (
        entry.link if bare == entry.link.split("?")[0].split("#")[0].rstrip("/") else page.address
    )


def _words(blocks: list[Block] | tuple[Block, ...]) -> int:
    return sum(len(block.text.split()) for block in blocks)
