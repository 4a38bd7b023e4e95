"""The board of positions: where each giver stands on letting each weapon be used inside Russia.

The board has a state. All that today and the ledger give is laid out by day; each day moves each
position or leaves it, and what stands at the end is printed with the passage that moved it there
and its day. So a claim that leaves the ledger takes its move with it, and no line stands above the
words that it cites: a line is only made of a passage from which :func:`briefing.text.ladder.stands`
reads that very rung.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from briefing.news import BoardLine, Claim, Remembered, Rung, Sourcing, Stand
from briefing.stages.compose.material import Material, SourcingOf, quoted
from briefing.text.discourse import complete, leans
from briefing.text.ladder import CLIMBING, stands
from briefing.text.lexicon import MONTHS
from briefing.text.words import word_count

MOST_LINES = 8
MOST_WORDS = 60  # a longer sentence is read as an article, not on a board

Told = tuple[Claim, date, tuple[Stand, ...]]
"""A claim of today, the day it is told, and the stands that its sentence gives."""

WORDS: dict[Rung, str] = {
    "asked": "asked for",
    "considered": "under consideration",
    "reported": "allowed, as reported",
    "confirmed": "allowed, confirmed on record",
    "used": "used inside Russia",
    "refused": "refused",
    "denied": "denied",
}
_ORDER = (*reversed(CLIMBING), "refused", "denied")
PARTY: Sourcing = "claimed by a party to the war"
_ONE_SIDED = frozenset((PARTY, "state media"))
_GIVEN = frozenset(("reported", "confirmed", "used"))
_SOURCINGS = ("on record", "reported", "unnamed officials", "state media", PARTY, "analysis")
"""Whose words are cited first."""


class _Evidence(NamedTuple):
    """One claim that gives one stand."""

    day: date
    stand: Stand
    claim: Claim
    today: bool


class _Move(NamedTuple):
    """A position reached: its rung, and what gave it on the first day on which it stood."""

    rung: Rung
    evidence: _Evidence


def stands_told(material: Material, sourcing: SourcingOf, *, day: date) -> list[Told]:
    """What the kept claims of today, and the sentences of their articles, say of positions."""
    passages = (
        quoted(passage, article, sourcing)
        for article in material.articles
        for passage in article.passages
        if word_count(passage.text) <= MOST_WORDS
        and (passage.kind == "title" or complete(passage.text))
    )
    claims = dict.fromkeys([*material.claims, *passages])
    return [(claim, day, found) for claim in claims if (found := stands(claim.text))]


def positions(today: Sequence[Told], known: Sequence[Remembered]) -> tuple[BoardLine, ...]:
    """At most eight lines, one for each giver and weapon, those that were used first.

    What a day brings moves a position so:

    - Rungs of the ladder: the highest stands. A later "may allow" takes nothing back.
    - *refused*: stands over what was before, until a later day brings a rung again; that Ukraine
      asks on is no answer and moves nothing. On one day, what was given stands over a refusal.
    - *denied*: stands over what others report and over what one party to the war claims; not over
      what was confirmed on record or is told of use as a fact.

    Args:
        known: the ledger as it was before this edition.

    Returns:
        Lines that cite what moved the position. The note says since when it stands, and what stood
        before, where the ledger knows an earlier day.
    """
    by_place: dict[tuple[str, str], list[_Evidence]] = {}
    for evidence in (*_of_ledger(known), *_of_today(today)):
        stand = evidence.stand
        if stand.giver:
            by_place.setdefault((stand.giver, stand.weapon), []).append(evidence)
    histories = {place: _history(found) for place, found in by_place.items()}
    shown = [moves for place, moves in histories.items() if not _named_above(place, histories)]
    shown.sort(key=lambda moves: (_ORDER.index(moves[-1].rung), _recency(moves), _name(moves)))
    return tuple(_line(moves) for moves in shown[:MOST_LINES])


def lead_of(stand: Stand) -> str:
    """``United States · ATACMS: used inside Russia``"""
    return f"{stand.giver} · {stand.weapon or 'long-range missiles'}: {WORDS[stand.rung]}"


def leads_of(claim: Claim) -> frozenset[str]:
    """Every lead that the claim's own words and one of its passages both give: what proves one."""
    cited = {stand for passage in claim.passages for stand in stands(passage.text)}
    return frozenset(lead_of(stand) for stand in cited & set(stands(claim.text)))


# -- evidence ------------------------------------------------------------------------------------


def _of_today(today: Sequence[Told]) -> Iterator[_Evidence]:
    for claim, day, found in today:
        for stand in found:
            if _gives(claim, stand):
                yield _Evidence(day, stand, claim, today=True)


