"""Feeds as the web sends them -> entries, or the reason why there are none."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from briefing.news import Document, Entry, Feed, Skip
from briefing.stages.parse import Reading, parse_feed, read_feed
from briefing.stages.parse.mending import MAX_ENTRIES

FEED = Feed(
    url="https://feeds.example/world.xml",
    title="World",
    publisher="The Harbour Post",
    bloc="world",
    state_media=True,
    language="en-gb",
)


def document(body: bytes | str, *, address: str = "https://feeds.example/world.xml") -> Document:
    return Document(address=address, body=body.encode() if isinstance(body, str) else body)


def entries(body: bytes | str, *, address: str = "https://feeds.example/world.xml") -> list[Entry]:
    found = parse_feed(document(body, address=address), FEED)
    assert isinstance(found, list), found
    return found


def skip(body: bytes | str) -> Skip:
    found = parse_feed(document(body), FEED)
    assert isinstance(found, Skip), found
    assert (found.stage, found.subject) == ("parse", FEED.url)
    assert found.detail
    return found


def rss(*items: str) -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{inside}</channel></rss>'


def only(item: str) -> Entry:
    (found,) = entries(rss(item))
    return found


# -- formats -----------------------------------------------------------------------------------

FORMATS = {
    "rss": rss(
        "<title>Bridge opens</title><link>https://news.example/1</link><guid>g1</guid>"
        "<pubDate>Tue, 19 Nov 2024 12:30:00 +0300</pubDate><description>It did.</description>"
    ),
    "atom": """<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>g1</id>
        <title>Bridge opens</title><link href="https://news.example/1"/>
        <published>2024-11-19T12:30:00+03:00</published><updated>2024-11-20T00:00:00Z</updated>
        <summary>It did.</summary></entry></feed>""",
    "rdf": """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <item rdf:about="g1"><title>Bridge opens</title><link>https://news.example/1</link>
        <dc:date>2024-11-19T09:30:00Z</dc:date><description>It did.</description></item>
        </rdf:RDF>""",
    "json": json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "items": [
                {
                    "id": "g1",
                    "url": "https://news.example/1",
                    "title": "Bridge opens",
                    "content_text": "It did.",
                    "date_published": "2024-11-19T12:30:00+03:00",
                }
            ],
        }
    ),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_entry(name: str) -> None:
    (found,) = entries(FORMATS[name])
    assert found == Entry(
        key="g1",
        source=FEED.url,
        link="https://news.example/1",
        title="Bridge opens",
        published=datetime(2024, 11, 19, 9, 30, tzinfo=UTC),
        body="It did.",
        body_format=found.body_format,
        publisher="The Harbour Post",
        bloc="world",
        state_media=True,
        language="en-gb",
    )


def test_a_channel_definition_file_is_read() -> None:
    cdf = '<CHANNEL><ITEM HREF="https://news.example/1"><TITLE>Bridge</TITLE></ITEM></CHANNEL>'
    assert [entry.link for entry in entries(cdf)] == ["https://news.example/1"]


def test_a_feed_without_entries_is_no_error() -> None:
    assert entries(rss()) == []
    assert entries('{"version": "https://jsonfeed.org/version/1", "items": []}') == []


# -- titles, links, dates, bodies, keys --------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Storm &amp;amp; flood", "Storm & flood"),
        ("Storm &#38;#8217;s end", "Storm ’s end"),
        ("Mayor&amp;amp;#8217;s reply", "Mayor’s reply"),  # escaped twice
        ("<![CDATA[<b>Storm</b> <i>hits</i>&nbsp;coast]]>", "Storm hits coast"),
        ("&lt;p&gt;Storm&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;", "Storm"),
        ("<![CDATA[5 < 6 and x > y]]>", "5 < 6 and x > y"),
        ("<![CDATA[A <unnamed> source]]>", "A <unnamed> source"),
        ("Line\n  one\ttwo", "Line one two"),
        ("Zero\u200bwidth\u202e and \ufeffmarks", "Zerowidth and marks"),
        ("<![CDATA[He said <em>no</em>.]]>", "He said no."),
        ("AT&amp;T", "AT&T"),
        ("", ""),
    ],
)
def test_titles_are_one_line_of_plain_text(written: str, read: str) -> None:
    assert only(f"<title>{written}</title><link>https://x.example/</link>").title == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            "https://x.example/a?utm_source=rss&amp;utm_medium=x&amp;id=7",
            "https://x.example/a?id=7",
        ),
        ("https://x.example/a?at_medium=RSS&amp;at_campaign=K", "https://x.example/a"),
        ("https://x.example/a?id=7&amp;fbclid=zz#part-2", "https://x.example/a?id=7#part-2"),
        ("https://x.example/a#xtor=RSS-1", "https://x.example/a"),
        ("https://x.example/a?partner=rss&amp;emc=rss", "https://x.example/a"),
        (
            "https://x.example/a?partner=acme&amp;mod=read",
            "https://x.example/a?partner=acme&mod=read",
        ),
        ("https://x.example/a?q=a%2Fb+c&amp;empty=", "https://x.example/a?q=a%2Fb+c&empty="),
        ("/story/9", "https://feeds.example/story/9"),
        ("story/9", "https://feeds.example/story/9"),
        ("//cdn.example/9", "https://cdn.example/9"),
        ("\n https://x.example/a b \n", "https://x.example/a%20b"),
        ("javascript:alert(1)", ""),
        ("mailto:x@x.example", ""),
        ("http://[::1", ""),
        ("ftp://x.example/", ""),
    ],
)
def test_links_are_absolute_and_do_not_track(written: str, read: str) -> None:
    assert only(f"<title>t</title><link>{written}</link>").link == read


def test_links_hang_on_the_final_address_and_keys_do_not() -> None:
    item = rss("<title>t</title><link>s/1</link><guid>abc</guid>")
    (here,) = entries(item, address="https://feeds.example/a/feed.xml")
    (moved,) = entries(item, address="https://cdn.example/b/c/feed.xml")
    assert (here.link, moved.link) == ("https://feeds.example/a/s/1", "https://cdn.example/b/c/s/1")
    assert here.key == moved.key == "abc"
    assert here.id == moved.id


@pytest.mark.parametrize(
    ("item", "link"),
    [
        ("<guid>https://x.example/1</guid>", "https://x.example/1"),
        ("<guid isPermaLink='true'>https://x.example/1</guid>", "https://x.example/1"),
        ("<guid isPermaLink='false'>https://x.example/1</guid>", ""),
        ("<guid>abc123</guid>", ""),  # "permanent link" by default, and none
        ("<link uri='at://did/post'>https://x.example/2</link>", "https://x.example/2"),
        (
            "<link>https://proxy.example/x</link><feedburner:origLink "
            "xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'>https://x.example/3"
            "</feedburner:origLink>",
            "https://x.example/3",
        ),
    ],
)
def test_where_a_link_comes_from(item: str, link: str) -> None:
    assert only(f"<title>t</title>{item}").link == link


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<pubDate>Tue, 19 Nov 2024 10:00:00 GMT</pubDate>", (10, 0)),
        ("<pubDate>19 Nov 2024 10:00 EST</pubDate>", (15, 0)),
        ("<pubDate>2024-11-19T10:00:00+02:00</pubDate>", (8, 0)),
        ("<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>", None),
        ("<pubDate>Mon, 01 Jan 0001 00:00:00 GMT</pubDate>", None),
        ("<pubDate>Fri, 19 Nov 2999 10:00:00 GMT</pubDate>", None),
        ("<pubDate>yesterday, about noon</pubDate>", None),
        ("<pubDate>2024-13-45T99:99:99Z</pubDate>", None),
        ("<pubDate></pubDate>", None),
        ("", None),
    ],
)
def test_dates(written: str, read: tuple[int, int] | None) -> None:
    expected = datetime(2024, 11, 19, *read, tzinfo=UTC) if read else None
    assert only(f"<title>t</title>{written}").published == expected


def test_the_body_is_the_richest_and_raw() -> None:
    content = "<p style='display:none'>Hidden</p><p>The whole story of the bridge.</p>"
    found = only(
        "<title>t</title><description>The whole story</description>"
        f"<c:encoded xmlns:c='http://purl.org/rss/1.0/modules/content/'><![CDATA[{content}]]>"
        "</c:encoded>"
    )
    # With its styles: by them a later stage knows what no reader sees
    assert (found.body, found.body_format) == (content, "html")


def test_a_teaser_in_content_gives_way_to_a_full_description() -> None:
    found = only(
        "<title>t</title><description>The whole story, told to its end.</description>"
        "<c:encoded xmlns:c='http://purl.org/rss/1.0/modules/content/'>&lt;img src='x'/&gt;"
        "</c:encoded>"
    )
    assert found.body == "The whole story, told to its end."


def test_a_key_is_guid_else_link_else_what_was_said() -> None:
    assert only("<guid>g</guid><link>https://x.example/1</link>").key == "g"
    assert only("<link>https://x.example/1?utm_source=a</link>").key == "https://x.example/1"
    first, second = entries(rss("<title>a</title>", "<title>b</title>"))
    assert first.key != second.key
    assert [entry.key for entry in entries(rss("<title>a</title>"))] == [first.key]
    assert len(only(f"<guid>{'g' * 5000}</guid>").key) < 100


def test_one_guid_for_all_loses_no_entry() -> None:
    items = [f"<guid>0</guid><link>https://x.example/{n}</link><title>t{n}</title>" for n in "123"]
    found = entries(rss(*items, items[0]))
    assert [entry.title for entry in found] == ["t1", "t2", "t3"]
    assert len({entry.id for entry in found}) == 3


def test_no_more_than_the_cap_in_feed_order() -> None:
    body = rss(*(f"<guid>{n}</guid>" for n in range(MAX_ENTRIES + 5)))
    found = entries(body)
    assert len(found) == MAX_ENTRIES
    assert (found[0].key, found[-1].key) == ("0", str(MAX_ENTRIES - 1))


# -- encodings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "declared", "transport"),
    [
        ("utf-8", "", ""),
        ("utf-8", "iso-8859-1", ""),
        ("utf-8", "", "iso-8859-1"),  # the most common lie
        ("utf-8-sig", "", "windows-1251"),
        ("windows-1251", "windows-1251", ""),
        ("windows-1251", "", "windows-1251"),
        ("windows-1251", "utf-8", ""),
        ("koi8-r", "koi8-r", ""),
        ("utf-16", "utf-16", ""),
        ("utf-16-le", "utf-8", ""),
        ("utf-16-be", "", ""),
        ("utf-32", "", "utf-8"),
    ],
)
def test_charsets_declared_rightly_wrongly_or_not(
    encoding: str, declared: str, transport: str
) -> None:
    title = "Мост через реку открыт после ремонта, сообщила мэрия города"
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = f"{head}<rss version='2.0'><channel><item><title>{title}</title></item></channel></rss>"
    sent = Document(address="https://x.example/", body=body.encode(encoding), charset=transport)
    found = parse_feed(sent, FEED)
    assert isinstance(found, list)
    assert [entry.title for entry in found] == [title]


# -- what is no feed ---------------------------------------------------------------------------

PAGE = """<!DOCTYPE html><html><head><title>Please prove that you are human</title>
<link rel="alternate" type="application/rss+xml" title="RSS" href="/news.xml?a=1&amp;b=2"></head>
<body><p>Checking your browser</p></body></html>"""


def test_a_page_instead_of_a_feed_names_the_remedy() -> None:
    found = skip(PAGE)
    assert found.reason == "html instead of a feed"
    assert "use https://feeds.example/news.xml?a=1&b=2" in found.detail
    plain = skip("<html><body>Subscribe!</body></html>")
    assert plain.reason == "html instead of a feed"
    assert "browser" in plain.detail


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "empty answer"),
        (" \n\t", "empty answer"),
        ("Not Found", "not a feed"),
        ("<opml><body/></opml>", "not a feed"),
        ("{}", "not a feed"),
        ('{"items": 5}', "not a feed"),
        ('{"items": [', "malformed json"),
        ('{"items":' + "[" * 100_000, "malformed json"),
        ("\x0b", "empty answer"),
        ('{"items":' + "9" * 5000 + "}", "malformed json"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "binary file"),
    ],
)
def test_other_answers_are_skipped_with_a_reason(body: bytes | str, reason: str) -> None:
    assert skip(body).reason == reason


def test_malformed_json_names_the_position() -> None:
    assert "line 2, column 11" in skip('{"items": [\n {"id": 1,}]}').detail


@pytest.mark.parametrize(
    "body",
    [
        rss("<title>one</title>", "<title>two</title>")[:-40],
        rss("<title>one</title><b>", "<title>two</title>"),
        rss("<title>one</title><description>a & b &nosuch; <br></description>"),
        "  \n\n" + rss("<title>one</title>"),
        rss("<title>one\x0b\x1f</title>"),
        "<!-- generated -->" + rss("<title>one</title>"),
        "<br />\n<b>Warning</b>: in line 3\n" + rss("<title>one</title>"),
    ],
)
def test_a_malformed_feed_is_read_as_far_as_it_goes(body: str) -> None:
    assert entries(body)[0].title.startswith("one")


def test_items_of_a_json_feed_of_any_shape() -> None:
    items = [7, None, {}, {"id": 12, "title": ["a", "b"]}, {"url": {"url": "u"}, "summary": 3.5}]
    found = entries(json.dumps({"items": items, "version": "x"}))
    assert [entry.key for entry in found][1:2] == ["12"]
    assert len(found) == 3


# -- hostile input -----------------------------------------------------------------------------

LAUGHS = (
    "<!DOCTYPE r [<!ENTITY a '"
    + "ha" * 50
    + "'>"
    + "".join(
        f"<!ENTITY {after} '{f'&{before};' * 20}'>"
        for before, after in zip("abcdefg", "bcdefgh", strict=True)
    )
    + "]>"
)


def test_entities_are_not_expanded_and_files_not_read() -> None:
    outside = "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
    began = time.monotonic()
    for declaration, use in ((LAUGHS, "&h;"), (outside, "&x;")):
        body = rss(f"<title>t{use}</title>").replace("<rss", f"{declaration}<rss")
        found = parse_feed(document(body), FEED)
        titles = [entry.title for entry in found] if isinstance(found, list) else []
        assert all(len(title) < 20 for title in titles)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("body", ["/etc/hostname", "http://127.0.0.1:9/x", "file:///etc/hostname"])
def test_bytes_that_spell_an_address_are_not_opened(body: str) -> None:
    assert skip(body).reason == "not a feed"


@pytest.mark.parametrize(
    "unit",
    [
        "<item/>",
        "<link/>",
        "<a>",
        "&amp;",
        "&#",
        "<a ",
        "&lt;!--",
        "&lt;script>",
        "<!--",
        "<![CDATA[",
    ],
)
def test_a_million_of_anything_ends(unit: str) -> None:
    body = "<rss version='2.0'><channel><item><title>" + unit * (100_000 // len(unit))
    began = time.monotonic()
    parse_feed(document(body), FEED)
    # A machine ten times slower than the one measured; a quadratic reader takes hours
    assert time.monotonic() - began < 60


def test_a_tag_of_ten_thousand_attributes_is_not_read() -> None:
    assert skip("<rss " + 'a="b" ' * 20_000).reason == "not a feed"
    body = rss("<title>one</title>", "<a " + 'b="c" ' * 20_000 + "/>", "<title>three</title>")
    found = read_feed(document(body), FEED)
    assert isinstance(found, Reading)
    assert (len(found.entries), found.beyond) == (1, 2)


def test_a_page_of_comments_ends() -> None:
    assert skip("<!-- " + "--><!-- " * 50_000).reason == "not a feed"


def check(found: list[Entry] | Skip) -> None:
    """What later stages rely on."""
    if isinstance(found, Skip):
        assert found.reason
        return
    assert len({entry.key for entry in found}) == len(found)
    for entry in found:
        assert entry.id
        assert "\n" not in entry.title
        assert not entry.link or entry.link.startswith(("http://", "https://"))
        assert entry.published is None or entry.published.tzinfo is UTC
        (entry.title + entry.body + entry.key + entry.link).encode()  # no half characters


FRAGMENTS = st.sampled_from(
    r"""<rss><channel><item>
