"""Build an article from its blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from briefing.news import Article, Entry, Removed
from briefing.stages.extract.blocks import Block
from briefing.stages.extract.facts import Facts
from briefing.stages.extract.limits import bounded
from briefing.stages.extract.liveblog import Post
from briefing.stages.extract.titles import find_title, make_title, same_title
from briefing.text.assemble import assemble
from briefing.text.boilerplate import reason
from briefing.text.characters import tidy
from briefing.text.dates import latest_date
from briefing.text.instructions import LOOKALIKES, addressed
from briefing.text.scripts import mixed

_HISTORY = timedelta(366)  # a text whose latest date is older tells of the past, not of its own day
_LONGEST_NAME = 80  # characters of a publisher's
_LEAST_ITEM = 5  # words; shorter list items are labels
_NO_PROSE = {
    "table": "table",
    "caption": "caption",
    "links": "related links",
    "standfirst": "standfirst",
}
_LETTER = re.compile(r"[^\W_]")
_CUT_OFF = re.compile(r"(?:\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.)\s*$")


def build(
    entry: Entry,
    blocks: Sequence[Block],
    facts: Facts,
    *,
    url: str,
    as_of: date,
    post: Post | None = None,
) -> Article | None:
    """The article that ``blocks`` make; ``None`` when no paragraph of prose is left.

    Args:
        entry: names the source and, where it does, headline, date and publisher.
        blocks: the pieces in page order.
        facts: what the page says about itself; the entry's word goes before it.
        url: the article's address, or ``""``.
        as_of: see :func:`briefing.stages.extract.extract`.
        post: the post of a live blog; its headline and date go before all others, and its number
            is added to the article's id.
    """
    told = tidy(post.title if post else entry.title or facts.title)
    why = addressed(told)
    stated = "" if why else told
    named = told if why == LOOKALIKES else ""  # shown, and flagged; no evidence
    if stated:
        blocks = [b for n, b in enumerate(blocks) if n >= 3 or not same_title(b.text, stated)]
    elif (at := find_title(blocks)) is not None and not addressed(blocks[at].text):
        stated = blocks[at].text
        blocks = [*blocks[:at], *blocks[at + 1 :]]
    body, removed = split(blocks)
    removed += [Removed(told, why)] if why and not named else []
    if not any(map(_LETTER.search, body)):
        return None
    name = f"{entry.id}-{post.number}" if post else entry.id
    text, passages = assemble(name, stated, body)
    published, origin = _date(entry, facts, post, f"{stated}\n{text}", as_of=as_of)
    return Article(
        id=name,
        url=url,
        title=stated
        or named
        or make_title("\n".join(line for line in body if not addressed(line))),
        title_origin="stated" if stated else "made",
        publisher=_outlet(entry.publisher or facts.publisher),
        published=published,
        date_origin=origin,
        text=text,
        passages=passages,
        removed=tuple(removed),
        bloc=entry.bloc,
        state_media=entry.state_media,
        language=entry.language or facts.language or "en",
        source=entry.source,
    )


def _outlet(name: str) -> str:
    """A publisher's name; "" for one in disguise, and for words that are no name."""
    name = tidy(name)
    return "" if len(name) > _LONGEST_NAME or mixed(name) or addressed(name) else name


def split(blocks: Sequence[Block]) -> tuple[list[str], list[Removed]]:
    """The paragraphs of prose, and what is no prose with its reason."""
    body: list[str] = []
    removed: list[Removed] = []
    for block in blocks:
        why = _structural(block)
        if why:
            removed.append(Removed(block.text, why))
        else:
            body.append(block.text)
    if len(body) > 1 and _CUT_OFF.search(body[-1]) and not re.search(r"[.!?][\"”’]?\s", body[-1]):
        removed.append(Removed(body.pop(), "cut off"))
    body, surplus = bounded(body)
    return body, removed + surplus


def _structural(block: Block) -> str:
    if block.kind == "heading":  # "Read more" is left to `clean`, which also takes what follows it
        return "" if block.text.endswith(".") or reason(block.text) else "section heading"
    if block.kind == "item":
        return "list label" if len(block.text.split()) < _LEAST_ITEM else ""
    return _NO_PROSE.get(block.kind, "")


def _date(
    entry: Entry, facts: Facts, post: Post | None, text: str, *, as_of: date
) -> tuple[datetime | None, Literal["stated", "inferred", "unknown"]]:
    # A post's own date alone: the blog's is that of its beginning, or of another post.
    stated = post.published if post else entry.published or facts.published
    if stated is not None:
        return stated, "stated"
    day = latest_date(text, not_after=as_of)
    if day is None or as_of - day > _HISTORY:
        return None, "unknown"
    return datetime.combine(day, time(), UTC), "inferred"
