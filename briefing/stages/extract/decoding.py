"""Text of a page's bytes."""

from __future__ import annotations

import codecs
import re

from briefing.news import Document
from briefing.text.encodings import web_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})", re.I)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([a-zA-Z0-9_:.-]{2,40})", re.I)


def page_text(page: Document) -> str:
    """Decode a page: byte-order mark, UTF-16 without one, transport's charset, the page's own,
    UTF-8, Windows-1252.

    The first that fits without an error wins, in the order of the HTML standard (13.2.3.2); a
    declared charset that does not fit is not believed.
    """
    for mark, name in _BOMS:
        if page.body.startswith(mark):
            return page.body.decode(name, "replace")
    wide = _wide(page.body)
    if wide:
        return page.body.decode(wide, "replace")
    declared = [page.charset]
    for pattern in (_META, _XML):
        match = pattern.search(page.body[:4096])
        if match:
            declared.append(match[1].decode("ascii"))
    for encoding in filter(None, map(web_encoding, [*declared, "utf-8", "cp1252"])):
        try:
            return page.body.decode(encoding)
        except UnicodeError:
            continue
    return page.body.decode("utf-8", "replace")


def is_binary(body: bytes) -> bool:
    """Whether the first bytes hold controls that no page has, and are not UTF-16."""
    head = body[:4096]
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return body.startswith(b"%PDF-") or (controls > 0.02 * len(head) and not _wide(body))


def _wide(body: bytes) -> str:
    """The UTF-16 that a page is in when it says so only by its zero bytes; else ""."""
    head = body[:1024]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * len(head[1::2]) and not even:
        return "utf-16-le"
    if even > 0.4 * len(head[0::2]) and not odd:
        return "utf-16-be"
    return "utf-16" if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ""
