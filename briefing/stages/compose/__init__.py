"""Briefs and boards become one edition.

::

    briefs ---------------> subject, bottom line
    articles of briefs ---> quotes, figures, timeline    (the sources' own words)
    all that is cited ----> numbered sources, grouped by origin
    skips, accounts ------> the footer

Nothing is written here: a line of a board is a claim that was kept, or words of an article as
they stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from briefing.news import (
    Accounts,
    Article,
    Board,
    BoardLine,
    Brief,
    Digest,
    Edition,
    ModelIdentity,
    Origin,
    Skip,
    Story,
)
from briefing.stages.compose.figures import figures
from briefing.stages.compose.material import Material, SourcingOf, gather
from briefing.stages.compose.quoted import quotes
from briefing.stages.compose.sources import local, numbered
from briefing.stages.compose.summary import bottom_line, subject
from briefing.stages.compose.timeline import timeline
from briefing.text.lines import Line, lines

__all__ = ["Line", "SourcingOf", "cited", "compose"]

MOST_BRIEFS = 7
"""Developments of an edition; what is over is named in one sentence each."""


def compose(
    *,
    edition: Edition,
    story: Story,
    briefs: Sequence[Brief],
    articles: Mapping[str, Article],
    origins: Sequence[Origin],
    skips: Sequence[Skip],
    accounts: Accounts,
    model: ModelIdentity,
    made: datetime,
    sourcing: SourcingOf,
    seconds: float = 0.0,
    notes: Sequence[str] = (),
) -> Digest:
    """One edition from its briefs, the first brief leading.

    Args:
        articles: by id; every article that a brief names must be among them.
        origins: groups of reprints; an article in none of them is an origin of its own.
        accounts: its two counts of printed sentences are set here, from what is printed.
        sourcing: who stands behind a passage that is shown in the source's own words.
        made: when the run was made; aware.
        seconds: run time so far.

    Returns:
        The digest. Its datetimes carry the UTC offset of the story's time zone, so that every
        rendering shows local dates without asking for the zone.
    """
    zone = ZoneInfo(story.timezone)
    material = gather(briefs, articles, origins)
    told, named = briefs[:MOST_BRIEFS], briefs[MOST_BRIEFS:]
    boards = (*_also(named), *_boards(material, edition, zone, sourcing))
    draft = Digest(
        edition=edition,
        story_name=story.name,
        made=made.astimezone(zone),
        subject=subject(told),
        bottom_line=bottom_line(told),
        briefs=tuple(_local_brief(brief, zone) for brief in told),
        boards=boards,
        sources=(),
        skips=tuple(skips),
        accounts=accounts,
        model=model,
        seconds=seconds,
        notes=tuple(notes),
    )
    printed = {(line.claim.text, line.claim.wording) for line in lines(draft)}
    sources = numbered(lines(draft), articles, origins, zone)
    dates = [s.published for s in sources if s.published is not None]
    return replace(
        draft,
        sources=sources,
        newest=max(dates, default=None),
        accounts=replace(
            accounts,
            printed_written=sum(wording == "written" for _, wording in printed),
            printed_shortened=sum(wording == "shortened" for _, wording in printed),
            printed_quoted=sum(wording == "quoted" for _, wording in printed),
        ),
    )


def _also(briefs: Sequence[Brief]) -> tuple[Board, ...]:
    """One sentence of each brief that found no room among the developments."""
    lines = tuple(BoardLine("", brief.claims[0]) for brief in briefs)
    return (Board("also", "Also reported", lines),) if lines else ()


def cited(digest: Digest) -> tuple[Line, ...]:
    """Every printed claim with its stable line id, in the order of print."""
    return lines(digest)


def _boards(
    material: Material, edition: Edition, zone: ZoneInfo, sourcing: SourcingOf
) -> tuple[Board, ...]:
    boards = (
        Board("quotes", "Quotes", quotes(material, sourcing)),
        Board("figures", "Figures", figures(material, sourcing)),
        Board("timeline", "Timeline", timeline(material, sourcing, day=edition.day, zone=zone)),
    )
    return tuple(board for board in boards if board.lines)


def _local_brief(brief: Brief, zone: ZoneInfo) -> Brief:
    return replace(brief, latest=local(brief.latest, zone) if brief.latest else None)
