"""Documents that are made to break whoever reads them, each with a name; built when asked for.

Their sizes are those that pass the door: at most 15 MB after decoding.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from itertools import pairwise

from briefing.news import Feed

MB = 1_000_000
LARGEST = 14_900_000  # with what stands around it, just below what the door lets in
ADDRESS = "https://news.example/feed"
FEED = Feed(ADDRESS, "News", "Harbour News")
DAY = date(2024, 11, 22)
PROSE = "".join(
    f"<p>The dock workers of Lunden laid down tools on Friday, and pier {n} stood still.</p>"
    for n in range(6)
)
ITEM = (
    "<item><title>Strike {n}</title><link>https://news.example/{n}</link><description>The dock "
    "workers laid down tools at pier {n}.</description></item>"
)


def _fill(unit: str | bytes, size: int = LARGEST) -> bytes:
    raw = unit.encode() if isinstance(unit, str) else unit
    return raw * (size // len(raw))


def _rss(inside: str | bytes, *, head: str = "") -> bytes:
    raw = inside.encode() if isinstance(inside, str) else inside
    start, end = f"{head}<rss version='2.0'><channel>", ITEM.format(n=1) + "</channel></rss>"
    return start.encode() + raw + end.encode()


CAFE = "<rss version='2.0'><channel><item><title>Café</title></item>" + ITEM + "</channel></rss>"


def _page(inside: str | bytes, *, head: str = "") -> bytes:
    raw = inside.encode() if isinstance(inside, str) else inside
    start = f"<html><head><title>Strike at the piers</title>{head}</head><body><article>{PROSE}"
    return start.encode() + raw + b"</article></body></html>"


def _laughs(depth: int = 9, times: int = 10) -> str:
    names = [f"l{n}" for n in range(depth)]
    rows = [f"<!ENTITY {names[0]} 'ha ha ha '>"]
    rows += [f"<!ENTITY {after} '{f'&{before};' * times}'>" for before, after in pairwise(names)]
    return f"<!DOCTYPE rss [{''.join(rows)}]>"


FEEDS: dict[str, Callable[[], bytes]] = {
    "10,000 entries": lambda: _rss("".join(ITEM.format(n=n) for n in range(10_000))),
    "60,000 entries": lambda: _rss("".join(ITEM.format(n=n) for n in range(60_000))),
    "a title of 14 MB": lambda: _rss(
        b"<item><title>" + _fill("strike ", 14 * MB) + b"</title><link>https://n.example/1</link></item>"
    ),
    "a title of 14 MB in one word": lambda: _rss(
        b"<item><title>" + _fill("x", 14 * MB) + b"</title><link>https://n.example/1</link></item>"
    ),
    "a body of 14 MB": lambda: _rss(
        b"<item><title>Strike</title><description>" + _fill("The port is shut. ", 14 * MB)
        + b"</description></item>"
    ),
    "a link of 14 MB": lambda: _rss(
        b"<item><title>t</title><link>https://n.example/" + _fill("x", 14 * MB) + b"</link></item>"
    ),
    "elements nested 50,000 deep": lambda: _rss("<a>" * 50_000 + "</a>" * 50_000),
    "elements nested 1,000,000 deep": lambda: _rss("<a>" * 1_000_000),
    "items inside items": lambda: _rss("<item><title>t</title>" * 200_000),
    "a tag of 1,000,000 attributes": lambda: _rss(
        "<item " + " ".join(f"a{n}='b'" for n in range(1_000_000)) + "/>"
    ),
    "20,000 tags of 30 attributes": lambda: _rss(
        ("<a " + " ".join(f"a{n}='b'" for n in range(30)) + "/>") * 20_000
    ),
    "billion laughs": lambda: _rss("<item><title>&l8;</title></item>", head=_laughs()),
    "quadratic blow-up": lambda: _rss(
        "<item><title>" + "&a;" * 100_000 + "</title></item>",
        head=f"<!DOCTYPE rss [<!ENTITY a '{'x' * 100_000}'>]>",
    ),
    "an external entity": lambda: _rss(
        "<item><title>&x;</title></item>",
        head="<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
    ),
    "an external entity by parameter": lambda: _rss(
        "<item><title>&x;</title></item>",
        head="<!DOCTYPE rss [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x.dtd'> %p;]>",
    ),
    "comments": lambda: _rss(_fill("<!-- x -->")),
    "comments never closed": lambda: _rss(_fill("<!--")),
    "CDATA never closed": lambda: _rss(_fill("<![CDATA[")),
    "processing instructions": lambda: _rss(_fill("<?x y?>")),
    "declarations": lambda: _rss(_fill("<!ENTITY a 'b'>")),
    "ampersands": lambda: _rss(_fill("&")),
    "character references": lambda: _rss(b"<item><title>" + _fill("&#38;") + b"</title></item>"),
    "escaped tags": lambda: _rss(
        b"<item><title>" + _fill("&lt;b&gt;") + b"</title></item>"
    ),
    "less-than signs": lambda: _rss(_fill("<")),
    "closing tags": lambda: _rss(_fill("</item>")),
    "links": lambda: _rss(_fill("<link/>")),
    "dates": lambda: _rss(
        "<item><pubDate>" + "9" * MB + "</pubDate><title>t</title></item>"
    ),
    "spaces": lambda: _rss(_fill(" ") ),
    "quote marks": lambda: _rss(b"<item><title>" + _fill("'\"") + b"</title></item>"),
    "JSON nested 1,000,000 deep": lambda: b'{"items":' + b"[" * 1_000_000,
    "JSON objects nested 1,000,000 deep": lambda: b'{"items":' + b'{"a":' * 1_000_000,
    "JSON of 10 million numbers": lambda: b'{"items":[' + _fill("1,", 14 * MB) + b"1]}",
    "JSON of 5 million lists": lambda: b'{"items":[' + _fill("[],", 14 * MB) + b"1]}",
    "JSON of 3 million objects": lambda: b'{"items":[' + _fill('{"":{}},', 14 * MB) + b"{}]}",
    "JSON with a number of 14 million digits": lambda: b'{"items":[' + _fill("9", 14 * MB) + b"]}",
    "JSON with an exponent": lambda: b'{"items":[{"id":1e999999999,"title":"t","url":1e308}]}',
    "JSON with half characters": lambda: json.dumps(
        {"items": [{"id": "\ud83d", "title": "\udc80\ud83d", "content_text": "\ud83d" * 1000}]}
    ).encode(),
    "JSON with a title of 14 MB": lambda: b'{"items":[{"title":"' + _fill("x", 14 * MB) + b'"}]}',
    "NUL bytes": lambda: _rss(_fill("\0")),
    "UTF-16 without a mark": lambda: CAFE.encode("utf-16-le"),
    "UTF-16 that says UTF-8": lambda: (
        "<?xml version='1.0' encoding='utf-8'?>" + CAFE
    ).encode("utf-16"),
    "UTF-8 that says UTF-16": lambda: _rss(
        "<item><title>Café</title></item>", head="<?xml version='1.0' encoding='utf-16'?>"
    ),
    "UTF-16 cut in a character": lambda: CAFE.encode("utf-16")[:-1],
    "UTF-32": lambda: CAFE.encode("utf-32"),
    "UTF-7 with a hidden script": lambda: _rss(
        "<item><title>+ADw-script+AD4-alert(1)+ADw-/script+AD4-</title></item>",
        head="<?xml version='1.0' encoding='utf-7'?>",
    ),
    "an encoding that is a codec of Python": lambda: _rss(
        _fill("A", MB), head="<?xml version='1.0' encoding='zlib_codec'?>"
    ),
    "an encoding of idna": lambda: _rss(
        b"\xff" + _fill("a.", MB), head="<?xml version='1.0' encoding='idna'?>"
    ),
    "an encoding of punycode": lambda: _rss(
        b"\xff" + _fill("a-", MB), head="<?xml version='1.0' encoding='punycode'?>"
    ),
    "an encoding of unicode_escape": lambda: _rss(
        b"\xff" + _fill("\\x3c", MB), head="<?xml version='1.0' encoding='unicode_escape'?>"
    ),
    "overlong UTF-8": lambda: _rss(
        b"<item><title>\xc0\xbcscript\xc0\xbe \xe0\x80\xbc</title></item>"
    ),
    "surrogates in UTF-8": lambda: _rss(b"<item><title>\xed\xa0\x80\xed\xb0\x80</title></item>"),
    "random bytes": lambda: bytes((n * 7919 + (n >> 3) * 104729) % 256 for n in range(MB)),
    "high bytes": lambda: _fill(b"\xd0\xff\xfe"),
}  # fmt: skip

PAGES: dict[str, Callable[[], bytes]] = {
    "elements nested 50,000 deep": lambda: _page("<div>" * 50_000 + "</div>" * 50_000),
    "elements nested 3,000,000 deep": lambda: _page("<b>" * 3_000_000),
    "tables nested 20,000 deep": lambda: _page("<table><tr><td>" * 20_000),
    "19,000 paragraphs": lambda: _page("<p>The pier stood still on Friday.</p>" * 19_000),
    "19,000 links": lambda: _page("<a href='/x'>The pier stood still</a> " * 19_000),
    "19,000 list items": lambda: _page("<ul>" + "<li>The pier stood still." * 18_000 + "</ul>"),
    "19,000 spans in a line": lambda: _page("<p>" + "<span>pier </span>" * 18_000 + "</p>"),
    "19,000 line breaks": lambda: _page("<p>" + "pier<br>" * 18_000 + "</p>"),
    "19,000 times": lambda: _page(
        "<div><time>12:00</time><p>The pier stood still.</p></div>" * 6_000
    ),
    "a million elements": lambda: _page("<p>x</p>" * 1_000_000),
    "a tag of 1,000,000 attributes": lambda: _page("<p " + "a='b' " * 1_000_000 + ">"),
    "a tag of 300,000 different attributes": lambda: _page(
        "<p " + " ".join(f"a{n}=b" for n in range(300_000)) + ">"
    ),
    "5,000 tags of 100 attributes": lambda: _page(
        ("<p " + " ".join(f"a{n}=b" for n in range(100)) + ">pier</p>") * 5_000
    ),
    "one line of 7 MB": lambda: _page(b"<p>" + _fill("The port is shut. ", 7 * MB) + b"</p>"),
    "one word of 7 MB": lambda: _page(b"<p>" + _fill("x", 7 * MB) + b"</p>"),
    "7 MB of quote marks": lambda: _page(b"<p>" + _fill("\"'“", 7 * MB) + b"</p>"),
    "7 MB of digits": lambda: _page(b"<p>" + _fill("1,", 7 * MB) + b"</p>"),
    "7 MB of 'a '": lambda: _page(b"<p>" + _fill("a ", 7 * MB) + b"</p>"),
    "7 MB of full stops": lambda: _page(b"<p>" + _fill("A. ", 7 * MB) + b"</p>"),
    "7 MB of dates": lambda: _page(b"<p>" + _fill("22 November 2024 ", 7 * MB) + b"</p>"),
    "7 MB of spaces": lambda: _page(b"<p>" + _fill(" ", 7 * MB) + b"</p>"),
    "7 MB of line ends": lambda: _page(b"<p>" + _fill("\n", 7 * MB) + b"</p>"),
    "a title of 7 MB": lambda: b"<title>" + _fill("strike ", 7 * MB) + b"</title>" + PROSE.encode(),
    "a title of 7 MB of bars": lambda: (
        b"<title>" + _fill("a | ", 7 * MB) + b"</title>" + PROSE.encode()
    ),
    "a title of 300 kB of spaces and dashes": lambda: (
        b"<title>" + _fill("a - ", 300_000) + b"</title>" + PROSE.encode()
    ),
    "a page of 14 MB": lambda: _page(_fill("<p>The pier stood still on Friday.</p>", 14 * MB)),
    "less-than signs": lambda: _page(_fill("<", 7 * MB)),
    "ampersands": lambda: _page(_fill("&amp;", 7 * MB)),
    "comments never closed": lambda: _page(_fill("<!--", 7 * MB)),
    "scripts never closed": lambda: _page(_fill("<script>", 7 * MB)),
    "style rules": lambda: _page("", head="<style>" + ".a{display:none}" * 12_000 + "</style>"),
    "style braces": lambda: _page("", head="<style>" + "{" * 200_000 + "</style>"),
    "style comments": lambda: _page("", head="<style>" + "/*" * 100_000 + "</style>"),
    "a style of 2 MB": lambda: _page("<p style='" + "overflow:hidden;" * 120_000 + "'>x</p>"),
    "spaces in a style of 2 MB": lambda: _page("<p style='" + " " * 2_000_000 + "'>x</p>"),
    "a class of 2 MB": lambda: _page("<p class='" + "visually " * 200_000 + "'>x</p>"),
    "structured data of 1 MB, nested": lambda: _page(
        "", head="<script type='application/ld+json'>" + "[" * 900 + "</script>"
    ),
    "structured data of 2 MB, flat": lambda: _page(
        "", head="<script type='application/ld+json'>[" + "{}," * 600_000 + "{}]</script>"
    ),
    "structured data nested 100,000 deep": lambda: _page(
        "", head="<script type='application/ld+json'>" + '{"a":[' * 100_000 + "</script>"
    ),
    "structured data in a line of spaces": lambda: _page(
        "", head="<script type='application/ld+json'>" + " " * 1_900_000 + "{</script>"
    ),
    "10,000 stated posts": lambda: _page(
        "", head="<script type='application/ld+json'>" + json.dumps({
            "@type": "LiveBlogPosting",
            "liveBlogUpdate": [
                {"articleBody": f"Pier {n} stood still on Friday.", "headline": f"Pier {n}"}
                for n in range(10_000)
            ],
        }) + "</script>",
    ),
    "metas": lambda: _page("", head="<meta name='date' content='2024-11-22'>" * 15_000),
    "NUL bytes": lambda: _page(_fill("\0", MB)),
    "UTF-7 by its meta": lambda: _page(
        "<p>+ADw-script+AD4-alert(1)+ADw-/script+AD4-</p>", head="<meta charset=utf-7>"
    ),
    "an encoding that is a codec of Python": lambda: _page("", head="<meta charset=zlib_codec>"),
    "an encoding of punycode": lambda: _page(
        b"<p>\xff" + _fill("a-", MB), head="<meta charset=punycode>"
    ),
    "an encoding of idna": lambda: _page(b"<p>\xff" + _fill("a.", MB), head="<meta charset=idna>"),
    "an encoding of raw_unicode_escape": lambda: _page(
        b"<p>\xff" + _fill("\\u0041", MB), head="<meta charset=raw_unicode_escape>"
    ),
    "an encoding of unicode_escape with half characters": lambda: _page(
        b"<p>\xff" + _fill("\\ud800", MB), head="<meta charset=unicode_escape>"
    ),
    "overlong UTF-8": lambda: _page(b"<p>\xc0\xbcscript\xc0\xbe</p>"),
    "surrogates in UTF-8": lambda: _page(b"<p>\xed\xa0\x80 pier \xed\xb0\x80</p>"),
    "entities of half characters": lambda: _page("<p>pier &#xD800; &#1114112; &#0; still</p>"),
}  # fmt: skip

FILES: dict[str, Callable[[], bytes]] = {
    "brackets.json": lambda: b"[" * 5_000_000,
    "numbers.json": lambda: b"[" + b"9" * 5_000_000 + b"]",
    "many.json": lambda: b"[" + _fill('{"title":"a"},', 14 * MB) + b"{}]",
    "parts.eml": lambda: (
        b"Content-Type: multipart/mixed; boundary=b\n\n" + _fill("--b\n\nx\n", 14 * MB)
    ),
    "nested.eml": lambda: b"".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n".encode() for n in range(20_000)
    ),
    "headers.eml": lambda: _fill("X-A: b\n", 14 * MB) + b"\nbody",
    "header.eml": lambda: b"Subject: " + _fill("=?utf-8?q?a?= ", 2 * MB) + b"\n\nbody",
    "folded.eml": lambda: b"Subject: a" + _fill("\n b", 2 * MB) + b"\n\nbody",
    "address.eml": lambda: b"From: " + _fill("a,", MB) + b"\n\nbody",
    "comments.eml": lambda: b"From: " + _fill("(", MB) + b"\n\nbody",
    "type.eml": lambda: b"Content-Type: text/plain" + _fill("; a=b", MB) + b"\n\nbody",
    "type-continued.eml": lambda: b"Content-Type: text/plain" + b"".join(
        f"; a*{n}=b".encode() for n in range(50_000)
    ) + b"\n\nbody",
    "base64.eml": lambda: b"Content-Transfer-Encoding: base64\n\n" + _fill("A", 14 * MB),
    "stars.md": lambda: _fill("*", 1 * MB),
    "stars-spaced.md": lambda: _fill("*a ", 1 * MB),
    "underscores.md": lambda: _fill("_a_", 1 * MB),
    "brackets.md": lambda: _fill("[", 1 * MB),
    "images.md": lambda: _fill("![a](", 1 * MB),
    "ticks.md": lambda: _fill("`a", 1 * MB),
    "fences.md": lambda: _fill("```\n", 1 * MB),
    "rules.md": lambda: _fill("- ", 1 * MB),
    "pipes.md": lambda: _fill("|-", 1 * MB),
    "front.md": lambda: b"---\n" + _fill("a: b\n", 5 * MB),
    "angles.md": lambda: _fill("<a@", 1 * MB),
    "line.txt": lambda: _fill("a ", 14 * MB),
    "word.txt": lambda: _fill("a", 14 * MB),
    "lines.txt": lambda: _fill("A line\n", 14 * MB),
    "wrapped.txt": lambda: _fill(
        "the pier stood still on friday and the workers went home to eat\n", 7 * MB
    ),
    "quotes.txt": lambda: _fill("“\"'", 2 * MB),
    "page.html": lambda: _page(_fill("<p>The pier stood still on Friday.</p>", 14 * MB)),
}  # fmt: skip
