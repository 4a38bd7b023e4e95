"""What writer and judge are shown, to the letter: one definition for training and for product.

::

    writer:  Reports:                        judge:  Statement: The statement.
             [1] Outlet: text                        Reports:
             [2] Outlet: text                        [1] text
             Write one headline and one              [2] text
             statement.                              Statement: The statement.
                                                     Is every word of the statement supported?

The judge reads the statement twice. A causal model reads from left to right: shown the statement
first, it reads the reports with the statement in mind; shown it again, it can hold each of its
words against the reports (compare Springer et al. 2024, "Repetition improves language model
embeddings").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Manner = Literal["", "close", "rephrased", "short"]
"""How the writer is asked to write: freely, close to the reports' wording, in other words, or as
briefly as the fact and its attribution allow."""

MANNERS: tuple[Manner, ...] = ("", "close", "rephrased", "short")
ANSWERS = ("Yes", "No")
"""The two answers of the judge; the score is the probability of the first of the two."""

_ASKED: dict[Manner, str] = {
    "": "Write one headline and one statement.",
    "close": "Write one headline and one statement, close to the wording.",
    "rephrased": "Write one headline and one statement, in other words.",
    "short": "Write one headline and one statement, as short as possible.",
}
_JUDGED = "Is every word of the statement supported?"


def flat(text: str) -> str:
    """The text on one line, with single spaces."""
    return " ".join(text.split())


def writer_prompt(reports: Sequence[tuple[str, str]], manner: Manner = "") -> str:
    """The writer's question: ``reports`` are pairs of outlet and text, numbered from 1."""
    lines = [
        f"[{n}] {flat(outlet) or 'Report'}: {flat(text)}"
        for n, (outlet, text) in enumerate(reports, 1)
    ]
    return "\n".join(["Reports:", *lines, _ASKED[manner]])


def writer_answer(headline: str, statement: str) -> str:
    """The answer that the writer is trained to give."""
    return f"{flat(headline)}\n{flat(statement)}"


def judge_prompt(evidence: Sequence[str], statement: str) -> tuple[str, str, str]:
    """The judge's question in three parts; the middle one is the statement itself.

    In parts, because the statement's second reading is scored word by word in training.
    """
    said = flat(statement)
    lines = [f"[{n}] {flat(text)}" for n, text in enumerate(evidence, 1)]
    before = "\n".join([f"Statement: {said}", "Reports:", *lines, "Statement:"])
    return before, f" {said}", f"\n{_JUDGED}"
