"""Which part of an edition is news, and whether any is: repeats stand only as background."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from briefing.news import Brief, Change, Digest


def told(briefs: Sequence[Brief], changes: Sequence[Change], previous: date | None) -> int:
    """How many of the developments are news; those after them are background.

    Background is the last developments that earlier editions knew and of which nothing stands
    among the changes (what was withdrawn apart). Of a first edition (``previous`` is None) all are
    news; where nothing has changed none is.
    """
    if previous is None:
        return len(briefs)
    changed = {p.key for one in changes if one.kind != "WITHDRAWN" for p in one.claim.passages}
    news = (number for number, brief in enumerate(briefs, 1) if not _repeats(brief, changed))
    return max(news, default=0) if changes else 0


def _repeats(brief: Brief, changed: set[str]) -> bool:
    cited = {p.key for claim in (brief.headline, *brief.claims) for p in claim.passages}
    return brief.since is not None and not cited & changed


def without_news(digest: Digest) -> bool:
    """Whether the edition has nothing to lead with: it says so in one line, and its subject and
    bottom line are empty. What was withdrawn is a change, and no news."""
    if digest.previous is None:
        return not digest.briefs
    if any(change.kind != "WITHDRAWN" for change in digest.changes):
        return False
    return not told(digest.briefs, digest.changes, digest.previous)
