"""``briefing replay``: the editions of a span of days, made again."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import console, progress
from briefing.cli.run import losses
from briefing.text.words import count

if TYPE_CHECKING:
    from briefing.app import Replayed
    from briefing.news import Digest, Skip


@click.command("replay", short_help="Make the editions of a span of days again.")
@click.option(
    "--from",
    "first",
    metavar="YYYY-MM-DD",
    required=True,
    callback=console.parse_day,
    help="First day, in the story's time zone.",
)
@click.option(
    "--to",
    "last",
    metavar="YYYY-MM-DD",
    required=True,
    callback=console.parse_day,
    help="Last day.",
)
@click.option("--story", metavar="NAME", help="A file of config/stories, without .toml.")
@click.option(
    "--source",
    metavar="feeds|seeds|PATH",
    help="feeds: the articles that the store holds; no feed is asked. Else a folder of articles.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the editions; `replay` in the folder of editions when not given.",
)
@click.option(
    "--store",
    metavar="URL",
    help="Store that the span is made in; one that is gone afterwards when not given.",
)
@console.machine_output
@console.quietly
@console.config_option
def command(
    first: date,
    last: date,
    story: str | None,
    source: str | None,
    out: Path | None,
    store: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Make each edition of a span of days again, in order, as of its own moment.

    Nothing later is seen, each edition remembers those of the span before it, and every line is
    proven. The configured store is read at most and its editions stay as they are. The same input
    gives the same bytes.

    \b
    Examples:
      briefing replay --from 2024-11-17 --to 2024-11-23
      briefing replay --from 2024-11-17 --to 2024-11-23 --source ~/articles --out /tmp/replay
      briefing replay --from 2024-11-17 --to 2024-11-23 --store sqlite:////tmp/replay.db --json

    Exit code 3 says that a line could not be proven, that something was lost, or that a digest was
    written without the model.
    """
    from briefing import app

    if last < first:
        raise click.UsageError(f"--to {last} lies before --from {first}")
    config = console.configuration()
    made: list[Replayed] = []
    with (
        progress.shown(quiet=quiet or as_json) as listener,
        app.replay(
            config,
            story=story,
            source=source,
            first=first,
            last=last,
            out=out.absolute() if out else None,
            store=store,
            now=console.now(),
            progress=listener,
        ) as replay,
    ):
        for one in replay.editions:
            made.append(one)
            if not (as_json or quiet):
                console.say(_told(one))
    if as_json:
        console.say_json(
            {"editions": [_summary(one) for one in made], "lost": list(map(_lost, replay.lost))}
        )
    else:
        _closing(made, replay.lost, quiet=quiet)
    left = replay.lost or any(one.findings or losses(one.result) for one in made)
    click.get_current_context().exit(console.LEFT_OUT if left else console.DONE)


def _told(one: Replayed) -> str:
    """One line: day, subject, developments, changes, and whether all of it is proven."""
    digest = one.result.digest
    parts = [
        f"{digest.edition.day} {digest.edition.slot}".rstrip(),
        digest.subject.text,
        count(len(digest.briefs), "development"),
        _changed(digest),
        "proven" if one.proven else f"NOT PROVEN: {count(len(one.findings), 'finding')}",
    ]
    return " | ".join(parts)


def _changed(digest: Digest) -> str:
    """``5 NEW, 2 UPDATED``"""
    if digest.previous is None:
        return "first edition"
    kinds = Counter(change.kind for change in digest.changes)
    return ", ".join(f"{number} {kind}" for kind, number in kinds.items()) or "no change"


def _closing(made: list[Replayed], lost: tuple[Skip, ...], *, quiet: bool) -> None:
    for one in made:
        for finding in one.findings:
            first, *rest = finding.lines
            console.say(f"{one.result.folder}: {first}", *rest)
    if quiet:
        return
    for skip in lost:
        console.say(f"  See: {skip.subject}: {skip.reason}")
    console.say(f"  Editions: {made[-1].result.folder.parent.parent}")


def _lost(skip: Skip) -> dict[str, str]:
    return {"stage": skip.stage, "subject": skip.subject, "reason": skip.reason}


def _summary(one: Replayed) -> dict[str, object]:
    """One edition of the object of ``--json``."""
    digest = one.result.digest
    return {
        "date": digest.edition.day,
        "slot": digest.edition.slot,
        "subject": digest.subject.text,
        "folder": one.result.folder,
        "developments": len(digest.briefs),
        "changes": Counter(change.kind for change in digest.changes),
        "repeats": digest.repeats,
        "articles_in": digest.accounts.articles_in,
        "articles_used": digest.accounts.used,
        "left_out": dict(digest.accounts.left_out),
        "proven": one.proven,
        "findings": list(one.findings),
        "losses": losses(one.result),
    }
