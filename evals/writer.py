"""How faithful the writer is, on gold inputs that no training saw.

``DIR/gold/tight-*.jsonl`` holds inputs of one to three overlapping passages. Only ids that end in 5
are used: they are the development part and stay out of training and tuning.

``rule_violations``: share of written sentences (headlines and statements) with a number, name or
quoted words that the passages do not have, before any gate. ``kept``: share of inputs with a
statement that the gate passes. ``novel_bigrams`` and ``compression`` (words of the statement by
words of the longest passage) are means over the kept statements. ``copied`` is the share of inputs
that gave no draft at all: the answer was the passage itself or nothing readable, or the passages
have no shortening that the rules prove. ``wording`` says how many of the kept count as written, and
why (:mod:`evals.wording`).

``--table`` measures the bare writer and extracts (:mod:`evals.baselines`) on the same inputs;
``--dump`` writes every draft with its verdict, for people to read.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.config import ModelsSection
from briefing.errors import ConfigError
from briefing.news import Article, Claim, Development, Draft, Dropped, Fact, Prompt
from briefing.pipeline.writing import confined
from briefing.ports import Progress
from briefing.stages import check, write
from evals import product
from evals.baselines import EXTRACTS
from evals.gold import Example, examples, spread
from evals.product import Product
from evals.reading import Losses, write_jsonl
from evals.wording import compression, distribution, novel_bigrams, wording

_RULES = frozenset({"number", "date", "name", "quote"})


def options(parser: argparse.ArgumentParser) -> None:
    """What may be asked beside the data."""
    product.options(parser)
    parser.add_argument("--split", choices=("dev", "train", "all"), default="dev")
    parser.add_argument("--limit", type=int, default=0, help="only so many inputs, spread evenly")
    parser.add_argument("--table", action="store_true", help="beside the bare writer and extracts")
    parser.add_argument(
        "--beside", action="append", default=[], help="an adapter for the table; may be repeated"
    )
    parser.add_argument("--dump", type=Path, help="every draft with its verdict, as JSON Lines")


@dataclass(frozen=True, slots=True)
class Input:
    """A gold pair, and its passages as the writer gets them: the longest first."""

    example: Example
    fact: Fact
    articles: dict[str, Article]


@dataclass(frozen=True, slots=True)
class Judged:
    """One draft and what the gate made of it."""

    draft: Draft
    scores: tuple[float, float]  # of headline and statement
    headline: Claim | Dropped
    statement: Claim | Dropped

    @property
    def written(self) -> list[Claim | Dropped]:
        """Verdicts on what stands in the draft: a headline, a statement, or both."""
        texts = (self.draft.headline, self.draft.statement)
        return [v for t, v in zip(texts, (self.headline, self.statement), strict=True) if t]


def figures(data: Path, chosen: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """The figures described above, those of the product's own writer on top.

    Raises:
        NoData: there is no gold.
        ModelError: a model is missing or damaged.
    """
    losses = Losses()
    gold = spread(examples(data, split=chosen.split, losses=losses, tight=True), chosen.limit)
    inputs = [_input(example) for example in gold]
    own = product.opened(chosen, progress)
    systems = {"writer": drafted(own, inputs)}
    if chosen.table:
        systems |= {
            "bare writer": drafted(
                product.configured(ModelsSection(adapter="", candidates=1), progress), inputs
            )
        }
        for adapter in chosen.beside:
            other = product.configured(
                ModelsSection(adapter=str(adapter), candidates=chosen.candidates), progress
            )
            systems[f"adapter {Path(adapter).name}"] = drafted(other, inputs)
        systems |= {name: _extracted(name, inputs) for name in EXTRACTS}
    judged = {name: gated(own, drafts, inputs) for name, drafts in systems.items()}
    if chosen.dump:
        write_jsonl(chosen.dump, [r for name in judged for r in _records(name, judged, inputs)])
    table = {name: measured(found, inputs) for name, found in judged.items()}
    beside = {"table": table} if chosen.table else {}
    return {**table["writer"], **beside, **losses.figures()}


def _input(example: Example) -> Input:
    fact, articles = example.nouns()
    return Input(example, Fact(tuple(sorted(fact.passages, key=lambda p: -len(p.text)))), articles)


def drafted(own: Product, inputs: Sequence[Input]) -> list[Draft]:
    """All that the writer answers to all inputs at the first attempt, read but not judged."""
    asked = _asked(own, inputs)
    answers = own.models.generate(
        [p.text for p in asked],
        candidates=own.limits.candidates,
        among=[p.options for p in asked],
    )
    return [
        draft
        for prompt, listed in zip(asked, answers, strict=True)
        for answer in listed
        for draft in write.read(prompt, answer)
    ]


def _asked(own: Product, inputs: Sequence[Input]) -> list[Prompt]:
    """What the product would ask first."""
    if own.limits.style == "confined":
        return confined([i.fact for i in inputs], [])
    days = [Development(i.example.id, (i.fact,), (), 1, None) for i in inputs]
    return write.prompts(days, _articles(inputs), style=own.limits.style)


def _extracted(name: str, inputs: Sequence[Input]) -> list[Draft]:
    try:
        return [Draft(i.fact, "", EXTRACTS[name](i.example.evidence)) for i in inputs]
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"{name} needs the library {error.name}", remedy="pip install --editable '.[dev]'"
        ) from error


def gated(own: Product, drafts: Sequence[Draft], inputs: Sequence[Input]) -> list[Judged]:
    """Each draft with the gate's verdicts."""
    scores = own.models.support(check.pairs(drafts))
    verdicts = check.verdicts(drafts, scores, articles=_articles(inputs), **own.limits.bar)
    return [
        Judged(draft, (scores[2 * i], scores[2 * i + 1]), *verdicts[i])
        for i, draft in enumerate(drafts)
    ]


