"""What both recipes share: their options, the device, and the base model's folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from training.lora import EMBEDDED, Recipe

GOLD = Path(__file__).parent / "data"


def add_options(parser: argparse.ArgumentParser, *, epochs: int) -> None:
    """The options of a recipe; ``epochs`` is the default of that one."""
    usual = Recipe()
    parser.add_argument("--gold", type=Path, nargs="+", default=[GOLD], help="folders of pairs")
    parser.add_argument("--out", type=Path, required=True, help="folder of the adapter")
    parser.add_argument("--base", type=Path, help="the base model; default: the embedded one")
    parser.add_argument("--checkpoint", type=Path, help="file to save to and to resume from")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("--rank", type=int, default=usual.rank, help="of the LoRA matrices")
    parser.add_argument("--dropout", type=float, default=usual.dropout, help="before them")
    parser.add_argument("--rate", type=float, default=usual.rate, help="peak learning rate")
    parser.add_argument("--warmup", type=int, default=usual.warmup, help="steps up to that rate")
    parser.add_argument("--tokens", type=int, default=usual.tokens, help="tokens of one batch")
    parser.add_argument("--seed", type=int, default=usual.seed)


def recipe_of(options: argparse.Namespace) -> Recipe:
    """What the options of :func:`add_options` ask for."""
    return Recipe(
        rank=options.rank, alpha=2 * options.rank, dropout=options.dropout, rate=options.rate,
        warmup=options.warmup, epochs=options.epochs, tokens=options.tokens, seed=options.seed,
    )  # fmt: skip


def place(device: str) -> str:
    """``cuda`` where there is one and nothing else was asked for."""
    if device != "auto":
        return device
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def prepared(base: Path | None) -> Path:
    """The folder of the base model: the one given, or the embedded one, converted once."""
    if base:
        return base
    from briefing.adapters.models.settings import cache_folder
    from briefing.adapters.models.weights import WRITER, converted

    return converted(WRITER, cache=cache_folder(), on_progress=lambda *_: None)


def base_name(base: Path | None) -> str:
    """What the base model is called beside the adapter."""
    return base.resolve().name if base else EMBEDDED
