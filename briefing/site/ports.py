"""What the site consumes: the archive it shows, its readers, and the figures of its service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from briefing.news import Article, Digest, Edition
from briefing.post import Standing, Subscriber


class Listed(Protocol):
    """An edition in the list of all."""

    @property
    def edition(self) -> Edition: ...

    @property
    def made(self) -> datetime: ...

    @property
    def subject(self) -> str: ...

    @property
    def published(self) -> datetime | None: ...


class Stored(Protocol):
    """An edition as it was recorded."""

    @property
    def digest(self) -> Digest: ...

    @property
    def evidence(self) -> str:
        """evidence.json as it was written."""
        ...

    @property
    def published(self) -> datetime | None: ...


class Editions(Protocol):
    """What is read. Every method may raise ``StoreError`` and is called in a worker thread."""

    def editions(self, limit: int) -> Sequence[Listed]:
        """The ``limit`` newest editions of all stories, latest day first."""
        ...

    def edition(self, edition: Edition) -> Stored | None: ...

    def articles(self, ids: Iterable[str]) -> Mapping[str, Article]:
        """Articles by id; those whose text was pruned are absent."""
        ...


class Archive(Editions, Protocol):
    """The same, with the readers of its mails."""

    def subscriber(self, id: str) -> Subscriber | None: ...

    def sign_up(self, address: str, story: str, now: datetime) -> Subscriber:
        """Who stands under that address now: ``pending``, or as it was when it is active."""
        ...

    def set_standing(
        self, id: str, standing: Standing, *, reason: str = "", now: datetime
    ) -> object: ...

    def send_confirmation(self, subscriber: Subscriber) -> None:
        """Queue the mail that asks whether they meant it."""
        ...


@dataclass(frozen=True, slots=True)
class Readings:
    """The figures of a service at one moment, for ``/metrics``. What is unknown is left empty."""

    editions: Mapping[str, int] = field(default_factory=dict)  # story -> editions in the store
    latest: Mapping[str, datetime] = field(default_factory=dict)  # story -> its newest was made
    due: Mapping[str, datetime] = field(default_factory=dict)  # story -> its next one falls due
    run_seconds: Mapping[str, float] = field(default_factory=dict)  # story -> its last run took
    mails: Mapping[str, int] = field(default_factory=dict)  # state -> mails in the outbox
    waiting: datetime | None = None  # when the oldest queued mail was queued
    subscribers: Mapping[str, int] = field(default_factory=dict)  # standing -> how many
    feeds: int | None = None  # feeds asked
    feeds_failing: int | None = None  # of them whose last answer was a failure
    answered: datetime | None = None  # when any feed answered last
    alarms: Mapping[str, int] = field(default_factory=dict)  # kind -> alarms standing
    leading: bool | None = None  # this instance holds the lease
    store_bytes: int | None = None
