"""The gold pairs, read and checked; what the writer learns from them and what the judge does.

One line of ``data/*.jsonl``: ``id``, ``kind``, ``passages`` (``source``, ``text``), ``headline``,
``statement``, perhaps ``also`` (further true statements), and ``corrupt`` (``type``, ``text``):
statements with one subtle error each. Ids that end in 5 are the development part.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from briefing.formats import Manner

Split = Literal["train", "dev", "all"]


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
            found += _lines(file)
    return [e for e in found if split == "all" or (split == "dev") == e.held_out]


def _lines(file: Path) -> Iterator[Example]:
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            yield Example(
                id=row["id"],
                kind=row["kind"],
                passages=tuple((p["source"], p["text"]) for p in row["passages"]),
                headline=row["headline"],
                statements=(row["statement"], *row.get("also", ())),
                corrupt=tuple((c["type"], c["text"]) for c in row["corrupt"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{file}:{number}: not a gold line: {error!r}") from error


def judged(example: Example, *, supported: Sequence[str] | None = None) -> list[Labelled]:
    """What the judge learns from one example: every true statement and every wrong one."""
    evidence = tuple(text for _, text in example.passages)
    good = example.statements if supported is None else tuple(supported)
    rows = [Labelled(evidence, s, True, kind="gold") for s in good]
    for kind, text in example.corrupt:
        start = min((_apart(text, s) for s in good), key=lambda at: -at)
        rows.append(Labelled(evidence, text, False, wrong_from=start, kind=kind))
    return rows


def _apart(wrong: str, right: str) -> int:
    """Start of the first word of ``wrong`` that differs from ``right``."""
    at = next(
        (k for k, (a, b) in enumerate(zip(wrong, right, strict=False)) if a != b),
        min(len(wrong), len(right)),
    )
    return wrong.rfind(" ", 0, at) + 1


def drafts(files: Iterable[Path]) -> list[Labelled]:
    """Drafts of the writer that were read and labelled: ``evidence``, ``statement``, ``label``.

    Raises:
        ValueError: a line is not as described; the message names file and line.
    """
    rows = []
    for file in files:
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            try:
                row = json.loads(line)
                rows.append(
                    Labelled(
                        tuple(row["evidence"]), row["statement"], bool(row["label"]),
                        kind="draft", weight=float(row.get("weight", 1.0)),
                    )
                )  # fmt: skip
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{file}:{number}: not a labelled draft: {error!r}") from error
    return rows


def reordered(example: Example, order: Sequence[int]) -> Example:
    """The example with its passages in another order."""
    return replace(example, passages=tuple(example.passages[k] for k in order))
