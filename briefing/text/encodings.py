"""Names of encodings as documents of the web declare them."""

from __future__ import annotations

import codecs

_AS_BROWSERS_DO = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
}
_NONE_OF_THE_WEB = {
    "utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "unicode_escape",
    "raw_unicode_escape", "undefined", "charmap", "mbcs", "oem",
}  # fmt: skip


def web_encoding(name: str) -> str:
    """Python's name of what browsers read under ``name``; "" when they know no such encoding.

    Names mean supersets of what they say (WHATWG encoding standard, 4.2). Codecs that turn bytes
    which every filter takes for harmless into others, such as UTF-7, are none of the web's.
    """
    name = name.lower().strip()
    try:
        found = codecs.lookup(_AS_BROWSERS_DO.get(name, name))
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return ""
    is_text = getattr(found, "_is_text_encoding", True)
    return found.name if is_text and found.name not in _NONE_OF_THE_WEB else ""
