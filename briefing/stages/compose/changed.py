"""What changed since the last edition: one line for each development that brings news."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from briefing.news import Brief, Change, Claim, Correction, Recalled, Remembered
from briefing.text.quotes import normalise
from briefing.text.statements import explains

_CHANGES = ("CONTRADICTED", "UPDATED")


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of earlier editions when one is composed."""

    previous: date | None = None  # day of the edition before; None: this is the first
    recalled: Mapping[str, Recalled] = field(default_factory=dict)  # by Passage.key
    known: Sequence[Remembered] = ()  # the ledger before this edition
    repeats: int = 0  # articles that tell only what it knows
    corrections: Sequence[Correction] = ()


def dated(briefs: Sequence[Brief], past: Past) -> list[Brief]:
    """The briefs, each with the day from which its development is known; ``None`` for a new one."""
    first: dict[str, date] = {}
    for claim in past.known:
        first[claim.thread] = min(first.get(claim.thread, claim.first.day), claim.first.day)
    return [
        replace(
            brief, since=min((first[t] for t in _threads(brief, past) if t in first), default=None)
        )
        for brief in briefs
    ]


def changes(briefs: Sequence[Brief], past: Past) -> tuple[Change, ...]:
    """One line for each new development, and one for each printed claim that changes an old one.

    Args:
        briefs: with the days of :func:`dated`, in the order of print.
    """
    if past.previous is None:
        return ()
    found: list[Change] = []
    for brief in briefs:
        if brief.since is None:
            found.append(Change("NEW", _news(brief, past)))
            continue
        for claim in brief.claims:
            change = next((c for c in _of(claim, past) if c is not None), None)
            if change is not None:
                found.append(change)
    unique = {normalise(change.claim.text): change for change in reversed(found)}
    return tuple(reversed(unique.values()))


def news_first(briefs: Sequence[Brief], changed: Sequence[Change]) -> list[Brief]:
    """The briefs that bring news, then those that only repeat, each in their order."""
    new = {passage.key for change in changed for passage in change.claim.passages}

    def repeats(brief: Brief) -> bool:
        cited = {p.key for c in (brief.headline, *brief.claims) for p in c.passages}
        return brief.since is not None and not cited & new

    return sorted(briefs, key=repeats)


def _news(brief: Brief, past: Past) -> Claim:
    """The first claim that was not told before, or the headline where it says it shortly.

    That is one made of this claim, or the stated headline of its article.
    """
    new = [claim for claim in brief.claims if not _repeats(claim, past)]
    first, head = (new or brief.claims)[0], brief.headline
    if head.wording != "quoted":
        short = {p.key for p in head.passages} <= {p.key for p in first.passages}
    else:
        theirs = {p.article for p in first.passages}
        stated = all(p.kind == "title" and p.article in theirs for p in head.passages)
        short = stated and not explains(head.text)
    return head if short else first


def _repeats(claim: Claim, past: Past) -> bool:
    found = (past.recalled.get(passage.key) for passage in claim.passages)
    return any(one is not None and one.kind == "REPEATED" for one in found)


def _of(claim: Claim, past: Past) -> list[Change | None]:
    if _repeats(claim, past):
        return []
    told = {r.claim: r for p in claim.passages if (r := past.recalled.get(p.key))}
    return [_change(claim, r) for r in told.values() if r.kind in _CHANGES]


def _change(claim: Claim, recalled: Recalled) -> Change | None:
    old = recalled.old
    if old is None or normalise(old.text).casefold() == normalise(claim.text).casefold():
        return None
    was = Claim(old.text, old.passages[:1], 1.0, "quoted", old.sourcing)
    before = recalled.before if _stands(recalled.before, was.text) else ""
    after = recalled.after if _stands(recalled.after, claim.text) else ""
    if not (before and after):
        before = after = ""
    return Change(recalled.kind, claim, was, old.first.day, before, after)


def _stands(value: str, sentence: str) -> bool:
    wanted = re.escape(normalise(value))
    return bool(value) and bool(
        re.search(rf"(?<![\w.,]){wanted}(?!\w|[.,]\w)", normalise(sentence))
    )


def _threads(brief: Brief, past: Past) -> set[str]:
    passages = [p for c in (brief.headline, *brief.claims) for p in c.passages]
    return {r.thread for p in passages if (r := past.recalled.get(p.key))}
