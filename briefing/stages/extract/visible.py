"""Parse a page and keep only what a reader can see of it.

Hidden text is where instructions to a machine and tracking text stand; it is taken out before any
extractor weighs the page.
"""

from __future__ import annotations

import re
from typing import Any

import lxml.etree
import lxml.html

from briefing.stages.extract.limits import MOST_CHARACTERS, without_crowded_tags
from briefing.stages.extract.sheets import Sheets
from briefing.text.markup import is_unshown
from briefing.text.styles import (
    WHITE,
    Colour,
    background,
    colour,
    declared,
    lays_a_picture,
    same_colour,
)

_MOST_ELEMENTS = 20_000  # 1,703 on those pages; trafilatura needs 7 s for 20,000 and 15 for 40,000
_DEEPEST = 150  # libxml2 silently stops at 256; the deepest of 102 measured news pages has 47
_CHAT = {
    "start_of_turn", "end_of_turn", "system", "assistant", "user", "human", "inst", "instruction",
    "instructions", "prompt", "think", "tool_call", "bos", "eos", "sys",
}  # fmt: skip  # control tokens of chats that a parser takes for elements
# What lxml refuses in a text (XML 1.0, section 2.2).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>")
_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr", "p", "li", "td", "tr", "th", "dt", "dd", "option",
}  # fmt: skip  # the latter are closed by their neighbours


def parse_page(text: str) -> Any:
    """The tree of an HTML page; or, as a string, why there is none: "too large", "no text".

    Nesting deeper than 150 is made flat, so that no later step can run out of stack and the text
    inside and after it is kept.
    """
    if len(text) > MOST_CHARACTERS:
        return "too large"
    text = without_crowded_tags(text)
    tree = _parse(text)
    if tree is not None and _depth(tree) > _DEEPEST:
        tree = _parse(_flat(text))
    if tree is None:
        return "no text"
    if sum(1 for _ in tree.iter()) > _MOST_ELEMENTS:
        return "too large"
    return tree


def drop_hidden(tree: Any) -> None:
    """Take out, in place, every element that a reader cannot see, with its text.

    That is: scripts and the like; ``hidden``, ``aria-hidden="true"``; classes that by convention
    are for screen readers; the closed part of ``<details>``; inline styles and style-sheet rules
    that hide, shrink to nothing, move off the screen, clip away or write in the colour of the
    ground; comments. What a sheet or script elsewhere hides cannot be known here.
    """
    sheets = Sheets(tree)
    doomed = [
        element
        for element in tree.iter(lxml.etree.Element)
        if element.tag not in ("html", "body", "head") and _is_hidden(element, sheets)
    ]
    doomed += [c for c in tree.iter(lxml.etree.Comment, lxml.etree.ProcessingInstruction)]
    for element in doomed:
        drop(element)


def drop(element: Any) -> None:
    """Remove ``element`` and its content; the text that follows it stays."""
    parent = element.getparent()
    if parent is None:
        return
    tail = f" {element.tail}" if element.tail else ""
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _parse(text: str) -> Any | None:
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_blank_text=False)
    try:
        tree = lxml.html.document_fromstring(
            text.encode("utf-8", "replace").replace(b"\0", b""), parser=parser
        )
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError):
        return None
    _without_controls(tree)
    return tree


def _without_controls(tree: Any) -> None:
    """libxml2 takes control characters in, and lxml, moving a text, refuses them."""
    for node in tree.iter():  # comments too: what follows one is text
        if isinstance(node.tag, str) and node.text and _NOT_XML.search(node.text):
            node.text = _NOT_XML.sub("", node.text)
        if node.tail and _NOT_XML.search(node.tail):
            node.tail = _NOT_XML.sub("", node.tail)


def _depth(tree: Any) -> int:
    deepest = depth = 0
    for event, _ in lxml.etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _flat(text: str) -> str:
    """``text`` without the tags that stand deeper than the limit."""
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        closing, name = match[1], match[2].lower()
        if name in _VOID or match[0].endswith("/>"):
            return match[0] if depth < _DEEPEST else " "
        if closing:
            depth = max(0, depth - 1)
            return match[0] if depth < _DEEPEST - 10 else " "
        depth += 1
        return match[0] if depth <= _DEEPEST - 10 else " "

    return _TAG.sub(keep, text)


def _is_hidden(element: Any, sheets: Sheets) -> bool:
    if element.tag in _CHAT:
        return True
    if is_unshown(element.tag, element.attrib) or sheets.hide(element) or _is_folded(element):
        return True
    if style := element.get("style"):
        says = declared(style)
        if "color" in says and same_colour(says, _ground(element)):
            return True
    ink = element.get("color", "").lower() if element.tag == "font" else ""
    return bool(ink) and same_colour({"color": ink}, _ground(element))


def _is_folded(element: Any) -> bool:
    """Whether it stands in a closed ``<details>``, of which only the summary is shown."""
    parent = element.getparent()
    return (
        parent is not None
        and parent.tag == "details"
        and "open" not in parent.attrib
        and element.tag != "summary"
    )


def _ground(element: Any) -> Colour | None:
    """The colour behind an element, as far as inline styles name it; None over a picture."""
    while element is not None:
        says = declared(element.get("style", ""))
        if lays_a_picture(says):
            return None
        found = background(says) or colour(element.get("bgcolor", "").lower())
        if found:
            return found
        element = element.getparent()
    return WHITE
