"""The answer is one of given sentences: the writer chooses it token by token.

Every sentence that it may write stands in a tree of tokens, so at each step only those can follow
that lead to one of them. Where several do, the model's own score decides, with what the best
sentence behind each is worth added to it (constrained decoding over a trie: De Cao et al. 2021,
"Autoregressive entity retrieval").
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from briefing.news import Option


class _Node:
    """A place in the tree: what may follow, and the best worth of all behind it."""

    __slots__ = ("best", "ends", "next")

    def __init__(self) -> None:
        self.next: dict[int, _Node] = {}
        self.best = -math.inf
        self.ends = -math.inf  # worth of the sentence that is complete here


class Among:
    """One answer being written among ``options``.

    ``stop`` is a token that ends an answer: its score weighs an end where another option goes on.
    """

    def __init__(
        self, options: Sequence[Option], encode: Callable[[str], Sequence[int]], *, stop: int
    ) -> None:
        self._at = _Node()
        self._stop = stop
        for option in options:
            node = self._at
            node.best = max(node.best, option.worth)
            for token in encode(option.text):
                node = node.next.setdefault(token, _Node())
                node.best = max(node.best, option.worth)
            node.ends = max(node.ends, option.worth)

    def take(self, scores: Any) -> Sequence[int]:
        """The next tokens by ``scores``, up to the next choice; none where the answer is whole."""
        taken: list[int] = []
        node = self._at
        while node.next:
            choices = len(node.next) + (node.ends > -math.inf)
            if choices > 1 and taken:
                break
            if choices == 1:
                token = next(iter(node.next))
            else:
                worth = {t: after.best for t, after in node.next.items()}
                if node.ends > -math.inf:
                    worth[self._stop] = max(worth.get(self._stop, -math.inf), node.ends)
                # The smaller token where two are alike, so that nothing hangs on the order given.
                token = max(sorted(worth), key=lambda t: float(scores[t]) + worth[t])
                if token not in node.next:
                    node = _Node()
                    break
            taken.append(token)
            node = node.next[token]
        self._at = node
        return taken
