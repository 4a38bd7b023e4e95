"""What earlier editions printed and nobody stands behind any more.

::

    editions of the last 30 days
      | lines whose article was edited or withdrawn      store.revisions
      | claims that today contradicts                    Recalled
      `- not yet corrected                               -> Correction*

The archived edition stays as it was sent; the next one says what was wrong, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from briefing.news import (
    Article,
    Brief,
    Claim,
    Correction,
    Digest,
    Edition,
    Recalled,
    Revision,
)
from briefing.ports import Store
from briefing.stages import check
from briefing.text.lines import Line, lines
from briefing.text.retelling import nearest, stands_in

LOOKED_BACK = timedelta(days=30)
_KINDS = ("developments/", "bottom-line/", "also/", "quotes/", "figures/", "timeline/", "answers/")


@dataclass(frozen=True, slots=True)
class Corrected:
    """Corrections, and the articles that they cite."""

    corrections: tuple[Correction, ...] = ()
    articles: Mapping[str, Article] = field(default_factory=dict)


def corrected(
    store: Store,
    edition: Edition,
    *,
    until: datetime,
    briefs: Sequence[Brief],
    recalled: Mapping[str, Recalled],
) -> Corrected:
    """What the edition must correct of those before it.

    Args:
        until: revisions noticed later are not known yet.
        recalled: what the passages of today are against the ledger, by ``Passage.key``.
    """
    digests = store.printed_before(edition, since=edition.day - LOOKED_BACK)
    done = {(c.edition, c.sentence.text) for d in digests for c in d.corrections}
    printed = [(d.edition, line) for d in reversed(digests) for line in _own(d)]
    cited = {p.article for _, line in printed for p in line.claim.passages}
    revised = store.revisions(cited, until=until)
    found = [
        *_revised(printed, revised),
        *_contradicted(printed, briefs, recalled),
    ]
    fresh: dict[tuple[Edition, str], Correction] = {}
    for one in found:
        key = (one.edition, one.sentence.text)
        if key not in done:
            fresh.setdefault(key, one)
    kept = tuple(fresh.values())
    return Corrected(kept, _articles(store, kept, revised))


def _own(digest: Digest) -> Iterator[Line]:
    """The lines of an edition that state something themselves."""
    seen: set[str] = set()
    for line in lines(digest):
        if line.id.startswith(_KINDS) and line.claim.text not in seen:
            seen.add(line.claim.text)
            yield line


def _revised(
    printed: Iterable[tuple[Edition, Line]], revised: Mapping[str, Revision]
) -> Iterator[Correction]:
    for edition, line in printed:
        claim = line.claim
        told = [revised.get(p.article) for p in claim.passages]
        if not all(told):
            continue  # another article still carries it
        if all(one and one.kind == "withdrawn" for one in told):
            yield Correction(edition, line.id, claim, "withdrawn")
            continue
        texts = [one.revised for one in told if one and one.revised]
        if any(
            stands_in(passage.text, article.text) for passage in claim.passages for article in texts
        ):
            continue
        passage = nearest(claim.passages[0].text, [p for a in texts for p in a.passages])
        now = None
        if passage is not None:
            article = next(a for a in texts if a.id == passage.article)
            sourcing = check.sourcing(passage, article)
            now = Claim(passage.text, (passage,), 1.0, "quoted", sourcing)
        yield Correction(edition, line.id, claim, "edited", now)


def _contradicted(
    printed: Sequence[tuple[Edition, Line]],
    briefs: Sequence[Brief],
    recalled: Mapping[str, Recalled],
) -> Iterator[Correction]:
    for claim in (c for brief in briefs for c in brief.claims):
        for passage in claim.passages:
            found = recalled.get(passage.key)
            if found is None or found.kind != "CONTRADICTED" or found.old is None:
                continue
            keys = {p.key for p in found.old.passages}
            for edition, line in printed:
                if {p.key for p in line.claim.passages} & keys:
                    yield Correction(edition, line.id, line.claim, "contradicted", claim)
                    break


def _articles(
    store: Store, kept: Sequence[Correction], revised: Mapping[str, Revision]
) -> dict[str, Article]:
    cited = {p.article for one in kept for p in one.sentence.passages}
    now = {a.id: a for one in revised.values() if (a := one.revised) is not None}
    return {**now, **store.articles(cited)}
