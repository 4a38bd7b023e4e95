"""How far a paragraph stands from the article's own matter."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

# Cosine of all-MiniLM-L6-v2 to the centroid. On reports of the seeds' kind adverts, credits and
# notices stand below 0.30 and every real paragraph but short quotes above 0.44 (measured). Another
# embedding model needs them measured again.
_FAR = 0.30
_SHORT = 12  # words of a sentence; on the measured pages all real ones lost to distance had fewer
_LEAST_PARAGRAPHS = 4  # in a shorter text each paragraph pulls the centroid to itself
_MOST_HEAD = 2  # paragraphs taken from the beginning
_MOST_TAIL = 6  # and from the end


def centroid_similarity(vectors: Mapping[int, NDArray[np.float32]]) -> dict[int, float]:
    """Cosine of each paragraph to the mean of all.

    Args:
        vectors: unit vectors by paragraph number.

    Returns:
        The cosines by number; empty for fewer than four paragraphs, where they say nothing.
    """
    if len(vectors) < _LEAST_PARAGRAPHS:
        return {}
    matrix = np.stack([np.asarray(vector, dtype=np.float64) for vector in vectors.values()])
    centroid = matrix.mean(axis=0)
    length = float(np.linalg.norm(centroid))
    if length == 0.0:
        return {}
    return {n: float(v) for n, v in zip(vectors, matrix @ (centroid / length), strict=True)}


def far_paragraphs(texts: Mapping[int, str], similarity: Mapping[int, float]) -> set[int]:
    """Numbers of the paragraphs at the article's edges that are not about its matter.

    From each end inwards, as long as one paragraph after another stands far off. Quotations stay,
    and so does what shares a name with the rest: a short paragraph of the matter may stand far
    from the centroid. The middle is never touched.
    """
    order = sorted(texts)
    if len(order) < _LEAST_PARAGRAPHS:
        return set()
    far: set[int] = set()
    for numbers, most in ((order, _MOST_HEAD), (order[::-1], _MOST_TAIL)):
        for number in numbers[: min(most, len(order) // 3)]:
            others = " ".join(text for n, text in texts.items() if n != number)
            if similarity.get(number, 1.0) >= _FAR or _belongs(texts[number], others):
                break
            far.add(number)
    return far


def _belongs(text: str, others: str) -> bool:
    if re.search(r"[\"“”«»]", text):
        return True
    if len(text.split()) < _SHORT and text.endswith((".", "!", "?")):
        return True  # "We rate the statement Mostly True.": its vector says too little
    names = set(re.findall(r"(?<=[a-z,] )[A-Z][\w’'-]{2,}", text))
    return any(re.search(rf"\b{re.escape(name)}\b", others) for name in names)
