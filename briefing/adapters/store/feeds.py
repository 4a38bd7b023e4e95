"""What is remembered of each feed between two questions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from briefing.adapters.store import backoff
from briefing.adapters.store.database import OnDatabase
from briefing.adapters.store.records import FeedStatus
from briefing.adapters.store.rows import clean, put_feed
from briefing.adapters.store.schema import feeds
from briefing.news import Document, Feed


class FeedTable(OnDatabase):
    """The feeds of a store: validators, failures, and when each may be asked again."""

    def feed_state(self, url: str) -> FeedStatus:
        """What is remembered of the feed; a blank state for one never asked."""
        with self._database.reading() as connection:
            row = connection.execute(select(feeds).where(feeds.c.url == clean(url))).first()
        return FeedStatus(**row._mapping) if row else FeedStatus(url=url)

    def feeds(self) -> list[FeedStatus]:
        """All feeds ever asked, by address."""
        with self._database.reading() as connection:
            rows = connection.execute(select(feeds).order_by(feeds.c.url)).all()
        return [FeedStatus(**row._mapping) for row in rows]

    def feed_answered(
        self,
        feed: Feed,
        document: Document | None,
        *,
        now: datetime,
        entries: int,
        new: int,
        fresh_for: float = 0.0,
        moved_to: str = "",
    ) -> None:
        """Remember the validators verbatim and clear the errors. ``None``: it had not changed.

        An empty body keeps the old validators, so that the next poll asks for the whole again.
        The feed may be asked again after ``fresh_for`` seconds; at once when it has no wish.
        ``moved_to``: where it says that it lives now for good.
        """
        not_before = now + timedelta(seconds=fresh_for) if fresh_for > 0 else None
        values: dict[str, Any] = {"errors": 0, "not_before": not_before, "last_answered": now}
        values |= {"wish": max(fresh_for, 0.0), "moved": clean(moved_to)}
        if document is not None:
            values |= {"entries": entries, "new": new}
            if document.body:
                values["etag"] = clean(document.etag)
                values["last_modified"] = clean(document.last_modified)
        else:
            values["new"] = 0
        with self._database.writing() as connection:
            put_feed(connection, feed, values)

    def feed_failed(
        self, feed: Feed, *, now: datetime, reason: str, retry_after: float | None = None
    ) -> None:
        """Count the failure and set when the feed may be asked again (see ``backoff.wait``)."""
        with self._database.writing() as connection:
            query = select(feeds.c.errors).where(feeds.c.url == clean(feed.url))
            errors = (connection.scalar(query) or 0) + 1
            not_before = now + backoff.wait(errors, retry_after=retry_after)
            values = {"errors": errors, "not_before": not_before}
            values |= {"last_failed": now, "last_error": clean(reason)}
            put_feed(connection, feed, values)
