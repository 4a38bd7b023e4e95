"""What the writer may write of a fact: the shortenings that the rules prove, before it is asked."""

from __future__ import annotations

from functools import lru_cache

from briefing.news import Fact, Option, Passage
from briefing.stages import check, write


@lru_cache(maxsize=4096)
def options(passage: Passage) -> tuple[Option, ...]:
    """The proven shortenings of one passage, each with what it is worth to the reader."""
    proven = check.proven_by(passage, write.shortenings(passage.text))
    return tuple(write.option(text, passage.text) for text in proven)


def told_shortly(fact: Fact) -> bool:
    """Whether the writer can tell the fact in more than a near copy of one of its passages."""
    return any(option.own for p in fact.passages for option in options(p))
