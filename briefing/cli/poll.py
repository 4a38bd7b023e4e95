"""``briefing poll``: take in what is new, and make no edition."""

from __future__ import annotations

import click

from briefing.cli import console, progress


@click.command("poll", short_help="Take in what is new from the feeds.")
@console.machine_output
@console.quietly
@console.config_option
def command(as_json: bool, quiet: bool) -> None:
    """Ask the feeds whose time has come, and keep their new articles for the next edition.

    A feed is asked every [serve] poll_minutes, and less often when it says so. `briefing serve`
    does this by itself; without it, an hourly call loses no entry of a feed that drops them fast.
    Exit code 3 when a feed was silent.

    \b
    Examples:
      briefing poll
      briefing poll --quiet --json
    """
    from briefing import app

    config = console.configuration()
    with progress.shown(quiet=quiet or as_json) as listener:
        result = app.poll_once(config, now=console.now(), progress=listener)
    silent = [report for report in result.reports if report.outcome == "silent"]
    if as_json:
        console.say_json({"new": result.new, "feeds": result.reports, "skips": result.skips})
    elif not quiet:
        asked = len([report for report in result.reports if report.outcome != "waiting"])
        console.say(f"{asked} feeds asked, {result.new} new articles, {len(silent)} silent")
        for report in silent:
            console.say(f"  {report.title or report.source}: {report.detail}")
    click.get_current_context().exit(console.LEFT_OUT if silent else console.DONE)
