"""Are reports of one thing brought together, and no others?

Reads ``days/replay*/items*.jsonl`` below DIR: real feed items with gold clusters. The articles of
all items on the story are made by the product's own intake from title and description, and grouped
by its own stages with its own embeddings. An article may be in several developments; it counts
where its headline is, or, in one of more than four sentences, its first sentence.

Measured are the items that are neither newsletters nor in a bin of explainers: B-cubed precision,
recall and F1 (Bagga and Baldwin 1998) and the F1 of pairs. Top keys: 21 to 23 November, each day
grouped alone, as an edition is. ``days``: each of them; ``dev``: 17 to 20 November, on which cuts
are chosen. ``pooled``: the three days' articles grouped in one go.

``minilm`` and ``tfidf`` are baselines on the same articles, title and description as one text:
average-link clustering by the cosine of the product's embeddings, or of TF-IDF over stems. Their
cuts are those of the best B-cubed F1 on 17 to 20 November.

``--table`` lists every pair of items wrongly merged or split, for reading; with ``--split dev``
those of the days on which cuts are chosen.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from briefing.news import Article, Development
from briefing.ports import Models, Progress
from briefing.stages.group import group
from briefing.stages.trace import body_paragraphs, trace
from evals import product
from evals.measures import Clustering, clustering
from evals.memory_articles import article_id, articles
from evals.memory_baselines import average_link, cosine_distances, tfidf
from evals.memory_gold import DEV, TEST, Item, items, within
from evals.reading import Losses, NoData

CUTS = tuple(round(0.02 * step, 2) for step in range(5, 50))
"""Distances at which a baseline may be cut."""

Labels = dict[str, str]
"""Of each article its cluster."""


def options(parser: argparse.ArgumentParser) -> None:
    """What may be asked beside the data."""
    product.options(parser)
    parser.add_argument("--table", action="store_true", help="list every wrong pair")
    parser.add_argument("--split", choices=("dev", "test"), default="test", help="of the list")


@dataclass(frozen=True, slots=True)
class Batch:
    """What is grouped in one go, and how."""

    articles: dict[str, Article]
    vectors: dict[str, Any]  # of each passage
    texts: dict[str, Any]  # vector of each article's title and description as one text


def figures(data: Path, chosen: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """The figures described above.

    Raises:
        NoData: there are no items on the story on 21 to 23 November.
        ModelError: the embedding model is missing or damaged.
    """
    losses = Losses()
    listed = [item for item in items(data, losses) if item.on_story and item.cluster]
    by_day: dict[date, list[Item]] = {}
    for item in sorted(listed, key=lambda one: one.day):
        by_day.setdefault(item.day, []).append(item)
    test = {day: its for day, its in by_day.items() if within(day, TEST)}
    dev = {day: its for day, its in by_day.items() if within(day, DEV)}
    if not any(item.strict for its in test.values() for item in its):
        raise NoData("no items of 21 to 23 November 2024 with a cluster", where=str(data))
    models = product.opened(chosen, progress).models
    made = {day: batch(its, models, day, progress) for day, its in by_day.items()}
    shown = dev if chosen.split == "dev" else test
    found = {
        **measured(test, made, own).figures(),
        "items": sum(item.strict for its in test.values() for item in its),
        "items_without_article": _without_article(test, made),
        "items_in_several": sum(in_several(made[day]) for day in test),
        "days": {f"{day:%F}": measured({day: test[day]}, made, own).figures() for day in test},
        "dev": measured(dev, made, own).figures(),
        **_baselines(dev, test, made),
        "pooled": _pooled(dev, test, made),
    }
    table = {"errors": errors(shown, made)} if chosen.table else {}
    return {**found, **table, **losses.figures()}


def batch(its: Sequence[Item], models: Models, day: date, progress: Progress) -> Batch:
    """The articles of some items, with their vectors."""
    made = articles(its, models, day=day, progress=progress)
    passages = [p for article in made.values() for p in article.passages]
    paragraphs = {key: body_paragraphs(article) for key, article in made.items()}
    whole = [" ".join(p.text for p in article.passages) for article in made.values()]
    inner = [text for texts in paragraphs.values() for text in texts]
    rows = iter(models.embed([*(p.text for p in passages), *inner, *whole]))
    vectors: dict[str, Any] = {p.key: next(rows) for p in passages}
    lines = {key: np.array([next(rows) for _ in texts]) for key, texts in paragraphs.items()}
    return Batch(made, vectors | lines, dict(zip(made, rows, strict=True)))


def together(batches: Iterable[Batch]) -> Batch:
    """Several batches as one."""
    whole = Batch({}, {}, {})
    for each in batches:
        whole.articles.update(each.articles)
        whole.vectors.update(each.vectors)
        whole.texts.update(each.texts)
    return whole


def developments(one: Batch) -> list[Development]:
    """Those of the product."""
    listed = list(one.articles.values())
    origins = trace(listed, {key: one.vectors[key] for key in one.articles})
    return group(listed, one.vectors, origins)


def own(one: Batch) -> Labels:
    """The product's development of each article."""
    return placed(developments(one))


