"""What the configuration means for the models: adapters, manner of asking, thresholds."""

from __future__ import annotations

import math
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from briefing import app, config
from briefing.adapters.models import SHIPPED, calibration
from briefing.cli import console
from briefing.config import Config
from briefing.errors import ModelError
from briefing.pipeline import Limits


def configured(project: Path, **models: str) -> Config:
    lines = [f'{key} = "{value}"' for key, value in models.items()]
    file = project / "config" / "briefing.toml"
    text = '[run]\nstory = "harbour-strike"\nsource = "seeds"\n[models]\n' + "\n".join(lines)
    file.write_text(text, "utf-8")
    return config.load(file, {})


def test_what_ships_is_used_when_nothing_is_said(project: Path) -> None:
    said = configured(project)
    settings = app.model_settings(said)
    assert (settings.adapter, settings.judge) == ("", str(SHIPPED / "judge"))
    bar = calibration(SHIPPED / "judge")
    limits = app.limits(said)
    assert (limits.floor, limits.trust) == (bar.floor, bar.trust)
    assert limits.trust == math.inf, "the shipped judge vouches for no other words"
    assert limits.style == "confined"
    assert limits.bar == {"floor": bar.floor, "trust": bar.trust}


@pytest.mark.parametrize(
    ("models", "adapter", "style"),
    [
        ({}, "", "confined"),
        ({"adapter": "shipped"}, str(SHIPPED / "writer"), "manners"),
        ({"adapter": ""}, "", "confined"),
        ({"adapter": "mine"}, "mine", "reports"),
        ({"writer": "some/model"}, "", "reports"),
        ({"writer": "some/model", "adapter": "shipped"}, "", "reports"),
        ({"writer": "some/model", "adapter": "mine"}, "mine", "reports"),
    ],
)
def test_each_writer_is_asked_in_its_own_manner(
    project: Path, models: dict[str, str], adapter: str, style: str
) -> None:
    said = configured(project, **models)
    found = app.model_settings(said)
    assert found.adapter == (str(project / adapter) if adapter == "mine" else adapter)
    assert found.judge == str(SHIPPED / "judge"), "it judges every writer"
    assert app.style(said) == app.limits(said).style == style


def test_without_a_judge_no_score_vouches_for_other_words(project: Path) -> None:
    said = configured(project, judge="")
    assert app.model_settings(said).judge == ""
    limits = app.limits(said)
    assert limits.trust == math.inf
    assert limits.floor == Limits().floor


def test_a_judge_of_ones_own_brings_its_thresholds(project: Path) -> None:
    (project / "mine").mkdir()
    (project / "mine" / "calibration.json").write_text(
        '{"floor": 0.2, "trust": 0.7, "even": 0.5, "measured": "on nothing"}'
    )
    said = configured(project, judge="mine")
    assert app.model_settings(said).judge == str(project / "mine")
    assert app.limits(said).bar == {"floor": 0.2, "trust": 0.7}


@pytest.mark.parametrize("command", ["run", "verify"])
def test_a_judge_without_thresholds_ends_a_command_before_any_work(
    project: Path, command: str
) -> None:
    judge = shutil.copytree(SHIPPED / "judge", project / "mine")
    (judge / "calibration.json").unlink()
    said = configured(project, judge="mine")
    (project / "seeds").mkdir()
    (project / "digests").mkdir()
    (project / "digests" / "evidence.json").write_text("{}")
    with pytest.raises(ModelError, match=r"calibration\.json"):
        app.limits(said)
    named = ["digests"] if command == "verify" else []
    done = subprocess.run(
        [sys.executable, "-m", "briefing", command, *named],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == console.FAILED
    assert "calibration.json does not say how sure the judge must be" in done.stderr
    assert 'Remedy: it holds {"floor"' in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project / "state").exists()
