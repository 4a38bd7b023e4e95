"""The changes of several editions as one list: each value once, and only the newest.

::

    day 1  NEW      two dead                 \\
    day 2  UPDATED  two dead   -> eight dead  >   UPDATED  two dead -> nine dead
    day 3  UPDATED  eight dead -> nine dead  /
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from briefing.news import Change, Claim, Digest
from briefing.stages.merge.sameness import Ledger, plain, same_value, stands_in

_BEFORE = ("UPDATED", "CONTRADICTED")
"""Kinds of change that name what was known."""


@dataclass(frozen=True, slots=True)
class Link:
    """One change of one edition."""

    at: int  # place of its edition
    change: Change


@dataclass(slots=True)
class Chain:
    """What became of one claim, oldest first."""

    links: list[Link]
    head: frozenset[str]  # signs of the claim as it stands

    @property
    def at(self) -> int:
        """Place of the edition that told the newest of it."""
        return self.links[-1].at

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every sentence that it stood in, as a change of today."""
        return tuple(link.change.claim for link in self.links)


@dataclass(slots=True)
class History:
    """All changes of the editions, chained, and what no longer stands."""

    chains: list[Chain] = field(default_factory=list)
    old: list[tuple[frozenset[str], str]] = field(default_factory=list)  # signs, old value

    def superseded(self, claim: Claim, signs: frozenset[str]) -> bool:
        """Whether the claim says what a later edition told otherwise.

        A sentence from the same passage that does not name the old value tells something else.
        """
        return any(
            gone & signs and (not value or stands_in(value, claim.text)) for gone, value in self.old
        )


def history(digests: Sequence[Digest], ledger: Ledger) -> History:
    """Follow each claim through the editions, which are given oldest first."""
    found = History()
    for at, digest in enumerate(digests):
        for change in told(digest):
            _follow(found, Link(at, change), ledger)
    return found


def told(digest: Digest) -> Iterator[Change]:
    """The changes of an edition; of a first one, each development is new."""
    yield from digest.changes
    if digest.previous is None:
        for brief in digest.briefs:
            headed = brief.headline.wording != "quoted"  # by a sentence of its own
            yield Change("NEW", brief.headline if headed else brief.claims[0])


def _follow(found: History, link: Link, ledger: Ledger) -> None:
    change = link.change
    signs = ledger.signs(change.claim)
    before = ledger.signs(change.was) if change.was else signs
    chain = next((c for c in reversed(found.chains) if c.head & before), None)
    found.old = [one for one in found.old if not one[0] & signs]
    if change.kind == "WITHDRAWN":
        found.old.append((signs, ""))
        if chain and chain.links[0].change.kind == "NEW":
            found.chains.remove(chain)  # come and gone: the reader has missed nothing
            return
    elif change.was is not None:
        found.old.append((before - signs, change.before))
    elif chain:
        return  # new a second time
    if chain:
        chain.links.append(link)
        chain.head = signs
    else:
        found.chains.append(Chain([link], signs))


def collapsed(chain: Chain, days: Sequence[date]) -> Change | None:
    """The chain as one change; ``None`` when the value is what it was before the first edition.

    Args:
        days: of the editions, by place.
    """
    changes = [link.change for link in chain.links]
    first = next((change for change in changes if change.was is not None), None)
    last = changes[-1]
    if len(changes) == 1 or first is None or last.kind == "WITHDRAWN":
        return last
    assert first.was is not None
    before, after = _values(changes[changes.index(first) :])
    if plain(first.was.text) == plain(last.claim.text) or (before and same_value(before, after)):
        return Change("NEW", last.claim) if changes[0].kind == "NEW" else None
    kinds = {change.kind for change in changes}
    return Change(
        "CONTRADICTED" if "CONTRADICTED" in kinds else "UPDATED",
        last.claim,
        first.was,
        first.said or days[chain.links[0].at],
        before,
        after,
    )


def _values(changes: Sequence[Change]) -> tuple[str, str]:
    """The oldest and the newest value, where each change goes on from the one before; else ""."""
    goes_on = all(
        one.after and same_value(one.after, other.before) for one, other in pairwise(changes)
    )
    first, last = changes[0], changes[-1]
    if not goes_on or not first.before or not last.after or first.was is None:
        return "", ""
    held = stands_in(first.before, first.was.text) and stands_in(last.after, last.claim.text)
    return (first.before, last.after) if held else ("", "")