def placed(made: Sequence[Development]) -> Labels:
    """Of each article the development that holds its earliest passage, the headline first.

    A fact names only some of its passages; where none of an article's is named, the first
    development that counts it among its articles.
    """
    best: dict[str, tuple[int, int, str]] = {}
    for number, development in enumerate(made):
        named: dict[str, int] = {}
        for fact in development.facts:
            for passage in (*fact.passages, *fact.leads_in):
                earliest = named.get(passage.article, passage.index)
                named[passage.article] = min(earliest, passage.index)
        for key in development.articles:
            place = (named.get(key, len(named) + 1_000), number, development.id)
            best[key] = min(best.get(key, place), place)
    return {key: label for key, (_, _, label) in best.items()}


def in_several(one: Batch) -> int:
    """How many articles are in more than one development."""
    held = [key for development in developments(one) for key in development.articles]
    return sum(held.count(key) > 1 for key in set(held))


def minilm(cut: float) -> Callable[[Batch], Labels]:
    """Average link over the embedding of each whole text."""
    return lambda one: average_link(
        list(one.texts), cosine_distances(np.array(list(one.texts.values()))), cut
    )


def by_words(cut: float) -> Callable[[Batch], Labels]:
    """Average link over TF-IDF."""

    def labels(one: Batch) -> Labels:
        texts = [" ".join(p.text for p in a.passages) for a in one.articles.values()]
        return average_link(list(one.articles), cosine_distances(tfidf(texts)), cut)

    return labels


def labelled(
    days: Mapping[date, Sequence[Item]], made: Mapping[date, Batch],
    grouped: Callable[[Batch], Labels],
) -> list[tuple[Item, str, str]]:  # fmt: skip
    """Each strict item with its gold and its found cluster, of its day; one without an article is
    alone."""
    found = []
    for day, its in days.items():
        labels = grouped(made[day])
        for item in its:
            if item.strict:
                label = labels.get(article_id(item), item.link)
                found.append((item, f"{day} {item.cluster}", f"{day} {label}"))
    return found


def measured(
    days: Mapping[date, Sequence[Item]], made: Mapping[date, Batch],
    grouped: Callable[[Batch], Labels],
) -> Clustering:  # fmt: skip
    """The figures of some days, each grouped alone."""
    found = labelled(days, made, grouped)
    return clustering([gold for _, gold, _ in found], [label for _, _, label in found])


def _baselines(
    dev: Mapping[date, Sequence[Item]], test: Mapping[date, Sequence[Item]],
    made: Mapping[date, Batch],
) -> dict[str, Any]:  # fmt: skip
    """Both, with cuts of the development days (the middle of the cuts, when there are none)."""
    found = {}
    for name, kind in (("minilm", minilm), ("tfidf", by_words)):
        scores = {cut: measured(dev, made, kind(cut)).bcubed_f1 for cut in CUTS}
        cut = max(scores, key=lambda one: scores[one]) if dev else CUTS[len(CUTS) // 2]
        of = measured(test, made, kind(cut)).figures()
        found[name] = {**of, "cut": cut, "dev_bcubed_f1": round(scores[cut], 4)}
    return found


def _pooled(
    dev: Mapping[date, Sequence[Item]], test: Mapping[date, Sequence[Item]],
    made: Mapping[date, Batch],
) -> dict[str, Any]:  # fmt: skip
    """The same with all days of a split grouped in one go: clusters then span days."""
    splits = []
    for days in (dev, test):
        key = min(days, default=TEST[0])
        one = [item for its in days.values() for item in its]
        splits.append(({key: one}, {key: together(made[day] for day in days)}))
    (dev_items, dev_made), (test_items, test_made) = splits
    whole = {**dev_made, **test_made}
    return {
        **measured(test_items, whole, own).figures(),
        "dev": measured(dev_items, whole, own).figures() if dev else {},
        **_baselines(dev_items if dev else {}, test_items, whole),
    }


def errors(
    days: Mapping[date, Sequence[Item]], made: Mapping[date, Batch]
) -> dict[str, list[list[str]]]:
    """Pairs of items that the product merged or split wrongly, by kind: day, clusters, titles."""
    found: dict[str, list[list[str]]] = {"merged": [], "split": []}
    for day in days:
        for (a, gold_a, own_a), (b, gold_b, own_b) in combinations(
            labelled({day: days[day]}, made, own), 2
        ):
            if (gold_a == gold_b) != (own_a == own_b):
                kind = "merged" if own_a == own_b else "split"
                clusters = a.cluster if gold_a == gold_b else f"{a.cluster} / {b.cluster}"
                found[kind].append([f"{day:%F}", clusters, a.title, b.title])
    return found


def _without_article(days: Mapping[date, Sequence[Item]], made: Mapping[date, Batch]) -> int:
    return sum(
        item.strict and article_id(item) not in made[day].articles
        for day, its in days.items()
        for item in its
    )
