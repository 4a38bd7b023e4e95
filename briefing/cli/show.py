"""``briefing show``: read an edition."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from briefing.cli import console

if TYPE_CHECKING:
    from briefing.app import App
    from briefing.news import Digest


@click.command("show", short_help="Print an edition.")
@click.argument("day", metavar="[DATE]", required=False, callback=console.parse_day)
@click.option("--story", metavar="NAME", help="A file of config/stories, without .toml.")
@click.option(
    "--slot",
    metavar="HH:MM",
    help="Which of the day's editions, where a story has several; the latest when not given.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "html", "txt", "json"]),
    default="md",
    show_default=True,
    help="How to print it.",
)
@click.option(
    "--removed", is_flag=True, help="Print what was taken out of its articles, and why, instead."
)
@console.config_option
def command(
    day: date | None, story: str | None, slot: str | None, form: str, removed: bool
) -> None:
    """Print an edition from the store: that of DATE, or the latest one.

    \b
    Examples:
      briefing show
      briefing show 2024-11-22 --format txt
      briefing show 2024-11-22 --format html > digest.html
      briefing show --removed            adverts, credits and the like that nobody may cite
    """
    from briefing import app

    config = console.configuration()
    opened = app.open(config)
    followed = config.story(story)
    named = None if slot is None else app.slot_of(followed, slot)
    digest = _digest(opened, followed.slug, day, named)
    if removed:
        console.say(*_removed(opened, digest))
    else:
        console.say_document(rendered(digest, form))


def _digest(opened: App, story: str, day: date | None, slot: str | None) -> Digest:
    edition = opened.store.latest_edition(story, day=day, slot=slot)
    stored = opened.store.edition(edition) if edition is not None else None
    if stored is None:
        raise click.UsageError(
            f"there is no edition of {story!r}"
            + (f" for {day}" if day else "")
            + "; `briefing status` lists those there are, `briefing run` makes one"
        )
    return stored.digest


def rendered(digest: Digest, form: str) -> str:
    from briefing.stages import render

    return {"md": render.markdown, "html": render.html, "txt": render.text, "json": render.json}[
        form
    ](digest)


def _removed(opened: App, digest: Digest) -> list[str]:
    """Each article of the edition with the texts that were removed from it."""
    taken = opened.store.removed([source.article for source in digest.sources])
    lines: list[str] = []
    for source in digest.sources:
        lines.append(f"[{source.number}] {source.title}")
        found = taken.get(source.article, ())
        lines += [f"  {one.reason}: {' '.join(one.text.split())}" for one in found]
        if not found:
            lines.append("  nothing was removed")
    return lines or ["the edition cites no article"]
