"""Briefs and boards become one edition.

::

    briefs ---------------> subject, bottom line
    briefs, the past -----> what changed, since when each development is known
    these, the ledger ----> positions
    articles of briefs ---> answers, quotes, figures, timeline    (the sources' own words)
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
from briefing.stages.compose.answers import answers
from briefing.stages.compose.changed import Past, changes, dated, headed, news_first
from briefing.stages.compose.figures import figures
from briefing.stages.compose.material import Material, SourcingOf, gather
from briefing.stages.compose.positions import positions, stands_told
from briefing.stages.compose.quoted import quotes
from briefing.stages.compose.sources import local, numbered
from briefing.stages.compose.summary import bottom_line, subject
from briefing.stages.compose.timeline import timeline
from briefing.text import novelty
from briefing.text.lines import Line, lines
from briefing.text.outlets import told_by

__all__ = ["Line", "Past", "SourcingOf", "cited", "compose"]

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
    past: Past | None = None,
) -> Digest:
    """One edition from its briefs, the first brief leading.

    Args:
        articles: by id; every article that a brief, or a claim of the past, names must be among
            them.
        origins: groups of reprints; an article in none of them is an origin of its own.
        accounts: its two counts of printed sentences are set here, from what is printed.
        sourcing: who stands behind a passage that is shown in the source's own words.
        made: when the run was made; aware.
        seconds: run time so far.
        past: what earlier editions knew; ``None`` for a first one.

    Returns:
        The digest. Its datetimes carry the UTC offset of the story's time zone, so that every
        rendering shows local dates without asking for the zone.
    """
    zone = ZoneInfo(story.timezone)
    material = gather(briefs, articles, origins)
    past = past or Past()
    ordered = dated(briefs, past)
    found = changes(ordered, past)
    ordered = news_first(headed(ordered, found), found)
    told, named = ordered[:MOST_BRIEFS], ordered[MOST_BRIEFS:]
    changed = changes(told, past)
    news = told[: novelty.told(told, changed, past.previous)]
    boards = (*_also(named), *_boards(material, edition, zone, sourcing, past))
    draft = Digest(
        edition=edition,
        story_name=story.name,
        made=made.astimezone(zone),
        subject=subject(news, changed),
        bottom_line=bottom_line(news),
        briefs=tuple(
            replace(_local_brief(b, zone), told_by=told_by(b.articles, origins, articles))
            for b in told
        ),
        boards=boards,
        sources=(),
        skips=tuple(skips),
        accounts=accounts,
        model=model,
        seconds=seconds,
        notes=tuple(notes),
        previous=past.previous,
        changes=changed,
        repeats=past.repeats,
        corrections=tuple(past.corrections),
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
    material: Material, edition: Edition, zone: ZoneInfo, sourcing: SourcingOf, past: Past
) -> tuple[Board, ...]:
    stands = stands_told(material, sourcing, day=edition.day)
    boards = (
        Board("positions", "Positions", positions(stands, past.known)),
        Board("answers", "Said and done", answers(material, sourcing)),
        Board("quotes", "Quotes", quotes(material, sourcing)),
        Board("figures", "Figures", figures(material, sourcing)),
        Board("timeline", "Timeline", timeline(material, sourcing, day=edition.day, zone=zone)),
    )
    return tuple(board for board in boards if board.lines)


def _local_brief(brief: Brief, zone: ZoneInfo) -> Brief:
    return replace(brief, latest=local(brief.latest, zone) if brief.latest else None)
