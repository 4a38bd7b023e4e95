"""What a reader of the edition is told of the sentences that were taken out of its articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from briefing.news import Article, Skip
from briefing.text.instructions import LOOKALIKES, TALKING, addressed
from briefing.text.sentences import sentences

ADDRESSED = "addressed to the reader or to a machine"
"""Reason of a :class:`Skip` of sentences; its detail is how many, its subject whose they were."""
DISGUISED = "written in look-alike letters"
"""The same, for words in letters of two scripts."""
UNNAMED = "an article whose headline is addressed to a machine"


def talking(articles: Iterable[Article]) -> list[Skip]:
    """A ``Skip`` for each source of which such sentences were left out, the most first."""
    counted: Counter[tuple[str, str]] = Counter()
    for article in articles:
        for cut in article.removed:
            reason = ADDRESSED if cut.reason in TALKING else ""
            reason = DISGUISED if cut.reason == LOOKALIKES else reason
            if reason:
                counted[article.label, reason] += len(sentences(cut.text)) or 1
    return [
        Skip("clean", label, reason, str(count)) for (label, reason), count in counted.most_common()
    ]


def named(skip: Skip) -> Skip:
    """``skip``, without a subject that is addressed to somebody: it would be printed, too."""
    if skip.stage == "clean" and skip.reason in (ADDRESSED, DISGUISED):
        return skip
    return replace(skip, subject=UNNAMED) if addressed(skip.subject) in TALKING else skip
