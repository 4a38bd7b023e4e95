"""How faithful the writer is, on gold inputs that no training saw.

    python -m evals.writer --data DIR [--adapter DIR] [--candidates N] [--limit N] [--json]

``DIR/gold/tight-*.jsonl`` holds inputs of one to three overlapping passages. Only ids that end in 5
are used: they are the development part and stay out of training and tuning.

``rule_violations``: share of written sentences (headlines and statements) with a number, name or
quoted words that the passages do not have, before any gate. ``kept``: share of inputs with a
statement that the gate passes. ``novel_bigrams`` and ``compression`` (words of the statement by
words of the longest passage) are means over the kept statements. ``copied`` is the share of inputs
whose answer was the passage itself or nothing readable: no draft at all.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from floors import missed

from briefing.adapters.models import LocalModels, ModelSettings
from briefing.errors import ModelError
from briefing.news import Article, Claim, Development, Draft, Dropped, Fact, Passage
from briefing.stages import check, write
from briefing.text.words import words

_FLOOR = 0.60  # the pipeline's own
_RULES = frozenset({"number", "date", "name", "quote"})


@dataclass(frozen=True, slots=True)
class Gold:
    """One input: a fact, and the articles its passages come from."""

    id: str
    fact: Fact
    articles: dict[str, Article]


def gold(folder: Path) -> Iterator[Gold]:
    """The development part of the tight gold files, in order.

    Raises:
        OSError, ValueError, KeyError: a file is missing or not as described.
    """
    files = sorted(folder.glob("tight-*.jsonl"))
    if not files:
        raise FileNotFoundError(f"{folder}: no tight-*.jsonl")
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["id"].endswith("5"):
                yield _input(row["id"], [(p["source"], p["text"]) for p in row["passages"]])


def _input(key: str, reports: Sequence[tuple[str, str]]) -> Gold:
    articles = {}
    for n, (source, text) in enumerate(reports):
        name = f"{key}.{n}"
        articles[name] = Article(
            id=name,
            url="",
            title="",
            title_origin="made",
            publisher=source,
            published=datetime(2024, 11, 22, tzinfo=UTC),
            date_origin="stated",
            text=text,
            passages=(Passage(name, 0, 0, len(text), text, 1),),
        )
    passages = sorted((a.passages[0] for a in articles.values()), key=lambda p: -len(p.text))
    return Gold(key, Fact(tuple(passages)), articles)


def figures(
    models: LocalModels, inputs: Sequence[Gold], *, style: write.Style, candidates: int
) -> dict[str, float]:
    """Ask, read and judge all inputs at once; the figures described above."""
    articles = {key: article for g in inputs for key, article in g.articles.items()}
    days = [Development(g.id, (g.fact,), (), 1, None) for g in inputs]
    asked = write.prompts(days, articles, style=style)
    answers = models.generate([p.text for p in asked], candidates=candidates)
    drafts = [
        draft
        for prompt, listed in zip(asked, answers, strict=True)
        for answer in listed
        for draft in write.read(prompt, answer)
    ]
    scores = models.support(check.pairs(drafts))
    verdicts = check.verdicts(drafts, scores, articles=articles, floor=_FLOOR)
    kept = {}
    for draft, (_, statement) in zip(drafts, verdicts, strict=True):
        if isinstance(statement, Claim):
            kept.setdefault(draft.fact.id, draft)
    written = [
        verdict
        for draft, pair in zip(drafts, verdicts, strict=True)
        for text, verdict in zip((draft.headline, draft.statement), pair, strict=True)
        if text
    ]
    broken = sum(isinstance(v, Dropped) and v.reason in _RULES for v in written)
    reasons = Counter(v.reason for v in written if isinstance(v, Dropped))
    print(f"dropped by reason: {dict(reasons.most_common())}", file=sys.stderr)
    return {
        "rule_violations": _share(broken, len(written)),
        "kept": _share(len(kept), len(inputs)),
        "novel_bigrams": _mean(novel_bigrams(d) for d in kept.values()),
        "compression": _mean(compression(d) for d in kept.values()),
        "copied": _share(len(inputs) - len({d.fact.id for d in drafts}), len(inputs)),
        "inputs": len(inputs),
        "sentences": len(written),
    }


def novel_bigrams(draft: Draft) -> float:
    """Share of the statement's word pairs that no passage of its fact has."""
    source = {pair for p in draft.fact.passages for pair in pairwise(_folded(p.text))}
    own = list(pairwise(_folded(draft.statement)))
    return _share(sum(pair not in source for pair in own), len(own))


def compression(draft: Draft) -> float:
    """Words of the statement by words of the longest passage."""
    return _share(
        len(_folded(draft.statement)), max(len(_folded(p.text)) for p in draft.fact.passages)
    )


def _folded(text: str) -> list[str]:
    return [word.text.casefold() for word in words(text)]


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return round(sum(listed) / len(listed), 4) if listed else 0.0


def main(arguments: list[str] | None = None) -> int:
    """Print the figures as one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder that holds gold/")
    parser.add_argument("--adapter", default="", help="LoRA adapter over the embedded writer")
    parser.add_argument("--writer", default="", help="a model folder or hub name")
    parser.add_argument("--candidates", type=int, default=1, help="answers to each prompt")
    parser.add_argument("--limit", type=int, default=0, help="only so many inputs, spread evenly")
    parser.add_argument("--json", action="store_true", help="the figures as JSON, as always")
    options = parser.parse_args(arguments)
    settings = ModelSettings(writer=options.writer, adapter=options.adapter)
    try:
        inputs = list(gold(options.data / "gold"))
        if options.limit:
            inputs = inputs[:: max(1, len(inputs) // options.limit)][: options.limit]
        found = figures(
            LocalModels(settings),
            inputs,
            style="shorten" if settings.bare else "reports",
            candidates=options.candidates,
        )
    except (OSError, ValueError, KeyError, ModelError) as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(found))
    return missed("writer", found) if settings.bare and not options.limit else 0


if __name__ == "__main__":
    sys.exit(main())
