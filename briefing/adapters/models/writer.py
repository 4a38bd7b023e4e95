"""The writer: load it, turn a prompt into token ids, and ask it."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.adapters.models.adapting import CHATML, adapted, adapter_identity
from briefing.adapters.models.among import Among
from briefing.adapters.models.copying import Copying, Source
from briefing.adapters.models.decoding import Decoder, Free, Guide, Question
from briefing.adapters.models.frames import frame
from briefing.adapters.models.loading import Chosen, choose, opened
from briefing.adapters.models.memory import available, per_token, rows
from briefing.adapters.models.runtime import out_of_memory, quiet, torch_dtype, translated
from briefing.adapters.models.settings import ModelSettings, cache_folder
from briefing.adapters.models.weights import WRITER
from briefing.errors import ModelError
from briefing.news import Option
from briefing.ports import Progress

_REPORT = re.compile(r"^\[\d+\] (?:[^:\n]{1,80}: )?(.+)$", re.MULTILINE)  # "[1] Outlet: text"
_USUAL_WINDOW = 4096  # tokens, where neither model nor tokenizer names one
_LEAST_ROOM = 48  # tokens for a message: a short passage


@dataclass(frozen=True, slots=True)
class Names:
    """How writer and adapter are called in a digest."""

    writer: str
    adapter: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How much was read and written in how long."""

    read: int  # tokens of prompts
    written: int  # tokens of answers
    seconds: float


