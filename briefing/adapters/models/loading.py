"""Which writer the settings mean, whether it can be loaded here, and loading it.

::

    settings
     | choose    embedded, folder or hub name -> Chosen     | ModelError: what is wrong with it
     | pinned    its checksum or commit is the one wanted   | ModelError: another model
     | room      memory it needs <= memory that is free     | ModelError: figures and a remedy
     | opened    tokenizer and model, from safetensors in a folder, without any network
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from briefing.adapters.models import hub
from briefing.adapters.models.checkpoint import Checkpoint, read, read_adapter
from briefing.adapters.models.checksums import fingerprint
from briefing.adapters.models.memory import Estimate, ensure_room, estimate
from briefing.adapters.models.runtime import Placement, placement, torch_dtype
from briefing.adapters.models.settings import ModelSettings, cache_folder
from briefing.adapters.models.tensors import of_folder, there
from briefing.adapters.models.weights import WRITER, converted
from briefing.errors import ModelError
from briefing.ports import Progress


@dataclass(frozen=True, slots=True)
class Chosen:
    """A writer that can be loaded, or fetched and then loaded."""

    name: str  # as a digest calls it, with the beginning of its checksum or commit
    checkpoint: Checkpoint
    place: Placement
    needs: Estimate
    pin: str  # commit of a hub model, checksum of a folder when one was computed, else ""
    hub: bool = False  # found by hub name
    missing: int = 0  # bytes of weights that must be fetched first


def choose(settings: ModelSettings, *, on_progress: Progress, unpinned: bool = False) -> Chosen:
    """Find the writer of the settings and examine it; nothing is loaded.

    Args:
        unpinned: allow a hub name without a revision, and weights that are not here yet: for
            choosing a model, not for running one.

    Raises:
        ModelError: missing, damaged, not the pinned one, or of a kind that is not read.
    """
    cache = settings.cache or cache_folder()
    missing, pin, named = 0, "", False
    if not settings.writer:
        folder, name = converted(WRITER, cache=cache, on_progress=on_progress), WRITER.name
        pin = WRITER.sha256
        checkpoint = read(folder)
    elif Path(settings.writer).is_dir():
        name = Path(settings.writer).resolve().name
        checkpoint = read(Path(settings.writer))
    else:
        name, named = settings.writer, True
        found = _of_the_hub(settings, unpinned=unpinned, on_progress=on_progress)
        missing, pin = found.size, found.commit
        checkpoint = read(found.folder, weights=not unpinned)
    if settings.sha256 and settings.writer:
        digest = _compared(checkpoint, settings, cache=cache, on_progress=on_progress)
        pin = pin or digest
    if settings.adapter:
        read_adapter(Path(settings.adapter), base=checkpoint)
    place = _placed(settings, checkpoint)
    needs = estimate(checkpoint, place, stored=missing)
    label = f"{name} ({pin[:8]})" if pin else name
    return Chosen(label, checkpoint, place, needs, pin, named, missing)


def opened(chosen: Chosen) -> tuple[Any, Any]:
    """Tokenizer and model, on the device it will run on.

    Raises:
        ModelError: it needs more memory than there is.
        OSError, ValueError, ...: what the libraries raise for a model they do not understand.
    """
    from transformers import (
        AutoConfig,
        AutoModelForCausalLM,
        AutoModelForSeq2SeqLM,
        AutoTokenizer,
    )

    ensure_room(chosen.needs, chosen.place, name=chosen.name)
    folder, place = str(chosen.checkpoint.folder), chosen.place
    # Said aloud each time: left out, transformers asks at the terminal whether to run the code.
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    with _Understood(folder):
        config = AutoConfig.from_pretrained(folder, **options)
        tokenizer = AutoTokenizer.from_pretrained(folder, **options)
    kind: Any = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
    if place.device == "cuda":
        # Straight to the card: main memory may be smaller than the model.
        options["device_map"] = {"": place.device}
    model, report = kind.from_pretrained(
        folder,
        config=config,
        use_safetensors=True,
        dtype=torch_dtype(place),
        output_loading_info=True,
        **options,
    )
    if lacking := sorted(report["missing_keys"]):
        # transformers would put random numbers in their place.
        raise ModelError(
            f"{folder} lacks {len(lacking)} tensors that its architecture needs ({lacking[0]})",
            remedy="choose a model that was trained to write text, or fetch it again",
        )
    if "past_key_values" not in inspect.signature(model.forward).parameters:
        raise ModelError(
            f"{chosen.checkpoint.architecture} models keep no keys and values, which is how answers"
            " are written here",
            remedy="choose a model with attention (Llama, Qwen, Gemma, BART, T5, ...)",
        )
    return tokenizer, model


class _Understood:
    """While the small files of a model are parsed: what the libraries stumble over is their fault.

    A configuration of a wrong type or value makes transformers fail in many ways, and tokenizers
    raises the bare class ``Exception``, which no ``except`` can name without all others.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        from huggingface_hub.errors import StrictDataclassError

        wrong = (ArithmeticError, AttributeError, LookupError, TypeError, StrictDataclassError)
        if kind is Exception or isinstance(error, wrong):
            said = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
            raise ModelError(
                f"the configuration or the tokenizer in {self._folder} is not understood: {said}",
                remedy="fetch or copy the model again, or choose another",
            ) from error


