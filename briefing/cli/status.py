"""``briefing status``: editions, feeds and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from briefing.cli import console

if TYPE_CHECKING:
    from briefing.adapters.store import EditionSummary, FeedStatus
    from briefing.news import Skip


@click.command("status", short_help="List editions, failing feeds, and what was left out.")
@click.option(
    "--editions",
    "limit",
    type=click.IntRange(1, 1000),
    default=7,
    show_default=True,
    help="How many editions to list.",
)
@console.machine_output
@console.config_option
def command(limit: int, as_json: bool) -> None:
    """List the latest editions, what the feeds last answered, and what the last run left out.

    \b
    Examples:
      briefing status
      briefing status --editions 30
      briefing status --json | jq '.feeds[] | select(.errors > 0)'
    """
    from briefing import app

    opened = app.open(console.configuration())
    editions = opened.store.editions(limit)
    feeds = opened.store.feeds()
    skips = opened.store.last_skips()
    if as_json:
        console.say_json({"editions": editions, "feeds": feeds, "skips": skips})
        return
    click.echo("\n\n".join([_editions(editions), _feeds(feeds), _skips(skips)]))


def _editions(editions: Sequence[EditionSummary]) -> str:
    if not editions:
        return "Editions: none yet; `briefing run` makes one"
    rows = [(one.edition.day, one.edition.story, one.subject) for one in editions]
    return "Editions\n" + console.table(rows)


def _feeds(feeds: Sequence[FeedStatus]) -> str:
    if not feeds:
        return "Feeds: none was asked yet"
    failing = [feed for feed in feeds if feed.errors]
    lines = [f"Feeds: {len(feeds)} known, {len(failing)} failing"]
    rows = [
        (
            feed.title or feed.url,
            f"{feed.errors} in a row",
            feed.last_error,
            f"asked again after {feed.not_before:%Y-%m-%d %H:%M} UTC" if feed.not_before else "",
        )
        for feed in failing
    ]
    return "\n".join([*lines, *([console.table(rows)] if rows else [])])


def _skips(skips: Sequence[Skip]) -> str:
    if not skips:
        return "Left out by the last run: nothing"
    counts = Counter((skip.stage, skip.reason) for skip in skips)
    lines = [f"Left out by the last run: {len(skips)}"]
    for (stage, reason), count in counts.most_common():
        examples = [s for s in skips if (s.stage, s.reason) == (stage, reason)][:3]
        shown = "; ".join(" ".join(f"{s.subject} {s.detail}".split()) for s in examples)
        lines.append(f"  {stage}: {reason}, {count}: {shown}{' …' if count > 3 else ''}")
    return "\n".join(lines)
