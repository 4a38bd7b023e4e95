"""What the writer may choose from: the shortenings of a passage that the rules prove, no other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.news import Fact, Option, Passage
from briefing.pipeline.options import options, told_shortly
from briefing.stages import check, write
from briefing.stages.check.review import shortens
from briefing.text.rewording import versions
from briefing.text.shortening import Graph
from briefing.text.wording import wording


def _passage(text: str, article: str = "a") -> Passage:
    return Passage(article, 0, 0, len(text), text, 1)


LONG = (
    "The town council of Velmar closed the northern pier on Monday, leaving two ferries of the"
    " operator Norlinje at sea for a night."
)
PLAIN = "The pier was closed prior to the storm, two officials said."
COPY = "The ferry was swiftly towed into the old port of Velmar by two tugs of the navy."
NOTHING = "The pier is closed."
WITHOUT = "In parts of Velmar, the water rose by two metres on Monday night."
PASSAGES = [LONG, PLAIN, COPY, NOTHING, WITHOUT]


@pytest.mark.parametrize("text", PASSAGES)
def test_an_option_is_proven_and_a_way_through_a_graph(text: str) -> None:
    passage = _passage(text)
    for option in options(passage):
        assert shortens(option.text, passage, "statement")
        assert any(Graph(version).accepts(option.text) for version in versions(text))
        assert option.text != text
        assert option == write.option(option.text, text)


@pytest.mark.parametrize("text", PASSAGES)
def test_options_are_the_proven_shortenings_in_their_order(text: str) -> None:
    passage = _passage(text)
    proven = check.proven_by(passage, write.shortenings(text))
    assert [option.text for option in options(passage)] == proven
    assert len(set(proven)) == len(proven)


def test_what_the_rules_refuse_is_no_option() -> None:
    text = "Ada Brenn said she had not been told in advance that the ferry would be sold."
    wrong = "Ada Brenn said she had not been told that the ferry would be sold."
    assert wrong in write.shortenings(text)
    assert options(_passage(text)) == ()


def test_an_option_in_its_own_words_is_told_from_a_near_copy() -> None:
    found = {option.text: option for option in options(_passage(LONG))}
    assert found["The town council of Velmar closed the northern pier on Monday."].own
    (copy,) = options(_passage(COPY))
    assert copy.text == "The ferry was towed into the old port of Velmar by two tugs of the navy."
    assert not copy.own


@pytest.mark.parametrize("text", PASSAGES)
def test_own_is_what_counts_as_written(text: str) -> None:
    for option in options(_passage(text)):
        assert option.own is wording(option.text, [text]).written


def test_the_speaker_in_front_is_an_option() -> None:
    texts = [option.text for option in options(_passage(PLAIN))]
    assert texts[0] == "Two officials said the pier was closed before the storm."


@pytest.mark.parametrize("text", [NOTHING, WITHOUT, "", "Rain"])
def test_there_may_be_none(text: str) -> None:
    assert options(_passage(text)) == ()


def test_a_passage_is_looked_through_once() -> None:
    assert options(_passage(LONG)) is options(_passage(LONG))
    same_words = options(_passage(LONG, "b"))
    assert same_words == options(_passage(LONG))


# -- whether a fact can be told shortly --------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "shortly"),
    [
        ((LONG,), True),
        ((PLAIN,), True),
        ((COPY,), False),
        ((NOTHING,), False),
        ((NOTHING, COPY), False),
        ((NOTHING, LONG), True),
        ((LONG, NOTHING), True),
    ],
)
def test_one_passage_of_a_fact_is_enough(texts: tuple[str, ...], *, shortly: bool) -> None:
    fact = Fact(tuple(_passage(text, f"a{n}") for n, text in enumerate(texts)))
    assert told_shortly(fact) is shortly


WORDS = (
    "the The pier Velmar in In on Monday, may not if said, that which Brenn, “we will” (old) closed"
    " has been sold, and after while officials said according to prior to who left, leaving"
)
texts = st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=20).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(texts)
def test_of_any_passage_every_option_is_proven(text: str) -> None:
    passage = _passage(text + ".")
    for option in options(passage):
        assert isinstance(option, Option)
        assert shortens(option.text, passage, "statement")
