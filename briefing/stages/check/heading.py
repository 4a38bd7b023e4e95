"""A headline over the claims of a development, made of nothing that is not printed or stated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from briefing.news import Article, Claim, Development, Passage
from briefing.stages.check import shorten
from briefing.stages.check.rules import HEADLINE_WORDS
from briefing.stages.check.sourcing import sourcing
from briefing.text.discourse import enumerates, refers_back
from briefing.text.words import content_stems, trim, word_count

TITLE_OVERLAP = 0.5
"""Least share of a stated title's content words that a fact's passages must have for the title to
stand over it. A title is true of its article anyway; this keeps it on the fact."""

LONGEST_HEADLINE = 20
"""Words of a claim that may stand whole as its own headline, where no rule could shorten it."""


def heading(
    claims: Sequence[Claim],
    development: Development,
    articles: Mapping[str, Article],
    floor: float,
) -> Claim:
    """A shortening of a printed claim, a stated title, a short claim whole, or its first words."""
    first = claims[0]
    for claim in claims:
        if not leans(claim.text):
            made = shorten.headline(claim, articles=articles, floor=floor)
            if made and not leans(made.text):
                return replace(made, wording="shortened")
    if title := _title(first, development, articles):
        label = sourcing(title, articles[title.article])
        return Claim(title.text, (title,), 1.0, "quoted", label)
    if word_count(first.text) <= LONGEST_HEADLINE:
        return first
    passage = first.passages[0]
    text = shorten.opening(passage)
    return Claim(text, (passage,), 1.0, "quoted", sourcing(passage, articles[passage.article]))


def _title(
    claim: Claim, development: Development, articles: Mapping[str, Article]
) -> Passage | None:
    """A stated title of one of the claim's own articles that is about the claim."""
    theirs = {s for p in claim.passages for s in content_stems(p.text)}
    for key in dict.fromkeys(p.article for p in claim.passages):
        article = articles[key]
        titles = [p for p in article.passages if p.kind == "title"]
        if article.title_origin != "stated" or not titles:
            continue
        stems = content_stems(titles[0].text)
        short = trim(titles[0].text, HEADLINE_WORDS) == titles[0].text
        asks = titles[0].text.endswith("?")
        if (
            short
            and not asks
            and stems
            and sum(s in theirs for s in stems) >= TITLE_OVERLAP * len(stems)
        ):
            return titles[0]
    return None


def leans(text: str) -> bool:
    return refers_back(text) or enumerates(text)
