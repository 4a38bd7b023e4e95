"""What the site reads and changes, over the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from briefing.adapters.store import EditionSummary, SqlStore, StoredEdition
from briefing.app import mailing
from briefing.config import Config
from briefing.news import Article, Edition
from briefing.post import Standing, Subscriber


@dataclass(frozen=True, slots=True)
class StoreArchive:
    """Satisfies :class:`briefing.site.Archive`."""

    config: Config
    store: SqlStore
    clock: Callable[[], datetime]

    def editions(self, limit: int) -> Sequence[EditionSummary]:
        return self.store.editions(limit)

    def edition(self, edition: Edition) -> StoredEdition | None:
        return self.store.edition(edition)

    def articles(self, ids: Iterable[str]) -> Mapping[str, Article]:
        return self.store.articles(ids)

    def subscriber(self, id: str) -> Subscriber | None:
        return self.store.readers.one(id)

    def sign_up(self, address: str, story: str, now: datetime) -> Subscriber:
        return self.store.readers.add(address, story, standing="pending", now=now)

    def set_standing(
        self, id: str, standing: Standing, *, reason: str = "", now: datetime
    ) -> Subscriber | None:
        return self.store.readers.set_standing(id, standing, reason=reason, now=now)

    def send_confirmation(self, subscriber: Subscriber) -> None:
        """Queue the mail that asks whether they meant it."""
        now = self.clock()
        mail = mailing.confirmation(self.config, subscriber, at=now)
        self.store.outbox.queue([mail], now=now)
