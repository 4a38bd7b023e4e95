"""How much memory a model will take, and how much there is: asked before anything is loaded.

A process that takes more than there is is killed by the system without a word, so a writer that
cannot fit is refused with figures instead. The estimate counts what is certain (weights in the
number format they will have) and what one prompt needs (keys and values, the widest states); it is
an estimate to decide by, and batches are cut to what is free while writing.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.adapters.models.checkpoint import Checkpoint
from briefing.adapters.models.runtime import Placement
from briefing.errors import ModelError

_BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}
_TOKENS = 1024  # of one prompt with its answer: six passages with their frame were 700
_STATES = 4  # of a token that are alive at once inside a layer: input, gate, up, down
# Measured on two cores with three architectures of 135 to 406 million parameters: the process held
# 150 to 200 MB more than weights and states at its peak.
_LIBRARIES = 200_000_000
# Of a batch: half, because the allocator keeps what earlier batches of other shapes took.
_SHARE = 0.5
_CGROUPS = (
    # version 2: limit, use, and what of the use is copies of files, which can be dropped
    ("memory.max", "memory.current", "memory.stat", ("inactive_file", "active_file")),
    # version 1
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat",
     ("total_inactive_file", "total_active_file")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Estimate:
    """Bytes that a model takes where it runs."""

    weights: int
    work: int  # to answer one prompt

    @property
    def total(self) -> int:
        return self.weights + self.work


def estimate(checkpoint: Checkpoint, place: Placement, *, stored: int = 0) -> Estimate:
    """What the model will take at ``place``.

    Args:
        stored: bytes of its weights on disk, for a model whose weights are not here yet; their
            number format is the one that its configuration names.
    """
    each = _BYTES[place.dtype]
    if checkpoint.tensors:
        weights = checkpoint.tensors.parameters * each
    else:
        named = checkpoint.config.get("dtype") or checkpoint.config.get("torch_dtype")
        weights = stored // _BYTES.get(str(named), 4) * each
    # On a card, what the libraries hold is no longer among the free memory when it is asked for.
    libraries = 0 if place.device == "cuda" else _LIBRARIES
    return Estimate(weights, libraries + _TOKENS * per_token(checkpoint, place))


def per_token(checkpoint: Checkpoint, place: Placement) -> int:
    """Bytes that each token of a batch takes: keys and values of all layers, states of one."""
    kept = 2 * checkpoint.layers * checkpoint.key_width
    states = _STATES * (checkpoint.width + checkpoint.inner)
    return int((kept + states) * _BYTES[place.dtype])


def ensure_room(needed: Estimate, place: Placement, *, name: str) -> None:
    """Refuse a model that does not fit into the memory that is free now.

    Raises:
        ModelError: it does not fit; says by how much, and what to do.
    """
    free = available(place.device)
    if needed.total <= free:
        return
    kind = "graphics memory" if place.device == "cuda" else "memory"
    raise ModelError(
        f"the writer {name} needs {gigabytes(needed.total)} of {kind}"
        f" ({gigabytes(needed.weights)} for its weights on {place}, {gigabytes(needed.work)} to"
        f" work), and {gigabytes(free)} are free",
        remedy=f"close other programs, choose a smaller writer (`briefing model list` shows those"
        f" at hand, `briefing model use embedded` goes back), or a machine with"
        f" {gigabytes(needed.total - free)} more",
    )


def rows(free: int, *, tokens: int, each: int) -> int:
    """How many answers of ``tokens`` tokens, at ``each`` bytes, fit into ``free``; at least 1."""
    return max(1, int(free * _SHARE) // max(1, tokens * each))


def available(device: str) -> int:
    """Bytes that are free on the device now.

    Of main memory, what the system says can be had without swapping, bounded by the limit of the
    container (cgroup) and of the process.
    """
    if device == "cuda":
        import torch

        free, _ = torch.cuda.mem_get_info()
        # What torch keeps for itself and does not use now can be used again.
        return int(free + torch.cuda.memory_reserved() - torch.cuda.memory_allocated())
    system: Any = importlib.import_module("psutil")  # untyped
    free = int(system.virtual_memory().available)
    return max(0, min([free, *_limits(Path("/sys/fs/cgroup"))]))


def _limits(root: Path) -> list[int]:
    """Bytes that are left to this process by limits that the system's own figure leaves out."""
    left = []
    for limit, use, stat, files in _CGROUPS:
        try:
            most = int((root / limit).read_text("ascii"))
            used = int((root / use).read_text("ascii"))
            lines = (root / stat).read_text("ascii").splitlines()
        except (OSError, ValueError):  # no such group, or "max": no limit
            continue
        given = dict(line.split(maxsplit=1) for line in lines if " " in line)
        left.append(most - used + sum(int(given.get(name, "0")) for name in files))
    if sys.platform == "linux":
        import resource

        most, _ = resource.getrlimit(resource.RLIMIT_AS)
        if most != resource.RLIM_INFINITY:
            pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
            left.append(most - pages * resource.getpagesize())
    return left


def gigabytes(count: int) -> str:
    """Bytes for people."""
    if count < 950_000_000:
        return f"{max(0, count) / 1e6:.0f} MB"
    return f"{count / 1e9:.1f} GB"
