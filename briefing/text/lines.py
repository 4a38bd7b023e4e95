"""Every printed sentence of a digest, with a name that stays the same in all renderings."""

from __future__ import annotations

from typing import NamedTuple

from briefing.news import Claim, Digest


class Line(NamedTuple):
    """One printed sentence: ``id`` is "subject", "bottom-line/1", "changes/2", "changes/2/was",
    "developments/2/headline", "developments/2/1", "quotes/3", ..., "corrections/1",
    "corrections/1/now"; counting starts at 1."""

    id: str
    claim: Claim


def lines(digest: Digest) -> tuple[Line, ...]:
    """Every printed claim in the order of print. A quiet edition's subject cites nothing and is
    left out: it says only that there is nothing to say."""
    found = [Line("subject", digest.subject)] if digest.subject.passages else []
    found += [Line(f"bottom-line/{n}", c) for n, c in enumerate(digest.bottom_line, 1)]
    for number, change in enumerate(digest.changes, 1):
        found.append(Line(f"changes/{number}", change.claim))
        if change.was is not None:
            found.append(Line(f"changes/{number}/was", change.was))
    for number, brief in enumerate(digest.briefs, 1):
        found.append(Line(f"developments/{number}/headline", brief.headline))
        found += [Line(f"developments/{number}/{n}", c) for n, c in enumerate(brief.claims, 1)]
    for board in digest.boards:
        found += [Line(f"{board.kind}/{n}", row.claim) for n, row in enumerate(board.lines, 1)]
    for number, correction in enumerate(digest.corrections, 1):
        found.append(Line(f"corrections/{number}", correction.sentence))
        if correction.now is not None:
            found.append(Line(f"corrections/{number}/now", correction.now))
    return tuple(found)
