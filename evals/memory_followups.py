"""Invented stories of two days each: is every follow-up of the second day told as what it is?

Reads ``evals/small/recall/SPLIT.jsonl``. Of the first day a row is ``id``, ``story``, ``day``,
``title``, ``text``; of the second also ``kind``, and of a follow-up ``of``, the id of the report
that it goes on, and ``what`` it changes. Each story is an edition a day, with the memory in a real
store; every item is let in, nothing is written.

An item is UPDATED (or contradicted) when a fact that names one of its sentences is, with the
report that it goes on as the old one; else NEW when its thread is not known; else REPEATED. A row
``BACKGROUND`` (an explainer, a look back) is right when it is told as neither new nor changed.

``followups_<kind>``: share of the rows of that kind told as it; ``followups_<kind>_precision``: of
the items told as that kind, those that are. ``followups_wrong_old``: updates that name another
report as the old one; they count as wrong. ``followups_what``: by what changes. ``--split dev``
takes the stories on which rules are made, ``test`` those held out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from briefing.config import load
from briefing.news import Recalled
from briefing.pipeline import RunResult
from briefing.ports import Progress
from evals.memory_articles import article_id
from evals.memory_gold import Item
from evals.memory_week import Unwritten, edition
from evals.product import ROOT, Product

FOLDER = ROOT / "evals" / "small" / "recall"
FIRST = date(2024, 10, 8)
"""A Tuesday: the second days say "on Wednesday"."""
KINDS = ("NEW", "UPDATED", "REPEATED", "BACKGROUND")
_FILES = {"dev": "tuned.jsonl", "test": "held-out.jsonl"}


@dataclass(frozen=True, slots=True)
class Row:
    """One report of an invented story."""

    id: str
    story: str
    day: int
    title: str
    text: str
    kind: str = ""  # of the second day: one of KINDS
    of: str = ""  # the report that it goes on
    what: str = ""  # what it changes

    @property
    def item(self) -> Item:
        """The report as an item of a feed of its own."""
        day = FIRST + timedelta(days=self.day - 1)
        host = f"https://{self.id}.example"
        return Item(
            day, f"{host}/feed", f"Paper {self.id}", f"Paper {self.id}", "en", self.title,
            self.text, f"{host}/{self.id}", datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
            True, self.of or self.id, False, False,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a row was told as."""

    row: Row
    kind: str  # one of KINDS, or "" when no development has it
    old: str = ""  # the report that it changes or repeats, as the product has it
    why: str = ""


def rows(split: str) -> list[Row]:
    """The reports of a split, in their order."""
    lines = (FOLDER / _FILES[split]).read_text("utf-8").splitlines()
    return [Row(**json.loads(line)) for line in lines]


def figures(own: Product, split: str, scratch: Path, progress: Progress, *, table: bool
            ) -> dict[str, Any]:  # fmt: skip
    """The figures described above."""
    outcomes: list[Outcome] = []
    listed = rows(split)
    for story in dict.fromkeys(row.story for row in listed):
        folder = scratch / f"followups-{story}"
        folder.mkdir(parents=True)
        outcomes += told([r for r in listed if r.story == story], own, folder, progress)
    found = measured(outcomes)
    if table:
        found["followups_errors"] = [_line(one) for one in outcomes if not right(one)]
    return found


def told(listed: Sequence[Row], own: Product, folder: Path, progress: Progress) -> list[Outcome]:
    """What the reports of a story's second day are told as."""
    story = replace(load(ROOT / "config/briefing.toml", {}).story(), relevance=0.0)
    models = Unwritten(own.models)
    first, second = (
        edition(
            [row.item for row in listed if row.day == day], FIRST + timedelta(days=day - 1),
            models, own.limits, folder, progress, story=story,
        )
        for day in (1, 2)
    )  # fmt: skip
    known = {one.thread for one in first.recalled.values()}
    ids = {article_id(row.item): row.id for row in listed}
    return [outcome(row, second, known, ids) for row in listed if row.kind]


def outcome(row: Row, result: RunResult, known: set[str], ids: Mapping[str, str]) -> Outcome:
    """What one report is told as.

    Args:
        known: threads of the first day.
        ids: the row of each article.
    """
    article = article_id(row.item)
    mine: list[Recalled] = []
    for development in result.developments:
        facts = [f for f in development.facts if any(p.article == article for p in f.passages)]
        if article in development.articles and not facts:
            facts = list(development.facts)
        mine += [result.recalled[f.id] for f in facts if f.id in result.recalled]
    if not mine:
        return Outcome(row, "")
    changed = [one for one in mine if one.kind in ("UPDATED", "CONTRADICTED")]
    if changed:
        olds = [ids.get(p.article, "") for one in changed if one.old for p in one.old.passages]
        old = row.of if row.of in olds else olds[0]
        why = f"{changed[0].what} {changed[0].before!r} -> {changed[0].after!r}"
        return Outcome(row, "UPDATED", old, why)
    olds = [ids.get(p.article, "") for one in mine if one.old for p in one.old.passages]
    kind = "REPEATED" if {one.thread for one in mine} & known else "NEW"
    return Outcome(row, kind, olds[0] if olds else "", "+".join(one.kind for one in mine))


def right(one: Outcome) -> bool:
    """Whether it is told as what it is."""
    if one.row.kind == "BACKGROUND":
        return one.kind in ("REPEATED", "")
    if one.kind == "UPDATED":
        return one.row.kind == "UPDATED" and one.old == one.row.of
    return one.kind == one.row.kind


def measured(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The shares described above."""
    found: dict[str, Any] = {"followups": len(outcomes)}
    for kind in KINDS:
        true = [one for one in outcomes if one.row.kind == kind]
        name = f"followups_{kind.lower()}"
        found[name] = _share([right(one) for one in true])
        found[f"{name}_rows"] = len(true)
        if kind != "BACKGROUND":
            said = [one for one in outcomes if one.kind == kind]
            if kind == "REPEATED":  # background told as known is no error
                said = [one for one in said if one.row.kind != "BACKGROUND"]
            found[f"{name}_precision"] = _share([right(one) for one in said])
    found["followups_wrong_old"] = sum(
        one.kind == one.row.kind == "UPDATED" and not right(one) for one in outcomes
    )
    found["followups_confusion"] = dict(
        sorted(Counter(f"{o.row.kind} as {o.kind or 'nothing'}" for o in outcomes).items())
    )
    changed = [one for one in outcomes if one.row.kind == "UPDATED"]
    found["followups_what"] = {
        what: f"{sum(right(o) for o in changed if o.row.what == what)} of "
        f"{sum(o.row.what == what for o in changed)}"
        for what in sorted({one.row.what for one in changed})
    }
    return found


def _share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 4) if hits else 1.0


def _line(one: Outcome) -> dict[str, str]:
    return {
        "id": one.row.id, "gold": one.row.kind, "what": one.row.what, "product": one.kind,
        "old": one.old, "why": one.why, "text": f"{one.row.title} | {one.row.text}",
    }  # fmt: skip
