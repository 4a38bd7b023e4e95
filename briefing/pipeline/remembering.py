"""Models whose answers outlive a run that is cut off.

A writer may need minutes for an edition. Each portion of its answers, and of the judge's, is kept
as soon as it is there; begun again after a crash, the run asks only for the rest. Embeddings take
seconds and are computed again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from briefing.news import ModelIdentity, Option, Pair
from briefing.ports import Memory, Models, Progress

T = TypeVar("T")

PORTION = 8
"""Prompts, or pairs times four, between two writes to the memory: with a writer that needs ten
seconds for each, a crash loses little more than a minute."""


class Counting:
    """Passes progress on as that of one whole, though the models are asked in portions."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.before = 0  # done in earlier portions
        self.total = 0  # of the whole; 0: not in portions

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self.total and stage in ("write", "judge"):
            self._progress(stage, self.before + done, self.total)
        else:
            self._progress(stage, done, total)


class Remembering:
    """Satisfies ``ports.Models`` over other models and a memory."""

    def __init__(
        self,
        models: Models,
        memory: Memory,
        *,
        named: str,
        clock: Callable[[], datetime],
        counting: Counting | None = None,
    ) -> None:
        """
        Args:
            named: tells one configuration of models from another: their answers are not shared.
            counting: the progress that ``models`` report to.
        """
        self._models = models
        self._memory = memory
        self._named = named
        self._clock = clock
        self._counting = counting or Counting(lambda stage, done, total: None)

    @property
    def identity(self) -> ModelIdentity:
        return self._models.identity

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._models.embed(texts)

    def generate(
        self,
        prompts: Sequence[str],
        *,
        candidates: int = 1,
        among: Sequence[Sequence[Option]] = (),
    ) -> list[list[str]]:
        options = [list(listed) for listed in among] or [[] for _ in prompts]
        keys = [
            self._key("write", prompt, candidates, [[o.text, o.worth, o.own] for o in listed])
            for prompt, listed in zip(prompts, options, strict=True)
        ]

        def ask(indices: Sequence[int]) -> list[list[str]]:
            return self._models.generate(
                [prompts[i] for i in indices],
                candidates=candidates,
                among=[options[i] for i in indices] if among else (),
            )

        return self._answered(keys, ask, portion=PORTION)

    def support(self, pairs: Sequence[Pair]) -> list[float]:
        keys = [self._key("judge", pair.sentence, list(pair.evidence)) for pair in pairs]

        def ask(indices: Sequence[int]) -> list[float]:
            return self._models.support([pairs[i] for i in indices])

        return self._answered(keys, ask, portion=4 * PORTION)

    def _answered(
        self, keys: Sequence[str], ask: Callable[[Sequence[int]], list[T]], *, portion: int
    ) -> list[T]:
        known = self._memory.recalled(keys)
        found: dict[str, T] = {key: json.loads(value) for key, value in known.items()}
        first = {key: index for index, key in reversed(list(enumerate(keys)))}
        missing = sorted(index for key, index in first.items() if key not in found)
        self._counting.total = len(missing)
        try:
            for start in range(0, len(missing), portion):
                self._counting.before = start
                indices = missing[start : start + portion]
                fresh = {keys[i]: a for i, a in zip(indices, ask(indices), strict=True)}
                self._memory.remember(
                    {key: json.dumps(answer) for key, answer in fresh.items()}, now=self._clock()
                )
                found |= fresh
        finally:
            self._counting.before = self._counting.total = 0
        return [found[key] for key in keys]

    def _key(self, *asked: object) -> str:
        return sha256(json.dumps([self._named, *asked]).encode()).hexdigest()
