"""The pinned floors of ``floors.json``: held by every eval the same way, lowered only on purpose.

    briefing eval judge --data DIR --json > figures.json
    python -m evals.floors update --eval judge < figures.json
    python -m evals.floors update --eval judge --pin gold_auc=0.01 < figures.json
    python -m evals.floors update --eval judge --lower --reason "why" < figures.json

A floor holds one figure of one eval: ``least`` or ``most`` is its bound, ``margin`` how far the
bound stands off the figure that it was measured at (what chance or another machine may move),
``best`` the strictest bound that it ever had. A bound that is looser than its best must carry the
reason, ``lowered``. An update raises floors to what was measured, less the margin; where a figure
has fallen below its floor it changes nothing, unless it is told to lower and why.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_suffix(".json")

Floors = dict[str, dict[str, dict[str, Any]]]


def pinned(file: Path = FILE) -> Floors:
    """All floors, by eval and figure."""
    found: Floors = json.loads(file.read_text("utf-8"))
    return found


def missed(name: str, figures: Mapping[str, Any], *, file: Path = FILE) -> int:
    """The exit status of an eval: 1, with a line for each, when a figure misses its floor.

    A figure that the eval no longer gives counts as missed; an eval without floors misses none.
    """
    status = 0
    for key, floor in pinned(file).get(name, {}).items():
        figure = figures.get(key)
        if not _held(floor, figure):
            side = _side(floor)
            print(f"{name}: {key} is pinned at {side} {floor[side]}, found {figure}",
                  file=sys.stderr)  # fmt: skip
            status = 1
    return status


def unexplained(floors: Floors) -> list[str]:
    """Floors that are looser than they once were, without a reason: ``eval: figure``."""
    return [
        f"{name}: {key}"
        for name, listed in floors.items()
        for key, floor in listed.items()
        if _stricter(_side(floor), floor["best"], floor[_side(floor)])
        and not str(floor.get("lowered", "")).strip()
    ]


def updated(
    floors: Floors, name: str, figures: Mapping[str, Any], *, reason: str = ""
) -> tuple[Floors, list[str], list[str]]:
    """The floors after a measurement, what changed, and what was refused.

    Args:
        figures: those of the eval ``name``.
        reason: why a floor may be lowered; "" when none may. Only those are lowered whose figure
            misses them.
    """
    changed: list[str] = []
    refused: list[str] = []
    made = {key: dict(floor) for key, floor in floors[name].items()}
    for key, floor in made.items():
        side, figure = _side(floor), figures.get(key)
        if not _number(figure):
            refused.append(f"{name}: {key} was not measured, found {figure!r}")
            continue
        before = floor[side]
        after = _off(side, float(figure), floor["margin"])
        if _stricter(side, after, before):
            floor[side] = after
            if _stricter(side, after, floor["best"]) or after == floor["best"]:
                floor["best"] = after
                floor.pop("lowered", None)
        elif not _held(floor, figure):
            if not reason:
                refused.append(f"{name}: {key} is pinned at {side} {before}, found {figure}")
                continue
            floor[side] = after
            floor["lowered"] = reason
        if floor[side] != before:
            changed.append(f"{name}: {key} {side} {before} -> {floor[side]}")
    return {**floors, name: made}, changed, refused


def pin(
    floors: Floors, name: str, key: str, margin: float, figures: Mapping[str, Any], *, side: str
) -> Floors:
    """The floors with one more: ``key``, at what was measured less the margin.

    Raises:
        ValueError: it is pinned already, or was not measured.
    """
    if key in floors.get(name, {}):
        raise ValueError(f"{name}: {key} is pinned already; leave out --pin to raise it")
    if not _number(figures.get(key)):
        raise ValueError(f"{name}: {key} was not measured, found {figures.get(key)!r}")
    bound = _off(side, float(figures[key]), margin)
    floor = {side: bound, "margin": margin, "best": bound}
    return {**floors, name: {**floors.get(name, {}), key: floor}}


def _side(floor: Mapping[str, Any]) -> str:
    return "most" if "most" in floor else "least"


def _number(figure: Any) -> bool:
    return isinstance(figure, int | float) and figure == figure  # false of nan


def _held(floor: Mapping[str, Any], figure: Any) -> bool:
    if not _number(figure):
        return False
    return bool(figure <= floor["most"] if "most" in floor else figure >= floor["least"])


def _stricter(side: str, one: float, other: float) -> bool:
    return one < other if side == "most" else one > other


def _off(side: str, figure: float, margin: float) -> float:
    bound = figure + margin if side == "most" else figure - margin
    return round(max(0.0, bound), 4)


def main(arguments: Sequence[str] | None = None, *, file: Path = FILE) -> int:
    """``update``: exit 0 when all is well, 1 when a floor would have to be lowered, 2 wrong use."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.floors",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    update = parser.add_subparsers(required=True).add_parser("update", help="raise the floors")
    update.add_argument("--eval", required=True, metavar="NAME")
    update.add_argument("--pin", action="append", default=[], metavar="FIGURE=MARGIN")
    update.add_argument("--most", action="store_true", help="--pin sets an upper bound")
    update.add_argument("--lower", action="store_true", help="lower what is missed")
    update.add_argument("--reason", default="", metavar="TEXT", help="why it is lowered")
    chosen = parser.parse_args(arguments)
    reason = chosen.reason.strip()
    if chosen.lower != bool(reason):
        update.error("--lower needs --reason TEXT, and --reason is for --lower alone")
    said: list[str] = []
    try:
        figures = json.load(sys.stdin)
        figures = figures.get(chosen.eval, figures)  # of all evals, or of this one
        floors = pinned(file)
        for each in chosen.pin:
            key, _, margin = each.partition("=")
            side = "most" if chosen.most else "least"
            floors = pin(floors, chosen.eval, key, float(margin or 0), figures, side=side)
            said.append(f"{chosen.eval}: {key} pinned at {floors[chosen.eval][key]}")
        floors, changed, refused = updated(floors, chosen.eval, figures, reason=reason)
    except (ValueError, AttributeError, KeyError) as error:
        update.error(f"{error}; pipe in the JSON of `briefing eval {chosen.eval} --json`")
    for line in refused:
        print(f"refused: {line}", file=sys.stderr)
    if refused:
        print("nothing was changed; a floor is lowered by --lower --reason TEXT", file=sys.stderr)
        return 1
    file.write_text(json.dumps(floors, indent=2, ensure_ascii=False) + "\n", "utf-8")
    for line in [*said, *changed] or ["no floor moved"]:
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
