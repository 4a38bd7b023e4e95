"""The judge's scores are computed again, where a judge is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from briefing.news import (
    Accounts,
    Brief,
    Claim,
    Digest,
    Edition,
    ModelIdentity,
    Option,
    Pair,
    Passage,
)
from briefing.proof.lines import support

MODEL = ModelIdentity("Writer 1 (abc)", "", "Judge 1", "cpu")
FIRST = Passage("a", 1, 0, 20, "The pier was closed.", 1)
SECOND = Passage("b", 1, 0, 20, "The pier was closed!", 1)


class Judge:
    """Scores by sentence, 0.8 where none is named."""

    identity = MODEL

    def __init__(self, **scores: float) -> None:
        self.scores = scores
        self.asked: list[Pair] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise AssertionError("not needed")

    def generate(
        self,
        prompts: Sequence[str],
        *,
        candidates: int = 1,
        among: Sequence[Sequence[Option]] = (),
    ) -> list[list[str]]:
        raise AssertionError("not needed")

    def support(self, pairs: Sequence[Pair]) -> list[float]:
        self.asked += pairs
        return [self.scores.get(pair.sentence.split()[0].lower(), 0.8) for pair in pairs]


def written(text: str, score: float = 0.8, *passages: Passage) -> Claim:
    return Claim(text, passages or (FIRST,), score, "written", "reported")


def digest(headline: Claim, *claims: Claim) -> Digest:
    brief = Brief("d", headline, claims, ("a", "b"), 1)
    accounts = Accounts(2, 2, (), 0, 0, (), 0, 0)
    edition = Edition("harbour", date(2024, 11, 22))
    made = datetime(2024, 11, 22, tzinfo=UTC)
    return Digest(edition, "H", made, headline, claims, (brief,), (), (), (), accounts, MODEL)


HONEST = digest(written("Headline", 0.7, FIRST), written("Pier closed."), written("Port closed."))


def places(made: Digest, judge: Judge) -> set[str]:
    return {finding.where for finding in support(made, judge)}


@pytest.mark.parametrize("moved", [0.0, 0.07, -0.07])
def test_a_score_may_move_a_little(moved: float) -> None:
    assert places(HONEST, Judge(headline=0.7 + moved, pier=0.8 - moved)) == set()


@pytest.mark.parametrize("score", [0.0, 0.61, 0.89, 1.0, float("nan")])
def test_a_line_with_another_score_is_named_wherever_it_stands(score: float) -> None:
    assert places(HONEST, Judge(headline=0.7, port=score)) == {"bottom-line/2", "developments/1/2"}
    assert places(HONEST, Judge(headline=score)) == {"subject", "developments/1/headline"}


def test_the_judge_is_asked_for_each_line_with_the_words_it_cites() -> None:
    judge = Judge()
    list(support(digest(written("Headline", 0.8, FIRST, SECOND), written("Pier shut.")), judge))
    assert Pair("Pier shut.", (FIRST.text,)) in judge.asked


def test_quoted_lines_need_no_judge() -> None:
    quoted = replace(written(FIRST.text, 1.0), wording="quoted")
    judge = Judge()
    assert places(digest(quoted, quoted), judge) == set()
    assert judge.asked == []


def test_a_headline_has_a_score_of_its_own() -> None:
    shortened = replace(written("Headline", 0.8), wording="shortened")
    made = digest(shortened, written("Pier closed.", 0.8))
    assert places(made, Judge(headline=0.8)) == set()
    assert places(made, Judge(headline=0.3)) == {"subject", "developments/1/headline"}


def test_an_edition_made_without_a_judge_has_no_scores_to_compare() -> None:
    shortened = replace(written("Headline", 1.0), wording="shortened")
    made = digest(shortened, written("Pier closed.", 1.0))
    without = replace(made, model=replace(made.model, judge="none"))
    assert places(made, Judge(headline=0.3)) != set()
    assert places(without, Judge(headline=0.3)) == set()
