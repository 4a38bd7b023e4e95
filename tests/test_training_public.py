"""Public rows: short evidence, and no document that the judge is measured on."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))  # training/ belongs to the checkout, not to the package
public = importlib.import_module("training.public")
judge = importlib.import_module("training.judge")


def story(name: str, sentences: int = 12) -> str:
    """A document with words of its own."""
    return " ".join(
        f"The {name}{k} council of {name} met on day {name}x{k} and voted {name}y{k}."
        for k in range(sentences)
    )


def lines(file: Path, *rows: dict[str, Any]) -> None:
    """Write JSON lines."""
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of all public sets, one or two rows each."""
    folder = tmp_path / "faithfulness"
    folder.mkdir()
    lines(folder / "aggrefact_cnndm_val.jsonl", {"document": story("alder")})
    lines(folder / "aggrefact_xsum_val.jsonl", {"document": story("birch")})
    for name in ("cogensumm", "factcc", "frank"):
        lines(
            folder / f"summac_{name}_val.jsonl",
            {"document": story(name), "claim": f"The {name}3 council met.", "label": 1},
            {"document": story("alder"), "claim": "The alder1 council met.", "label": 0},
        )
    bad = {"article": story("elm"), "candidate": "The elm1 council fell.", "has_error": True}
    lines(
        folder / "defacto_train.jsonl",
        bad | {"feedback": {"summary": "The elm1 council met."}},
        bad | {"article": story("fir"), "feedback": {"summary": bad["candidate"]}},
        bad | {"article": story("yew"), "has_error": False},
    )
    lines(folder / "defacto_val.jsonl", bad | {"article": ""})
    (folder / "factcg_cg2c_doc.json").write_text(
        json.dumps(
            [{"text_a": story("oak"), "text_b": ["The oak2 council met."], "orig_label": "0"}]
        )
    )
    return tmp_path


def made(data: Path, *options: str) -> list[dict[str, Any]]:
    """The rows that are written."""
    out = data / "rows.jsonl"
    assert public.main(["--data", str(data), "--out", str(out), *options]) == 0
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_every_set_gives_its_rows_and_the_judge_can_read_them(data: Path) -> None:
    rows = made(data)
    found = sorted((r["from"], r["statement"], r["label"]) for r in rows)
    assert found == [
        ("defacto", "The elm1 council fell.", 0),  # of elm
        ("defacto", "The elm1 council fell.", 0),  # of fir, whose correction corrects nothing
        ("defacto", "The elm1 council fell.", 1),  # of yew
        ("defacto", "The elm1 council met.", 1),
        ("factcg", "The oak2 council met.", 0),
        ("summac cogensumm", "The cogensumm3 council met.", 1),
        ("summac factcc", "The factcc3 council met.", 1),
        ("summac frank", "The frank3 council met.", 1),
    ]
    read = judge.public_rows([data / "rows.jsonl"])
    assert [(r.kind, r.statement, r.supported) for r in read] == [
        (r["from"], r["statement"], bool(r["label"])) for r in rows
    ]
    assert all(len(r.evidence) <= public.NEAREST for r in read)


def test_a_claims_evidence_holds_the_sentence_that_it_is_about(data: Path) -> None:
    for row in made(data):
        if row["from"].startswith("summac"):
            assert any(f"{row['from'].split()[1]}3 council" in text for text in row["evidence"])


@pytest.mark.parametrize(
    "changed",
    [
        "(CNN) -- {0}",
        "{0} Copyright 2024. All rights reserved. This may not be published or broadcast.",
        "LONDON, England (Agency) -- In a rare move, a day late. {0}",
    ],
)
def test_a_copy_with_another_beginning_or_end_is_left_out(data: Path, changed: str) -> None:
    copies = (
        changed.format(story("alder")).upper(),
        changed.format(story("birch").replace(" ", "\n ").replace(".", " . ")),
        changed.format(story("birch", 5)),
    )
    for copy in copies:
        lines(
            data / "faithfulness" / "summac_frank_val.jsonl",
            {"document": copy, "claim": "It met.", "label": 1},
        )
        assert not [r for r in made(data) if r["from"] == "summac frank"]


def test_a_short_text_is_compared_whole(data: Path) -> None:
    lines(data / "faithfulness" / "aggrefact_xsum_val.jsonl", {"document": "Rain fell."})
    lines(
        data / "faithfulness" / "summac_frank_val.jsonl",
        {"document": "Rain  fell", "claim": "It rained.", "label": 1},
        {"document": "Snow fell.", "claim": "It snowed.", "label": 1},
    )
    found = [r["statement"] for r in made(data) if r["from"] == "summac frank"]
    assert found == ["It snowed."]


def test_a_quoted_sentence_makes_no_copy(data: Path) -> None:
    quoted = f"{story('larch', 20)} {story('alder', 1)}"
    lines(
        data / "faithfulness" / "summac_frank_val.jsonl",
        {"document": quoted, "claim": "It met.", "label": 1},
    )
    assert [r for r in made(data) if r["from"] == "summac frank"]


def test_the_end_of_a_long_document_is_not_looked_at(data: Path) -> None:
    last = public.LONGEST
    lines(
        data / "faithfulness" / "summac_frank_val.jsonl",
        *(
            {"document": story("ash", last + 5), "claim": f"The ash{k} council met.", "label": 1}
            for k in (last - 1, last)
        ),
    )
    inside, outside = [r["evidence"] for r in made(data) if r["from"] == "summac frank"]
    assert any(f"ash{last - 1} council" in text for text in inside)
    assert not any(f"ash{last} council" in text for text in outside)


def test_so_many_of_each_source(data: Path) -> None:
    assert sorted(r["from"] for r in made(data, "--each", "1")) == [
        "defacto",
        "factcg",
        "summac cogensumm",
        "summac factcc",
        "summac frank",
    ]


def test_without_the_measured_documents_nothing_is_written(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in (data / "faithfulness").glob("aggrefact_*"):
        file.unlink()
    with pytest.raises(SystemExit):
        made(data)
    assert "what must be left out is not known" in capsys.readouterr().err
    assert not (data / "rows.jsonl").exists()


def test_nearest_takes_the_rare_words_and_keeps_the_order() -> None:
    document = ["The town met.", "Rain fell on Norre.", "The town voted.", "The mayor slept."]
    assert public.nearest("The mayor of the town felt rain.", document, 2) == [
        "Rain fell on Norre.",
        "The mayor slept.",
    ]
    assert public.nearest("Rain fell. The mayor slept.", document, 1) == [document[1], document[3]]
    assert public.nearest("Nothing alike.", document, 1) == document[:1]
    assert public.nearest("Rain.", []) == []


def test_tokenised_text_is_mended() -> None:
    assert public.split("Rain fell , she said .  It was\nlate .") == [
        "Rain fell, she said.",
        "It was late.",
    ]


def test_a_row_that_is_not_as_described_is_named(tmp_path: Path) -> None:
    file = tmp_path / "public.jsonl"
    file.write_text('{"evidence": ["a"], "statement": "b", "label": 1}\n')
    with pytest.raises(ValueError, match=r"public\.jsonl:1: .*from"):
        judge.public_rows([file])
