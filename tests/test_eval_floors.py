"""The pinned floors fail when they are missed, rise by themselves, and fall only with a reason."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from briefing.cli.eval import part

floors = part("floors")
running = part("running")

PINNED = {
    "judge": {
        "caught": {"least": 0.9, "margin": 0.01, "best": 0.9},
        "alarms": {"most": 0.1, "margin": 0.02, "best": 0.1},
    }
}
HELD = {"caught": 0.9, "alarms": 0.1}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "floors.json"
    path.write_text(json.dumps(PINNED), "utf-8")
    return path


def update(
    file: Path, figures: Any, *arguments: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, dict[str, Any]]:
    """Exit status of ``update``, and the floors afterwards."""
    text = figures if isinstance(figures, str) else json.dumps(figures)
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    try:
        status = floors.main(["update", "--eval", "judge", *arguments], file=file)
    except SystemExit as stopped:
        status = stopped.code
    return status, json.loads(file.read_text("utf-8"))


# -- holding -----------------------------------------------------------------------------------


def test_figures_at_their_floors_pass(file: Path) -> None:
    assert floors.missed("judge", HELD, file=file) == 0
    assert floors.missed("an eval without floors", {}, file=file) == 0


@pytest.mark.parametrize(
    "worse",
    [{"caught": 0.899}, {"alarms": 0.101}, {"caught": None}, {"alarms": float("nan")}],
)
def test_a_worse_figure_fails_and_is_named(
    file: Path, worse: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert floors.missed("judge", {**HELD, **worse}, file=file) == 1
    assert next(iter(worse)) in capsys.readouterr().err


def test_a_figure_that_is_no_longer_given_fails(file: Path) -> None:
    assert floors.missed("judge", {"caught": 1.0}, file=file) == 1


def test_every_pinned_eval_exists_and_no_floor_is_loose_without_a_reason() -> None:
    pinned = floors.pinned()
    assert set(pinned) <= {*running.NAMES, "small", "small with models"}
    assert floors.unexplained(pinned) == []
    for listed in pinned.values():
        for floor in listed.values():
            assert ("least" in floor) != ("most" in floor)
            assert floor["margin"] >= 0


def test_a_floor_lowered_by_hand_is_found() -> None:
    for side, by_hand in (("least", 0.8), ("most", 0.2)):
        loose = {
            "judge": {"x": {side: by_hand, "margin": 0, "best": 0.85 if side == "least" else 0.1}}
        }
        assert floors.unexplained(loose) == ["judge: x"]
        loose["judge"]["x"]["lowered"] = " "
        assert floors.unexplained(loose) == ["judge: x"]
        loose["judge"]["x"]["lowered"] = "the set has grown"
        assert floors.unexplained(loose) == []


# -- moving ------------------------------------------------------------------------------------


def test_better_figures_raise_the_floors_less_their_margin(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, after = update(file, {"caught": 0.95, "alarms": 0.03}, monkeypatch=monkeypatch)
    assert status == 0
    assert after["judge"]["caught"] == {"least": 0.94, "margin": 0.01, "best": 0.94}
    assert after["judge"]["alarms"] == {"most": 0.05, "margin": 0.02, "best": 0.05}


def test_figures_within_the_margin_move_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, after = update(file, {"caught": 0.905, "alarms": 0.09}, monkeypatch=monkeypatch)
    assert (status, after) == (0, PINNED)


def test_a_fall_is_refused_and_nothing_else_is_raised_with_it(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, after = update(file, {"caught": 0.99, "alarms": 0.3}, monkeypatch=monkeypatch)
    assert (status, after) == (1, PINNED)
    assert "alarms is pinned at most 0.1, found 0.3" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [("--lower",), ("--lower", "--reason", "  "), ("--reason", "it fell")],
)
def test_lowering_needs_both_the_flag_and_a_reason(
    file: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    status, after = update(
        file, {"caught": 0.5, "alarms": 0.1}, *arguments, monkeypatch=monkeypatch
    )
    assert (status, after) == (2, PINNED)


def test_a_lowered_floor_keeps_its_best_and_says_why(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fallen = {"caught": 0.8, "alarms": 0.1}
    why = ("--lower", "--reason", "harder pairs")
    status, after = update(file, fallen, *why, monkeypatch=monkeypatch)
    assert status == 0
    assert after["judge"]["caught"] == {
        "least": 0.79, "margin": 0.01, "best": 0.9, "lowered": "harder pairs",
    }  # fmt: skip
    assert after["judge"]["alarms"] == PINNED["judge"]["alarms"]  # it held
    assert floors.unexplained(after) == []
    # Raised half way it is still below its best, and the reason stays; at its best it goes.
    _, half = update(file, {**fallen, "caught": 0.86}, monkeypatch=monkeypatch)
    assert half["judge"]["caught"]["lowered"] == "harder pairs"
    _, whole = update(file, {**fallen, "caught": 0.91}, monkeypatch=monkeypatch)
    assert whole["judge"]["caught"] == {"least": 0.9, "margin": 0.01, "best": 0.9}


def test_with_the_flag_what_holds_is_not_lowered(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = ("--lower", "--reason", "to be safe")
    assert update(file, HELD, *why, monkeypatch=monkeypatch) == (0, PINNED)


def test_a_figure_that_was_not_measured_lowers_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = ("--lower", "--reason", "gone")
    assert update(file, {"caught": 0.95}, *why, monkeypatch=monkeypatch) == (1, PINNED)


def test_a_new_figure_is_pinned_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = {**HELD, "auc": 0.9}
    status, after = update(file, figures, "--pin", "auc=0.02", monkeypatch=monkeypatch)
    assert status == 0
    assert after["judge"]["auc"] == {"least": 0.88, "margin": 0.02, "best": 0.88}
    # Pinned again it would be a way to lower it without a reason.
    lower = {**figures, "auc": 0.5}
    assert update(file, lower, "--pin", "auc=0.02", monkeypatch=monkeypatch) == (2, after)


def test_the_figures_of_all_evals_may_be_piped_in(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = {"judge": {"caught": 0.95, "alarms": 0.1}, "left_out": {"day": "no data"}}
    status, after = update(file, every, monkeypatch=monkeypatch)
    assert (status, after["judge"]["caught"]["least"]) == (0, 0.94)


@pytest.mark.parametrize("text", ["", "no figures", "[1, 2]", "7"])
def test_what_is_no_figures_is_refused(
    file: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert update(file, text, monkeypatch=monkeypatch) == (2, PINNED)
