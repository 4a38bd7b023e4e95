"""How well the check tells true sentences from subtly wrong ones, on the gold pairs.

    python evals/judge.py --data DIR [--split dev|train] [--models] [--json]

``DIR/gold/*.jsonl``: each line has passages, a true headline and statement, and two statements
with one error each, typed. ``gold_caught`` is the share of wrong statements that are refused (by
type as well), ``gold_false_alarms`` the share of true statements refused. ``dev``: ids that end
in 5, on which nothing was tuned; ``train``: the others.

The gold statements are rephrased on purpose; the check accepts shortenings alone. ``copies`` says
how it treats the source's own sentences, which must pass: the share of passages that are refused
as statements over themselves, length and leaning sentences apart. ``copies_spoiled_caught`` is the
share of those copies refused after one mechanical error was put in (:mod:`spoil`), by type.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from floors import missed

from briefing.news import Article, Claim, Pair, Passage
from briefing.stages.check import review

sys.path.insert(0, str(Path(__file__).parent))
from spoil import spoil

Support = Callable[[Sequence[Pair]], list[float]]
_EXCUSED = {"length", "reference", "form", "speaker", "empty"}


def rows(data: Path, split: str) -> Iterator[dict[str, Any]]:
    """Gold examples of one split, file by file."""
    for path in sorted((data / "gold").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if (split == "dev") == str(row["id"]).endswith("5"):
                yield row


def evidence(row: dict[str, Any]) -> tuple[list[Passage], dict[str, Article]]:
    """The passages of an example, each the only sentence of an article of its own."""
    passages, articles = [], {}
    for n, given in enumerate(row["passages"]):
        text = given["text"]
        passage = Passage(f"p{n}", 0, 0, len(text), text, 1)
        passages.append(passage)
        articles[passage.article] = Article(
            passage.article, "", "", "made", given["source"], None, "unknown", text, (passage,)
        )
    return passages, articles


def measure(
    data: Path, *, split: str, support: Support | None = None, floor: float = 0.0
) -> dict[str, Any]:
    """All figures of one split. ``support``: scores of pairs; without it every score is 1."""
    examples = list(rows(data, split))
    pairs = [
        Pair(text, tuple(p["text"] for p in row["passages"]))
        for row in examples
        for text in (row["statement"], row["headline"], *(c["text"] for c in row["corrupt"]))
    ]
    scores = iter(support(pairs) if support else [1.0] * len(pairs))
    caught: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    spoiled: Counter[str] = Counter()
    found: Counter[str] = Counter()
    headline_alarms = copies = copied = 0
    for row in examples:
        passages, articles = evidence(row)

        def refused(text: str, kind: Any, score: float, p=passages, a=articles) -> str:  # type: ignore[no-untyped-def]
            verdict = review(text, p, score, articles=a, floor=floor, kind=kind)
            return "" if isinstance(verdict, Claim) else verdict.reason

        if reason := refused(row["statement"], "statement", next(scores)):
            alarms[reason] += 1
        headline_alarms += bool(refused(row["headline"], "headline", next(scores)))
        for error in row["corrupt"]:
            wrong[error["type"]] += 1
            caught[error["type"]] += bool(refused(error["text"], "statement", next(scores)))
        for passage in passages:
            reason = refused(passage.text, "statement", 1.0)
            copied += reason not in _EXCUSED
            copies += bool(reason) and reason not in _EXCUSED
            for kind, text in spoil(passage.text) if not reason else ():
                spoiled[kind] += 1
                found[kind] += bool(refused(text, "statement", 1.0))
    return {
        "split": split,
        "examples": len(examples),
        "gold_caught": round(caught.total() / max(1, wrong.total()), 4),
        "gold_caught_by_type": {t: round(caught[t] / n, 4) for t, n in sorted(wrong.items())},
        "gold_false_alarms": round(alarms.total() / max(1, len(examples)), 4),
        "gold_false_alarms_headlines": round(headline_alarms / max(1, len(examples)), 4),
        "false_alarms_by_rule": dict(alarms.most_common()),
        "copies_refused": round(copies / max(1, copied), 4),
        "copies_spoiled": spoiled.total(),
        "copies_spoiled_caught": {t: round(found[t] / n, 4) for t, n in sorted(spoiled.items())},
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures of one split."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder that holds gold/")
    parser.add_argument("--split", choices=("dev", "train"), default="dev")
    parser.add_argument("--floor", type=float, default=0.0, help="least support score")
    parser.add_argument("--models", action="store_true", help="score support with the real models")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    args = parser.parse_args(argv)
    support: Support | None = None
    if args.models:
        from briefing.adapters.models import LocalModels

        support = LocalModels().support
    figures = measure(args.data, split=args.split, support=support, floor=args.floor)
    if args.json:
        print(json.dumps(figures, indent=2))
    else:
        for key, value in figures.items():
            print(f"{key}: {value}")
    return missed("judge", figures) if args.split == "dev" else 0


if __name__ == "__main__":
    sys.exit(main())