def _of_ledger(known: Sequence[Remembered]) -> Iterator[_Evidence]:
    """The source's own words, as its label belongs to them: the first passage of each claim."""
    for remembered in known:
        for passage in remembered.passages[:1]:
            claim = Claim(passage.text, (passage,), 1.0, "quoted", remembered.sourcing)
            for stand in remembered.statement.stands:
                if _gives(claim, stand):
                    for day in {remembered.first.day, remembered.last.day}:
                        yield _Evidence(day, stand, claim, today=False)


def _gives(claim: Claim, stand: Stand) -> bool:
    """Whether the printed words, and a passage that they cite, give the stand by themselves."""
    cited = any(stand in stands(passage.text) for passage in claim.passages)
    return cited and stand in stands(claim.text)


# -- state ---------------------------------------------------------------------------------------


def _history(found: list[_Evidence]) -> list[_Move]:
    """How a position moved, day by day; the last move is where it stands."""
    moves: list[_Move] = []
    for day in sorted({evidence.day for evidence in found}):
        that_day = [evidence for evidence in found if evidence.day == day]
        before = moves[-1].rung if moves else None
        # What was told before the last no does not come back by itself.
        no = max((m.evidence.day for m in moves if m.rung not in CLIMBING), default=date.min)
        firm = [e for e in found if no < e.day < day and _firm(e)] if before in CLIMBING else []
        held = max((e.stand.rung for e in firm), key=CLIMBING.index, default=None)
        rung = _after(before, that_day, held=held)
        if not moves or rung != moves[-1].rung:
            given = [e for e in that_day if e.stand.rung == rung]
            # A denial may only take back what one party had claimed above it.
            given = given or [e for e in firm if e.stand.rung == rung]
            moves.append(_Move(rung, _best(iter(given))))
    return moves


def _after(before: Rung | None, that_day: list[_Evidence], *, held: Rung | None) -> Rung:
    """The rung at the end of a day; ``held``: the highest that earlier days gave by more than one
    word against another."""
    told: set[Rung] = {evidence.stand.rung for evidence in that_day}
    climbed = max((r for r in told if r in CLIMBING), key=CLIMBING.index, default=None)
    if "denied" in told and not any(_firm(evidence) for evidence in that_day):
        return held or "denied"
    if "refused" in told and climbed not in _GIVEN:
        return "refused"
    if before is None or climbed is None:
        return climbed or "refused"
    if climbed == "asked":
        return before
    return max(before, climbed, key=CLIMBING.index) if before in CLIMBING else climbed


def _firm(evidence: _Evidence) -> bool:
    """Whether it is more than one word against another: on record, or told of use as a fact."""
    used = evidence.stand.rung == "used" and evidence.claim.sourcing not in _ONE_SIDED
    return used or evidence.stand.rung == "confirmed"


def _best(found: Iterator[_Evidence]) -> _Evidence:
    """The evidence to cite: what stands alone, who answers for it, and what is short."""
    return min(
        found,
        key=lambda e: (
            leans(e.claim.text),
            _SOURCINGS.index(e.claim.sourcing),
            e.claim.passages[0].kind == "title",
            word_count(e.claim.text),
            e.claim.passages[0].key,
        ),
    )


def _named_above(place: tuple[str, str], histories: dict[tuple[str, str], list[_Move]]) -> bool:
    """Whether a line on "long-range missiles" only repeats one that names the weapon."""
    giver, weapon = place
    rank = _ORDER.index(histories[place][-1].rung)
    return not weapon and any(
        _ORDER.index(moves[-1].rung) <= rank
        for (other, named), moves in histories.items()
        if other == giver and named
    )


# -- print ---------------------------------------------------------------------------------------


def _line(moves: list[_Move]) -> BoardLine:
    now = moves[-1].evidence
    return BoardLine(lead_of(now.stand), now.claim, _note(moves))


def _note(moves: list[_Move]) -> str:
    now, before = moves[-1], moves[-2] if len(moves) > 1 else None
    if before is not None:
        return f"known since {_day(now.evidence.day)}; before: {WORDS[before.rung]}"
    return "" if now.evidence.today else f"known since {_day(now.evidence.day)}"


def _day(value: date) -> str:
    return f"{value.day} {MONTHS[value.month - 1].capitalize()} {value.year}"


def _recency(moves: list[_Move]) -> int:
    return -moves[-1].evidence.day.toordinal()


def _name(moves: list[_Move]) -> tuple[str, str]:
    stand = moves[-1].evidence.stand
    return stand.giver, stand.weapon
