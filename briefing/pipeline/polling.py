"""Asking the feeds between editions: intake alone, each feed at its own pace.

Nothing is written or judged, so no model is needed but for the cleaning of articles that are new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from briefing.news import Feed, FeedReport, Skip
from briefing.pipeline.intake import from_feeds
from briefing.pipeline.run import Ports
from briefing.ports import Progress


@dataclass(frozen=True, slots=True)
class PollResult:
    """What a poll heard."""

    reports: tuple[FeedReport, ...]  # of every feed that was asked, or waits by its own wish
    skips: tuple[Skip, ...]  # items that gave no article
    new: int  # articles stored


def poll(
    ports: Ports,
    *,
    feeds: Sequence[Feed],
    as_of: date,
    now: datetime,
    pace: timedelta,
    progress: Progress,
) -> PollResult:
    """Ask every feed whose turn it is, and store the articles of its new entries.

    Args:
        as_of: today, for articles that give a date without its year.
        pace: a feed that was asked less than this ago is passed over without a report.

    Raises:
        StoreError: the store cannot be used; what was stored of earlier feeds stands.
    """
    with ports.parsers as parsers:
        taken = from_feeds(
            feeds, web=ports.web, engine=ports.engine, parsers=parsers, store=ports.store,
            models=ports.models, as_of=as_of, now=now, progress=progress, pace=pace,
        )  # fmt: skip
    return PollResult(tuple(taken.reports), tuple(taken.skips), taken.new)
