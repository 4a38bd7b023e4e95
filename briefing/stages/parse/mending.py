"""How much of a feed is given to feedparser, and what is cut off."""

from __future__ import annotations

import re
from itertools import islice

from briefing.stages.parse.quirks import without_numbers_beyond

MAX_ENTRIES = 10_000
MAX_TAGS = 250_000
MAX_MARKS = 500_000
"""Tags, and ``&`` and ``=``, read from one feed: 25 tags for each of 10,000 entries. Without them
15 MB of ``<link/>`` or ``&`` are millions of objects and minutes of work. With them, and without
tags of more than 64 kB, the worst of 40 hostile feeds of 15 MB takes about 15 s of processor time
and 310 MB, where 10,000 honest entries (15 MB) take 6 s."""

LONGEST_ITEM = 1_000_000  # characters: an item that breaks off is looked for so far from the end

_ITEM = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)(?![\w.-])", re.IGNORECASE)
_ENDED = re.compile(r"</(?:[\w.-]{1,40}:)?(?:item|entry|rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_TAG = re.compile("<")
_ENDLESS_TAG = re.compile(r"<(?!!)[^<>]{65536}")  # with 100,000 attributes, or never closed
_MARK = re.compile("[&=]")
_AT_LINK = re.compile(r"""(<link)\s+uri\s*=\s*["']at:[^"'<>]*["']""", re.IGNORECASE)


def mended(text: str) -> tuple[str, int]:
    """Cut before the first item, tag or mark too many, and before an item that breaks off; without
    links that hide behind others. And how many items there were too many."""
    whole = text
    limits = ((_ITEM, MAX_ENTRIES), (_TAG, MAX_TAGS), (_MARK, MAX_MARKS), (_ENDLESS_TAG, 0))
    for marks, most in limits:
        found = next(islice(marks.finditer(text), most, None), None)
        text = text[: found.start()] if found else text
    surplus = len(text) < len(whole)
    *_, last = (None, *_ITEM.finditer(text, max(0, len(text) - LONGEST_ITEM)))
    if last and not _ENDED.search(text, last.start()):
        text = text[: last.start()]
    beyond = sum(1 for _ in _ITEM.finditer(whole, len(text))) if surplus else 0
    # feedparser takes the attribute for the address, and drops the one that can be fetched
    return _AT_LINK.sub(r"\1", without_numbers_beyond(text)), beyond
