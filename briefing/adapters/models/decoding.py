"""The token loop: each prompt is read once for all its answers, then all rows step together.

transformers' own ``generate`` reads a prompt again for each sampled candidate, and reading is half
of the time of short answers. Here a row belongs to one answer and asks its :class:`Guide` for each
token, so an answer does not depend on the rows beside it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

# (new tokens of the rows still written, their positions among the rows of the step before)
_Step = Callable[[Sequence[Sequence[int]], Sequence[int]], Any]


class Guide(Protocol):
    """Chooses the tokens of one answer; holds what it needs to know of the answer so far."""

    def take(self, scores: Any) -> Sequence[int]:
        """The next tokens by ``scores``, one row of logits; none where the answer is complete.

        Usually one. More, where only one way leads on: they are read in one step.
        """
        ...


class Free:
    """The model's own choice."""

    def __init__(self, *, stop: frozenset[int]) -> None:
        self._stop = stop

    def take(self, scores: Any) -> Sequence[int]:
        """The best token."""
        token = int(scores.argmax())
        return [] if token in self._stop else [token]


@dataclass(frozen=True, slots=True)
class Question:
    """One answer wanted."""

    prompt: int  # index among the prompts of the call
    guide: Guide
    temperature: float = 0.0  # 0: greedy
    seed: int = 0  # of the noise of a sampled answer


class Decoder:
    """Runs one loaded model, causal or sequence-to-sequence."""

    def __init__(self, model: Any, *, pad: int) -> None:
        self._model = model
        self._pad = pad
        self._two_sided = bool(model.config.is_encoder_decoder)
        self._accepted = frozenset(inspect.signature(model.forward).parameters)

    def run(
        self, prompts: Sequence[Sequence[int]], questions: Sequence[Question], *, most: int
    ) -> list[list[int]]:
        """Token ids of the answers, one for each question, ``most`` at most.

        ``prompts`` are token ids; they are padded here: on the left, where the answer follows them,
        on the right for an encoder, which counts positions from the first token (BART).
        """
        import torch

        answers: list[list[int]] = [[] for _ in questions]
        noise = [
            torch.Generator().manual_seed(q.seed) if q.temperature else None for q in questions
        ]
        with torch.inference_mode():
            logits, step = self._begin(prompts, [q.prompt for q in questions])
            live = list(range(len(questions)))
            while True:
                scores = logits.float().cpu()
                keep, fresh = [], []
                for k, row in enumerate(live):
                    question = questions[row]
                    heat = _perturbed(scores[k], question.temperature, noise[row])
                    tokens = question.guide.take(heat)[: most - len(answers[row])]
                    answers[row] += tokens
                    if tokens and len(answers[row]) < most:
                        keep.append(k)
                        fresh.append(tokens)
                live = [live[k] for k in keep]
                if not live:
                    break
                logits = step(fresh, keep)
        return answers

    def _begin(self, prompts: Sequence[Sequence[int]], owners: list[int]) -> tuple[Any, _Step]:
        """Read all prompts; the logits of each row's first token, and the function for the next.

        ``owners`` names the prompt of each row.
        """
        import torch

        device = self._model.device
        ids, mask = self._padded(prompts, right=self._two_sided)
        rows = torch.tensor(owners, device=device)
        if self._two_sided:
            return self._begin_two_sided(ids, mask, rows)
        out = self._forward(
            input_ids=ids,
            attention_mask=mask,
            position_ids=(mask.cumsum(1) - 1).clamp_min(0),
            logits_to_keep=1,
        )
        cache = out.past_key_values
        if owners != list(range(len(prompts))):
            cache.reorder_cache(rows)
        mask = mask[rows]

        def step(tokens: Sequence[Sequence[int]], keep: Sequence[int]) -> Any:
            nonlocal mask
            if len(keep) < mask.shape[0]:
                kept = torch.tensor(keep, device=device)
                cache.reorder_cache(kept)
                mask = mask[kept]
            ids, fresh = self._padded(tokens)
            mask = torch.cat([mask, fresh], dim=1)
            out = self._forward(
                input_ids=ids,
                attention_mask=mask,
                position_ids=(mask.cumsum(1) - 1).clamp_min(0)[:, -ids.shape[1] :],
                past_key_values=cache,
                logits_to_keep=1,
            )
            return out.logits[:, -1]

        return out.logits[:, -1][rows], step

    def _begin_two_sided(self, ids: Any, mask: Any, rows: Any) -> tuple[Any, _Step]:
        import torch

        states = self._model.get_encoder()(input_ids=ids, attention_mask=mask).last_hidden_state
        states, mask = states[rows], mask[rows]
        config = self._model.generation_config
        start = config.decoder_start_token_id
        if start is None:
            start = config.bos_token_id
        cache: Any = None
        written: Any = None  # mask of the decoder's own tokens

        def step(tokens: Sequence[Sequence[int]], keep: Sequence[int]) -> Any:
            nonlocal states, mask, cache, written
            if len(keep) < mask.shape[0]:
                kept = torch.tensor(keep, device=ids.device)
                cache.reorder_cache(kept)
                states, mask, written = states[kept], mask[kept], written[kept]
            fresh, real = self._padded(tokens)
            written = real if written is None else torch.cat([written, real], dim=1)
            out = self._forward(
                encoder_outputs=(states,),
                attention_mask=mask,
                decoder_input_ids=fresh,
                decoder_attention_mask=written,
                past_key_values=cache,
            )
            cache = out.past_key_values
            return out.logits[:, -1]

        count = int(rows.shape[0])
        return step([[start]] * count, range(count)), step

    def _padded(self, rows: Sequence[Sequence[int]], *, right: bool = False) -> tuple[Any, Any]:
        """Token ids padded on the left, or on the right, and the mask of the real ones."""
        import torch

        longest = max(len(row) for row in rows)
        ids, mask = [], []
        for row in rows:
            pad, real = [self._pad] * (longest - len(row)), [1] * len(row)
            ids.append([*row, *pad] if right else [*pad, *row])
            mask.append([*real, *[0] * len(pad)] if right else [*[0] * len(pad), *real])
        device = self._model.device
        return torch.tensor(ids, device=device), torch.tensor(mask, device=device)

    def _forward(self, **arguments: Any) -> Any:
        wanted = {k: v for k, v in arguments.items() if k in self._accepted}
        return self._model(**wanted, use_cache=True, return_dict=True)


def _perturbed(scores: Any, temperature: float, noise: Any) -> Any:
    """Scores whose best entry is a sample of the softmax at ``temperature`` (Gumbel-max)."""
    if not temperature:
        return scores
    import torch

    # The order below the best is a sample without replacement (Kool et al. 2019), so a guide may
    # pass over a token and take the next.
    uniform = torch.rand(scores.shape, generator=noise).clamp_min_(1e-10)
    return scores / temperature - (-uniform.log()).log()
