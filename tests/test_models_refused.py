"""Model folders that are refused: pickles, foreign programs, broken files, other pins."""

from __future__ import annotations

import builtins
import hashlib
import pickle
import shutil
from pathlib import Path
from typing import Any

import pytest
import tiny_models as tiny

from briefing.adapters.models import LocalModels, ModelSettings
from briefing.adapters.models.checkpoint import read, writes
from briefing.adapters.models.checksums import fingerprint
from briefing.errors import ModelError

pytestmark = [pytest.mark.models, pytest.mark.usefixtures("one_thread")]

WEIGHTS = "model.safetensors"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save(tmp_path_factory.mktemp("models") / "m", "llama")


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A whole model that a test may damage."""
    shutil.copytree(made, tmp_path / "m")
    return tmp_path / "m"


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """Comes into being when something in a model folder is run."""
    return tmp_path / "canary"


def generate(folder: Path, **settings: Any) -> list[list[str]]:
    wanted = ModelSettings(
        writer=str(folder), offline=True, cache=folder.parent / "cache", device="cpu", **settings
    )
    return LocalModels(wanted).generate(["Rain fell."])


def refused(folder: Path, **settings: Any) -> ModelError:
    """The refusal; it always names a remedy."""
    with pytest.raises(ModelError) as caught:
        generate(folder, **settings)
    assert caught.value.remedy
    return caught.value


class Touch:
    """Unpickled, it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


# -- programs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "flax_model.msgpack"])
def test_pickled_weights_alone(folder: Path, canary: Path, name: str) -> None:
    (folder / WEIGHTS).unlink()
    (folder / name).write_bytes(pickle.dumps(Touch(canary)))
    error = refused(folder)
    assert name in error.message
    assert "pickled" in error.message
    assert "safetensors" in error.remedy
    assert not canary.exists()


def test_pickled_weights_beside_good_ones_are_left_alone(folder: Path, canary: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Touch(canary)))
    assert len(generate(folder)) == 1
    assert not canary.exists()


def test_a_pickle_that_calls_itself_safetensors(folder: Path, canary: Path) -> None:
    (folder / WEIGHTS).write_bytes(pickle.dumps(Touch(canary)))
    assert WEIGHTS in refused(folder).message
    assert not canary.exists()


@pytest.fixture
def nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """transformers asks at the terminal whether to run a model's code; a user may say yes."""

    def asked(*_: Any) -> str:
        raise AssertionError("asked at the terminal")

    monkeypatch.setattr(builtins, "input", asked)


def program(folder: Path, canary: Path) -> dict[str, str]:
    """A program in the folder, and the configuration that would have it run."""
    (folder / "modeling_mine.py").write_text(
        f"from pathlib import Path\nPath({str(canary)!r}).touch()\n"
        "from transformers import LlamaConfig, LlamaForCausalLM\n"
        "class MyConfig(LlamaConfig):\n    model_type = 'mine'\n"
        "class MyModel(LlamaForCausalLM):\n    config_class = MyConfig\n"
    )
    return {
        "AutoConfig": "modeling_mine.MyConfig",
        "AutoModelForCausalLM": "modeling_mine.MyModel",
    }


def test_a_model_that_needs_its_own_program(
    folder: Path, canary: Path, nobody_is_asked: None
) -> None:
    tiny.set_json(folder / "config.json", model_type="mine", auto_map=program(folder, canary))
    error = refused(folder)
    assert "program of its own" in error.message
    assert "never run" in error.remedy
    assert not canary.exists()


def test_a_program_that_is_not_needed_is_not_run(
    folder: Path, canary: Path, nobody_is_asked: None
) -> None:
    tiny.set_json(folder / "config.json", auto_map=program(folder, canary))
    assert len(generate(folder)) == 1
    assert not canary.exists()


def test_a_tokeniser_that_needs_its_own_program(
    folder: Path, canary: Path, nobody_is_asked: None
) -> None:
    program(folder, canary)
    (folder / "tokenizer.json").rename(folder / "vocab.txt")
    tiny.set_json(
        folder / "tokenizer_config.json",
        tokenizer_class="MyWords",
        auto_map={"AutoTokenizer": ["modeling_mine.MyWords", None]},
    )
    assert "program of its own" in refused(folder).message
    assert not canary.exists()


@pytest.mark.parametrize("key", ["attn_implementation", "_attn_implementation"])
def test_compiled_programs_of_a_hub(folder: Path, key: str) -> None:
    tiny.set_json(folder / "config.json", **{key: "kernels-community/flash-attn"})
    assert "kernels-community" in refused(folder).message


def test_quantised_weights(folder: Path) -> None:
    tiny.set_json(folder / "config.json", quantization_config={"quant_method": "gptq", "bits": 4})
    error = refused(folder)
    assert "gptq" in error.message
    assert "bf16" in error.remedy


# -- missing and broken ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("config.json", "no config.json"),
        (WEIGHTS, "no model.safetensors"),
        ("tokenizer.json", "no tokenizer"),
    ],
)
def test_a_file_is_missing(folder: Path, name: str, says: str) -> None:
    (folder / name).unlink()
    error = refused(folder)
    assert says in error.message
    assert str(folder) in error.message


