"""``/metrics``: the figures of the service in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from briefing.site.ports import Readings

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4


class Figures(Collector):
    """Asks for the readings when it is asked, so that no figure is older than the question."""

    def __init__(self, read: Callable[[], Readings], clock: Callable[[], datetime]) -> None:
        self._read = read
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        """All figures of one moment."""
        now = self._read(), self._clock()
        yield from _stories(*now)
        yield from _rest(*now)


class Meters:
    """The page of figures."""

    def __init__(self, read: Callable[[], Readings], clock: Callable[[], datetime]) -> None:
        self._registry = CollectorRegistry(auto_describe=False)  # which would read the store
        self._registry.register(Figures(read, clock))
        ProcessCollector(registry=self._registry)  # memory, processor time, open files

    def page(self) -> str:
        """The text format, version 0.0.4."""
        return generate_latest(self._registry).decode()


def _stories(read: Readings, now: datetime) -> Iterator[Metric]:
    yield _by("editions", "Editions in the store.", "story", read.editions)
    yield _by(
        "edition_timestamp_seconds",
        "When the newest edition was made.",
        "story",
        {story: at.timestamp() for story, at in read.latest.items()},
    )
    yield _by(
        "edition_age_seconds",
        "Since the newest edition was made.",
        "story",
        {story: (now - at).total_seconds() for story, at in read.latest.items()},
    )
    yield _by(
        "edition_due_timestamp_seconds",
        "When the next edition falls due.",
        "story",
        {story: at.timestamp() for story, at in read.due.items()},
    )
    yield _by("run_seconds", "How long the last run took.", "story", read.run_seconds)


def _rest(read: Readings, now: datetime) -> Iterator[Metric]:
    yield _by("mails", "Mails in the outbox.", "state", read.mails)
    yield _one("mail_waiting_seconds", "How long the oldest queued mail waits.",
               (now - read.waiting).total_seconds() if read.waiting else 0.0)  # fmt: skip
    yield _by("subscribers", "Subscribers.", "standing", read.subscribers)
    yield _one("feeds", "Feeds that are asked.", read.feeds)
    yield _one("feeds_failing", "Feeds whose last answer was a failure.", read.feeds_failing)
    yield _one("feed_answered_timestamp_seconds", "When any feed answered last.",
               read.answered.timestamp() if read.answered else None)  # fmt: skip
    yield _by("alarms", "Alarms that stand.", "kind", read.alarms)
    yield _one("leading", "1 while this instance does the work, 0 while it waits.", read.leading)
    yield _one("store_bytes", "Size of the store's file.", read.store_bytes)


def _by(name: str, says: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"briefing_{name}", says, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


def _one(name: str, says: str, value: float | None) -> Metric:
    family = GaugeMetricFamily(f"briefing_{name}", says)
    if value is not None:
        family.add_metric([], value)
    return family
