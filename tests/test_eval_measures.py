"""Scores into figures: areas, thresholds, cross-fitting, ROUGE, and what counts as written."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.cli.eval import part

measures = part("measures")
rouge = part("rouge")
wordings = part("wording")
tokenised = part("tokenised")

SCORES = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.7, 1.0]), st.booleans()), min_size=2
).filter(lambda rows: len({label for _, label in rows}) == 2)


@given(SCORES)
def test_the_area_is_the_chance_that_a_true_one_scores_higher(
    rows: list[tuple[float, bool]],
) -> None:
    true = [s for s, label in rows if label]
    wrong = [s for s, label in rows if not label]
    pairs = [(t > w) + (t == w) / 2 for t in true for w in wrong]
    assert measures.auc(true, wrong) == pytest.approx(sum(pairs) / len(pairs))


def test_the_area_of_nothing_is_chance() -> None:
    assert measures.auc([], [0.2]) == measures.auc([0.2], []) == 0.5


@given(SCORES)
def test_no_threshold_beats_the_best_one(rows: list[tuple[float, bool]]) -> None:
    scores, labels = [s for s, _ in rows], [int(label) for _, label in rows]
    best = measures.best_threshold(scores, labels)
    reached = measures.balanced_accuracy(scores, labels, best)
    for other in (-1.0, 0.05, 0.2, 0.4, 0.6, 0.9, 1.1, *scores):
        assert measures.balanced_accuracy(scores, labels, other) <= reached + 1e-9


@given(st.lists(st.floats(0, 1), min_size=1), st.floats(0, 0.99))
def test_a_threshold_keeps_its_false_alarms(true: list[float], alarms: float) -> None:
    at = measures.threshold_for(true, alarms)
    assert measures.refused(true, at) <= alarms + 1e-9
    higher = math.nextafter(at, 2)
    assert measures.refused(true, higher) > alarms - 1e-9  # and it is the highest that does


def test_ten_percent_of_ten_is_one() -> None:
    true = [k / 10 for k in range(1, 11)]
    assert measures.threshold_for(true, 0.10) == 0.2
    assert measures.threshold_for(true, 0.08) == 0.1
    assert measures.threshold_for([k / 100 for k in range(100)], 0.29) == 0.29


def test_a_score_at_the_threshold_is_accepted() -> None:
    assert measures.refused([0.5, 0.49], 0.5) == 0.5
    assert measures.balanced_accuracy([0.5, 0.49], [1, 0], 0.5) == 100


def test_balanced_accuracy_does_not_follow_the_larger_class() -> None:
    scores, labels = [0.9] * 99 + [0.9], [1] * 99 + [0]
    assert measures.balanced_accuracy(scores, labels, 0.5) == 50


def test_cross_fitting_is_no_better_than_chance_on_noise_and_perfect_on_signal() -> None:
    chance = random.Random(7)
    labels = [k % 2 for k in range(400)]
    noise = measures.cross_fitted([chance.random() for _ in labels], labels)
    assert 43 < noise.mean < 57
    signal = measures.cross_fitted([0.2 + label * 0.5 for label in labels], labels)
    assert (signal.mean, signal.spread) == (100, 0)
    assert 0.2 < signal.threshold <= 0.7


def test_cross_fitting_measures_on_rows_that_chose_no_threshold() -> None:
    """One odd row: a threshold fitted to all would call it right, one fitted to others cannot."""
    labels = [1] * 50 + [0]
    scores = [*np.linspace(0.6, 1.0, 50), 0.599]
    fitted = measures.best_threshold(scores, labels)
    assert measures.balanced_accuracy(scores, labels, fitted) == 100
    assert measures.cross_fitted(scores, labels).mean < 100


def test_cross_fitting_says_the_same_each_time() -> None:
    chance = random.Random(3)
    labels = [int(chance.random() < 0.2) for _ in range(90)]
    scores = [chance.random() + label / 3 for label in labels]
    assert measures.cross_fitted(scores, labels) == measures.cross_fitted(scores, labels)


@pytest.mark.parametrize("labels", [[1, 1, 1], [0, 0], [1], [1, 0]])
def test_cross_fitting_survives_few_rows(labels: list[int]) -> None:
    found = measures.cross_fitted([0.5] * len(labels), labels)
    assert 0 <= found.mean <= 100


# -- ROUGE -------------------------------------------------------------------------------------


def test_rouge_of_a_case_counted_by_hand() -> None:
    one, two, longest = rouge.rouge("The port of Lunden closed.", "Lunden's port closed on Monday")
    # the port of lunden closed | lunden s port closed on monday: 3 of 5 and 6 words
    assert one == pytest.approx(6 / 11)
    # the-port port-of of-lunden lunden-closed | lunden-s s-port port-closed closed-on on-monday
    assert two == 0
    assert longest == pytest.approx(4 / 11)  # port closed


def test_rouge_counts_a_word_as_often_as_both_have_it() -> None:
    one, _, longest = rouge.rouge("war war war war", "war and war")
    assert one == pytest.approx(2 * 2 / (4 + 3))
    assert longest == pytest.approx(2 * 2 / (4 + 3))


def test_rouge_of_itself_and_of_nothing() -> None:
    assert rouge.rouge("A quiet day.", "a QUIET day") == (1, 1, 1)
    assert rouge.rouge("", "a quiet day") == (0, 0, 0)
    assert rouge.rouge("word", "word") == (1, 0, 1)


# -- what counts as written --------------------------------------------------------------------

PORT = (
    "The port of Lunden will stay closed until Friday, officials said, as crews repair its locks."
)
WORKERS = "Dock workers in Lunden ended their strike on Monday after the owners raised night pay."


@pytest.mark.parametrize(
    ("sentence", "sources", "grounds"),
    [
        (PORT, [PORT], "copied"),
        (PORT.replace("Friday", "Monday"), [PORT], "copied"),
        ("The port of Lunden will stay closed until Friday, officials said.", [PORT], "shorter"),
        (
            "Officials said that until Friday, as crews repair locks, Lunden's port will be shut.",
            [PORT],
            "novel",
        ),
        (
            "Officials said the port of Lunden will stay closed until Friday as dock workers ended "
            "their strike.",
            [PORT, WORKERS],
            "merges",
        ),
        (PORT, [WORKERS, PORT], "copied"),
    ],
)
def test_a_sentence_is_written_only_if_it_differs(
    sentence: str, sources: list[str], grounds: str
) -> None:
    found = wordings.wording(sentence, sources)
    assert found.grounds == grounds
    assert found.written == (grounds != "copied")


def test_length_is_that_of_the_source_it_is_nearest_to() -> None:
    long = PORT + " The harbour master, who has held the office for nine years, did not comment."
    assert wordings.wording(WORKERS, [long, WORKERS]).length == 1


def test_the_distribution_adds_up() -> None:
    found = wordings.distribution(
        [wordings.wording(PORT, [PORT]), wordings.wording("The port closed.", [PORT])]
    )
    assert found["written"] == 0.5
    assert sum(found["grounds"].values()) == 1
    assert wordings.distribution([])["sentences"] == 0


# -- tokenised text ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "the mayor of lunden did n't speak . ' we waited , ' he said . it 's over !",
            ["the mayor of lunden didn't speak.", "' we waited, ' he said.", "it's over!"],
        ),
        (
            "he said : ' we waited . ' then he left . ' no , ' she said .",
            ["he said: ' we waited. '", "then he left.", "' no, ' she said."],
        ),
        ("he paid $ 4.5 million ( in cash ) .", ["he paid $4.5 million (in cash)."]),
        ("a u.s. envoy left .\nshe flew home", ["a u.s. envoy left.", "she flew home"]),
        (
            "Ordinary text of 4.5 words. U.S. officials spoke.",
            ["Ordinary text of 4.5 words.", "U.S. officials spoke."],
        ),
        (" . \n . ", []),
        ("", []),
    ],
)
def test_tokenised_text_falls_into_its_sentences(text: str, found: list[str]) -> None:
    assert tokenised.split(text) == found
