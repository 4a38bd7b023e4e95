"""Which models are used, on which device, and where their converted copies are kept."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Device = Literal["auto", "cpu", "cuda", "mps"]

Freedom = Literal["copy names", "free"]
"""What the writer may write where no options are given. ``copy names``: its own words, but names
and numbers from the prompt; ``free``: anything."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """All that :class:`~briefing.adapters.models.LocalModels` needs to know."""

    writer: str = ""  # "": the embedded one; else a local folder or a hub name
    revision: str = ""  # commit or tag of a hub name, which must have one
    sha256: str = ""  # checksum that the writer's weights must have; "": not compared
    adapter: str = ""  # folder of a LoRA adapter over the writer; "" for none
    judge: str = ""  # folder of the judge's adapter over the embedded model; "": similarity alone
    device: Device = "auto"
    offline: bool = False  # never ask a model hub; the embedded models never do anyway
    cache: Path | None = None  # None: `cache_folder()`
    max_new_tokens: int = 80  # of one answer; gold headline and statement together reach 73
    batch: int = 32  # prompts decoded together; see docs/models.md for the measurement
    threads: int = 0  # CPU threads; 0: let torch choose
    temperature: float = 0.6  # of the candidates after the first, which is greedy
    seed: int = 20241122  # fixed, so that the same input gives the same answers
    freedom: Freedom = "copy names"


SHIPPED = Path(__file__).parent / "shipped"
"""The adapters that come with the package, ``writer`` and ``judge``: both over the embedded one."""


def cache_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Where converted models are kept.

    ``BRIEFING_CACHE`` if set, else ``briefing`` under ``XDG_CACHE_HOME`` (XDG Base Directory
    Specification 0.8), else under the platform's habit: ``~/Library/Caches`` on macOS,
    ``%LOCALAPPDATA%`` on Windows, ``~/.cache`` elsewhere.
    """
    env = os.environ if environment is None else environment
    if chosen := env.get("BRIEFING_CACHE"):
        return Path(chosen).expanduser()
    # The specification tells us to ignore a relative XDG_CACHE_HOME.
    if (xdg := env.get("XDG_CACHE_HOME")) and Path(xdg).is_absolute():
        return Path(xdg) / "briefing"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "briefing"
    if sys.platform == "win32" and (local := env.get("LOCALAPPDATA")):
        return Path(local) / "briefing" / "Cache"
    return Path.home() / ".cache" / "briefing"
