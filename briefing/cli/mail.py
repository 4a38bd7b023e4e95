"""``briefing mail``: whether mails will get through."""

from __future__ import annotations

import click

from briefing.cli import console


@click.group("mail", short_help="Try the mail server.")
def command() -> None:
    """Whether mails will get through.

    \b
    Examples:
      briefing mail test me@example.org
    """


@command.command("test")
@click.argument("address")
@console.config_option
def test(address: str) -> None:
    """Send a short mail to ADDRESS now, and say what the server answered at which step.

    Nothing is queued: what fails here is not tried again. Exit code 1 when it was not taken.

    \b
    Examples:
      briefing mail test me@example.org
    """
    from briefing import app

    config = console.configuration()
    receipt = app.send_test(config, address, now=console.now())
    console.say(f"{config.mail.host}:{config.mail.port} took it: {receipt.text}")
    console.say("Look whether it arrived, and not among the spam.")
