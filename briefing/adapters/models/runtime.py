"""What every model here shares: device, number format, silence, and the translation of errors."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from briefing.adapters.models.settings import Device
from briefing.errors import ModelError


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a model runs and in which number format."""

    device: str  # "cpu", "cuda", "mps"
    dtype: str  # name of a torch dtype: "bfloat16", "float16", "float32"

    def __str__(self) -> str:
        short = {"bfloat16": "bf16", "float16": "fp16", "float32": "fp32"}
        return f"{self.device} {short[self.dtype]}"


def placement(wanted: Device) -> Placement:
    """Choose the device, and the fastest number format that it computes natively.

    On CPUs without bf16 instructions torch emulates them several times slower than fp32.

    Raises:
        ModelError: the wanted device is not there.
    """
    import torch

    available = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if wanted == "auto":
        device = next(name for name, there in available.items() if there)
    elif available[wanted]:
        device = wanted
    else:
        raise ModelError(
            f"the device {wanted!r} is not available", remedy='set `device = "auto"` or "cpu"'
        )
    if device == "cuda":
        return Placement(device, "bfloat16" if torch.cuda.is_bf16_supported() else "float16")
    if device == "mps":
        return Placement(device, "float32")
    native = torch.cpu.get_capabilities()
    fast = native.get("avx512_bf16") or native.get("amx_bf16") or native.get("bf16")
    return Placement(device, "bfloat16" if fast else "float32")


def use_threads(count: int) -> None:
    """Let torch use ``count`` CPU threads; 0 leaves its own choice."""
    if count > 0:
        import torch

        torch.set_num_threads(count)


@contextmanager
def quiet() -> Iterator[None]:
    """Silence progress bars and notices of transformers, and warnings; errors pass.

    The libraries warn about matters that are settled here (padding, generation flags, formats).
    Their settings are put back afterwards.
    """
    from transformers.utils import logging as module

    logging: Any = module  # untyped
    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()


# Foreign error -> what we say. The first entry whose test holds is taken.
_OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory", "bad alloc")
_SMALLER = "free memory, or choose a smaller writer in [models]"


def out_of_memory(error: BaseException) -> bool:
    """Whether ``error`` is torch's or Python's way to say that memory ran out."""
    if isinstance(error, MemoryError):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(phrase in text for phrase in _OUT_OF_MEMORY)


@contextmanager
def translated(what: str, *, remedy: str = "") -> Iterator[None]:
    """Turn the expected errors of torch, transformers, safetensors and the disk into ModelError.

    ``what`` names the thing that was attempted ("load the writer"), ``remedy`` what mends it.
    """
    from safetensors import SafetensorError

    try:
        yield
    except ModelError:
        raise
    except (MemoryError, RuntimeError) as error:
        if not out_of_memory(error):
            raise ModelError(f"could not {what}: {_brief(error)}", remedy=remedy) from error
        raise ModelError(f"could not {what}: out of memory", remedy=_SMALLER) from error
    except (OSError, SafetensorError, ValueError, KeyError, ImportError) as error:
        # OSError: missing file or hub; ValueError and KeyError: configuration not understood;
        # ImportError: a model that needs a library we do not have.
        if "trust_remote_code" in str(error):
            raise ModelError(
                f"could not {what}: it needs a program of its own, which is never run",
                remedy="choose a model that the transformers library knows",
            ) from error
        raise ModelError(f"could not {what}: {_brief(error)}", remedy=remedy) from error


def _brief(error: BaseException) -> str:
    lines: list[str] = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__


def torch_dtype(place: Placement) -> Any:
    """The torch dtype object of a placement."""
    import torch

    return getattr(torch, place.dtype)