def measured(judged: Sequence[Judged], inputs: Sequence[Input]) -> dict[str, Any]:
    """The figures of one system."""
    kept: dict[str, Judged] = {}
    for one in judged:
        if isinstance(one.statement, Claim):
            kept.setdefault(one.draft.fact.id, one)
    written = [verdict for one in judged for verdict in one.written]
    reasons = Counter(v.reason for v in written if isinstance(v, Dropped))
    answered = {one.draft.fact.id for one in judged}
    texts = [(one.draft.statement, _sources(one.draft.fact)) for one in kept.values()]
    return {
        "rule_violations": _share(sum(reasons[r] for r in _RULES), len(written)),
        "kept": _share(len(kept), len(inputs)),
        "novel_bigrams": _mean(novel_bigrams(*t) for t in texts),
        "compression": _mean(compression(*t) for t in texts),
        "copied": _share(len(inputs) - len(answered), len(inputs)),
        "wording": distribution([wording(*t) for t in texts]),
        "dropped_by_reason": dict(reasons.most_common()),
        "inputs": len(inputs),
        "sentences": len(written),
    }


def _records(
    name: str, judged: dict[str, list[Judged]], inputs: Sequence[Input]
) -> Iterable[dict[str, Any]]:
    """One for each draft, and one for each input without a draft."""
    known: dict[str, list[Judged]] = {}
    for one in judged[name]:
        known.setdefault(one.draft.fact.id, []).append(one)
    for given in inputs:
        about = {
            "system": name, "id": given.example.id, "kind": given.example.kind,
            "passages": [{"source": s, "text": t} for s, t in given.example.reports],
            "gold": given.example.statements[0],
        }  # fmt: skip
        for one in known.get(given.fact.id, ()):
            yield {
                **about,
                "headline": one.draft.headline,
                "headline_verdict": _said(one.headline),
                "headline_score": round(one.scores[0], 4),
                "statement": one.draft.statement,
                "verdict": _said(one.statement),
                "score": round(one.scores[1], 4),
                "wording": wording(one.draft.statement, _sources(given.fact)).grounds,
            }
        if given.fact.id not in known:
            yield {**about, "verdict": "no draft"}


def _said(verdict: Claim | Dropped) -> str:
    if isinstance(verdict, Claim):
        return "kept"
    return f"{verdict.reason}: {verdict.detail}" if verdict.detail else verdict.reason


def _articles(inputs: Sequence[Input]) -> dict[str, Article]:
    return {key: article for i in inputs for key, article in i.articles.items()}


def _sources(fact: Fact) -> list[str]:
    return [p.text for p in fact.passages]


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return round(sum(listed) / len(listed), 4) if listed else 0.0