class Writer:
    """A loaded causal or sequence-to-sequence model."""

    def __init__(
        self, tokenizer: Any, model: Any, *, chosen: Chosen, adapter: str, settings: ModelSettings
    ) -> None:
        self.names = Names(chosen.name, adapter)
        self.place = chosen.place
        self._tokenizer = tokenizer
        self._settings = settings
        self._frame = frame(tokenizer, name=chosen.name)
        ends = model.generation_config.eos_token_id
        self._stop = self._frame.stop | {
            end
            for end in [*(ends if isinstance(ends, list) else [ends]), tokenizer.eos_token_id]
            if end is not None
        }
        pad = tokenizer.pad_token_id
        if pad is None:
            pad = min(self._stop, default=0)
        self._decoder = Decoder(model, pad=pad)
        self._pieces = _pieces(tokenizer, model.get_output_embeddings().weight.shape[0])
        self._each = per_token(chosen.checkpoint, chosen.place)
        two_sided = chosen.checkpoint.kind == "sequence-to-sequence"
        # BART, PEGASUS and T5 rephrase whatever text they get, instructions included.
        self._summarises = two_sided and not tokenizer.chat_template and not settings.adapter
        self._prefix = chosen.checkpoint.prefix if self._summarises else ""
        forced = model.generation_config.forced_bos_token_id if two_sided else None
        self._forced = () if forced is None else (int(forced),)
        window = chosen.checkpoint.window or min(tokenizer.model_max_length, 1 << 20)
        if window >= 1 << 20:  # the tokenizer's way to say that it does not know
            window = _USUAL_WINDOW
        self._most = min(settings.max_new_tokens, window // 2)
        self._room = window if two_sided else window - self._most
        self._room -= len(self._frame.before) + len(self._frame.after)
        if self._room < _LEAST_ROOM:
            raise ModelError(
                f"the window of {chosen.name} is too small: {window} tokens leave {self._room} for"
                " a message",
                remedy="choose another writer in [models]",
            )

    @classmethod
    def load(cls, settings: ModelSettings, *, on_progress: Progress) -> Writer:
        """Load the writer and merge the adapter into it.

        Raises:
            ModelError: missing, damaged, not the pinned one, too large for the memory that is
                free, or of a kind that is not read; an adapter that does not fit.
        """
        chosen = choose(settings, on_progress=on_progress)
        remedy = WRITER.install
        if settings.writer:
            remedy = "`briefing model list` shows what can be used; check `writer` in [models]"
        on_progress("load writer", 0, 1)
        with translated(f"load the writer {chosen.name}", remedy=remedy), quiet():
            tokenizer, model = opened(chosen)
        if not settings.writer:
            tokenizer.chat_template = CHATML
        adapter = ""
        if settings.adapter:
            path = Path(settings.adapter)
            cache = settings.cache or cache_folder()
            with translated(f"load the adapter {path}", remedy="check `adapter` in [models]"):
                adapter = adapter_identity(path, cache=cache, on_progress=on_progress)
                with quiet():
                    model = adapted(model, path)
        place = chosen.place
        model = model.to(torch_dtype(place)).to(place.device).eval()
        on_progress("load writer", 1, 1)
        return cls(tokenizer, model, chosen=chosen, adapter=adapter, settings=settings)

    def encode(self, prompt: str) -> list[int]:
        """Token ids of one user message inside the model's frame.

        Only the template's own markers become control tokens: the message is tokenised with
        ``split_special_tokens``, so ``<|im_start|>`` inside an article stays text. A message
        longer than the model's window loses its beginning: what is asked stands at its end. A
        summariser gets the passages alone, and of long ones the beginning.
        """
        if self._summarises:
            content = self._plain(self._prefix + passages_of(prompt))[: self._room]
        else:
            content = self._plain(prompt)[-self._room :]
        return [*self._frame.before, *content, *self._frame.after]

    def write(
        self,
        prompts: Sequence[str],
        *,
        candidates: int,
        among: Sequence[Sequence[Option]] = (),
        on_progress: Progress,
    ) -> list[list[str]]:
        """Answers to each prompt: the first greedy, the others sampled with a fixed seed.

        Where ``among`` has options for a prompt, its one answer is one of them.

        Prompts are decoded in batches of similar length, as large as the free memory allows; when
        it runs out all the same, in smaller ones.

        Raises:
            ModelError: out of memory even with one prompt.
        """
        encoded = [self.encode(p) for p in prompts]
        order = sorted(range(len(prompts)), key=lambda i: (-len(encoded[i]), i))
        answers: list[list[str]] = [[] for _ in prompts]
        size, first = max(1, self._settings.batch), 0
        while first < len(order):
            tokens = candidates * (len(encoded[order[first]]) + self._most)
            fitting = rows(available(self.place.device), tokens=tokens, each=self._each)
            taken = order[first : first + min(size, fitting)]
            try:
                texts = self._ask(
                    [prompts[i] for i in taken],
                    [encoded[i] for i in taken],
                    [among[i] if among else () for i in taken],
                    candidates,
                )
            except (MemoryError, RuntimeError) as error:
                if not out_of_memory(error):
                    raise
                if len(taken) == 1:
                    raise ModelError(
                        "out of memory while writing",
                        remedy="free memory, or choose a smaller writer in [models]",
                    ) from error
                size = (len(taken) + 1) // 2
                continue
            for i, found in zip(taken, texts, strict=True):
                answers[i] = found
            first += len(taken)
            on_progress("write", first, len(order))
        return answers

    def pace(self, prompts: Sequence[str], *, tokens: int) -> Pace:
        """Read the prompts together and write ``tokens`` tokens after each, none fewer.

        Raises:
            ModelError: out of memory.
        """
        encoded = [self.encode(p) for p in prompts]
        free = [Question(p, Free(stop=frozenset())) for p in range(len(prompts))]
        begun = time.perf_counter()
        with translated("measure the writer"), quiet():
            found = self._decoder.run(encoded, free, most=min(tokens, self._most))
        seconds = time.perf_counter() - begun
        return Pace(sum(map(len, encoded)), sum(map(len, found)), seconds)

    def _ask(
        self,
        prompts: Sequence[str],
        encoded: Sequence[list[int]],
        among: Sequence[Sequence[Option]],
        candidates: int,
    ) -> list[list[str]]:
        use = self._settings
        questions = [
            Question(
                p,
                self._guide(prompt, among[p]),
                use.temperature if c else 0.0,
                _seed(use.seed, c, prompt),
            )
            for p, prompt in enumerate(prompts)
            for c in range(1 if among[p] else candidates)
        ]
        with quiet():
            found = self._decoder.run(encoded, questions, most=self._most)
        answers: list[list[str]] = [[] for _ in prompts]
        for question, ids in zip(questions, found, strict=True):
            text = self._tokenizer.decode(ids, skip_special_tokens=True)
            options = among[question.prompt]
            answers[question.prompt].append(_nearest(text, options) if options else text)
        return answers

    def _guide(self, prompt: str, options: Sequence[Option]) -> Guide:
        """How the tokens of one answer are to be chosen."""
        if options:
            fitting = [o for o in options if len(self._plain(o.text)) < self._most]
            guide: Guide = Among(fitting or options[:1], self._plain, stop=min(self._stop))
        elif self._settings.freedom == "free":
            guide = Free(stop=self._stop)
        else:
            guide = Copying(Source(prompt), pieces=self._pieces, stop=self._stop)
        return _Opened(guide, self._forced) if self._forced else guide

    def _plain(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer(
            text, add_special_tokens=False, split_special_tokens=True
        ).input_ids
        return ids


class _Opened:
    """An answer that begins with given tokens, as BART's with BOS and mBART's with a language."""

    def __init__(self, guide: Guide, first: Sequence[int]) -> None:
        self._guide = guide
        self._first = first

    def take(self, scores: Any) -> Sequence[int]:
        if self._first:
            taken, self._first = self._first, ()
            return taken
        return self._guide.take(scores)


def source_of(prompt: str) -> str:
    """The passage in a prompt: what stands between its first and its last blank line."""
    parts = [part for part in prompt.split("\n\n") if part.strip()]
    return " ".join(" ".join(parts[1:-1] or parts).split())


def passages_of(prompt: str) -> str:
    """The passages in a prompt, without numbers, outlets and what is asked."""
    return " ".join(_REPORT.findall(prompt)) or source_of(prompt)


def _nearest(text: str, options: Sequence[Option]) -> str:
    """The option that was written; a tokenizer may give back another space or mark."""
    flat = "".join(text.split())
    return next((o.text for o in options if "".join(o.text.split()) == flat), text.strip())


def _seed(seed: int, candidate: int, prompt: str) -> int:
    """Noise depends on the prompt and the candidate, not on the batch around them."""
    key = f"{seed}\0{candidate}\0{prompt}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(key).digest()[:7], "big")


def _pieces(tokenizer: Any, size: int) -> list[str]:
    """The text of each token, with the space before a word."""
    known = min(size, len(tokenizer))
    tokens = tokenizer.convert_ids_to_tokens(list(range(known)))
    texts = [token.replace("▁", " ") for token in tokens]
    if any("Ġ" in token for token in tokens):
        # Byte-level vocabularies spell spaces and non-ASCII bytes as other letters.
        texts = [tokenizer.convert_tokens_to_string([token]) for token in tokens]
    return texts + [""] * (size - known)
