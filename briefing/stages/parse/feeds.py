"""Feeds: RSS, Atom, RDF and CDF through feedparser, JSON Feed by its specification."""

from __future__ import annotations

import html
import io
import re
from calendar import timegm
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import feedparser

from briefing.news import Document, Entry, Feed, Skip
from briefing.stages.parse import fields, json_text
from briefing.stages.parse.decoding import decode
from briefing.stages.parse.mending import MAX_ENTRIES, mended
from briefing.stages.parse.quirks import ERRORS, parts, word

_FEED = re.compile(r"<(?:[\w.-]{1,40}:)?(?:rss|rdf|feed|channel|item|entry)(?![\w.-])", re.I)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in XML 1.0
_PAGE = re.compile(  # atomic: a page of comments alone must not be read again and again
    r"(?>(?:<\?xml[^>]*>|<!--(?>.*?-->)|\s+)*)<(?:!doctype\s+html|html)\b", re.I | re.S
)
_LINK_TAG = re.compile(r"<link\b[^<>]*>", re.IGNORECASE)
_FEED_TYPE = re.compile(r"application/(?:rss|atom|feed)\+(?:xml|json)", re.IGNORECASE)
_TEXTUAL = re.compile(r"$|text/|html$|application/xhtml\+xml")  # media types of a body
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Said:
    """One entry in the words of its format, before anything is normalised."""

    guid: str
    link: str  # absolute, or ""
    title: str
    published: datetime | None
    bodies: tuple[tuple[str, bool], ...]  # (text, is HTML); content first, then summaries


@dataclass(frozen=True, slots=True)
class Reading:
    """What a feed says of others, and of itself."""

    entries: list[Entry]
    wish: float = 0.0  # seconds for which it wants to be left alone; 0 when it does not say
    beyond: int = 0  # entries that it has after the ``MAX_ENTRIES`` that are read


def parse_feed(document: Document, feed: Feed) -> list[Entry] | Skip:
    """The entries of a feed alone; see :func:`read_feed`."""
    found = read_feed(document, feed)
    return found if isinstance(found, Skip) else found.entries


def read_feed(document: Document, feed: Feed) -> Reading | Skip:
    """The entries of a feed in its own order, at most ``MAX_ENTRIES``, and its wish for patience.

    A malformed feed is read as far as it goes, without an entry in the middle of which it ends:
    the whole entry, when it comes, is then a new one. Titles are plain text; links are absolute and
    without tracking parameters; dates are UTC, and None when absent or impossible (before 1995 or
    after 2100: a date that is merely in the future is kept, because this stage knows no "now");
    the body is the longest of content and summary, raw. Of entries with one key the first is
    kept, because a store would hold only one.

    The wish is the longer one of ``ttl`` (minutes; RSS 2.0) and ``updatePeriod`` divided by
    ``updateFrequency`` (RSS 1.0 syndication module; ``daily`` and 1 when one of them is missing).

    Returns a :class:`Skip` with the reason "empty answer", "html instead of a feed", "not a feed",
    "too much markup", "malformed json" or "binary file"; its detail says what to do.
    """
    text = decode(document.body, declared=document.charset)
    if text is None:
        return Skip("parse", feed.url, "binary file", _CHECK)
    text = _ILLEGAL.sub("", text).lstrip("\ufeff \t\r\n")
    if not text:
        return Skip("parse", feed.url, "empty answer", "the address answered without a word")
    said = (
        _from_json(text, document, feed)
        if text.startswith("{")
        else _from_xml(text, document, feed)
    )
    if isinstance(said, Skip):
        return said
    entries, wish, beyond = said
    return Reading(_entries(entries, feed), wish, beyond)


_CHECK = "open the address in a browser, and correct or remove it in the feeds file"


def _from_json(text: str, document: Document, feed: Feed) -> tuple[list[_Said], float, int] | Skip:
    value = json_text.load(text, subject=feed.url)
    if isinstance(value, Skip):
        return value
    items = json_text.feed_items(value)
    if items is None or (value["items"] and not items):
        return Skip("parse", feed.url, "not a feed", f"JSON without items: {_CHECK}")
    said = [
        _Said(
            guid=json_text.member(item, "id"),
            link=fields.link(json_text.member(item, "url", "external_url"), document.address),
            title=json_text.member(item, "title"),
            published=fields.moment(item.get("date_published"))
            or fields.moment(item.get("date_modified")),
            bodies=tuple(
                (json_text.member(item, name), name == "content_html")
                for name in ("content_html", "content_text", "summary")
            ),
        )
        for item in items[:MAX_ENTRIES]
    ]
    return said, 0.0, max(0, len(items) - MAX_ENTRIES)  # JSON Feed has no word for the wish


def _from_xml(text: str, document: Document, feed: Feed) -> tuple[list[_Said], float, int] | Skip:
    is_page = _PAGE.match(text) is not None
    if is_page and not re.search(r"<(?:rss|feed|rdf:RDF|channel)\b", text):
        return Skip("parse", feed.url, "html instead of a feed", _page_remedy(text, document))
    if not _FEED.search(text):
        return Skip("parse", feed.url, "not a feed", _page_remedy(text, document))
    text, beyond = mended(text)
    # A stream, never the bytes: feedparser would open a file or an address of that name. Not
    # sanitised: that drops the styles by which a later stage knows hidden text from visible.
    try:
        parsed = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            # Without its address, so that a relative guid keeps its words when the feed moves
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except ERRORS as error:
        return Skip("parse", feed.url, "not a feed", f"{type(error).__name__}: {error}; {_CHECK}")
    version = parsed.get("version", "")  # absent when nothing was left to read
    if not parsed.entries and not version:
        reason = "html instead of a feed" if is_page else "not a feed"
        return Skip("parse", feed.url, reason, _page_remedy(text, document))
    if not parsed.entries and beyond:
        return Skip("parse", feed.url, "too much markup", f"before the first of {beyond} entries")
    is_rss = not version.startswith("atom")
    entries = [_said(entry, document, is_rss=is_rss) for entry in parsed.entries[:MAX_ENTRIES]]
    return entries, _wish(parsed.get("feed", {})), beyond


