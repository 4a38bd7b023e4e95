"""The editions that a reader has missed, as one.

::

    editions, oldest first
     | chains     changes           -> each value once, old -> new over the whole span
     | groups     developments      -> those with news, each as it stands now
     | boards     boards            -> of each subject the newest line
     | number     what is printed   -> sources
    Digest

Nothing is written or judged here: every line is one that an edition has printed or changed from,
with the passages it cited there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from briefing.news import (
    Board,
    BoardLine,
    Brief,
    Change,
    Claim,
    Correction,
    Digest,
    Edition,
    Origin,
    Remembered,
)
from briefing.news.following import SINCE
from briefing.stages.merge import totals
from briefing.stages.merge.boards import boards
from briefing.stages.merge.chains import History, collapsed, history
from briefing.stages.merge.groups import Group, groups, told
from briefing.stages.merge.sameness import SAME_APART, Ledger, plain, repeats
from briefing.text.discourse import leans
from briefing.text.novelty import told as news

__all__ = ["merge", "name"]

MOST_BRIEFS = 7
MOST_ALSO = 5
MOST_CHANGES = 12
"""Lines of what changed: seven developments and what moved beside them."""

Head = Callable[[Sequence[Brief], Sequence[Change]], tuple[Claim, tuple[Claim, ...]]]
"""Subject and bottom line of the developments that are news, and of the changes."""


def name(story: str, last: date, since: date) -> Edition:
    """The key of a catch-up: the day of its last edition, and a slot that no schedule has."""
    return Edition(story, last, f"{SINCE}{since.isoformat()}")


def merge(
    digests: Sequence[Digest],
    *,
    since: date,
    made: datetime,
    head: Head,
    ledger: Iterable[Remembered] = (),
    origins: Sequence[Origin] = (),
) -> Digest:
    """One edition for those that a reader has missed.

    Args:
        digests: one story's editions after ``since``, at least one.
        since: day of the last edition that the reader knows.
        made: aware; the digest carries it with the offset of the newest edition.
        head: makes subject and bottom line.
        ledger: claims that the editions saw, to know one in other words.
        origins: reports among the articles of all editions; without them a development counts
            those of its best-told day.
    """
    ordered = sorted(digests, key=lambda d: (d.edition.day, d.edition.slot))
    newest, known = ordered[-1], Ledger.of(ledger)
    past = history(ordered, known)
    origin = totals.origin_of(ordered, origins)
    found = [
        (group, brief)
        for group in groups(ordered, past, known)
        if (brief := told(group, past, known, after=since, origin=origin if origins else {}))
    ]
    leading, also, rest = _chosen(found)
    changes, dropped = _changes(past, ordered, known, [group for group, _ in leading])
    if not changes:
        leading, also = [], []
    briefs = _news_first([brief for _, brief in leading], changes, since)
    subject, bottom_line = head(briefs[: news(briefs, changes, since)], changes)
    rows = tuple(BoardLine("", _alone(brief)) for _, brief in also)
    draft = Digest(
        edition=name(newest.edition.story, newest.edition.day, since),
        story_name=newest.story_name,
        made=made.astimezone(newest.made.tzinfo),
        subject=subject,
        bottom_line=bottom_line,
        briefs=briefs,
        boards=(
            *([Board("also", "Also reported", rows)] if rows else ()),
            *boards(ordered, past, known),
        ),
        sources=(),
        skips=(),
        accounts=newest.accounts,
        model=totals.model(ordered),
        notes=totals.notes(ordered, rest=rest, dropped=dropped),
        previous=since,
        changes=changes,
        repeats=sum(digest.repeats for digest in ordered),
        corrections=_corrections(ordered, since),
    )
    sources = totals.sources(draft, ordered, origin)
    dates = [source.published for source in sources if source.published is not None]
    whole = replace(draft, sources=sources, newest=max(dates, default=None))
    return replace(whole, accounts=totals.accounts(whole, ordered))


Told = tuple[Group, Brief]


def _chosen(found: Sequence[Told]) -> tuple[list[Told], list[Told], int]:
    """The developments with room, those that get one sentence, and how many are left.

    Each day's first come before its second; then they stand by their newest change. One that says
    what a newer one has said is left out.
    """
    newest_first = sorted(found, key=lambda one: one[0].newest, reverse=True)
    distinct: list[Told] = []
    for group, brief in newest_first:
        others = [claim for _, other in distinct for claim in other.claims]
        if not repeats(brief.claims[0], others, share=SAME_APART):
            distinct.append((group, brief))
    ranked = sorted(distinct, key=lambda one: one[0].weight)
    picked = ranked[: MOST_BRIEFS + MOST_ALSO]
    leading = [one for one in distinct if one in picked[:MOST_BRIEFS]]
    also = [one for one in distinct if one in picked[MOST_BRIEFS:]]
    return leading, also, len(ranked) - len(picked)


def _news_first(
    briefs: Sequence[Brief], changes: Sequence[Change], since: date
) -> tuple[Brief, ...]:
    """Those of which no change shows anything last: they read as background."""
    return tuple(sorted(briefs, key=lambda brief: not news([brief], changes, since)))


def _alone(brief: Brief) -> Claim:
    """The first sentence that leans on none before it."""
    return next((claim for claim in brief.claims if not leans(claim.text)), brief.claims[0])


def _changes(
    past: History, ordered: Sequence[Digest], known: Ledger, shown: Sequence[Group]
) -> tuple[tuple[Change, ...], int]:
    """The newest first, each once, and how many found no room.

    What is new belongs to a development that is told at length; what was known and is told
    otherwise stands whether there was room for its development or not.
    """
    days = [digest.edition.day for digest in ordered]
    owner = {key: group for group in shown for key in group.signs}
    found: dict[str, tuple[int, Change]] = {}
    for chain in sorted(past.chains, key=lambda c: -c.at):
        change = collapsed(chain, days)
        if change is None:
            continue
        if change.kind == "NEW":
            keys = [p.key for claim in chain.claims for p in claim.passages]
            group = next((owner[key] for key in keys if key in owner), None)
            if group is None:
                continue
            change = replace(change, claim=group.restated(chain.at, change.claim))
        signs = known.signs(change.claim)
        if change.kind == "WITHDRAWN" or not past.superseded(change.claim, signs):
            found.setdefault(plain(change.claim.text), (chain.at, change))
    listed = list(found.values())
    kept = sorted(listed, key=lambda one: (one[1].kind == "NEW", -one[0]))[:MOST_CHANGES]
    return tuple(c for at, c in listed if (at, c) in kept), len(listed) - len(kept)


def _corrections(ordered: Sequence[Digest], since: date) -> tuple[Correction, ...]:
    """Those of editions that the reader knows, each sentence once, as corrected last."""
    found = {
        (one.edition, one.line): one
        for digest in ordered
        for one in digest.corrections
        if one.edition.day <= since
    }
    return tuple(found.values())
