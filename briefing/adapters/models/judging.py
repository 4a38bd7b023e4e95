"""The judge: the embedded model with an adapter that answers whether a statement is supported.

The question is that of :mod:`briefing.formats`. Two things are read off one pass: the answer, "Yes"
against "No" at its end, and the same two logits at every word of the statement, which say how far
it was supported when that word had been read. The score is the product of the verdict and of the
least of the others: a sentence is no better than its worst word.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from briefing.adapters.models.adapting import CHATML, adapted, adapter_identity
from briefing.adapters.models.checkpoint import read_adapter
from briefing.adapters.models.loading import choose, opened
from briefing.adapters.models.runtime import (
    Placement,
    out_of_memory,
    quiet,
    torch_dtype,
    translated,
)
from briefing.adapters.models.settings import ModelSettings, cache_folder
from briefing.errors import ModelError
from briefing.formats import ANSWERS, flat, judge_prompt
from briefing.news import Pair
from briefing.ports import Progress

CALIBRATION = "calibration.json"
"""Beside a judge's weights: how sure it must be, and on what that was measured."""

LONGEST = 1400  # tokens of one question; of longer evidence the end is not read
TOGETHER = 4096  # tokens of one batch, padding included: 2 s on two CPU cores


@dataclass(frozen=True, slots=True)
class Bar:
    """How sure the judge must be."""

    floor: float  # of a shortening that the rules prove
    trust: float  # of a sentence in other words; infinite ("trust": null): never sure enough
    even: float  # where true and wrong statements are told apart best: for measuring alone


def calibration(folder: Path) -> Bar:
    """What ``calibration.json`` beside a judge's weights says.

    Raises:
        ModelError: there is none, or it does not say it.
    """
    file = folder / CALIBRATION
    try:
        row = json.loads(file.read_text("utf-8"))
        never = row["trust"] is None
        trust = 1.0 if never else float(row["trust"])
        bar = Bar(floor=float(row["floor"]), trust=trust, even=float(row["even"]))
        if not (0 <= bar.floor <= trust <= 1 and trust and 0 <= bar.even <= 1):
            raise ValueError(f"{bar} holds no thresholds")
        if never:
            bar = replace(bar, trust=math.inf)
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise ModelError(
            f"{file} does not say how sure the judge must be",
            remedy='it holds {"floor": …, "trust": …, "even": …}, all from 0 to 1, the first at'
            ' most the second, which may be null; or set `judge = ""` in [models]',
        ) from error
    return bar


@dataclass(frozen=True, slots=True)
class Score:
    """What the judge says of one statement; both from 0 to 1."""

    verdict: float  # that all of it is supported
    least: float  # the least support along its words

    @property
    def support(self) -> float:
        """One figure for both."""
        return self.verdict * self.least


@dataclass(frozen=True, slots=True)
class _Question:
    ids: tuple[int, ...]
    start: int  # of the statement's second reading
    end: int


class Judge:
    """The embedded model with the judge's adapter merged in."""

    def __init__(self, tokenizer: Any, model: Any, *, name: str, place: Placement) -> None:
        self.name = name
        self.place = place
        self._tokenizer = tokenizer
        self._model = model
        self._before = self._framing("<|im_start|>user\n")
        self._after = self._framing("<|im_end|>\n<|im_start|>assistant\n")
        yes, no = (self._plain(answer)[0] for answer in ANSWERS)
        head = model.get_output_embeddings().weight
        self._direction = (head[yes].float() - head[no].float()).detach()

    @classmethod
    def load(cls, settings: ModelSettings, *, on_progress: Progress) -> Judge:
        """Load the embedded model and merge the judge's adapter into it.

        Raises:
            ModelError: missing or damaged weights, an adapter that does not fit, no memory.
        """
        folder = Path(settings.judge)
        try:
            read_adapter(folder)
        except ModelError as error:
            remedy = "set `judge` in [models] to the folder of a judge's adapter, or to nothing"
            raise ModelError(error.message, remedy=remedy) from error
        base = replace(settings, writer="", revision="", sha256="", adapter=settings.judge)
        chosen = choose(base, on_progress=on_progress)
        on_progress("load judge", 0, 1)
        with translated(f"load the judge {folder}", remedy="check `judge` in [models]"), quiet():
            name = adapter_identity(
                folder, cache=settings.cache or cache_folder(), on_progress=on_progress
            )
            tokenizer, model = opened(chosen)
            tokenizer.chat_template = CHATML
            model = adapted(model, folder)
        place = chosen.place
        model = model.to(torch_dtype(place)).to(place.device).eval()
        on_progress("load judge", 1, 1)
        return cls(tokenizer, model, name=name, place=place)

    def scores(self, pairs: Sequence[Pair], *, on_progress: Progress) -> list[Score]:
        """One score for each pair, in order; 0 for a statement without evidence or without words.

        Raises:
            ModelError: out of memory even with one question.
        """
        asked = [self._question(pair) for pair in pairs]
        order = sorted(range(len(pairs)), key=lambda k: (-len(asked[k].ids), k))
        order = [k for k in order if any(map(flat, pairs[k].evidence)) and flat(pairs[k].sentence)]
        found = [Score(0.0, 0.0)] * len(pairs)
        room, done = TOGETHER, 0
        while done < len(order):
            width = len(asked[order[done]].ids)
            taken = order[done : done + max(1, room // width)]
            try:
                with quiet():
                    some = self._read([asked[k] for k in taken])
            except (MemoryError, RuntimeError) as error:
                if not out_of_memory(error):
                    raise
                if len(taken) == 1:
                    raise ModelError(
                        "out of memory while judging", remedy="free memory and run again"
                    ) from error
                room //= 2
                continue
            for k, score in zip(taken, some, strict=True):
                found[k] = score
            done += len(taken)
            on_progress("judge", done, len(order))
        return found

    def _question(self, pair: Pair) -> _Question:
        before, said, after = judge_prompt(pair.evidence, pair.sentence)
        words = self._plain(said)
        closing = [*self._plain(after), *self._after]
        opening = [*self._before, *self._plain(before)]
        room = LONGEST - len(words) - len(closing)
        if len(opening) > room:
            # Evidence is cut at its end; the line that announces the statement stays.
            announced = self._plain("\nStatement:")
            opening = [*opening[: max(0, room - len(announced))], *announced]
        ids = (*opening, *words, *closing)
        return _Question(ids, len(opening), len(opening) + len(words))

    def _read(self, asked: Sequence[_Question]) -> list[Score]:
        import torch

        width = max(len(q.ids) for q in asked)
        ids = torch.zeros((len(asked), width), dtype=torch.long)
        seen = torch.zeros_like(ids)
        for k, question in enumerate(asked):
            ids[k, : len(question.ids)] = torch.tensor(question.ids)
            seen[k, : len(question.ids)] = 1
        device = self.place.device
        with torch.inference_mode():
            states = self._model.model(
                input_ids=ids.to(device), attention_mask=seen.to(device), use_cache=False
            ).last_hidden_state
            chances = torch.sigmoid(states.float() @ self._direction).cpu()
        return [
            Score(float(row[len(q.ids) - 1]), float(row[q.start : q.end].min()))
            for row, q in zip(chances, asked, strict=True)
        ]

    def _framing(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer(text, add_special_tokens=False).input_ids
        return ids

    def _plain(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer(
            text, add_special_tokens=False, split_special_tokens=True
        ).input_ids
        return ids
