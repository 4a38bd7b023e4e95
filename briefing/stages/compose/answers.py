"""The board of said and done: responses that were announced, and those that took place."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

from briefing.news import Article, BoardLine, Passage
from briefing.stages.compose.material import Material, SourcingOf, overlap, quoted
from briefing.text.answers import Answer, answer_of
from briefing.text.discourse import complete, leans
from briefing.text.words import content_stems, word_count

MOST_LINES = 6
MOST_OF_A_KIND = 4
MOST_WORDS = 45
SAME = 0.5
"""Two sentences of one kind that share this much of the shorter one's content words tell one
response. Chosen by hand on the tests: lower than for claims, as such sentences are short."""

_THE_WARNING = re.compile(
    r"The (?:warning|announcement|decision|move|statement|threat|comments?|news|vow|promise)s? "
    r"(?:comes?|came|follow(?:s|ed))\b"
).match
""" "The warning comes after ...": which one stands in the sentence before."""


class _Found(NamedTuple):
    answer: Answer
    passage: Passage
    article: Article
    stems: frozenset[str]
    origins: frozenset[str]  # that tell the same
    cited: bool


def answers(material: Material, sourcing: SourcingOf) -> tuple[BoardLine, ...]:
    """At most six lines, what was said before what was done, each in one source's own words.

    A response that several sources tell is shown once, by the sentence that stands best alone; a
    headline only where no sentence of its article tells it. Nothing links a threat to a deed but
    the words of the sentences.
    """
    told: list[_Found] = []
    for found in _found(material):
        twin = next((i for i, other in enumerate(told) if _same(found, other)), None)
        if twin is None:
            told.append(found)
        else:
            told[twin] = _merged(told[twin], found)
    told.sort(key=lambda f: (not f.cited, -len(f.origins), word_count(f.passage.text)))
    said = [f for f in told if f.answer == "said"][:MOST_OF_A_KIND]
    done = [f for f in told if f.answer == "done"][:MOST_OF_A_KIND]
    room = MOST_LINES // 2
    said = said[: max(room, MOST_LINES - len(done))]
    done = done[: MOST_LINES - len(said)]
    shown = [*sorted(said, key=_age), *sorted(done, key=_age)]
    return tuple(BoardLine(f.answer, quoted(f.passage, f.article, sourcing)) for f in shown)


def _found(material: Material) -> list[_Found]:
    """Sentences first, so that a headline is only the twin of one."""
    found = [
        _Found(
            answer,
            passage,
            article,
            frozenset(content_stems(passage.text)),
            frozenset((material.origin.get(article.id, article.id),)),
            passage.key in material.cited,
        )
        for article in material.articles
        for passage in article.passages
        if word_count(passage.text) <= MOST_WORDS and _stands(passage)
        for answer in [answer_of(passage.text)]
        if answer
    ]
    return sorted(found, key=lambda f: f.passage.kind == "title")


def _stands(passage: Passage) -> bool:
    if passage.kind == "title":
        return True
    return complete(passage.text) and not leans(passage.text) and not _THE_WARNING(passage.text)


def _same(a: _Found, b: _Found) -> bool:
    """One response told twice; the headline and a sentence of one article are one telling."""
    if a.answer != b.answer:
        return False
    if a.article.id == b.article.id and "title" in (a.passage.kind, b.passage.kind):
        return True
    return overlap(a.stems, b.stems) >= SAME


def _merged(a: _Found, b: _Found) -> _Found:
    shown = min(a, b, key=lambda f: (f.passage.kind == "title", not f.cited))
    return shown._replace(origins=a.origins | b.origins, cited=a.cited or b.cited)


def _age(found: _Found) -> tuple[datetime, str]:
    return (found.article.published or datetime.max.replace(tzinfo=UTC), found.passage.key)
