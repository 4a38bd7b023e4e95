"""The nouns that the stages hand to each other: the whole vocabulary, in the order of a run.

::

    following      Feed, Story, Edition            what a reader follows
    articles       Document, Entry, Article        what comes in; its text is the only evidence
    developments   Origin, Fact, Development       what is understood of it
    sentences      Prompt, Draft, Claim, Brief     what is written, and what of it may be printed
    memory         Remembered, Recalled, Change    what earlier editions knew, and what is new
    digest         Board, Source, Skip, Digest     what goes out: a digest is made of claims alone

Frozen, slotted dataclasses with small properties and no behaviour. Every :class:`Passage` is a span
of an article's text, and every :class:`Claim` cites passages.
"""

from briefing.news.articles import Article, Document, Entry, NotModified, Passage, Removed
from briefing.news.developments import Development, Fact, Origin
from briefing.news.digest import (
    Accounts,
    Board,
    BoardLine,
    Digest,
    FeedReport,
    ModelIdentity,
    Skip,
    Source,
)
from briefing.news.following import Edition, Feed, Schedule, Story
from briefing.news.memory import (
    Change,
    Correction,
    Kind,
    Modality,
    Recalled,
    Remembered,
    Revision,
    Rung,
    Sighting,
    Stand,
    Statement,
    Value,
)
from briefing.news.sentences import (
    Brief,
    Claim,
    Draft,
    Dropped,
    Option,
    Pair,
    Prompt,
    Sourcing,
    Wording,
)

__all__ = [
    "Accounts",
    "Article",
    "Board",
    "BoardLine",
    "Brief",
    "Change",
    "Claim",
    "Correction",
    "Development",
    "Digest",
    "Document",
    "Draft",
    "Dropped",
    "Edition",
    "Entry",
    "Fact",
    "Feed",
    "FeedReport",
    "Kind",
    "Modality",
    "ModelIdentity",
    "NotModified",
    "Option",
    "Origin",
    "Pair",
    "Passage",
    "Prompt",
    "Recalled",
    "Remembered",
    "Removed",
    "Revision",
    "Rung",
    "Schedule",
    "Sighting",
    "Skip",
    "Source",
    "Sourcing",
    "Stand",
    "Statement",
    "Story",
    "Value",
    "Wording",
]
