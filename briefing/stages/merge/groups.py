"""Developments of several editions that are one, and what is told of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from briefing.news import Brief, Claim, Digest
from briefing.stages.merge.chains import History
from briefing.stages.merge.sameness import Ledger, repeats
from briefing.text.discourse import leans
from briefing.text.words import word_count

MOST_CLAIMS = 3
"""Sentences of one development, as in any edition."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One development as one edition tells it."""

    at: int  # place of the edition
    rank: int  # place within the edition, 0 leads
    brief: Brief
    news: bool  # it was new there, or something of it had changed

    @property
    def claims(self) -> tuple[Claim, ...]:
        return (self.brief.headline, *self.brief.claims)


@dataclass(frozen=True, slots=True)
class Group:
    """One development of the span."""

    tellings: tuple[Telling, ...]  # what was news then first, and of that the newest

    @property
    def newest(self) -> tuple[int, int]:
        """Place of the edition with its newest change, and the rank there, lowest last."""
        return max((t.at, -t.rank) for t in self.tellings if t.news)

    @property
    def weight(self) -> tuple[int, int, int]:
        """How much it deserves its place: best rank of all days, then origins, then age."""
        news = [t for t in self.tellings if t.news]
        return (
            min(t.rank for t in news),
            -max(t.brief.origins for t in news),
            -max(t.at for t in news),
        )

    def restated(self, at: int, claim: Claim, *, head: bool = False) -> Claim:
        """The claim of the edition at that place as the newest one words it.

        So a count that rose unnoticed is the newer one, at least.

        Args:
            head: it is a headline, which only another takes the place of.
        """
        later = [t for t in self.tellings if t.at > at]
        for telling in sorted(later, key=lambda t: -t.at):
            for other in [telling.brief.headline] if head else telling.brief.claims:
                if repeats(claim, [other]) and not leans(other.text):
                    return other
        return claim

    @property
    def signs(self) -> frozenset[str]:
        """Keys of every passage that it was told from."""
        return frozenset(p.key for t in self.tellings for c in t.claims for p in c.passages)


def groups(digests: Sequence[Digest], history: History, ledger: Ledger) -> list[Group]:
    """The developments of which an edition told news, each once.

    One is another's when the ledger keeps both in one thread, they cite a passage in common, one
    changes what the other said, or they have one name.
    """
    tellings = [t for at, digest in enumerate(digests) for t in _tellings(at, digest)]
    links = _links(history, ledger)
    owners: dict[str, int] = {}
    parents = list(range(len(tellings)))

    def root(n: int) -> int:
        while parents[n] != n:
            n = parents[n]
        return n

    for n, telling in enumerate(tellings):
        signs = {sign for claim in telling.claims for sign in ledger.signs(claim)}
        signs |= {f"chain {chain}" for sign in signs for chain in links.get(sign, ())}
        signs |= {f"brief {telling.brief.id}", *ledger.threads_of(telling.claims)}
        for sign in sorted(signs):
            parents[root(n)] = root(owners.setdefault(sign, n))
    members: dict[int, list[Telling]] = {}
    for n, telling in enumerate(tellings):
        members.setdefault(root(n), []).append(telling)
    return [
        Group(tuple(sorted(listed, key=lambda t: (not t.news, -t.at, t.rank))))
        for listed in members.values()
        if any(t.news for t in listed)
    ]


def _tellings(at: int, digest: Digest) -> Iterator[Telling]:
    changed = {p.key for change in digest.changes for p in change.claim.passages}
    for rank, brief in enumerate(digest.briefs):
        cited = {p.key for c in (brief.headline, *brief.claims) for p in c.passages}
        news = digest.previous is None or brief.since is None or bool(cited & changed)
        yield Telling(at, rank, brief, news)


def _links(history: History, ledger: Ledger) -> Mapping[str, set[int]]:
    """For each sign of a claim the chains that it stands in."""
    found: dict[str, set[int]] = {}
    for number, chain in enumerate(history.chains):
        for link in chain.links:
            for claim in (link.change.claim, link.change.was):
                for sign in ledger.signs(claim) if claim else ():
                    found.setdefault(sign, set()).add(number)
    return found


def told(
    group: Group,
    history: History,
    ledger: Ledger,
    *,
    after: date,
    origin: Mapping[str, str],
) -> Brief | None:
    """The development as it stands: the newest sentences, nothing superseded, nothing twice.

    Args:
        origin: Article.id -> Origin.id, over all days; articles in none were not compared.
        after: day of the last edition before the span. A development that was known then says so.

    Returns:
        ``None`` when nothing of it stands.
    """

    claims = _sentences(group, history, ledger)
    if not claims:
        return None
    heads = [group.restated(t.at, t.brief.headline, head=True) for t in group.tellings]
    standing = (c for c in heads if not history.superseded(c, ledger.signs(c)))
    briefs = [t.brief for t in group.tellings]
    known = [b.since for b in briefs if b.since and b.since <= after]
    dates = [b.latest for b in briefs if b.latest]
    articles = tuple(dict.fromkeys(id_ for b in briefs for id_ in b.articles))
    return replace(
        briefs[0],
        headline=next(standing, min(claims, key=lambda c: word_count(c.text))),
        claims=claims,
        articles=articles,
        origins=_origins(briefs, articles, origin),
        dropped=(),
        latest=max(dates, default=None),
        told_by=briefs[0].told_by if len(articles) == len(briefs[0].articles) else (),
        since=min(known, default=None),
    )


def _sentences(group: Group, history: History, ledger: Ledger) -> tuple[Claim, ...]:
    """At most three that stand; one that leans on another only right behind it."""
    claims: list[Claim] = []
    for telling in group.tellings:
        behind = not claims  # what stands before it in its edition stands here, too
        for printed in telling.brief.claims:
            claim = group.restated(telling.at, printed)
            behind = (
                len(claims) < MOST_CLAIMS
                and (behind or not leans(claim.text))
                and not history.superseded(claim, ledger.signs(claim))
                and not repeats(claim, claims)
            )
            if behind:
                claims.append(claim)
    return tuple(claims)


def _origins(briefs: Sequence[Brief], articles: Sequence[str], origin: Mapping[str, str]) -> int:
    """Independent reports among the articles: never fewer than an edition counted by itself, nor
    more than all editions together."""
    counted = [brief.origins for brief in briefs]
    distinct = len({origin[id_] for id_ in articles if id_ in origin})
    return min(max(distinct, *counted, 1), sum(counted), len(articles))
