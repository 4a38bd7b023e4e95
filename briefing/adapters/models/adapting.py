"""LoRA adapters over a loaded model, and the template that ours are trained with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from briefing.adapters.models.checksums import checksum
from briefing.ports import Progress

# The embedded model's own template would add "You are a helpful AI assistant named SmolLM";
# adapters are trained without it.
CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n'"
    " + message['content'] + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def adapted(model: Any, folder: Path) -> Any:
    """The model with a LoRA adapter merged into its weights.

    Each layer is summed in fp32 and rounded once; one layer at a time, so that a large model never
    stands in memory in fp32.
    """
    import torch
    from peft import PeftModel

    merged: Any = PeftModel.from_pretrained(model, str(folder), use_safetensors=True)
    for layer in list(merged.modules()):
        if hasattr(layer, "get_base_layer") and hasattr(layer, "merge"):
            stored = next(layer.get_base_layer().parameters()).dtype
            layer.to(torch.float32)
            layer.merge()
            layer.to(stored)
    return merged.merge_and_unload()


def adapter_identity(folder: Path, *, cache: Path, on_progress: Progress) -> str:
    """How an adapter is called in a digest: its folder and the beginning of its checksum."""
    weights = folder / "adapter_model.safetensors"
    digest = checksum(weights, cache=cache, on_progress=on_progress)
    return f"{folder.resolve().name} ({digest[:8]})"
