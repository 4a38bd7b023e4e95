"""Articles for an edition of the past: when was each written, at the latest?

A file is read as of the edition's day, so that "22 November" finds its year. But then a date after
that day is taken for an error, and what was written later would pass for undated and be used. So
its dates are read once more and believed, and the later one stands.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from briefing.news import Article, Entry, Skip, Story
from briefing.pipeline.parsing import page_said
from briefing.ports import Parsers
from briefing.text.dates import mentions

_ALL = date(9999, 12, 30)
"""As of this day every date is believed."""

_PAST = re.compile(
    r"\b(?:\w{2,}ed|was|were|had|did|said|told|made|met|hit|struck|shot|fell|took|gave|came|went"
    r"|began|held|sent|spoke|wrote|won|lost|left|flew|rose|saw|became|brought|got|put|set|ran)\b",
    re.IGNORECASE,
)
"""Words in the past tense: the regular ones, and the common ones of news that are not."""


def extracted(parsers: Parsers, entry: Entry, *, as_of: date) -> list[Article] | Skip:
    """The articles of a file, dated for an edition of the day ``as_of``."""
    first = page_said(parsers, entry, None, as_of=as_of)
    if isinstance(first, Skip):
        return first
    believed = page_said(parsers, entry, None, as_of=_ALL)
    if isinstance(believed, Skip):  # a date changes nothing else
        return believed
    dated = {article.id: article for article in believed}
    return [_dated(article, dated.get(article.id, article), as_of=as_of) for article in first]


def _dated(article: Article, believed: Article, *, as_of: date) -> Article:
    """The article with the date that it states, or with the latest day that it reports."""
    if article.date_origin == "stated":
        return article
    if believed.date_origin == "stated":
        return replace(article, published=believed.published, date_origin="stated")
    later = later_days(article.text, as_of=as_of)
    if not later:
        return article
    return replace(
        article, published=datetime.combine(max(later), time(), UTC), date_origin="inferred"
    )


def later_days(text: str, *, as_of: date) -> list[date]:
    """Days after ``as_of`` of which ``text`` tells as past: it was written on the last or later.

    A day without its year is passed over, and so is one of which the text only says what will be:
    no word of its sentence is in the past tense ("the treaty expires on 5 February 2026").
    """
    found = []
    for mention in mentions(text):
        if mention.year is None or mention.month is None or mention.day is None or mention.ahead:
            continue
        day = date(mention.year, mention.month, mention.day)
        start = max(text.rfind(mark, 0, mention.start) for mark in (". ", "! ", "? ", "\n"))
        end = re.search(r"[.!?](?=\s|$)|\n|$", text[mention.end :])
        sentence = text[start + 1 : mention.end + (end.start() if end else 0)]
        if day > as_of and _PAST.search(sentence):
            found.append(day)
    return found


def at_latest(article: Article, *, story: Story) -> datetime | None:
    """The last moment at which the article can have been published.

    Of a file that gives a date without a time, that is the end of the day; a feed's article was in
    the store by then.
    """
    published = article.published
    if published is None or not article.file or published.astimezone(UTC).time() != time():
        return published
    day = published.astimezone(UTC).date()
    end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(story.timezone))
    return end - timedelta(microseconds=1)
