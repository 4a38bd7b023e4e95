"""How well the whole gate, rules and judge together, tells true sentences from wrong ones.

Every sentence goes through ``check.review``, as in a run. The gate refuses more than what is wrong:
it asks for proof. So two things are measured beside gold: ``copies``, the source's own sentences
over themselves, which must pass (length and leaning sentences apart), and those copies after one
mechanical error was put in (:mod:`evals.spoil`), which must not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from briefing.news import Article, Claim, Pair, Passage
from briefing.ports import Progress
from briefing.stages.check import review
from evals.gold import Example
from evals.spoil import spoil

Score = Callable[[str, tuple[str, ...]], float]

_EXCUSED = {"length", "reference", "form", "speaker", "empty"}
"""Reasons for which a source's own sentence is rightly no sentence of ours."""


def pairs(examples: Sequence[Example]) -> list[Pair]:
    """All that the gate asks the judge about these examples."""
    return [
        Pair(text, e.evidence)
        for e in examples
        for text in (*e.statements, e.headline, *(wrong for _, wrong in e.corrupt))
    ]


def figures(
    examples: Sequence[Example], score: Score, *, floor: float, trust: float, progress: Progress
) -> dict[str, Any]:
    """All figures. ``score``: support of a sentence by texts, from 0 to 1."""
    count = _Count(score, floor, trust)
    for done, example in enumerate(examples, 1):
        count.gold(example)
        count.copies(example)
        progress("gate", done, len(examples))
    return count.figures()


class _Count:
    """What was asked and what was refused, by kind of sentence."""

    def __init__(self, score: Score, floor: float, trust: float) -> None:
        self._score = score
        self._trust = trust
        self._floor = floor
        self.true: Counter[str] = Counter()
        self.alarms: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.caught: Counter[str] = Counter()
        self.spoiled: Counter[str] = Counter()
        self.found: Counter[str] = Counter()

    def gold(self, example: Example) -> None:
        """True and wrong statements, and the headline."""
        fact, articles = example.nouns()

        def reason(text: str, kind: Any) -> str:
            score = self._score(text, example.evidence)
            return self._refused(text, fact.passages, articles, score, kind)

        for statement in example.statements:
            self.true["statement"] += 1
            if why := reason(statement, "statement"):
                self.alarms[why] += 1
        self.true["headline"] += 1
        self.true["headline refused"] += bool(reason(example.headline, "headline"))
        for kind, text in example.corrupt:
            self.wrong[kind] += 1
            self.caught[kind] += bool(reason(text, "statement"))

    def copies(self, example: Example) -> None:
        """The passages as statements over themselves, whole and with one error in them."""
        fact, articles = example.nouns()
        for passage in fact.passages:
            why = self._refused(passage.text, fact.passages, articles, 1.0, "statement")
            self.true["copy"] += why not in _EXCUSED
            self.true["copy refused"] += bool(why) and why not in _EXCUSED
            for kind, text in spoil(passage.text) if not why else ():
                self.spoiled[kind] += 1
                # Full marks from the judge: this is what the rules see alone.
                self.found[kind] += bool(
                    self._refused(text, fact.passages, articles, 1.0, "statement")
                )

    def _refused(
        self,
        text: str,
        passages: Sequence[Passage],
        articles: Mapping[str, Article],
        score: float,
        kind: Any,
    ) -> str:
        verdict = review(
            text,
            passages,
            score,
            articles=articles,
            floor=self._floor,
            kind=kind,
            trust=self._trust,
        )
        return "" if isinstance(verdict, Claim) else verdict.reason

    def figures(self) -> dict[str, Any]:
        """Shares from 0 to 1."""
        return {
            "gate_caught": share(self.caught.total(), self.wrong.total()),
            "gate_caught_by_type": shares(self.caught, self.wrong),
            "gate_false_alarms": share(self.alarms.total(), self.true["statement"]),
            "gate_false_alarms_headlines": share(
                self.true["headline refused"], self.true["headline"]
            ),
            "gate_false_alarms_by_rule": dict(self.alarms.most_common()),
            "copies_refused": share(self.true["copy refused"], self.true["copy"]),
            "copies_spoiled": self.spoiled.total(),
            "copies_spoiled_caught": share(self.found.total(), self.spoiled.total()),
            "copies_spoiled_caught_by_type": shares(self.found, self.spoiled),
        }


def share(part: int, whole: int) -> float:
    """A part of a whole, 0 of nothing."""
    return round(part / whole, 4) if whole else 0.0


def shares(part: Counter[str], whole: Counter[str]) -> dict[str, float]:
    """By key."""
    return {key: share(part[key], n) for key, n in sorted(whole.items())}
