"""``briefing subscribers``: who gets which editions by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from briefing.cli import console
from briefing.errors import BriefingError

if TYPE_CHECKING:
    from briefing.app import App
    from briefing.post import Standing, Subscriber


@click.group("subscribers", short_help="List, add and remove readers by mail.")
def command() -> None:
    """Who gets the editions of a story by mail.

    Someone added here gets mails at once. Someone who signs up on the site is pending until they
    confirm by the mail that they get. An address that refuses a mail is suspended, with the reason.

    \b
    Examples:
      briefing subscribers list
      briefing subscribers add reader@example.org
    """


_story_option = click.option(
    "--story", metavar="NAME", help="A file of config/stories; else [run] story."
)


@command.command("list")
@click.option("--story", metavar="NAME", help="Only readers of that story.")
@console.machine_output
@console.config_option
def list_readers(story: str | None, as_json: bool) -> None:
    """List the readers, with their standing.

    \b
    Examples:
      briefing subscribers list
      briefing subscribers list --story ukraine-missile-policy --json
    """
    from briefing import app

    config = console.configuration()
    slug = config.story(story).slug if story else None
    readers = app.open(config).store.readers.all(slug)
    if as_json:
        console.say_json({"subscribers": readers})
    elif not readers:
        console.say("no readers yet; `briefing subscribers add ADDRESS` adds one")
    else:
        console.say(*console.table([_row(reader) for reader in readers], indent=""))


@command.command("add")
@click.argument("address")
@_story_option
@click.option(
    "--slot",
    "slots",
    multiple=True,
    metavar="HH:MM",
    help="Only that edition of the day; may be given several times. All when not given.",
)
@console.config_option
def add(address: str, story: str | None, slots: tuple[str, ...]) -> None:
    """Send the editions of a story to ADDRESS from the next one on.

    An address that is known gets what is said now, even one that has left or was suspended.

    \b
    Examples:
      briefing subscribers add reader@example.org
      briefing subscribers add reader@example.org --story harbour-strike --slot 06:30
    """
    from briefing import app

    config = console.configuration()
    followed = config.story(story)
    app.check_address(address)
    wanted = tuple(app.slot_of(followed, slot) for slot in slots)
    store = app.open(config).store
    reader = store.readers.add(
        address, followed.slug, slots=wanted, standing="active", now=console.now()
    )
    console.say(f"{reader.address} gets {followed.name}{_slots(reader)}")
    if not config.mail.host:
        console.say("No mail is sent yet: [mail] host is empty in the configuration.", err=True)


@command.command("remove")
@click.argument("address")
@_story_option
@console.config_option
def remove(address: str, story: str | None) -> None:
    """Send ADDRESS no more editions of a story.

    \b
    Examples:
      briefing subscribers remove reader@example.org
    """
    _stand(address, story, "left", "removed by hand")


@command.command("resume")
@click.argument("address")
@_story_option
@console.config_option
def resume(address: str, story: str | None) -> None:
    """Send ADDRESS editions again, after it was suspended or had left.

    \b
    Examples:
      briefing subscribers resume reader@example.org
    """
    _stand(address, story, "active", "")


def _stand(address: str, story: str | None, standing: Standing, reason: str) -> None:
    from briefing import app

    config = console.configuration()
    slug = config.story(story).slug
    opened = app.open(config)
    reader = _found(opened, address, slug)
    opened.store.readers.set_standing(reader.id, standing, now=console.now(), reason=reason)
    console.say(f"{reader.address}: {reader.standing} -> {standing}")


def _found(opened: App, address: str, slug: str) -> Subscriber:
    reader = opened.store.readers.find(address, slug)
    if reader is None:
        raise BriefingError(
            f"{address} does not read {slug}",
            remedy="`briefing subscribers list` lists who reads what.",
        )
    return reader


def _row(reader: Subscriber) -> tuple[object, ...]:
    since = f"since {reader.created:%Y-%m-%d}" if reader.created else ""
    return reader.address, reader.story + _slots(reader), reader.standing, since, reader.reason


def _slots(reader: Subscriber) -> str:
    from briefing.stages.render import dates

    times = ", ".join(dates.of_slot(slot) for slot in reader.slots if slot)
    return f" at {times}" if times else ""
