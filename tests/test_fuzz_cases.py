"""Inputs that once showed a fault hold now; and so do the inputs that a fuzzer begins with.

How they were found: `fuzz/`, `make fuzz`.
"""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))  # fuzz/ belongs to the checkout, not to the package
TARGETS = {
    name: importlib.import_module(f"fuzz.{name}")
    for name in ("parse", "extract", "clean", "config", "render")
}
CASES = [
    (name, path) for name in TARGETS for path in importlib.import_module("fuzz.corpus").cases(name)
]


@pytest.mark.parametrize(
    ("target", "case"), CASES, ids=[f"{name}-{path.name}" for name, path in CASES]
)
@pytest.mark.timeout(20)  # two of them took hours
def test_an_input_that_showed_a_fault_holds(target: str, case: Path) -> None:
    TARGETS[target].check(case.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_has_cases_words_and_a_beginning(target: str) -> None:
    corpus = importlib.import_module("fuzz.corpus")
    assert corpus.known(target)
    assert corpus.cases(target)
    seeds = list(TARGETS[target].seeds(None))
    assert len(seeds) >= 10
    for seed in seeds[:: max(1, len(seeds) // 20)]:
        TARGETS[target].check(seed)


def test_make_installs_the_version_that_the_project_names() -> None:
    pinned = re.findall(r"atheris==[\d.]+", (ROOT / "pyproject.toml").read_text("utf-8"))
    made = re.findall(r"atheris==[\d.]+", (ROOT / "Makefile").read_text("utf-8"))
    assert len(pinned) == 1
    assert made == pinned
