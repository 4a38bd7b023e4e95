"""``briefing model`` with real models and a real configuration file."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import tiny_models as tiny
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from briefing import app, config
from briefing.adapters.models import memory
from briefing.cli import command, console, model_bench, model_edit
from briefing.errors import ConfigError, ModelError

pytestmark = pytest.mark.usefixtures("one_thread")

SHIPPED = Path(__file__).parent.parent / "config" / "briefing.toml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save(tmp_path_factory.mktemp("models") / "tiny", "llama")


@pytest.fixture
def house(project: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the shipped configuration, a model in models/, and caches of its own."""
    from huggingface_hub import constants

    text = SHIPPED.read_text("utf-8").replace("ukraine-missile-policy", "harbour-strike")
    (project / "config" / "briefing.toml").write_text(text, "utf-8")
    shutil.copytree(made, project / "models" / "tiny")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(project / "hub"))
    return project


def call(*arguments: str) -> Result:
    """The command's result; an error that is not a clean exit is raised."""
    result = CliRunner().invoke(command, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def toml(house: Path) -> Path:
    return house / "config" / "briefing.toml"


def changed(before: str, after: str) -> set[str]:
    """Lines of ``after`` that ``before`` has not."""
    return set(after.splitlines()) - set(before.splitlines())


# -- use ---------------------------------------------------------------------------------------


@pytest.mark.models
def test_use_pins_a_folder_and_embedded_goes_back(house: Path) -> None:
    before = toml(house).read_text("utf-8")
    digest = hashlib.sha256(
        (house / "models" / "tiny" / "model.safetensors").read_bytes()
    ).hexdigest()
    said = call("model", "use", "models/tiny").output
    after = toml(house).read_text("utf-8")
    assert changed(before, after) == {
        'writer = "models/tiny"             # embedded, a model folder, or a hub name',
        f'sha256 = "{digest}" # checksum that the writer\'s weights must have',
    }
    assert "llama, causal" in said
    assert 'writer = "models/tiny" (was "embedded")' in said
    assert str(toml(house)) in said
    found = config.load(toml(house), {})
    assert found.models.writer == str(house / "models" / "tiny")
    models = app.open(found).models
    assert len(models.generate(["Rain fell."])) == 1
    assert models.identity.writer == f"tiny ({digest[:8]})"

    assert "says so already" in call("model", "use", "models/tiny").output
    assert toml(house).read_text("utf-8") == after
    call("model", "use", "embedded")
    back = toml(house).read_text("utf-8")
    assert back == before


@pytest.mark.models
def test_use_lays_an_adapter_over_the_writer(house: Path) -> None:
    from peft import LoraConfig, get_peft_model

    from briefing.adapters.models.runtime import quiet

    base = tiny.model("llama", len(tiny.tokeniser("llama")))
    with quiet():
        get_peft_model(base, LoraConfig(r=2, target_modules=["q_proj"])).save_pretrained(
            house / "models" / "laid"
        )
    call("model", "use", "models/tiny", "--adapter", "models/laid")
    assert config.load(toml(house), {}).models.adapter == str(house / "models" / "laid")
    listed = json.loads(call("model", "list", "--json").stdout)["models"]
    assert [one["role"] for one in listed] == ["writer", "adapter", "judge", "embeddings"]
    assert {one["state"] for one in listed} == {"there"}
    before = toml(house).read_bytes()
    tiny.set_json(house / "models" / "laid" / "adapter_config.json", peft_type="IA3")
    with pytest.raises(ModelError, match="IA3"):
        call("model", "use", "models/tiny", "--adapter", "models/laid")
    assert toml(house).read_bytes() == before
    call("model", "use", "models/tiny")  # without the option there is none
    assert config.load(toml(house), {}).models.adapter == ""


@pytest.mark.models
def test_use_refuses_what_cannot_be_loaded_and_changes_nothing(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = toml(house).read_bytes()
    with pytest.raises(ConfigError, match="no revisions"):
        call("model", "use", "models/tiny", "--revision", "v1")
    with pytest.raises(ModelError, match="no folder"):
        call("model", "use", "models/a/b")
    with pytest.raises(ModelError, match="no hub may be asked"):
        call("model", "use", "velmar/tiny")
    with monkeypatch.context() as scarce:
        scarce.setattr(memory, "available", lambda device: 1000)
        with pytest.raises(ModelError, match="0 MB are free"):
            call("model", "use", "models/tiny")
    (house / "models" / "tiny" / "model.safetensors").rename(house / "pytorch_model.bin")
    with pytest.raises(ModelError, match="no weights"):
        call("model", "use", "models/tiny")
    assert toml(house).read_bytes() == before


@pytest.mark.models
def test_a_refusal_is_one_message_with_a_remedy_and_exit_code_1(house: Path) -> None:
    (house / "models" / "tiny" / "model.safetensors").write_bytes(b"")
    done = subprocess.run(
        [sys.executable, "-m", "briefing", "model", "use", "models/tiny"],
        cwd=house,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == console.FAILED
    assert "model.safetensors is broken" in done.stderr
    assert "Remedy: " in done.stderr
    assert "Traceback" not in done.stderr


def test_use_writes_where_config_says_and_from_anywhere(
    house: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    other = shutil.copytree(house / "models" / "tiny", elsewhere / 'other "model"')
    monkeypatch.chdir(elsewhere)
    call("--config", str(toml(house)), "model", "use", 'other "model"')
    assert config.load(toml(house), {}).models.writer == str(other)


# -- list --------------------------------------------------------------------------------------


@pytest.mark.models
def test_list_shows_copies_and_what_could_be_used(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIEFING_CACHE", str(house / "cache"))
    copy = house / "cache" / "models" / "some-copy"
    copy.mkdir(parents=True)
    (copy / "model.safetensors").write_bytes(bytes(3_000_000))
    (copy / "converted.json").write_text("{}")
    (copy.parent / ".making-x").mkdir()
    broken = shutil.copytree(house / "models" / "tiny", house / "models" / "broken")
    (broken / "model.safetensors").write_bytes(b"cut")
    tiny.set_json(
        shutil.copytree(house / "models" / "tiny", house / "models" / "reader") / "config.json",
        architectures=["BertModel"],
    )
    kept = house / "hub" / "models--velmar--tiny" / "snapshots" / ("1" * 40)
    shutil.copytree(house / "models" / "tiny", kept)
    found = json.loads(call("model", "list", "--json").stdout)
    assert [(one["name"], one["size"]) for one in found["copies"]] == [("some-copy", "3 MB")]
    by_name = {one["name"]: one for one in found["candidates"]}
    assert set(by_name) == {"models/tiny", "models/broken", "velmar/tiny"}
    assert by_name["models/tiny"]["fits"] == "yes"
    assert by_name["models/tiny"]["kind"] == "llama, causal"
    assert "cut short" in by_name["models/broken"]["reason"]
    assert by_name["velmar/tiny"]["revision"] == "1" * 40
    shown = call("model", "list").output
    assert "other writers at hand:" in shown
    assert "models/broken" in shown

    call("model", "use", "velmar/tiny")  # offline, from what is on the disk
    assert config.load(toml(house), {}).models.revision == "1" * 40
    found = json.loads(call("model", "list", "--json").stdout)
    assert found["models"][0]["state"] == "there"
    assert found["models"][0]["revision"] == "1" * 40
    assert "velmar/tiny" not in {one["name"] for one in found["candidates"]}


# -- fetch and bench ---------------------------------------------------------------------------


@pytest.mark.models
def test_fetch_says_whether_the_model_fits(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = house / "hub" / "models--velmar--tiny"
    shutil.copytree(house / "models" / "tiny", kept / "snapshots" / ("1" * 40))
    done = call("model", "fetch", "velmar/tiny", "--revision", "1" * 40)
    assert done.exit_code == console.DONE
    assert f"briefing model use velmar/tiny --revision {'1' * 40}" in done.output
    assert call("model", "fetch", "velmar/tiny", "-q", "--revision", "1" * 40).output == ""
    monkeypatch.setattr(memory, "available", lambda device: 1000)
    done = call("model", "fetch", "velmar/tiny", "--revision", "1" * 40)
    assert done.exit_code == console.LEFT_OUT
    assert "more than is free" in done.output
    assert call("model", "fetch", "--revision", "v1").exit_code == console.WRONG_CONFIGURATION


@pytest.mark.models
def test_bench_measures_the_configured_writer(house: Path) -> None:
    call("model", "use", "models/tiny")
    done = call("model", "bench", "--json")
    found = json.loads(done.stdout)
    assert done.stderr == ""
    assert found["writer"].startswith("tiny (")
    assert found["facts"] == model_bench.FACTS
    assert found["parameters"] == sum(
        weight.numel() for weight in tiny.model("llama", len(tiny.tokeniser("llama"))).parameters()
    )
    for key in ("load_seconds", "reading", "writing", "batch_reading", "batch_writing",
                "edition_seconds", "estimated_bytes", "peak_bytes"):  # fmt: skip
        assert found[key] > 0, key
    shown = call("model", "bench")
    assert "tokens/s, one at a time" in shown.stdout
    assert "for 40 facts" in shown.stdout
    assert "stage=measure done=4 total=4" in shown.stderr


@pytest.mark.models
def test_bench_measures_a_choice_as_a_choice(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from briefing.adapters.models import ModelSettings, bench

    asked = model_bench.prompts("confined")
    among: list[Any] = []
    write = bench.Writer.write

    def noted(self: Any, prompts: Any, **rest: Any) -> list[list[str]]:
        among.extend(rest["among"])
        return write(self, prompts, **rest)

    monkeypatch.setattr(bench.Writer, "write", noted)
    settings = ModelSettings(writer=str(made), offline=True, cache=tmp_path)
    found = bench.measure(settings, asked, facts=4, candidates=1, on_progress=lambda *_: None)
    assert found.edition_seconds > 0
    assert among == [prompt.options for prompt in asked]


@pytest.mark.parametrize("style", ["manners", "reports", "confined"])
def test_bench_asks_as_the_product_does(style: str) -> None:
    asked = model_bench.prompts(style)  # type: ignore[arg-type]
    assert len(asked) == len({prompt.text for prompt in asked})
    assert len(asked) == 10 or (style == "confined" and len(asked) >= 8)
    for prompt in asked:
        assert ("Reports:" in prompt.text) == (style != "confined")
        assert bool(prompt.options) == (style == "confined")


# -- editing the file --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[models]\nwriter = "new"\n'),
        ("[run]\n", '[run]\n\n[models]\nwriter = "new"\n'),
        ("[run]", '[run]\n\n[models]\nwriter = "new"\n'),
        ("[models]", '[models]\nwriter = "new"\n'),
        (
            "[models]\n# why\noffline = true\n\n# more\n[run]\n",
            '[models]\n# why\noffline = true\nwriter = "new"\n\n# more\n[run]\n',
        ),
        ('[models]\nwriter = "old" # why\n', '[models]\nwriter = "new" # why\n'),
        ("[ models ] # these\n  'writer'='old'", "[ models ] # these\n  'writer'=\"new\""),
        ('[models]\nwriter = "a longer old one"  # why\n',
         '[models]\nwriter = "new"               # why\n'),
        ('[run]\nwriter = "no"\n[models]\nwriter="o\\"x"\n',
         '[run]\nwriter = "no"\n[models]\nwriter="new"\n'),
        ('[models]\r\nwriter = "old"\r\n[run]\r\n', '[models]\r\nwriter = "new"\r\n[run]\r\n'),
        ("[models]\r\n", '[models]\r\nwriter = "new"\r\n'),
        ('\ufeff[models]\nwriter = "old"\n', '\ufeff[models]\nwriter = "new"\n'),
        ('[run]\nnote = """\n[models]\n"""\n[models]\nwriter = "old"\n', None),
    ],
)  # fmt: skip
def test_only_the_value_changes(tmp_path: Path, before: str, after: str | None) -> None:
    file = tmp_path / "briefing.toml"
    file.write_bytes(before.encode())
    if after is None:
        with pytest.raises(ConfigError, match="laid out"):
            model_edit.write(file, "models", {"writer": "new"})
        assert file.read_bytes() == before.encode()
        return
    changes = model_edit.write(file, "models", {"writer": "new"})
    assert file.read_bytes() == after.encode()
    assert changes["writer"][1] == "new"
    assert model_edit.write(file, "models", {"writer": "new"}) == {}
    assert [p.name for p in tmp_path.iterdir()] == ["briefing.toml"]


@pytest.mark.parametrize(
    "text",
    [
        'models = { writer = "old" }\n',
        'models.writer = "old"\n',
        '[models]\nwriter = """old"""\n',
        "[models]\nwriter = '''\nold'''\n",
        "models = 3\n",
    ],
)
def test_an_unusual_layout_is_left_to_its_author(tmp_path: Path, text: str) -> None:
    file = tmp_path / "briefing.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match="laid out") as caught:
        model_edit.write(file, "models", {"writer": 'new "one"'})
    assert 'writer = "new \\"one\\""' in caught.value.remedy
    assert str(file) in caught.value.where
    assert file.read_text() == text


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)
def test_any_text_can_stand_there(old: str, new: str) -> None:
    values = {"writer": new}
    text = f"[models] # all\nwriter = {json.dumps(old, ensure_ascii=False)} # why\nthreads = 2\n"
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    made = model_edit._set(text, "models", "writer", new)
    if model_edit._as_wanted(before, made, "models", values):
        assert made.endswith("# why\nthreads = 2\n")
    else:  # a control character that JSON leaves bare and TOML does not allow
        assert "\x7f" in old + new or any(c in old + new for c in "\x85\u2028\u2029")


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text("[models]\n")
    real.chmod(0o640)
    link = tmp_path / "briefing.toml"
    link.symlink_to(real)
    model_edit.write(link, "models", {"writer": "new"})
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert "new" in real.read_text()


def test_a_file_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "briefing.toml"
    file.write_text("[models]\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ConfigError, match="No space left"):
        model_edit.write(file, "models", {"writer": "new"})
    assert file.read_text() == "[models]\n"
    assert [p.name for p in tmp_path.iterdir()] == ["briefing.toml"]
