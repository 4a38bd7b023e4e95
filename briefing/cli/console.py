"""What all commands share: exit codes, the configuration they run under, options, and printing."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from briefing.cli.terminal import say, say_document, say_json, table

if TYPE_CHECKING:
    from briefing.config import Config
    from briefing.errors import BriefingError

__all__ = [
    "CONFIG_FILE",
    "DONE",
    "FAILED",
    "LEFT_OUT",
    "WRONG_CONFIGURATION",
    "config_option",
    "configuration",
    "machine_output",
    "now",
    "parse_day",
    "parse_moment",
    "quietly",
    "say",
    "say_document",
    "say_json",
    "table",
    "told",
]

DONE = 0
FAILED = 1
WRONG_CONFIGURATION = 2
LEFT_OUT = 3

CONFIG_FILE = "briefing.config-file"
"""Key of the root context's ``meta`` under which ``--config`` is kept."""

F = TypeVar("F", bound=Callable[..., Any])


def configuration() -> Config:
    """The configuration of this call: ``--config``, the environment, or the default file.

    Raises:
        ConfigError: it is missing, or says something that is not understood.
    """
    from briefing import config

    return config.load(click.get_current_context().find_root().meta.get(CONFIG_FILE), os.environ)


def config_option(function: F) -> F:
    """The option ``--config``, before or after the name of a command."""

    def remember(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
        if value is not None:
            ctx.find_root().meta[CONFIG_FILE] = value

    return click.option(
        "--config",
        type=click.Path(path_type=Path),
        metavar="FILE",
        expose_value=False,
        callback=remember,
        help="Configuration file; else BRIEFING_CONFIG, else config/briefing.toml.",
    )(function)


def told(error: BriefingError) -> list[str]:
    """An error of our own as the lines that are printed of it."""
    remedy = [f"  Remedy: {error.remedy}"] if error.remedy else []
    return [f"briefing: {error.message}", *remedy]


def now() -> datetime:
    """The clock, read in this one place of the command line."""
    return datetime.now(UTC)


def machine_output(function: F) -> F:
    """The option ``--json`` of the commands that a program may read."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON object, for programs."
    )(function)


def quietly(function: F) -> F:
    """The option ``--quiet`` of the commands that otherwise talk while they work."""
    return click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")(function)


def parse_day(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    """Callback of every date argument: ``YYYY-MM-DD``."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is not a date; write it as 2024-11-22") from error


def parse_moment(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    """Callback of an argument that is a date or a time: ``2024-11-22``, ``2024-11-22T06:30``."""
    if value is None:
        return None
    for kind in (date, datetime):  # a date alone is a time to `datetime`, too
        try:
            return kind.fromisoformat(value)
        except ValueError:
            continue
    raise click.BadParameter(
        f"{value!r} is no date or time; write it as 2024-11-22 or 2024-11-22T06:30+02:00"
    )
