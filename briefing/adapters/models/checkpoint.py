"""What a model folder holds, read from its small files and headers: nothing is loaded.

::

    config.json                           architecture, window, width
    model.safetensors, or an index        tensors: names, shapes, formats (header only)
    tokenizer.json, spiece.model, ...     must be there
    adapter_config.json                   of a LoRA adapter, in a folder of its own

What would need a pickle or a program of the model's own is refused here, before any library that
could open or run it has seen the folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from briefing.adapters.models.checksums import as_shipped
from briefing.adapters.models.tensors import Tensors, header, of_folder, read_json, whole
from briefing.errors import ModelError

Kind = Literal["causal", "sequence-to-sequence"]

_TOKENIZERS = ("tokenizer.json", "*.model", "vocab.json", "vocab.txt")
_WRITERS = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")
_T5 = {"t5", "mt5", "umt5", "t5gemma", "switch_transformers"}
_T5_WINDOW = 512  # tokens that T5 was trained on (Raffel et al. 2020); its positions have no end


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One model folder."""

    folder: Path
    kind: Kind
    architecture: str  # "llama", "bart", ...
    config: Mapping[str, Any]  # config.json as it stands
    tensors: Tensors | None  # None: only the small files are here

    @property
    def text(self) -> Mapping[str, Any]:
        """The part of the configuration that concerns text (models that also see have others)."""
        inner = self.config.get("text_config")
        return inner if isinstance(inner, dict) else self.config

    @property
    def window(self) -> int:
        """Longest input in tokens that the configuration names; 0 when it names none."""
        names = ("max_encoder_position_embeddings", "max_position_embeddings", "n_positions")
        found = next((v for n in names if isinstance(v := self.text.get(n), int) and v > 0), 0)
        return found or (_T5_WINDOW if self.architecture in _T5 else 0)

    @property
    def prefix(self) -> str:
        """What a summariser was trained to see before its text, as T5's ``summarize: ``."""
        tasks = self.config.get("task_specific_params")
        task = tasks.get("summarization") if isinstance(tasks, dict) else None
        prefix = task.get("prefix") if isinstance(task, dict) else None
        return prefix.lstrip() if isinstance(prefix, str) else ""

    @property
    def layers(self) -> int:
        """Layers that keep keys and values for each token."""
        return _first(self.text, "decoder_layers", "num_decoder_layers", "num_hidden_layers",
                      "num_layers", "n_layer")  # fmt: skip

    @property
    def width(self) -> int:
        """Size of a hidden state."""
        return _first(self.text, "hidden_size", "d_model", "n_embd")

    @property
    def inner(self) -> int:
        """Size of the widest state inside a layer."""
        return _first(self.text, "intermediate_size", "d_ff", "decoder_ffn_dim", "n_inner",
                      "ffn_dim") or 4 * self.width  # fmt: skip

    @property
    def key_width(self) -> int:
        """Size of all keys of a token in one layer."""
        text = self.text
        heads = _first(text, "num_attention_heads", "decoder_attention_heads", "num_heads",
                       "n_head")  # fmt: skip
        shared = _first(text, "num_key_value_heads") or heads
        each = _first(text, "head_dim", "d_kv") or (self.width // heads if heads else 0)
        return shared * each or self.width


def read(folder: Path, *, weights: bool = True) -> Checkpoint:
    """Read a model folder.

    Args:
        folder: holds ``config.json`` and what belongs to it.
        weights: the weights must be there too; else ``tensors`` is ``None`` where they are not.

    Raises:
        ModelError: no model there, only pickled weights, a file missing or broken, a model that
            needs a program of its own, or a quantised one.
    """
    if not folder.is_dir():
        raise ModelError(f"{folder} is no folder", remedy="name the folder that holds config.json")
    if not (folder / "config.json").is_file() or (folder / "adapter_config.json").is_file():
        _refuse_adapter(folder)
        raise ModelError(
            f"{folder} holds no model: there is no config.json",
            remedy="name the folder that holds config.json, safetensors weights and a tokenizer",
        )
    config = read_json(folder / "config.json")
    architecture = config.get("model_type")
    if not isinstance(architecture, str) or not architecture:
        raise ModelError(
            f"{folder / 'config.json'} names no model_type", remedy="fetch the model again"
        )
    _refuse_foreign(folder, config, architecture)
    if not any(any(folder.glob(name)) for name in _TOKENIZERS):
        raise ModelError(
            f"{folder} holds no tokenizer", remedy="copy tokenizer.json of the model there"
        )
    two_sided = config.get("is_encoder_decoder", architecture in _T5) is True
    tensors = of_folder(folder) if weights or whole(folder) else None
    kind: Kind = "sequence-to-sequence" if two_sided else "causal"
    return Checkpoint(folder, kind, architecture, config, tensors)


def writes(folder: Path) -> bool:
    """Whether the folder's configuration claims a model that writes text."""
    try:
        named = read_json(folder / "config.json").get("architectures")
    except ModelError:
        return False
    return isinstance(named, list) and any(str(one).endswith(_WRITERS) for one in named)


def read_adapter(folder: Path, *, base: Checkpoint | None = None) -> Tensors:
    """The tensors of a LoRA adapter; compared with the shapes of ``base`` when that is given.

    Raises:
        ModelError: no adapter there, of another kind, broken, made for another model, in need of a
            program, or a shipped one that is not as it was shipped.
    """
    file = folder / "adapter_model.safetensors"
    remedy = "set `adapter` in [models] to the folder of a LoRA adapter, or to nothing"
    if not file.is_file():
        raise ModelError(f"{folder} holds no adapter_model.safetensors", remedy=remedy)
    if not (folder / "adapter_config.json").is_file():
        raise ModelError(f"{folder} holds no adapter_config.json", remedy=remedy)
    kind = read_json(folder / "adapter_config.json").get("peft_type")
    if kind != "LORA":
        raise ModelError(f"the adapter in {folder} is of the kind {kind}, not LORA", remedy=remedy)
    _refuse_program(folder)
    as_shipped(folder)
    tensors = header(file)
    if base and base.tensors and (wrong := _misfit(tensors, base.tensors)):
        raise ModelError(
            f"the adapter in {folder} was made for another model than {base.folder.name}: {wrong}",
            remedy="choose the adapter that was trained over this writer, or none",
        )
    return tensors


def _misfit(adapter: Tensors, base: Tensors) -> str:
    """Why the adapter cannot be laid over the base; "" when nothing speaks against it."""
    known = {_tail(name): shape for name, shape in base.shapes.items()}
    met = 0
    for name, shape in adapter.shapes.items():
        if not name.endswith(".lora_A.weight") or len(shape) != 2:
            continue
        module = name.removesuffix(".lora_A.weight").removeprefix("base_model.model.")
        wanted = known.get(_tail(f"{module}.weight"))
        if wanted is None:
            continue
        met += 1
        if shape[1] not in wanted:
            return f"{module} is {' x '.join(map(str, wanted))}, the adapter expects {shape[1]}"
    return "" if met else "none of its layers are there"


def _tail(name: str) -> str:
    """A tensor's name without the outermost module, which some files leave out."""
    for outer in ("model.", "transformer.", "language_model."):
        name = name.removeprefix(outer)
    return name


# -- refusals ----------------------------------------------------------------------------------


def _refuse_adapter(folder: Path) -> None:
    if (folder / "adapter_config.json").is_file():
        raise ModelError(
            f"{folder} holds an adapter, not a whole model",
            remedy=f"name its model as the writer and {folder} as the adapter (--adapter)",
        )


def _refuse_program(folder: Path) -> None:
    """Refuse an adapter whose configuration names a module that would be imported."""
    # `auto_mapping` names one too, for a class of the library that is not used here.
    if read_json(folder / "adapter_config.json").get("megatron_config"):
        raise ModelError(
            f"the adapter in {folder} asks for a program (megatron_config)",
            remedy="choose a plain LoRA adapter; an adapter's own code is never run",
        )


def _refuse_foreign(folder: Path, config: Mapping[str, Any], architecture: str) -> None:
    """Refuse what would bring a program, or weights in a form that is not read here."""
    never = "choose a model that the transformers library knows; a model's own code is never run"
    if "auto_map" in config and not _known(architecture):
        raise ModelError(f"{folder} needs a program of its own ({architecture})", remedy=never)
    own = folder / "tokenizer_config.json"
    if own.is_file() and "auto_map" in read_json(own) and not (folder / "tokenizer.json").is_file():
        raise ModelError(f"the tokenizer in {folder} needs a program of its own", remedy=never)
    inner = config.get("text_config")
    for part in (config, inner if isinstance(inner, dict) else {}):
        for key in ("attn_implementation", "_attn_implementation", "experts_implementation"):
            if "/" in str(part.get(key) or ""):
                raise ModelError(
                    f"{folder / 'config.json'} asks for a compiled program of a hub ({part[key]})",
                    remedy=f"take the line {key} out of it, or choose another model",
                )
        if isinstance(part.get("quantization_config"), dict):
            method = part["quantization_config"].get("quant_method", "unknown method")
            raise ModelError(
                f"{folder} is quantised ({method}), which is not read here",
                remedy="choose the model in fp32, fp16 or bf16 safetensors",
            )


def _known(architecture: str) -> bool:
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    return architecture in CONFIG_MAPPING


def _first(config: Mapping[str, Any], *names: str) -> int:
    return next((v for n in names if isinstance(v := config.get(n), int) and v > 0), 0)
