"""A LoRA adapter over the embedded writer, trained by a plain loop: seeded and resumable.

Each row is a list of token ids with, for each position, what is wanted there; the two recipes
(:mod:`training.writer`, :mod:`training.judge`) say how that becomes a loss. Rows are batched by
length up to a number of tokens, shuffled anew each epoch by the seed.

LoRA: Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models", on all linear layers.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

CHATML = ("<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n", "<|im_end|>")
EMBEDDED = "SmolLM2-135M-Instruct (dequantised Q4_1)"
"""The embedded model's name, as the adapter's configuration gives it."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the outcome, and is written beside the adapter."""

    rank: int = 32
    alpha: int = 64
    dropout: float = 0.0
    rate: float = 3e-4  # peak learning rate
    warmup: int = 20  # steps
    epochs: int = 3
    tokens: int = 4096  # of one batch, padding included
    seed: int = 20241122
    decay: float = 0.01


@dataclass(frozen=True, slots=True)
class Row:
    """Token ids, and a target for each: -100 where nothing is asked.

    For the writer a target is the token itself; for the judge 1 (supported so far), 0 (not) or,
    at the last position, the verdict. ``weight`` multiplies the loss of the row.
    """

    ids: tuple[int, ...]
    targets: tuple[int, ...]
    weight: float = 1.0


Loss = Callable[[Any, Any, Any, Any], Any]
"""(model, ids, attention, targets-and-weights) -> scalar loss."""


