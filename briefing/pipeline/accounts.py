"""The footer that adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from briefing.news import Accounts, Article, Claim, Digest, Dropped, FeedReport, Skip
from briefing.stages.compose import cited


def sentences(verdicts: Sequence[Claim | Dropped], feeds: Sequence[FeedReport]) -> Accounts:
    """The sentences of the footer; articles are counted when it is known which are cited."""
    reasons = Counter(v.reason for v in verdicts if isinstance(v, Dropped))
    return Accounts(
        articles_in=0,
        used=0,
        left_out=(),
        written=len(verdicts),
        kept=sum(isinstance(v, Claim) for v in verdicts),
        dropped=tuple(reasons.most_common()),
        printed_written=0,
        printed_shortened=0,
        printed_quoted=0,
        feeds=tuple(feeds),
    )


def articles_counted(
    digest: Digest,
    pending: Sequence[Article],
    others: Mapping[str, Skip],
    lost: Sequence[Skip],
) -> tuple[Digest, list[Skip]]:
    """The digest with its articles counted: in = used + left out by each reason.

    Args:
        pending: the articles that the edition could use; it used those that a printed line cites.
        others: those that were left out before, by id.
        lost: items that gave no article.

    Returns:
        The digest, and the ``Skip`` of each article that was left out.
    """
    used = {passage.article for line in cited(digest) for passage in line.claim.passages}
    skips = [
        others.get(article.id) or Skip("select", article.title, "nothing printed from it")
        for article in pending
        if article.id not in used
    ]
    reasons = Counter(skip.reason for skip in (*lost, *skips))
    accounts = replace(
        digest.accounts,
        articles_in=len(pending) + len(lost),
        used=len(pending) - len(skips),
        left_out=tuple(reasons.most_common()),
    )
    return replace(digest, accounts=accounts), skips
