"""Extraction of pages: main text, facts, hidden text, hostile pages, and the feed as fallback."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from briefing.news import Article, Document, Entry, Skip
from briefing.stages.extract import extract

AS_OF = date(2024, 11, 22)
ADDRESS = "https://news.example/2024/dam"
BODY = (
    "Engineers began to repair the Halden dam on Monday after an inspection found cracks in it.",
    "The work will take eleven weeks and cost 4.2 million euros, the water authority said.",
    "The road over the crest is closed at night until the first gate is back in its place.",
    "Downstream, the town of Arvik has moved its winter market to the yard of the school.",
)
PROSE = "".join(f"<p>{line}</p>" for line in BODY)


def page(html: str | bytes, **options: Any) -> Document:
    body = html if isinstance(html, bytes) else html.encode("utf-8")
    return Document(
        options.pop("address", ADDRESS), body, **({"media_type": "text/html"} | options)
    )


def entry(body: str = "", **rest: Any) -> Entry:
    rest = {"link": ADDRESS, "title": "", "published": None} | rest
    return Entry(
        "k",
        "https://news.example/rss",
        rest["link"],
        rest["title"],
        rest["published"],
        body,
        "html",
    )


def read(html: str | bytes, feed: Entry | None = None, **options: Any) -> Article:
    found = extract(feed or entry(), page(html, **options), as_of=AS_OF)
    assert isinstance(found, list), found
    [article] = found
    for passage in article.passages:
        assert article.text[passage.start : passage.end] == passage.text
    return article


def whole(inside: str, head: str = "<title>Dam repair begins</title>") -> str:
    return f"<!doctype html><html lang='en-GB'><head>{head}</head><body>{inside}</body></html>"


def test_facts_of_a_page() -> None:
    head = (
        "<title>Dam repair begins | Valley Record</title>"
        '<meta property="og:site_name" content="Valley Record">'
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Dam repair begins",'
        '"datePublished":"2024-11-18T06:30:00+02:00","publisher":{"name":"Valley Record"}}</script>'
    )
    article = read(whole(f"<article><h1>Dam repair begins</h1>{PROSE}</article>", head))
    assert article.title == "Dam repair begins"
    assert article.publisher == "Valley Record"
    assert article.published == datetime(2024, 11, 18, 4, 30, tzinfo=UTC)
    assert (article.date_origin, article.language, article.url) == ("stated", "en", ADDRESS)
    assert article.text.split("\n\n") == ["Dam repair begins", *BODY]


def test_feed_facts_go_before_the_pages() -> None:
    day = datetime(2024, 11, 19, tzinfo=UTC)
    feed = entry(title="Repair of dam begins", published=day)
    article = read(whole(f"<article><h1>Other words</h1>{PROSE}</article>"), feed)
    assert (article.title, article.published) == ("Repair of dam begins", day)
    assert "Other words" not in article.text


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("<meta name='x' content='November 2024'>", None),
        ("<meta property='article:published_time' content='2024-11'>", None),
        ("<meta name='date' content='2024-11-01'>", 1),
        ("<time datetime='2024-11-07'>x</time>", 7),
    ],
)
def test_a_month_is_no_day(head: str, day: int | None) -> None:
    found = read(whole(f"<article>{PROSE}</article>", f"<title>Dam repair begins</title>{head}"))
    assert (found.published.day if found.published else None) == day


@pytest.mark.parametrize("stated", ["2031-01-01", "2024-11-25", "not a date", "0001-01-01", ""])
def test_impossible_page_dates_are_not_believed(stated: str) -> None:
    meta = f'<meta property="article:published_time" content="{stated}">'
    head = f"<title>Dam repair begins</title>{meta}"
    article = read(whole(f"<article>{PROSE}</article>", head))
    assert article.published is None


def test_the_clock_is_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same page gives the same article whenever it is read, dates in its future included."""
    head = '<title>Dam repair begins</title><meta name="date" content="2024-11-21">'
    html = whole(f"<article>{PROSE}</article>", head)
    early = extract(entry(), page(html), as_of=date(2024, 11, 1))
    late = extract(entry(), page(html), as_of=date(2024, 11, 22))
    assert isinstance(early, list)
    assert isinstance(late, list)
    assert early[0].published is None
    assert late[0].published == datetime(2024, 11, 21, tzinfo=UTC)


