"""Models and limits as the product uses them by default, or with another writer put in."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.config import ModelsSection
from briefing.news import Pair
from briefing.pipeline import Limits
from briefing.ports import Progress

if TYPE_CHECKING:
    from briefing.adapters.models import LocalModels

WORKING = Limits().floor
"""The least score at which the product prints a sentence that it wrote."""

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
    parser.add_argument("--writer", default="", help="a model folder or hub name")
    parser.add_argument(
        "--adapter", default=default.adapter, help="folder of a LoRA adapter over the writer"
    )
    parser.add_argument(
        "--candidates", type=int, default=default.candidates, help="answers to each prompt"
    )


def opened(chosen: argparse.Namespace, progress: Progress) -> Product:
    """The product with the writer that was chosen, else its own."""
    return with_writer(chosen.writer, chosen.adapter, chosen.candidates, progress)


def with_writer(writer: str, adapter: str, candidates: int, progress: Progress) -> Product:
    """The product with this writer: "" for the embedded one, and no adapter."""
    from briefing.adapters.models import LocalModels, ModelSettings

    settings = ModelSettings(writer=writer, adapter=adapter, offline=not writer)
    limits = Limits(candidates=candidates, style="shorten" if settings.bare else "reports")
    return Product(LocalModels(settings, on_progress=progress), limits)


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
