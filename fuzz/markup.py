"""What may stand in a page, a feed, a Markdown text and a mail of ours, and nothing else.

Each is read by others' parsers: Python's and libxml2's for HTML, markdown-it for CommonMark,
ElementTree for Atom, the email package for mails.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Collection, Iterable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import lxml.html
from markdown_it import MarkdownIt

from fuzz import truths
from fuzz.truths import hold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TAGS = _words("""
html head meta title style link body main header footer nav section article h1 h2 h3 p ul ol li dl
dt dd div span a b i sup small mark time figure figcaption blockquote details summary table tr td
br form fieldset legend label input select option button
""")
ATTRIBUTES = _words("""
lang dir charset http-equiv name content rel type href title class id role aria-label
aria-labelledby aria-describedby aria-invalid datetime value style for required autocomplete
autofocus method spellcheck maxlength inputmode checked selected
""")
_VOID = ("meta", "br", "link", "input")
_CONDITIONAL = re.compile(r"<!--\[if mso\]>.*?<!\[endif\]-->", re.DOTALL)  # Outlook's, ours
_STYLE = re.compile(r"[-\w#%.,:;'()!/ ]*")  # of an attribute, all of them constant

FEED = _words("""
feed id title subtitle updated link author name generator entry published category summary content
""")
_MARKS = {
    "paragraph", "heading", "bullet_list", "list_item", "blockquote", "inline", "text", "strong",
    "em", "link", "softbreak", "text_special",
}  # fmt: skip


class Page(HTMLParser):
    """A page as Python reads it; its tags must be ours and nest."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.shown: list[str] = []
        self._open: list[str] = []
        self.feed(_CONDITIONAL.sub("", markup))
        self.close()
        hold(not self._open, f"never closed: {self._open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        hold(tag in TAGS, f"a foreign element: {tag!r}")
        self.tags.append(tag)
        names = [name for name, _ in attrs]
        hold(len(set(names)) == len(names), f"an attribute twice: {names}")
        for name, value in attrs:
            hold(name in ATTRIBUTES, f"a foreign attribute: {name!r} of {tag}")
            hold(name != "style" or _STYLE.fullmatch(value or ""), f"a foreign style: {value!r}")
            if name == "href":
                self.links.append(value or "")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        hold(self._open and self._open.pop() == tag, f"{tag} is closed out of turn")

    def handle_comment(self, data: str) -> None:
        raise truths.Broken(f"a comment: {data[:80]!r}")

    def handle_pi(self, data: str) -> None:
        raise truths.Broken(f"an instruction: {data[:80]!r}")

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.shown.append(data)


def page(markup: str, *, own: Iterable[str], sources: Collection[str]) -> Page:
    """HTML of ours: only our elements and attributes, every link ours or a source's.

    Args:
        own: how the links of the site itself begin.
        sources: addresses of the sources, as they were given.
    """
    read = Page(markup)
    unseen(markup, "a page")
    hold("<script" not in markup.lower(), "a script")
    tree = lxml.html.fromstring(markup)
    again = [e.tag for e in tree.iter() if isinstance(e.tag, str)]
    hold(set(again) <= TAGS, f"libxml2 sees {set(again) - TAGS}")
    hold(again.count("a") == read.tags.count("a"), "two parsers see other links")
    beginnings = tuple(own)
    for link in read.links:
        hold(link.startswith(("#", *beginnings)) or led(link, sources), f"a foreign link: {link!r}")
    return read


def led(link: str, sources: Collection[str]) -> bool:
    """Whether a link leads where a source's address does; its host may be spelled out (IDNA), and
    its path encoded."""
    truths.web_address(link, "a link")
    return any(_way(link) == _way(source) for source in sources if _way(source))


def _way(address: str) -> tuple[str, ...]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ()
    if parts.scheme.lower() not in ("http", "https"):
        return ()
    return parts.scheme.lower(), *map(unquote, (parts.path, parts.query, parts.fragment))


def unseen(text: str, name: str, *, keep: str = "\n") -> None:
    """No control, direction, zero-width or tag character."""
    found = sorted({c for c in text if c not in keep and truths.unseen(c)})
    hold(not found, f"{name} holds {', '.join(f'U+{ord(c):04X}' for c in found[:5])}")


def markdown(text: str, *, sources: Collection[str], said: Iterable[str]) -> None:
    """CommonMark of ours: no HTML, image, code or rule; all links to sources; all words there."""
    unseen(text, "Markdown")
    for dialect in ("commonmark", "js-default"):
        shown: list[str] = []
        for token in _tokens(MarkdownIt(dialect).parse(text)):
            kind = re.sub(r"_(open|close)$", "", token.type)
            hold(kind in _MARKS, f"{dialect} reads {token.type}: {token.content[:80]!r}")
            if token.type == "link_open":
                link = str(token.attrGet("href"))
                hold(led(link, sources), f"a foreign link: {link!r}")
            shown.append("\n" if token.type == "softbreak" else token.content)
        whole = "".join(shown)
        for words in said:
            hold(words in whole, f"{dialect} shows other words: {words[:80]!r}")


def _tokens(tokens: Iterable[Any]) -> Iterable[Any]:
    for token in tokens:
        if token.type == "inline":
            yield from token.children
        else:
            yield token


def atom(text: str, *, own: str, sources: Collection[str]) -> None:
    """An Atom feed with our elements; the pages in it are ours too."""
    unseen(text, "Atom")
    for element in ElementTree.fromstring(text.encode()).iter():
        name = element.tag.partition("}")[2]
        hold(name in FEED, f"a foreign element: {name!r}")
        if "href" in element.attrib:
            hold(element.attrib["href"].startswith(own), f"a link: {element.attrib['href']!r}")
        if name == "content":
            page(f"<div>{element.text}</div>", own=[own], sources=sources)


def mail(content: bytes, *, names: list[str], subject: str, text: str, html: str) -> None:
    """A mail with exactly these fields, read back as what was put into it."""
    hold(content.isascii(), "a mail with eight bits")
    hold(b"\n" not in content.replace(b"\r\n", b""), "a bare line feed")
    hold(b"\r" not in content.replace(b"\r\n", b""), "a bare carriage return")
    hold(max(map(len, content.split(b"\r\n"))) <= 998, "a line too long (RFC 5322)")
    message = email.message_from_bytes(content, policy=email.policy.default)
    hold(message.keys() == names, f"other fields: {message.keys()}")
    hold(message["Subject"] == subject, f"another subject: {message['Subject']!r}")
    for part in message.walk():
        hold(not part.defects, f"defects: {part.defects}")
    parts = [part for part in message.walk() if not part.is_multipart()]
    bodies = [part.get_content().replace("\r\n", "\n") for part in parts]
    hold(bodies == [text, html], "other bodies")