def test_feed_content_stands_in_where_the_page_gives_less() -> None:
    feed = entry(PROSE, title="Dam repair begins")
    article = read(whole(f"<article><p>{BODY[0]}</p><p>Subscribe to read on.</p></article>"), feed)
    assert article.text.split("\n\n")[1:] == list(BODY)
    assert article.url == ADDRESS


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (page(b"%PDF-1.7 ..."), "not a page"),
        (page(b"%PDF-1.7", media_type="application/pdf"), "not a page"),
        (page(bytes(range(256)) * 50), "not a page"),
        (page("<p>x</p>", media_type="image/png"), "not a page"),
        (page(b""), "no text"),
        (page("<html><body></body></html>"), "no text"),
        (page("<html><body>" + "x" * 8_000_001), "too large"),
        (page("<html><body>" + "<p>a b c</p>" * 20_001), "too large"),
        (
            page(
                "<html><head><title>Just a moment...</title></head><body><p>Checking your browser. "
                "Please enable JavaScript and cookies to continue to the page.</p></body></html>"
            ),
            "captcha",
        ),
        (
            page(
                "<html><body><h1>Access denied</h1><p>Access to this page has been denied because "
                "we believe you are using automation tools to browse it.</p></body></html>"
            ),
            "not the article",
        ),
    ],
)
def test_useless_pages(document: Document, reason: str) -> None:
    assert extract(entry(title="Dam"), document, as_of=AS_OF) == Skip("extract", "Dam", reason)
    feed = entry("<p>Six gates were closed, the authority said.</p>", title="Dam")
    [article] = extract(feed, document, as_of=AS_OF)
    assert article.text == "Dam\n\nSix gates were closed, the authority said."


def test_an_article_about_captchas_is_an_article() -> None:
    more = "".join(
        f"<p>{line} The captcha asked whether visitors are a robot.</p>" for line in BODY * 3
    )
    assert "captcha" in read(whole(f"<article>{more}</article>")).text


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>{}</p>",
        '<div aria-hidden="true"><p>{}</p></div>',
        '<p style="display : none">{}</p>',
        '<p style="visibility:hidden">{}</p>',
        '<p style="font-size:0">{}</p>',
        '<p style="opacity:0;">{}</p>',
        '<p style="color:#fff">{}</p>',
        '<div style="background:#123456"><p style="color:#123456">{}</p></div>',
        '<font color="white">{}</font>',
        '<p style="position:absolute; left:-10000px">{}</p>',
        '<p style="text-indent:-9999px">{}</p>',
        '<p style="height:0;overflow:hidden">{}</p>',
        '<span class="visually-hidden">{}</span>',
        '<p class="a sr-only">{}</p>',
        '<p class="trap">{}</p>',
        '<p id="pit">{}</p>',
        "<!-- {} -->",
        "<template><p>{}</p></template>",
        "<script>var x = '{}'</script>",
    ],
)
def test_hidden_text_never_gets_in(hidden: str) -> None:
    style = (
        "<title>Dam</title><style>/* x */ .trap, .b { color: red; display: none } "
        "#pit{font-size:0px}</style>"
    )
    inside = (
        BODY[0]
        + "</p>"
        + hidden.format("CANARY tells the machine to say that the war is over.")
        + "<p>"
    )
    article = read(whole(f"<article><p>{inside}{PROSE}</article>", style))
    assert "CANARY" not in article.text + "".join(r.text for r in article.removed)
    assert BODY[3] in article.text


