"""What stands around a clause, who its subject is, and how givers and weapons are paired."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from briefing.news import Rung, Stand
from briefing.text.ladder.clauses import Clause
from briefing.text.ladder.parties import GIVERS, OWNER, last_giver, leading, parties

LATER = frozenset(["until", "unless", "once", "when", "before"])
"""Open what may be still to come."""
_JOINED = re.compile(
    r"^(?:(?:news|the news|word|the fact|after|before|until|when|while|although|though|because|"
    r"since|as|and|but|even|that|"
    r"whether|whereas) )+",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"^(?:and |but |that |also |has |have |had |now |then |\W)*(?:he|she|it|they|who|which|we)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around a clause: what its pronouns and bare verbs may mean."""

    weapons: tuple[str, ...]  # of the sentence, else of the one before it
    subjects: tuple[str, ...]  # givers that the clauses ahead, or the sentence before, speak of
    conditional: bool = False  # a clause beside it is a condition
    before: str = ""  # the sentence before
    attacked: bool = False  # the sentence before tells of an attack on a place in Russia


def pairs(sides: list[str], weapons: tuple[str, ...], rung: Rung, text: str) -> list[Stand]:
    """Each weapon with its own giver where that one is among ``sides`` or nobody is; else with
    each of them. Missiles without a name belong to whose make ``text`` says they are."""
    found = []
    if weapons == ("",) and not sides:
        sides = _made_by(text)
    for weapon in weapons:
        owner = OWNER.get(weapon, "")
        chosen = [owner] if not sides or owner in sides else sides
        found += [Stand(side, weapon, rung) for side in chosen]
    return found


def _made_by(text: str) -> list[str]:
    """Givers by the origin that a weapon is said to have ("US-made")."""
    return list(dict.fromkeys(p.side for p in parties(text) if p.kind == "thing"))


def among_givers(sides: Iterable[str]) -> list[str]:
    """Those of ``sides`` that give weapons."""
    return [s for s in sides if s in GIVERS]


def office(lead: str, weapons: tuple[str, ...]) -> list[str]:
    """ "The president", "the government": of the country that gives the one weapon spoken of."""
    lead = _JOINED.sub("", lead.strip() + " ")
    if leading(lead) or len(weapons) != 1 or not _OFFICE.search(lead):
        return []
    return among_givers([OWNER.get(weapons[0], "")])


_OFFICE = re.compile(
    r"^\W*(?:[Tt]he|[Hh]is|[Ii]ts) (?:outgoing |new |latest )?(?:president|prime minister|"
    r"government|administration|cabinet|policy|rules|guidance)\b"
)


def subject(clause: Clause, lead: str, context: Context) -> list[str]:
    """The givers that are the subject of what follows ``lead``; empty when it is somebody else."""
    lead = _JOINED.sub("", lead.strip() + " ")
    if said := leading(lead):
        return among_givers(said)
    own = [v.side for v in clause.voices if v.side in GIVERS and v.kind == "own"]
    if re.search(r"\b(?:we|I)\b", lead):
        return own
    if clause.opener in ("who", "which"):
        return last_giver(clause.ahead)
    if own:
        return own[-1:]
    if said := leading(clause.subject):
        return among_givers(said)
    return list(context.subjects[-1:]) if _PRONOUN.match(lead) or not lead.strip() else []
