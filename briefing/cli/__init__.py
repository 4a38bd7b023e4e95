"""The command line: one module for each group of commands, imported only when it is asked for.

``briefing --help`` imports neither torch nor any other heavy library: modules here import them,
and ``briefing.app``, inside functions.

Errors of our own tree are printed as one message with its remedy; anything else is a bug and keeps
its traceback. The exit codes are in :mod:`briefing.cli.console`.
"""

from __future__ import annotations

import difflib
import importlib
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import click

from briefing.adapters import secrets
from briefing.cli import console, terminal
from briefing.errors import BriefingError, ConfigError

COMMANDS = {
    "run": "briefing.cli.run",
    "serve": "briefing.cli.serve",
    "show": "briefing.cli.show",
    "catch-up": "briefing.cli.catch_up",
    "status": "briefing.cli.status",
    "verify": "briefing.cli.verify",
    "replay": "briefing.cli.replay",
    "subscribers": "briefing.cli.subscribers",
    "outbox": "briefing.cli.outbox",
    "mail": "briefing.cli.mail",
    "site": "briefing.cli.site",
    "poll": "briefing.cli.poll",
    "feeds": "briefing.cli.feeds",
    "model": "briefing.cli.model",
    "db": "briefing.cli.db",
    "doctor": "briefing.cli.doctor",
    "eval": "briefing.cli.eval",
    "completion": "briefing.cli.completion",
}
"""Command -> the module whose ``command`` it is, in the order of the help text."""


class Commands(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        wanted = args[0]
        if wanted not in COMMANDS and not ctx.resilient_parsing:  # completion asks with half words
            near = difflib.get_close_matches(wanted, COMMANDS, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else "See briefing --help."
            ctx.fail(f"No such command {wanted!r}. {hint}")
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        from briefing import __version__

        console.say(f"briefing {__version__}")
        ctx.exit()


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@console.config_option
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_version,
    help="Print the version and stop.",
)
def command() -> None:
    """A daily digest of one running news story: written by a model, cited, proven line by line.

    \b
    Start here:
      briefing doctor                                what is missing, and how to mend it
      briefing run --source seeds --date 2024-11-22  a first digest, from the articles in seeds/
      briefing show                                  read it
      briefing verify digests/2024-11-22             prove each of its lines again

    \b
    Exit codes:
      0  done
      1  could not be done (disk, store, model), or a bug
      2  wrong configuration or wrong use
      3  done, with something left out or found that you should see
    """


def _stop(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)  # unwinds: transactions roll back, half-written folders are removed


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit. ``arguments`` defaults to those of the process."""
    # As process 1 of a container we would otherwise never see it: the kernel keeps a signal
    # without a handler from process 1.
    signal.signal(signal.SIGTERM, _stop)
    terminal.guard()
    secrets.no_core_dumps()
    try:
        command.main(args=arguments, prog_name="briefing")
    except BriefingError as error:
        console.say(*console.told(error), err=True)
        sys.exit(console.WRONG_CONFIGURATION if isinstance(error, ConfigError) else console.FAILED)
