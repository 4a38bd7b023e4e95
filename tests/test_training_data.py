"""The gold as it is shipped, and what the reader does with lines that are not as described."""

from __future__ import annotations

import importlib
import json
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))  # training/ belongs to the checkout, not to the package
pairs = importlib.import_module("training.pairs")

DATA = ROOT / "training" / "data"
FILES = sorted(DATA.glob("*.jsonl"))
TYPES = frozenset(
    (
        "attribution", "relation", "modality", "merged", "overreach", "added", "entity", "number",
        "date", "negation", "garbled",
    )
)  # fmt: skip
KINDS = frozenset(["fuse", "compress", "conflict", "quote", "noise", "update"])


@cache
def gold(name: str = "*.jsonl") -> tuple[Any, ...]:
    """The examples of the files of that name."""
    return tuple(pairs.read([DATA], split="all", pattern=name))


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_every_shipped_example_is_sound(file: Path) -> None:
    found = gold(file.name)
    assert len(found) == file.read_bytes().count(b"\n")
    in_manners = file.name.startswith("manners-")
    for e in found:
        assert e.kind in KINDS, e.id
        assert len(e.statements) == (3 if in_manners else 1), e.id
        assert len(e.corrupt) == (4 if in_manners else 2), e.id
        assert 1 <= len(e.passages) <= 6, e.id
        assert {kind for kind, _ in e.corrupt} <= TYPES, e.id
        true, wrong = {*e.statements, e.headline}, [text for _, text in e.corrupt]
        assert not {t.casefold() for t in true} & {w.casefold() for w in wrong}, e.id
        assert len(set(wrong)) == len(wrong), e.id
        assert len(set(e.statements)) == len(e.statements), e.id
        if in_manners:
            assert not set(e.statements) & set(e.evidence), f"{e.id} copies a passage whole"
        texts = (*e.statements, e.headline, *wrong, *(t for p in e.passages for t in p))
        for text in texts:
            assert text == " ".join(text.split()), (e.id, text)
            assert "<|" not in text, e.id
        for text in (*e.statements, *wrong):
            assert text.rstrip("\"'”’")[-1] in ".?!", (e.id, text)


def test_ids_are_unique_and_a_tenth_is_held_out() -> None:
    ids = Counter(e.id for e in gold())
    assert [i for i, n in ids.items() if n > 1] == []
    assert 0.08 < sum(e.held_out for e in gold()) / len(gold()) < 0.12
    assert len(gold()) > 2000


def test_each_file_is_valid_json_lines_with_known_keys() -> None:
    keys = {"id", "kind", "passages", "headline", "statement", "corrupt"}
    for file in FILES:
        for line in file.read_text("utf-8").split("\n")[:-1]:
            row = json.loads(line)
            assert keys <= set(row) <= keys | {"also"}, (file, row["id"])
            assert all(set(p) == {"source", "text"} for p in row["passages"]), row["id"]
            assert all(set(c) == {"type", "text"} for c in row["corrupt"]), row["id"]


def test_no_shipped_example_stands_in_both_parts() -> None:
    held = {e.evidence for e in gold() if e.held_out}
    assert not held & {e.evidence for e in gold() if not e.held_out}


def test_ids_that_end_in_5_are_never_trained_on() -> None:
    train = pairs.read([DATA], split="train")
    dev = pairs.read([DATA], split="dev")
    assert train
    assert dev
    assert not [e.id for e in train if e.id.endswith("5")]
    assert all(e.id.endswith("5") for e in dev)
    assert len(train) + len(dev) == len(gold())


LINE: dict[str, Any] = {
    "id": "X-001",
    "kind": "compress",
    "passages": [{"source": "Velmar Post", "text": "Rain fell on Velmar on Monday."}],
    "headline": "Rain falls on Velmar",
    "statement": "Rain fell on Monday.",
    "also": ["On Monday, rain fell.", "It rained."],
    "corrupt": [{"type": "date", "text": "Rain fell on Tuesday."}],
}


