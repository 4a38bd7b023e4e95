"""Weights on disk: which safetensors files a folder has, and what their headers say.

A safetensors file is a length (8 bytes), a JSON header with name, format, shape and place of each
tensor, and the numbers. The header tells everything that must be known before loading, and whether
the file is whole.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.errors import ModelError

_INDEX = "model.safetensors.index.json"
_SINGLE = "model.safetensors"
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.msgpack", "*.h5")
_MOST_HEADER = 100_000_000  # bytes; the limit of the safetensors format itself

# Bits of the number formats of safetensors headers.
_BITS = {
    "F64": 64, "I64": 64, "U64": 64, "C64": 64, "F32": 32, "I32": 32, "U32": 32, "F16": 16,
    "BF16": 16, "I16": 16, "U16": 16, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "I8": 8, "U8": 8,
    "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tensors:
    """The header of one or more safetensors files."""

    files: tuple[Path, ...]
    shapes: Mapping[str, tuple[int, ...]]
    size: int  # bytes on disk

    @property
    def parameters(self) -> int:
        """How many numbers they hold."""
        return sum(math.prod(shape) for shape in self.shapes.values())


def there(folder: Path) -> bool:
    """Whether the folder holds safetensors weights, whole or not."""
    return (folder / _SINGLE).exists() or (folder / _INDEX).exists()


def whole(folder: Path) -> bool:
    """Whether the folder holds all of its weights, unbroken."""
    try:
        of_folder(folder)
    except ModelError:
        return False
    return True


def of_folder(folder: Path) -> Tensors:
    """The headers of all weights of a model folder, one file or as many as its index lists.

    Raises:
        ModelError: there are none, only pickled ones, or some are missing or broken.
    """
    if (folder / _SINGLE).is_file():
        return header(folder / _SINGLE)
    if not (folder / _INDEX).is_file():
        pickles = sorted(p.name for pattern in _PICKLES for p in folder.glob(pattern))
        if pickles:
            raise ModelError(
                f"{folder} holds only pickled weights ({pickles[0]}), which can run code when"
                " opened and are never read",
                remedy="choose a revision or a copy of the model with safetensors weights",
            )
        raise ModelError(
            f"{folder} holds no weights: there is no {_SINGLE}", remedy="fetch the model again"
        )
    listed = read_json(folder / _INDEX).get("weight_map")
    if not isinstance(listed, dict) or not listed:
        raise ModelError(f"{folder / _INDEX} lists no weights", remedy="fetch the model again")
    names = sorted({str(name) for name in listed.values()})
    for name in names:
        # An index that leads out of its folder is no slip.
        if Path(name).name != name or not name.endswith(".safetensors"):
            raise ModelError(
                f"{folder / _INDEX} names {name!r}, which is no safetensors file beside it",
                remedy="choose a copy of the model with safetensors weights",
            )
        if not (folder / name).is_file():
            raise ModelError(
                f"{folder} lacks {name}, one of {len(names)} files of its weights",
                remedy="fetch the model again",
            )
    parts = [header(folder / name) for name in names]
    shapes = {name: shape for part in parts for name, shape in part.shapes.items()}
    return Tensors(
        tuple(file for part in parts for file in part.files), shapes, sum(p.size for p in parts)
    )


def header(file: Path) -> Tensors:
    """Names and shapes of one file, after its length was compared with what its header says.

    Raises:
        ModelError: it cannot be read, is cut short, or is no safetensors file.
    """
    broken = ModelError(f"{file} is broken or cut short", remedy="fetch or copy it again")
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            (length,) = struct.unpack("<Q", opened.read(8).ljust(8, b"\xff"))
            if not 2 <= length <= min(size - 8, _MOST_HEADER):
                raise broken
            found = json.loads(opened.read(length))
        found.pop("__metadata__", None)
        shapes, end = {}, 0
        for name, one in found.items():
            first, last = one["data_offsets"]
            shape = tuple(int(n) for n in one["shape"])
            if (
                min(shape, default=0) < 0
                or (last - first) * 8 != math.prod(shape) * _BITS[one["dtype"]]
            ):
                raise broken
            shapes[name], end = shape, max(end, last)
    except OSError as error:
        raise ModelError(
            f"cannot read {file}: {error.strerror}", remedy=f"make {file} readable"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise broken from error
    if size != 8 + length + end:
        raise broken
    return Tensors((file,), shapes, size)


def read_json(file: Path) -> dict[str, Any]:
    """The JSON object in a file.

    Raises:
        ModelError: it cannot be read, or is none.
    """
    try:
        found = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ModelError(
            f"cannot read {file}: {error.strerror}", remedy=f"make {file} readable"
        ) from error
    except ValueError as error:
        raise ModelError(f"{file} is not valid JSON", remedy="fetch the model again") from error
    if not isinstance(found, dict):
        raise ModelError(f"{file} holds no JSON object", remedy="fetch the model again")
    return found
