"""Are reprints counted once, and independent reports not?

``origins_real``: pairs of real articles of a day that `trace` takes for one report, listed by
``--table`` to be read; ``origins_real_apart`` of them whose gold clusters differ, which cannot be
one report.

Planted are wire copies of each item on the story, one layout at a time, by a publisher of our own
invention: ``headline`` (another headline only), ``cut`` (without the last sentence), ``local``
(with a sentence of its own at the end), ``dateline`` (with a place and an agency in front).
``origins_recall_planted``: share of the copies that are of one origin with their item, by layout
in ``origins_recall_by_layout``. Copies of less than sixteen words are not planted: in so few nobody
could tell a copy. Against them stand ``origins_quoted``: every item of a day is given the same
quoted sentence at its end, which independent reports of one event may well share; of its pairs
(those that are not real ones) none is one report.

``origins_precision``: of all pairs of one origin, planted, quoting and real, the share that is
right: a copy and its item (or, where items are of one origin without the copies, one of theirs),
and real pairs of one cluster. Most of them are planted, so it is no measure of the wild; the real
pairs are to be read.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import numpy as np

from briefing.news import Article
from briefing.ports import Models, Progress
from briefing.stages.trace import body_paragraphs, trace
from briefing.text.sentences import sentences
from briefing.text.words import word_count
from evals.memory_articles import article_id, articles
from evals.memory_gold import DEV, TEST, Item, within
from evals.memory_mutations import plain
from evals.product import Product

_LEAST_WORDS = 16
_LOCAL = (
    "Readers in Lundby can follow the talks live on this page.",
    "The Averne city council will discuss the matter on Friday evening.",
    "Our correspondent in Kesh contributed to this report.",
)
_HEADLINES = (
    "What we know so far", "The latest from Ukraine", "War in Ukraine: the day’s main report",
    "Missiles and diplomacy: an overview",
)  # fmt: skip
LAYOUTS = ("headline", "cut", "local", "dateline")
_QUOTED = "“We will answer this in due time and in full,” a spokesman told reporters in Lundby."

Pair = frozenset[str]


def figures(
    listed: Sequence[Item], own: Product, chosen: argparse.Namespace, progress: Progress
) -> dict[str, Any]:
    """The figures described above, of the days of the split that was chosen."""
    span = DEV if chosen.split == "dev" else TEST
    real_pairs: list[tuple[Item, Item]] = []
    planted = dict.fromkeys(LAYOUTS, 0)
    caught = dict.fromkeys(LAYOUTS, 0)
    joined = right = quoted = 0
    wrong: list[list[str]] = []
    for day in sorted({item.day for item in listed if within(item.day, span)}):
        its = [plain(item) for item in listed if item.day == day and item.on_story]
        by_id = {article_id(item): item for item in its}
        real = pairs(its, own.models, day, progress)
        real_pairs += [(by_id[a], by_id[b]) for a, b in map(sorted, real)]
        for layout in LAYOUTS:
            copies = {article_id(c): article_id(i) for i in its if (c := copy(i, layout))}
            made = [c for i in its if (c := copy(i, layout))]
            found = pairs([*its, *made], own.models, day, progress)
            families = _families(real, by_id)
            planted[layout] += len(copies)
            caught[layout] += sum(frozenset((c, i)) in found for c, i in copies.items())
            for one in found - real:
                a, b = sorted(one)
                joined += 1
                same = families.get(copies.get(a, a)) == families.get(copies.get(b, b))
                right += same
                if not same:
                    titles = {article_id(i): i.title for i in (*its, *made)}
                    wrong.append([f"{day:%F}", layout, titles[a], titles[b]])
        quoting = [replace(i, description=f"{i.description} {_QUOTED}") for i in its]
        shared = pairs(quoting, own.models, day, progress) - real
        quoted += len(shared)
        for a, b in map(sorted, shared):
            wrong.append([f"{day:%F}", "quoted", by_id[a].title, by_id[b].title])
    apart = sum(a.cluster != b.cluster for a, b in real_pairs)
    all_joined, all_right = joined + quoted + len(real_pairs), right + len(real_pairs) - apart
    table = {"origins_wrong": wrong, "origins_pairs": _told(real_pairs)} if chosen.table else {}
    return {
        "origins_precision": _share(all_right, all_joined),
        "origins_recall_planted": _share(sum(caught.values()), sum(planted.values())),
        "origins_recall_by_layout": {k: _share(caught[k], planted[k]) for k in LAYOUTS},
        "origins_planted": sum(planted.values()),
        "origins_joined": all_joined,
        "origins_quoted": quoted,
        "origins_real": len(real_pairs),
        "origins_real_apart": apart,
        **table,
    }


def pairs(its: Sequence[Item], models: Models, day: date, progress: Progress) -> set[Pair]:
    """The pairs of articles of one origin."""
    made: dict[str, Article] = articles(its, models, day=day, progress=progress)
    texts = {key: body_paragraphs(article) for key, article in made.items()}
    rows = iter(models.embed([text for listed in texts.values() for text in listed]))
    vectors = {key: np.array([next(rows) for _ in listed]) for key, listed in texts.items()}
    return {
        frozenset(two)
        for origin in trace(list(made.values()), vectors)
        for two in combinations(origin.articles, 2)
    }


def copy(item: Item, layout: str) -> Item | None:
    """The item as another paper would print it; ``None`` where it is too short for that."""
    text = item.description
    spans = sentences(text)
    number = sum(map(ord, item.link))  # the same item is always printed the same way
    if layout == "cut":
        text = text[: spans[-2][1]] if len(spans) > 1 else ""
    elif layout == "local":
        text = f"{text} {_LOCAL[number % len(_LOCAL)]}"
    elif layout == "dateline":
        text = f"KYIV (Reuters) – {text}"
    if min(word_count(item.description), word_count(text)) < _LEAST_WORDS:
        return None
    return replace(
        item,
        feed=f"https://copies.example/{layout}",
        feed_title="Lundby Courier",
        publisher="Lundby Courier",
        title=_HEADLINES[number % len(_HEADLINES)],
        description=text,
        link=f"https://copies.example/{layout}/{article_id(item)}",
        published=item.published + timedelta(minutes=30),
    )


def _families(real: set[Pair], by_id: dict[str, Item]) -> dict[str, str]:
    """Of each real article the first of those it is of one origin with."""
    found = {key: key for key in by_id}
    for a, b in sorted(map(sorted, real)):
        found[b] = found[a]
    return found


def _told(listed: Sequence[tuple[Item, Item]]) -> list[list[str]]:
    return [
        [f"{a.day:%F}", f"{one.publisher}: {one.title} / {one.description}"]
        for a, b in listed
        for one in (a, b)
    ]


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0
