"""Answers of models that outlive a run: kept in portions, asked for once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from processes import ended, forked
from store_cases import NOW, fast_folder

from briefing.adapters.store import SqlStore, open_store
from briefing.errors import ModelError
from briefing.news import ModelIdentity, Option, Pair
from briefing.pipeline.remembering import PORTION, Counting, Remembering
from briefing.ports import Progress

PAIRS = 4 * PORTION  # pairs in a portion


@dataclass
class Models:
    """Answers with what it was asked, counts, and fails at the call that it is told."""

    progress: Progress = lambda stage, done, total: None
    fails_at: int = -1
    calls: list[list[object]] = field(default_factory=list)
    identity: ModelIdentity = field(default_factory=lambda: ModelIdentity("w", "e", "j", "cpu"))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls.append(list(texts))
        return np.ones((len(texts), 2), np.float32)

    def generate(
        self,
        prompts: Sequence[str],
        *,
        candidates: int = 1,
        among: Sequence[Sequence[Option]] = (),
    ) -> list[list[str]]:
        self._ask("write", prompts)
        if among:
            return [[listed[0].text if listed else "free"] for listed in among]
        return [[f"{prompt}!{n}" for n in range(candidates)] for prompt in prompts]

    def support(self, pairs: Sequence[Pair]) -> list[float]:
        self._ask("judge", [pair.sentence for pair in pairs])
        return [len(pair.sentence) / 7 for pair in pairs]

    def _ask(self, stage: str, asked: Sequence[str]) -> None:
        if len(self.calls) == self.fails_at:
            raise ModelError("out of memory")
        self.calls.append(list(asked))
        for done in range(len(asked) + 1):
            self.progress(stage, done, len(asked))


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    with fast_folder(tmp_path) as folder:
        yield folder / "briefing.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    with open_store(f"sqlite:///{path}") as opened:
        yield opened


def remembering(store: SqlStore, models: Models, *, named: str = "one") -> Remembering:
    return Remembering(models, store.runs, named=named, clock=lambda: NOW)


def prompts(number: int) -> list[str]:
    return [f"prompt {n}" for n in range(number)]


def pairs(number: int) -> list[Pair]:
    return [Pair("s" * n, (f"evidence {n}", "more")) for n in range(number)]


def test_answers_are_those_of_the_models_in_their_order(store: SqlStore) -> None:
    for number in (0, 1, PORTION, PORTION + 1, 3 * PORTION):
        asked = prompts(number)
        for _ in range(2):  # asked and remembered
            found = remembering(store, Models()).generate(asked, candidates=2)
            assert found == Models().generate(asked, candidates=2)
    for number in (0, 1, PAIRS, PAIRS + 1):
        for _ in range(2):
            assert remembering(store, Models()).support(pairs(number)) == Models().support(
                pairs(number)
            )


def test_a_second_run_asks_nothing(store: SqlStore) -> None:
    remembering(store, first := Models()).generate(prompts(20))
    remembering(store, first).support(pairs(70))
    assert [len(call) for call in first.calls] == [8, 8, 4, 32, 32, 6]
    remembering(store, second := Models()).generate(prompts(20))
    remembering(store, second).support(pairs(70))
    assert second.calls == []


def test_only_what_is_new_is_asked_and_stands_in_its_place(store: SqlStore) -> None:
    old = prompts(6)
    remembering(store, Models()).generate(old)
    mixed = ["new a", *old[3:], "new b", *old[:3], "new a"]
    found = remembering(store, models := Models()).generate(mixed)
    assert models.calls == [["new a", "new b"]]
    assert found == [[f"{prompt}!0"] for prompt in mixed]


def test_duplicates_are_asked_once(store: SqlStore) -> None:
    twice = [Pair("s", ("e",)), Pair("other", ("e",)), Pair("s", ("e",)), Pair("s", ("f",))]
    assert remembering(store, models := Models()).support(twice) == Models().support(twice)
    assert models.calls == [["s", "other", "s"]]
    assert remembering(store, models).generate(["p"] * 30) == [["p!0"]] * 30
    assert models.calls[1:] == [["p"]]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), max_size=60), st.data())
def test_whatever_is_known_already_the_answers_are_the_same(
    asked: list[str], data: st.DataObject
) -> None:
    with open_store("sqlite://") as store:
        known = [one for one in asked if data.draw(st.booleans())]
        remembering(store, Models()).generate(known)
        found = remembering(store, models := Models()).generate(asked)
        assert found == Models().generate(asked)
        calls = [one for call in models.calls for one in call]
        assert sorted(calls) == sorted(set(asked) - set(known))  # type: ignore[type-var]


# -- cut off -----------------------------------------------------------------------------------


@pytest.mark.parametrize("portion", range(4))
def test_an_error_in_a_portion_keeps_those_before_it(store: SqlStore, portion: int) -> None:
    asked = prompts(4 * PORTION)
    with pytest.raises(ModelError):
        remembering(store, Models(fails_at=portion)).generate(asked)
    remembering(store, models := Models()).generate(asked)
    assert [one for call in models.calls for one in call] == asked[portion * PORTION :]


def test_a_process_killed_in_a_portion_loses_that_portion_alone(
    store: SqlStore, path: Path
) -> None:
    asked = pairs(3 * PAIRS)

    class Killed(Models):
        def support(self, pairs: Sequence[Pair]) -> list[float]:
            if len(self.calls) == 2:
                os.kill(os.getpid(), 9)
            return super().support(pairs)

    def work() -> None:
        with open_store(f"sqlite:///{path}") as own:
            remembering(own, Killed()).support(asked)

    assert ended(forked(work)) == -9
    assert remembering(store, models := Models()).support(asked) == Models().support(asked)
    assert [len(call) for call in models.calls] == [PAIRS]


# -- what tells one question from another ------------------------------------------------------


def test_answers_of_another_configuration_are_not_taken(store: SqlStore) -> None:
    remembering(store, Models(), named="one").generate(["p"])
    remembering(store, models := Models(), named="two").generate(["p"])
    assert models.calls == [["p"]]


def test_each_part_of_a_question_counts(store: SqlStore) -> None:
    models = Models()
    asks = remembering(store, models)
    yes, no = Option("yes", 1.0), Option("no", 1.0)
    for among in ((), [[yes, no]], [[no, yes]], [[yes]], [[Option("yes", 0.5), no]],
                  [[Option("yes", 1.0, own=not yes.own), no]]):  # fmt: skip
        asks.generate(["p"], among=among)
    asks.generate(["p"], candidates=2)
    for pair in (Pair("p", ()), Pair("p", ("a", "b")), Pair("p", ("b", "a")), Pair("p", ("a b",))):
        asks.support([pair])
    assert len(models.calls) == 11
    assert asks.generate(["p"], candidates=2) == [["p!0", "p!1"]]
    assert asks.generate(["p"], among=[[no, yes]]) == [["no"]]
    assert len(models.calls) == 11


def test_options_go_to_their_prompts(store: SqlStore) -> None:
    among = [[Option(f"answer {n}", 1.0)] if n % 3 else [] for n in range(20)]
    expected = [[f"answer {n}" if n % 3 else "free"] for n in range(20)]
    for _ in range(2):
        assert remembering(store, Models()).generate(prompts(20), among=among) == expected


def test_odd_texts_are_remembered(store: SqlStore) -> None:
    odd = ["a\0b", "\ud800", "🚢\u202e'\";--", "", "x" * 100_000]
    assert remembering(store, Models()).generate(odd) == Models().generate(odd)
    remembering(store, models := Models()).generate(odd)
    assert models.calls == []


def test_scores_come_back_to_the_last_digit(store: SqlStore) -> None:
    class Exact(Models):
        def support(self, pairs: Sequence[Pair]) -> list[float]:
            return [0.1 + 0.2, 1 / 3, 5e-324, 1.0][: len(pairs)]

    for _ in range(2):
        assert remembering(store, Exact()).support(pairs(4)) == [0.1 + 0.2, 1 / 3, 5e-324, 1.0]


def test_the_rest_is_passed_on(store: SqlStore) -> None:
    asks = remembering(store, models := Models())
    assert asks.identity is models.identity
    for calls in (1, 2):  # embeddings are not remembered
        assert asks.embed(["a", "b"]).shape == (2, 2)
        assert len(models.calls) == calls


# -- progress and age --------------------------------------------------------------------------


def test_progress_counts_one_whole_though_it_is_asked_in_portions(store: SqlStore) -> None:
    told: list[tuple[str, int, int]] = []
    counting = Counting(lambda stage, done, total: told.append((stage, done, total)))
    models = Models(progress=counting)
    asks = Remembering(models, store.runs, named="x", clock=lambda: NOW, counting=counting)
    asks.generate(prompts(5))
    told.clear()
    asks.generate(prompts(25))  # five are known
    assert {(stage, total) for stage, _, total in told} == {("write", 20)}
    done = [done for _, done, _ in told]
    assert done == sorted(done)
    assert set(done) == set(range(21))
    told.clear()
    counting("load writer", 3, 9)  # other stages, and what comes between
    counting("write", 1, 2)
    assert told == [("load writer", 3, 9), ("write", 1, 2)]


def test_progress_counts_anew_after_an_error(store: SqlStore) -> None:
    told: list[tuple[str, int, int]] = []
    counting = Counting(lambda stage, done, total: told.append((stage, done, total)))
    models = Models(progress=counting, fails_at=1)
    asks = Remembering(models, store.runs, named="x", clock=lambda: NOW, counting=counting)
    with pytest.raises(ModelError):
        asks.generate(prompts(20))
    counting("judge", 1, 2)
    assert told[-1] == ("judge", 1, 2)


def test_answers_carry_the_moment_at_which_they_were_kept(store: SqlStore) -> None:
    moments = iter([NOW, NOW + timedelta(days=1)])

    def clock() -> datetime:
        return next(moments)

    Remembering(Models(), store.runs, named="x", clock=clock).generate(prompts(2 * PORTION))
    assert store.runs.forget(NOW + timedelta(hours=1)) == PORTION


def test_models_that_answer_too_little_are_not_believed(store: SqlStore) -> None:
    class Short(Models):
        def support(self, pairs: Sequence[Pair]) -> list[float]:
            return [1.0] * (len(pairs) - 1)

    with pytest.raises(ValueError, match="shorter"):
        remembering(store, Short()).support(pairs(3))


def test_options_for_fewer_prompts_than_there_are_is_a_mistake(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="shorter"):
        remembering(store, models := Models()).generate(prompts(3), among=[[], []])
    assert models.calls == []
