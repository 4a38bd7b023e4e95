"""The main text of a page: trafilatura's answer, completed and checked against the page itself."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from briefing.stages.extract.blocks import Block, Kind, broken_lines, to_blocks
from briefing.stages.extract.plain import tree_pieces
from briefing.stages.extract.visible import drop
from briefing.text.characters import tidy

_STOPS = re.compile(r"[.!?。！？][\"'”’)\]]*(?=\s|$)", re.M)
_LEAST_MENU = 100  # words; short articles may have no stop at all
_WORDS_A_STOP = 100  # prose has 15 to 30; the one menu among 102 measured answers has over 1,000
_LEAST_PROSE = 60  # characters; shorter paragraphs are not recovered on their looks alone
_LEAST_MATCHED = 3  # paragraphs found in a place before more is taken from it
_ALL_LINKED = 0.9  # of a line's characters: it leads to another page
_MOST_SEARCHED = 500_000  # characters of an answer; a longer one needs no completion
_LINK_WORDS = 20  # of a headline that leads to another page
_MOST_LINKED = 0.3  # share of a paragraph's characters inside links; prose seldom has more


def main_text(tree: Any) -> list[Block]:
    """The article's blocks in page order, without its headline and without comments.

    Args:
        tree: a page from which hidden elements have been dropped; not changed.

    Method: trafilatura 2.3.1 (Barbaresi 2021) without its own fallbacks, which lose on news
    pages; then paragraphs that stand in the same place of the page as those it found, and that it
    passed over, are put back.
    """
    found = _trafilatura(tree)
    if _is_menu(found):
        found = _sentences_of(_without_menus(tree)) or found
    found = _completed(tree, found)
    links = _link_lines(tree)
    return [
        replace(block, kind="links") if letters(block.text) in links else block for block in found
    ]


def _trafilatura(tree: Any) -> list[Block]:
    import trafilatura

    document = trafilatura.bare_extraction(
        copy.deepcopy(tree),
        include_comments=False,
        fast=True,
        with_metadata=False,
    )
    body = getattr(document, "body", None)
    return to_blocks(_pieces(body)) if body is not None else []


def _is_menu(blocks: list[Block]) -> bool:
    """Whether an answer has hardly a sentence in it: the menus of a page without a marked body."""
    text = "\n".join(block.text for block in blocks)
    words = len(text.split())
    return words >= _LEAST_MENU and len(_STOPS.findall(text)) * _WORDS_A_STOP < words


def _sentences_of(tree: Any) -> list[Block]:
    """All lines of a page that are whole sentences of eight words or more: the last resort."""
    blocks = to_blocks(tree_pieces(tree))
    return [b for b in blocks if len(b.text.split()) >= 8 and re.search(r"[.!?][\"”’)]*$", b.text)]


def _without_menus(tree: Any) -> Any:
    """A copy of the page without navigation and without lists that are mostly links."""
    copied = copy.deepcopy(tree)
    doomed = [e for e in copied.iter("nav", "footer", "form", "button", "label")]
    for element in copied.iter("ul", "ol", "table"):
        text = tidy(element.text_content())
        if len(list(element.iter("a"))) >= 4 and _linked(element, text) >= 0.7:
            doomed.append(element)
    for element in doomed:
        drop(element)
    return copied


def _pieces(body: Any) -> Iterator[tuple[Kind, str]]:
    """(kind, text) of each part of trafilatura's result tree."""
    for element in body:
        tag = element.tag
        if tag == "list":
            for item in element.iter("item"):
                yield "item", _flat(item)
        elif tag == "table":
            for row in element.iter("row"):
                yield "table", " ".join(filter(None, (_flat(cell) for cell in row.iter("cell"))))
        elif tag in ("p", "quote", "head"):
            kinds: dict[str, Kind] = {"p": "text", "quote": "quote", "head": "heading"}
            for line in broken_lines(_lines(element)):
                yield kinds[tag], line
        elif tag not in ("graphic", "code"):
            yield "text", _flat(element)
        if element.tail and element.tail.strip():
            yield "text", element.tail


def _flat(element: Any) -> str:
    return tidy(_lines(element))


def _lines(element: Any) -> str:
    """Text of an element; source line breaks are spaces, marked ones are line breaks."""
    parts = [(element.text or "").replace("\n", " ")]
    for child in element:
        if child.tag == "lb":
            parts.append("\n")
        elif child.tag in ("p", "item", "quote", "head", "row", "list"):
            parts.append("\n\n" + _lines(child) + "\n\n")
        else:
            parts.append(_lines(child))
        parts.append((child.tail or "").replace("\n", " "))
    return "".join(parts)


def _completed(tree: Any, found: list[Block]) -> list[Block]:
    """``found`` with the paragraphs put back that stand where its own paragraphs stand.

    A single paragraph after the last one found is not put back: that one is mostly a note about
    the author or the site, left out on purpose.
    """
    known = {letters(block.text): number for number, block in enumerate(found)}
    everything = "".join(letters(block.text) for block in found)
    if len(everything) > _MOST_SEARCHED:
        return found
    paragraphs = [(p, text) for p in tree.iter("p") if (text := tidy(p.text_content()))]
    matched = Counter(_place(p) for p, text in paragraphs if letters(text) in known)
    places = {place for place, count in matched.items() if count >= _LEAST_MATCHED}
    after: dict[int, list[Block]] = {}  # number of a found block -> what follows it on the page
    last = -1
    for p, text in paragraphs:
        key = letters(text)
        if key in known:
            last = known[key]
        elif (
            last >= 0
            and len(text) >= _LEAST_PROSE
            and _place(p) in places
            and _linked(p, text) <= _MOST_LINKED
            and key not in everything  # not part of a longer block either
        ):
            after.setdefault(last, []).append(Block(text))
    if len(after.get(last, [])) == 1:
        del after[last]
    completed: list[Block] = []
    for number, block in enumerate(found):
        completed.append(block)
        completed += after.get(number, [])
    return completed


def _place(element: Any) -> tuple[str, ...]:
    """Where a paragraph stands: tag and class of it and of its three nearest ancestors."""
    parts = []
    for _ in range(4):
        if element is None:
            break
        parts.append(f"{element.tag}.{element.get('class', '')}")
        element = element.getparent()
    return tuple(parts)


def _link_lines(tree: Any) -> set[str]:
    """Keys of the short lines that are nothing but a link and make no sentence."""
    lines = set()
    for element in tree.iter("p", "li", "h2", "h3", "h4", "h5", "strong", "div"):
        leaf = len(element) and (element.tag != "div" or element.find(".//div") is None)
        text = tidy(element.text_content()) if leaf else ""
        if (
            text
            and len(text.split()) <= _LINK_WORDS
            and not re.search(r"[.!?][\"”’)]*$", text)
            and _linked(element, text) >= _ALL_LINKED
        ):
            lines.add(letters(text))
    return lines


def _linked(element: Any, text: str) -> float:
    return sum(len(tidy(a.text_content())) for a in element.iter("a")) / max(1, len(text))


def letters(text: str) -> str:
    """Letters and digits alone: the page and the answer break lines and spaces differently."""
    return re.sub(r"[\W_]+", "", text).casefold()
