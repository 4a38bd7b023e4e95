"""What a page's own style sheets hide: rules of simple selectors, matched as a browser does.

Of selectors: names, classes, ids, attributes, and ancestors of such (``main .x > p``). What depends
on a state, a sibling or a place among siblings (``:hover``, ``+``, ``:nth-child``) is left out, as
are rules for other media, and ``.no-js`` rules, which scripts switch off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from briefing.text.styles import declared, hides, same_colour

_LONGEST_SHEET = 200_000  # characters read of one sheet
_MOST_RULES = 2_000  # selectors that hide something, of all sheets
_MOST_WIDE = 50  # of those, selectors whose last part names neither class nor id
_PLAIN_MEDIA = re.compile(
    r"@(?:layer\b|supports\b|media\s+(?:only\s+)?(?:all|screen)\s*(?:and\s*\(\s*min-width\s*:"
    r"\s*(?:[0-2]?\d{1,2}|3[0-5]\d)(?:\.\d+)?px\s*\)\s*)?$|media\s*\(\s*min-width\s*:\s*"
    r"(?:[0-2]?\d{1,2}|3[0-5]\d)(?:\.\d+)?px\s*\)\s*$)",
    re.I,
)
_PART = re.compile(
    r"""([.#]?)(-?[a-zA-Z_][\w-]*|\*)|\[\s*([\w-]+)\s*(?:([~^$*|]?=)\s*+["']?([^"'\]]*+)["']?\s*+)?\]"""
)


@dataclass(frozen=True, slots=True)
class _Simple:
    """One part of a selector: what a single element must have."""

    tag: str = ""
    classes: frozenset[str] = frozenset()
    id: str = ""
    attributes: tuple[tuple[str, str, str], ...] = ()  # (name, operator, value)

    def fits(self, element: Any) -> bool:
        if self.tag and element.tag != self.tag:
            return False
        if self.id and element.get("id") != self.id:
            return False
        if self.classes and not self.classes <= set(element.get("class", "").split()):
            return False
        return all(_has(element.get(name), sign, value) for name, sign, value in self.attributes)


Selector = tuple[tuple[str, _Simple], ...]
"""Parts from left to right, each with how it stands to the one before: " " below, ">" right below,
"" for the first."""


class Sheets:
    """The rules of a page that hide something."""

    def __init__(self, tree: Any) -> None:
        self._by_key: dict[str, list[Selector]] = {}
        self._wide: list[Selector] = []
        count = 0
        for sheet in tree.iter("style"):
            for selectors, body in _rules(sheet.text or ""):
                says = declared(body)
                if not (hides(says) or same_colour(says, None)):
                    continue
                for text in selectors.split(","):
                    if count < _MOST_RULES and (selector := _selector(text)):
                        count += 1
                        self._add(selector)

    def hide(self, element: Any) -> bool:
        """Whether a rule hides ``element``."""
        if not (self._by_key or self._wide):
            return False
        keys = [f".{name}" for name in element.get("class", "").split()]
        keys += [f"#{element.get('id', '')}", str(element.tag)]
        return any(
            _matches(element, selector) for key in keys for selector in self._by_key.get(key, ())
        ) or any(_matches(element, selector) for selector in self._wide)

    def _add(self, selector: Selector) -> None:
        last = selector[-1][1]
        key = f"#{last.id}" if last.id else next((f".{c}" for c in sorted(last.classes)), last.tag)
        if key:
            self._by_key.setdefault(key, []).append(selector)
        elif len(self._wide) < _MOST_WIDE:
            self._wide.append(selector)


def _matches(element: Any, selector: Selector) -> bool:
    """The last part fits the element, the others its ancestors: nearest first, which is enough
    where only "below" is asked for, and tried once where "right below" is."""
    *above, (relation, last) = selector
    if not last.fits(element):
        return False
    for before, part in reversed(above):
        element = element.getparent()
        if relation == " ":
            while element is not None and not part.fits(element):
                element = element.getparent()
        if element is None or not part.fits(element):
            return False
        relation = before
    return True


def _selector(text: str) -> Selector | None:
    """``main .x > p`` as parts; None for what is not understood or needs a state."""
    text = re.sub(r"\s*>\s*", " > ", text.strip())
    bare = re.sub(r"\[[^\]]*\]", "", text)
    if not text or len(text) > 200 or re.search(r"[:+~|\\&]|no-?js", bare):
        return None
    parts: list[tuple[str, _Simple]] = []
    relation = ""
    for word in re.findall(r"(?:\[[^\]]*\]|[^\s\[])+", text):
        if word == ">":
            relation = ">"
            continue
        simple = _simple(word)
        if simple is None:
            return None
        parts.append((relation if parts else "", simple))
        relation = " "
    return tuple(parts) if parts and len(parts) <= 8 else None


def _simple(word: str) -> _Simple | None:
    tag, names, identity = "", set[str](), ""
    attributes: list[tuple[str, str, str]] = []
    at = 0
    for match in _PART.finditer(word):
        if match.start() != at:
            return None
        at = match.end()
        if match[3]:
            attributes.append((match[3].lower(), match[4] or "", match[5] or ""))
        elif match[1] == ".":
            names.add(match[2])
        elif match[1] == "#":
            identity = match[2]
        elif match[2] != "*":
            tag = match[2].lower()
    if at != len(word) or tag in ("html", "body"):
        return None
    return _Simple(tag, frozenset(names), identity, tuple(attributes))


def _has(value: str | None, sign: str, wanted: str) -> bool:
    if value is None:
        return False
    match sign:
        case "":
            return True
        case "=":
            return value == wanted
        case "~=":
            return wanted in value.split()
        case "^=":
            return bool(wanted) and value.startswith(wanted)
        case "$=":
            return bool(wanted) and value.endswith(wanted)
        case "*=":
            return bool(wanted) and wanted in value
    return value == wanted or value.startswith(f"{wanted}-")


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """(selectors, declarations) of a sheet, also of the blocks that hold on every screen."""
    css = re.sub(r"/\*.*?(?:\*/|\Z)|<!--|-->", " ", css[:_LONGEST_SHEET], flags=re.S)
    depth = holding = start = 0  # open blocks; of these, the outermost whose rules hold here
    prelude: str | None = None  # of the rule that is being read
    for match in re.finditer(r"[{};]", css):
        if match[0] == "{":
            inner = css[start : match.start()].strip()
            if depth == holding and prelude is None:
                if inner.startswith("@"):
                    holding += _PLAIN_MEDIA.match(inner) is not None
                else:
                    prelude = inner
            depth += 1
        elif match[0] == "}" and depth:
            depth -= 1
            if depth == holding and prelude is not None:
                yield prelude, css[start : match.start()]
                prelude = None
            holding = min(holding, depth)
        elif prelude is not None:
            continue  # between two declarations
        start = match.end()
