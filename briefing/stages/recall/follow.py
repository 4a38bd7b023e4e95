"""What a sentence settles of its thread: the follow-up in other words."""

from __future__ import annotations

from collections.abc import Sequence

from briefing.news import Remembered, Statement
from briefing.stages.recall.compare import Difference, denies
from briefing.stages.recall.copies import holds
from briefing.stages.recall.history import heard_before
from briefing.text.settling import Settled, settles

_OF_ITS_ARTICLE = frozenset(("figure", "name", "weapon", "date"))
"""What may be settled of a further sentence of the article that was gone on with: a figure or a day
says by itself what it answers."""


def settled(
    new: Statement, text: str, held: Sequence[Remembered], near: Sequence[Remembered]
) -> tuple[Remembered, Difference] | None:
    """The nearest claim of which a sentence settles a question that nobody has settled before.

    Args:
        held: the claims of its thread.
        near: those of them that it may go on with, the nearest first.
    """
    articles = {claim.passages[0].article for claim in near}
    ids = {claim.id for claim in near}
    beside = [c for c in held if c.passages[0].article in articles and c.id not in ids]
    for claim in (*near, *beside):
        how = _how(new, text, held, claim)
        if how and (claim.id in ids or how.what in _OF_ITS_ARTICLE):
            return claim, how
    return None


def _how(
    new: Statement, text: str, held: Sequence[Remembered], claim: Remembered
) -> Difference | None:
    if denies(new, claim.statement, text, claim.text):
        return None if heard_before(new, held) else Difference("denial")
    found = settles(new, claim.statement, text, claim.text, _beside(claim, held))
    if found is None or (found[0] == "source" and heard_before(new, held)):
        return None
    return None if _is_settled(claim, found, held) else Difference(*found)


def _beside(claim: Remembered, held: Sequence[Remembered]) -> str:
    """What else the article of a claim said of the matter."""
    article = claim.passages[0].article
    return " ".join(c.text for c in held if c.passages[0].article == article and c.id != claim.id)


def _is_settled(claim: Remembered, how: Settled, held: Sequence[Remembered]) -> bool:
    """Whether the thread has the new value, or an answer to the same question, already."""
    what, _, after = how
    others = [c for c in held if c.id != claim.id]
    if after and any(holds(other.text, after) for other in others):
        return True
    if what == "figure":
        return False  # a figure may grow again
    answers = (settles(c.statement, claim.statement, c.text, claim.text, "") for c in others)
    return any(known is not None and known[0] == what for known in answers)
