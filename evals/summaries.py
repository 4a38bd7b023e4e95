"""Three-sentence summaries of news articles by the product's own path, beside their first three.

``DIR/summaries/realsumm*.jsonl``: ``src`` (the article, tokenised) and ``ref_summ``. The path:
three sentences of the article are chosen, each is a fact of its own; the writer writes it, the gate
passes it or has it written once more, and what fails is printed in the source's own words, all by
``pipeline.writing``. ROUGE F1 by the scorer of :mod:`evals.rouge`, 0 to 100: ``r1``, ``r2`` and
``rl``.

A run chooses facts by what a day's articles say about a story; one article has neither. So they are
chosen here by the same kind of qualities, with no weight fitted to any data: nearness to the
article as a whole (degree centrality, as in LexRank) and nearness to its beginning count alike, a
sentence that repeats a chosen one is left aside, and so is one that cannot stand alone, by the
product's own rules. ``quoted`` says how many of the sentences are the source's own.

``lead3_*``: the first three sentences, split after each full stop, question or exclamation mark
before a space, as in the published figures.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from briefing.news import Article, Brief, Development, Fact, Passage
from briefing.pipeline.understanding import Understood
from briefing.pipeline.writing import written
from briefing.ports import Progress
from briefing.stages import check
from briefing.text.discourse import asks, complete, leans
from briefing.text.words import word_count
from evals import product
from evals.product import Product
from evals.reading import Losses, NoData, files, rows
from evals.rouge import rouge
from evals.tokenised import split
from evals.wording import distribution, wording

SENTENCES = 3
EARLY = 10  # sentences in which nearness to the beginning falls from 1 to 0
REPEATED = 0.77  # cosine from which a sentence repeats another; that of stages/select/fill.py
SHORTEST, LONGEST = 7, 60  # words of a sentence that may be printed; those of the same place

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


def options(parser: argparse.ArgumentParser) -> None:
    """What may be asked beside the data."""
    product.options(parser)
    parser.add_argument("--limit", type=int, default=0, help="only the first so many articles")


@dataclass(frozen=True, slots=True)
class Task:
    """One article and the summary that people wrote."""

    source: str
    reference: str
    article: Article


def figures(data: Path, chosen: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """The figures described above.

    Raises:
        NoData: there is no such file, or no readable row in it.
        ModelError: the embedding model is missing or damaged.
    """
    losses = Losses()
    tasks = _tasks(data, chosen.limit, losses)
    own = product.opened(chosen, progress)
    ranked = _ranked(tasks, own.models.embed)
    briefs = summarised(own, tasks, ranked, progress)
    summaries = [" ".join(c.text for b in listed for c in b.claims) for listed in briefs]
    claims = [claim for listed in briefs for b in listed for claim in b.claims]
    printed = [
        wording(c.text, [p.text for p in c.passages]) for c in claims if c.wording == "written"
    ]
    return {
        **_rouge("", summaries, tasks),
        **_rouge("lead3_", [first_three(t.source) for t in tasks], tasks),
        "articles": len(tasks),
        "sentences": len(claims),
        "quoted": round(1 - len(printed) / max(1, len(claims)), 4),
        "wording": distribution(printed),
        "words_per_summary": round(sum(map(word_count, summaries)) / len(tasks), 1),
        **losses.figures(),
    }


def _tasks(data: Path, limit: int, losses: Losses) -> list[Task]:
    found: list[Task] = []
    needs = {"src": str, "ref_summ": str}
    for file in files(data, "summaries/realsumm*.jsonl"):
        for number, row in rows(file, needs, losses):
            if limit and len(found) >= limit:
                return found
            # Some articles lost their capitals, without which nothing is a whole sentence.
            texts = [text[0].upper() + text[1:] for text in split(row["src"])]
            if not texts:
                losses.add(file, number, "no sentence in src")
                continue
            article = _article(f"a{len(found)}", texts)
            found.append(Task(row["src"], row["ref_summ"], article))
    if not found:
        raise NoData("no readable row in summaries/realsumm*.jsonl", where=str(data))
    return found


def _article(name: str, texts: Sequence[str]) -> Article:
    """The sentences as an article of one paragraph."""
    passages, start = [], 0
    for index, text in enumerate(texts):
        passages.append(Passage(name, index, start, start + len(text), text, 1))
        start += len(text) + 1
    return Article(
        id=name, url="", title="", title_origin="made", publisher="", published=None,
        date_origin="unknown", text=" ".join(texts), passages=tuple(passages),
    )  # fmt: skip


def _ranked(tasks: Sequence[Task], embed: Embed) -> list[list[Passage]]:
    """The sentences of each article that may be printed, best first."""
    vectors = iter(embed([p.text for t in tasks for p in t.article.passages]))
    return [
        best_first(t.article.passages, np.stack([next(vectors) for _ in t.article.passages]))
        for t in tasks
    ]


def best_first(passages: Sequence[Passage], vectors: NDArray[np.float32]) -> list[Passage]:
    """By centrality and place, without those that repeat a better one or cannot stand alone.

    ``vectors``: one unit vector a passage.
    """
    central = (vectors @ vectors.T).mean(axis=1)
    central = central / max(float(central.max()), 1e-9)
    early = np.array([max(0.0, 1 - p.index / EARLY) for p in passages])
    chosen: list[int] = []
    for i in np.argsort(-(central + early), kind="stable"):
        text = passages[i].text
        fits = SHORTEST <= word_count(text) <= LONGEST
        if not fits or not complete(text) or asks(text) or leans(text):
            continue
        if all(float(vectors[i] @ vectors[j]) < REPEATED for j in chosen):
            chosen.append(int(i))
    return [passages[i] for i in chosen]


def summarised(
    own: Product,
    tasks: Sequence[Task],
    ranked: Sequence[Sequence[Passage]],
    progress: Progress,
) -> list[list[Brief]]:
    """For each article the three sentences that are printed, in the order of the article.

    A fact that the product would leave out gives way to the next best, in the source's own words.
    """
    articles = {t.article.id: t.article for t in tasks}
    asked = [_development(p) for listed in ranked for p in listed[:SENTENCES]]
    day = Understood(articles, [], asked, {}, [], grouped=asked, recalled={})
    made = {b.id: b for b in written(own.models, day, own.limits, progress).briefs}
    found = []
    for listed in ranked:
        briefs: list[tuple[int, Brief]] = []
        for place, passage in enumerate(listed):
            if len(briefs) == SENTENCES:
                break
            brief: Any = made.get(passage.key)
            if brief is None and place >= SENTENCES:
                brief = check.judge(
                    _development(passage), [], [], articles=articles, floor=own.limits.floor
                )
            if isinstance(brief, Brief):
                briefs.append((passage.index, brief))
        found.append([brief for _, brief in sorted(briefs, key=lambda b: b[0])])
    return found


def _development(passage: Passage) -> Development:
    return Development(passage.key, (Fact((passage,)),), (passage.article,), 1, None)


def first_three(source: str) -> str:
    """The first three sentences, by the plainest splitting there is."""
    return " ".join(re.split(r"(?<=[.!?]) +", " ".join(source.split()))[:SENTENCES])


def _rouge(prefix: str, summaries: Iterable[str], tasks: Sequence[Task]) -> dict[str, float]:
    scores = [rouge(s, t.reference) for s, t in zip(summaries, tasks, strict=True)]
    means = 100 * np.mean(scores, axis=0)
    return {
        f"{prefix}{key}": round(float(value), 2)
        for key, value in zip(("r1", "r2", "rl"), means, strict=True)
    }
