"""``LocalModels``: the writer, the embeddings and the judge on this machine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from briefing.adapters.models.embeddings import DIMENSION, Embeddings
from briefing.adapters.models.judging import Judge, Score
from briefing.adapters.models.runtime import use_threads
from briefing.adapters.models.settings import ModelSettings
from briefing.adapters.models.weights import EMBEDDINGS
from briefing.adapters.models.writer import Writer
from briefing.news import ModelIdentity, Option, Pair
from briefing.ports import Progress

_SIMILARITY = f"{EMBEDDINGS.name} similarity ({EMBEDDINGS.sha256[:8]})"


def _silent(stage: str, done: int, total: int) -> None:
    """No progress wanted."""


class LocalModels:
    """Satisfies ``ports.Models``. Each model is loaded when it is first needed, and only then.

    ``on_progress(stage, done, total)`` is told of the stages ``verify``, ``convert``, ``load
    writer``, ``embed`` and ``write``.
    """

    def __init__(
        self, settings: ModelSettings | None = None, *, on_progress: Progress = _silent
    ) -> None:
        self._settings = settings or ModelSettings()
        self._on_progress = on_progress
        self._writer: Writer | None = None
        self._embeddings: Embeddings | None = None
        self._judge: Judge | None = None
        self._scores: dict[Pair, Score] = {}

    @property
    def identity(self) -> ModelIdentity:
        """Names and checksums of what writes and judges; loads both.

        Raises:
            ModelError: one of them cannot be loaded.
        """
        writer = self._load_writer()
        return ModelIdentity(
            writer=writer.names.writer,
            adapter=writer.names.adapter,
            judge=self._load_judge().name if self._settings.judge else _SIMILARITY,
            device=str(writer.place),
        )

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape ``(len(texts), 384)``.

        Raises:
            ModelError: the embedding model is missing, damaged or out of memory.
        """
        if not texts:
            return np.zeros((0, DIMENSION), np.float32)
        return self._load_embeddings().embed(texts, on_progress=self._on_progress)

    def generate(
        self,
        prompts: Sequence[str],
        *,
        candidates: int = 1,
        among: Sequence[Sequence[Option]] = (),
    ) -> list[list[str]]:
        """For each prompt, ``candidates`` raw answers: the first greedy, the others sampled.

        A prompt with options in ``among`` has one answer, which is one of them.

        The same prompts give the same answers: noise is seeded by prompt and candidate.

        Raises:
            ModelError: the writer is missing, damaged or out of memory.
        """
        if candidates < 1:
            raise ValueError(f"candidates must be at least 1, not {candidates}")
        if not prompts:
            return []
        return self._load_writer().write(
            prompts, candidates=candidates, among=among, on_progress=self._on_progress
        )

    def support(self, pairs: Sequence[Pair]) -> list[float]:
        """How far each sentence is supported by its evidence, 0 to 1.

        With a judge: its verdict times its least support along the sentence (:mod:`.judging`).
        Without one only how near the sentence is: the largest cosine between the sentence and one
        passage, or the mean of all. That tells a sentence on another matter (0.99 of them below
        0.60 on gold) and cannot tell a wrong name, number or denial: 99 of 100 subtly wrong
        sentences score above 0.60 like true ones.

        Raises:
            ModelError: the model is missing, damaged or out of memory.
        """
        if self._settings.judge:
            # What stands there word for word needs no judge, which would doubt it now and then.
            asked = [pair for pair in pairs if pair.sentence not in pair.evidence]
            known = dict(zip(asked, self.judged(asked), strict=True))
            return [known[p].support if p in known else 1.0 for p in pairs]
        texts = [text for pair in pairs for text in (pair.sentence, *pair.evidence)]
        vectors = self.embed(texts)
        scores, at = [], 0
        for pair in pairs:
            sentence, evidence = vectors[at], vectors[at + 1 : at + 1 + len(pair.evidence)]
            at += 1 + len(pair.evidence)
            scores.append(_similarity(sentence, evidence))
        return scores

    def judged(self, pairs: Sequence[Pair]) -> list[Score]:
        """Both figures of the judge for each pair; what was asked before is not read again.

        Raises:
            ModelError: there is no judge, or it cannot be loaded, or memory runs out.
        """
        new = [pair for pair in dict.fromkeys(pairs) if pair not in self._scores]
        if new:
            found = self._load_judge().scores(new, on_progress=self._on_progress)
            self._scores.update(zip(new, found, strict=True))
        return [self._scores[pair] for pair in pairs]

    def _load_judge(self) -> Judge:
        if self._judge is None:
            use_threads(self._settings.threads)
            self._judge = Judge.load(self._settings, on_progress=self._on_progress)
        return self._judge

    def _load_writer(self) -> Writer:
        if self._writer is None:
            use_threads(self._settings.threads)
            self._writer = Writer.load(self._settings, on_progress=self._on_progress)
        return self._writer

    def _load_embeddings(self) -> Embeddings:
        if self._embeddings is None:
            use_threads(self._settings.threads)
            self._embeddings = Embeddings.load(self._settings, on_progress=self._on_progress)
        return self._embeddings


def _similarity(sentence: NDArray[np.float32], evidence: NDArray[np.float32]) -> float:
    """Largest cosine to one passage or to the mean of all (for a sentence that fuses them)."""
    if not len(evidence):
        return 0.0
    mean = evidence.mean(axis=0)
    mean /= max(float(np.linalg.norm(mean)), 1e-9)
    return float(np.clip(max((evidence @ sentence).max(), mean @ sentence), 0.0, 1.0))
