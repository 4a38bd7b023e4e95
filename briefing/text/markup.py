"""Elements of HTML that no reader is shown, by their names and attributes alone."""

from __future__ import annotations

import re
from collections.abc import Mapping

from briefing.text.styles import declared, hides

NEVER_SHOWN = frozenset({
    "script", "style", "template", "iframe", "object", "embed", "svg", "canvas", "audio", "video",
    "map", "select", "datalist", "textarea", "dialog", "noscript", "noframes", "noembed", "applet",
    "bdo", "rp",
})  # fmt: skip
"""Elements whose words are no words of the page, or stand in an order that is not the one read."""

_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|sr-only-focusable|visually-?hidden|screen-reader(?:-text|-only)?"
    r"|a11y-hidden|assistive-text|offscreen|off-screen|u-hidden|is-hidden|hide-text"
    r"|visuallyhidden)(?:\s|$)",
    re.I,
)
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
})  # fmt: skip
_COMMENT = re.compile(r"<!--.*?(?:--!?>|\Z)|<!\[CDATA\[|\]\]>|<[?!][^<>]{0,2000}>", re.S)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})((?:\s[^<>]{0,20000})?)(/?)>")
_ATTRIBUTE = re.compile(r"""([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?""")


def is_unshown(name: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element says of itself that its words are not for a reader's eyes.

    Args:
        name: of the element, in small letters.
        attributes: by name in small letters; one without a value is "".

    What a reader sees only when they open or search for it (``hidden="until-found"``, a
    ``popover``) counts as not shown; the closed part of ``<details>`` is left to the caller.
    """
    return (
        name in NEVER_SHOWN
        or "hidden" in attributes
        or "popover" in attributes
        or attributes.get("aria-hidden", "").strip().lower() == "true"
        or _CLASS.search(attributes.get("class", "")) is not None
        or (bool(attributes.get("style")) and hides(declared(attributes["style"])))
    )


def without_unshown(markup: str) -> str:
    """``markup`` without comments and without elements that are not shown, each with its content.

    For headlines and Markdown, which are no pages: an element that is never closed is hidden to
    the end. Tags of what is shown stay.
    """
    if "<" not in markup:
        return markup
    markup = _COMMENT.sub(" ", markup)
    kept: list[str] = []
    at, inside, depth = 0, "", 0
    for tag in _TAG.finditer(markup):
        name = tag[2].lower()
        if inside:
            if name == inside:
                depth += -1 if tag[1] else 1
                if not depth:
                    at, inside = tag.end(), ""
        elif not tag[1] and name not in _VOID and is_unshown(name, _attributes(tag[3])):
            kept.append(markup[at : tag.start()])
            at, inside, depth = len(markup), name, 1
    return " ".join([*kept, markup[at:]]) if kept else markup


def _attributes(text: str) -> dict[str, str]:
    return {
        match[1].lower(): match[2] or match[3] or match[4] or ""
        for match in _ATTRIBUTE.finditer(text)
    }
