"""The pinned floors fail when they are missed: a floor that cannot fail pins nothing."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

EVALS = Path(__file__).parent.parent / "evals"


@pytest.fixture(scope="module")
def floors() -> ModuleType:
    spec = importlib.util.spec_from_file_location("floors", EVALS / "floors.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GOOD = {
    "extraction": {"f1": 0.98},
    "feeds": {"crashed": 0, "hung": 0, "gofeed_agree": 539},
    "judge": {"gold_caught": 1.0, "copies_refused": 0.003},
    "writer": {"rule_violations": 0.0, "kept": 0.2},
    "day": {"verified": True, "entries_new_at_second_poll": 0},
}
WORSE = [
    ("extraction", {"f1": 0.9}),
    ("feeds", {"crashed": 1}),
    ("feeds", {"gofeed_agree": 538}),
    ("judge", {"copies_refused": 0.5}),
    ("writer", {"rule_violations": 0.01}),
    ("day", {"verified": False}),
    ("day", {"entries_new_at_second_poll": 2}),
]


@pytest.mark.parametrize("name", GOOD)
def test_figures_at_their_floors_pass(floors: ModuleType, name: str) -> None:
    assert floors.missed(name, GOOD[name]) == 0


@pytest.mark.parametrize(("name", "worse"), WORSE)
def test_a_worse_figure_fails_and_is_named(
    floors: ModuleType, name: str, worse: dict[str, float], capsys: pytest.CaptureFixture[str]
) -> None:
    assert floors.missed(name, {**GOOD[name], **worse}) == 1
    assert next(iter(worse)) in capsys.readouterr().err


@pytest.mark.parametrize("name", GOOD)
def test_a_figure_that_is_not_given_fails(floors: ModuleType, name: str) -> None:
    assert floors.missed(name, {}) == 1


@pytest.mark.parametrize("name", GOOD)
def test_every_eval_holds_its_floors(name: str) -> None:
    assert f'missed("{name}"' in (EVALS / f"{name}.py").read_text("utf-8")
