"""The gold pairs, read and checked; what the writer learns from them and what the judge does.

One line of ``data/*.jsonl``: ``id``, ``kind``, ``passages`` (``source``, ``text``), ``headline``,
``statement``, perhaps ``also`` (further true statements), and ``corrupt`` (``type``, ``text``):
statements with one subtle error each. Ids that end in 5 are the development part.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Literal

from briefing.formats import Manner

Split = Literal["train", "dev", "all"]

NOISE = 0.15  # share of the examples that get a passage of another one
ROOM = 4  # passages; an example that has so many gets no noise


@dataclass(frozen=True, slots=True)
class Example:
    """One gold pair. ``passages`` are pairs of outlet and text."""

    id: str
    kind: str
    passages: tuple[tuple[str, str], ...]
    headline: str
    statements: tuple[str, ...]  # all true; the first is the one of the gold line
    corrupt: tuple[tuple[str, str], ...]  # pairs of error type and wrong statement

    @property
    def held_out(self) -> bool:
        """Whether it belongs to the development part."""
        return self.id.endswith("5")

    @property
    def evidence(self) -> tuple[str, ...]:
        """The passages without their outlets, as the judge is shown them."""
        return tuple(text for _, text in self.passages)

    @property
    def manners(self) -> tuple[tuple[Manner, str], ...]:
        """Each statement with the manner in which it is written.

        Lines with three statements hold a close, a rephrased and a short one, in this order.
        """
        if len(self.statements) == 3:
            return tuple(zip(("close", "rephrased", "short"), self.statements, strict=True))
        return tuple(("", s) for s in self.statements)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One statement for the judge: evidence, statement, and whether it is supported.

    ``wrong_from`` is the character of the statement where the error begins; -1 when that is not
    known or there is none.
    """

    evidence: tuple[str, ...]
    statement: str
    supported: bool
    wrong_from: int = -1
    kind: str = ""  # error type, or where the row comes from
    weight: float = 1.0


def read(folders: Iterable[Path], *, split: Split, pattern: str = "*.jsonl") -> list[Example]:
    """All examples of one split, file by file.

    Raises:
        FileNotFoundError: a folder has no such file.
        ValueError: a line is not as described; the message names file and line.
    """
    found: list[Example] = []
    for folder in folders:
        files = sorted(folder.glob(pattern))
        if not files:
            raise FileNotFoundError(f"{folder}: no {pattern}")
        for file in files:
            for where, row in _lines(file):
                try:
                    found.append(_example(row))
                except (ValueError, KeyError, TypeError) as error:
                    raise ValueError(f"{where}: not a gold line: {error!r}") from error
    return [e for e in found if split == "all" or (split == "dev") == e.held_out]


def _lines(file: Path) -> Iterator[tuple[str, Any]]:
    """Each line that is not blank, parsed, with its file and number."""
    # Bytes, because a text's own splitlines() also parts at marks that JSON allows in a string.
    for number, line in enumerate(file.read_bytes().split(b"\n"), 1):
        if line.strip():
            where = f"{file}:{number}"
            try:
                yield where, json.loads(line)
            except ValueError as error:  # bad UTF-8 included
                raise ValueError(f"{where}: not JSON: {error}") from error


def _example(row: Any) -> Example:
    passages = tuple((_text(p["source"]), _text(p["text"])) for p in row["passages"])
    if not passages:
        raise ValueError("no passages")
    return Example(
        id=_text(row["id"]),
        kind=_text(row["kind"]),
        passages=passages,
        headline=_text(row["headline"]),
        statements=(_text(row["statement"]), *_texts(row.get("also", []))),
        corrupt=tuple((_text(c["type"]), _text(c["text"])) for c in row["corrupt"]),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is no text")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is no list of texts")
    return tuple(_text(one) for one in value)


def judged(example: Example, *, supported: Sequence[str] | None = None) -> list[Labelled]:
    """What the judge learns from one example: every true statement and every wrong one.

    ``supported`` are the true statements when they are not those of the example. A wrong statement
    goes wrong where it leaves the true one that it follows longest.
    """
    good = example.statements if supported is None else tuple(supported)
    rows = [Labelled(example.evidence, s, True, kind="gold") for s in good]
    for kind, text in example.corrupt:
        start = max((leaves(text, s) for s in good), default=-1)
        rows.append(Labelled(example.evidence, text, False, wrong_from=start, kind=kind))
    return rows


def leaves(wrong: str, right: str) -> int:
    """Start of the first word of ``wrong`` that differs from ``right``; of its last, if none."""
    said = right.split()
    start = 0
    for k, word in enumerate(re.finditer(r"\S+", wrong)):
        start = word.start()
        if k >= len(said) or word.group() != said[k]:
            break
    return start


def drafts(files: Iterable[Path]) -> list[Labelled]:
    """Drafts of the writer that were read and labelled: ``evidence``, ``statement``, ``label``.

    ``label`` is 1 for supported, 0 for not; ``weight`` may be given.

    Raises:
        ValueError: a line is not as described; the message names file and line.
    """
    return labelled(files, kind="draft")


def labelled(files: Iterable[Path], *, kind: str = "") -> list[Labelled]:
    """Labelled statements, as :func:`drafts`; without a ``kind`` each line says it in ``from``.

    Raises:
        ValueError: a line is not as described; the message names file and line.
    """
    found = []
    for file in files:
        for where, row in _lines(file):
            try:
                found.append(_labelled(row, kind))
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{where}: not a labelled statement: {error!r}") from error
    return found


def _labelled(row: Any, kind: str) -> Labelled:
    if row["label"] not in (0, 1):
        raise ValueError(f"the label {row['label']!r} is neither 0 nor 1")
    weight = float(row.get("weight", 1.0))
    if not 0 < weight < float("inf"):
        raise ValueError(f"the weight {weight} is not above 0")
    evidence = _texts(row["evidence"])
    if not evidence:
        raise ValueError("no evidence")
    return Labelled(
        evidence, _text(row["statement"]), bool(row["label"]),
        kind=kind or _text(row["from"]), weight=weight,
    )  # fmt: skip


def reordered(example: Example, order: Sequence[int]) -> Example:
    """The example with its passages in another order."""
    return replace(example, passages=tuple(example.passages[k] for k in order))


def shuffled(example: Example, random: Random) -> Example:
    """The example with its passages in any order."""
    return reordered(example, random.sample(range(len(example.passages)), len(example.passages)))


def noisy(example: Example, others: Sequence[Example], random: Random) -> Example:
    """The example, perhaps with a passage of another one at its end, which changes no label."""
    if len(example.passages) >= ROOM or random.random() >= NOISE:
        return example
    other = random.choice(others)
    if other.id == example.id:  # its own passage, told of another world
        return example
    return replace(example, passages=(*example.passages, random.choice(other.passages)))
