"""Which characters of a text a reader can see: every word that comes in or goes out passes here.

What has no mark of its own can hide words from a reader, split them for a machine, turn the
direction of a line or move a terminal's cursor. It is dropped; what only looks like a space becomes
one. Letters, digits, marks of punctuation and quotation marks are never changed, but for canonical
composition (NFC, UAX 15), which changes no mark that can be seen. Compatibility composition is not
used: it would change what is quoted ("½", "№", "…").
"""

from __future__ import annotations

import re
import unicodedata

# Default_Ignorable_Code_Point (DerivedCoreProperties.txt, Unicode 16) without the fillers, and the
# interlinear marks: zero-width, joiners, direction, soft hyphen, variation selectors, tags.
_IGNORABLE = (
    "\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff0-\ufffc\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_CONTROL = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
# Private use, halves of surrogate pairs, and what Unicode says will never be a character.
_NONE = "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\U000f0000-\U0010ffff" + "".join(
    f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(15)
)
UNSEEN = re.compile(f"[{_IGNORABLE}{_CONTROL}{_NONE}]")
"""One character that no reader can see."""
_BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")  # fillers that look like a space

MOST_MARKS = 4
"""Combining marks on one letter; Vietnamese has two, pointed Hebrew and Arabic three or four."""
# A run of what is neither letter nor digit, space, ASCII or common punctuation: marks are in it.
_RUN = re.compile(
    rf"[^\w\s\x00-\x7f\u00a1-\u00bf\u2010-\u205e]{{{MOST_MARKS + 1},}}",
)


def visible(text: str) -> str:
    """``text`` without what no reader can see, and with spaces for what looks like one.

    Line breaks, tabs and spaces stay as they are. Applying it twice changes nothing more.
    """
    if text.isascii() and text.isprintable():
        return text
    return _RUN.sub(_thinned, _BLANK.sub(" ", UNSEEN.sub("", text)))


def one_line(text: str) -> str:
    """``text`` on one line, without characters that are invisible or that a terminal obeys."""
    return " ".join(visible(text).split())


def tidy(text: str) -> str:
    """One paragraph on one line: visible characters, composed (NFC), single spaces."""
    bare = _BLANK.sub(" ", UNSEEN.sub("", text))  # before: an unseen one stops the composition
    return " ".join(_RUN.sub(_thinned, unicodedata.normalize("NFC", bare)).split())


def _thinned(run: re.Match[str]) -> str:
    """A flood of combining marks, cut down to what a letter can bear."""
    kept: list[str] = []
    marks = 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)
