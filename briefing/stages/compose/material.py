"""What the boards are made from: the passages of the articles that the developments come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from briefing.news import Article, Brief, Claim, Origin, Passage, Sourcing
from briefing.text.words import content_stems

SourcingOf = Callable[[Passage, Article], Sourcing]
"""Who stands behind a passage of an article."""


@dataclass(frozen=True, slots=True)
class Material:
    """The articles behind the briefs, in the order of the briefs."""

    articles: tuple[Article, ...]
    claims: tuple[Claim, ...]  # every kept claim, in order of print
    cited: frozenset[str]  # keys of the passages that kept claims cite
    origin: Mapping[str, str]  # Article.id -> Origin.id
    theme: frozenset[str]  # content stems of the kept claims

    def article(self, passage: Passage) -> Article:
        """The article that ``passage`` was taken from."""
        return next(a for a in self.articles if a.id == passage.article)


def gather(
    briefs: Sequence[Brief], articles: Mapping[str, Article], origins: Sequence[Origin]
) -> Material:
    """Collect what the boards may show."""
    ids = dict.fromkeys(article for brief in briefs for article in brief.articles)
    claims = tuple(claim for brief in briefs for claim in (brief.headline, *brief.claims))
    return Material(
        articles=tuple(articles[i] for i in ids),
        claims=claims,
        cited=frozenset(p.key for claim in claims for p in claim.passages),
        origin={a: origin.id for origin in origins for a in origin.articles},
        theme=frozenset(stem for claim in claims for stem in content_stems(claim.text)),
    )


def quoted(passage: Passage, article: Article, sourcing: SourcingOf, *, text: str = "") -> Claim:
    """A claim in the source's own words: the passage, or ``text``, a piece of it as it stands."""
    return Claim(text or passage.text, (passage,), 1.0, "quoted", sourcing(passage, article))


def overlap(a: set[str] | frozenset[str], b: set[str] | frozenset[str]) -> float:
    """Overlap coefficient of two sets of stems: shared, of the smaller set; 0 to 1."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
