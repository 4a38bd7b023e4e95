"""Extraction quality on real news pages with the gold article body.

``DIR/extraction`` holds a part of the article extraction benchmark (Scrapinghub):
``pages/*.html.gz`` and ``ground-truth.json``. The measure is the benchmark's own (its
``evaluate.py``): shingles of four tokens (``\\w+``), true and false ones counted with multiplicity
on each page; precision and recall are means over the pages, F1 is taken of the two means.

Measured is what the pipeline makes of a page, without feed content and without the embedding
model: `extract`, then `clean`. Section headings, tables, list labels and datelines are parts of the
body that the pipeline takes out because they are no sentences; they are put back in their places,
for the benchmark counts them. The rules were made looking only at the pages whose name is even
(``f1_development``); the others (``f1_unseen``) show whether they hold on pages nobody looked at.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import sys
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from briefing.errors import ConfigError
from briefing.news import Article, Document, Entry, Removed
from briefing.ports import Progress
from briefing.stages.clean import clean
from briefing.stages.extract import extract
from briefing.stages.extract.blocks import Block
from briefing.stages.extract.decoding import page_text
from briefing.stages.extract.reading import read_page
from briefing.text.assemble import body_paragraphs
from briefing.text.instructions import ADDRESS, CITATION, CODE
from evals.reading import Losses, NoData, files

_AS_OF = date(2020, 1, 1)  # the pages were fetched in November 2019
# Body of an article, and no sentence that an edition could print.
_UNPRINTED = {ADDRESS, CITATION, CODE}
_PUT_BACK = {"section heading", "table", "list label", *_UNPRINTED}
_SHINGLE = 4


def options(parser: argparse.ArgumentParser) -> None:
    """What may be asked beside the data."""
    parser.add_argument("--by-page", action="store_true", help="the worst pages, to standard error")


def figures(data: Path, chosen: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """The figures described above.

    Raises:
        NoData: there is no ground truth, or none of its pages.
        ConfigError: the ground truth cannot be read.
    """
    losses = Losses()
    (file,) = files(data, "extraction/ground-truth.json")
    scores: dict[str, tuple[float, float]] = {}
    truth = _truth(file)
    for done, name in enumerate(sorted(truth), 1):
        try:
            scores[name] = page_score(truth[name], file.parent, name)
        except (OSError, EOFError, zlib.error, KeyError, TypeError) as error:
            losses.add(file, None, f"page {name}: {error!r}")
        progress("extract", done, len(truth))
    if not scores:
        raise NoData("holds no readable page of extraction/ground-truth.json", where=str(data))
    if chosen.by_page:
        for name in sorted(scores, key=lambda n: sum(scores[n]))[:40]:
            half = "development" if in_development(name) else "unseen"
            print(f"{name[:8]} {half} {scores[name]}", file=sys.stderr)
    return {**figures_of(scores), **losses.figures()}


def _truth(file: Path) -> dict[str, dict[str, str]]:
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"cannot be read: {error}", where=str(file), remedy="fetch the data again"
        ) from error
    if not isinstance(found, dict):
        raise ConfigError("an object of pages is needed", where=str(file))
    return found


def figures_of(scores: dict[str, tuple[float, float]]) -> dict[str, float]:
    """F1, precision and recall over all pages, and F1 over either half."""

    def means(chosen: Callable[[str], bool]) -> tuple[float, float, float]:
        kept = [score for name, score in scores.items() if chosen(name)]
        if not kept:
            return 0.0, 0.0, 0.0
        precision = statistics.mean(p for p, _ in kept)
        recall = statistics.mean(r for _, r in kept)
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return f1, precision, recall

    f1, precision, recall = means(lambda _: True)
    return {
        "f1": round(f1, 4),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1_development": round(means(in_development)[0], 4),
        "f1_unseen": round(means(lambda name: not in_development(name))[0], 4),
        "pages": len(scores),
    }


def in_development(name: str) -> bool:
    """Whether a page belongs to the half that rules may be made on: its name, a hash, is even."""
    try:
        return int(name[:8], 16) % 2 == 0
    except ValueError:
        return False


def page_score(truth: dict[str, str], folder: Path, name: str) -> tuple[float, float]:
    """Precision and recall of one page."""
    packed, plain = folder / "pages" / f"{name}.html.gz", folder / "pages" / f"{name}.html"
    body = plain.read_bytes() if plain.is_file() else gzip.decompress(packed.read_bytes())
    predicted = article_body(Document(truth["url"], body, media_type="text/html"))
    return precision_recall(truth["articleBody"], predicted)


def article_body(page: Document) -> str:
    """The body that the pipeline makes of a page, with its headings and tables in their places."""
    entry = Entry("page", "eval", "", "", None, "", "html")
    articles = extract(entry, page, as_of=_AS_OF)
    if not isinstance(articles, list):
        return ""
    cleaned = [clean(article) for article in articles]
    reading = read_page(page_text(page), address=page.address, as_of=_AS_OF)
    if isinstance(reading, str) or reading.posts:
        return "\n".join(line for article in cleaned for line in _paragraphs(article))
    return "\n".join(_put_back(reading.blocks, _paragraphs(cleaned[0]), cleaned[0].removed))


def _put_back(
    blocks: Sequence[Block], kept: Sequence[str], removed: Sequence[Removed]
) -> Iterator[str]:
    """The kept paragraphs with what is body but no sentence in between, in page order.

    A heading is put back when a kept paragraph still stands under it.
    """
    rest = deque(kept)
    back = Counter(r.text for r in removed if r.reason in _PUT_BACK)
    lines = {r.text for r in removed if r.reason == "dateline"}
    unprinted = [r.text for r in removed if r.reason in _UNPRINTED]
    headings: list[str] = []
    for block in blocks:
        bare = _without(block.text, unprinted)
        if rest and rest[0] in bare:
            cut = bare.removesuffix(rest[0]).strip()
            yield from headings
            yield block.text if cut in lines or bare != block.text else rest[0]
            headings = []
            rest.popleft()
        elif back[block.text]:
            back[block.text] -= 1
            if block.kind == "heading":
                headings = [*headings, block.text]
            else:
                yield block.text
    yield from rest


def _without(text: str, sentences: Sequence[str]) -> str:
    """A block's text without those sentences, as ``clean`` joins what is left of it."""
    for sentence in sentences:
        if sentence != text and sentence in text:
            text = " ".join(text.replace(sentence, " ").split())
    return text


def _paragraphs(article: Article) -> list[str]:
    return body_paragraphs(article.text, titled=article.title_origin == "stated")


def precision_recall(true: str, predicted: str) -> tuple[float, float]:
    """Of two texts, by the benchmark's definition."""
    gold, found = _shingles(true), _shingles(predicted)
    hit = sum((gold & found).values())
    false = sum((found - gold).values())
    missed = sum((gold - found).values())
    if false == missed == 0:
        return 1.0, 1.0
    return hit / (hit + false) if hit else 0.0, hit / (hit + missed) if hit else 0.0


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = re.findall(r"\w+", text)
    grams: Iterable[tuple[str, ...]] = (
        tuple(tokens[i : i + _SHINGLE]) for i in range(max(1, len(tokens) - _SHINGLE + 1))
    )
    return Counter(gram for gram in grams if gram)
