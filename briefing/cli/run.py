"""``briefing run``: one digest, now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import console, progress
from briefing.text.words import count

if TYPE_CHECKING:
    from briefing.news import Accounts, Skip
    from briefing.pipeline import RunResult

LOSSES = frozenset({"fetch", "parse", "extract", "clean"})
"""Stages whose skips are a loss that changes the exit code. Those of all other stages are choices:
off topic, of another day, no room."""


@click.command("run", short_help="Make one digest now.")
@click.option("--source", metavar="feeds|seeds|PATH", help="Where articles come from.")
@click.option(
    "--date",
    "day",
    metavar="YYYY-MM-DD",
    callback=console.parse_day,
    help="Day of the edition, in the story's time zone; today when not given.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for editions."
)
@click.option("--story", metavar="NAME", help="A file of config/stories, without .toml.")
@click.option(
    "--slot", metavar="HH:MM", help="Which of the day's editions, where a story has several."
)
@click.option(
    "--as-of",
    metavar="WHEN",
    callback=console.parse_moment,
    help="As it would have been made at that moment: a time, or a date for the end of that day.",
)
@click.option("--send", is_flag=True, help="Queue it for the story's readers by mail.")
@click.option(
    "--replace",
    "replace_sent",
    is_flag=True,
    help="Make an edition again that went out already; nothing is mailed again.",
)
@console.machine_output
@console.quietly
@console.config_option
def command(
    source: str | None,
    day: date | None,
    out: Path | None,
    story: str | None,
    slot: str | None,
    as_of: date | None,
    send: bool,
    replace_sent: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Make one digest of a story from its sources, and check every line of it.

    Writes digest.md, digest.html, digest.txt, digest.json and evidence.json to OUT/DATE/STORY,
    whole or not at all. Running again for the same day replaces that edition, unless it went out
    to readers already.

    \b
    Examples:
      briefing run                                   today, from the feeds
      briefing run --source seeds --date 2024-11-22  from the articles in seeds/
      briefing run --source ~/articles --out /tmp/digests
      briefing run --as-of 2024-11-22T06:30          seeing nothing that came in or out later
      briefing run --send                            and queue it for its readers by mail
      briefing run --quiet --json                    for a program

    Exit code 3 says that something was lost (a silent feed, an unreadable file), or that the
    digest was written without the model; articles left out by choice do not count.
    """
    from briefing import app

    if as_of and send:
        raise click.UsageError("--as-of and --send: an edition of a past moment is not mailed")
    config = console.configuration()
    config.story(story)  # refused before any work
    with progress.shown(quiet=quiet or as_json) as listener:
        result = app.run_once(
            config,
            story=story,
            source=source,
            day=day,
            out=out.absolute() if out else None,
            now=console.now(),
            progress=listener,
            slot=slot,
            as_of=as_of,
            send=send,
            replace_sent=replace_sent,
        )
    if as_json:
        console.say_json(_summary(result))
    elif not quiet:
        console.say(*_told(result))
        if send and not result.mails:
            why = "nobody reads it by mail" if config.mail.host else "[mail] host is empty"
            console.say(f"  Published in the archive, and sent to nobody: {why}")
    click.get_current_context().exit(console.LEFT_OUT if losses(result) else console.DONE)


def losses(result: RunResult) -> list[str]:
    """What the user should see: lost items, silent feeds, and notes on the whole edition."""
    lost = {
        f"{skip.subject}: {skip.reason}": skip.subject
        for skip in result.skips
        if skip.stage in LOSSES
    }
    silent = [
        f"{feed.title or feed.source}: silent ({feed.detail})"
        for feed in result.digest.accounts.feeds
        if feed.outcome == "silent" and feed.source not in lost.values()
    ]
    return [*lost, *silent, *result.digest.notes]


def _told(result: RunResult) -> list[str]:
    """The closing words of a run: where the digest is, what is in it, and what is not."""
    digest = result.digest
    accounts = digest.accounts
    lines = [
        f"{digest.story_name}, {digest.edition.day}: {digest.subject.text}",
        f"  {count(len(digest.briefs), 'development')} from "
        f"{count(len(digest.sources), 'article')}; {_sentences(accounts)}",
        f"  Left out: {_left_out(accounts)}",
    ]
    lines += [f"  See: {loss}" for loss in _shortened(losses(result))]
    if result.mails:
        lines += [
            f"  Queued for {count(result.mails, 'reader')}: the service sends it, or "
            "`briefing outbox send`"
        ]
    lines += [f"  Digest: {result.folder / 'digest.md'}"]
    return lines


def _sentences(accounts: Accounts) -> str:
    printed = accounts.printed_written + accounts.printed_quoted
    return (
        f"{count(printed, 'sentence')} printed, {accounts.printed_written} written by the model, "
        f"{accounts.printed_quoted} quoted"
    )


def _left_out(accounts: Accounts) -> str:
    reasons = ", ".join(f"{number} {reason}" for reason, number in accounts.left_out)
    return f"{reasons} (of {count(accounts.articles_in, 'article')})" if reasons else "nothing"


def _shortened(lines: Iterable[str], *, most: int = 10) -> list[str]:
    found = list(lines)
    rest = len(found) - most
    return found if rest <= 0 else [*found[:most], f"… and {rest} more: briefing status"]


def _summary(result: RunResult) -> dict[str, object]:
    """The one JSON object of ``--json``."""
    digest = result.digest
    return {
        "story": digest.edition.story,
        "date": digest.edition.day,
        "slot": digest.edition.slot,
        "mails": result.mails,
        "subject": digest.subject.text,
        "folder": result.folder,
        "developments": len(digest.briefs),
        "articles_in": digest.accounts.articles_in,
        "articles_used": digest.accounts.used,
        "left_out": dict(digest.accounts.left_out),
        "printed_written": digest.accounts.printed_written,
        "printed_quoted": digest.accounts.printed_quoted,
        "dropped": dict(digest.accounts.dropped),
        "skips": _by_stage(result.skips),
        "losses": losses(result),
        "seconds": round(digest.seconds, 1),
    }


def _by_stage(skips: Iterable[Skip]) -> dict[str, dict[str, int]]:
    counts = Counter((skip.stage, skip.reason) for skip in skips)
    stages: dict[str, dict[str, int]] = {}
    for (stage, reason), number in sorted(counts.items()):
        stages.setdefault(stage, {})[reason] = number
    return stages