def written(folder: Path, *lines: str | bytes) -> Path:
    """A file of these lines; its folder."""
    raw = [line.encode() if isinstance(line, str) else line for line in lines]
    (folder / "some.jsonl").write_bytes(b"\n".join(raw) + b"\n")
    return folder


@pytest.mark.parametrize(
    "change",
    [
        {"id": 5},
        {"id": ""},
        {"kind": None},
        {"passages": []},
        {"passages": "Rain"},
        {"passages": [{"source": "Post"}]},
        {"passages": [{"source": "Post", "text": " "}]},
        {"passages": [["Post", "Rain"]]},
        {"headline": ["Rain"]},
        {"statement": 7},
        {"also": "It rained."},  # or each letter would be a true statement
        {"also": None},
        {"also": ["It rained.", 3]},
        {"corrupt": None},
        {"corrupt": [{"type": "date"}]},
        {"corrupt": [{"type": "date", "text": None}]},
    ],
)
def test_a_line_that_is_not_as_described_is_named(tmp_path: Path, change: dict[str, Any]) -> None:
    folder = written(tmp_path, json.dumps(LINE), "", json.dumps(LINE | change))
    with pytest.raises(ValueError, match=r"some\.jsonl:3: not a gold line"):
        pairs.read([folder], split="all")


@pytest.mark.parametrize("key", sorted(set(LINE) - {"also"}))
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    line = {k: v for k, v in LINE.items() if k != key}
    with pytest.raises(ValueError, match=rf"some\.jsonl:1: not a gold line.*{key}"):
        pairs.read([written(tmp_path, json.dumps(line))], split="all")


@pytest.mark.parametrize("line", ["{", "[1]", "7", '"text"', b'{"id": "\xff"}', "null"])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"some\.jsonl:2: not "):
        pairs.read([written(tmp_path, json.dumps(LINE), line)], split="all")


def test_marks_that_part_lines_elsewhere_part_none_here(tmp_path: Path) -> None:
    odd = LINE | {"statement": "Rain\u2028fell\x85on\x0cMonday."}
    folder = written(tmp_path, json.dumps(odd, ensure_ascii=False), json.dumps(LINE) + "\r")
    assert [e.statements[0] for e in pairs.read([folder], split="all")] == [
        odd["statement"],
        LINE["statement"],
    ]


def test_a_folder_without_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no \*\.jsonl"):
        pairs.read([DATA, tmp_path], split="train")


def test_a_line_becomes_an_example(tmp_path: Path) -> None:
    without = {k: v for k, v in LINE.items() if k != "also"} | {"id": "X-005"}
    folder = written(tmp_path, json.dumps(LINE), "  ", json.dumps(without))
    one, two = pairs.read([folder], split="all")
    assert [m for m, _ in one.manners] == ["close", "rephrased", "short"]
    assert [s for _, s in one.manners] == [LINE["statement"], *LINE["also"]]
    assert two.manners == (("", LINE["statement"]),)
    assert (one.held_out, two.held_out) == (False, True)
    assert one.passages == (("Velmar Post", LINE["passages"][0]["text"]),)
    assert one.evidence == (LINE["passages"][0]["text"],)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ("Rain fell on Tuesday.", "Tuesday."),
        ("Snow fell on Monday.", "Snow"),
        ("Rain never fell on Monday.", "never"),
        ("Rain on Monday.", "on"),
        ("Rain fell on Monday", "Monday"),
        ("Rain fell on Monday. It snowed.", "It"),
        ("On Monday, rain did not fall.", "did"),  # it follows the second true statement longest
    ],
)
def test_the_error_begins_at_the_first_word_that_differs(wrong: str, word: str) -> None:
    e = pairs.Example(
        "X-1", "compress", (("Post", "Rain fell."),), "Rain",
        ("Rain fell on Monday.", "On Monday, rain fell."), (("date", wrong),),
    )  # fmt: skip
    *true, row = pairs.judged(e)
    assert [(r.supported, r.wrong_from) for r in true] == [(True, -1), (True, -1)]
    assert (row.supported, row.kind) == (False, "date")
    assert wrong[row.wrong_from :].split()[0] == word
    assert row.wrong_from == 0 or wrong[row.wrong_from - 1] == " "


