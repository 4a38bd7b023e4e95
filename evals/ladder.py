"""Which giver stands on which rung for which weapon: the rules against labelled sentences.

Reads ``DIR/ladder/*.jsonl`` (``evals/small`` has one): ``id``, ``text``, perhaps ``before``
(the sentence ahead), and ``stands`` (``giver``, ``weapon``, ``rung``; none where a sentence gives
none). Ids that end in ``h`` are held out: no rule was made after reading what was wrong there.

``exact``: the share of sentences with exactly the labelled stands. ``rung``: of the labelled giver
and weapon pairs, the share with the labelled rung. ``giver`` and ``weapon``: the share of sentences
with exactly the labelled givers, or weapons. ``above``: sentences that are read as any rung of the
ladder above what is labelled for that giver and weapon, which is what must not happen. Top keys are
those of the held-out part, ``tuned`` holds the rest. ``--table`` lists what is wrong in the tuned
part only.

How the sentences are labelled:

- *asked* only where Ukraine asks; what others ask for, warn of or threaten with gives nothing.
- *considered*: weighed, possible, expected, announced for later. *reported*: told as a fact by
  anybody but the giver's own, with or without a source. *confirmed*: the giver's own body or named
  official says that it was given, on record. "Can use", in whosever mouth, is *considered*.
- *used*: fired at a place in Russia, told as a fact or claimed by somebody who is named or counted
  ("Moscow", "an official"); by the media alone, "reportedly" or in occupied land it is nothing.
- *refused*: the giver says no, now. What it "had refused" is background. That it "has not allowed"
  something is nothing.
- To supply a weapon is nothing, but of Taurus, where it may be asked, considered, refused, denied.
- In doubt the lower rung, or none.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.news import Stand
from briefing.ports import Progress
from briefing.text.ladder import CLIMBING, stands
from evals.reading import Losses, NoData, files, rows

_NEEDS = {"id": (str, int), "text": str, "stands": list}
HELD_OUT = "h"


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled sentence."""

    id: str
    text: str
    before: str
    stands: frozenset[Stand]

    @property
    def held_out(self) -> bool:
        """Whether no rule was made with a look at it."""
        return self.id.endswith(HELD_OUT)

    def read(self) -> frozenset[Stand]:
        """What the rules read."""
        return frozenset(stands(self.text, before=self.before))


def options(parser: argparse.ArgumentParser) -> None:
    """What may be asked beside the data."""
    parser.add_argument("--table", action="store_true", help="list what is wrong, tuned part only")


def figures(data: Path, chosen: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """The figures of both parts.

    Raises:
        NoData: no readable sentence, or none that is held out.
    """
    losses = Losses()
    found = examples(data, losses)
    tuned = [example for example in found if not example.held_out]
    progress("ladder", 0, len(found))
    measured = _measured([example for example in found if example.held_out])
    if tuned:
        measured["tuned"] = _measured(tuned)
    progress("ladder", len(found), len(found))
    if chosen.table:
        measured["wrong"] = [_told(one) for one in tuned if one.read() != one.stands]
    return {**measured, **losses.figures()}


def examples(data: Path, losses: Losses) -> list[Example]:
    """The labelled sentences, file by file.

    Raises:
        NoData: as :func:`figures`.
    """
    listed = files(data, "ladder/*.jsonl")
    found = [
        example
        for file in listed
        for number, row in rows(file, _NEEDS, losses)
        if (example := _example(file, number, row, losses))
    ]
    if not any(example.held_out for example in found):
        raise NoData(
            "no readable sentence that is held out",
            where=str(listed[0].parent),
            remedy=f"each line needs id, text and stands; ids of that part end in {HELD_OUT!r}",
        )
    return found


def _example(file: Path, number: int, row: dict[str, Any], losses: Losses) -> Example | None:
    before = row.get("before", "")
    try:
        labelled = frozenset(Stand(s["giver"], s["weapon"], s["rung"]) for s in row["stands"])
    except (TypeError, KeyError) as error:
        losses.add(file, number, f"stands are not as described: {error!r}")
        return None
    if not isinstance(before, str) or any(
        not isinstance(p, str) for s in labelled for p in _parts(s)
    ):
        losses.add(file, number, "before, giver, weapon or rung is no text")
        return None
    return Example(str(row["id"]), row["text"], before, labelled)


def _measured(chosen: Sequence[Example]) -> dict[str, Any]:
    read = [(example.stands, example.read()) for example in chosen]
    labelled = [(stand, found) for wanted, found in read for stand in wanted]
    return {
        "sentences": len(read),
        "without": sum(not wanted for wanted, _ in read),
        "exact": _share([wanted == found for wanted, found in read]),
        "rung": _share([stand in found for stand, found in labelled]),
        "giver": _share([_of(wanted, "giver") == _of(found, "giver") for wanted, found in read]),
        "weapon": _share([_of(wanted, "weapon") == _of(found, "weapon") for wanted, found in read]),
        "above": sum(above(wanted, found) for wanted, found in read),
    }


def above(labelled: frozenset[Stand], found: frozenset[Stand]) -> bool:
    """Whether a rung of the ladder was read that is above the labelled one of its pair."""
    allowed = {(s.giver, s.weapon): _height(s) for s in labelled}
    return any(_height(s) > allowed.get((s.giver, s.weapon), 0) for s in found)


def _height(stand: Stand) -> int:
    return CLIMBING.index(stand.rung) + 1 if stand.rung in CLIMBING else 0


def _of(found: frozenset[Stand], part: str) -> set[str]:
    return {getattr(stand, part) for stand in found}


def _parts(stand: Stand) -> tuple[object, ...]:
    return stand.giver, stand.weapon, stand.rung


def _share(right: Sequence[bool]) -> float:
    return round(sum(right) / len(right), 4) if right else 0.0


def _told(example: Example) -> str:
    sides = (sorted(map(_parts, found), key=str) for found in (example.stands, example.read()))
    return f"{example.id}: {example.text} | labelled, read: {list(sides)}"
