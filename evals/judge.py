"""How well the judge, and the gate that it stands in, tell true sentences from wrong ones.

Gold (``DIR/gold/*.jsonl``, ids that end in 5): each true statement and each wrong one, of one
subtle error each, is scored against all passages of its row. ``gold_caught`` is the share of wrong
ones and ``gold_false_alarms`` that of true ones below the judge's even threshold;
``gold_caught_at_10`` the share caught where one true one in ten is refused, ``gold_caught_at_8`` at
8 %. ``gate_*`` is what the whole check makes of the same sentences (:mod:`evals.gate`).

AggreFact (:mod:`evals.aggrefact`): ``aggrefact_cnn_bacc`` and ``aggrefact_xsum_bacc`` are balanced
accuracies with thresholds cross-fitted in two halves, five times; ``..._bacc_fixed`` those at the
even threshold.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from briefing.news import Pair
from briefing.pipeline import Limits
from briefing.ports import Progress
from evals import aggrefact, gate, measures, product
from evals.gold import Example, examples
from evals.reading import Losses, NoData, write_jsonl

PARTS = ("gold", "gate", "aggrefact")


def options(parser: argparse.ArgumentParser) -> None:
    """What may be asked beside the data."""
    product.options(parser)
    parser.add_argument("--part", action="append", choices=PARTS, help="only this; may be repeated")
    parser.add_argument("--split", choices=("dev", "train", "all"), default="dev")
    parser.add_argument("--threshold", type=float, help="instead of the judge's even one")
    parser.add_argument(
        "--rules-only", action="store_true", help="the gate without a judge: no model is loaded"
    )
    parser.add_argument("--nearest", type=int, default=aggrefact.NEAREST, help="AggreFact evidence")
    parser.add_argument("--limit", type=int, default=0, help="only so many AggreFact rows of each")
    parser.add_argument("--dump", type=Path, help="every sentence with its score, as JSON Lines")


def figures(data: Path, chosen: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """All figures that the data folder allows.

    Raises:
        NoData: it has neither gold nor AggreFact.
        ModelError: a model is missing or damaged.
    """
    losses = Losses()
    threshold = product.even(chosen) if chosen.threshold is None else chosen.threshold
    parts = ["gate"] if chosen.rules_only else chosen.part or PARTS
    gold, corpora = _read(data, chosen, parts, losses, progress)
    judge = _Judge(chosen, progress)
    found: dict[str, Any] = {}
    if gold:
        judge.read([] if chosen.rules_only else gate.pairs(gold))
        if "gold" in parts:
            found |= _gold_figures(gold, judge, threshold)
        if "gate" in parts:
            found |= gate.figures(
                gold,
                judge.score,
                floor=judge.limits.floor,
                trust=judge.limits.trust,
                progress=progress,
            )
        found["gold_examples"] = len(gold)
    for name, listed in corpora.items():
        scores = judge.claims(listed, nearest=chosen.nearest)
        found |= aggrefact.figures(name, scores, listed, threshold=threshold)
    if chosen.dump:
        write_jsonl(chosen.dump, _records(gold, corpora, judge))
    return {**found, "threshold": threshold, **losses.figures()}


def _read(
    data: Path,
    chosen: argparse.Namespace,
    parts: Sequence[str],
    losses: Losses,
    progress: Progress,
) -> tuple[list[Example], dict[str, list[aggrefact.Row]]]:
    """What there is of gold and AggreFact; what is not there is said."""
    absent: list[NoData] = []
    gold: list[Example] = []
    corpora: dict[str, list[aggrefact.Row]] = {}
    if "gold" in parts or "gate" in parts:
        try:
            gold = examples(data, split=chosen.split, losses=losses)
        except NoData as error:
            absent.append(error)
    for name in ("cnn", "xsum") if "aggrefact" in parts else ():
        try:
            listed = aggrefact.corpus(data, name, losses, progress)
        except NoData as error:
            absent.append(error)
            continue
        if chosen.limit and chosen.limit < len(listed):
            listed = [
                listed[i * len(listed) // chosen.limit] for i in range(chosen.limit)
            ]  # spread evenly
        if listed:
            corpora[name] = listed
    if not gold and not corpora:
        raise absent[0] if absent else NoData("holds no readable row", where=str(data))
    for error in absent:
        print(f"not measured: {error.message}", file=sys.stderr)
    return gold, corpora


class _Judge:
    """The scores of the model, each pair asked once; without a model every score is 1."""

    def __init__(self, chosen: argparse.Namespace, progress: Progress) -> None:
        own = None if chosen.rules_only else product.opened(chosen, progress)
        self._models = own.models if own else None
        self.limits = own.limits if own else Limits()
        self._progress = progress
        self._known: dict[Pair, float] = {}
        self.asked: dict[str, list[Pair]] = {}  # AggreFact row -> its pairs

    def read(self, pairs: Sequence[Pair]) -> None:
        """Score these ahead, all at once."""
        new = [p for p in dict.fromkeys(pairs) if p not in self._known]
        if self._models is not None and new:
            self._known |= product.scored(self._models.support, new, self._progress)

    def score(self, sentence: str, evidence: tuple[str, ...]) -> float:
        """Of a pair that was read."""
        return self._known[Pair(sentence, evidence)] if self._models is not None else 1.0

    def claims(self, listed: Sequence[aggrefact.Row], *, nearest: int) -> list[float]:
        """The score of each claim: that of its worst sentence."""
        assert self._models is not None
        asked = aggrefact.evidence(
            listed, self._models.embed, nearest=nearest, short=aggrefact.SHORT
        )
        self.read([pair for pairs in asked for pair in pairs])
        self.asked |= {row.where: pairs for row, pairs in zip(listed, asked, strict=True)}
        return [min(self._known[pair] for pair in pairs) for pairs in asked]


def _gold_figures(gold: Sequence[Example], judge: _Judge, threshold: float) -> dict[str, Any]:
    true = [judge.score(s, e.evidence) for e in gold for s in e.statements]
    heads = [judge.score(e.headline, e.evidence) for e in gold]
    wrong: defaultdict[str, list[float]] = defaultdict(list)
    for e in gold:
        for kind, text in e.corrupt:
            wrong[kind].append(judge.score(text, e.evidence))
    every = [score for scores in wrong.values() for score in scores]
    found: dict[str, Any] = {
        "gold_caught": round(measures.refused(every, threshold), 4),
        "gold_false_alarms": round(measures.refused(true, threshold), 4),
        "gold_false_alarms_headlines": round(measures.refused(heads, threshold), 4),
        "gold_auc": round(measures.auc(true, every), 4),
        "gold_true": len(true),
        "gold_wrong": len(every),
    }
    for percent in (10, 8, 5, 2):
        at = measures.threshold_for(true, percent / 100)
        found[f"gold_caught_at_{percent}"] = round(measures.refused(every, at), 4)
        found[f"gold_threshold_at_{percent}"] = round(at, 4)
    at_ten = measures.threshold_for(true, 0.10)
    found["gold_by_type"] = {
        kind: {
            "caught": round(measures.refused(scores, threshold), 4),
            "caught_at_10": round(measures.refused(scores, at_ten), 4),
            "auc": round(measures.auc(true, scores), 4),
            "wrong": len(scores),
        }
        for kind, scores in sorted(wrong.items())
    }
    return found


def _records(
    gold: Sequence[Example], corpora: dict[str, list[aggrefact.Row]], judge: _Judge
) -> list[dict[str, Any]]:
    """Every sentence that was scored, for reading where the judge errs."""
    found = []
    for e in gold:
        texts = [("true", s) for s in e.statements] + [("headline", e.headline), *e.corrupt]
        for kind, text in texts:
            found.append(
                {
                    "set": "gold", "id": e.id, "type": kind,
                    "label": int(kind in ("true", "headline")),
                    "score": round(judge.score(text, e.evidence), 4),
                    "sentence": text, "evidence": e.evidence,
                }
            )  # fmt: skip
    for name, listed in corpora.items():
        found += [
            {
                "set": f"aggrefact {name}", "id": row.where, "label": row.label,
                "score": round(judge.score(pair.sentence, pair.evidence), 4),
                "sentence": pair.sentence, "evidence": pair.evidence,
            }
            for row in listed
            for pair in judge.asked[row.where]
        ]  # fmt: skip
    return found
