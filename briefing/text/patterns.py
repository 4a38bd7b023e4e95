"""What the tables of plain words share: how a rule is written, and what it may look at."""

from __future__ import annotations

import re
from collections.abc import Callable

from briefing.text import lexicon

Put = str | Callable[[re.Match[str]], str]

MONTH = "|".join(m.capitalize() for m in lexicon.MONTHS)
DAYS = "|".join([*(d.capitalize() for d in lexicon.WEEKDAYS), MONTH, "Christmas", "Easter"])
ADJECTIVE = {
    country.capitalize(): demonym.capitalize()
    for demonym, country in reversed(list(lexicon.DEMONYMS.items()))
}


def rule(pattern: str, put: Put) -> tuple[re.Pattern[str], Put]:
    return re.compile(pattern), put


def before(found: re.Match[str]) -> str:
    return found.string[: found.start()].rstrip()


def after(found: re.Match[str]) -> str:
    return found.string[found.end() :]


def is_adjective(word: str) -> bool:
    """ "Russian" and the like, which no country is called."""
    return word.lower() in lexicon.DEMONYMS and word not in ADJECTIVE