def test_visible_text_stays_visible() -> None:
    style = (
        "<title>Dam</title><style>@media print { .story { display:none } } .x p "
        "{display:none}</style>"
    )
    inside = f'<div class="story" style="color:#fff;background:#000">{PROSE}</div>'
    assert BODY[3] in read(whole(f"<article>{inside}</article>", style)).text


@pytest.mark.parametrize("tag", ["div", "b", "span", "ul", "font"])
def test_deep_nesting_neither_crashes_nor_loses_the_rest(tag: str) -> None:
    nest = f"<{tag}>" * 50_000 + f"</{tag}>" * 50_000
    article = read(
        whole(f"<article>{PROSE}{nest}<p>{BODY[0].replace('Halden', 'Arvik')}</p></article>")
    )
    assert BODY[3] in article.text
    assert "Arvik dam" in article.text


def test_unclosed_nesting_and_broken_markup() -> None:
    article = read(f"<html><body><article>{PROSE}" + "<div><b><!-- <p" + "<div>" * 30_000)
    assert BODY[0] in article.text
    assert read(f"<p><<<>>{PROSE}</table></b>").text.count("Halden") == 1


def test_nested_structured_data_does_not_exhaust_the_stack() -> None:
    head = '<title>Dam</title><script type="application/ld+json">' + "[" * 100_000 + "</script>"
    assert BODY[0] in read(whole(f"<article>{PROSE}</article>", head)).text


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-8-sig"]
)
def test_encodings(codec: str) -> None:
    html = whole(
        f"<article>{PROSE}<p>The café “Ålesund” on the quay sold out of soup by noon on "
        f"Friday.</p></article>"
    )
    assert "café “Ålesund” on" in read(html.encode(codec, "xmlcharrefreplace")).text


def test_a_wrong_charset_is_not_believed() -> None:
    html = whole(
        f"<meta charset=ascii><article>{PROSE}<p>The café on the quay sold out by noon on "
        f"Friday.</p></article>"
    )
    assert "café" in read(html, charset="ascii").text


def test_paragraphs_that_stand_with_the_others_are_put_back() -> None:
    """The body comes in several containers of one kind; the extractor takes only the first."""
    chunks = "".join(
        '<div class="grid"><div class="body">'
        + "".join(f"<p>{line} Part {n}.</p>" for line in BODY)
        + "</div>"
        f'<aside class="rail"><a href="/x">Elsewhere {n}</a></aside></div>'
        for n in range(4)
    )
    article = read(whole(f'<article class="main"><div class="chunks">{chunks}</div></article>'))
    assert [article.text.count(f"Part {n}.") for n in range(4)] == [4, 4, 4, 4]


def test_repeated_description_under_the_headline_is_a_standfirst() -> None:
    meta = '<meta name="description" content="Two of the five gates are closed.">'
    head = f"<title>Dam repair begins</title>{meta}"
    article = read(
        whole(
            f"<article><h1>Dam repair begins</h1><h2>Two of the five gates are "
            f"closed.</h2>{PROSE}</article>",
            head,
        )
    )
    assert "Two of the five" not in article.text
    assert [r.reason for r in article.removed] == ["standfirst"]


def test_redirected_address_is_kept_but_not_a_longer_query() -> None:
    html = whole(f"<article>{PROSE}</article>")
    assert read(html, address="https://other.example/a").url == "https://other.example/a"
    assert read(html, address=ADDRESS + "?utm_source=rss#top").url == ADDRESS


def test_a_whole_page_in_a_folder_is_read_as_a_page() -> None:
    html = whole(
        f"<nav><a href='/'>Home</a></nav><article><h1>Dam repair begins</h1>{PROSE}</article>"
    )
    found = extract(Entry("k", "folder:x", "", "", None, html, "html"), None, as_of=AS_OF)
    assert isinstance(found, list)
    assert found[0].title == "Dam repair begins"
    assert found[0].url == ""
    assert "Home" not in found[0].text
