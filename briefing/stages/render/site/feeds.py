"""The archive as feeds: Atom (RFC 4287) and JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5
from xml.etree import ElementTree

from briefing.news import Digest
from briefing.stages.render.data import dumps
from briefing.stages.render.page import template
from briefing.stages.render.site.place import Issue, Masthead
from briefing.stages.render.view import View, view
from briefing.text.characters import one_line

IN_FEED = 20
"""Newest editions in a feed: readers that were away two weeks miss none."""

ATOM = "feed.atom"
JSON = "feed.json"

_ATOM = "http://www.w3.org/2005/Atom"
_JSON = "https://jsonfeed.org/version/1.1"
_OURS = UUID("0f6f2f8c-6a3e-5d0b-9d0c-2f1c9b7a4e11")  # any UUID of our own: RFC 9562, section 6.5
_START = datetime(1970, 1, 1, tzinfo=UTC)  # an empty feed has to have changed at some time
# What XML 1.0 has no form for (section 2.2); `one_line` has taken most of them out already.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One edition in a feed."""

    issue: Issue
    digest: Digest


def atom(masthead: Masthead, entries: Sequence[Entry], *, base: str, index: str = "") -> str:
    """The Atom feed.

    Args:
        entries: newest first.
        base: absolute address of the site, with a slash at its end; "" makes relative links.
        index: see :class:`Place`.
    """
    feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    _put(feed, "id", _id(base, "", ATOM))
    _put(feed, "title", masthead.name)
    _put(feed, "subtitle", masthead.about)
    _put(feed, "updated", _stamp(max((e.issue.made for e in entries), default=_START)))
    _link(feed, "self", base + ATOM, "application/atom+xml")
    _link(feed, "alternate", _page(base, "", index), "text/html")
    author = ElementTree.SubElement(feed, "author")
    _put(author, "name", masthead.name)
    _put(feed, "generator", "briefing")
    for entry in entries:
        _entry(feed, entry, base, index)
    ElementTree.indent(feed, " ")
    text = ElementTree.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def json_feed(masthead: Masthead, entries: Sequence[Entry], *, base: str, index: str = "") -> str:
    """The JSON feed, with the same arguments."""
    feed: dict[str, Any] = {"version": _JSON, "title": one_line(masthead.name)}
    if base:
        feed |= {"home_page_url": _page(base, "", index), "feed_url": base + JSON}
    feed |= {"description": one_line(masthead.about), "language": "en"}
    feed["authors"] = [{"name": one_line(masthead.name)}]
    feed["items"] = [_item(entry, base, index) for entry in entries]
    return dumps(feed)


def _entry(feed: ElementTree.Element, entry: Entry, base: str, index: str) -> None:
    page, issue = view(entry.digest), entry.issue
    address = _page(base, issue.path, index)
    element = ElementTree.SubElement(feed, "entry")
    _put(element, "id", _id(base, issue.path, str(issue.edition)))
    _put(element, "title", _title(page))
    _put(element, "published", _stamp(issue.published or issue.made))
    _put(element, "updated", _stamp(issue.made))
    _link(element, "alternate", address, "text/html")
    ElementTree.SubElement(element, "category", term=issue.edition.story, label=_xml(page.story))
    _put(element, "summary", _summary(page))
    _put(element, "content", _content(page, address), type="html")


def _item(entry: Entry, base: str, index: str) -> dict[str, Any]:
    page, issue = view(entry.digest), entry.issue
    address = _page(base, issue.path, index)
    return {
        "id": _id(base, issue.path, str(issue.edition)),
        "url": address,
        "title": _title(page),
        "summary": _summary(page),
        "content_html": _content(page, address),
        "date_published": _stamp(issue.published or issue.made),
        "date_modified": _stamp(issue.made),
        "tags": [page.story],
        "language": "en",
    }


def _title(page: View) -> str:
    return f"{page.day}: {page.quiet or page.subject.text}"


def _summary(page: View) -> str:
    """What changed first, then what the bottom line says besides."""
    if page.quiet and not page.moves:
        return page.quiet
    changes = [f"{page.changed}:"] if page.moves else []
    for move in page.moves:
        values = f" {move.values}:" if move.values else ""
        note = f" ({'; '.join(move.notes)})" if move.notes else ""
        changes.append(f"{move.kind}{values} {move.sentence.text}{note}")
    said = {move.sentence.text for move in page.moves}
    rest = [s.text for s in page.bottom_line if s.text not in said]
    return " ".join([*changes, *rest]) or page.subject.text


def _content(page: View, address: str) -> str:
    return template("site-entry.html").render(page=page, address=address)


def _id(base: str, path: str, name: str) -> str:
    """The permanent address; without one, a name-based UUID that no move of the site changes."""
    return base + path if base else f"urn:uuid:{uuid5(_OURS, name)}"


def _page(base: str, path: str, index: str) -> str:
    return f"{base}{path}{index}" or "./"


def _stamp(moment: datetime) -> str:
    """RFC 3339, in UTC, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _put(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, name, attributes).text = _xml(text)


def _link(parent: ElementTree.Element, rel: str, href: str, kind: str) -> None:
    ElementTree.SubElement(parent, "link", {"rel": rel, "type": kind, "href": href})


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)