class Tokens:
    """Text to ids, as the product does it: control tokens only from the template.

    ``before`` opens the question, ``between`` ends it and opens the answer, ``after`` ends that.

    Raises:
        ValueError: the base model's tokenizer does not know the marks of ChatML.
    """

    def __init__(self, folder: Path) -> None:
        from transformers import AutoTokenizer

        self.tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
        if len(self._framing(CHATML[2])) != 1:
            raise ValueError(f"{folder}: {CHATML[2]} is no token; the base model must speak ChatML")
        self.before, self.between, self.after = (self._framing(part) for part in CHATML)

    def _framing(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer(text, add_special_tokens=False).input_ids
        return ids

    def plain(self, text: str) -> list[int]:
        """Ids of text in which nothing is a control token."""
        ids: list[int] = self.tokenizer(
            text, add_special_tokens=False, split_special_tokens=True
        ).input_ids
        return ids


def base_model(folder: Path, device: str) -> Any:
    """The untrained model, in bf16: its weights are, and they do not learn."""
    import torch
    from transformers import AutoModelForCausalLM

    from briefing.adapters.models.runtime import quiet

    with quiet():
        model: Any = AutoModelForCausalLM.from_pretrained(
            str(folder), local_files_only=True, use_safetensors=True, dtype=torch.bfloat16
        )
    model.config.use_cache = False
    return model.to(device)


def with_adapter(model: Any, recipe: Recipe) -> Any:
    """The model with fresh LoRA matrices on all linear layers, the only ones that learn."""
    import torch
    from peft import LoraConfig, get_peft_model

    from briefing.adapters.models.runtime import quiet

    torch.manual_seed(recipe.seed)
    config = LoraConfig(
        r=recipe.rank, lora_alpha=recipe.alpha, lora_dropout=recipe.dropout,
        target_modules="all-linear", task_type="CAUSAL_LM",
    )  # fmt: skip
    with quiet():
        adapted: Any = get_peft_model(model, config)
    if model.device.type == "cuda" and not recipe.dropout:
        _summed(adapted)
    return adapted


def _summed(model: Any) -> None:
    """Let each adapted layer add its adapter to its weights first, and multiply once.

    The same function as two multiplications beside each other, rounded as the product rounds it
    when it merges an adapter. Large batches on a GPU are bound by what passes through its memory,
    and this keeps nothing of the adapter for each token.
    """
    from torch.nn.functional import linear

    def multiplied(layer: Any, x: Any) -> Any:
        base = layer.base_layer.weight
        added = layer.lora_B["default"].weight @ layer.lora_A["default"].weight
        return linear(x, (base.float() + layer.scaling["default"] * added).to(base.dtype))

    for layer in model.modules():
        if hasattr(layer, "lora_A") and hasattr(layer, "get_base_layer"):
            layer.forward = partial(multiplied, layer)


def batches(rows: Sequence[Row], tokens: int, random: Random) -> Iterator[list[Row]]:
    """All rows once, in batches of similar length and at most ``tokens`` with padding.

    A row that is longer than that is a batch of its own.
    """
    order = sorted(rows, key=lambda r: len(r.ids) + random.random() * 24)
    groups: list[list[Row]] = []
    width = 0
    for row in order:
        width = max(width, len(row.ids))
        if not groups or width * (len(groups[-1]) + 1) > tokens:
            groups.append([])
            width = len(row.ids)
        groups[-1].append(row)
    random.shuffle(groups)
    yield from groups


def padded(rows: Sequence[Row], device: str) -> tuple[Any, Any, Any, Any]:
    """Ids, attention mask and targets, padded on the right; and the weights of the rows."""
    import torch

    width = max(len(r.ids) for r in rows)
    ids = torch.zeros((len(rows), width), dtype=torch.long)
    seen = torch.zeros((len(rows), width), dtype=torch.long)
    targets = torch.full((len(rows), width), -100, dtype=torch.long)
    for k, row in enumerate(rows):
        n = len(row.ids)
        ids[k, :n] = torch.tensor(row.ids)
        seen[k, :n] = 1
        targets[k, :n] = torch.tensor(row.targets)
    weights = torch.tensor([r.weight for r in rows])
    return ids.to(device), seen.to(device), targets.to(device), weights.to(device)


def train(
    model: Any,
    epoch_rows: Callable[[int], Sequence[Row]],
    loss: Loss,
    recipe: Recipe,
    *,
    device: str,
    checkpoint: Path | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Train the adapter in ``model``; with ``checkpoint`` it can be stopped and goes on there.

    ``epoch_rows(n)`` gives the rows of epoch ``n``, so that each may see other variants; the same
    rows whenever it is asked for them. The checkpoint is written after each epoch. What was learnt
    in an epoch that did not end is learnt again, and the outcome is that of an unbroken run.

    Raises:
        ValueError: the checkpoint is of another recipe, or an epoch has no rows.
    """
    import torch

    learning = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        learning, lr=recipe.rate, weight_decay=recipe.decay, fused=device == "cuda"
    )
    first, step, total = 0, 0, 0
    if checkpoint and checkpoint.is_file():
        first, step, total = _resumed(checkpoint, learning, optimiser, recipe, device)
        say(f"resumed after {first} epochs")
    model.train()
    began = time.monotonic()
    for epoch in range(first, recipe.epochs):
        random = Random(recipe.seed * 1000 + epoch)
        torch.manual_seed(recipe.seed * 1000 + epoch)
        listed = list(batches(epoch_rows(epoch), recipe.tokens, random))
        if not listed:
            raise ValueError(f"epoch {epoch + 1} has no rows to learn from")
        total = total or len(listed) * recipe.epochs
        losses: Any = 0.0
        for n, rows in enumerate(listed, 1):
            for group in optimiser.param_groups:
                group["lr"] = recipe.rate * _schedule(step, recipe.warmup, total)
            ids, seen, targets, weights = padded(rows, device)
            with torch.autocast(device, dtype=torch.bfloat16):
                value = loss(model, ids, seen, (targets, weights))
            value.backward()
            torch.nn.utils.clip_grad_norm_(learning, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            step += 1
            losses = losses + value.detach()  # read only where it is told: reading waits
            if n % 20 == 0 or n == len(listed):
                say(
                    f"epoch {epoch + 1}/{recipe.epochs} step {n}/{len(listed)} "
                    f"mean loss {float(losses) / n:.4f} "
                    f"{time.monotonic() - began:.0f} s"
                )
        if checkpoint:
            reached = {"epoch": epoch + 1, "step": step, "total": total}
            _keep(checkpoint, learning, optimiser, recipe, reached)
    model.eval()


def _schedule(step: int, warmup: int, total: int) -> float:
    """Linear warm-up, then half a cosine down to a tenth."""
    if step < warmup:
        return (step + 1) / warmup
    done = min(1.0, (step - warmup) / max(1, total - warmup))
    return 0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * done))


def _resumed(
    path: Path, learning: Sequence[Any], optimiser: Any, recipe: Recipe, device: str
) -> tuple[int, int, int]:
    """Weights and optimiser as they were kept; how many epochs and steps were done, of how many."""
    import torch

    saved = torch.load(path, map_location=device, weights_only=True)
    kept = saved["recipe"]
    other = [key for key, value in asdict(recipe).items() if kept.get(key) != value]
    if other:
        raise ValueError(
            f"{path} was made with another {', '.join(sorted(other))}: give the same or remove it"
        )
    for parameter, value in zip(learning, saved["parameters"], strict=True):
        parameter.data.copy_(value)
    optimiser.load_state_dict(saved["optimiser"])
    return saved["epoch"], saved["step"], saved["total"]


def _keep(
    path: Path, learning: Sequence[Any], optimiser: Any, recipe: Recipe, reached: dict[str, int]
) -> None:
    """Write the checkpoint whole or not at all."""
    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.partial")
    state = {
        "parameters": [p.data for p in learning], "optimiser": optimiser.state_dict(),
        "recipe": asdict(recipe), **reached,
    }  # fmt: skip
    torch.save(state, beside)
    beside.replace(path)


def save(model: Any, folder: Path, recipe: Recipe, told: dict[str, Any]) -> None:
    """The adapter as bf16 safetensors, with the recipe and what it was trained on beside it.

    Other files of the folder, a model card or a calibration, stay as they are. ``told`` goes into
    ``training.json``; its ``base``, if it has one, is the name of the base model.
    """
    import torch
    from safetensors.torch import load_file
    from safetensors.torch import save as as_bytes

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".saving-") as name:
        new = Path(name)
        model.save_pretrained(name, safe_serialization=True)
        weights = load_file(new / "adapter_model.safetensors")
        halved = {key: value.to(torch.bfloat16) for key, value in weights.items()}
        # The library's own files are for their owner alone; an adapter is shipped.
        (new / "bf16.safetensors").write_bytes(as_bytes(halved))
        config = json.loads((new / "adapter_config.json").read_text("utf-8"))
        config["base_model_name_or_path"] = told.get("base", EMBEDDED)  # never a local path
        config["target_modules"] = sorted(config["target_modules"])
        _write_json(new / "adapter_config.json", config)
        _write_json(new / "training.json", {"recipe": asdict(recipe), **told})
        os.replace(new / "bf16.safetensors", folder / "adapter_model.safetensors")
        for kept in ("adapter_config.json", "training.json"):
            os.replace(new / kept, folder / kept)


def _write_json(file: Path, values: dict[str, Any]) -> None:
    file.write_text(json.dumps(values, indent=2, sort_keys=True) + "\n", "utf-8")
