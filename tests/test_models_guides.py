"""What the writer may write where it writes freely: names and numbers of its prompt only."""

from __future__ import annotations

import pytest

from briefing.adapters.models.copying import Copying, Source, Written
from briefing.adapters.models.writer import source_of

PROMPT = (
    "Reports:\n[1] Velmar Post: Ada Brenn sold 1,250 tickets to Norlinje on Monday, two more than"
    " U.S. buyers took.\nWrite one headline."
)


def allowed(text: str, prompt: str = PROMPT, step: int = 1) -> bool:
    source, state = Source(prompt), Written()
    for at in range(0, len(text), step):
        after = source.accepts(state, text[at : at + step])
        if after is None:
            return False
        state = after
    return source.complete(state)


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("Ada Brenn sold tickets on Monday.", True),
        ("Tickets were sold to Norlinje by Ada Brenn.", True),
        ("Sold: 1,250 tickets", True),
        ("However, many tickets were given away.", True),
        ("The U.S. took two.", True),
        ("Adam Brenn sold tickets.", False),
        ("Ada Brennan sold tickets.", False),
        ("Ada Bren sold tickets.", False),
        ("Ada Brenn sold tickets on Tuesday.", False),
        ("Ada Brenn sold 1,251 tickets.", False),
        ("Ada Brenn sold 12 tickets.", False),
        ("Ada Brenn sold three tickets.", False),
        ("Ada Brenn sold a million tickets.", False),
        ("Anger grows over tickets.", False),
        ("Brenn said “no” on Monday.", False),
        ("She met the Pope.", False),
        ("Ada sold to Norlin", False),
    ],
)
def test_names_and_numbers_must_stand_in_the_prompt(text: str, fine: bool, step: int) -> None:
    assert allowed(text, step=step) is fine


def test_quotes_are_free_where_the_source_quotes() -> None:
    assert allowed("Brenn said “no”.", PROMPT + " “No”")


def test_the_next_best_token_is_taken() -> None:
    pieces = ["<end>", " Velmar", " Paris", " Post"]
    guide = Copying(Source(PROMPT), pieces=pieces, stop=frozenset({0}))
    import torch

    assert list(guide.take(torch.tensor([0.0, 1.0, 3.0, 0.5]))) == [1]
    assert list(guide.take(torch.tensor([0.0, -1.0, 3.0, 0.5]))) == [3]
    assert list(guide.take(torch.tensor([2.0, -1.0, 3.0, 0.5]))) == []


def test_the_passage_of_a_prompt() -> None:
    assert (
        source_of("Shorten this.\n\nThe pier closed\ntoday.\n\nShort:") == "The pier closed today."
    )
    assert source_of("One line alone.") == "One line alone."
    assert source_of("Ask.\n\nText.") == "Ask. Text."
