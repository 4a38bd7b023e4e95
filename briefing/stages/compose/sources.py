"""The list of sources: only what is cited, numbered in order of first citation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from briefing.news import Article, Origin, Source
from briefing.text.lines import Line


def numbered(
    lines: Sequence[Line],
    articles: Mapping[str, Article],
    origins: Sequence[Origin],
    zone: ZoneInfo,
) -> tuple[Source, ...]:
    """Sources of the printed lines, 1..n. ``Source.origin`` is equal for reprints of one report."""
    origin = {a: group.id for group in origins for a in group.articles}
    cited = dict.fromkeys(p.article for line in lines for p in line.claim.passages)
    return tuple(
        _source(number, articles[key], origin.get(key, key), zone)
        for number, key in enumerate(cited, 1)
    )


def _source(number: int, article: Article, origin: str, zone: ZoneInfo) -> Source:
    return Source(
        number=number,
        article=article.id,
        title=article.title,
        publisher=article.publisher,
        published=local(article.published, zone) if article.published else None,
        date_origin=article.date_origin,
        url=article.url,
        file=article.file,
        origin=origin,
        credits=article.credits,
        bloc=article.bloc,
        state_media=article.state_media,
    )


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """``moment`` with the zone's offset; the instant stays the same.

    Midnight UTC is how a date without a time is kept (`news.Article`): it stays in UTC, or west
    of Greenwich it would fall on the day before.
    """
    if moment.astimezone(UTC).time() == time() and moment.utcoffset() == timedelta():
        return moment
    return moment.astimezone(zone)
