"""Header fields of a message (RFC 5322), encoded so that no text can leave its field.

The library's own folding is not used for them: it breaks long ids and addresses up into encoded
words, and loses a space where words of different scripts meet (CPython 3.11).
"""

from __future__ import annotations

import re
import textwrap
from base64 import b64encode
from collections.abc import Iterator

from briefing.text.characters import one_line

LINE = 76  # characters of a line that holds an encoded word, at most (RFC 2047 section 2)
WORD = 75  # characters of an encoded word, at most
_HEAD, _TAIL = "=?utf-8?b?", "?="
_BYTES = (WORD - len(_HEAD) - len(_TAIL)) // 4 * 3  # of text that one encoded word holds


def free(name: str, text: str) -> str:
    """The value of the field ``name`` of free text (Subject): any text, folded, in ASCII.

    Text that is not ASCII, or that looks as if it were encoded already, is encoded as a whole
    (RFC 2047), so that a reader's client shows just ``text``.
    """
    text = one_line(text)
    head = f"{name}: "
    lines = textwrap.wrap(
        text,
        LINE,
        initial_indent=head,
        subsequent_indent=" ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    if _plain(text) and all(len(line) <= LINE for line in lines):
        return "\r\n".join(lines).removeprefix(head)
    return _encoded(text)


def named(name: str, address: str) -> str:
    """``"The Briefing" <briefing@example.org>``, or the address alone when there is no name."""
    name = one_line(name)
    if not name:
        return address
    quoted = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    plain = _plain(name) and len(quoted) <= LINE - len("Reply-To: ")
    phrase = quoted if plain else _encoded(name)
    short = len(phrase) + len(address) <= LINE - len("Reply-To:  <>")
    return f"{phrase} <{address}>" if short else f"{phrase}\r\n <{address}>"


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and "=?" not in text


def _encoded(text: str) -> str:
    """``text`` as encoded words on lines of their own; no character is split between two."""
    words = (b64encode(piece).decode() for piece in _pieces(text))
    return "\r\n ".join(f"{_HEAD}{word}{_TAIL}" for word in words)


def _pieces(text: str) -> Iterator[bytes]:
    # The first line also holds the field's name, of which "Reply-To: " is the longest
    room = _BYTES - 9
    piece = b""
    for character in text:
        added = character.encode()
        if len(piece) + len(added) > room:
            yield piece
            piece, room = b"", _BYTES
        piece += added
    yield piece
