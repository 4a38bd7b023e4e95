"""The writer: load it, turn a prompt into token ids, and ask it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.adapters.models.copying import Copying, Source
from briefing.adapters.models.decoding import Decoder, Free, Guide, Question
from briefing.adapters.models.plan import Plan
from briefing.adapters.models.runtime import (
    Placement,
    out_of_memory,
    placement,
    quiet,
    torch_dtype,
    translated,
)
from briefing.adapters.models.settings import ModelSettings, cache_folder
from briefing.adapters.models.shortening import Shortening
from briefing.adapters.models.weights import WRITER, checksum, converted
from briefing.errors import ModelError
from briefing.ports import Progress

# The embedded model's own template would add "You are a helpful AI assistant named SmolLM";
# adapters are trained without it.
_CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n'"
    " + message['content'] + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
_MARK = "\ue000"  # private use: stands for the content while the template is applied


@dataclass(frozen=True, slots=True)
class Names:
    """How writer and adapter are called in a digest."""

    writer: str
    adapter: str


class Writer:
    """A loaded causal or sequence-to-sequence model."""

    def __init__(
        self, tokenizer: Any, model: Any, *, names: Names, place: Placement, settings: ModelSettings
    ) -> None:
        self.names = names
        self.place = place
        self._tokenizer = tokenizer
        self._settings = settings
        ends = model.generation_config.eos_token_id
        if ends is None:
            ends = tokenizer.eos_token_id
        self._stop = frozenset(ends if isinstance(ends, list) else [] if ends is None else [ends])
        pad = tokenizer.pad_token_id
        if pad is None:
            pad = min(self._stop, default=0)
        self._decoder = Decoder(model, pad=pad)
        self._pieces = _pieces(tokenizer, model.get_output_embeddings().weight.shape[0])
        self._room = _room(model) - settings.max_new_tokens
        self._before, self._after = self._frame()

    @classmethod
    def load(cls, settings: ModelSettings, *, on_progress: Progress) -> Writer:
        """Load the writer and merge the adapter into it.

        Raises:
            ModelError: weights missing or damaged, hub not reached, adapter does not fit, memory.
        """
        cache = settings.cache or cache_folder()
        if settings.writer:
            folder, local = settings.writer, settings.offline or Path(settings.writer).is_dir()
            name = Path(folder).name if Path(folder).is_dir() else folder
            remedy = "`briefing model list` shows what can be used; check `writer` in [models]"
            if settings.offline and not Path(folder).is_dir():
                remedy = f"`briefing model fetch {folder}` once with network, or turn `offline` off"
        else:
            folder = str(converted(WRITER, cache=cache, on_progress=on_progress))
            local, name, remedy = True, f"{WRITER.name} ({WRITER.sha256[:8]})", WRITER.install
        place = placement(settings.device)
        on_progress("load writer", 0, 1)
        with translated(f"load the writer {name}", remedy=remedy), quiet():
            tokenizer, model = _load(folder, local=local, place=place)
        if not settings.writer:
            tokenizer.chat_template = _CHATML
        adapter = ""
        if settings.adapter:
            path = Path(settings.adapter)
            with translated(f"load the adapter {path}", remedy="check `adapter` in [models]"):
                adapter = _identity(path, cache=cache, on_progress=on_progress)
                with quiet():
                    model = _adapted(model, path)
        model = model.to(torch_dtype(place)).to(place.device).eval()
        on_progress("load writer", 1, 1)
        return cls(tokenizer, model, names=Names(name, adapter), place=place, settings=settings)

    def encode(self, prompt: str) -> list[int]:
        """Token ids of one user message inside the chat template.

        Only the template's own markers become control tokens: the message is tokenised with
        ``split_special_tokens``, so ``<|im_start|>`` inside an article stays text. A message
        longer than the model's window loses its beginning.
        """
        content = self._plain(prompt)
        room = max(1, self._room - len(self._before) - len(self._after))
        return [*self._before, *content[-room:], *self._after]

    def write(
        self, prompts: Sequence[str], *, candidates: int, on_progress: Progress
    ) -> list[list[str]]:
        """Answers to each prompt: the first greedy, the others sampled with a fixed seed.

        Prompts are decoded in batches of similar length; when memory runs out, in smaller ones.

        Raises:
            ModelError: out of memory even with one prompt.
        """
        encoded = [self.encode(p) for p in prompts]
        order = sorted(range(len(prompts)), key=lambda i: (-len(encoded[i]), i))
        answers: list[list[str]] = [[] for _ in prompts]
        size, first = max(1, self._settings.batch), 0
        while first < len(order):
            rows = order[first : first + size]
            try:
                texts = self._ask(
                    [prompts[i] for i in rows], [encoded[i] for i in rows], candidates
                )
            except (MemoryError, RuntimeError) as error:
                if not out_of_memory(error):
                    raise
                if len(rows) == 1:
                    raise ModelError(
                        "out of memory while writing",
                        remedy="free memory, or choose a smaller writer in [models]",
                    ) from error
                size = (len(rows) + 1) // 2
                continue
            for i, found in zip(rows, texts, strict=True):
                answers[i] = found
            first += len(rows)
            on_progress("write", first, len(order))
        return answers

    def _ask(
        self, prompts: Sequence[str], encoded: Sequence[list[int]], candidates: int
    ) -> list[list[str]]:
        use = self._settings
        questions = [
            Question(
                p, self._guide(prompt), use.temperature if c else 0.0, _seed(use.seed, c, prompt)
            )
            for p, prompt in enumerate(prompts)
            for c in range(candidates)
        ]
        with quiet():
            found = self._decoder.run(encoded, questions, most=use.max_new_tokens)
        texts = [self._tokenizer.decode(ids, skip_special_tokens=True) for ids in found]
        return [texts[k : k + candidates] for k in range(0, len(texts), candidates)]

    def _guide(self, prompt: str) -> Guide:
        """How the tokens of one answer are to be chosen."""
        use = self._settings
        freedom = use.freedom
        if freedom == "auto":
            freedom = "shorten" if use.bare else "copy names"
        if freedom == "free":
            return Free(stop=self._stop)
        if freedom == "copy names":
            return Copying(Source(prompt), pieces=self._pieces, stop=self._stop)
        plan = Plan(source_of(prompt), self._plain)
        return Shortening(plan, bonus=use.bonus)

    def _plain(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer(
            text, add_special_tokens=False, split_special_tokens=True
        ).input_ids
        return ids

    def _frame(self) -> tuple[list[int], list[int]]:
        """Token ids of the template before and after the user message."""
        tokenizer = self._tokenizer
        if not tokenizer.chat_template:
            # A plain or sequence-to-sequence model: whatever it puts around any text.
            framed = tokenizer(_MARK).input_ids
            bare = tokenizer(_MARK, add_special_tokens=False).input_ids
            at = next(k for k in range(len(framed)) if framed[k : k + len(bare)] == bare)
            return framed[:at], framed[at + len(bare) :]
        text = tokenizer.apply_chat_template(
            [{"role": "user", "content": _MARK}],
            tokenize=False,
            add_generation_prompt=True,
            enable_thinking=False,  # templates that know no such switch ignore it
        )
        before, found, after = text.partition(_MARK)
        if not found or _MARK in after:
            raise ModelError(
                f"the chat template of {self.names.writer} does not show the message once",
                remedy="choose another writer in [models]",
            )
        return (
            tokenizer(before, add_special_tokens=False).input_ids,
            tokenizer(after, add_special_tokens=False).input_ids,
        )


def source_of(prompt: str) -> str:
    """The passage in a prompt: what stands between its first and its last blank line."""
    parts = [part for part in prompt.split("\n\n") if part.strip()]
    return " ".join(" ".join(parts[1:-1] or parts).split())


def _seed(seed: int, candidate: int, prompt: str) -> int:
    """Noise depends on the prompt and the candidate, not on the batch around them."""
    key = f"{seed}\0{candidate}\0{prompt}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(key).digest()[:7], "big")


def _load(folder: str, *, local: bool, place: Placement) -> tuple[Any, Any]:
    from transformers import (
        AutoConfig,
        AutoModelForCausalLM,
        AutoModelForSeq2SeqLM,
        AutoTokenizer,
    )

    # trust_remote_code stays False: a model never brings its own program.
    config = AutoConfig.from_pretrained(folder, local_files_only=local)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=local)
    kind = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
    model = kind.from_pretrained(
        folder, local_files_only=local, use_safetensors=True, dtype=torch_dtype(place)
    )
    return tokenizer, model


def _adapted(model: Any, folder: Path) -> Any:
    import torch
    from peft import PeftModel

    # Merged in fp32: the sum of weights and update is rounded once, not twice.
    return PeftModel.from_pretrained(
        model.to(torch.float32), str(folder), use_safetensors=True
    ).merge_and_unload()


def _identity(folder: Path, *, cache: Path, on_progress: Progress) -> str:
    weights = folder / "adapter_model.safetensors"
    if not weights.is_file():
        raise ModelError(
            f"{folder} holds no adapter_model.safetensors",
            remedy="set `adapter` in [models] to the folder of a LoRA adapter, or to nothing",
        )
    digest = checksum(weights, cache=cache, on_progress=on_progress)
    return f"{folder.resolve().name} ({digest[:8]})"


def _room(model: Any) -> int:
    """Longest input in tokens."""
    return int(getattr(model.config, "max_position_embeddings", 0) or 4096)


def _pieces(tokenizer: Any, size: int) -> list[str]:
    """The text of each token, with the space before a word."""
    known = min(size, len(tokenizer))
    tokens = tokenizer.convert_ids_to_tokens(list(range(known)))
    texts = [token.replace("▁", " ") for token in tokens]
    if any("Ġ" in token for token in tokens):
        # Byte-level vocabularies spell spaces and non-ASCII bytes as other letters.
        texts = [tokenizer.convert_tokens_to_string([token]) for token in tokens]
    return texts + [""] * (size - known)
