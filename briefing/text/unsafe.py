"""Characters that no device should be handed as they are, and how they are written instead.

A terminal obeys control characters: it moves its cursor, takes a new title, fills the clipboard
(OSC 52), prints a link that leads elsewhere (OSC 8), rings. Others hide words from a reader or turn
their order round. Written as JSON writes them (``\\u001b``) they do nothing, and can still be told
apart.
"""

from __future__ import annotations

import re

# C0 and C1 controls and DEL; soft hyphen, joiners, fillers, zero-width and direction marks; line
# and paragraph separators; halves of surrogate pairs; noncharacters; beams; tags. Variation
# selectors of emoji and the letters of all scripts stay.
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def spelled_out(text: str, *, keep: str = "") -> str:
    """``text`` with every unsafe character written as a JSON escape, but for those in ``keep``."""
    return UNSAFE.sub(lambda found: found[0] if found[0] in keep else _escape(found[0]), text)


def referred(text: str, *, keep: str = "") -> str:
    """The same with the character references of XML and HTML, by which a file stays what it is."""
    return UNSAFE.sub(lambda m: m[0] if m[0] in keep else f"&#{ord(m[0])};", text)


def _escape(character: str) -> str:
    number = ord(character)
    if number < 0x10000:
        return f"\\u{number:04x}"
    high, low = divmod(number - 0x10000, 0x400)  # JSON has four digits: a surrogate pair
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
