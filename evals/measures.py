"""What scores are worth: areas under curves, thresholds, balanced accuracy; and what groups are.

Scores are higher for what should be accepted; labels are 1 for what is true and 0 for what is not.
A score is accepted when it is at least the threshold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

REPEATS = 5  # of two-fold cross-fitting: ten halves, fixed seeds

Numbers = Sequence[float] | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CrossFitted:
    """Balanced accuracy, 0 to 100, with thresholds that never saw what they are measured on."""

    mean: float
    spread: float  # standard deviation over the halves: how much is chance
    threshold: float  # mean of the thresholds chosen


@dataclass(frozen=True, slots=True)
class Clustering:
    """How a partition agrees with the true one, each 0 to 1."""

    bcubed_precision: float
    bcubed_recall: float
    bcubed_f1: float
    pairwise_precision: float
    pairwise_recall: float
    pairwise_f1: float

    def figures(self) -> dict[str, float]:
        """By name, rounded."""
        return {name: round(getattr(self, name), 4) for name in self.__slots__}


def auc(true: Numbers, wrong: Numbers) -> float:
    """Chance that a true one scores above a wrong one, ties counted half (Mann and Whitney 1947).

    One half where either is empty.
    """
    if not len(true) or not len(wrong):
        return 0.5
    ordered = np.sort(np.asarray(wrong, np.float64))
    below = np.searchsorted(ordered, true, side="left")
    not_above = np.searchsorted(ordered, true, side="right")
    return float((below + not_above).mean() / 2 / len(ordered))


def refused(scores: Numbers, threshold: float) -> float:
    """Share of scores below the threshold; 0 of none."""
    return float(np.mean(np.asarray(scores) < threshold)) if len(scores) else 0.0


def threshold_for(true: Numbers, alarms: float) -> float:
    """The highest threshold that refuses at most the share ``alarms`` of the true ones."""
    ordered = np.sort(np.asarray(true, np.float64))
    # A hair more, for products such as 0.29 * 100 = 28.999999999999996.
    allowed = int(alarms * len(ordered) + 1e-9)
    return float(ordered[min(allowed, len(ordered) - 1)]) if len(ordered) else 0.0


def balanced_accuracy(scores: Numbers, labels: Numbers, threshold: float) -> float:
    """Mean of the shares of true ones accepted and wrong ones refused, 0 to 100.

    Where one of the two is missing, the share of the other.
    """
    accepted, truth = np.asarray(scores) >= threshold, np.asarray(labels) == 1
    shares = [float((accepted[truth == side] == side).mean()) for side in (True, False)
              if (truth == side).any()]  # fmt: skip
    return 100 * sum(shares) / len(shares) if shares else 0.0


def best_threshold(scores: Numbers, labels: Numbers) -> float:
    """The threshold of greatest balanced accuracy: the middle of the gap that it lies in.

    Of several the lowest; 0 without scores.
    """
    if not len(scores):
        return 0.0
    order = np.argsort(np.asarray(scores, np.float64), kind="stable")
    value = np.asarray(scores, np.float64)[order]
    truth = (np.asarray(labels)[order] == 1).astype(np.float64)
    positive, negative = max(truth.sum(), 1.0), max((1 - truth).sum(), 1.0)
    # Cutting before place i refuses the first i: wrong ones gained, true ones lost.
    lost = np.concatenate([[0.0], np.cumsum(truth)]) / positive
    gained = np.concatenate([[0.0], np.cumsum(1 - truth)]) / negative
    possible = np.concatenate([[True], value[1:] > value[:-1], [True]])
    worth = np.where(possible, gained - lost, -np.inf)
    place = int(np.argmax(worth))
    if place == 0:
        return float(value[0])
    if place == len(value):
        return float(np.nextafter(value[-1], np.inf))
    middle = (value[place - 1] + value[place]) / 2
    return float(middle if middle > value[place - 1] else value[place])


def cross_fitted(scores: Numbers, labels: Numbers) -> CrossFitted:
    """Two-fold cross-fitting, repeated with fixed seeds, each half with its share of either label.

    The threshold is chosen on one half and measured on the other, both ways round.
    """
    values, truth = np.asarray(scores, np.float64), np.asarray(labels)
    found, thresholds = [], []
    for seed in range(REPEATS):
        first = _half(truth, np.random.default_rng(seed))
        for own in (first, ~first):
            threshold = best_threshold(values[own], truth[own])
            thresholds.append(threshold)
            found.append(balanced_accuracy(values[~own], truth[~own], threshold))
    return CrossFitted(float(np.mean(found)), float(np.std(found)), float(np.mean(thresholds)))


def _half(truth: NDArray[np.int_], chance: np.random.Generator) -> NDArray[np.bool_]:
    chosen = np.zeros(len(truth), bool)
    for side in (0, 1):
        places = chance.permutation(np.flatnonzero(truth == side))
        chosen[places[: (len(places) + 1) // 2]] = True
    return chosen


def clustering(gold: Sequence[Hashable], found: Sequence[Hashable]) -> Clustering:
    """B-cubed (Bagga and Baldwin 1998) and pairwise figures of a partition.

    B-cubed precision is, averaged over the things, the share of a thing's found cluster that is of
    its true one; recall the share of its true cluster that is in its found one. Pairwise the same
    over pairs of things that stand together. Where there is no pair nothing is wrong: 1.

    Args:
        gold, found: the true and the found label of each thing.

    Raises:
        ValueError: the two are not equally many.
    """
    both = Counter(zip(gold, found, strict=True))
    true, made = Counter(gold), Counter(found)
    count = len(gold) or 1
    precision = sum(n * n / made[label] for (_, label), n in both.items()) / count
    recall = sum(n * n / true[label] for (label, _), n in both.items()) / count
    right = _pairs(both)
    pairs_made, pairs_true = _pairs(made), _pairs(true)
    of_made = right / pairs_made if pairs_made else 1.0
    of_true = right / pairs_true if pairs_true else 1.0
    return Clustering(
        precision, recall, f1(precision, recall), of_made, of_true, f1(of_made, of_true)
    )


def f1(precision: float, recall: float) -> float:
    """The harmonic mean; 0 when both are."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _pairs(sizes: Counter[Any]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes.values())
