"""Which rung a clause gives to which giver and weapon."""

from __future__ import annotations

from briefing.news import Stand
from briefing.text.ladder import cues
from briefing.text.ladder.answering import (
    announced_yet,
    asked_for,
    could_use,
    told_plainly,
    weighed,
)
from briefing.text.ladder.clauses import Clause
from briefing.text.ladder.context import LATER, Context
from briefing.text.ladder.firing import used
from briefing.text.ladder.granting import denied, granted, lifted, nominal
from briefing.text.ladder.parties import arms
from briefing.text.ladder.saying import REPORTS

_HYPOTHETIC = frozenset(["if", "unless", "should", "were", "had", "why", "how", "what"])


def read(clause: Clause, context: Context) -> list[Stand]:
    """The stands of one clause: of a use, else of a permission and of what was answered to it."""
    manners = [v.manner for v in clause.voices]
    if clause.opener in _HYPOTHETIC or "fears" in manners:
        return []
    if "withholds" in manners and REPORTS not in clause.voices:
        return []
    weapons = _weapons(clause, context)
    if weapons is None or _elsewhere(clause.text) or cues.UNKNOWN.search(clause.text):
        return []
    if "denies" in manners:
        return denied(clause, weapons)
    if "plans" in manners:
        return announced_yet(clause, weapons)
    found = used(clause, weapons, context) or _permission(clause, weapons, context)
    if "guesses" in manners:
        found = [stand for stand in found if stand.rung not in ("reported", "confirmed", "used")]
    if clause.opener in LATER:
        found = [stand for stand in found if stand.rung != "considered"]
    return found


def _weapons(clause: Clause, context: Context) -> tuple[str, ...] | None:
    """The weapons that a clause is about; ("",) for long-range missiles; None for none at all."""
    own = tuple(dict.fromkeys(a.weapon for a in arms(clause.text)))
    if own:
        return own
    if cues.LONG_RANGE.search(clause.text) or (
        cues.MISSILES.search(clause.text)
        and cues.RUSSIAN.search(clause.text)
        and not context.weapons
    ):
        return ("",)
    if cues.OTHER_THINGS.search(clause.text):
        return None
    return context.weapons or None


def _elsewhere(text: str) -> bool:
    """Whether the clause speaks of occupied land or of Ukraine's own, and of no place in Russia."""
    return bool(cues.NOT_RUSSIAN.search(text)) and not cues.RUSSIAN_PLACE.search(text)


def _permission(clause: Clause, weapons: tuple[str, ...], context: Context) -> list[Stand]:
    """What a clause says of permission; the first reading that says anything counts."""
    if found := weighed(clause, weapons, context):
        return found
    found = [] if context.conditional else nominal(clause, weapons)
    if asked := asked_for(clause, weapons):
        return found + asked
    for m in cues.GRANT.finditer(clause.text):
        found += granted(clause, m, weapons, context)
    found = found or lifted(clause, weapons, context)
    found = found or could_use(clause, weapons, context)
    return found or told_plainly(clause, weapons, context)
