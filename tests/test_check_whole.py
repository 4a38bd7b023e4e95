"""What a shortening may lose: its main clause, and what its pronouns stand for."""

from __future__ import annotations

import pytest

from briefing.stages.check.whole import antecedent, fragment, torn_quote

FRAGMENTS = [
    "Since the start of the invasion in February 2022.",
    "It remains unclear whether the missiles.",
    "Mara Olsen on how long the harbour may stay shut.",
    "Despite the ban on lorries over the old bridge.",
]
WHOLE = [
    "Since the start of the invasion, Kyiv has asked for missiles.",
    "It remains unclear whether the missiles will be used.",
    "Officials briefed reporters on how the harbour was shut.",
    "The mayor said that she was ready.",
    "While the talks went on, the harbour was shut.",
    "On Tuesday Moscow said six missiles had been fired.",
]


@pytest.mark.parametrize("text", FRAGMENTS)
def test_a_fragment_is_refused(text: str) -> None:
    assert fragment(text)


@pytest.mark.parametrize("text", WHOLE)
def test_a_whole_sentence_is_none(text: str) -> None:
    assert not fragment(text)


@pytest.mark.parametrize(
    "text",
    ["Officials concerned’ as Moscow vows response.", "Minister calls plan mad' in interview."],
)
def test_a_quote_mark_that_lost_its_partner_is_refused(text: str) -> None:
    assert torn_quote(text)


@pytest.mark.parametrize(
    "text",
    [
        "Officials ‘deeply concerned’ as Moscow vows response.",
        "Trump’s allies’ criticism went on.",
        "The allies' plan is Kyiv's too.",
        "He called it 'evidence of prudence' on Monday.",
        "“It’s rare,” he said, and that’s all.",
    ],
)
def test_apostrophes_and_whole_quotes_stand(text: str) -> None:
    assert not torn_quote(text)


def test_a_pronoun_that_lost_its_name_is_refused() -> None:
    source = (
        "Given the limits of the ATACMS, the decision to approve their use was safe, Olsen said."
    )
    assert "ATACMS" in antecedent(
        "The decision to approve their use was safe, Olsen said.", [source]
    )
    assert not antecedent(source, [source])


def test_a_pronoun_that_keeps_its_name_stands() -> None:
    source = "The Danes sent ships, and in spring their minister praised the crews."
    assert not antecedent("The Danes sent ships, and their minister praised the crews.", [source])
