"""``briefing eval``: the quality figures, measured on a folder of data.

The evals stand beside the package in a checkout, in ``evals/``; an installed package has none.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import click

import briefing
from briefing.cli import console
from briefing.errors import ConfigError

FOLDER = Path(briefing.__file__).resolve().parent.parent / "evals"


@click.command(
    "eval",
    short_help="Measure the quality on a folder of data.",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("name", metavar="[NAME]", required=False)
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[EVAL_OPTIONS]")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    envvar="BRIEFING_DATA",
    metavar="DIR",
    help="Folder of the data; else BRIEFING_DATA.",
)
@click.option("--floors", is_flag=True, help="Exit with 1 when a figure misses its pinned floor.")
@console.machine_output
@console.quietly
@console.config_option
def command(
    name: str | None,
    options: tuple[str, ...],
    data: Path | None,
    floors: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Measure the quality on a folder of data, by one eval or by all that it has data for.

    NAME is ladder, extraction, feeds, judge, writer, summaries, grouping, day, injection or
    changes. Each has options of its own, which follow its name; `briefing eval NAME --data DIR --
    --help` lists them. docs/evaluation.md says what each measures, and which files it reads.

    \b
    Examples:
      briefing eval --data ~/news-data --json
      briefing eval judge --data ~/news-data --floors
      briefing eval writer --data ~/news-data --table --dump drafts.jsonl

    Needs a checkout: the evals are not part of the installed package. Exit code 3 says that rows
    of the data could not be read and were left out.
    """
    from briefing.cli import progress

    running = part("running")
    if data is None:
        raise ConfigError("no data is named", remedy="briefing eval --data DIR, or BRIEFING_DATA")
    with progress.shown(quiet=quiet) as listener:
        if name is None:
            found: dict[str, Any] = running.every(data, listener)
        else:
            found = running.figures(name, data, options, listener)
    if as_json:
        console.say_json(found)
    else:
        console.say(*_lines(found))
    missed = running.missed(name, found) if floors else 0
    lost = "left_out_rows" in found or any(
        "left_out_rows" in each for each in found.values() if isinstance(each, dict)
    )
    click.get_current_context().exit(
        console.FAILED if missed else console.LEFT_OUT if lost else console.DONE
    )


def part(name: str, folder: Path = FOLDER) -> ModuleType:
    """A module of the evals, from the checkout.

    Raises:
        ConfigError: this package runs without its checkout.
    """
    if not (folder / "running.py").is_file():
        raise ConfigError(
            "the evals come with a checkout of the project, and this is an installed package",
            where=str(folder),
            remedy="clone the repository and run `make eval DATA=folder` there",
        )
    if str(folder.parent) not in sys.path:
        sys.path.insert(0, str(folder.parent))
    return importlib.import_module(f"evals.{name}")


def _lines(found: dict[str, Any], indent: str = "") -> list[str]:
    """Figures as lines for people: one each, those of a part below its name."""
    lines: list[str] = []
    for key, value in found.items():
        if isinstance(value, dict) and value:
            lines += [f"{indent}{key}", *_lines(value, indent + "  ")]
        else:
            lines.append(f"{indent}{key}: {value}")
    return lines
