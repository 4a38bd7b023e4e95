"""What the writer may write: shortenings of a passage, or names and numbers of its prompt only."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.adapters.models.copying import Copying, Source, Written
from briefing.adapters.models.plan import Plan
from briefing.adapters.models.shortening import Shortening
from briefing.adapters.models.writer import source_of


class Letters:
    """A tokeniser of the test: a token is a letter, or a space with the letter after it."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def encode(self, text: str) -> list[int]:
        found = re.findall(r" ?\S", text)
        self.pieces += [piece for piece in dict.fromkeys(found) if piece not in self.pieces]
        return [self.pieces.index(piece) for piece in found]


def write(passage: str, seed: int, *, bonus: float = 0.0) -> str:
    """A shortening chosen by random scores."""
    letters = Letters()
    guide = Shortening(Plan(passage, letters.encode), bonus=bonus)
    noise, ids = np.random.default_rng(seed), []
    while tokens := guide.take(noise.normal(size=len(letters.pieces))):
        ids += tokens
        assert len(ids) < 5000
    return "".join(letters.pieces[i] for i in ids)


def all_shortenings(passage: str) -> set[str]:
    return {write(passage, seed, bonus=seed % 3) for seed in range(120)}


def in_order(words: list[str], source: list[str]) -> bool:
    rest = iter(source)
    return all(word in rest for word in words)


PASSAGES = [
    "In September, the harbour authority of Velmar, which runs four piers, said on Monday that it"
    " would close two of them for repairs because of rust.",
    "“We will not leave, whatever they say, and nobody will push us,” Ada Brenn told reporters in"
    " Velmar on Tuesday, “not today, not ever.”",
    "The ferry (built in 1931, rebuilt in 1960) may sail again in May, the operator Norlinje said"
    " after a quickly arranged meeting with the town of Velmar.",
    "Pier three will reopen in spring if the council, which meets on Friday, approves the loan.",
    "U.S.-made cranes were unloaded in Velmar—the first since June—with help from the navy.",
    "Rain fell",
    "No",
]


@pytest.mark.parametrize("passage", PASSAGES)
def test_every_shortening_is_the_passage_with_words_left_out(passage: str) -> None:
    strip = ",;:.—–"
    source = [w.strip(strip).lower() for w in passage.split()]
    made = all_shortenings(passage)
    for text in made:
        assert in_order([w.strip(strip).lower() for w in text.split()], source), text
        assert text[0] == text[0].upper()
        assert re.search(r"[.!?][”\"')]*$", text), text
        assert not re.search(r"[,;:]\.", text), text
    assert any(t.rstrip(".") == passage.rstrip(".") for t in made), "copying is always possible"


@pytest.mark.parametrize(
    ("passage", "wrong"),
    [
        ("The award to Norlinje was put on hold on Monday by the town court.", "put on Monday"),
        ("Divers found that the autopilot of the ferry was still switched on.", "switched."),
    ],
)
def test_a_verb_keeps_its_particle(passage: str, wrong: str) -> None:
    assert not any(wrong in text for text in all_shortenings(passage))


def test_there_is_something_to_choose() -> None:
    assert len(all_shortenings(PASSAGES[0])) > 4


@pytest.mark.parametrize(
    ("passage", "kept"),
    [
        (PASSAGES[0], "authority of Velmar"),
        (PASSAGES[0], "said"),
        (PASSAGES[0], "would close two"),
        (PASSAGES[1], "“We will not leave, whatever they say, and nobody will push us,”"),
        (PASSAGES[1], "Brenn told reporters"),
        (PASSAGES[1], "“not today, not ever.”"),
        (PASSAGES[2], "may sail"),
        (PASSAGES[2], "Norlinje said"),
        (PASSAGES[2], "(built in 1931, rebuilt in 1960)"),
        (PASSAGES[3], "if the council"),
        ("Velmar will not, as some hoped for weeks, close piers on Monday.", "will not"),
        ("Brenn, who denied it on Monday in Velmar, left town on Tuesday.", "who denied it"),
        ("According to Norlinje, ferries sail again from Velmar in May.", "According to Norlinje"),
        ("The town council of Velmar closed all but two piers on Monday.", "but two"),
        ("If it rains in Velmar on Monday, the old ferry stays at pier two.", "If it rains"),
        ("Two ships sank near Velmar on Monday without loss, but not the ferry.", "not the ferry"),
        ("Ferries will sail to Velmar in May unless the pier is still closed.", "unless"),
        ("The town shut the pier in Velmar on Monday, the ministry claimed.", "claimed"),
        ("Two tankers sank, the navy of Norland, citing radar, said on Monday.", "said"),
    ],
)
def test_what_would_change_the_claim_is_never_left_out(passage: str, kept: str) -> None:
    for text in all_shortenings(passage):
        assert kept.lower() in text.lower(), text


@pytest.mark.parametrize(
    ("passage", "short"),
    [
        ("However, the pier in Velmar closed for good today.", "The pier in Velmar closed for"),
        ("While it rained, the pier in Velmar closed for good.", "The pier in Velmar closed"),
        ("Ada Brenn, a former pilot of ships, sold the ferry Norlinje today.", "Ada Brenn sold"),
        ("The pier has finally been closed for good in Velmar.", "The pier has been closed"),
        ("The mayor met Ada Brenn in Velmar on Monday evening.", "The mayor met Ada Brenn on"),
    ],
)
def test_what_may_go_can_go(passage: str, short: str) -> None:
    made = all_shortenings(passage)
    if "former" in passage:  # a limiting word stays with what it limits
        assert not any(t.startswith(short) for t in made)
    else:
        assert any(t.startswith(short) for t in made), made


def test_a_bonus_shortens() -> None:
    lengths = [
        np.mean([len(write(PASSAGES[0], s, bonus=b)) for s in range(40)]) for b in (0.0, 12.0)
    ]
    assert all(a > b for a, b in pairwise(lengths))


WORDS = (
    "the pier Velmar in on Monday, may not if said “we will” (old) U.S. closed. which — 3,000; a"
)
words = st.sampled_from(WORDS.split())


@settings(max_examples=150, deadline=None)
@given(st.lists(words, min_size=1, max_size=25), st.integers(0, 5))
def test_any_text_gives_an_end_and_a_subsequence(parts: list[str], seed: int) -> None:
    text = write(" ".join(parts), seed, bonus=2.0)
    strip = ",;:.—–"
    source = [p.strip(strip).lower() for p in parts]
    assert in_order([w.strip(strip).lower() for w in text.split()], source)


# -- names and numbers -------------------------------------------------------------------------

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
