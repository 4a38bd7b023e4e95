"""The pinned floors of ``floors.toml``, held by every eval the same way."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def missed(name: str, figures: Mapping[str, Any]) -> int:
    """The exit status of an eval: 1, with a line for each, when a figure misses its floor.

    A floor ``most_x`` is the largest value that ``x`` may have; any other the least. A figure that
    the eval no longer gives counts as missed.
    """
    pinned = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))[name]
    status = 0
    for key, bound in pinned.items():
        figure = figures.get(key.removeprefix("most_"))
        held = figure is not None and (
            figure <= bound if key.startswith("most_") else figure >= bound
        )
        if not held:
            print(f"{name}: {key} is pinned at {bound}, found {figure}", file=sys.stderr)
            status = 1
    return status
