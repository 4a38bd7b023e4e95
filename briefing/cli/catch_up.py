"""``briefing catch-up``: what a reader has missed, as one edition."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import console
from briefing.cli.show import rendered
from briefing.text.words import count

if TYPE_CHECKING:
    from briefing.app import CaughtUp


@click.command("catch-up", short_help="What you have missed, as one edition.")
@click.option(
    "--since",
    metavar="YYYY-MM-DD",
    required=True,
    callback=console.parse_day,
    help="Day of the last edition that you read.",
)
@click.option(
    "--until",
    metavar="YYYY-MM-DD",
    callback=console.parse_day,
    help="Last day; the newest edition when not given.",
)
@click.option("--story", metavar="NAME", help="A file of config/stories, without .toml.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for editions."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "html", "txt", "json"]),
    help="Print it so, and write nothing.",
)
@console.machine_output
@console.quietly
@console.config_option
def command(
    since: date,
    until: date | None,
    story: str | None,
    out: Path | None,
    form: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Merge the editions after a day into one: each claim once, and only as it stands now.

    A value that changed more than once is shown from the oldest to the newest, repeats and quiet
    days are left out, and every sentence cites what it cited in its edition. Writes the five files
    to OUT/catch-up/DATE/STORY.since-DATE; the store is only read.

    \b
    Examples:
      briefing catch-up --since 2024-11-17
      briefing catch-up --since 2024-11-17 --until 2024-11-22 --format txt
      briefing verify digests/catch-up
    """
    from briefing import app

    if until and until <= since:
        raise click.UsageError(f"--until {until} must be later than --since {since}")
    if form and (as_json or out):
        raise click.UsageError("--format prints the edition: leave out --json and --out")
    found = app.catch_up(
        console.configuration(),
        story=story,
        since=since,
        until=until,
        out=out.absolute() if out else None,
        now=console.now(),
        write=form is None,
    )
    if form:
        console.say_document(rendered(found.digest, form))
    elif as_json:
        console.say_json(_summary(found))
    elif not quiet:
        console.say(*_told(found))


def _told(found: CaughtUp) -> list[str]:
    digest = found.digest
    assert found.folder is not None
    return [
        f"{digest.story_name}, since {digest.previous}: {digest.subject.text}",
        f"  {count(found.editions, 'edition')} merged; "
        f"{count(len(digest.briefs), 'development')}, {count(len(digest.changes), 'change')}",
        f"  Digest: {found.folder / 'digest.md'}",
    ]


def _summary(found: CaughtUp) -> dict[str, object]:
    """The one JSON object of ``--json``."""
    digest = found.digest
    return {
        "story": digest.edition.story,
        "since": digest.previous,
        "date": digest.edition.day,
        "editions": found.editions,
        "subject": digest.subject.text,
        "folder": found.folder,
        "developments": len(digest.briefs),
        "changes": [{"kind": c.kind, "before": c.before, "after": c.after} for c in digest.changes],
        "repeats": digest.repeats,
    }