_HOUR = 3600.0
_PERIODS = {
    "hourly": _HOUR, "daily": 24 * _HOUR, "weekly": 168 * _HOUR, "monthly": 720 * _HOUR,
    "yearly": 8760 * _HOUR,
}  # fmt: skip


def _wish(channel: Any) -> float:
    ttl = _number(channel.get("ttl")) * 60
    period, frequency = channel.get("sy_updateperiod"), channel.get("sy_updatefrequency")
    if period is None and frequency is None:
        return ttl
    # The module names a word and a number; what is neither is as good as not said
    stated = period.strip().lower() if isinstance(period, str) else "daily"
    return max(ttl, _PERIODS.get(stated, 0.0) / max(_number(frequency), 1.0))


def _number(text: object) -> float:
    """A plain number of at most nine digits; 0.0 for anything else."""
    found = re.fullmatch(r"\s*([0-9]{1,9})\s*", text) if isinstance(text, str) else None
    return float(found[1]) if found else 0.0


def _said(entry: Any, document: Document, *, is_rss: bool) -> _Said:
    dates = (_date(entry, name) for name in ("published", "updated", "created"))
    details = [*parts(entry, "content"), *parts(entry, "summary_detail")]
    return _Said(
        guid=word(entry, "id"),
        link=_link(entry, document, is_rss=is_rss),
        title=word(entry, "title"),
        published=next((date for date in dates if date), None),
        bodies=tuple(
            (body, "html" in word(detail, "type"))
            for detail in details
            if (body := word(detail, "value")) and _TEXTUAL.match(word(detail, "type"))
        ),
    )


def _link(entry: Any, document: Document, *, is_rss: bool) -> str:
    stated = parts(entry, "links")
    hrefs = [word(entry, "feedburner_origlink")]
    if stated:
        hrefs += [word(entry, "link")]
        hrefs += [word(each, "href") for each in stated if word(each, "rel") == "alternate"]
    for href in hrefs:
        if href and (found := fields.link(href, document.address)):
            return found
    # A guid of RSS is a permanent link unless it says otherwise; then it is absolute
    return fields.link(word(entry, "link")) if is_rss and not stated else ""


def _date(entry: Any, name: str) -> datetime | None:
    # dict.get, because FeedParserDict.get warns when it answers "updated" with "published"
    written: Any = dict.get(entry, name)
    stamp: Any = dict.get(entry, f"{name}_parsed")
    if not isinstance(written, str):
        return None
    if found := fields.moment(written):
        return found
    # feedparser reads forms of a dozen countries, and also reads 2024-13-45 as 1 January 2025:
    # its year and day must stand in the text (the day may move by one between zones)
    try:
        found = fields.moment(timegm(stamp))
    except (ValueError, OverflowError, TypeError):
        return None
    numbers = {int(number[-2:]) for number in re.findall(r"[0-9]+", written)}
    days = {(found + timedelta(days=shift)).day for shift in (-1, 0, 1)} if found else set()
    return found if found and found.year % 100 in numbers and days & numbers else None


def _entries(said: Iterable[_Said], feed: Feed) -> list[Entry]:
    entries = [_entry(each, feed) for each in said]
    # Some feeds give all entries one guid; with the link each is itself again.
    uses = Counter(entry.key for entry in {(e.key, e.link): e for e in entries}.values())
    unique: dict[str, Entry] = {}
    for entry in entries:
        if uses[entry.key] > 1:
            entry = replace(entry, key=f"{entry.key} {entry.link}")
        unique.setdefault(entry.key, entry)
    return list(unique.values())


def _entry(said: _Said, feed: Feed) -> Entry:
    title = fields.title(said.title)
    body, is_html = max(said.bodies, key=lambda pair: _substance(pair[0]), default=("", False))
    body = fields.sound(body).strip()
    key = " ".join(fields.sound(said.guid).split()) or said.link or fields.fingerprint(title, body)
    body_format: Literal["html", "text"] = "html" if is_html or fields.is_html(body) else "text"
    return Entry(
        key=key if len(key) <= MAX_KEY else fields.fingerprint(key),
        source=feed.url,
        link=said.link,
        title=title,
        published=said.published,
        body=body,
        body_format=body_format,
        publisher=feed.publisher,
        bloc=feed.bloc,
        state_media=feed.state_media,
        language=feed.language,
    )


MAX_KEY = 500  # characters; longer ones are kept by their hash


def _substance(body: str) -> int:
    """Characters that a reader would see."""
    return len(fields.plain(body))


def _page_remedy(text: str, document: Document) -> str:
    """What to do about an address that answers a page: use the feed that the page names."""
    for tag in _LINK_TAG.finditer(text, 0, 200_000):
        href = _HREF.search(tag.group())
        if href and _FEED_TYPE.search(tag.group()):
            address = fields.link(html.unescape(href.group(1)), document.address)
            if address:
                return f"the page names its feed: use {address}"
    return f"it answered {document.media_type or 'something else'}: {_CHECK}"
