"""SECURITY.md is true: each attack has its row, and each module and test named there is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import briefing

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
TABLE = TEXT.partition("## What is defended where")[2].partition("\n## ")[0]
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TABLE.splitlines()
    if line.startswith("|") and "---" not in line
][1:]

ATTACKS = (
    "SSRF", "bombs", "drip", "XML", "script", "tracking", "mail headers", "terminal",
    "instructions", "pickles", "packages", "paths", "secrets", "unsubscrib", "by accident",
)  # fmt: skip
"""One word for each attack that we know of; each has its row, in this order."""


def test_every_attack_has_its_row() -> None:
    assert len(ROWS) == len(ATTACKS)
    for word, row in zip(ATTACKS, ROWS, strict=True):
        assert word in row[0]
        assert len(row) == 4


@pytest.mark.parametrize("row", ROWS, ids=ATTACKS)
def test_each_row_names_modules_and_tests_that_are_there(row: list[str]) -> None:
    _, _, where, proved = row
    modules = re.findall(r"`([^`]+)`", where)
    assert modules
    assert all((ROOT / name).is_file() for name in modules), modules
    tests = re.findall(r"`(tests/\w+\.py)::(\w+)`", proved)
    assert tests
    for file, name in tests:
        tree = ast.parse((ROOT / file).read_bytes())
        assert name in {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}, (
            name
        )


def test_the_version_that_gets_fixes_is_this_one() -> None:
    assert re.findall(r"^\| (\d+\.\d+) \| yes \|", TEXT, re.M) == [
        ".".join(briefing.__version__.split(".")[:2])
    ]


def test_it_says_how_to_report_and_what_is_not_defended() -> None:
    assert "never in a public issue" in TEXT
    assert len(TEXT.partition("## What is not defended")[2].split("\n- ")) > 5