def _of_the_hub(settings: ModelSettings, *, unpinned: bool, on_progress: Progress) -> hub.Found:
    """The model on the disk; downloaded, where that is allowed, unless it is only looked at."""
    name = settings.writer
    if not hub.is_name(name):
        what = f"{name} is a file" if Path(name).is_file() else f"there is no folder {name}"
        raise ModelError(
            f"{what}, and the name of a hub's model looks otherwise",
            remedy="name a folder with config.json and safetensors weights, or a model as"
            " owner/name; `briefing model list` shows what is at hand",
        )
    no_network = hub.offline(settings.offline)
    if not settings.revision and not unpinned:
        raise ModelError(
            f"the hub model {name} is not pinned to a revision, so it could change unseen",
            remedy=f"`briefing model fetch {name}`, then `briefing model use {name}`, which writes"
            " its commit as `revision` in [models]",
        )
    found = hub.find(name, settings.revision, no_network=no_network)
    if found.whole or (unpinned and found.size):
        return found
    if not found.size and there(found.folder):
        of_folder(found.folder)  # says what is wrong with them
    if not found.size:
        where = "on this disk, and no hub may be asked" if no_network else "at this revision"
        raise ModelError(
            f"the model {name} has no safetensors weights {where}",
            remedy=f"set `offline = false` in [models] and `briefing model fetch {name}`"
            if no_network
            else "choose a revision or a copy of it that has them; pickled weights are never read",
        )
    checkpoint = read(found.folder, weights=False)
    place = _placed(settings, checkpoint)
    ensure_room(estimate(checkpoint, place, stored=found.size), place, name=name)
    return hub.fetch(name, found.commit, no_network=no_network, on_progress=on_progress)


def _compared(
    checkpoint: Checkpoint, settings: ModelSettings, *, cache: Path, on_progress: Progress
) -> str:
    files = checkpoint.tensors.files if checkpoint.tensors else ()
    if not files:
        return ""
    digest = fingerprint(files, cache=cache, on_progress=on_progress)
    if digest != settings.sha256.lower():
        raise ModelError(
            f"the weights in {checkpoint.folder} are not the pinned ones: SHA-256 {digest[:16]}…,"
            f" `sha256` in [models] says {settings.sha256[:16]}…",
            remedy=f"if they were changed on purpose, `briefing model use {settings.writer}` pins"
            " them anew; else copy or fetch them again",
        )
    return digest


def _placed(settings: ModelSettings, checkpoint: Checkpoint) -> Placement:
    place = placement(settings.device)
    if checkpoint.kind == "sequence-to-sequence" and place.dtype == "float16":
        # T5's states leave the range of fp16.
        return Placement(place.device, "float32")
    return place
