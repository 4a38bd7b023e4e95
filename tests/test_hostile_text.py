"""Any text in any rendering: shown as it stands, and nothing made of it.

Markdown is judged by programs that others wrote: CommonMark with every extension and bare links
(markdown-it, linkify-it), and GitHub's own (cmark-gfm), with raw HTML let through.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from editions import digest, source
from hostile import ESCAPES, MARKDOWN, SCRIPTS
from hostile_edition import edition, feeds, pages
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from briefing.stages import render
from briefing.stages.render.mark import escape
from briefing.stages.render.view import safe_url, view
from briefing.text.characters import one_line
from briefing.text.unsafe import UNSAFE, spelled_out

WORDS = tuple(w for w in (*MARKDOWN, *ESCAPES.values(), *SCRIPTS.values()) if one_line(w))
TEXT = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.lists(st.sampled_from([*WORDS, "x", " ", ".", "1", "é"]), max_size=4).map("".join),
)
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Read(HTMLParser):
    """The elements of a page with their addresses, and its visible words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.made: list[str] = []
        self.texts: list[str] = []
        self.links: list[tuple[str, str]] = []  # (words, address)
        self._way: str | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.made.append(" ".join([tag, *sorted(named)]))
        if tag == "a":
            self._way = named.get("href") or ""
            self.links.append(("", self._way))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._way = None

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._way is not None and self.links:
            self.links[-1] = (self.links[-1][0] + data, self.links[-1][1])

    @property
    def words(self) -> str:
        return " ".join("".join(self.texts).split())


_LINKIFY = MarkdownIt("gfm-like", {"html": True, "linkify": True})
_PLAIN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
RENDERERS = {
    "github": lambda text: cmarkgfm.github_flavored_markdown_to_html(
        text, options=Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    ),
    "linkify": _LINKIFY.render,
    "commonmark": _PLAIN.render,
}


def read(name: str, text: str) -> Read:
    """What a renderer makes of Markdown; GitHub's links of mail addresses taken out, which show
    the address that they lead to."""
    page = RENDERERS[name](text)
    if name == "github":
        page = re.sub(r'<a href="(?:mailto|xmpp):[^"]*">([^<]*)</a>', r"\1", page)
    return Read(page)


# -- Markdown ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RENDERERS)
def test_only_our_own_headings_links_and_marks_stand_in_digest_md(name: str) -> None:
    urls = ("https://ok.example/a?b=1&copy;=2&lt=3&#106;",)
    wild, _ = edition(WORDS, urls=urls)
    tame, _ = edition([f"Tame words {n}" for n in range(len(WORDS))], urls=urls)
    found, expected = (read(name, render.markdown(one)) for one in (wild, tame))
    assert found.made == expected.made
    assert {way.replace("&amp;", "&") for _, way in found.links} == set(urls)
    shown = found.words
    for word in (one_line(word) for word in WORDS):
        assert word in shown, word


CONTEXTS = ("{}", "- {}", "# {}", "> {}", "a {} b", "**x {}**", "- **{}**: x", "  - {}", "*{} · x*")


@pytest.mark.parametrize("name", RENDERERS)
@settings(deadline=None, max_examples=150)
@given(TEXT, st.sampled_from(CONTEXTS))
@example("canary.com", "{}")
@example("1http://canary.example", "a {} b")
def test_any_text_is_shown_as_it_stands(name: str, text: str, context: str) -> None:
    words = one_line(text)
    if not words or (context.count("*") and not words[0].isalnum()):
        return  # a star beside a mark is ours to place, not the text's
    if context.count("*") and not words[-1].isalnum():
        return
    if name == "github" and "@" in words:
        words = words.replace("@", "(at)")  # see `escape`
    tame = read(name, context.format("word") + "\n")
    found = read(name, context.format(escape(words)) + "\n")
    assert found.made == tame.made
    assert found.words == " ".join(tame.words.replace("word", words).split())


# -- HTML, text, JSON, Atom ----------------------------------------------------------------------


TAME = {name: Read(page).made for name, page in pages(["word"]).items()}


@settings(deadline=None, max_examples=25)
@given(TEXT)
def test_any_text_is_words_to_html(text: str) -> None:
    words = one_line(text)
    if not words:
        return
    found = pages([text])
    for name, tame in TAME.items():
        page = Read(found[name])
        expected = [tag for tag in tame if tag != "span class"]  # a short word with "-" keeps whole
        assert [tag for tag in page.made if tag != "span class"] == expected, name
        assert words in page.words, name


@settings(deadline=None, max_examples=40)
@given(TEXT)
def test_no_rendering_holds_what_a_terminal_obeys(text: str) -> None:
    one, articles = edition([text or " "])
    for name, content in render.files(one, articles).items():
        assert not UNSAFE.search(content.replace("\n", "")), name
    mail = render.letter_text(one, archive="https://briefing.example/x/")
    assert not UNSAFE.search(mail.replace("\n", ""))
    assert not UNSAFE.search(render.letter_subject(one))
    assert render.parse_json(render.json(one)) == one


