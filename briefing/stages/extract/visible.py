"""Parse a page and keep only what a reader can see of it.

Hidden text is where instructions to a machine and tracking text stand; it is taken out before any
extractor weighs the page.
"""

from __future__ import annotations

import re
from typing import Any

import lxml.etree
import lxml.html

_MOST_CHARACTERS = 8_000_000  # the largest of 102 measured news pages has 1.5 million
_MOST_ELEMENTS = 20_000  # 1,703 on those pages; trafilatura needs 7 s for 20,000 and 15 for 40,000
_DEEPEST = 150  # libxml2 silently stops at 256; the deepest of 102 measured news pages has 47
_NEVER_SHOWN = {
    "script", "style", "template", "iframe", "object", "embed", "svg", "canvas", "audio", "map",
    "select", "datalist", "textarea", "dialog",
}  # fmt: skip
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|sr-only-focusable|visually-?hidden|screen-reader(?:-text|-only)?"
    r"|a11y-hidden|assistive-text|offscreen|off-screen|u-hidden|is-hidden|hide-text"
    r"|visuallyhidden)(?:\s|$)",
    re.I,
)
_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|font-size:0(?:\.0+)?(?:px|pt|r?em|%|;|!|$)"
    r"|opacity:0(?:\.0+)?(?:;|!|$)|(?:left|top|right|text-indent|margin-left):-\d{3,}"
    r"|clip:rect\((?:0|1px)|clip-path:inset\((?:50|100)%|transform:scale\(0\)"
    r"|(?:max-)?(?:height|width):[01](?:px)?(?:;|!|$).*overflow:hidden"
    r"|overflow:hidden.*(?:max-)?(?:height|width):[01](?:px)?(?:;|!|$)",
    re.I,
)
_COLOUR = re.compile(r"(?:^|;)(color|background(?:-color)?):([^;!]+)", re.I)
_COLOURS = {
    "white": "#ffffff", "black": "#000000", "transparent": "",
    "rgb(255,255,255)": "#ffffff", "rgb(0,0,0)": "#000000",
    "rgba(255,255,255,1)": "#ffffff", "rgba(0,0,0,1)": "#000000",
    "hsl(0,0%,100%)": "#ffffff",
}  # fmt: skip
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
    if len(text) > _MOST_CHARACTERS:
        return "too large"
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
    are for screen readers; inline styles and simple style-sheet rules that hide, shrink to
    nothing, move off the screen or write in the colour of the ground.
    """
    classes, ids = _hidden_by_sheet(tree)
    doomed = [
        element
        for element in tree.iter(lxml.etree.Element)
        if element.tag not in ("html", "body", "head") and _is_hidden(element, classes, ids)
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
    return tree


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


def _is_hidden(element: Any, classes: frozenset[str], ids: frozenset[str]) -> bool:
    if element.tag in _NEVER_SHOWN:
        return True
    attributes = element.attrib
    if "hidden" in attributes and attributes["hidden"].lower() != "until-found":
        return True
    if attributes.get("aria-hidden", "").strip().lower() == "true":
        return True
    names = attributes.get("class", "")
    if names and (_HIDDEN_CLASS.search(names) or (classes and classes & set(names.split()))):
        return True
    if attributes.get("id") in ids:
        return True
    style = re.sub(r"\s+", "", attributes.get("style", ""))
    if style and (_HIDDEN_STYLE.search(style) or _same_colour(element, style)):
        return True
    return element.tag == "font" and _colour(attributes.get("color", "")) == "#ffffff"


def _same_colour(element: Any, style: str) -> bool:
    """Whether the inline style writes in the colour of the nearest ground it can name (white)."""
    colours = {name.lower().split("-")[0]: _colour(value) for name, value in _COLOUR.findall(style)}
    ink = colours.get("color")
    if not ink:
        return False
    ground = colours.get("background")
    while not ground and (element := element.getparent()) is not None:
        outer = re.sub(r"\s+", "", element.get("style", ""))
        for name, value in _COLOUR.findall(outer):
            if name.lower() != "color":
                ground = _colour(value)
        ground = ground or _colour(element.get("bgcolor", ""))
    return ink == (ground or "#ffffff")


def _colour(value: str) -> str:
    value = value.strip().lower()
    value = _COLOURS.get(value, value)
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        value = "#" + "".join(2 * digit for digit in value[1:])
    return value


def _hidden_by_sheet(tree: Any) -> tuple[frozenset[str], frozenset[str]]:
    """Class names and ids that the page's own style sheets hide by a rule of one selector.

    Rules inside ``@media`` and the like may not apply and are left out.
    """
    classes: set[str] = set()
    ids: set[str] = set()
    for sheet in tree.iter("style"):
        for selectors, body in _plain_rules(sheet.text or ""):
            if _HIDDEN_STYLE.search(re.sub(r"\s+", "", body)):
                for selector in selectors.split(","):
                    match = re.fullmatch(r"\s*[a-z]*([.#])([\w-]+)\s*", selector, re.I)
                    if match:
                        (classes if match[1] == "." else ids).add(match[2])
    return frozenset(classes), frozenset(ids)


def _plain_rules(css: str) -> list[tuple[str, str]]:
    """(selectors, declarations) at the top level of a sheet; 200,000 characters at most."""
    css = re.sub(r"/\*.*?\*/|<!--|-->", "", css[:200_000], flags=re.S)
    rules, depth, start, selectors = [], 0, 0, ""
    for match in re.finditer(r"[{}]", css):
        if match[0] == "{":
            if depth == 0:
                selectors = css[start : match.start()]
                start = match.end()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                if "@" not in selectors:
                    rules.append((selectors, css[start : match.start()]))
                start = match.end()
    return rules
