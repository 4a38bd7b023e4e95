"""``briefing serve``: the scheduled service."""

from __future__ import annotations

import click

from briefing.cli import console


@click.command("serve", short_help="Run the service: editions on time, mails, the site.")
@console.config_option
def command() -> None:
    """Make editions at their times, send them, and show the archive; until it is stopped.

    Each story's [schedule] says when; [mail] and [site] say how its readers get it. What fell due
    while it was down is made up for by [serve] catch_up. A second instance on the same store
    stands by. SIGTERM and Ctrl-C end it within ten seconds; killed at any moment it loses nothing.
    The log goes to the error stream, one line for each thing that happened.

    \b
    Examples:
      briefing serve
      briefing serve --config /etc/briefing/config/briefing.toml
    """
    from briefing.serve import serve

    click.get_current_context().exit(serve(console.configuration()))
