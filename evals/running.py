"""Which evals there are, and how one or all of them are run."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from briefing.errors import ConfigError
from briefing.ports import Progress
from evals import floors
from evals.reading import NoData

NAMES = {
    "ladder": "who is said to allow which weapon, and on what authority?",
    "extraction": "is the article's text found on a real page?",
    "feeds": "is every feed read, with no crash and no hang?",
    "judge": "are true sentences told from subtly wrong ones?",
    "writer": "what does the writer do with sentences it has not seen?",
    "summaries": "how do three-sentence summaries of articles compare?",
    "grouping": "are reports of one thing brought together, and no others?",
    "day": "does a whole real day work?",
    "injection": "do texts that talk to the machine get into an edition?",
    "changes": "is what is new told from what is old, day by day?",
}
"""Every eval with its question, the quick ones first."""


def figures(name: str, data: Path, arguments: Sequence[str], progress: Progress) -> dict[str, Any]:
    """The figures of one eval. ``arguments``: options of its own.

    Raises:
        ConfigError: no such eval, or the data folder does not hold what it needs.
        SystemExit: ``arguments`` are not understood (2) or ask for help (0).
    """
    if name not in NAMES:
        raise ConfigError(f"there is no eval {name!r}", remedy=f"choose from {', '.join(NAMES)}")
    if not data.is_dir():
        raise ConfigError(
            "is no folder", where=str(data), remedy="name the data: --data DIR or BRIEFING_DATA"
        )
    module = importlib.import_module(f"evals.{name}")
    parser = argparse.ArgumentParser(
        prog=f"briefing eval {name} --data DIR",
        allow_abbrev=False,
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.options(parser)
    found: dict[str, Any] = module.figures(data, parser.parse_args(arguments), progress)
    return found


def every(data: Path, progress: Progress) -> dict[str, Any]:
    """The figures of all evals that the folder has data for; ``left_out`` says why of the others.

    Raises:
        NoData: it has data for none.
    """
    found: dict[str, Any] = {}
    left_out: dict[str, str] = {}
    for name in NAMES:
        print(f"eval={name}", file=sys.stderr, flush=True)
        try:
            found[name] = figures(name, data, (), progress)
        except NoData as error:
            left_out[name] = error.message
            print(f"not measured: {name}: {error.message}", file=sys.stderr)
    if not found:
        raise NoData(
            "holds data for none of the evals",
            where=str(data),
            remedy="its folders are described in docs/evaluation.md",
        )
    return {**found, **({"left_out": left_out} if left_out else {})}


def missed(name: str | None, found: dict[str, Any]) -> int:
    """1 when a figure misses its pinned floor, each named on the error stream; else 0."""
    named = {name: found} if name else {n: f for n, f in found.items() if n in NAMES}
    return max((floors.missed(n, f) for n, f in named.items()), default=0)
