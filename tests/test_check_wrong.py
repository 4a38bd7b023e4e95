"""Sentences that a small model writes, over passages of the seeds: the wrong ones must all fall.

The cases stand in ``cases/check/story.txt``, with what is wrong with each.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from briefing.news import Article, Claim, Dropped, Passage
from briefing.stages.check import review

CASES = Path(__file__).parent / "cases" / "check" / "story.txt"


class Case(NamedTuple):
    texts: tuple[str, ...]
    sentence: str
    sign: str  # "-" wrong, "+" true, "~" true but refused


def _cases() -> list[Case]:
    found: list[Case] = []
    for block in CASES.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        texts = tuple(line[2:] for line in lines if line.startswith("> "))
        for line in lines:
            if line[:2] in ("- ", "+ ", "~ "):
                sentence = line[2:].split(" | ")[0]
                found.append(Case(texts, sentence, line[0]))
    return found


ALL = _cases()
WRONG = [case for case in ALL if case.sign == "-"]
TRUE = [case for case in ALL if case.sign == "+"]
PRICE = [case for case in ALL if case.sign == "~"]


def judged(case: Case) -> Claim | Dropped:
    passages = [Passage(f"a{n}", 0, 0, len(t), t, 1) for n, t in enumerate(case.texts)]
    articles = {
        p.article: Article(p.article, "", "", "made", "", None, "unknown", p.text, (p,))
        for p in passages
    }
    return review(case.sentence, passages, 1.0, articles=articles, floor=0.0, kind="statement")


@pytest.mark.parametrize("case", WRONG, ids=lambda c: c.sentence[:60])
def test_a_wrong_sentence_falls(case: Case) -> None:
    found = judged(case)
    assert isinstance(found, Dropped)
    assert found.reason


@pytest.mark.parametrize("case", TRUE, ids=lambda c: c.sentence[:60])
def test_a_true_shortening_stands(case: Case) -> None:
    found = judged(case)
    assert isinstance(found, Claim), found
    assert found.passages
    assert found.wording == "written"


def test_the_cases_are_many_enough_to_mean_something() -> None:
    assert len(WRONG) >= 100
    assert len(TRUE) >= 18


@pytest.mark.parametrize("case", PRICE, ids=lambda c: c.sentence[:60])
def test_the_price_of_strict_rules_is_known(case: Case) -> None:
    """True sentences that fall: when a rule learns to let one pass, it moves to the true ones."""
    assert isinstance(judged(case), Dropped)
