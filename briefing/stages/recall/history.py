"""A sentence against all that its thread has said.

A toll, a rung or a confirmation is news only when no claim of the thread has it already, whichever
of them is nearest in words.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from briefing.news import Remembered, Stand, Statement, Value
from briefing.stages.recall.compare import (
    Difference,
    climbed,
    comments,
    confirmed,
    height,
    one_question,
)
from briefing.stages.recall.copies import named_weapons
from briefing.text.values import close

_AT_WAR = ("russia", "ukraine")
_TOLLS = ("killed", "wounded")
_ALLOWING = ("considered", "reported", "confirmed")
_GIVING = ("permit", "supply", "ask", "consider", "say", "")
"""Acts of sentences that tell of a permission: "gave permission" is read as giving."""


def said_before(
    new: Statement,
    text: str,
    held: Sequence[Remembered],
    *,
    near: Sequence[Remembered],
    reached: Collection[Stand],
) -> tuple[Remembered, Difference] | None:
    """What a sentence changes in all that its thread has said, with the claim that it changes.

    Args:
        held: the claims of the thread.
        near: those of them that the sentence may be about, the nearest first.
        reached: the rungs that any claim of any thread tells of.
    """
    found = _new_rung(new, text, held, reached)
    for compare in (_new_toll, _new_weapon):
        found = found or compare(new, text, held)
    return found or _new_voice(new, text, held, near)


def same_toll(new: Statement, held: Sequence[Remembered]) -> Remembered | None:
    """The claim that has a toll of this sentence already, if every toll of it is known."""
    tolls = [v for v in new.values if v.meaning in _TOLLS]
    known = [_with(value, held) for value in tolls]
    return known[0] if known and all(known) else None


def permission_known(new: Statement, ledger: Sequence[Remembered]) -> Remembered | None:
    """The claim that has the permission a sentence tells of, where permission is its whole news.

    However many ways a decision is told again in, it was taken once: the rung of each giver and
    weapon says whether it is the known one. Being used is no rung of that kind: each strike is an
    event of its own.
    """
    if new.act not in _GIVING or any(s.rung not in _ALLOWING for s in new.stands):
        return None
    if comments(new):
        return None  # what another says of it is news of its own
    found = [
        next(
            (
                claim
                for claim in ledger
                for s in claim.statement.stands
                if one_question(stand, s)
                and s.rung in _ALLOWING
                and height(s.rung) >= height(stand.rung)
            ),
            None,
        )
        for stand in new.stands
    ]
    return found[0] if found and all(found) else None


def all_reached(new: Statement, reached: Collection[Stand]) -> bool:
    """Whether every rung of a sentence is known already, in whatever thread."""
    return all(_is_reached(stand, reached) for stand in new.stands)


def _is_reached(stand: Stand, reached: Collection[Stand]) -> bool:
    return any(one_question(stand, s) and s.rung == stand.rung for s in reached)


def heard_before(new: Statement, held: Sequence[Remembered]) -> bool:
    """Whether the speaker of a sentence has confirmed, or denied, in the thread already."""
    return any(
        c.statement.speaker == new.speaker
        and (c.statement.confirms, c.statement.denies) == (new.confirms, new.denies)
        for c in held
    )


def _with(value: Value, held: Sequence[Remembered]) -> Remembered | None:
    return next(
        (
            claim
            for claim in held
            for v in claim.statement.values
            if v.meaning == value.meaning and close(value, v)
        ),
        None,
    )


def _new_rung(
    new: Statement, text: str, held: Sequence[Remembered], reached: Collection[Stand]
) -> tuple[Remembered, Difference] | None:
    for stand in new.stands:
        before = [(c, s) for c in held for s in c.statement.stands if one_question(stand, s)]
        if not before or _is_reached(stand, reached):
            continue
        claim, last = max(
            before, key=lambda pair: (height(pair[1].rung), pair[0].last.day, pair[0].id)
        )
        if height(stand.rung) > height(last.rung) or stand.rung in ("refused", "denied"):
            return claim, climbed(last, stand, claim.text, text)
    return None


def _new_toll(
    new: Statement, text: str, held: Sequence[Remembered]
) -> tuple[Remembered, Difference] | None:
    for value in new.values:
        if value.meaning not in _TOLLS:
            continue
        before = [(c, v) for c in held for v in c.statement.values if v.meaning == value.meaning]
        if before and not any(close(value, v) for _, v in before):
            claim, last = max(before, key=lambda pair: (pair[1].high, pair[0].last.day, pair[0].id))
            if value.high < last.low:
                continue  # the dead of one strike do not become fewer: this is another's
            return claim, Difference("figure", last.text, value.text)
    return None


def _new_weapon(
    new: Statement, text: str, held: Sequence[Remembered]
) -> tuple[Remembered, Difference] | None:
    """The weapon of a strike gets its name."""
    if new.act != "strike" or not new.weapons or any(c.statement.weapons for c in held):
        return None
    acting = [c for c in held if c.statement.act == "strike"]
    return (acting[0], Difference("weapon", "", named_weapons(text)[0][1])) if acting else None


def _new_voice(
    new: Statement, text: str, held: Sequence[Remembered], near: Sequence[Remembered]
) -> tuple[Remembered, Difference] | None:
    """Somebody confirms for the first time what others had said."""
    if heard_before(new, held) or _said_so(new, held):
        return None
    for claim in near:
        if found := confirmed(new, claim.statement, text):
            return claim, found
    return None


def _said_so(new: Statement, held: Sequence[Remembered]) -> bool:
    """Whether the speaker told of the deed as a fact before: who says "confirms" of him now brings
    no news. That something will be done is less than that it is, and unnamed officials are less
    than their government on record."""
    deed = (new.speaker, new.act, new.modality)
    not_own = {"unnamed officials"}
    if new.speaker not in _AT_WAR:  # then such a claim is another's, who speaks of this one
        not_own.add("claimed by a party to the war")
    told = (c.statement for c in held if c.sourcing not in not_own)
    return any((said.speaker, said.act, said.modality) == deed for said in told)
