"""``briefing outbox``: mails that wait, went out, or could not be sent."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

import click

from briefing.cli import console
from briefing.errors import BriefingError
from briefing.post import MailState
from briefing.text.words import count

if TYPE_CHECKING:
    from briefing.post import Letter


@click.group("outbox", short_help="List, show, retry and drop mails.")
def command() -> None:
    """Mails that wait to be sent, went out, or could not be sent.

    A mail is queued in the same step that records its edition, so none is lost; it is sent with
    the same bytes and Message-ID at every attempt. A mail that the server refused for good is
    dead: it stays here until somebody retries it.

    \b
    Examples:
      briefing outbox list --state dead
      briefing outbox retry
    """


@command.command("list")
@click.option("--state", type=click.Choice(get_args(MailState)), help="Only mails in that state.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many."
)
@console.machine_output
@console.config_option
def list_mails(state: MailState | None, limit: int, as_json: bool) -> None:
    """List the newest mails, with what the server last said.

    \b
    Examples:
      briefing outbox list
      briefing outbox list --state dead
      briefing outbox list --state queued --json
    """
    from briefing import app

    outbox = app.open(console.configuration()).store.outbox
    letters = outbox.letters(state=state, limit=limit)
    tally = outbox.tally()
    if as_json:
        console.say_json({"tally": tally, "mails": [_plain(letter) for letter in letters]})
        return
    console.say(f"{tally.queued} queued, {tally.sent} sent, {tally.dead} dead")
    if letters:
        console.say(*console.table([_row(letter) for letter in letters]))


@command.command("show")
@click.argument("number", type=int)
@console.config_option
def show(number: int) -> None:
    """Print mail NUMBER, byte for byte as it is sent (to a terminal, with its lines as lines).

    \b
    Examples:
      briefing outbox show 12
      briefing outbox show 12 > mail.eml
    """
    from briefing import app

    letter = app.open(console.configuration()).store.outbox.letter(number)
    if letter is None:
        raise BriefingError(
            f"there is no mail {number}", remedy="`briefing outbox list` lists them."
        )
    if not letter.mail.content:
        raise BriefingError(
            f"the text of mail {number} is no longer kept",
            remedy="[serve] keep_days says how long it is; `briefing show` prints the edition.",
        )
    if sys.stdout.isatty():  # which would obey what it holds
        console.say_document(letter.mail.content.decode("utf-8", "replace").replace("\r\n", "\n"))
    else:
        sys.stdout.buffer.write(letter.mail.content)


@command.command("retry")
@click.argument("numbers", nargs=-1, type=int)
@console.config_option
def retry(numbers: tuple[int, ...]) -> None:
    """Send dead mails again, and waiting ones at once: all of them, or those in NUMBERS.

    Also ends the pause after trouble with the mail server. The running service sends them within
    seconds; without one, `briefing outbox send` does.

    \b
    Examples:
      briefing outbox retry
      briefing outbox retry 12 15
    """
    from briefing import app

    opened = app.open(console.configuration())
    again = opened.store.outbox.retry(now=console.now(), numbers=numbers)
    app.forgive_server(opened.store)
    console.say(f"{count(again, 'mail')} will be sent again")


@command.command("drop")
@click.argument("numbers", nargs=-1, type=int, required=True)
@console.config_option
def drop(numbers: tuple[int, ...]) -> None:
    """Give up the waiting mails in NUMBERS; they stay visible as dead.

    \b
    Examples:
      briefing outbox drop 12 15
    """
    from briefing import app

    outbox = app.open(console.configuration()).store.outbox
    dropped = outbox.drop(numbers, now=console.now(), reason=app.BY_HAND)
    console.say(f"{count(dropped, 'mail')} given up")


@command.command("send")
@console.config_option
def send() -> None:
    """Send what waits, now and from here; for use without a running service.

    Exit code 3 when a mail was put off or refused, or the server could not be used.

    \b
    Examples:
      briefing outbox send
      briefing run --send && briefing outbox send
    """
    from briefing import app

    config = console.configuration()
    done = app.deliver_now(config, app.open(config), clock=console.now)
    console.say(f"{done.sent} sent, {done.later} put off, {done.dead} refused")
    if done.trouble is not None:
        console.say(*console.told(done.trouble), err=True)
    troubled = done.later or done.dead or done.trouble
    click.get_current_context().exit(console.LEFT_OUT if troubled else console.DONE)


def _row(letter: Letter) -> Sequence[object]:
    when = letter.settled or letter.not_before or letter.queued
    about = letter.mail.edition or letter.mail.kind
    return (
        letter.number,
        letter.state,
        f"{when:%Y-%m-%d %H:%M}",
        letter.mail.recipient,
        about,
        f"{letter.attempts} tried" if letter.attempts else "",
        letter.reply,
    )


def _plain(letter: Letter) -> dict[str, object]:
    mail = letter.mail
    return {
        "number": letter.number,
        "state": letter.state,
        "kind": mail.kind,
        "edition": str(mail.edition) if mail.edition else None,
        "recipient": mail.recipient,
        "message_id": mail.message_id,
        "attempts": letter.attempts,
        "queued": letter.queued,
        "not_before": letter.not_before,
        "settled": letter.settled,
        "reply": letter.reply,
        "bytes": len(mail.content),
    }
