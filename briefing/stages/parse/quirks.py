"""What feedparser does on hostile input, and how it is met."""

from __future__ import annotations

import re
from typing import Any

ERRORS = (
    *(ValueError, LookupError, TypeError, AttributeError, AssertionError),
    *(ArithmeticError, RecursionError),
)
"""What it may stumble with."""

_NUMBER = re.compile(r"&#(?:([0-9]+)|[xX]([0-9a-fA-F]+));?")


def without_numbers_beyond(text: str) -> str:
    """``text`` without references to what is no character (``&#99999999;``, ``&#xD800;``): over one
    of them the whole feed would be lost."""
    return _NUMBER.sub(_existing, text)


def _existing(found: re.Match[str]) -> str:
    digits = found[1] or found[2]
    short = len(digits) <= 8  # more make no character, whatever zeros they begin with
    number = int(digits, 10 if found[1] else 16) if short else -1
    return found[0] if 0 <= number < 0xD800 or 0xDFFF < number <= 0x10FFFF else ""


def word(found: Any, name: str) -> str:
    """The text under a name; "" when there is none, or something else.

    Of an element that it does not know, such as ``<feedburner:origLink a="b">``, it keeps the
    attributes as a dictionary, under whatever name the feed gives it.
    """
    value = found.get(name)
    return value if isinstance(value, str) else ""


def parts(found: Any, name: str) -> list[Any]:
    """The dictionaries under a name, of which there may be one or a list."""
    value = found.get(name)
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, dict)]
