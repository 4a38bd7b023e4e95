"""Whose voice or hand it is: states, alliances and their leaders under one name each."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from briefing.text.lexicon import DEMONYMS
from briefing.text.words import REMEMBERED

_OF = {
    "united states": "US U.S. U.S USA America American Americans Washington Biden Blinken Austin "
    "Sullivan Pentagon Congress|White House|State Department|United States|Oval Office|"
    "National Security Council",
    "trump": "Trump Vance Republicans Republican",
    "russia": "Russia Russian Russians Moscow Kremlin Putin Peskov Lavrov Zakharova Medvedev "
    "Belousov Shoigu Duma",
    "ukraine": "Ukraine Ukrainian Ukrainians Kyiv Kiev Zelensky Zelenskyy Zelenskiy Yermak Sybiha "
    "Umerov Syrskyi Budanov",
    "united kingdom": "UK U.K. U.K Britain British London Starmer Lammy Healey|Downing Street|"
    "United Kingdom",
    "france": "France French Paris Macron Barrot Lecornu Élysée",
    "germany": "Germany German Germans Berlin Scholz Pistorius Baerbock Merz Habeck Bundestag",
    "north korea": "Pyongyang|North Korea|North Korean|North Koreans|Kim Jong Un|Kim Jong-un",
    "south korea": "Seoul|South Korea|South Korean|South Koreans",
    "china": "China Chinese Beijing|Xi Jinping",
    "hungary": "Hungary Hungarian Budapest Orban Orbán Szijjarto",
    "poland": "Poland Polish Warsaw Tusk Sikorski Duda",
    "european union": "EU Brussels Borrell Kallas|European Union|European Parliament|"
    "European Commission|von der Leyen",
    "nato": "NATO Nato Rutte",
    "iran": "Iran Iranian Tehran",
    "united nations": "UN U.N. Guterres|United Nations",
}  # fmt: skip
"""A voice, and the names it goes by: single words, then phrases after bars. Extend freely."""


def _pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    by_name: dict[str, str] = {}
    for voice, listed in _OF.items():
        singles, *phrases = listed.split("|")
        for name in [*singles.split(), *phrases]:
            by_name[name] = voice
    for word, country in DEMONYMS.items():
        by_name.setdefault(word.capitalize(), country)
        by_name.setdefault(country.capitalize(), country)
    ordered = sorted(by_name, key=len, reverse=True)
    whole = "|".join(re.escape(name) for name in ordered)
    return re.compile(rf"(?<![\w-])(?:{whole})(?!\w)"), by_name


_NAMED, _BY_NAME = _pattern()
VOICES = frozenset(_BY_NAME.values())
"""The names of all voices."""


class Voice(NamedTuple):
    """One mention of a voice: its span, and whose it is."""

    start: int
    end: int
    name: str


@lru_cache(maxsize=REMEMBERED)
def voices(text: str) -> tuple[Voice, ...]:
    """The voices named in ``text``, in order; a name counts where it stands, so one voice may come
    several times."""
    return tuple(Voice(*m.span(), _BY_NAME[m.group()]) for m in _NAMED.finditer(text))


def voice(text: str) -> str:
    """The first voice that ``text`` names; "" when it names none."""
    found = voices(text)
    return found[0].name if found else ""
