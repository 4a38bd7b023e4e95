"""Models and limits as the product uses them by default, or with another writer put in."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.config import load
from briefing.news import Pair
from briefing.pipeline import Limits
from briefing.ports import Progress
from briefing.sections import ModelsSection

if TYPE_CHECKING:
    from briefing.adapters.models import LocalModels

ROOT = Path(__file__).parent.parent
_CHUNK = 256  # pairs scored between two words on the progress
Support = Callable[[Sequence[Pair]], list[float]]


@dataclass(frozen=True, slots=True)
class Product:
    """Models, and how they are asked."""

    models: LocalModels
    limits: Limits


def options(parser: argparse.ArgumentParser) -> None:
    """Which writer is measured."""
    default = ModelsSection()
    parser.add_argument("--writer", default=default.writer, help="a model folder or hub name")
    parser.add_argument(
        "--adapter", default=default.adapter, help="`shipped`, a LoRA adapter's folder, or empty"
    )
    parser.add_argument(
        "--judge", default=default.judge, help="`shipped`, a judge's folder, or empty for none"
    )
    parser.add_argument(
        "--candidates", type=int, default=default.candidates, help="answers to each prompt"
    )


def opened(chosen: argparse.Namespace, progress: Progress) -> Product:
    """The product with the writer that was chosen, else its own."""
    own = ModelsSection(
        writer=chosen.writer, adapter=chosen.adapter, judge=chosen.judge,
        candidates=chosen.candidates, offline=chosen.writer == ModelsSection().writer,
    )  # fmt: skip
    return configured(own, progress)


def configured(section: ModelsSection, progress: Progress) -> Product:
    """The product with this section ``[models]``."""
    from briefing import app
    from briefing.adapters.models import LocalModels

    config = replace(load(ROOT / "config" / "briefing.toml", {}), models=section)
    return Product(
        LocalModels(app.model_settings(config), on_progress=progress), app.limits(config)
    )


def even(chosen: argparse.Namespace) -> float:
    """The judge's even threshold, or that of the rules alone."""
    from briefing import app
    from briefing.adapters.models import calibration

    config = load(ROOT / "config" / "briefing.toml", {})
    config = replace(config, models=replace(config.models, judge=chosen.judge))
    judge = app.model_settings(config).judge
    return calibration(Path(judge)).even if judge else Limits().floor


def scored(support: Support, pairs: Sequence[Pair], progress: Progress) -> dict[Pair, float]:
    """The score of each pair; each distinct one is asked once, those of like length together.

    A pair without evidence or without a sentence scores 0.
    """
    asked = [p for p in dict.fromkeys(pairs) if p.evidence and p.sentence.strip()]
    asked.sort(key=lambda p: (-len(p.sentence) - sum(map(len, p.evidence)), p.sentence, p.evidence))
    found = dict.fromkeys(pairs, 0.0)
    progress("judge", 0, len(asked))
    for first in range(0, len(asked), _CHUNK):
        chunk = asked[first : first + _CHUNK]
        found.update(zip(chunk, map(float, support(chunk)), strict=True))
        progress("judge", first + len(chunk), len(asked))
    return found
