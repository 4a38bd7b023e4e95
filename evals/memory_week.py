"""The product over days in order, its memory in a real store, and what it made of each cluster.

A day of the data is an edition: it takes what was published until the day ends in UTC, as the
data's days do. A development stands for the gold cluster of most items that are placed in it by
their headlines (:func:`evals.grouping.placed`); one of which only inner sentences of a long article
are made stands for none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from briefing.adapters.confined import InPlace
from briefing.adapters.engine import ThreadEngine
from briefing.adapters.files import DigestFiles
from briefing.adapters.store import open_store
from briefing.config import load
from briefing.errors import ModelError
from briefing.news import Development, Kind, ModelIdentity, Option, Pair, Story
from briefing.pipeline import Limits, Ports, RunResult, run
from briefing.ports import Models, Progress
from evals.grouping import placed
from evals.memory_articles import ItemsWeb, article_id, end_of
from evals.memory_gold import Gold, Item
from evals.product import ROOT, Product

WINDOW = timedelta(days=3)
OFF_TOPIC = "off topic"
"""Why there is no development of a cluster of which the product used no item."""

Place = tuple[date, str]
"""A day and a cluster."""


class Unwritten:
    """Models without a writer, for what is measured before anything is written.

    The run goes on with the sources' own sentences.
    """

    def __init__(self, models: Models) -> None:
        self._models = models
        self.embed = models.embed

    @property
    def identity(self) -> ModelIdentity:
        return self._models.identity

    def generate(
        self, prompts: Sequence[str], *, candidates: int = 1, among: Sequence[Sequence[Option]] = ()
    ) -> list[list[str]]:
        raise ModelError("nothing is written here")

    def support(self, pairs: Sequence[Pair]) -> list[float]:
        return self._models.support(pairs)


def edition(
    listed: Iterable[Item], day: date, models: Models, limits: Limits, folder: Path,
    progress: Progress, *, story: Story | None = None,
) -> RunResult:  # fmt: skip
    """The edition of ``day`` from these items, on the store that lies in ``folder``.

    Args:
        story: ``None``: the one that is shipped.
    """
    web = ItemsWeb(listed)
    with open_store(f"sqlite:///{folder / 'briefing.db'}") as store:
        return run(
            Ports(web, store, models, DigestFiles(folder / "digests"), ThreadEngine(), InPlace()),
            story=story or load(ROOT / "config/briefing.toml", {}).story(),
            source=web.feeds,
            day=day,
            now=end_of(day),
            until=end_of(day),
            window=WINDOW,
            limits=limits,
            progress=progress,
        )


def editions(
    listed: Sequence[Item], own: Product, folder: Path, progress: Progress
) -> dict[date, RunResult]:
    """All days of ``listed`` in order."""
    return {
        day: edition(
            (i for i in listed if i.day == day), day, own.models, own.limits, folder, progress
        )
        for day in sorted({item.day for item in listed})
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What the product made of a cluster on a day."""

    kind: Kind | None  # None: no development stands for it
    why: str = ""  # where there is none: "off topic", or the cluster that holds its items
    developments: tuple[Development, ...] = ()

    @property
    def reached(self) -> bool:
        """Whether the product used an item of the cluster at all."""
        return self.why != OFF_TOPIC


def told(
    gold: Mapping[Place, Gold], listed: Sequence[Item], results: Mapping[date, RunResult]
) -> dict[Place, Told]:
    """For each gold day and cluster what the product told.

    ``UPDATED`` or ``CONTRADICTED`` when a fact of its developments is; else ``NEW`` when its
    largest development has no thread in memory; else ``REPEATED``.
    """
    found: dict[Place, Told] = {}
    threads: set[str] = set()
    for day in sorted(results):
        result = results[day]
        today = [item for item in listed if item.day == day and (day, item.cluster) in gold]
        where = placed(result.developments)
        stands = stands_for(today, where)
        for place in (p for p in gold if p[0] == day):
            its = [d for d in result.developments if stands.get(d.id) == place[1]]
            if its:
                its.sort(key=lambda d: -sum(where.get(article_id(i)) == d.id for i in today))
                found[place] = Told(_kind(its, result, threads), "", tuple(its))
            else:
                found[place] = Told(None, _why_not(place, today, where, stands))
        threads |= {recalled.thread for recalled in result.recalled.values()}
    return found


def stands_for(today: Sequence[Item], where: Mapping[str, str]) -> dict[str, str]:
    """The cluster of each development, by the most of its items; of equally many the earliest's.

    Newsletters have no say, except where nobody else has.
    """
    votes: dict[str, Counter[str]] = {}
    for ballot in (
        [i for i in today if not i.multi_topic],
        [i for i in today if i.multi_topic],
    ):
        counted: dict[str, Counter[str]] = {}
        for item in sorted(ballot, key=lambda one: one.published):
            if development := where.get(article_id(item)):
                counted.setdefault(development, Counter())[item.cluster] += 1
        votes = {**counted, **votes}
    return {key: counter.most_common(1)[0][0] for key, counter in votes.items()}


def _kind(its: Sequence[Development], result: RunResult, threads: set[str]) -> Kind:
    kinds = {
        result.recalled[fact.id].kind
        for development in its
        for fact in development.facts
        if fact.id in result.recalled
    }
    for kind in ("CONTRADICTED", "UPDATED"):
        if kind in kinds:
            return kind
    known = {result.recalled[f.id].thread for f in its[0].facts if f.id in result.recalled}
    return "REPEATED" if known & threads else "NEW"


def _why_not(
    place: Place, today: Sequence[Item], where: Mapping[str, str], stands: Mapping[str, str]
) -> str:
    held = [where.get(article_id(i), "") for i in today if i.cluster == place[1]]
    others = Counter(stands[key] for key in held if key in stands)
    return f"told under {others.most_common(1)[0][0]}" if others else OFF_TOPIC
