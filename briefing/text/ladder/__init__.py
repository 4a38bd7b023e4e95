"""Where the givers of long-range weapons stand: rungs of the permission ladder, read by rules.

``stands("The White House confirmed that Biden had allowed Ukraine to use ATACMS inside Russia.")``
gives ``(Stand("United States", "ATACMS", "confirmed"),)``. A rung is never above its sentence: what
is not certain is read as the lower rung, or as none.

::

    clauses    a sentence as clauses, each with those who say it (saying, parties)
    reading    what one clause gives:
      firing       a weapon was fired at a place in Russia
      granting     permission was given, or somebody denies it
      answering    it is asked for, weighed, refused
    cues       the words that show it;  context    what stands around

``evals/ladder.py`` measures it on sentences of ``evals/small/ladder``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from briefing.news import Stand
from briefing.text.discourse import asks
from briefing.text.ladder.clauses import Clause, clauses, plain
from briefing.text.ladder.context import Context
from briefing.text.ladder.cues import DOUBT, FIRED, NOT, NOT_RUSSIAN, RUSSIAN_PLACE, STRUCK
from briefing.text.ladder.parties import OWNER, arms, givers, leading
from briefing.text.ladder.reading import read
from briefing.text.ladder.saying import voice
from briefing.text.words import REMEMBERED

__all__ = ["CLIMBING", "OWNER", "stands"]

LONGEST = 1200
"""Characters of the longest sentence that is read. A longer one is a page run together."""

CLIMBING = ("asked", "considered", "reported", "confirmed", "used")
"""The ladder, from below. *refused* and *denied* stand beside it."""

_STRONGEST = ("denied", "used", "confirmed", "reported", "refused", "considered", "asked")
"""Which rung counts where one sentence gives several for one giver and weapon: what is denied is
not so; what is done outlives what was refused; an answer outlives the question."""


def stands(text: str, *, before: str = "") -> tuple[Stand, ...]:
    """Who stands on which rung for which weapon, as one sentence says.

    Args:
        text: one sentence.
        before: the sentence ahead of it, for a pronoun or "the decision".

    Returns:
        One stand for each giver and weapon, in the order of the sentence. Empty for a question, a
        condition, a demand or threat of others, a permission for anything else, and every doubt.
    """
    return _stands(text, before)


@lru_cache(maxsize=REMEMBERED)
def _stands(text: str, before: str) -> tuple[Stand, ...]:
    if len(text) > LONGEST or asks(text) or not _TOPIC.search(f"{before[:LONGEST]} {text}"):
        return ()
    found: dict[tuple[str, str], Stand] = {}
    parts = clauses(plain(text))
    behind = clauses(plain(before)) if len(before) <= LONGEST else []
    here = tuple(dict.fromkeys(a.weapon for a in arms(plain(text))))
    for number, clause in enumerate(parts):
        for stand in read(clause, _context(parts, number, behind, here, before)):
            if stand.weapon and not here and not _known(stand, text, before):
                continue
            key = (stand.giver, stand.weapon)
            if key not in found or _rank(stand) < _rank(found[key]):
                found[key] = stand
    named = {giver for giver, weapon in found if weapon}
    found = {
        k: s
        for k, s in found.items()
        if s.weapon or not (s.giver in named or (not s.giver and named))
    }
    if _CONDITION.match(plain(text)):
        return tuple(stand for stand in found.values() if stand.rung == "refused")
    for stand in _confirmed(plain(text), before):
        found[stand.giver, stand.weapon] = stand
    return tuple(found.values())


def _known(stand: Stand, text: str, before: str) -> bool:
    """Whether a weapon that only the sentence before names may be meant: a word points back, and
    its giver is who acts here or there, or is known from there to have got as far."""
    if not _POINTS.search(text):
        return False
    if stand.rung == "used":
        return any(FIRED.search(c.text) and arms(c.text) for c in clauses(plain(before))) and not (
            NOT.search(before) or DOUBT.search(before)
        )
    told = [
        s.rung for s in _stands(before, "") if (s.giver, s.weapon) == (stand.giver, stand.weapon)
    ]
    acts = stand.giver in (*leading(plain(before)), *leading(plain(text)))
    given = stand.rung in ("reported", "confirmed")
    return acts or (
        any(r in ("reported", "confirmed", "used") for r in told) if given else bool(told)
    )


def _confirmed(text: str, before: str) -> list[Stand]:
    """ "The Pentagon confirmed it", where the sentence before tells what."""
    m = _CONFIRMS.match(text) or _CONFIRMED_BY.match(text)
    if not m or not before or NOT.search(text) or DOUBT.search(text):
        return []
    speaker = voice(m["who"])
    return [
        Stand(s.giver, s.weapon, "confirmed")
        for s in _stands(before, "")
        if s.rung in ("reported", "confirmed") and speaker.kind == "own" and speaker.side == s.giver
    ]


_TOPIC = re.compile(
    r"missile|[- ]range|storm shadow|scalp|taurus|atac|army tactical", re.IGNORECASE
)
"""Without one of these no weapon of the ladder is spoken of: most sentences end here."""
_CONDITION = re.compile(r"(?:even )?(?:if|unless|should|were|had|imagine|suppose) ", re.IGNORECASE)
""" "If ..., ...": a sentence that opens so tells nothing but what somebody will not do."""
_POINTS = re.compile(
    r"^(?:\W|and|but)*(?:he|she|it|they|this|that|the (?:decision|move|missiles?|weapons?|"
    r"system))\b|"
    r"\b(?:it|them|the (?:missiles?|weapons?|system)|its use|their use)\b",
    re.IGNORECASE,
)
_IT = (
    r"(?:it|this|that|the (?:decision|move|change|shift|permission|news|reports?)|"
    r"(?:media )?reports)"
)
_CONFIRMS = re.compile(
    r"^(?P<who>[A-Z][^,;:]{2,60}?) (?:(?:has|have|also|later|formally|publicly|on \w+day) )*"
    rf"(?:confirmed|acknowledged|announced) {_IT}\b(?! (?:to|that|of|about))"
)
_CONFIRMED_BY = re.compile(
    rf"^{_IT} (?:was|has been)(?: \w+)? (?:confirmed|acknowledged|"
    rf"announced) by (?P<who>[^,;:]{{2,60}})",
    re.IGNORECASE,
)


def _attack(clause: Clause) -> bool:
    """Whether a clause tells, as a fact, of an attack on a place in Russia by whatever weapon."""
    text = clause.text
    told = RUSSIAN_PLACE.search(text) and (STRUCK.search(text) or FIRED.search(text))
    plain_fact = not (NOT.search(text) or DOUBT.search(text) or NOT_RUSSIAN.search(text))
    manners = {v.manner for v in clause.voices}
    return bool(told) and plain_fact and not clause.opener and manners <= {"says", "claims"}


def _rank(stand: Stand) -> int:
    return _STRONGEST.index(stand.rung)


def _context(
    parts: list[Clause], number: int, behind: list[Clause], here: tuple[str, ...], before: str
) -> Context:
    named = here or [a.weapon for c in behind for a in arms(c.text)]
    ahead = [g for c in [*behind, *parts[:number]] for g in givers(c.text)]
    ahead += [
        v.side for c in [*behind, *parts[:number]] for v in c.voices if v.side in OWNER.values()
    ]
    beside = [c for n, c in enumerate(parts) if n != number and c.segment == parts[number].segment]
    return Context(
        weapons=tuple(dict.fromkeys(named)),
        subjects=tuple(ahead),
        before=before,
        attacked=any(_attack(c) for c in behind),
        conditional=any(c.opener in ("if", "unless", "should", "were") for c in beside),
    )
