"""The weights of `briefing.text.likeness`, fitted on pairs of real items and of invented ones.

    python -m training.likeness --data DIR

Reads ``DIR/days/replay*/items*.jsonl`` and takes the days of its development half alone. Each two
items are a pair, of one event where they have one cluster; bins of explainers and newsletters are
left out. A logistic regression with a small L2 penalty (maximum a posteriori under a normal prior)
gives the weights; cross-validation over days gives the average precision that is printed beside
that of the embeddings alone.

The weights by which a report *follows* another in other words are fitted on reports of later days
beside what the ledger would hold of earlier ones (the article without its headline): the real ones,
and the invented follow-ups of ``evals/small/recall/tuned.jsonl``, each of which counts
:data:`INVENTED` times. Explainers are left out: they are told of by their headlines.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from briefing.adapters.models import LocalModels, ModelSettings
from briefing.text.likeness import FEATURES, Telling, rows_of, telling
from evals.memory_articles import article_id, articles
from evals.memory_followups import rows
from evals.memory_gold import DEV, Item, items
from evals.reading import Losses

Matrix = NDArray[np.float64]

PENALTY = 10.0
"""Of the squared weights, against the sum of the log losses; the bias is free. Chosen by leaving
out one day at a time (1, 3, 10, 30)."""
FOLLOWING_PENALTY, INVENTED = 3.0, 5.0
"""The same for what follows, and how many real pairs an invented one counts as: chosen by leaving
out one invented story at a time (5, 10, 20 times; penalties of 3 and 10), with the real pairs in
view."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    options = parser.parse_args(arguments)
    listed = [i for i in items(options.data, Losses()) if DEV[0] <= i.day <= DEV[1] and i.strict]
    models = LocalModels(ModelSettings())
    tellings, labels = _told(listed, models)
    at, table = rows_of(tellings, tellings)
    pairs = [n for n, (i, j) in enumerate(at) if i < j]
    x = table[pairs]
    y = np.array([labels[at[n][0]] == labels[at[n][1]] for n in pairs], dtype=np.float64)
    folds = np.array([tellings[at[n][1]].day.toordinal() % 4 for n in pairs])
    held = np.zeros(len(y))
    for fold in set(folds):
        weights, bias = fit(x[folds != fold], y[folds != fold])
        held[folds == fold] = x[folds == fold] @ weights + bias
    weights, bias = fit(x, y)
    print(f"{len(y)} pairs, {int(y.sum())} of one event")
    print(
        f"average precision over held-out days {average_precision(held, y):.3f}, "
        f"of the embeddings alone {average_precision(x[:, 0], y):.3f}"
    )
    for name, weight in zip(FEATURES, weights, strict=True):
        print(f"{weight:6.2f}  {name}")
    print(f"{bias:6.2f}  bias")
    _print_following(tellings, labels, models)


def _print_following(
    tellings: Sequence[Telling], labels: Sequence[str], models: LocalModels
) -> None:
    real = _pairs(tellings, labels, [_as_remembered(t, models) for t in tellings], labels)
    made = _invented(models)
    x = np.vstack([real[0], made[0]])
    x[:, FEATURES.index("one explains")] = 0.0
    y = np.concatenate([real[1], made[1]])
    counts = np.concatenate([np.ones(len(real[1])), np.full(len(made[1]), INVENTED)])
    weights, bias = fit(x, y, counts, penalty=FOLLOWING_PENALTY)
    print(f"following: {len(real[1])} real pairs, {len(made[1])} invented")
    for name, weight in zip(FEATURES, weights, strict=True):
        print(f"{weight:6.2f}  {name}")
    print(f"{bias:6.2f}  bias")


def _as_remembered(one: Telling, models: LocalModels) -> Telling:
    """A telling as the ledger has it: facts are sentences, not headlines."""
    texts = one.rest or (one.lead,)
    return telling(one.article, texts, list(models.embed(texts)), one.day)


def _pairs(
    new: Sequence[Telling], ours: Sequence[str], old: Sequence[Telling], theirs: Sequence[str]
) -> tuple[Matrix, Matrix]:
    """The features of each report and each of an earlier day, and whether they are of one event."""
    at, table = rows_of(new, old)
    later = [n for n, (i, j) in enumerate(at) if new[i].day > old[j].day]
    same = [ours[at[n][0]] == theirs[at[n][1]] for n in later]
    return table[later], np.array(same, dtype=np.float64)


def _invented(models: LocalModels) -> tuple[Matrix, Matrix]:
    listed = [row for row in rows("dev") if row.kind != "BACKGROUND"]
    found = []
    for story in dict.fromkeys(row.story for row in listed):
        told, labels = _told([row.item for row in listed if row.story == story], models)
        found.append(_pairs(told, labels, [_as_remembered(t, models) for t in told], labels))
    return np.vstack([x for x, _ in found]), np.concatenate([y for _, y in found])


def _told(listed: Sequence[Item], models: LocalModels) -> tuple[list[Telling], list[str]]:
    """A telling for each item that gives an article, and its cluster."""
    made: list[Telling] = []
    labels: list[str] = []
    for day in sorted({item.day for item in listed}):
        today = [item for item in listed if item.day == day]
        found = articles(today, models, day=day, progress=lambda *_: None)
        clusters = {article_id(item): item.cluster for item in today}
        texts = [p.text for a in found.values() for p in a.passages]
        rows = iter(models.embed(texts))
        for article in found.values():
            own = [p.text for p in article.passages]
            made.append(telling(article.id, own, [next(rows) for _ in own], day))
            labels.append(clusters[article.id])
    return made, labels


def fit(
    x: Matrix, y: Matrix, counts: Matrix | None = None, *, penalty: float = PENALTY
) -> tuple[Matrix, float]:
    """Weights and bias of a logistic regression by Newton's method.

    Args:
        counts: how many times each row counts; ``None``: once.
    """
    table = np.hstack([x, np.ones((len(x), 1))])
    times = np.ones(len(y)) if counts is None else counts
    ridge = np.diag([penalty] * x.shape[1] + [0.0])
    weights = np.zeros(table.shape[1])
    for _ in range(50):
        odds = 1.0 / (1.0 + np.exp(-table @ weights))
        slope = table.T @ (times * (odds - y)) + ridge @ weights
        curve = (table * (times * odds * (1 - odds))[:, None]).T @ table + ridge
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if float(np.abs(step).max()) < 1e-8:
            break
    return weights[:-1], float(weights[-1])


def average_precision(scores: Matrix, truth: Matrix) -> float:
    """Mean of the precision at each true pair, best score first."""
    hits = truth[np.argsort(-scores, kind="stable")]
    ranks = np.flatnonzero(hits) + 1
    return float((np.arange(1, len(ranks) + 1) / ranks).mean()) if len(ranks) else 0.0


if __name__ == "__main__":
    main()
