"""The feeds, read back by a feed reader that others wrote, and by the letter of their formats."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from site_desk import DAY, RAISE, claim, digest, quiet

from briefing.news import Digest
from briefing.stages.render.site import Entry, Issue, Masthead, atom, headline, json_feed

HEAD = Masthead("Harbour strike", "One running story.")
BASE = "https://briefing.example.org/news/"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def entry(one: Digest, published: datetime | None = None) -> Entry:
    issue = Issue(one.edition, headline(one), one.story_name, one.made, published)
    return Entry(issue, one)


ENTRIES = [
    entry(digest(slot="1700"), datetime(2024, 11, 22, 15, 4, 30, 999, tzinfo=UTC)),
    entry(digest(slot="0630")),
    entry(quiet(DAY - timedelta(days=1))),
]


def parsed(text: str) -> Any:
    found = feedparser.parse(
        text.encode(), response_headers={"content-type": "application/atom+xml"}
    )
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


# -- Atom --------------------------------------------------------------------------------------


def test_a_feed_reader_reads_the_atom_feed_back() -> None:
    found = parsed(atom(HEAD, ENTRIES, base=BASE))
    assert found.feed.title == "Harbour strike"
    assert found.feed.subtitle == "One running story."
    assert found.feed.updated == "2024-11-22T15:00:00Z"
    links = {link.rel: link.href for link in found.feed.links}
    assert links == {"self": f"{BASE}feed.atom", "alternate": BASE}
    first, second, third = found.entries
    assert first.link == first.id == f"{BASE}2024-11-22/harbour.1700/"
    assert first.title == "Friday 22 November 2024, 17:00: Port authority offers a raise"
    assert (first.published, first.updated) == ("2024-11-22T15:04:30Z", "2024-11-22T15:00:00Z")
    assert (second.published, second.updated) == ("2024-11-22T04:30:00Z", "2024-11-22T04:30:00Z")
    assert first.tags[0].term == "harbour"
    assert first.summary.startswith("The port authority offered dock workers 4 percent. “Some 310")
    assert "Nothing to report" in third.title


def test_an_entry_holds_the_edition_and_its_links_lead_to_the_page() -> None:
    content = parsed(atom(HEAD, ENTRIES, base=BASE)).entries[0].content[0]
    assert content.type == "text/html"
    page = f"{BASE}2024-11-22/harbour.1700/"
    assert f'<a href="{page}#source-1">[1]</a>' in content.value
    assert "<h2>Bottom line</h2>" in content.value
    assert "<h3>2. 310 walked out" in content.value
    assert "<i>on record</i>" in content.value
    assert set(re.findall(r'href="([^#"]*)', content.value)) == {page}


def test_the_atom_feed_has_what_rfc_4287_demands() -> None:
    text = atom(HEAD, ENTRIES, base=BASE)
    assert text.startswith('<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns=')
    root = ElementTree.fromstring(text)
    space = "{http://www.w3.org/2005/Atom}"
    assert root.tag == f"{space}feed"
    assert root.find(f"{space}author/{space}name") is not None  # section 4.1.1
    for element in (root, *root.findall(f"{space}entry")):
        for name in ("id", "title", "updated"):  # sections 4.1.1 and 4.1.2: exactly one
            assert len(element.findall(f"{space}{name}")) == 1
        assert RFC3339.fullmatch(element.findtext(f"{space}updated") or "")  # section 3.3
        assert re.match(r"(https:|urn:uuid:)", element.findtext(f"{space}id") or "")
    ids = [element.text for element in root.iter(f"{space}id")]
    assert len(ids) == len(set(ids)) == 4
    moments = [e.findtext(f"{space}updated") or "" for e in root.findall(f"{space}entry")]
    assert all(a >= b for a, b in pairwise(moments))


def test_without_an_address_links_are_relative_and_ids_stay_the_same_for_good() -> None:
    found = parsed(atom(HEAD, ENTRIES, base=""))
    assert found.entries[0].link == "2024-11-22/harbour.1700/"
    assert found.entries[0].id == "urn:uuid:33c8d303-7c1a-565b-ba3f-a93cfe077e0b"
    in_files = parsed(atom(HEAD, ENTRIES, base="", index="index.html"))
    assert in_files.entries[0].link == "2024-11-22/harbour.1700/index.html"
    assert [e.id for e in in_files.entries] == [e.id for e in found.entries]
    assert len({e.id for e in found.entries}) == 3


def test_an_empty_archive_is_a_feed_too() -> None:
    found = parsed(atom(HEAD, [], base=BASE))
    assert found.entries == []
    assert RFC3339.fullmatch(found.feed.updated)
    assert json.loads(json_feed(HEAD, [], base=BASE))["items"] == []


# -- JSON Feed ---------------------------------------------------------------------------------


def test_the_json_feed_has_what_its_version_1_1_demands() -> None:
    feed = json.loads(json_feed(HEAD, ENTRIES, base=BASE))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == "Harbour strike"
    assert feed["home_page_url"] == BASE
    assert feed["feed_url"] == f"{BASE}feed.json"
    assert feed["language"] == "en"
    assert feed["authors"] == [{"name": "Harbour strike"}]
    assert len(feed["items"]) == 3
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["id"] == item["url"]
        assert item["content_html"]
        assert RFC3339.fullmatch(item["date_published"])
        assert RFC3339.fullmatch(item["date_modified"])
        assert item["tags"] == ["Harbour strike"]
    allowed = {"id", "url", "title", "summary", "content_html", "date_published", "date_modified"}
    assert {key for item in feed["items"] for key in item} == allowed | {"tags", "language"}


def test_both_feeds_say_the_same() -> None:
    entries = parsed(atom(HEAD, ENTRIES, base=BASE)).entries
    items = json.loads(json_feed(HEAD, ENTRIES, base=BASE))["items"]
    for one, other in zip(entries, items, strict=True):
        assert one.title == other["title"]
        assert one.id == other["id"]
        assert one.summary == other["summary"]
        assert one.published == other["date_published"]


def test_without_an_address_the_json_feed_names_none() -> None:
    feed = json.loads(json_feed(HEAD, ENTRIES, base=""))
    assert "home_page_url" not in feed
    assert "feed_url" not in feed
    assert feed["items"][0]["id"].startswith("urn:uuid:")


# -- hostile texts -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "]]><x>", "&lt;b&gt; &amp; <b>", "\x00\x01\x0b\ufffe\uffff",
        "\ud800 half", "a\x85b\u2028c", '" href="javascript:x', "{{ 7*7 }}",
    ],
)  # fmt: skip
def test_no_text_breaks_a_feed_or_brings_markup_into_it(text: str) -> None:
    said = claim(f"{text} stood in the harbour.", RAISE)
    one = digest(story_name=text, subject=said, bottom_line=(said,), notes=(text,))
    feed = atom(HEAD, [entry(one)], base=BASE)
    feed.encode()
    content = ElementTree.fromstring(feed).findtext(".//{*}content") or ""
    assert not re.search(r"<(script|x|b)\b", content)
    assert 'javascript:x"' not in content
    item = json.loads(json_feed(HEAD, [entry(one)], base=BASE))["items"][0]
    json.dumps(item, ensure_ascii=False).encode()
    assert not re.search(r"<(script|x|b)\b", item["content_html"])
    parsed(feed)
