"""Vectors of texts by their words alone, for a day without the embedding model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from briefing.text.words import content_stems

DIMENSION = 1024
"""Buckets for stems: a day has a few thousand, and a shared bucket does little harm."""


def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors, shape ``(len(texts), DIMENSION)``: TF-IDF over hashed stems.

    Feature hashing after Weinberger et al. 2009, without signs. The weights belong to this list of
    texts: vectors of two calls may be compared, but share no weighting.
    """
    counts = [Counter(_bucket(stem) for stem in content_stems(text)) for text in texts]
    frequency = Counter(bucket for count in counts for bucket in count)
    rows = np.zeros((len(texts), DIMENSION), dtype=np.float32)
    for row, count in zip(rows, counts, strict=True):
        for bucket, times in count.items():
            row[bucket] = times * (1.0 + np.log(len(texts) / frequency[bucket]))
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-9), dtype=np.float32)


def _bucket(stem: str) -> int:
    return int.from_bytes(blake2b(stem.encode(), digest_size=4).digest()) % DIMENSION