</item><item>
<title>
</title>
<link>http://[</link>
<guid>
<pubDate>
<entry>
</entry>
<feed xmlns='http://www.w3.org/2005/Atom'>
<content type='xhtml'>
<content mode='base64'>
&#xD800;
&lt;a href='http://['&gt;
<a href='http://[::x'>
<p xml:base='http://['>
]]>
<![CDATA[
<!--
<?xml encoding='rot13'?>
<!DOCTYPE x [
９９９９-99-99
{"items":[
<media:group>
<geo:lat>1,
<enclosure length='x'/>
<source url='//['>
<itunes:duration>""".splitlines()
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(FRAGMENTS | st.text(max_size=5), max_size=25).map("".join))
@example("<rss><channel><item><link>http://[</link><guid>&#xD800;</guid></item></channel></rss>")
def test_any_markup_is_read_or_skipped(text: str) -> None:
    for body in (text, rss(text), f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{text}"):
        check(parse_feed(document(body.encode("utf-8", "surrogatepass")), FEED))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.text(max_size=12))
def test_any_bytes_are_read_or_skipped(body: bytes, charset: str) -> None:
    check(parse_feed(Document(address="", body=body, charset=charset), FEED))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["id", "url", "x"]), inner),
    max_leaves=6,
)
ITEM = st.dictionaries(
    st.sampled_from(["id", "url", "title", "content_html", "summary", "date_published"]), JSON
)


@settings(max_examples=100, deadline=None)
@given(st.lists(ITEM | JSON, max_size=4))
def test_any_json_feed_is_read(items: list[object]) -> None:
    check(parse_feed(document(json.dumps({"items": items})), FEED))
