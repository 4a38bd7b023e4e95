"""The pieces that a page or a text consists of, before anyone judges them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from briefing.text.characters import tidy
from briefing.text.credits import trim_credits

Kind = Literal["text", "heading", "item", "quote", "table", "caption", "links", "standfirst"]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item or table row, tidied to one line."""

    text: str
    kind: Kind = "text"


_ENDS = re.compile(r"[.!?…:;][\"'”’)\]]*$")
_HEADING_WORDS = 12  # section headings of the seeds have 3 to 6; of 102 news pages 98% within 12


def to_blocks(pieces: Iterable[tuple[Kind, str]]) -> list[Block]:
    """Blocks from (kind, text) pieces; empty ones are dropped, lines of a piece are joined."""
    blocks = []
    for kind, text in pieces:
        line = tidy(text)
        if line:
            blocks.append(Block(line, kind))
    return blocks


def mark_headings(blocks: list[Block]) -> list[Block]:
    """Turn short lines without final punctuation into headings, where something follows them.

    Plain text marks its section headings by nothing else; pages set some in bold paragraphs.
    """
    likely = [block.kind == "text" and looks_like_heading(block.text) for block in blocks]
    marked = []
    for number, block in enumerate(blocks):
        if not likely[number]:
            marked.append(block)
        elif _in_list(likely, number):
            marked.append(Block(block.text, "item"))
        elif number + 1 < len(blocks):
            marked.append(Block(block.text, "heading"))
        else:
            marked.append(block)
    return marked


def _in_list(likely: list[bool], number: int) -> bool:
    """Whether three or more heading-like lines in a row hold this one: a list, not headings."""
    start = end = number
    while start > 0 and likely[start - 1]:
        start -= 1
    while end + 1 < len(likely) and likely[end + 1]:
        end += 1
    return end - start + 1 >= 3


def looks_like_heading(line: str) -> bool:
    """Whether a line is short, begins like a title, and has no final punctuation or quotation.

    A credit at its end ("... in the first week. — AFP") does not make a sentence a heading.
    """
    words = line.split()
    return (
        len(words) <= _HEADING_WORDS
        and not _ENDS.search(trim_credits(line).kept or ".")
        and not line.endswith((",", "—", "–", "-"))
        and line[0] not in "\"“”'‘’(["
        and (line[0].isupper() or line[0].isdigit())
    )


def broken_lines(text: str) -> Iterator[str]:
    """Paragraphs of a text in which a line break may or may not end one.

    A blank line always does; a single break does not where the next line goes on in lower case.
    """
    current = ""
    for line in text.split("\n"):
        stripped = line.strip()
        if current and stripped[:1].islower() and not _ENDS.search(current):
            current = f"{current} {stripped}"
            continue
        if current:
            yield current
        current = stripped
    if current:
        yield current
