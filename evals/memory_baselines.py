"""Plain ways to bring texts of one thing together, beside the product's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from briefing.text.words import content_stems

Rows = NDArray[np.float64]


def tfidf(texts: Sequence[str]) -> Rows:
    """One unit row for each text: counts of stems by their smoothed inverse document frequency
    (Spärck Jones 1972). A text without a stem has a row of zeros."""
    counted = [Counter(content_stems(text)) for text in texts]
    held = Counter(stem for counts in counted for stem in counts)
    place = {stem: number for number, stem in enumerate(sorted(held))}
    rows = np.zeros((len(texts), len(place)))
    for row, counts in zip(rows, counted, strict=True):
        for stem, count in counts.items():
            row[place[stem]] = count * (np.log((1 + len(texts)) / (1 + held[stem])) + 1)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1.0)


def cosine_distances(rows: NDArray[np.floating]) -> Rows:
    """One less the cosine, from 0 to 2; ``rows`` are unit vectors."""
    distances = 1.0 - np.asarray(rows, np.float64) @ np.asarray(rows, np.float64).T
    np.fill_diagonal(distances, 0.0)
    return distances.clip(0.0, 2.0)


def average_link(keys: Sequence[str], distances: Rows, cut: float) -> dict[str, str]:
    """A label for each key by average-link clustering (Sokal and Michener 1958), cut at ``cut``."""
    if len(keys) < 2:
        return dict.fromkeys(keys, "1")
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    # Rounding may leave the two halves unlike in the last bit.
    condensed = squareform((distances + distances.T) / 2, checks=False)
    labels = fcluster(linkage(condensed, method="average"), cut, criterion="distance")
    return {key: str(label) for key, label in zip(keys, labels, strict=True)}
