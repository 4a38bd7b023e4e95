"""What a page says about itself: headline, publisher, date and language."""

from __future__ import annotations

import copy
import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import lxml.html

from briefing.text.characters import tidy
from briefing.text.dates import mentions

_OLDEST = date(1995, 1, 1)  # no news page is older; htmldate's own limit
_MOST_JSON = 2_000_000  # characters of one structured-data script
_ARTICLES = (
    "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
    "BackgroundNewsArticle", "BlogPosting", "LiveBlogPosting", "Report", "WebPage",
)  # fmt: skip
_DATE_METAS = (
    "article:published_time", "og:published_time", "datepublished", "publishdate", "pubdate",
    "publish-date", "dc.date.issued", "dcterms.created", "sailthru.date", "parsely-pub-date",
    "article.published", "date",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page states about itself; empty where it does not."""

    title: str
    publisher: str
    published: datetime | None
    language: str
    description: str = ""  # the editors' summary of the article


def page_facts(tree: Any, *, address: str, as_of: date) -> Facts:
    """Read the facts from an unchanged page tree (its scripts are needed).

    Dates come from structured data and meta elements with their time, else from htmldate
    (Barbaresi 2020), which also reads the address. A date more than one day after
    ``as_of`` is an error of the page and is left out; the clock is never asked.
    """
    import trafilatura

    data = list(structured_data(tree))
    dating = {
        "original_date": True,
        "extensive_search": False,  # no guess from the text: ours is marked as inferred
        "max_date": (as_of + timedelta(1)).isoformat(),
    }
    found = trafilatura.extract_metadata(
        copy.deepcopy(tree), default_url=address or None, date_config=dating
    )
    publisher = tidy(found.sitename or "") or _publisher(data)
    title = _without_site(tidy(found.title or "") or _headline(data), publisher)
    published = _stated_time(tree, data, as_of=as_of)
    if published is None:
        published = moment(found.date or "", as_of=as_of)
        if published and not _is_written(published.date(), tree, address):
            published = None
    return Facts(title, publisher, published, _language(tree), tidy(found.description or ""))


def structured_data(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object in the page's JSON-LD scripts, outer ones first; broken scripts give none."""
    for script in tree.iter("script"):
        if script.get("type", "").lower().split(";")[0].strip() != "application/ld+json":
            continue
        text = (script.text or "")[:_MOST_JSON]
        try:
            value = json.loads(
                re.sub(r"^\s*(?:<!--|//<!\[CDATA\[)|(?:-->|//\]\]>)\s*$", "", text), strict=False
            )
        except (ValueError, RecursionError):
            continue
        waiting = deque([value])
        while waiting:
            value = waiting.popleft()
            if isinstance(value, dict):
                yield value
                waiting += value.values()
            elif isinstance(value, list):
                waiting += value


def is_type(item: dict[str, Any], *names: str) -> bool:
    """Whether a structured-data object is of one of the schema.org types."""
    kind = item.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(k, str) and k.rsplit("/", 1)[-1] in names for k in kinds)


def moment(text: str, *, as_of: date) -> datetime | None:
    """An ISO 8601 date or time as aware UTC; ``None`` if unreadable, too old or after ``as_of``."""
    found: datetime | None = None
    for candidate in (text.strip(), text.strip()[:10]):
        try:
            found = datetime.fromisoformat(candidate)
            break
        except ValueError:
            continue
    if found is None:
        return None
    try:
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:
        return None
    return found if _OLDEST <= found.date() <= as_of + timedelta(1) else None


def _stated_time(tree: Any, data: list[dict[str, Any]], *, as_of: date) -> datetime | None:
    for item in data:
        if isinstance(item.get("datePublished"), str) and is_type(item, *_ARTICLES):
            found = moment(item["datePublished"], as_of=as_of)
            if found:
                return found
    metas = {
        (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower(): meta
        for meta in tree.iter("meta")
    }
    for name in _DATE_METAS:
        if name in metas:
            found = moment(metas[name].get("content") or "", as_of=as_of)
            if found:
                return found
    return None


def _is_written(day: date, tree: Any, address: str) -> bool:
    """Whether the page or its address has this very day: htmldate makes "2024-11" the first of
    November, which nobody stated."""
    source = address + lxml.html.tostring(tree, encoding="unicode")[:_MOST_JSON]
    forms = (
        f"{day:%Y-%m-%d}",
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}/",
    )
    if any(form in source for form in forms):
        return True
    text = tree.text_content()[: _MOST_JSON // 10]
    return any((m.year, m.month, m.day) == (day.year, day.month, day.day) for m in mentions(text))


def _publisher(data: list[dict[str, Any]]) -> str:
    for item in data:
        publisher = item.get("publisher")
        if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
            return tidy(publisher["name"])
    return ""


def _headline(data: list[dict[str, Any]]) -> str:
    for item in data:
        if isinstance(item.get("headline"), str):
            return tidy(item["headline"])
    return ""


def _without_site(title: str, publisher: str) -> str:
    """``title`` without " | Publisher" at its end."""
    match = re.fullmatch(r"(.+?)\s+[|–—·-]\s+([^|]+)", title)
    if match and publisher and match[2].strip().casefold() == publisher.casefold():
        return match[1]
    return title


def _language(tree: Any) -> str:
    root = tree.getroottree().getroot()
    match = re.match(r"[a-zA-Z]{2,3}", root.get("lang") or "")
    return match[0].lower() if match else ""
