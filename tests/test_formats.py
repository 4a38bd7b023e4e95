"""What writer and judge are shown: to the letter, because they are trained on it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.formats import (
    ANSWERS,
    MANNERS,
    Manner,
    flat,
    judge_prompt,
    writer_answer,
    writer_prompt,
)

REPORTS = [("Velmar Post", "Rain fell\non  the pier."), ("", "The pier\t closed.")]


@pytest.mark.parametrize(
    ("manner", "asked"),
    [
        ("", "Write one headline and one statement."),
        ("close", "Write one headline and one statement, close to the wording."),
        ("rephrased", "Write one headline and one statement, in other words."),
        ("short", "Write one headline and one statement, as short as possible."),
    ],
)
def test_the_writers_question(manner: Manner, asked: str) -> None:
    assert manner in MANNERS
    assert writer_prompt(REPORTS, manner) == (
        "Reports:\n[1] Velmar Post: Rain fell on the pier.\n[2] Report: The pier closed.\n" + asked
    )


def test_every_manner_asks_something_else() -> None:
    assert len({writer_prompt(REPORTS, manner) for manner in MANNERS}) == len(MANNERS)
    assert writer_prompt(REPORTS) == writer_prompt(REPORTS, "")


def test_the_writers_answer_is_two_lines() -> None:
    answer = writer_answer(" Pier\ncloses ", "The pier \n closed.\n")
    assert answer == "Pier closes\nThe pier closed."


def test_the_judges_question() -> None:
    before, said, after = judge_prompt(["Rain\nfell.", "It rained."], " It\nrained. ")
    assert before + said + after == (
        "Statement: It rained.\nReports:\n[1] Rain fell.\n[2] It rained.\nStatement: It rained.\n"
        "Is every word of the statement supported?"
    )
    assert said == " It rained."
    assert ANSWERS == ("Yes", "No")


@given(st.lists(st.text(max_size=30), max_size=3), st.text(max_size=30))
def test_no_text_can_add_a_line_to_a_question(texts: list[str], statement: str) -> None:
    question = "".join(judge_prompt(texts, statement))
    assert len(question.splitlines()) == 4 + len(texts)
    asked = writer_prompt([(statement, text) for text in texts])
    assert len(asked.splitlines()) == 2 + len(texts)
    assert flat(flat(statement)) == flat(statement)
