"""What the replay week says is so: items with their clusters, and what changed from day to day.

The gold of a pair of day and cluster is one kind:

- what ``changes.jsonl`` says; ``new`` before all others, as the same day's ``updated`` or
  ``contradicted`` is then a change *within* the day, which a daily edition cannot tell from it;
- without a row, ``NEW`` on the first day on which an item of the cluster stands;
- without a row on a later day, ``REPEATED``, but unlabelled: nobody has judged it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from briefing.news import Kind
from evals.reading import Losses, NoData, files, rows

DEV = (date(2024, 11, 17), date(2024, 11, 20))
"""Days on which thresholds are set."""
TEST = (date(2024, 11, 21), date(2024, 11, 23))
"""Days whose figures count."""

_ITEM: Mapping[str, type | tuple[type, ...]] = {
    "day": str, "feed_url": str, "title": str, "link": str, "published": str, "on_story": bool,
    "multi_topic": bool, "cluster": (str, type(None)), "cluster_kind": (str, type(None)),
}  # fmt: skip
_CHANGE: Mapping[str, type | tuple[type, ...]] = {
    "day": str,
    "cluster": str,
    "kind": str,
    "evidence_links": list,
}
_KINDS: Mapping[str, Kind] = {
    "new": "NEW", "updated": "UPDATED", "contradicted": "CONTRADICTED", "repeated": "REPEATED"
}  # fmt: skip
_STRONGEST: tuple[Kind, ...] = ("NEW", "CONTRADICTED", "UPDATED", "REPEATED")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a feed, with what a judge said of it."""

    day: date
    feed: str  # address
    feed_title: str
    publisher: str
    language: str
    title: str  # as the feed has it, with its HTML
    description: str
    link: str
    published: datetime
    on_story: bool
    cluster: str  # "" when it has none
    topic: bool  # a bin of explainers and lists, which need not merge
    multi_topic: bool  # a newsletter
    core: bool = False  # of the missile policy itself, not only of the war around it

    @property
    def strict(self) -> bool:
        """Whether it counts in strict scores."""
        return self.on_story and bool(self.cluster) and not self.topic and not self.multi_topic


@dataclass(frozen=True, slots=True)
class Row:
    """One gold change."""

    day: date
    cluster: str
    kind: Kind
    old: str
    new: str
    links: tuple[str, ...]  # evidence


@dataclass(frozen=True, slots=True)
class Gold:
    """What a cluster is on a day."""

    kind: Kind
    labelled: bool  # False: by default only
    rows: tuple[Row, ...] = ()
    within_day: tuple[Row, ...] = ()  # changes of what is NEW on the same day
    core: bool = False  # whether an item of it on that day is


def items(data: Path, losses: Losses) -> list[Item]:
    """All items, in the order of the file.

    Raises:
        NoData: there is no item.
    """
    found = []
    for file in files(data, "days/replay*/items*.jsonl"):
        for number, row in rows(file, _ITEM, losses):
            try:
                day, published = date.fromisoformat(row["day"]), _moment(row["published"])
            except ValueError as error:
                losses.add(file, number, str(error))
                continue
            found.append(
                Item(
                    day, row["feed_url"], _text(row, "feed_title"), _text(row, "publisher"),
                    _text(row, "lang") or "en", row["title"], _text(row, "description"),
                    row["link"], published, row["on_story"], row["cluster"] or "",
                    row["cluster_kind"] == "topic", row["multi_topic"], row.get("core") is True,
                )
            )  # fmt: skip
    if not found:
        raise NoData("no readable item in days/replay*/items*.jsonl", where=str(data))
    return found


def changes(data: Path, losses: Losses) -> list[Row]:
    """All gold changes, in the order of the file.

    Raises:
        NoData: there is none.
    """
    found = []
    for file in files(data, "days/replay*/changes*.jsonl"):
        for number, row in rows(file, _CHANGE, losses):
            try:
                day, kind = date.fromisoformat(row["day"]), _KINDS[row["kind"]]
            except (ValueError, KeyError) as error:
                losses.add(file, number, f"not a day or a kind: {error}")
                continue
            links = tuple(str(link) for link in row["evidence_links"])
            old, new = _text(row, "old"), _text(row, "new")
            found.append(Row(day, row["cluster"], kind, old, new, links))
    if not found:
        raise NoData("no readable row in days/replay*/changes*.jsonl", where=str(data))
    return found


def gold(listed: Sequence[Item], changed: Sequence[Row]) -> dict[tuple[date, str], Gold]:
    """The gold kind of each day and cluster of which an item on the story stands on that day.

    Topics are left out where no row names them: explainers of a day need not be a change of those
    of the day before.
    """
    days: dict[str, set[date]] = {}
    topics, core = set(), set()
    for item in listed:
        if item.on_story and item.cluster:
            days.setdefault(item.cluster, set()).add(item.day)
            if item.topic:
                topics.add(item.cluster)
            if item.core:
                core.add((item.day, item.cluster))
    by_place: dict[tuple[date, str], list[Row]] = {}
    for row in changed:
        by_place.setdefault((row.day, row.cluster), []).append(row)
    found = {}
    for cluster, its in days.items():
        for day in sorted(its):
            told = by_place.get((day, cluster), [])
            if told or cluster not in topics:
                one = _gold(told, first=day == min(its))
                found[day, cluster] = replace(one, core=(day, cluster) in core)
    return dict(sorted(found.items()))


def _gold(told: Sequence[Row], *, first: bool) -> Gold:
    if not told:
        return Gold("NEW", True) if first else Gold("REPEATED", False)
    kind = min((row.kind for row in told), key=_STRONGEST.index)
    inner = tuple(row for row in told if row.kind != "NEW") if kind == "NEW" else ()
    return Gold(kind, True, tuple(told), inner)


def within(day: date, span: tuple[date, date]) -> bool:
    """Whether ``day`` is one of a span's days."""
    return span[0] <= day <= span[1]


def _text(row: Mapping[str, object], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return moment
