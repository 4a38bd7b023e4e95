"""What changed since the last edition: one line for each development that brings news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from briefing.news import Brief, Change, Claim, Correction, Recalled, Remembered
from briefing.text.quotes import normalise
from briefing.text.retelling import has_words
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
    heads: Mapping[str, Claim] = field(default_factory=dict)  # stated headlines, by Article.id


def dated(briefs: Sequence[Brief], past: Past) -> list[Brief]:
    """The briefs, each with the day from which it is known; ``None`` for a new one.

    Known is a development that goes on an earlier one, and one of which every printed sentence
    was told before.
    """
    first: dict[str, date] = {}
    for claim in past.known:
        first[claim.thread] = min(first.get(claim.thread, claim.first.day), claim.first.day)
    found = []
    for brief in briefs:
        days = [first[t] for t in _threads(brief, past) if t in first]
        if all(_repeats(claim, past) for claim in brief.claims):
            days += [r.old.first.day for c in brief.claims for r in _told(c, past) if r.old]
        found.append(replace(brief, since=min(days, default=None)))
    return found


def changes(briefs: Sequence[Brief], past: Past) -> tuple[Change, ...]:
    """One line for each new development, for each printed claim that changes an old one, and for
    each sentence whose source was withdrawn.

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
    found += [
        Change("WITHDRAWN", one.sentence, said=one.edition.day)
        for one in past.corrections
        if one.reason == "withdrawn"
    ]
    unique = {normalise(change.claim.text): change for change in reversed(found)}
    return tuple(reversed(unique.values()))


def headed(briefs: Sequence[Brief], changed: Sequence[Change]) -> list[Brief]:
    """The briefs, each under the headline of an article that tells what changed, if one does."""
    heads = {
        passage.article: change.claim
        for change in changed
        for passage in change.claim.passages
        if passage.kind == "title" and change.was is not None
    }

    def head(brief: Brief) -> Claim:
        cited = (p.article for claim in brief.claims for p in claim.passages)
        return next((heads[id_] for id_ in cited if id_ in heads), brief.headline)

    return [replace(brief, headline=head(brief)) for brief in briefs]


def news_first(briefs: Sequence[Brief], changed: Sequence[Change]) -> list[Brief]:
    """The briefs that bring news, then those that only repeat, each in their order."""
    new = {passage.key for change in changed for passage in change.claim.passages}

    def repeats(brief: Brief) -> bool:
        cited = {p.key for c in (brief.headline, *brief.claims) for p in c.passages}
        return brief.since is not None and not cited & new

    return sorted(briefs, key=repeats)


def _news(brief: Brief, past: Past) -> Claim:
    """The claim under the headline, or the first that was not told before; or the headline itself
    where it says that shortly: one made of this claim, or the stated headline of its article."""
    new = [claim for claim in brief.claims if not _repeats(claim, past)] or list(brief.claims)
    head = brief.headline
    keys, stated = {p.key for p in head.passages}, all(p.kind == "title" for p in head.passages)
    first = next((c for c in new if keys & {p.key for p in c.passages}), new[0])
    if head.wording != "quoted":
        short = keys <= {p.key for p in first.passages}
    else:
        theirs = {p.article for p in first.passages} >= {p.article for p in head.passages}
        short = stated and theirs and not explains(head.text)
    return head if short else first


def _told(claim: Claim, past: Past) -> list[Recalled]:
    found = (past.recalled.get(passage.key) for passage in claim.passages)
    return [one for one in found if one is not None]


def _repeats(claim: Claim, past: Past) -> bool:
    return any(one.kind == "REPEATED" for one in _told(claim, past))


def _of(claim: Claim, past: Past) -> list[Change | None]:
    if _repeats(claim, past):
        return []
    told = {r.claim: r for p in claim.passages if (r := past.recalled.get(p.key))}
    return [_change(claim, r, past) for r in told.values() if r.kind in _CHANGES]


def _change(claim: Claim, recalled: Recalled, past: Past) -> Change | None:
    old = recalled.old
    if old is None or normalise(old.text).casefold() == normalise(claim.text).casefold():
        return None
    head = past.heads.get(claim.passages[0].article)
    if head and not has_words(claim.text, recalled.after) and has_words(head.text, recalled.after):
        claim = head  # it was the headline that said what is new
    was = Claim(old.text, old.passages[:1], 1.0, "quoted", old.sourcing)
    before = recalled.before if has_words(was.text, recalled.before) else ""
    after = recalled.after if has_words(claim.text, recalled.after) else ""
    if not (before and after):
        before = after = ""
    return Change(recalled.kind, claim, was, old.first.day, before, after)


def _threads(brief: Brief, past: Past) -> set[str]:
    passages = [p for c in (brief.headline, *brief.claims) for p in c.passages]
    return {r.thread for p in passages if (r := past.recalled.get(p.key))}
