"""Letters that look like those of another script: "Віden" with a Cyrillic "В" and "і".

After the idea of UTS 39 (Unicode Security Mechanisms, 5.1 mixed-script detection): a word whose
letters come from two scripts is one that nobody writes; one made of look-alikes alone, amid words
of the other script, is a disguise as well. The table holds the letters that fonts of Latin,
Cyrillic and Greek draw alike, from confusables.txt; all of it for three scripts and whole words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal

Script = Literal["Latin", "Cyrillic", "Greek", ""]

_CYRILLIC = dict(
    zip("аАВеЕіІјЈКМНһоОрРсСТуУхХѕЅԁԛԜԝӏүҮ", "aABeEiIjJKMHhoOpPcCTyYxXsSdqWwlyY", strict=True)
)
_GREEK = dict(zip("ΑαΒΕΖΗΙιΚκΜΝνΟοΡρΤτΥυΧχ", "AaBEZHIiKkMNvOoPpTtYuXx", strict=True))
LOOKALIKES = _CYRILLIC | _GREEK
"""Letters of Cyrillic and Greek, and the Latin letters that they are drawn like."""
_LATIN_LOOKALIKES = frozenset(LOOKALIKES.values())
_WORD = re.compile(r"[^\W\d_]+(?:[’'ʼ][^\W\d_]+)*")
_MU = frozenset("µμΩΩ")  # units: "5 μm", "10 kΩ"
_LEAST = 2  # letters of a disguised word; "С" alone may be a degree, "а" a word of its own


def mixed(text: str) -> tuple[str, ...]:
    """The words of ``text`` in letters of two scripts, and those in disguise; in order, once each.

    A Cyrillic word with a Latin "i" in a text of Cyrillic words is left alone: many keyboards lack
    the Ukrainian "і". Latin names beside Cyrillic words, and words joined by a hyphen
    ("ATACMS-ракети"), are words of one script each.
    """
    if text.isascii():
        return ()
    words = _WORD.findall(text)
    latin = [word for word in words if scripts(word) == {"Latin"}]
    among_latin = 2 * len(latin) > len([word for word in words if scripts(word)])
    found = [word for word in words if _is_mixed(word, among_latin=among_latin)]
    return tuple(dict.fromkeys(found))


def plain_latin(text: str) -> str:
    """``text`` with its mixed and disguised words in Latin letters: what a reader takes them for.

    Styled letters ("𝐈𝐠𝐧𝐨𝐫𝐞", "Ｉｇｎｏｒｅ") become plain ones and marks on letters go. For
    recognising words, never for printing.
    """
    if text.isascii():
        return text
    bare: list[str] = []
    base = ""
    for character in unicodedata.normalize("NFKD", text):
        if not unicodedata.combining(character):
            base = character
        elif _script(base) != "Cyrillic":  # "й" and "ї" are letters of their own
            continue
        bare.append(character)
    composed = unicodedata.normalize("NFC", "".join(bare))
    strange = set(mixed(composed))
    return _WORD.sub(
        lambda word: (
            "".join(LOOKALIKES.get(c, c) for c in word[0]) if word[0] in strange else word[0]
        ),
        composed,
    )


def scripts(word: str) -> set[str]:
    """The scripts of its letters among Latin, Cyrillic and Greek."""
    found = {_script(letter) for letter in word if letter not in _MU}
    return {name for name in found if name}


def _is_mixed(word: str, *, among_latin: bool) -> bool:
    found = scripts(word)
    latin = {letter for letter in word if _script(letter) == "Latin"}
    others = {letter for letter in word if _script(letter) in ("Cyrillic", "Greek")}
    if len(found) > 1:
        # Read as one word of either script; "COVIDный" is a word that people write.
        disguised = others <= LOOKALIKES.keys() or latin <= _LATIN_LOOKALIKES
        return disguised and (among_latin or not latin <= {"i", "I"})
    alone = among_latin and others and len(word) >= _LEAST
    return bool(alone) and others <= LOOKALIKES.keys()


@cache
def _script(letter: str) -> Script:
    if letter.isascii():
        return "Latin" if letter.isalpha() else ""
    name = unicodedata.name(letter, "")
    if name.startswith("LATIN"):
        return "Latin"
    if name.startswith("CYRILLIC"):
        return "Cyrillic"
    return "Greek" if name.startswith("GREEK") else ""
