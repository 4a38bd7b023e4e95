"""The timeline: dated events on absolute dates, oldest first."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from briefing.news import Article, BoardLine, Passage
from briefing.stages.compose.material import Material, SourcingOf, overlap, quoted
from briefing.stages.compose.sources import local
from briefing.text.dates import Mention, mentions, resolve
from briefing.text.discourse import asks, complete, refers_back, unresolved
from briefing.text.quotes import quotations
from briefing.text.words import content_stems, word_count

MOST_LINES = 8
MOST_WORDS = 60
SAME_EVENT = 0.27
"""Two sentences about one day that share this much of the shorter one's content words tell one
event. On the two seed articles, two tellings of one event shared .32, different events of one day
.08 and .17. Lower than for two claims: the day is already the same."""

_OF_A_NOUN = re.compile(
    r"overnight (?:[\w-]+ )?(?:attack|strike|raid|barrage|assault|bombardment|shelling|launch)",
    re.I,
)
INFERRED = "date inferred"


class _Dated(NamedTuple):
    day: date
    inferred: bool
    passage: Passage
    article: Article
    stems: frozenset[str]  # of the sentence without its date
    cited: bool


def timeline(
    material: Material, sourcing: SourcingOf, *, day: date, zone: ZoneInfo
) -> tuple[BoardLine, ...]:
    """At most eight events up to ``day``, one line for each.

    A weekday, "yesterday", "two days ago" or a date without a year is resolved from the article's
    date; where that date is itself inferred, or leaves two readings ("overnight"), the line says
    so. In an undated article such dates are left out. So are spans ("last week", "earlier this
    week", "over the weekend") and what is counted from another event ("two days earlier").
    """
    found = [
        event
        for article in material.articles
        for passage in article.body
        if (event := _dated(passage, article, material, zone)) and event.day <= day
    ]
    # The best telling of an event first: certain, cited in a development, short.
    found.sort(key=lambda e: (e.inferred, not e.cited, word_count(e.passage.text)))
    events: list[_Dated] = []
    for event in found:
        if not any(_same(event, other) for other in events):
            events.append(event)
    events.sort(key=lambda e: (not e.cited, -e.day.toordinal()))
    shown = sorted(events[:MOST_LINES], key=lambda e: e.day)
    return tuple(
        BoardLine(
            e.day.isoformat(),
            quoted(e.passage, e.article, sourcing),
            INFERRED if e.inferred else "",
        )
        for e in shown
    )


def _dated(passage: Passage, article: Article, material: Material, zone: ZoneInfo) -> _Dated | None:
    """The first day that a passage names; None when it names none, or does not stand alone."""
    if word_count(passage.text) > MOST_WORDS or _leans(passage.text) or not _reports(passage.text):
        return None
    published = local(article.published, zone).date() if article.published else None
    for mention in mentions(passage.text):
        if not _names_a_day(mention) or _dates_another(mention, passage.text):
            continue
        day, certain = resolve(mention, published)
        if day is None:
            continue
        whole = mention.year is not None
        return _Dated(
            day,
            not certain or (not whole and article.date_origin != "stated"),
            passage,
            article,
            frozenset(
                content_stems(f"{passage.text[: mention.start]}{passage.text[mention.end :]}")
            ),
            passage.key in material.cited,
        )
    return None


def _names_a_day(mention: Mention) -> bool:
    if mention.about or mention.ahead:
        return False
    if mention.month is not None:
        return mention.day is not None
    return mention.weekday is not None or mention.relative is not None


def _dates_another(mention: Mention, text: str) -> bool:
    """Whether the day is not that of what the sentence tells.

    "Wednesday's attack" and "the overnight attack" date the attack, not what is said of it; "today"
    in a quotation is the day of the speaker, and "Today" inside a sentence a programme.
    """
    behind = text[mention.end :]
    if behind.startswith(("’s", "'s")) or _OF_A_NOUN.match(f"{mention.text}{behind}"):
        return True
    if mention.relative is None:
        return False
    before = text[: mention.start].rstrip()[-1:]
    named = mention.text[:1].isupper() and before not in ("", *'.:—“"')
    quoted_words = any(q.start <= mention.start < q.end for q in quotations(text))
    return quoted_words or named


def _same(a: _Dated, b: _Dated) -> bool:
    return a.day == b.day and overlap(a.stems, b.stems) >= SAME_EVENT


def _leans(text: str) -> bool:
    """Whether an event cannot be understood alone; "such weapons" is vague, but says what was."""
    pointer = unresolved(text).lower()
    return refers_back(text) or (bool(pointer) and not pointer.startswith("such"))


def _reports(text: str) -> bool:
    """Whether the sentence is whole and tells of something, not a question or a condition."""
    return complete(text) and not asks(text) and not text.startswith(("If ", "Whether "))
