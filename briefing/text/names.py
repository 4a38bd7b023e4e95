"""Names in a text: people, places, organisations, outlets and weapons, by their capitals.

No model and no gazetteer of people: a name is what the text writes as one. The first word of a
sentence is written with a capital anyway, so there a single word counts only when something else
shows it to be a name (an acronym, a possessive, a country, a verb of saying after it, or the same
word with a capital inside a sentence).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from briefing.text import lexicon
from briefing.text.words import REMEMBERED, Word, is_function_word, is_possessive, stem, words


class Name(NamedTuple):
    """One name: its span and its text as written, without a possessive mark."""

    start: int
    end: int
    text: str


WEAPONS = (
    "ATACMS", "Storm Shadow", "SCALP", "SCALP-EG", "Taurus", "HIMARS", "GMLRS", "GLSDB", "JASSM",
    "Tomahawk", "PrSM", "Oreshnik", "Iskander", "Kinzhal", "Kalibr", "Zircon", "Tsirkon",
    "Kh-101", "Kh-22", "Kh-55", "Kh-59", "Shahed", "Geran", "Lancet", "Sarmat", "Yars", "Rubezh",
    "Hwasong", "KN-23", "Neptune", "Palianytsia", "Peklo", "Hrim-2", "Patriot", "NASAMS",
    "IRIS-T", "SAMP/T", "S-300", "S-400", "S-500", "F-16", "Mirage 2000", "Su-34", "Su-35",
    "MiG-31", "Tu-95", "Leopard 2", "Abrams", "Bradley", "Javelin", "Stinger", "Bayraktar",
    "Gripen", "Eurofighter", "Typhoon", "Rafale", "Minuteman", "Trident", "Bulava", "Harpoon",
    "Brimstone", "Excalibur", "Tochka-U", "Grad", "Smerch", "Uragan", "Tornado-S", "Pantsir",
    "Buk", "Tor", "FAB-500", "JDAM",
)  # fmt: skip
"""Weapons of the wars that run now, under the names the press gives them. Extend freely: `weapons`
is used for boards and labels; the checks compare every name, listed or not."""

WELL_KNOWN = lexicon.every(
    "Biden Trump Harris Putin Zelensky Zelenskyy Zelenskiy Macron Scholz Merz Starmer Sunak Erdogan"
    " Erdoğan Netanyahu Modi Trudeau Meloni Tusk Orban Orbán Fico Rutte Stoltenberg Lukashenko"
    " Duda Milei Lula Ishiba Albanese"
)
"""Heads of states and alliances whom a reader of world news knows by the surname. Extend freely: a
surname that is not listed keeps its office in print."""

WEAPON = "|".join(re.escape(weapon) for weapon in sorted(WEAPONS, key=len, reverse=True))
NATION = "|".join(
    [*sorted(d.capitalize() for d in lexicon.DEMONYMS), "US", r"U\.S\.", "UK", r"U\.K\."]
)
COUNTRY = "|".join(sorted({c.capitalize() for c in lexicon.DEMONYMS.values() if " " not in c}))
"""Alternatives for a pattern: weapons, adjectives of nationality, countries of one word."""

_WEAPON = re.compile(r"(?<![\w-])(?:" + WEAPON.replace(r"\ ", r"\s+") + r")(?![A-Za-z]|-\d)")
_LINK = frozenset(
    [
        "of",
        "the",
        "for",
        "de",
        "la",
        "van",
        "von",
        "der",
        "den",
        "bin",
        "al",
        "el",
        "du",
        "des",
        "di",
        "da",
        "y",
    ]
)
_SAYING = re.compile(
    r"\s+(?:also\s+|then\s+)?(?:said|says|told|warned|added|noted|explained|argued|believes|"
    r"called|cautioned|"
    r"agreed|confirmed|announced|denied|claimed|wrote|stated|insisted|accused|emphasized|"
    r"emphasised)\b"
)
_NOT_NAMES = (
    frozenset(lexicon.MONTHS)
    | frozenset(lexicon.WEEKDAYS)
    | lexicon.every(
        "i yesterday today tomorrow tonight earlier later meanwhile recently former formerly"
    )
)
_COUNTRIES = frozenset(stem(c.capitalize()) for c in lexicon.DEMONYMS.values())
_SENTENCE_START = re.compile(r"(?:^|[.!?:…]['\"”’)]*\s+|\n\s*|[“\"]\s*|\(\s*)$")


def names(text: str) -> list[Name]:
    """Names of ``text`` in order: runs of capitalised words, acronyms, and titles joined to them.

    "Foreign Minister Sergey Lavrov" is one name; "Carnegie Endowment for International Peace" is
    one; a possessive ends a name ("Trump's White House" is two). Months and weekdays are not names.
    """
    return list(_names(text))


@lru_cache(maxsize=REMEMBERED)
def _names(text: str) -> tuple[Name, ...]:
    """A rule asks the same sentence many times; the answer depends on nothing else."""
    tokens = words(text)
    inside = {w.text for i, w in enumerate(tokens) if _is_capital(w) and not _starts(text, w)}
    found: list[Name] = []
    i = 0
    while i < len(tokens):
        if not _may_open(tokens[i]):
            i += 1
            continue
        j = _run_end(text, tokens, i)
        if _starts(text, tokens[i]) and not _is_name_at_start(text, tokens, i, j, inside):
            i += 1
            continue
        end = tokens[j - 1].end
        if is_possessive(tokens[j - 1].text):
            end -= 1 if tokens[j - 1].text[-1] in "'’" else 2
        found.append(Name(tokens[i].start, end, text[tokens[i].start : end]))
        i = j
    return tuple(found)


def weapons(text: str) -> list[Name]:
    """Weapons of :data:`WEAPONS` named in ``text``, in order, longest name first."""
    return [Name(m.start(), m.end(), m.group()) for m in _WEAPON.finditer(text)]


def _is_capital(word: Word) -> bool:
    return word.text[0].isupper()


def _may_open(word: Word) -> bool:
    low = word.text.lower()
    return _is_capital(word) and not is_function_word(word.text) and low not in _NOT_NAMES


def _starts(text: str, word: Word) -> bool:
    return bool(_SENTENCE_START.search(text[max(0, word.start - 6) : word.start]))


def _run_end(text: str, tokens: list[Word], i: int) -> int:
    """Index after the last word of the name that opens at ``i``."""
    j = i + 1
    while j < len(tokens) and not is_possessive(tokens[j - 1].text):
        gap = text[tokens[j - 1].end : tokens[j].start]
        if gap not in (" ", "-", "/", "\N{NO-BREAK SPACE}") and not _after_initial(
            gap, tokens[j - 1]
        ):
            break
        if _may_open(tokens[j]) or (tokens[j].text[0].isdigit() and gap == "-"):
            j += 1
            continue
        k = j
        while k < len(tokens) and tokens[k].text in _LINK and k - j < 2:
            k += 1
        links = k > j and k < len(tokens) and text[tokens[k - 1].end : tokens[k].start] == " "
        if links and _may_open(tokens[k]) and not is_possessive(tokens[k].text):
            j = k + 1
            continue
        break
    return j


def _after_initial(gap: str, before: Word) -> bool:
    """ "Donald J. Trump", "Gen. Mark Milley", "Donald Trump Jr."."""
    short = len(before.text) == 1 or before.text in (
        "Gen",
        "Col",
        "Lt",
        "Sen",
        "Rep",
        "Dr",
        "Mr",
        "Mrs",
        "Ms",
        "St",
    )
    return gap == ". " and short


def _is_name_at_start(text: str, tokens: list[Word], i: int, j: int, inside: set[str]) -> bool:
    first = tokens[i]
    if j - i > 1 and all(
        _is_capital(t) or t.text[0].isdigit() or t.text in _LINK for t in tokens[i:j]
    ):
        return any(_is_capital(t) for t in tokens[i + 1 : j])
    acronym = first.text.isupper() and len(first.text) > 1
    known = first.stem in _COUNTRIES
    said = bool(_SAYING.match(text, first.end))
    plain = re.fullmatch(r"\w+(?:ly|ing|ed|ers|ors|als|ists)", first.text)
    return (
        acronym
        or known
        or (first.text in inside)
        or is_possessive(first.text)
        or (said and not plain)
    )
