"""The command line: help that teaches, errors with a remedy, exit codes, and no work on import."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from briefing.adapters.models import SHIPPED
from briefing.cli import COMMANDS, command, console, progress
from briefing.errors import StoreError

ROOT = Path(__file__).parent.parent


def call(*arguments: str) -> Result:
    """The command's result; an error that is not a clean exit is raised."""
    result = CliRunner().invoke(command, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def process(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, as a user starts it."""
    return subprocess.run(
        [sys.executable, "-m", "briefing", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# -- help --------------------------------------------------------------------------------------

HEAVY = (
    "torch",
    "transformers",
    "peft",
    "sqlalchemy",
    "trafilatura",
    "rich",
    "numpy",
    "feedparser",
)


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["--version"], ["feeds"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys\n"
        "from briefing.cli import main\n"
        f"try:\n    main({arguments!r})\n"
        "except SystemExit as stop:\n    code = stop.code\n"
        "print('MODULES', *sorted(m for m in sys.modules if '.' not in m))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    loaded = done.stdout.rpartition("MODULES ")[2].split()
    assert "click" in loaded, "the list of modules is real"
    assert not set(HEAVY) & set(loaded)


def test_help_lists_every_command_in_its_own_words() -> None:
    shown = call("--help").output
    for name in COMMANDS:
        lines = [line for line in shown.splitlines() if line.startswith(f"  {name} ")]
        assert len(lines) == 1, name
        assert not lines[0].endswith("..."), f"{name} is cut short"
        assert lines[0].endswith("."), name


def test_a_misspelt_command_is_answered_with_the_nearest() -> None:
    result = call("verfy")
    assert result.exit_code == console.WRONG_CONFIGURATION
    assert "Did you mean 'verify'?" in result.output


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_names_the_program(shell: str) -> None:
    result = call("completion", shell)
    assert result.exit_code == 0
    assert "_BRIEFING_COMPLETE" in result.output


def test_completion_answers_half_words(project: Path) -> None:
    done = process(
        folder=project, _BRIEFING_COMPLETE="bash_complete", COMP_WORDS="briefing fe", COMP_CWORD="1"
    )
    assert done.stdout == "plain,feeds\n"
    assert done.stderr == ""


# -- errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [["--config", "no.toml", "status"], ["status", "--config=no.toml"]]
)
def test_a_missing_configuration_is_one_message_with_a_remedy(
    project: Path, arguments: list[str]
) -> None:
    done = process(*arguments, folder=project)
    assert done.returncode == console.WRONG_CONFIGURATION
    assert done.stdout == ""
    assert done.stderr.startswith(f"briefing: no configuration file at {project}/no.toml\n")
    assert "Remedy: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_misspelt_key_is_refused_before_any_work(project: Path) -> None:
    (project / "config" / "briefing.toml").write_text("[run]\nstroy = 'x'\n", "utf-8")
    done = process("run", folder=project)
    assert done.returncode == console.WRONG_CONFIGURATION
    assert "config/briefing.toml:2: unknown key 'stroy'" in done.stderr
    assert "did you mean 'story'?" in done.stderr
    assert not (project / "state").exists()


def test_an_unknown_story_is_refused_before_any_work(project: Path) -> None:
    done = process("run", "--story", "harbor-strike", folder=project)
    assert done.returncode == console.WRONG_CONFIGURATION
    assert "did you mean 'harbour-strike'?" in done.stderr
    assert not (project / "state").exists()


def test_a_store_that_cannot_be_opened_is_no_traceback(project: Path) -> None:
    done = process("status", folder=project, BRIEFING_STORE="sqlite:////proc/no/store.db")
    assert done.returncode == console.FAILED
    assert "Remedy: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bug_keeps_its_traceback(project: Path) -> None:
    program = (
        "import briefing.cli.console as console\n"
        "from briefing.cli import main\n"
        "def broken(): raise KeyError('a bug')\n"
        "console.configuration = broken\n"
        "main(['status'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == console.FAILED
    assert "Traceback" in done.stderr
    assert "a bug" in done.stderr


def test_a_stop_signal_unwinds_and_ends() -> None:
    program = (
        "import time\n"
        "import briefing.cli.console as console\n"
        "from briefing.cli import main\n"
        "def slow():\n"
        "    try:\n"
        "        print('begun', flush=True)\n"
        "        time.sleep(60)\n"
        "    finally:\n"
        "        print('unwound', flush=True)\n"
        "console.configuration = slow\n"
        "main(['status'])\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "begun\n"
        running.terminate()
        assert running.stdout.read() == "unwound\n"
    assert running.returncode == 128 + 15


@pytest.mark.parametrize("said", ["2024-11-31", "22.11.2024", "yesterday", "2024-W47-5x"])
def test_a_wrong_date_is_a_wrong_use(project: Path, said: str) -> None:
    result = call("run", "--date", said)
    assert result.exit_code == console.WRONG_CONFIGURATION
    assert "2024-11-22" in result.output


# -- output ------------------------------------------------------------------------------------


class Ticking:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_log_shows_begin_end_and_signs_of_life() -> None:
    out, clock = io.StringIO(), Ticking()
    lines = progress.Lines(out, clock=clock)
    for done in range(101):
        lines("write", done, 100)
        clock.now += 0.25
    lines("write", 100, 100)
    lines("read", 7, 0)
    assert out.getvalue().splitlines() == [
        "stage=write done=0 total=100",
        "stage=write done=40 total=100",
        "stage=write done=80 total=100",
        "stage=write done=100 total=100",
        "stage=read done=7",
    ]


def test_a_stage_that_comes_again_is_shown_again() -> None:
    out = io.StringIO()
    lines = progress.Lines(out, clock=Ticking())
    for total in (3, 5):
        lines("embed", total, total)
    assert out.getvalue().count("stage=embed") == 2


def test_on_a_terminal_each_stage_has_a_bar() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    with progress.shown(quiet=False, stream=out) as listener:
        listener("write", 1, 2)
        listener("check", 0, 0)
        listener("write", 2, 2)
    assert "write" in out.getvalue()
    assert "2/2" in out.getvalue()


def test_quiet_says_nothing() -> None:
    out = io.StringIO()
    with progress.shown(quiet=True, stream=out) as listener:
        listener("write", 1, 2)
    assert out.getvalue() == ""


def test_columns_are_aligned_and_not_padded_at_the_end() -> None:
    rows = [("a", 1, "long text"), ("bcd", 22, "")]
    assert console.table(rows) == ["  a    1   long text", "  bcd  22"]
    assert console.table([]) == []


# -- doctor and model --------------------------------------------------------------------------


def findings(result: Result) -> dict[str, dict[str, str]]:
    return {one["check"]: one for one in json.loads(result.stdout)["findings"]}


def test_doctor_goes_on_without_a_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = call("doctor", "--json")
    assert result.exit_code == console.LEFT_OUT
    found = findings(result)
    assert found["packages"]["state"] == "well"
    assert found["configuration"]["state"] == "fault"
    assert "--config" in found["configuration"]["remedy"]


def test_doctor_names_what_is_wrong_and_how_to_mend_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIEFING_CACHE", str(project / "cache"))
    (project / "config" / "briefing.toml").write_text(
        '[run]\nstory = "harbour-strike"\nsource = "articles"\n'
        '[models]\nadapter = "gone"\njudge = "lost"\n[store]\nurl = "sqlite:////proc/no/store.db"\n',
        "utf-8",
    )
    (project / "config" / "feeds.opml").write_text("<opml><body>\n<outline", "utf-8")
    result = call("doctor", "--json")
    assert result.exit_code == console.LEFT_OUT
    found = findings(result)
    for check in ("adapter", "judge", "store", "feeds", "source"):
        assert found[check]["state"] == "fault", check
        assert found[check]["remedy"], check
    assert "feeds.opml:2" in found["feeds"]["says"]
    assert found["converted writer"]["state"] == "note"
    assert found["converted writer"]["remedy"] == "briefing model fetch"
    shown = call("doctor", "--quiet").output
    assert shown.count("MEND") == sum(one["state"] == "fault" for one in found.values())
    assert "note" not in shown


def test_doctor_is_content_with_a_whole_project(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIEFING_CACHE", str(project / "cache"))
    (project / "seeds").mkdir()
    result = call("doctor", "--quiet")
    assert (result.exit_code, result.output) == (console.DONE, "")


def test_doctor_finds_missing_and_other_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    from briefing.cli import doctor

    wanted = ["click==0.0.1", "no-such-package==3.2", "numpy>=2.2,<3", 'x==1; extra == "dev"']
    monkeypatch.setattr("importlib.metadata.requires", lambda _: wanted)
    (found,) = doctor.packages()
    assert found.state == "fault"
    assert found.remedy == "pip install click==0.0.1 no-such-package==3.2"
    assert doctor.python((3, 10, 4)).state == "fault"


def test_model_list_names_weights_and_checksums(project: Path) -> None:
    (project / "config" / "briefing.toml").write_text('[models]\nadapter = "shipped"\n')
    models = json.loads(call("model", "list", "--json").stdout)["models"]
    assert [model["role"] for model in models] == ["writer", "adapter", "judge", "embeddings"]
    for model in models:
        assert model["state"] == "there"
        assert len(model["sha256"]) == 64
    for model in models[1:3]:
        weights = Path(model["path"]) / "adapter_model.safetensors"
        assert model["sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()


def test_model_list_without_adapters_shows_what_stands_in_for_the_judge(project: Path) -> None:
    (project / "config" / "briefing.toml").write_text('[models]\nadapter = ""\njudge = ""\n')
    models = json.loads(call("model", "list", "--json").stdout)["models"]
    assert [model["role"] for model in models] == ["writer", "judge", "embeddings"]
    assert "similarity" in models[1]["name"]


def test_a_shipped_adapter_is_not_laid_over_another_writer(project: Path) -> None:
    (project / "config" / "briefing.toml").write_text(
        '[models]\nwriter = "some/model"\nadapter = "shipped"\n'
    )
    models = json.loads(call("model", "list", "--json").stdout)["models"]
    assert [model["role"] for model in models] == ["writer", "judge", "embeddings"]


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("adapter_model.safetensors", None, "adapter_model.safetensors"),
        ("adapter_model.safetensors", b"cut", "adapter_model.safetensors"),
        ("adapter_config.json", None, "adapter_config.json"),
        ("adapter_config.json", b'{"peft_type": "IA3"}', "IA3"),
        ("calibration.json", None, "calibration.json"),
        ("calibration.json", b'{"floor": 0.1}', "calibration.json"),
    ],
)
def test_a_missing_or_broken_judge_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, file: str, text: bytes | None, says: str
) -> None:
    monkeypatch.setenv("BRIEFING_CACHE", str(project / "cache"))
    judge = shutil.copytree(SHIPPED / "judge", project / "mine")
    (project / "config" / "briefing.toml").write_text(
        '[models]\nadapter = "shipped"\njudge = "mine"\n', "utf-8"
    )
    (project / "seeds").mkdir()
    assert findings(call("doctor", "--json"))["judge"] == {
        "check": "judge", "state": "well", "says": str(judge), "remedy": "",
    }  # fmt: skip
    (judge / file).unlink()
    if text is not None:
        (judge / file).write_bytes(text)
    result = call("doctor", "--json")
    assert result.exit_code == console.LEFT_OUT
    found = findings(result)
    assert found["judge"]["state"] == "fault"
    assert says in found["judge"]["says"]
    assert "correct judge in" in found["judge"]["remedy"]
    assert found["adapter"]["state"] == "well"
    listed = json.loads(call("model", "list", "--json").stdout)["models"]
    (shown,) = [model for model in listed if model["role"] == "judge"]
    assert shown["state"] != "there"
    assert says in shown["state"] or shown["state"] == "missing"


def test_model_list_shows_another_writer_and_its_adapter(project: Path) -> None:
    (project / "config" / "briefing.toml").write_text(
        '[models]\nwriter = "some/model"\nadapter = "mine"\n', "utf-8"
    )
    shown = call("model", "list").output
    assert "writer: some/model" in shown
    assert "the hub is not asked: offline" in shown
    assert "adapter: mine" in shown
    assert "missing" in shown


def test_json_refuses_what_it_cannot_say() -> None:
    with pytest.raises(TypeError, match="StoreError has no JSON form"):
        console.say_json({"a": StoreError("x")})
