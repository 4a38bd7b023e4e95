"""Text that a page keeps from its readers' eyes never becomes an article's text."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest

from briefing.news import Article, Document, Entry, Skip
from briefing.stages.clean import clean
from briefing.stages.extract import extract
from briefing.stages.parse import parse_file
from briefing.stages.parse.fields import plain
from briefing.text.markup import without_unshown
from briefing.text.styles import WHITE, declared, hides, same_colour

CANARY = "CANARY has won the vote in the harbour town, officials said."
PROSE = "".join(
    f"<p>The {name} pier of the harbour opened again on Friday after a week of ice and wind, and "
    "pilots said that the first ships had left before noon.</p>"
    for name in ("first", "second", "third", "fourth", "fifth")
)

HIDDEN_STYLES = [
    "display:none!important", "di\\73play:none", "display:/**/none", "visibility: collapse",
    "content-visibility:hidden", "font-size:1px", "font:0/0 a", "font-size:.01em", "font-size:0%",
    "left:-50em", "bottom:-200vh", "left:calc(-9999px)", "left:-1e4px", "inset:-999px 0 0 0",
    "transform:translateX(-400em)", "translate:-9999px", "transform:scale(0)", "scale:0",
    "transform:rotateX(90deg)", "opacity:.01", "opacity:0%", "filter:opacity(0)", "zoom:0",
    "color:transparent", "color:rgba(0,0,0,0)", "color:#fff0", "color:hsla(0,0%,0%,.05)",
    "-webkit-text-fill-color:transparent", "color:#fefefe;background:#fff",
    "color:white;background-color:rgb(250 250 250)", "clip:rect(0 0 0 0)", "clip-path:circle(0)",
    "clip-path:inset(50%)", "clip-path:polygon(0 0, 0 0)", "max-height:0;overflow:hidden",
    "overflow:clip;height:1px", "line-height:0;overflow-y:hidden", "unicode-bidi:bidi-override",
    "-webkit-text-security:disc", "mso-hide:all",
]  # fmt: skip
SHOWN_STYLES = [
    "", "display:block", "font-size:12px", "font-size:.8em", "font:12px/1.5 Arial", "left:-15px",
    "top:-50%", "transform:translate(-50%,-50%)", "opacity:.5", "color:#ccc", "height:0",
    "width:100%;overflow:hidden", "height:10px;overflow:hidden", "max-height:100px;overflow:hidden",
    "background-clip:text;color:transparent", "transform:scale(0.5)", "transform:scale(1,0.5)",
    "clip-path:circle(50%)", "scale:1", "color:#fff;background:#000", "color:red", "zoom:1.2",
    "margin-left:-12px", "font-weight:100", "text-indent:2em", "not css at all {}", ";;:;",
]  # fmt: skip


@pytest.mark.parametrize("style", HIDDEN_STYLES)
def test_a_style_that_hides_is_known(style: str) -> None:
    says = declared(style)
    assert hides(says) or same_colour(says, None)


@pytest.mark.parametrize("style", SHOWN_STYLES)
def test_a_style_that_shows_is_left_alone(style: str) -> None:
    says = declared(style)
    assert not hides(says)
    assert not same_colour(says, WHITE)


HIDDEN = [
    *(f'<p style="{style}">{{}}</p>' for style in ("display:none", "left:-50em", "color:#fdfdfd")),
    '<div style="background:#111"><p style="color:#0f0f0f">{}</p></div>',
    "<noscript><p>{}</p></noscript>",
    "<details><summary>More</summary><p>{}</p></details>",
    '<p hidden="until-found">{}</p>',
    "<div popover><p>{}</p></div>",
    '<bdo dir="rtl">{}</bdo>',
    "<video><p>{}</p></video>",
    "<p class=one>{}</p>",
    '<div class="two"><p><b>{}</b></p></div>',
    "<section><div data-x=gone><p>{}</p></div></section>",
    "<p id=three>{}</p>",
    "<p class=media>{}</p>",
    "<p class=paper>{}</p>",
]
SHEETED = re.compile(r"class=|id=|data-x")  # hidden by the page's style sheet
SHEET = """<style>/* } .x { */ @import url(x.css); main .one, .none { color: red; display:none }
article > .two p { visibility:hidden } [data-x="gone"]{font-size:0}
p#three{color:#fff;background:#fff} .broken{ {} } ; @font-face { src: x } .a { --x: {} }
@media screen and (min-width: 300px) { .media { display: none } } @layer base{.paper{opacity:0}}
</style>"""
SHOWN = [
    "<p class=hover>{}</p>",
    "<p class=print>{}</p>",
    "<p class=big>{}</p>",
    "<p class=js>{}</p>",
    "<details open><summary>More</summary><p>{}</p></details>",
    '<div style="background:url(dark.png)"><p style="color:#fff">{}</p></div>',
]
OTHER_SHEET = """<style>.hover:hover{display:none} @media print{.print{display:none}}
@media (min-width: 900px){.big{display:none}} .no-js .js{display:none} .elsewhere .js{display:none}
</style>"""


def read(inside: str, head: str) -> Article:
    page = (
        f"<html><head><title>Harbour opens again</title>{head}</head><body><main><article>"
        f"<h1>Harbour opens again</h1>{PROSE}{inside}{PROSE.replace('pier', 'dock')}</article>"
        "</main></body></html>"
    )
    entry = Entry("k", "https://f.example/", "https://f.example/a", "", None, "", "html")
    document = Document("https://f.example/a", page.encode(), media_type="text/html")
    found = extract(entry, document, as_of=date(2024, 11, 22))
    assert not isinstance(found, Skip), found
    return clean(found[0])


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_a_page_hides_is_not_read(hidden: str) -> None:
    article = read(hidden.format(CANARY), SHEET)
    assert "CANARY" not in article.text + "".join(cut.text for cut in article.removed)
    assert "fifth dock" in article.text


@pytest.mark.parametrize("hidden", [each for each in HIDDEN if not SHEETED.search(each)])
def test_what_a_feed_hides_is_not_read(hidden: str) -> None:
    entry = Entry(
        "k", "https://f.example/", "", "Harbour", None, PROSE + hidden.format(CANARY), "html"
    )
    found = extract(entry, None, as_of=date(2024, 11, 22))
    assert isinstance(found, list)
    assert "CANARY" not in found[0].text
    assert "fifth pier" in found[0].text


@pytest.mark.parametrize("shown", SHOWN)
def test_what_a_page_shows_is_read(shown: str) -> None:
    assert CANARY in read(shown.format(CANARY), OTHER_SHEET).text


def test_a_headline_for_machines_is_not_believed() -> None:
    meta = (
        '<meta property="og:title" content="CANARY wins"><script type="application/ld+json">'
        '{"@type":"NewsArticle","headline":"CANARY wins","articleBody":"CANARY wins the vote."}'
        "</script>"
    )
    article = read("", meta)
    assert article.title == "Harbour opens again"
    assert "CANARY" not in article.text


MARKUP = [
    "<!--\n\nCANARY\n\n-->",
    "<!-- CANARY",
    "<div hidden>\n\nCANARY\n\n</div>",
    '<span style="display:none">CANARY</span>',
    "<SPAN STYLE='opacity:0'>CANARY <span>more</span> CANARY</SPAN>",
    "<p hidden>CANARY",
    "<script>CANARY</script>",
    "<details-x hidden>CANARY</details-x>",
]


@pytest.mark.parametrize("markup", MARKUP)
def test_headlines_and_markdown_lose_what_is_hidden(markup: str) -> None:
    assert "CANARY" not in without_unshown(f"Harbour {markup}")
    assert plain(f"Harbour {markup}") == "Harbour"
    text = f"Harbour opens again\n\nThe pier is open again, officials said.\n\n{markup}\n"
    [entry] = entries(Document("a.md", text.encode()))
    found = extract(entry, None, as_of=date(2024, 11, 22))
    assert isinstance(found, list)
    assert "CANARY" not in found[0].text


def test_headlines_keep_what_is_shown() -> None:
    assert (
        plain("x < y, <b>5</b> > 4 &amp; <unnamed> officials")
        == "x < y, 5 > 4 & <unnamed> officials"
    )
    assert plain('<span style="color:red">Harbour</span> opens') == "Harbour opens"


def test_a_mail_is_read_as_its_reader_sees_it() -> None:
    mail = (
        "Subject: Harbour opens\nMIME-Version: 1.0\n"
        'Content-Type: multipart/alternative; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\n" + "CANARY has won the vote. " * 30 + "\n"
        "--b\nContent-Type: text/html\n\n" + PROSE + "\n--b--\n"
    )
    [entry] = entries(Document("a.eml", mail.encode()))
    assert "CANARY" not in entry.body
    assert "fifth pier" in entry.body


@pytest.mark.parametrize(
    "css",
    [
        "a" * 100_000 + "{display:none}",
        "* * * * * * *{display:none}" * 3_000,
        ".a{" * 50_000,
        "[x][x][x]{opacity:0}" * 5_000,
        "/*" * 90_000,
        ".y .y .y .y .y .y .y .y{display:none}" * 4_000,
    ],
)
def test_a_hostile_style_sheet_takes_no_time(css: str) -> None:
    began = time.perf_counter()
    read("<div class=y>" * 60 + "<i class=y>x</i>" * 2_000 + "</div>" * 60, f"<style>{css}</style>")
    assert time.perf_counter() - began < 20


def entries(document: Document) -> list[Entry]:
    found = parse_file(document, source="folder:x")
    assert not isinstance(found, Skip), found
    return found
