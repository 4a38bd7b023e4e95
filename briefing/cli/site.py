"""``briefing site``: the archive of all editions as a folder of pages."""

from __future__ import annotations

from pathlib import Path

import click

from briefing.cli import console, progress


@click.group("site", short_help="Write the archive of all editions as a folder of pages.")
@console.config_option
def command() -> None:
    """The archive of all editions, without a server."""


@command.command("build", short_help="Write the archive as files.")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default=Path("site"))
@console.machine_output
@console.quietly
@console.config_option
def build(directory: Path, as_json: bool, quiet: bool) -> None:
    """Write the archive of all editions below DIRECTORY (`site` when not given).

    The pages are those of `briefing serve`: the list of editions, each digest with its evidence,
    and the feeds. All links are relative: open index.html from the disk, or put the folder on any
    web server, at any address. Only files that changed are written. What an earlier call wrote
    for editions that are there no more is removed; other files are never touched.

    \b
    Examples:
      briefing site build
      briefing site build /srv/www/briefing
      briefing site build --json | jq .written
    """
    from briefing import app, site

    config = console.configuration()
    opened = app.open(config)
    with progress.shown(quiet=quiet or as_json) as listener:
        built = site.build(
            opened.store,
            stories=config.stories,
            directory=directory.absolute(),
            url=config.site.url,
            progress=lambda done, total: listener("site", done, total),
        )
    if as_json:
        console.say_json(built)
    elif not quiet:
        console.say(
            f"{built.editions} editions: {built.written} files written, "
            f"{built.unchanged} unchanged, {built.removed} removed",
            f"Open: {built.folder / 'index.html'}",
        )