def test_every_shipped_error_begins_at_a_word_that_no_true_statement_has_there() -> None:
    for e in gold():
        rows = pairs.judged(e)
        assert [r.supported for r in rows] == [True] * len(e.statements) + [False] * len(e.corrupt)
        for row in rows[len(e.statements) :]:
            assert 0 <= row.wrong_from < len(row.statement), e.id
            before = row.statement[: row.wrong_from]
            assert any(s.startswith(before.rstrip()) for s in e.statements), e.id
            word = row.statement[row.wrong_from :].split()[0]
            longer = f"{before}{word} "
            assert not any(s.startswith(longer) for s in e.statements), (e.id, longer)


def test_other_true_statements_may_be_given() -> None:
    (e,) = gold()[:1]
    assert [r.statement for r in pairs.judged(e, supported=["It is so."]) if r.supported] == [
        "It is so."
    ]
    assert {r.wrong_from for r in pairs.judged(e, supported=[])} == {-1}


DRAFT: dict[str, Any] = {"evidence": ["Rain fell."], "statement": "It rained.", "label": 1}


def test_labelled_drafts_are_read(tmp_path: Path) -> None:
    file = tmp_path / "drafts.jsonl"
    file.write_text(f"{json.dumps(DRAFT)}\n\n{json.dumps(DRAFT | {'label': 0, 'weight': 2})}\n")
    one, two = pairs.drafts([file])
    assert one == pairs.Labelled(("Rain fell.",), "It rained.", True, kind="draft")
    assert (two.supported, two.weight) == (False, 2.0)
    with pytest.raises(ValueError, match=r"drafts\.jsonl:1: .*from"):
        pairs.labelled([file])
    file.write_text(json.dumps(DRAFT | {"from": "elsewhere"}))
    assert [r.kind for r in pairs.labelled([file])] == ["elsewhere"]


@pytest.mark.parametrize(
    "change",
    [
        {"label": "0"},  # which would count as true
        {"label": None},
        {"label": 2},
        {"evidence": "Rain fell."},  # each letter a report
        {"evidence": []},
        {"evidence": [""]},
        {"statement": " "},
        {"weight": 0},
        {"weight": -1},
        {"weight": float("nan")},
        {"weight": float("inf")},
        {"weight": "much"},
    ],
)
def test_a_draft_that_is_not_as_described_is_named(tmp_path: Path, change: dict[str, Any]) -> None:
    file = tmp_path / "drafts.jsonl"
    file.write_text(f"{json.dumps(DRAFT)}\n\n{json.dumps(DRAFT | change)}\n")
    with pytest.raises(ValueError, match=r"drafts\.jsonl:3: not a labelled statement"):
        pairs.drafts([file])


def example(number: int, passages: int) -> Any:
    """An example whose passages name it."""
    told = tuple((f"Outlet {k}", f"{number} tells {k}.") for k in range(passages))
    return pairs.Example(f"X-{number}", "fuse", told, "It", ("It is.",), ())


@given(st.integers(1, 6), st.integers(0, 999))
def test_noise_is_one_passage_of_another_example_at_the_end(passages: int, seed: int) -> None:
    mine, others = example(1, passages), [example(1, passages), example(2, 2)]
    found = pairs.noisy(mine, others, Random(seed))
    assert found.passages[:passages] == mine.passages
    more = found.passages[passages:]
    assert len(more) <= (1 if passages < 4 else 0)
    assert all(text.startswith("2 tells") for _, text in more)


def test_noise_comes_in_its_share_and_shuffling_in_every_order() -> None:
    mine, others = example(1, 3), [example(2, 2)]
    random = Random(1)
    share = sum(len(pairs.noisy(mine, others, random).passages) == 4 for _ in range(2000)) / 2000
    assert abs(share - pairs.NOISE) < 0.03
    orders = Counter(pairs.shuffled(mine, random).passages for _ in range(600))
    assert len(orders) == 6
    assert min(orders.values()) > 60
    assert pairs.reordered(mine, [2, 0, 1]).evidence == ("1 tells 2.", "1 tells 0.", "1 tells 1.")
