"""Which sentences lean on the one before them."""

from __future__ import annotations

import pytest

from briefing.text.discourse import connective, enumerates, refers_back

LEANING = [
    "He also pointed out that many lawmakers still back Ukraine.",
    "This stance was driven by warnings from Moscow.",
    "The second, a more “positive” perspective, posits a stronger hand in talks.",
    "“It’s rare that a decision of this kind is taken for one reason,” he said.",
    "In September, he stated that such actions would mean war.",
    "However, they refused to say when.",
    "Such a step would be unwise.",
    "The decision also reflects urgent battlefield realities.",
    "It was the first deployment of this missile type.",
    "While he believes a direct conflict is unlikely, he did not rule out sabotage.",
]
ALONE = [
    "Moscow reported on Tuesday that six missiles had been launched.",
    "In September, Putin stated that such actions would mean war.",
    "It remains unclear whether the missiles will be used elsewhere.",
    "However, one major issue has remained contentious: the refusal to permit strikes.",
    "In an interview, two anonymous officials said that the missiles would be used in Kursk.",
    "Trump’s allies, however, have strongly criticized the move.",
    "Biden and Trump differ in their approaches.",
    "The decision by Berlin was announced on Monday.",
    "Donald Trump Jr. said his father would make peace.",
]


@pytest.mark.parametrize("sentence", LEANING)
def test_a_sentence_that_leans_is_known(sentence: str) -> None:
    assert refers_back(sentence)


@pytest.mark.parametrize("sentence", ALONE)
def test_a_sentence_that_stands_alone_is_known(sentence: str) -> None:
    assert not refers_back(sentence)


def test_a_connective_is_measured_with_its_comma() -> None:
    sentence = "However, Kyiv refused."
    assert sentence[connective(sentence) :] == "Kyiv refused."
    assert connective("In contrast, Kyiv agreed.") == len("In contrast, ")
    assert connective("Sofia refused.") == 0
    assert connective("Andorra agreed.") == 0


@pytest.mark.parametrize(
    "sentence",
    ["The third explanation is that …", "First, it may help.", "The second, a positive one, is …"],
)
def test_items_of_a_list_are_known(sentence: str) -> None:
    assert enumerates(sentence)


@pytest.mark.parametrize(
    "sentence", ["The first strike hit a depot.", "First Lady Olena Zelenska said so."]
)
def test_other_firsts_are_no_list(sentence: str) -> None:
    assert not enumerates(sentence)
