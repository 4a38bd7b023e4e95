"""Is what is new told from what is old, day by day?

Reads ``days/replay*/items*.jsonl`` and ``changes*.jsonl`` below DIR. The product makes an edition
of every day in order, with its memory in a real store (:mod:`evals.memory_week`). What it
remembers of each gold cluster is set against the gold (:mod:`evals.memory_gold`).

``new_precision``, ``new_recall``, ``updated_...``, ``contradicted_...`` and ``repeated_...`` count
pairs of day and cluster on 21 to 23 November; ``changed_...`` takes UPDATED and CONTRADICTED for
one. A cluster that no development stands for is missed by recall. ``dev_...``: 17 to 20 November,
on which thresholds are set; on the 17th nothing is remembered and all is new. A precision of
nothing told, or a recall of nothing to tell, is 1. Pairs that nobody labelled are left out and
counted: ``unlabelled``, ``unlabelled_repeated`` of them.

The gold's story is the whole war; the product's is the missile policy, and what it leaves out as
off topic it cannot remember. So the same figures stand beside those of all pairs, as ``core_...``,
over the pairs that the gold counts to the policy, and as ``reached_...``, over those of which the
product used an item: the latter are the memory alone, and depend on what the product let in.

``repeated_in_changes``: lines of the block of changes, all days, of which a fact is REPEATED by the
product's own account; must be 0. ``gold_repeated_in_changes``: by the gold's account.
``within_day``: gold changes whose old and new stand on the same day, which a daily edition cannot
tell from something new; ``within_day_both``: of them those where the edition cites an article of
each side. ``threads_...``: the articles of all days by the threads of their developments, scored
against the clusters like :mod:`evals.grouping`.

``followups_*``: :mod:`evals.memory_followups`, invented stories of two days.
``mutation_*``, ``paraphrase_*``, ``refed_*``: :mod:`evals.memory_mutations`; ``origins_*``:
:mod:`evals.memory_origins`. ``--part`` measures some parts only; ``--table`` lists every error, for
reading.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from briefing.news import Kind
from briefing.pipeline import RunResult
from briefing.ports import Progress
from evals import memory_followups, memory_mutations, memory_origins, product
from evals.grouping import placed
from evals.measures import clustering
from evals.memory_articles import article_id
from evals.memory_block import block, within_day
from evals.memory_gold import DEV, TEST, Gold, Item, changes, gold, items, within
from evals.memory_week import Place, Told, editions, told
from evals.reading import Losses, NoData

PARTS = ("week", "mutations", "origins", "followups")
_KINDS: dict[str, tuple[Kind, ...]] = {
    "new": ("NEW",), "updated": ("UPDATED",), "contradicted": ("CONTRADICTED",),
    "repeated": ("REPEATED",), "changed": ("UPDATED", "CONTRADICTED"),
}  # fmt: skip
_SHOWN = 240  # characters of a fact in the table


def options(parser: argparse.ArgumentParser) -> None:
    """What may be asked beside the data."""
    product.options(parser)
    parser.add_argument("--part", choices=PARTS, action="append", help="may be repeated")
    parser.add_argument("--table", action="store_true", help="list every error")
    parser.add_argument("--out", type=Path, help="keep store and digests of the week here")
    memory_mutations.options(parser)


def figures(data: Path, chosen: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """The figures described above.

    Raises:
        NoData: there are no items, or no gold changes.
        ModelError: the embedding model is missing or damaged.
    """
    losses = Losses()
    listed = items(data, losses)
    changed = changes(data, losses)
    own = product.opened(chosen, progress)
    parts = chosen.part or PARTS
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch:
        if "week" in parts:
            folder = chosen.out or Path(scratch) / "week"
            _fresh(folder)
            results = editions(listed, own, folder, progress)
            found |= week(gold(listed, changed), listed, results, table=chosen.table)
        if "mutations" in parts:
            found |= memory_mutations.figures(listed, own, Path(scratch), chosen, progress)
        if "origins" in parts:
            found |= memory_origins.figures(listed, own, chosen, progress)
        if "followups" in parts:
            found |= memory_followups.figures(
                own, chosen.split, Path(scratch), progress, table=chosen.table
            )
    return {**found, **losses.figures()}


def _fresh(folder: Path) -> None:
    """A folder without a store: what is remembered there would be no week's first day.

    Raises:
        NoData: there is a store.
    """
    if (folder / "briefing.db").exists():
        raise NoData("holds a store already", where=str(folder), remedy="name an empty folder")
    folder.mkdir(parents=True, exist_ok=True)


def week(
    pairs: Mapping[Place, Gold], listed: Sequence[Item], results: Mapping[date, RunResult],
    *, table: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """The figures of the editions ``results``."""
    made = told(pairs, listed, results)
    test = {p: pairs[p] for p in made if within(p[0], TEST)}
    dev = {p: pairs[p] for p in made if within(p[0], DEV)}
    blank = [p for p in made if not pairs[p].labelled]
    found: dict[str, Any] = {
        **scored(test, made),
        "pairs": sum(each.labelled for each in test.values()),
        **_named("dev_", dev, made),
        **_named("core_", {p: g for p, g in test.items() if g.core}, made),
        **_named("dev_core_", {p: g for p, g in dev.items() if g.core}, made),
        **_named("reached_", {p: g for p, g in test.items() if made[p].reached}, made),
        **_named("dev_reached_", {p: g for p, g in dev.items() if made[p].reached}, made),
        "confusion": confusion(test, made),
        "dev_confusion": confusion(dev, made),
        "unlabelled": len(blank),
        "unlabelled_repeated": sum(made[p].kind == "REPEATED" for p in blank),
        **block(pairs, listed, results),
        **_threads(listed, results),
        "seconds": round(sum(result.digest.seconds for result in results.values()), 1),
    }
    if table:
        found["errors"] = errors(pairs, made, results)
        found["within_day_lines"] = within_day(pairs, listed, results)
        found["block"] = {
            f"{day:%F}": [
                f"{c.kind}: {c.claim.text}" + (f" | was: {c.was.text}" if c.was else "")
                for c in result.digest.changes
            ]
            for day, result in results.items()
        }  # fmt: skip
    return found


def scored(pairs: Mapping[Place, Gold], made: Mapping[Place, Told]) -> dict[str, float]:
    """Precision and recall of each kind over the labelled pairs."""
    judged = [(gold.kind, made[place].kind) for place, gold in pairs.items() if gold.labelled]
    found = {}
    for name, kinds in _KINDS.items():
        right = sum(own in kinds and true in kinds for true, own in judged)
        said, true = (sum(pair[side] in kinds for pair in judged) for side in (1, 0))
        found[f"{name}_precision"] = round(right / said, 4) if said else 1.0
        found[f"{name}_recall"] = round(right / true, 4) if true else 1.0
    return found


def _named(name: str, pairs: Mapping[Place, Gold], made: Mapping[Place, Told]) -> dict[str, float]:
    """The figures of some pairs, and how many are labelled, each key beginning with ``name``."""
    found = {**scored(pairs, made), "pairs": sum(gold.labelled for gold in pairs.values())}
    return {name + key: value for key, value in found.items()}


def confusion(pairs: Mapping[Place, Gold], made: Mapping[Place, Told]) -> dict[str, int]:
    """How often each gold kind was told as which."""
    counted = Counter(
        f"{gold.kind} as {made[place].kind or 'nothing'}"
        for place, gold in pairs.items()
        if gold.labelled
    )
    return dict(sorted(counted.items()))


def _threads(listed: Sequence[Item], results: Mapping[date, RunResult]) -> dict[str, Any]:
    """Articles by the threads of their developments; those that are in none are not counted."""
    true: dict[str, list[str]] = {"": [], "dev_": []}
    own: dict[str, list[str]] = {"": [], "dev_": []}
    for day, result in results.items():
        where = placed(result.developments)
        threads = {
            d.id: Counter(
                result.recalled[f.id].thread for f in d.facts if f.id in result.recalled
            ).most_common(1)
            for d in result.developments
        }
        for item in listed:
            development = where.get(article_id(item), "")
            if item.day == day and item.strict and threads.get(development):
                split = "dev_" if within(day, DEV) else ""
                true[split].append(item.cluster)
                own[split].append(threads[development][0][0])
    found: dict[str, Any] = {}
    for split in true:
        scores = clustering(true[split], own[split])
        found |= {
            f"{split}threads_bcubed_f1": round(scores.bcubed_f1, 4),
            f"{split}threads_pairwise_f1": round(scores.pairwise_f1, 4),
            f"{split}threads_articles": len(true[split]),
        }
    return found


def errors(
    pairs: Mapping[Place, Gold], made: Mapping[Place, Told], results: Mapping[date, RunResult]
) -> list[dict[str, Any]]:
    """Every pair that was told wrongly, or that nobody labelled and is not REPEATED."""
    found = []
    for place, own in made.items():
        true = pairs[place]
        if own.kind == true.kind:
            continue
        found.append(
            {
                "day": f"{place[0]:%F}", "cluster": place[1],
                "gold": true.kind if true.labelled else "unlabelled",
                "old": [row.old for row in true.rows], "new": [row.new for row in true.rows],
                "product": own.kind or own.why,
                "facts": _facts(own, results[place[0]]),
            }
        )  # fmt: skip
    return found


def _facts(own: Told, result: RunResult) -> list[str]:
    """What the product knows of each fact, for reading."""
    lines = []
    for development in own.developments:
        for fact in development.facts:
            known = result.recalled.get(fact.id)
            line = f"{known.kind if known else 'not recalled'}: {fact.passages[0].text[:_SHOWN]}"
            if known and known.old:
                line += f" | {known.what} {known.before!r} -> {known.after!r}"
                line += f" | was: {known.old.text[:_SHOWN]}"
            lines.append(line)
    return lines
