"""Items of the replay week as the product takes them in: as feeds, without a network.

Each feed is answered as RSS 2.0 under its own address; no article page is there, so that the
feeds' own words are the evidence. Nothing depends on ports or clocks: the same items give the
same articles, with the same ids.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

from briefing.adapters.confined import InPlace
from briefing.adapters.engine import ThreadEngine
from briefing.adapters.store import open_store
from briefing.errors import FetchError
from briefing.news import Article, Document, Edition, Entry, Feed, NotModified
from briefing.pipeline import intake
from briefing.ports import Models, Progress
from evals.memory_gold import Item


class ItemsWeb:
    """The feeds of some items. Satisfies ``ports.Web``."""

    def __init__(self, listed: Iterable[Item]) -> None:
        self._items: dict[str, list[Item]] = {}
        for item in listed:
            self._items.setdefault(item.feed, []).append(item)

    def fetch(
        self, url: str, *, etag: str = "", last_modified: str = "", page: bool = False
    ) -> Document | NotModified:
        """A feed; every other address answers that it is not there."""
        if url not in self._items:
            raise FetchError(url, "http 404")
        return Document(url, rss(self._items[url]), "application/rss+xml", "utf-8")

    @property
    def feeds(self) -> list[Feed]:
        """The subscriptions, in the order of their first items."""
        firsts = {address: its[0] for address, its in self._items.items()}
        return [
            Feed(address, item.feed_title, item.publisher, language=item.language)
            for address, item in firsts.items()
        ]


def rss(listed: Sequence[Item]) -> bytes:
    """The items as RSS 2.0."""
    body = "".join(
        f"<item><title>{escape(item.title)}</title><link>{escape(item.link)}</link>"
        f"<guid>{escape(item.link)}</guid><description>{escape(item.description)}</description>"
        f"<pubDate>{format_datetime(item.published)}</pubDate></item>"
        for item in listed
    )
    return f"<rss version='2.0'><channel><title>t</title>{body}</channel></rss>".encode()


def article_id(item: Item) -> str:
    """The id of the article that is made of ``item``."""
    return Entry(item.link, item.feed, item.link, "", None, "", "text").id


def end_of(day: date) -> datetime:
    """The end of a day of the data, which counts in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def articles(
    listed: Sequence[Item], models: Models, *, day: date, progress: Progress
) -> dict[str, Article]:
    """The articles of ``listed`` by id, taken in and cleaned as a run does it.

    An item that gives no article is not there.
    """
    web = ItemsWeb(listed)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(f"sqlite:///{Path(folder) / 'briefing.db'}") as store,
    ):
        intake.from_feeds(
                web.feeds, web=web, engine=ThreadEngine(), parsers=InPlace(), store=store,
                models=models, as_of=day, now=end_of(day), progress=progress,
            )  # fmt: skip
        made = {a.id: a for a in store.pending(Edition("measured", day))}
    # In the order of the items: that of a store is its own affair.
    return {key: made[key] for key in map(article_id, listed) if key in made}
