"""Rows for the judge in which the evidence is one sentence: does this one say no more than that?

The product asks so of two reports (:mod:`briefing.stages.recall`): a later sentence against an
earlier one, and the other way round. Where an example has three true statements,
``data/restated.json`` says which of them says no more than which other one, read pair by pair:
those are the supported rows. Not supported are, against a true statement:

- a wrong statement of the example. It never follows: what follows from a true one is true;
- a mechanical change to a statement that does follow;
- a true one, if the evidence is the wrong one that was made from it;
- a true one that tells another fact, with a name or a figure that the evidence has not.

Both answers have about the same weight.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from briefing.text.words import content_stems
from training.errors import changes
from training.pairs import Example, Labelled, leaves

WEIGHT = 2.0  # of a supported row; those that are not supported weigh half of it
OTHER = 0.5  # share of content words; a sentence that shares more may tell the same fact
TURNED = frozenset(["entity", "number", "date", "negation", "relation", "attribution"])
"""Errors that put one thing in place of another: neither sentence follows from the other. Of the
other kinds (more was added, a limit lost) the true one may follow from the wrong one."""

Same = Mapping[str, tuple[tuple[int, int], ...]]
"""For the id of an example pairs of statements: the second says no more than the first."""

_FACT = re.compile(r"(?<=\s)[A-Z][\w’'-]*\w|\d[\d.,]*")


def same_in(folders: Sequence[Path]) -> dict[str, tuple[tuple[int, int], ...]]:
    """What ``restated.json`` of each folder says; a folder need not have one.

    Raises:
        ValueError: a file is not as described; the message names it.
    """
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for folder in folders:
        file = folder / "restated.json"
        if not file.is_file():
            continue
        try:
            rows = json.loads(file.read_text("utf-8"))
            for key, listed in rows.items():
                found[key] = tuple((_place(i), _place(k)) for i, k in listed)
                if any(i == k for i, k in found[key]):
                    raise ValueError(f"{key}: a sentence beside itself")
        except (ValueError, TypeError, AttributeError) as error:
            raise ValueError(f"{file}: not pairs of statements: {error}") from error
    return found


def _place(value: object) -> int:
    if value not in (0, 1, 2) or isinstance(value, bool | float):
        raise ValueError(f"{value!r} is not the place of a statement")
    return int(str(value))


def paired(
    example: Example, same: Sequence[tuple[int, int]], random: Random, *, weight: float = WEIGHT
) -> list[Labelled]:
    """Rows of one example, perhaps in a swapped world; none without a listed pair.

    Args:
        same: its pairs of :func:`same_in`.
        weight: of a supported row.
    """
    said = example.statements
    rows: list[Labelled] = []
    for i, k in same:
        rows.append(Labelled((said[i],), said[k], True, kind="restated", weight=weight))
        wrong = _wrong(example, i, k, random)
        if wrong:
            rows += [_refused(*random.choice(wrong), weight)]
        if spoilt := changes(said[k], example):
            start, text = random.choice(spoilt)
            rows += [_refused((said[random.choice((i, k))],), text, start, weight)]
    if same and (turned := _turned(example)) and random.random() < 0.5:
        rows.append(_refused(*random.choice(turned), weight))
    if same and (others := _others(example)) and random.random() < 0.5:
        rows.append(_refused(*random.choice(others), weight))
    return rows


Wrong = tuple[tuple[str, ...], str, int]
"""Evidence, statement and the character at which it goes wrong."""


def _refused(evidence: tuple[str, ...], text: str, start: int, weight: float) -> Labelled:
    return Labelled(evidence, text, False, start, kind="restated", weight=weight / 2)


def _wrong(example: Example, i: int, k: int, random: Random) -> list[Wrong]:
    """Wrong statements made from the ``k``-th true one, against it or against the ``i``-th."""
    found: list[Wrong] = []
    for _, text in example.corrupt:
        starts = [leaves(text, s) for s in example.statements]
        near = max(range(len(starts)), key=starts.__getitem__)
        there = example.statements[random.choice((i, k))]
        # Of another statement than the one that it follows nobody knows where it goes wrong.
        found.append(((there,), text, starts[near] if near == k else -1))
    return found


def _turned(example: Example) -> list[Wrong]:
    """True statements against the wrong one that was made from them."""
    found: list[Wrong] = []
    for kind, text in example.corrupt:
        if kind in TURNED:
            near = max(example.statements, key=lambda s: leaves(text, s))
            found.append(((text,), near, leaves(near, text)))
    return found


def _others(example: Example) -> list[Wrong]:
    """True statements against another one that does not name what they name."""
    found: list[Wrong] = []
    for i, there in enumerate(example.statements):
        for k, text in enumerate(example.statements):
            own, known = set(content_stems(text)), set(content_stems(there))
            new = any(fact not in there for fact in _FACT.findall(text))
            if i != k and new and len(own & known) < OTHER * len(own):
                found.append(((there,), text, -1))
    return found
