"""Mechanical errors are errors: no wrong row says what is true, and each begins where it says."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))  # training/ belongs to the checkout, not to the package
pairs = importlib.import_module("training.pairs")
errors = importlib.import_module("training.errors")


def example(statement: str, *passages: str, headline: str = "It rains in town") -> Any:
    """An example of one true statement."""
    told = tuple(("Wire", text) for text in passages or (statement,))
    return pairs.Example("X-1", "compress", told, headline, (statement,), ())


def spoilt(statement: str, *passages: str) -> set[str]:
    """All wrong statements that can be made of one."""
    mine = example(statement, *passages)
    return {text for _, text in errors._wrong(errors._spoilt(statement, mine.evidence), mine)}


@pytest.mark.parametrize("seed", range(2))
def test_no_wrong_row_of_the_gold_is_a_true_statement(seed: int) -> None:
    gold = pairs.read([ROOT / "training" / "data"], split="all")[::5]
    random = Random(seed)
    kinds = set()
    wrong = 0
    for e in gold:
        true = {*e.statements, e.headline}
        for row in errors.mechanical(e, gold, random):
            kinds.add((row.kind, row.supported))
            assert 0 < row.weight < 1
            if row.kind == "elsewhere":
                assert row.evidence != e.evidence
                assert not row.supported
                continue
            assert row.evidence == e.evidence
            assert row.supported == (row.statement in (e.headline, *e.evidence)), (e.id, row)
            if row.supported:
                continue
            wrong += 1
            assert " ".join(row.statement.split()) not in true, (e.id, row.statement)
            if row.wrong_from >= 0:
                before = row.statement[: row.wrong_from]
                assert any(t.startswith(before) for t in true), (e.id, row)
                assert row.statement[row.wrong_from :].strip(), (e.id, row)
    assert wrong > len(gold)
    assert kinds == {
        ("mechanical", False), ("headline", True), ("headline", False), ("elsewhere", False),
        ("copy", True),
    }  # fmt: skip


def test_every_way_of_the_gold_goes_wrong_where_it_says() -> None:
    for e in pairs.read([ROOT / "training" / "data"], split="all")[::9]:
        for text in (*e.statements, e.headline):
            for start, wrong in errors._spoilt(text, e.evidence):
                assert wrong != text, (e.id, wrong)
                if start >= 0:
                    assert wrong[:start] == text[:start]
                    assert wrong[start:] != text[start:]
                    assert re.match(r"\w|[$€£]|$", wrong[start:]), (e.id, wrong[start:])


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        ("The army of Velmar attacked Sorland.", "The army of Sorland attacked Velmar."),
        ("Ms Brenn praised Ada Lund.", "Ada Lund praised Ms Brenn."),
        ("Rain may fall.", "Rain will fall."),
        ("Rain could fall.", "Rain will fall."),
        ("It lost about 300 men.", "It lost 300 men."),
        ("It lost around a third.", "It lost a third."),
        ("It lost at least two ships.", "It lost two ships."),
        ("Some said only rain fell.", "Some said rain fell."),
        ("The suspected thief fled.", "The thief fled."),
        ("Rain fell, the town of Velmar said on Monday.", "Rain fell."),
        ("“Rain fell,” Ada Lund said.", "“Rain fell.”"),
        ("Ada Lund said on Monday that rain fell.", "Rain fell."),
        ("Rain has fallen.", "Rain has not fallen."),
        ("Rain was expected.", "Rain was not expected."),
        ("Rain has not fallen.", "Rain has fallen."),
        ("The town will not pay.", "The town will pay."),
        ("The mayor accepted it.", "The mayor rejected it."),
        ("The northern town flooded.", "The southern town flooded."),
    ],
)
def test_each_way_to_spoil(statement: str, wrong: str) -> None:
    assert wrong in spoilt(statement)


def test_figures_and_days_are_taken_from_the_evidence() -> None:
    found = spoilt("On Monday 12 men left.", "On Monday 12 men left.", "On Friday 30 men, two ill.")
    assert {"On Friday 12 men left.", "On Monday 30 men left."} <= found
    assert not any("two" in text or "Tuesday" in text for text in found)
    assert spoilt("12 men left.", "12 men left.") == set()


@pytest.mark.parametrize(
    "statement",
    [
        "The towns Velmar and Sorland agreed.",
        "The towns of Velmar, Sorland and Norre agreed.",
        "The minister Ada Lund met Jon Brenn.",
        "The aides of Lund told Ada Lund.",
        "They talked about rain.",
        "They walked around town.",
    ],
)
def test_what_says_the_same_is_no_error(statement: str) -> None:
    assert spoilt(statement) == set()


def test_a_denied_possibility_is_no_error() -> None:
    """What may be may also not be: denied, it says nearly the same."""
    assert not any("not" in text for text in spoilt("Rain may fall."))


def test_another_name_is_taken_from_the_evidence() -> None:
    def others(statement: str, *passages: str) -> set[str]:
        return {text for _, text in errors._other_name(statement, passages)}

    told = "Ada Lund met Jon Brenn in Velmar."
    found = others("The mayor praised Ada Lund.", told)
    assert {"The mayor praised Jon Brenn.", "The mayor praised Velmar."} <= found
    assert others("The mayor praised Warsaw.", "A Pole came.") == set()
    assert others("The mayor praised Ada Lund.", "Then Mr Lund left.") == set()  # part of it
    assert others("A German shop closed.", told, "It stood in Germany.") == set()
    assert others("A German shop closed.", told, "A Polish one too.") == {"A Polish shop closed."}


def test_a_row_may_get_another_name() -> None:
    mine = example("The mayor praised Ada Lund.", "The mayor praised Ada Lund. Jon Brenn left.")
    rows = [r for seed in range(9) for r in errors.mechanical(mine, [mine], Random(seed))]
    wrong = [r for r in rows if r.statement == "The mayor praised Jon Brenn."]
    assert wrong
    assert {(r.supported, r.wrong_from, r.kind) for r in wrong} == {(False, 18, "mechanical")}


def test_half_a_long_sentence_is_repeated() -> None:
    words = [f"w{k}" for k in range(14)]
    assert " ".join([*words[:7], *words[3:7], *words[7:]]) in spoilt(" ".join(words))
    assert spoilt(" ".join(words[:12])) == set()


def test_a_change_that_makes_another_true_statement_is_dropped() -> None:
    mine = pairs.Example(
        "X-1", "compress", (("Wire", "Rain may fall."),), "Rain", ("Rain may fall.",) * 2, ()
    )
    both = pairs.Example(
        "X-2", "compress", mine.passages, "Rain", ("Rain may fall.", "Rain will fall."), ()
    )
    kinds = [{r.statement for r in errors.mechanical(e, [e], Random(s)) if not r.supported}
             for e in (mine, both) for s in range(20)]  # fmt: skip
    assert {"Rain will fall."} in kinds[:20]
    assert not any(kinds[20:])


def test_an_example_lends_itself_no_foreign_evidence() -> None:
    mine = example("It is so.")
    rows = [row for seed in range(60) for row in errors.mechanical(mine, [mine], Random(seed))]
    assert {row.kind for row in rows} == {"headline", "copy"}
