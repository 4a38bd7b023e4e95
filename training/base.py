"""What both recipes share: their options, the device, and the base model's folder."""

from __future__ import annotations

import argparse
from pathlib import Path

GOLD = Path(__file__).parent / "data"


def add_options(parser: argparse.ArgumentParser, *, epochs: int) -> None:
    """The options of a recipe."""
    parser.add_argument("--gold", type=Path, nargs="+", default=[GOLD], help="folders of pairs")
    parser.add_argument("--out", type=Path, required=True, help="folder of the adapter")
    parser.add_argument("--base", type=Path, help="the base model; default: the embedded one")
    parser.add_argument("--checkpoint", type=Path, help="file to save to and to resume from")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--rate", type=float, default=3e-4, help="peak learning rate")
    parser.add_argument("--tokens", type=int, default=4096, help="tokens of one batch")
    parser.add_argument("--seed", type=int, default=20241122)


def place(device: str) -> str:
    """``cuda`` where there is one and nothing else was asked for."""
    import torch

    if device != "auto":
        return device
    return "cuda" if torch.cuda.is_available() else "cpu"


def prepared(base: Path | None) -> Path:
    """The folder of the base model: the one given, or the embedded one, converted once."""
    if base:
        return base
    from briefing.adapters.models.settings import cache_folder
    from briefing.adapters.models.weights import WRITER, converted

    return converted(WRITER, cache=cache_folder(), on_progress=lambda *_: None)
