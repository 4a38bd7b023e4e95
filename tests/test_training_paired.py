"""Rows with one sentence as evidence: who follows from whom, and where an error begins."""

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
paired = importlib.import_module("training.paired")
swap = importlib.import_module("training.swap")

DATA = ROOT / "training" / "data"
SAME = paired.same_in([DATA])
GOLD = {e.id: e for e in pairs.read([DATA], split="all", pattern="manners-*.jsonl")}


def test_every_listed_pair_is_of_two_statements_of_one_example() -> None:
    assert sum(map(len, SAME.values())) > 800
    for key, listed in SAME.items():
        said = GOLD[key].statements
        assert listed == tuple(sorted(set(listed))), key
        for i, k in listed:
            assert said[i] != said[k], key


def test_no_listed_statement_has_a_figure_that_its_evidence_has_not() -> None:
    for key, listed in SAME.items():
        for i, k in listed:
            there, said = (GOLD[key].statements[n] for n in (i, k))
            assert set(re.findall(r"\d+", said)) <= set(re.findall(r"\d+", there)), (key, i, k)


@pytest.mark.parametrize("seed", range(2))
def test_only_what_follows_is_supported_and_errors_begin_where_they_say(seed: int) -> None:
    random = Random(seed)
    yes = no = 0
    for key in sorted(SAME)[::3]:
        e = swap.swapped(GOLD[key], random) if seed else GOLD[key]
        true = set(e.statements)
        wrong = {text for _, text in e.corrupt}
        follows = {(e.statements[i], e.statements[k]) for i, k in SAME[key]}
        for row in paired.paired(e, SAME[key], random):
            (there,) = row.evidence
            assert there in true | wrong, key
            assert row.statement != there, key
            assert row.supported == ((there, row.statement) in follows), (key, row)
            if there in wrong:
                assert not row.supported
            if row.wrong_from >= 0:
                assert not row.supported
                before = row.statement[: row.wrong_from]
                assert any(t.startswith(before) for t in true | wrong), (key, row)
            yes, no = yes + row.supported * row.weight, no + (not row.supported) * row.weight
    assert 0.6 < yes / no < 1.2  # neither answer is the usual one


def test_an_example_without_a_listed_pair_gives_no_row() -> None:
    assert paired.paired(GOLD["AR-009"], (), Random(1)) == []
    assert "AR-009" not in SAME


def test_the_same_seed_gives_the_same_rows() -> None:
    key = next(iter(SAME))
    one, two = (paired.paired(GOLD[key], SAME[key], Random(7)) for _ in range(2))
    assert one == two


def example(*corrupt: tuple[str, str]) -> Any:
    """Three true statements, the last of another matter, and these wrong ones."""
    return pairs.Example(
        "X-1", "compress", (("Wire", "Rain."),), "Rain",
        ("Nine boats sank off Velmar, the mayor said.", "The mayor said nine boats sank at Velmar.",
         "Help from Tarsk came after two days."),
        corrupt,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "wrong", "turned"),
    [
        ("number", "Six boats sank off Velmar, the mayor said.", True),
        ("entity", "Nine boats sank off Tarsk, the mayor said.", True),
        ("added", "Nine boats sank off Velmar in a storm, the mayor said.", False),
        ("overreach", "Nine new boats sank off Velmar, the mayor said.", False),
    ],
)
def test_a_true_one_is_held_against_a_wrong_one_only_where_neither_follows(
    kind: str, wrong: str, turned: bool
) -> None:
    shown = [
        row
        for seed in range(40)
        for row in paired.paired(example((kind, wrong)), ((1, 0),), Random(seed))
    ]
    back = [row for row in shown if row.evidence == (wrong,)]
    assert bool(back) == turned
    assert all(not row.supported for row in back)
    there = [row for row in shown if row.statement == wrong]
    assert {row.evidence[0] for row in there} == set(example().statements[:2])
    assert all(row.wrong_from == pairs.leaves(wrong, example().statements[0]) for row in there)


def test_another_fact_of_the_example_is_not_supported() -> None:
    e = example()
    shown = [r for seed in range(40) for r in paired.paired(e, ((0, 1),), Random(seed))]
    other = [r for r in shown if r.statement == e.statements[2]]
    assert other
    assert not any(r.supported for r in other)


@pytest.mark.parametrize(
    "text",
    ["[]", "{", '{"X-1": 3}', '{"X-1": [[0, 3]]}', '{"X-1": [[1, 1]]}', '{"X-1": [[true, 0]]}',
     '{"X-1": [["0", 1]]}', '{"X-1": [[0]]}'],
)  # fmt: skip
def test_a_file_that_is_not_as_described_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "restated.json").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"restated\.json: not pairs of statements"):
        paired.same_in([tmp_path])


def test_a_folder_need_not_have_one(tmp_path: Path) -> None:
    assert paired.same_in([tmp_path]) == {}
