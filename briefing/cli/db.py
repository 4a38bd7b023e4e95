"""``briefing db``: whether the store is sound, and a copy of it."""

from __future__ import annotations

from pathlib import Path

import click

from briefing.cli import console
from briefing.errors import StoreError


@click.group("db", short_help="Check the store, and back it up.")
def command() -> None:
    """Whether the store is sound, and a copy of it.

    \b
    Examples:
      briefing db check
      briefing db backup /backups/briefing.db
    """


@command.command("check")
@console.quietly
@console.config_option
def check(quiet: bool) -> None:
    """Read the whole store and say what is damaged. Exit code 1 when anything is.

    Of a PostgreSQL database it says only that it answers; `pg_amcheck` looks for damage there.

    \b
    Examples:
      briefing db check
      briefing db check --quiet && echo sound
    """
    from briefing import app

    store = app.open(console.configuration()).store
    found = store.damage()
    if found:
        raise StoreError(
            f"{store.where} is damaged: " + "; ".join(found[:5]),
            remedy="Stop the service, move the file away, and put the latest backup in its place.",
        )
    if not quiet:
        told = "sound" if store.file else "answers; `pg_amcheck` looks for damage"
        console.say(f"{store.where}: {told}")


@command.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@console.config_option
def backup(file: Path) -> None:
    """Copy the store to FILE while the service runs; the copy is checked, then put in place.

    An older copy of that name is replaced in one step. Keep `state/secret.key` with it: without
    that file the unsubscribe addresses in old mails stop working.

    \b
    Examples:
      briefing db backup /backups/briefing.db
      briefing db backup "/backups/briefing-$(date +%F).db"
    """
    from briefing import app

    store = app.open(console.configuration()).store
    size = store.backup(file.absolute())
    console.say(f"{file}: {size / 1e6:.1f} MB, checked")
