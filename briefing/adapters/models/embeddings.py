"""Sentence embeddings by all-MiniLM-L6-v2, loaded directly (importing sentence-transformers
costs seconds and adds nothing): mean of the last hidden states, scaled to unit length (Reimers
and Gurevych 2019)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from briefing.adapters.models.runtime import quiet, translated
from briefing.adapters.models.settings import ModelSettings, cache_folder
from briefing.adapters.models.weights import EMBEDDINGS, verified
from briefing.ports import Progress

_MOST_TOKENS = 256  # the length the model was trained for (its sentence_bert_config.json)
_BATCH = 64  # 16 to 128 differ by less than a tenth on two cores
DIMENSION = 384


class Embeddings:
    """The loaded embedding model. Runs in fp32 on the CPU: short texts, and exact repeats."""

    def __init__(self, tokenizer: Any, model: Any) -> None:
        self._tokenizer = tokenizer
        self._model = model

    @classmethod
    def load(cls, settings: ModelSettings, *, on_progress: Progress) -> Embeddings:
        """Verify and load the packaged model.

        Raises:
            ModelError: package missing, wrong checksum, out of memory.
        """
        cache = settings.cache or cache_folder()
        folder = str(verified(EMBEDDINGS, cache=cache, on_progress=on_progress).parent)
        from transformers import AutoModel, AutoTokenizer

        only: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        with translated("load the embedding model", remedy=EMBEDDINGS.install), quiet():
            return cls(
                AutoTokenizer.from_pretrained(folder, **only),
                AutoModel.from_pretrained(folder, use_safetensors=True, **only).eval(),
            )

    def embed(self, texts: Sequence[str], *, on_progress: Progress) -> NDArray[np.float32]:
        """Unit vectors, shape ``(len(texts), 384)``; longer texts count by their first 256 tokens.

        Each distinct text is computed once. Batches are sorted by length to waste little padding.
        """
        import torch

        distinct = list(dict.fromkeys(texts))
        order = sorted(range(len(distinct)), key=lambda i: (-len(distinct[i]), distinct[i]))
        vectors = np.zeros((len(distinct), DIMENSION), np.float32)
        with translated("embed texts"), torch.inference_mode(), quiet():
            for first in range(0, len(order), _BATCH):
                rows = order[first : first + _BATCH]
                batch = self._tokenizer(
                    [distinct[i] for i in rows],
                    padding=True,
                    truncation=True,
                    max_length=_MOST_TOKENS,
                    split_special_tokens=True,
                    return_tensors="pt",
                )
                states = self._model(**batch).last_hidden_state
                mask = batch["attention_mask"].unsqueeze(-1).to(states.dtype)
                means = (states * mask).sum(1) / mask.sum(1)
                vectors[rows] = torch.nn.functional.normalize(means, dim=1).numpy()
                on_progress("embed", min(first + _BATCH, len(order)), len(order))
        place = {text: i for i, text in enumerate(distinct)}
        return vectors[[place[text] for text in texts]]
