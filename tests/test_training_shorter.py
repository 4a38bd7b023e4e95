"""True shortenings: nothing is added, and nothing goes on which the rest hangs."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from random import Random

import pytest

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))  # training/ belongs to the checkout, not to the package
pairs = importlib.import_module("training.pairs")
shorter = importlib.import_module("training.shorter")

GOLD = pairs.read([ROOT / "training" / "data"], split="all")[::25]


def words(text: str) -> list[str]:
    """Its words, small, without marks."""
    return re.findall(r"[\w’'-]+", text.lower())


def test_every_row_leaves_something_out() -> None:
    random = Random(1)
    found = 0
    for e in GOLD:
        for row in shorter.shorter(e, random):
            found += 1
            assert row.supported
            assert 0 < row.weight < 1
            assert row.statement not in row.evidence
            there = [len(words(text)) for text in (*row.evidence, *e.statements)]
            assert len(words(row.statement)) <= max(there)
    assert found > len(GOLD) / 10


def test_the_same_seed_gives_the_same_rows() -> None:
    one, two = ([shorter.shorter(e, Random(3)) for e in GOLD[::6]] for _ in range(2))
    assert one == two


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "The army hit the depot at Velmar on Monday night, killing 52 soldiers.",
            "The army hit the depot at Velmar on Monday night.",
        ),
        (
            "Drugs were in two aircraft brought down by troops after flying in from Tarsk.",
            "Drugs were in two aircraft brought down by troops.",
        ),
        (
            "Captain Ana Rosko, who commands the battery, said the launchers came in spring.",
            "Captain Ana Rosko said the launchers came in spring.",
        ),
        (
            "The cutter Tern, a ship of the coast guard, was rammed at 14 knots.",
            "The cutter Tern was rammed at 14 knots.",
        ),
    ],
)
def test_what_hangs_on_nothing_is_cut(text: str, left: str) -> None:
    assert list(shorter.cut(text)) == [left]


@pytest.mark.parametrize(
    "text",
    [
        "The bridge was closed to lorries on Monday, according to the mayor of Velmar.",
        "The bridge will be closed to lorries on Monday after meeting the carriers.",
        "The bridge was not closed to lorries on Monday, killing all hope of repairs.",
        "The bridge was closed to lorries two days after opening to the public.",
        "The crew was rescued on Monday, managing director Ana Rosko of the line said.",
        "Officials agreed to open the bridge, depending on the weather of the next days.",
        "The island ratified the treaty on Monday, its president, signing it on the atoll.",
        "It rained on Monday. The mayor closed the bridge, citing the danger of floods.",
        'The mayor said "it rained, closing the bridge to all lorries of the town".',
        "It rained, closing the bridge to all lorries of the town.",
    ],
)
def test_what_may_be_needed_is_left(text: str) -> None:
    assert list(shorter.cut(text)) == []
