"""Gold pairs as the product's nouns: passages of articles, and the fact that they tell.

One line of ``DIR/gold/*.jsonl``: ``id``, ``kind``, ``passages`` (``source``, ``text``),
``headline``, ``statement``, perhaps ``also`` (further true statements), and ``corrupt`` (``type``,
``text``): statements with one subtle error each. Ids that end in 5 are the development part, which
stays out of training and tuning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from briefing.news import Article, Fact, Passage
from evals.reading import Losses, NoData, files, rows

Split = Literal["dev", "train", "all"]

_NEEDS = {"id": (str, int), "passages": list, "headline": str, "statement": str, "corrupt": list}
_PUBLISHED = datetime(2024, 11, 22, tzinfo=UTC)  # gold passages have no date of their own


@dataclass(frozen=True, slots=True)
class Example:
    """One gold pair."""

    id: str
    kind: str
    reports: tuple[tuple[str, str], ...]  # outlet and text of each passage
    headline: str
    statements: tuple[str, ...]  # all true; the first is the line's own
    corrupt: tuple[tuple[str, str], ...]  # error type and wrong statement

    @property
    def evidence(self) -> tuple[str, ...]:
        """The texts of the passages."""
        return tuple(text for _, text in self.reports)

    def nouns(self) -> tuple[Fact, dict[str, Article]]:
        """The passages as one fact, each the only sentence of an article of its own."""
        articles = {}
        for n, (source, text) in enumerate(self.reports):
            name = f"{self.id}.{n}"
            articles[name] = Article(
                id=name,
                url="",
                title="",
                title_origin="made",
                publisher=source,
                published=_PUBLISHED,
                date_origin="stated",
                text=text,
                passages=(Passage(name, 0, 0, len(text), text, 1),),
            )
        return Fact(tuple(a.passages[0] for a in articles.values())), articles


def examples(data: Path, *, split: Split, losses: Losses, tight: bool = False) -> list[Example]:
    """The gold pairs of a split, file by file.

    Where no id ends in 5, a data set has no such parts, and the development part is all of it.
    With ``tight`` only the files ``tight-*.jsonl`` are read, if there are any.

    Raises:
        NoData: no gold file, or no readable row in it.
    """
    found = files(data, "gold/*.jsonl")
    narrow = [file for file in found if file.name.startswith("tight")]
    every = [
        example
        for file in (narrow or found if tight else found)
        for number, row in rows(file, _NEEDS, losses)
        if (example := _example(file, number, row, losses))
    ]
    held_out = [e for e in every if e.id.endswith("5")]
    if split == "dev":
        every = held_out or every
    elif split == "train":
        every = [e for e in every if not e.id.endswith("5")]
    if not every:
        raise NoData(
            f"no readable row of the {split} part",
            where=str(found[0].parent),
            remedy="each line needs id, passages, headline, statement and corrupt",
        )
    return every


def _example(file: Path, number: int, row: dict[str, Any], losses: Losses) -> Example | None:
    try:
        reports = tuple((str(p["source"]), p["text"]) for p in row["passages"])
        corrupt = tuple((str(c["type"]), c["text"]) for c in row["corrupt"])
    except (TypeError, KeyError) as error:
        losses.add(file, number, f"passages or corrupt are not as described: {error!r}")
        return None
    texts = [text for _, text in (*reports, *corrupt)]
    also = row.get("also", [])
    if not isinstance(also, list) or not all(_said(t) for t in (*texts, *also)):
        losses.add(file, number, "a passage, a wrong or a further statement is no text")
        return None
    if not reports:
        losses.add(file, number, "no passages")
        return None
    return Example(
        id=str(row["id"]),
        kind=str(row.get("kind", "")),
        reports=reports,
        headline=row["headline"],
        statements=(row["statement"], *also),
        corrupt=corrupt,
    )


def _said(text: Any) -> bool:
    return isinstance(text, str) and bool(text.strip())


def spread(chosen: Sequence[Example], limit: int) -> list[Example]:
    """``limit`` of them, spread evenly; all when ``limit`` is 0."""
    if not limit or limit >= len(chosen):
        return list(chosen)
    return [chosen[i * len(chosen) // limit] for i in range(limit)]
