"""The writer chooses among sentences token by token: the end is one of them, whatever it scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefing.adapters.models.among import Among
from briefing.news import Option

STOP = 0
LETTERS = "_abcdefghijklmnopqrstuvwxyz"  # a token is a letter; 0 ends an answer
FLAT = [0.0] * len(LETTERS)


def encode(text: str) -> list[int]:
    return [LETTERS.index(letter) for letter in text]


def among(options: Mapping[str, float]) -> Among:
    return Among([Option(text, worth) for text, worth in options.items()], encode, stop=STOP)


def wanting(text: str, nats: float = 10.0) -> list[float]:
    """Scores of a model that likes these letters, the first most."""
    liked = [0.0] * len(LETTERS)
    for rank, letter in enumerate(text):
        liked[LETTERS.index(letter)] = nats - rank
    return liked


def answer(guide: Among, scores: Sequence[Sequence[float]] = ()) -> tuple[str, int]:
    """The answer, and how often the model was asked; after the last scores it has no opinion."""
    tokens: list[int] = []
    asked = 0
    while True:
        taken = guide.take(scores[asked] if asked < len(scores) else FLAT)
        if not taken:
            return "".join(LETTERS[t] for t in tokens), asked
        tokens += taken
        asked += 1
        assert asked <= 200, "it never ends"


def test_one_option_alone_is_written_at_once() -> None:
    assert answer(among({"rain": 0.0})) == ("rain", 1)
    assert answer(among({"rain": -1e9}), [wanting("x")]) == ("rain", 1)


def test_no_option_or_an_empty_one_is_no_answer() -> None:
    assert answer(among({})) == ("", 0)
    assert answer(among({"": 3.0})) == ("", 0)


def test_what_cannot_be_otherwise_is_taken_together() -> None:
    guide = among({"abcde": 0.0, "abxyz": 0.0})
    assert list(guide.take(FLAT)) == encode("ab")
    assert list(guide.take(wanting("x"))) == encode("xyz")
    assert list(guide.take(FLAT)) == []
    assert list(guide.take(FLAT)) == [], "whole stays whole"


def test_a_model_without_opinion_takes_what_is_worth_most() -> None:
    assert answer(among({"abc": 1.0, "abd": 2.0, "xyz": 1.5}))[0] == "abd"
    assert answer(among({"abc": -3.0, "abd": -2.0, "xyz": -1.5}))[0] == "xyz"


def test_worth_counts_at_the_first_letter_although_it_is_behind_it() -> None:
    many = {f"a{letter}": 1.0 for letter in "bcdefghij"}
    assert answer(among({**many, "xyz": 1.1}))[0] == "xyz"


def test_the_model_decides_where_all_are_worth_the_same() -> None:
    options = {"abc": 0.0, "abd": 0.0, "xyz": 0.0}
    assert answer(among(options), [wanting("x")])[0] == "xyz"
    assert answer(among(options), [wanting("a"), FLAT, FLAT])[0] in ("abc", "abd")
    assert answer(among(options), [wanting("a"), wanting("d")])[0] == "abd"
    assert answer(among(options), [wanting("za")])[0].startswith("ab"), "z opens no option"


def test_worth_is_weighed_against_the_score_in_nats() -> None:
    options = {"ab": 3.0, "xy": 0.0}
    assert answer(among(options), [wanting("x", 2.9)])[0] == "ab"
    assert answer(among(options), [wanting("x", 3.1)])[0] == "xy"


def test_an_option_that_opens_another_can_be_chosen() -> None:
    options = {"ab": 0.0, "abcd": 0.0}
    assert answer(among(options), [FLAT, wanting("_")])[0] == "ab"
    assert answer(among(options), [FLAT, wanting("c")])[0] == "abcd"
    assert answer(among({"ab": 2.0, "abcd": 1.0}))[0] == "ab"
    assert answer(among({"ab": 1.0, "abcd": 2.0}))[0] == "abcd"
    assert answer(among({"ab": 2.0, "abcd": 1.0}), [FLAT, wanting("c", 1.1)])[0] == "abcd"


def test_the_end_is_weighed_by_the_score_of_the_stop_alone() -> None:
    options = {"ab": 0.0, "abc": 0.0, "abd": 0.0}
    assert answer(among(options), [FLAT, wanting("_xyz")])[0] == "ab"
    assert answer(among(options), [FLAT, wanting("d")])[0] == "abd"


def test_of_two_alike_the_smaller_token_is_taken_in_whatever_order() -> None:
    assert answer(among({"ab": 0.0, "xy": 0.0}))[0] == "ab"
    assert answer(among({"xy": 0.0, "ab": 0.0}))[0] == "ab"


def test_the_same_sentence_twice_is_worth_its_best() -> None:
    longer = [Option("ab", 3.0), Option("abc", 2.0), Option("ab", 1.0)]
    assert answer(Among(longer, encode, stop=STOP))[0] == "ab"
    twice = [Option("ab", 1.0), Option("xy", 2.0), Option("ab", 3.0)]
    assert answer(Among(twice, encode, stop=STOP))[0] == "ab"
    assert answer(Among(twice[::-1], encode, stop=STOP))[0] == "ab"


def test_arrays_are_scores_too() -> None:
    guide = among({"ab": 0.0, "xy": 0.0})
    assert list(guide.take(np.array(wanting("x"), np.float32))) == encode("xy")


@pytest.mark.parametrize("worst", [-np.inf, -1e30, np.nan])
def test_a_model_that_refuses_all_is_made_to_choose(worst: float) -> None:
    text, _ = answer(among({"abc": 1.0, "abd": 2.0, "xyz": 1.5}), [[worst] * len(LETTERS)] * 9)
    assert text in ("abc", "abd", "xyz")


texts = st.text(alphabet=LETTERS[1:6], min_size=1, max_size=7)
nats = st.floats(-20, 20, allow_nan=False)
scored = st.lists(st.lists(nats, min_size=6, max_size=6).map(lambda s: [*s, *FLAT]), max_size=9)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(texts, nats, min_size=1, max_size=12), scored)
@example({"a": 0.0, "ab": 0.0, "abc": 0.0}, [])
def test_it_always_ends_with_one_of_the_options(
    options: dict[str, float], scores: list[list[float]]
) -> None:
    text, _ = answer(among(options), scores)
    assert text in options
    turned = dict(reversed(options.items()))
    assert answer(among(turned), scores)[0] == text, "the order given means nothing"


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(texts, st.integers(-9, 9), min_size=1, max_size=12))
def test_without_opinion_nothing_is_worth_more(options: dict[str, int]) -> None:
    text, _ = answer(among({text: float(worth) for text, worth in options.items()}))
    assert options[text] == max(options.values())


@settings(max_examples=200, deadline=None)
@given(st.sets(texts, min_size=1, max_size=12), scored)
def test_a_worth_that_all_have_changes_nothing(
    options: set[str], scores: list[list[float]]
) -> None:
    whole = [[float(round(s)) for s in step] for step in scores]  # exact, so that no sum rounds
    listed = sorted(options)
    found = {answer(among(dict.fromkeys(listed, worth)), whole)[0] for worth in (0.0, 7.0, -3.0)}
    assert len(found) == 1


@settings(max_examples=200, deadline=None)
@given(st.sets(texts, min_size=1, max_size=12), st.data())
def test_a_model_that_wants_one_of_them_gets_it(options: set[str], data: st.DataObject) -> None:
    wanted = data.draw(st.sampled_from(sorted(options)))
    guide = among(dict.fromkeys(sorted(options), 0.0))
    written = ""
    while True:
        taken = guide.take(wanting((wanted + "_")[len(written)]))
        if not taken:
            break
        written += "".join(LETTERS[t] for t in taken)
    assert written == wanted
