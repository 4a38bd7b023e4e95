"""Bytes of unknown encoding -> text."""

from __future__ import annotations

import codecs
import re

import charset_normalizer

from briefing.text.encodings import web_encoding

_BOMS = (  # longest first: UTF-32 little-endian starts like UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = (
    b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x7fELF", b"\x1f\x8b", b"BZh",
    b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\xd0\xcf\x11\xe0", b"SQLite format 3", b"OggS", b"ID3",
    b"RIFF", b"\x00\x00\x01\x00", b"\xca\xfe\xba\xbe", b"(\xb5/\xfd", b"wOFF", b"wOF2", b"GGUF",
)  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_DECLARED = re.compile(rb"""(?:charset\s*=|<\?xml[^>]{0,80}encoding\s*=)\s*["']?([\w.:-]{2,40})""")
_SHIFTED = re.compile(rb"\x1b\$[@AB]|\x1b\([BJI]|\x1b\$\)C")  # ISO 2022: Japanese, Korean in 7 bits
# Signs that a Latin alphabet was read in the wrong code page: symbols, controls or capitals inside
# words ("powiedzia³", "mayorÕs"), and letters of Icelandic where Turkish is likelier ("açýk").
_MISREAD = re.compile(
    r"[^\W\d_][¡-©«-´¶-¿×÷ƒ]|[\x80-\x9fðþýÐÞÝ\ufffd]|[a-z][À-ÖØ-ÞŽŠŒĂĄĆĎĘĹĽŁŃŇŐŘŚŞŤŮŰŹŻ](?=[a-z])|[„†‡ˆ‰‹›•](?=[a-z])"
)
_LATIN = ("cp1252", "cp1250", "iso8859-2", "cp1254")  # by how often news is written in them
# The wrong Cyrillic code page gives capitals inside words; the right one words in lower case, in
# which ten letters make up 60 % of Russian and Ukrainian. Asked before charset-normalizer, which
# takes a short text in KOI8 for Japanese.
_CYRILLIC = ("cp1251", "koi8-u", "cp866", "iso8859-5")
_CYRILLIC_WORD = re.compile(r"[Ѐ-ӿ][а-ӿ]*(?![Ѐ-ӿ])|[А-Я]+\b")
_SAMPLE = 1 << 16  # bytes looked at by the statistics: enough for any language, quick for 15 MB


def decode(data: bytes, *, declared: str = "") -> str | None:
    """The text of ``data``, or None when it is no text at all.

    A byte order mark decides; else valid UTF-8 is UTF-8, whatever was declared, because text in
    another encoding is almost never valid UTF-8 by chance; else NUL bytes mean UTF-16 or UTF-32;
    else what the transport or the document declares; else the statistics of charset-normalizer.

    Args:
        declared: encoding named by the transport; one named inside the text is found here.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace").replace("\x00", "")
    if data.startswith(_BINARY):
        return None
    text = _shifted(data) if _SHIFTED.search(data) else _utf8(data)
    if text is None and b"\x00" in data:
        text = _wide(data)
        if text is None:
            return None
    if text is None:
        text = _declared(data, declared) or _guessed(data)
    # Control characters: none in articles, 11 % in random bytes (28 of 256)
    if len(_CONTROL.findall(text)) * 25 > len(text):
        return None
    return text.replace("\x00", "")


def _utf8(data: bytes) -> str | None:
    """Strict, but forgiving a cut last character, and a stray byte among many good ones."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data"
        text = data[: error.start].decode("utf-8") if cut else data.decode("utf-8", "replace")
        good = sum(1 for c in text if c > "\x7f" and c != "\ufffd")
        if good < (1 if cut else 10 * text.count("\ufffd")):
            return None
    return text if text.count("\x00") * 200 <= len(text) else None


def _shifted(data: bytes) -> str | None:
    for encoding in ("iso2022_jp_2", "iso2022_kr"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return _utf8(data)


def _wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: the reading with the most everyday characters."""
    for encoding in ("utf-32-le", "utf-32-be"):
        # One byte in four is zero and one at most 16: no other text is valid UTF-32
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    best, best_score = None, 0.0
    for encoding in ("utf-16-le", "utf-16-be"):
        text = data.decode(encoding, "replace")
        sample = text[:_SAMPLE]
        # Spaces and letters up to Cyrillic stand below U+0530; byte-swapped text has hardly any,
        # and text in other scripts still has its spaces and line ends there.
        everyday = sum(1 for c in sample if c in "\n\r\t " or "\x20" < c < "\u0530")
        broken = sum(1 for c in sample if c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c < "\t")
        score = (everyday - 4 * broken) / max(len(sample), 1)
        if score > best_score:
            best, best_score = text, score
    # Measured: text scores from 0.04 (Chinese) to 1, random bytes below 0
    return best if best_score > 0.02 else None


def _declared(data: bytes, declared: str) -> str | None:
    inside = _DECLARED.search(data[:4096])
    named = inside.group(1).decode("ascii", "replace") if inside else ""
    for encoding in filter(None, map(web_encoding, (declared, named))):
        try:
            return data.decode(encoding)
        except UnicodeError:
            continue
    return None


def _guessed(data: bytes) -> str:
    sample = data[:_SAMPLE]
    high = sum(1 for byte in sample if byte > 0x7F)
    letters = sum(1 for byte in sample if chr(byte).isalpha() or byte > 0x7F)
    if high * 3 < letters:  # a Latin alphabet with some accents and quotation marks
        for encoding in _LATIN:
            text = sample.decode(encoding, "replace")
            if len(_MISREAD.findall(text)) * 10 <= high:
                return data.decode(encoding, "replace")
    for encoding in _CYRILLIC:
        text = sample.decode(encoding, "replace")
        words = _CYRILLIC_WORD.findall(text)
        common = sum(1 for c in text if c in "оеаинтсрвл")
        if sum(map(len, words)) * 10 >= high * 9 and common * 9 >= high * 4:
            return data.decode(encoding, "replace")
    best = charset_normalizer.from_bytes(sample).best()
    return data.decode(best.encoding if best else "cp1252", "replace")
