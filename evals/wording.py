"""How many sentences count as the writer's own, and how far they are from their sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from briefing.text.wording import Wording, compression, novel_bigrams, wording

__all__ = ["Wording", "compression", "distribution", "novel_bigrams", "wording"]


def distribution(found: Sequence[Wording]) -> dict[str, Any]:
    """Share that counts as written, why, and deciles of length and novelty."""
    if not found:
        return {"sentences": 0, "written": 0.0}
    grounds = Counter(w.grounds for w in found)
    return {
        "sentences": len(found),
        "written": round(sum(w.written for w in found) / len(found), 4),
        "grounds": {key: round(n / len(found), 4) for key, n in sorted(grounds.items())},
        "length_deciles_1_5_9": _deciles([w.length for w in found]),
        "novel_deciles_1_5_9": _deciles([w.novel for w in found]),
    }


def _deciles(values: Sequence[float]) -> list[float]:
    return [round(float(v), 3) for v in np.quantile(values, [0.1, 0.5, 0.9])]
