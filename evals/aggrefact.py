"""The judge on public summaries of whole articles: AggreFact (Tang et al. 2023).

``DIR/faithfulness/aggrefact*cnn*.jsonl`` and ``*xsum*``: ``document``, ``claim``, ``label`` (1:
consistent). The judge reads a few sentences, as in the product, so each sentence of a claim is held
against the sentences of the document nearest to it, and a claim is as good as its worst sentence
(compare SummaC, Laban et al. 2022, and AlignScore, Zha et al. 2023, which split alike).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from briefing.news import Pair
from briefing.ports import Progress
from briefing.text.words import word_count
from evals import measures
from evals.reading import Losses, files, rows
from evals.tokenised import split

NEAREST = 5
"""Sentences of the document that a sentence of the claim is held against."""
SHORT = 20
"""A sentence of so many words at most goes along with the one after it: it often says who."""

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
Score = Callable[[Sequence[Pair]], dict[Pair, float]]


@dataclass(frozen=True, slots=True)
class Row:
    """One claim about one document, both in sentences."""

    where: str  # file:line
    document: tuple[str, ...]
    claim: tuple[str, ...]
    label: int


def corpus(data: Path, name: str, losses: Losses, progress: Progress) -> list[Row]:
    """The rows of ``cnn`` or ``xsum``. Where test files lie beside others, the test files' rows.

    Raises:
        NoData: there is no such file.
    """
    found = files(data, f"faithfulness/aggrefact*{name}*.jsonl")
    found = [file for file in found if "test" in file.stem] or found
    needs = {"document": str, "claim": str, "label": (int, str, float)}
    read = [(f, n, row) for f in found for n, row in rows(f, needs, losses)]
    made = []
    for done, (file, number, row) in enumerate(read, 1):
        label = {"0": 0, "1": 1}.get(str(row["label"]).removesuffix(".0"))
        document, claim = split(row["document"]), split(row["claim"])
        if isinstance(row["label"], bool) or label is None:
            losses.add(file, number, f"the label is {row['label']!r}, not 0 or 1")
        elif not document or not claim:
            losses.add(file, number, "no sentence in the document or in the claim")
        else:
            made.append(Row(f"{file.name}:{number}", tuple(document), tuple(claim), label))
        progress(f"split {name}", done, len(read))
    return made


def evidence(listed: Sequence[Row], embed: Embed, *, nearest: int, short: int) -> list[list[Pair]]:
    """For each row, one pair for each sentence of its claim, evidence in document order."""
    texts = list(dict.fromkeys(t for row in listed for t in (*row.document, *row.claim)))
    place = {text: i for i, text in enumerate(texts)}
    vectors = embed(texts)

    def of(sentences: Sequence[str]) -> NDArray[np.float32]:
        return vectors[[place[s] for s in sentences]]

    found = []
    for row in listed:
        near = of(row.claim) @ of(row.document).T
        found.append(
            [
                Pair(sentence, _chosen(row.document, near[i], nearest, short))
                for i, sentence in enumerate(row.claim)
            ]
        )
    return found


def _chosen(
    document: Sequence[str], near: NDArray[np.float32], nearest: int, short: int
) -> tuple[str, ...]:
    best = {int(i) for i in np.argsort(-near, kind="stable")[:nearest]}
    before = {i - 1 for i in best if i and word_count(document[i - 1]) <= short}
    return tuple(document[i] for i in sorted(best | before))


def figures(name: str, scores: Sequence[float], listed: Sequence[Row], *, threshold: float) -> Any:
    """Balanced accuracies, 0 to 100, under keys that begin with ``aggrefact_<name>``."""
    labels = [row.label for row in listed]
    fitted = measures.cross_fitted(scores, labels)
    true = [s for s, label in zip(scores, labels, strict=True) if label]
    wrong = [s for s, label in zip(scores, labels, strict=True) if not label]
    found = {
        "bacc": round(fitted.mean, 2),
        "bacc_spread": round(fitted.spread, 2),
        "bacc_fixed": round(measures.balanced_accuracy(scores, labels, threshold), 2),
        "threshold_fitted": round(fitted.threshold, 4),
        "auc": round(measures.auc(true, wrong), 4),
        "rows": len(listed),
        "wrong": len(wrong),
    }
    return {f"aggrefact_{name}_{key}": value for key, value in found.items()}
