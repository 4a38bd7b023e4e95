"""Blocks of bodies that are no whole page: plain text, Markdown and fragments of HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import lxml.etree

from briefing.stages.extract.blocks import Block, Kind, mark_headings, to_blocks
from briefing.stages.extract.limits import MOST_TEXT
from briefing.stages.extract.visible import drop_hidden, parse_page
from briefing.text.instructions import has_token
from briefing.text.markup import without_unshown

_BLOCK_TAGS: dict[str, Kind] = {
    "p": "text", "div": "text", "section": "text", "article": "text", "main": "text",
    "header": "text", "footer": "text", "aside": "text", "body": "text", "pre": "text",
    "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading",
    "h6": "heading", "li": "item", "dt": "item", "dd": "item", "ul": "text", "ol": "text",
    "dl": "text", "blockquote": "quote", "figure": "text", "figcaption": "caption",
    "table": "text", "tr": "table", "hr": "text", "form": "text", "center": "text",
    "address": "text", "details": "text", "summary": "text", "caption": "caption",
}  # fmt: skip
_MAJORITY = 0.5
_LONGEST_LINE = 20_000  # characters of one paragraph of Markdown


def from_text(text: str) -> list[Block]:
    """Blocks of a plain text: one a line, or one for several where lines were wrapped."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    text = text.replace("\u2029", "\n\n").replace("\f", "\n\n").replace("\v", "\n")
    lines = _unwrapped(text) if _is_wrapped(text) else text.split("\n")
    return mark_headings(to_blocks(("text", line) for line in lines))


def _is_wrapped(text: str) -> bool:
    """Whether the lines were broken to fit a width: most breaks stand where the next word would
    not have fitted, and several go on in the middle of a sentence."""
    groups = [[line.strip() for line in g.split("\n")] for g in re.split(r"\n\s*\n", text)]
    pairs = [(a, b) for group in groups for a, b in pairwise(group) if a and b]
    if len(pairs) < 2:
        return False
    width = max(len(line) for group in groups for line in group)
    if not 40 <= width <= 120:
        return False
    full = sum(len(a) + 1 + len(b.split()[0]) > width - 8 for a, b in pairs)
    open_ended = sum(a[-1] not in '.!?…"”:;' for a, b in pairs)
    return full > _MAJORITY * len(pairs) and open_ended > _MAJORITY * len(pairs)


def _unwrapped(text: str) -> list[str]:
    return [" ".join(group.split()) for group in re.split(r"\n\s*\n", text)]


_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*\n", re.S)
_FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.S | re.M)
_INLINE = (
    (re.compile(r"<!--.*?-->", re.S), ""),
    (re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])"), ""),  # images
    (re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])"), r"\1"),  # links
    (re.compile(r"\[\^[^\]]+\]"), ""),  # footnote marks
    (re.compile(r"<(https?://[^>\s]+|[\w.+-]+@[\w.-]+)>"), r"\1"),
    (re.compile(r"(?<![\\\w])(\*\*\*|___|\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"(?<![\\\w*])\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\\\w])_(?=\S)(.+?)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)"), r"\2"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])"), r"\1"),
)


def from_markdown(text: str) -> list[Block]:
    """Blocks of a Markdown text, with its marks stripped; code, images, comments and elements that
    are not shown are left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    text = without_unshown(_FENCE.sub("", _FRONT_MATTER.sub("", text)))
    pieces: list[tuple[Kind, str]] = []
    kind: Kind = "text"
    current = ""

    def flush() -> None:
        nonlocal kind, current
        pieces.append((kind, current))
        kind, current = "text", ""

    for line in text.split("\n"):
        bare = line.strip()
        if not bare or re.fullmatch(
            r"(?:[-*_]\s*){3,}|\|?[\s:|-]+\|[\s:|-]*|\[[^\]]+\]:\s.*", bare
        ):
            flush()
        elif current and kind == "text" and re.fullmatch(r"=+|-+", bare):
            kind = "heading"
            flush()
        elif match := re.match(r"#{1,6}\s+(.*?)\s*#*$", bare):
            flush()
            kind, current = "heading", match[1]
            flush()
        elif match := re.match(r"(?:[-*+]|\d{1,3}[.)])\s+(.*)", bare):
            flush()
            kind, current = "item", match[1]
        elif match := re.match(r">+\s?(.*)", bare):
            if kind != "quote" or not match[1]:
                flush()
            kind, current = "quote", f"{current} {match[1]}"
        elif bare.startswith("|"):
            flush()
            kind, current = "table", bare.replace("|", " ")
            flush()
        else:
            current = f"{current} {bare}"
            if len(current) > MOST_TEXT:
                flush()
            if line.endswith(("  ", "\\")):
                current = current.rstrip("\\")
                flush()
    flush()
    return mark_headings(to_blocks((k, _inline(t)) for k, t in pieces))


def _inline(text: str) -> str:
    if len(text) > _LONGEST_LINE:  # its marks stay: to find their ends takes the square of it
        return html.unescape(text)
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    tags = re.sub(r"</?[a-zA-Z][^<>]*>", lambda tag: tag[0] if has_token(tag[0]) else "", text)
    return html.unescape(tags)


def from_fragment(markup: str) -> list[Block]:
    """Blocks of an HTML fragment such as a feed's content; hidden parts are left out."""
    if "<" not in markup and "&" not in markup:
        return from_text(markup)
    tree = parse_page(f"<html><body><div>{markup}</div></body></html>")
    if isinstance(tree, str):
        return []
    drop_hidden(tree)
    return mark_headings(to_blocks(tree_pieces(tree)))


def tree_pieces(tree: Any) -> Iterator[tuple[Kind, str]]:
    """(kind, text) of every block-level element of a tree, in order; ``<br>`` ends a line."""
    kinds: list[Kind] = ["text"]
    buffer: list[str] = []
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        block = _BLOCK_TAGS.get(tag)
        if event == "start":
            if block:
                yield kinds[-1], "".join(buffer)
                buffer.clear()
                inherits = block == "text" and kinds[-1] in ("item", "quote", "caption", "table")
                kinds.append(kinds[-1] if inherits else block)
            elif tag == "br":
                yield kinds[-1], "".join(buffer)
                buffer.clear()
            elif tag in ("td", "th"):
                buffer.append(" ")
            buffer.append(element.text or "")
        else:
            if block:
                yield kinds[-1], "".join(buffer)
                buffer.clear()
                kinds.pop()
            buffer.append(element.tail or "")
    yield kinds[-1], "".join(buffer)