def test_an_adapter_is_no_model(folder: Path) -> None:
    tiny.set_json(folder / "adapter_config.json", base_model_name_or_path="some/model")
    assert "adapter, not a whole model" in refused(folder).message


def test_a_file_is_no_folder(folder: Path) -> None:
    assert "is a file" in refused(folder / WEIGHTS).message
    assert "no folder" in refused(folder / "a" / "b").message
    with pytest.raises(ModelError, match="is no folder"):
        read(folder / WEIGHTS)


def _longer(header: dict[str, Any]) -> None:
    name = next(n for n in header if n != "__metadata__")
    header[name]["data_offsets"][1] += 4


def _shaped(header: dict[str, Any]) -> None:
    name = next(n for n in header if n != "__metadata__")
    header[name]["shape"] = [-1, -4]


def _unknown(header: dict[str, Any]) -> None:
    name = next(n for n in header if n != "__metadata__")
    header[name]["dtype"] = "F128"


@pytest.mark.parametrize(
    "damage", ["empty", "short", "long", "length", "zeros", "no JSON", "list", "offset", "shape",
               "format"]
)  # fmt: skip
def test_broken_weights(folder: Path, damage: str) -> None:
    file = folder / WEIGHTS
    body = file.read_bytes()
    changes = {"offset": _longer, "shape": _shaped, "format": _unknown}
    if damage in changes:
        tiny.reheaded(file, changes[damage])
    else:
        file.write_bytes(
            {
                "empty": b"",
                "short": body[:-1],
                "long": body + b"\0",
                "length": b"\xff" * 8 + body[8:],
                "zeros": bytes(64),
                "no JSON": body[:8] + b"?" + body[9:],
                "list": b"\x02\0\0\0\0\0\0\0[]",
            }[damage]
        )
    error = refused(folder)
    assert str(file) in error.message
    assert "broken or cut short" in error.message


@pytest.mark.parametrize("name", ["../m/model.safetensors", "pytorch_model.bin", "/etc/passwd"])
def test_an_index_that_leads_elsewhere(folder: Path, name: str) -> None:
    (folder / WEIGHTS).rename(folder / "other.safetensors")
    tiny.set_json(folder / "model.safetensors.index.json", weight_map={"lm_head.weight": name})
    assert repr(name) in refused(folder).message


@pytest.mark.parametrize("text", ["", "{", "[]", '{"model_type": 3}', "\udcff"])
def test_a_configuration_that_is_none(folder: Path, text: str) -> None:
    (folder / "config.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert "config.json" in refused(folder).message


@pytest.mark.parametrize(
    "values", [{"hidden_size": "wide"}, {"num_attention_heads": 0}, {"vocab_size": 7}]
)
def test_a_configuration_that_does_not_fit_its_weights(
    folder: Path, values: dict[str, Any]
) -> None:
    tiny.set_json(folder / "config.json", **values)
    said = refused(folder).message
    assert "is not understood" in said or "could not load the writer m" in said


def test_lacking_tensors_are_not_made_up(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / WEIGHTS)
    del tensors["model.layers.1.mlp.up_proj.weight"]
    save_file(tensors, folder / WEIGHTS, metadata={"format": "pt"})
    error = refused(folder)
    assert "lacks 1 tensors" in error.message
    assert "layers.1.mlp.up_proj" in error.message


@pytest.mark.parametrize(
    "text", ['{"version": "1.0"}', "{", '{"version": "1.0", "model": {"type": "Mine"}}', "[]"]
)
def test_a_tokeniser_that_is_broken(folder: Path, text: str) -> None:
    (folder / "tokenizer.json").write_text(text)
    said = refused(folder).message
    assert "is not understood" in said or "could not load the writer m" in said


def test_what_writes_is_told_from_what_does_not(folder: Path) -> None:
    assert writes(folder)
    tiny.set_json(folder / "config.json", architectures=["BertModel"])
    assert not writes(folder)
    (folder / "config.json").unlink()
    assert not writes(folder)


# -- pins --------------------------------------------------------------------------------------


def test_a_folder_is_pinned_by_its_checksum(folder: Path) -> None:
    digest = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    cache = folder.parent / "cache"
    wanted = ModelSettings(
        writer=str(folder), sha256=digest.upper(), cache=cache, offline=True, device="cpu"
    )
    assert LocalModels(wanted).identity.writer == f"m ({digest[:8]})"
    error = refused(folder, sha256="0" * 64)
    assert digest[:16] in error.message
    assert "0" * 16 in error.message
    assert f"briefing model use {folder}" in error.remedy
    tensors = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(tensors[:-1] + bytes([tensors[-1] ^ 1]))
    assert "not the pinned ones" in refused(folder, sha256=digest).message


def test_several_files_are_pinned_by_the_list_of_their_checksums(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("b.safetensors", "a.safetensors")]
    for file in files:
        file.write_text(file.name)
    lines = "".join(
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files[::-1]
    )
    found = fingerprint(files, cache=tmp_path, on_progress=lambda stage, done, total: None)
    assert found == hashlib.sha256(lines.encode()).hexdigest()
