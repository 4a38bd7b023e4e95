"""The boards of several editions as one set: of each the newest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefing.news import Board, BoardLine, Digest
from briefing.stages.merge.chains import History
from briefing.stages.merge.sameness import Ledger, repeats

MOST_LINES = {"quotes": 5, "figures": 7, "timeline": 8}
"""As in any edition. The other boards are states, and stand whole."""


def boards(digests: Sequence[Digest], history: History, ledger: Ledger) -> Iterator[Board]:
    """Positions, answers, quotes, figures and timeline, in the order in which editions have them.

    What a later edition told otherwise is left out.
    """
    kinds = dict.fromkeys(b.kind for d in reversed(digests) for b in d.boards if b.kind != "also")
    for kind in kinds:
        found = [b for d in reversed(digests) for b in d.boards if b.kind == kind]
        rows: list[BoardLine] = []
        for board in found:
            taken = {_subject(kind, row) for row in rows}
            for row in board.lines:
                if not history.superseded(row.claim, ledger.signs(row.claim)):
                    _add(rows, row, kind, taken)
        rows = rows[: MOST_LINES.get(kind, len(rows))]
        if kind == "timeline":
            rows.sort(key=lambda row: row.lead)
        if rows:
            yield Board(found[0].kind, found[0].title, tuple(rows))


def _add(rows: list[BoardLine], row: BoardLine, kind: str, taken: set[str]) -> None:
    """Add a line unless it is there; ``taken``: subjects that a later edition has told."""
    if kind in ("positions", "figures"):
        # A later edition's lines on one subject stand alone: its "sources differ" is about them.
        if _subject(kind, row) not in taken:
            rows.append(row)
        return
    same = [other.claim for other in rows if other.lead == row.lead]
    if not repeats(row.claim, same):
        rows.append(row)


def _subject(kind: str, row: BoardLine) -> str:
    """What a line is about: giver and weapon, or what is counted ("Range: 300 km": "Range")."""
    return row.lead.partition(":")[0] if kind == "figures" else row.lead