@settings(deadline=None, max_examples=40)
@given(TEXT)
@example("\x00\ufffe\ud800]]>&amp;\U0001ffff")
def test_any_text_comes_back_from_the_feeds(text: str) -> None:
    atom, feed = feeds([text or " "])
    one, _ = edition([text or " "])
    space = {"a": "http://www.w3.org/2005/Atom"}
    tree = ElementTree.fromstring(atom.encode())
    title = tree.findtext("a:entry/a:title", namespaces=space)
    said = view(one).subject.text
    whole = f"Friday 22 November 2024: {said}"
    assert title == whole.replace("\uffff", "").replace("\ufffe", "")
    content = tree.findtext("a:entry/a:content", namespaces=space) or ""
    assert not {"script", "img", "svg", "style", "iframe"} & {
        m.split()[0] for m in Read(content).made
    }
    item = json.loads(feed)["items"][0]
    assert item["title"] == whole


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_spelled_out_can_be_read_back(text: str) -> None:
    shown = spelled_out(text)
    assert not UNSAFE.search(shown)
    if "\\" not in text and '"' not in text:
        again = json.loads(f'"{shown}"')
        assert again == text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


# -- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://reuters.com@evil.example/x", "https://evil.example/x"),
        ("https://reuters.com:443@evil.example:8443/x", "https://evil.example:8443/x"),
        ("https://reuters.com%2Fworld@evil.example", "https://evil.example"),
        ("https://аррӏе.com/x", "https://xn--80ak6aa92e.com/x"),
        ("https://reuterѕ.com/x", "https://xn--reuter-nvf.com/x"),
        ("https://reuters.com。evil.example/x", "https://reuters.com.evil.example/x"),
        ("https://reuters.com․evil.example/x", ""),
        ("https://новини.example/світ?q=я#ф",
         "https://xn--b1amarcd.example/%D1%81%D0%B2%D1%96%D1%82?q=%D1%8F#%D1%84"),
        ("https://evil.example/שלום/reuters.com",
         "https://evil.example/%D7%A9%D7%9C%D7%95%D7%9D/reuters.com"),
        ("https://reuters.com⁄world.evil.example/", ""),
        ("https://reuters.com／world@evil.example/", ""),
        ("https://reuters.com\\@evil.example/", ""),
        ("https://reuters.com%2eevil.example/", ""),
        ("https:///evil.example/", ""),
        ("https:evil.example", ""),
        ("https://evil.example:99999/", ""),
        ("https://evil.example:x/", ""),
        ("https://evil.example/" + "x" * 2000, ""),
        ("vbscript:msgbox(1)", ""),
        ("javascript://evil.example/%0acanary(1)", ""),
        ("https://evil.example/\u202egnp\u200b", ""),
        ("view-source:https://evil.example", ""),
        ("blob:https://evil.example/x", ""),
        (" https://evil.example", ""),
        ("https://evil.example/\u2028x", ""),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        ("https://News.Example/A?a=1&b=%20#c", "https://News.Example/A?a=1&b=%20#c"),
    ],
)  # fmt: skip
def test_a_link_shows_its_real_host_or_is_none(url: str, shown: str) -> None:
    assert safe_url(url) == shown
    one = digest(sources=(source(1, "a", url=url), source(2, "b", url="")))
    for page in (render.html(one), render.letter_html(one)):
        ways = {way for _, way in Read(page).links if not way.startswith("#")}
        assert ways == ({shown} if shown else set())
    assert ("evil" in render.text(one)) is ("evil" in shown)
    marked = Read(RENDERERS["commonmark"](render.markdown(one))).links
    assert {way for _, way in marked} == ({shown} if shown else set())


@settings(max_examples=300)
@given(st.one_of(TEXT, TEXT.map(lambda text: f"https://a.example/{text}"),
                 TEXT.map(lambda text: f"https://{text}")))  # fmt: skip
def test_an_address_is_ascii_and_of_the_web_or_none(url: str) -> None:
    shown = safe_url(url)
    if shown:
        assert re.fullmatch(r"(?i)https?://[!-~]+", shown)
        parts = urlsplit(shown)
        assert "@" not in parts.netloc
        assert re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]+", parts.hostname or "")
        assert safe_url(shown) == shown


def test_a_title_that_names_another_address_is_told_where_it_leads() -> None:
    named = {
        "https://www.reuters.com/world/lunden": "at evil.example",
        "Read www.reuters.com for more": "at evil.example",
        "https://evil.example/x": "",
        "Lunden shuts its harbour": "",
    }
    for title, said in named.items():
        bad = replace(source(1, "a", url="https://evil.example/x"), title=title)
        one = digest(sources=(bad, source(2, "b"), source(3, "c")))
        expected = ", ".join(filter(None, ("Paper a", said)))
        for made in (render.html(one), render.letter_html(one), render.markdown(one)):
            shown = made.replace("\\", "")
            assert f"{expected}, 21 November" in shown, title
            assert ("at evil.example" in shown) is bool(said)


def test_no_rendering_knows_of_tracking_or_remote_images() -> None:
    for page in pages([f"Tame {n}" for n in range(9)]).values():
        assert not re.search(r"<img|src=|url\(|@import|utm_|pixel", page)
