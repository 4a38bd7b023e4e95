"""Training end to end on a tiny Llama made here: resuming, what learns, and what is saved."""

from __future__ import annotations

import importlib
import importlib.util
import json
import pickle
import re
import sys
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
import tiny_models as tiny

from briefing.adapters.models.runtime import quiet

pytestmark = pytest.mark.usefixtures("one_thread")

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))  # training/ belongs to the checkout, not to the package
judge, lora, pairs, writer = (
    importlib.import_module(f"training.{name}") for name in ("judge", "lora", "pairs", "writer")
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random Llama of two layers whose tokenizer knows ChatML, as a folder."""
    folder = tmp_path_factory.mktemp("base") / "tiny-llama"
    words = tiny.tokeniser("llama", template="")
    words.add_special_tokens({"additional_special_tokens": ["<|im_start|>", "<|im_end|>"]})
    words.save_pretrained(folder)
    tiny.model("llama", len(words), window=1024).save_pretrained(folder)
    return folder


LINES = [
    {
        "id": f"X-{number}",
        "kind": "compress",
        "passages": [
            {"source": "Velmar Post", "text": f"Rain fell on {town} on Monday, the mayor said."}
        ],
        "headline": f"Rain falls on {town}",
        "statement": f"Rain fell on {town} on Monday, the mayor said.",
        "also": [f"The mayor said rain fell on {town}.", f"The mayor told of rain on {town}."],
        "corrupt": [{"type": "date", "text": f"Rain fell on {town} on Friday, the mayor said."}],
    }
    for number, town in enumerate(["Velmar", "Sorland", "Norre", "Aldby"], 1)
]


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of four examples to learn from, and one that is held out."""
    folder = tmp_path_factory.mktemp("gold")
    held_out = {**LINES[0], "id": "X-5"}
    rows = [json.dumps(line) for line in [*LINES, held_out]]
    (folder / "some.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


SMALL = lora.Recipe(rank=4, alpha=8, dropout=0.1, rate=1e-2, warmup=2, epochs=2, tokens=150, seed=3)


def learnt(model: Any) -> dict[str, Any]:
    """The adapter's matrices by name."""
    return {n: p.detach().clone() for n, p in model.named_parameters() if p.requires_grad}


class Stopped(Exception):
    """What interrupts a run in these tests."""


def trained(
    role: str,
    base: Path,
    gold: Path,
    recipe: Any = SMALL,
    *,
    checkpoint: Path | None = None,
    steps: int = 1_000_000,
) -> tuple[Any, list[str], int]:
    """A model after so many steps at most, what was said, and the steps that were taken."""
    tokens = lora.Tokens(base)
    examples = pairs.read([gold], split="train")
    model = lora.with_adapter(lora.base_model(base, "cpu"), recipe)
    said: list[str] = []
    taken = 0

    def rows(epoch: int) -> Any:
        random = Random(recipe.seed + epoch)
        if role == "writer":
            return writer.epoch_rows(examples, tokens, random, dense=0.0)
        return judge.epoch_rows(examples, [], tokens, random)

    inner = writer.loss if role == "writer" else judge.loss_of(tokens)

    def loss(*arguments: Any) -> Any:
        nonlocal taken
        if taken >= steps:
            raise Stopped
        taken += 1
        return inner(*arguments)

    try:
        lora.train(model, rows, loss, recipe, device="cpu", checkpoint=checkpoint, say=said.append)
    except Stopped:
        said.append("stopped")
    return model, said, taken


@pytest.mark.parametrize("role", ["writer", "judge"])
def test_a_broken_run_goes_on_to_the_weights_of_an_unbroken_one(
    role: str, base: Path, gold: Path, tmp_path: Path
) -> None:
    import torch

    whole, _, steps = trained(role, base, gold)
    file = tmp_path / "deep" / "run.ckpt"
    _, said, taken = trained(role, base, gold, checkpoint=file, steps=steps - 1)
    assert said[-1] == "stopped"
    assert 0 < taken < steps
    model, said, rest = trained(role, base, gold, checkpoint=file)
    assert said[0] == "resumed after 1 epochs"
    assert 0 < rest < steps  # not from the beginning
    one, two = learnt(whole), learnt(model)
    assert one.keys() == two.keys()
    assert all(torch.equal(one[name], two[name]) for name in one)
    # And once more, when there is nothing left to do.
    model, said, none = trained(role, base, gold, checkpoint=file)
    assert none == 0
    assert all(torch.equal(one[name], value) for name, value in learnt(model).items())
    assert [f.name for f in file.parent.iterdir()] == ["run.ckpt"]


def test_the_seed_decides(base: Path, gold: Path) -> None:
    import torch

    one, two = (learnt(trained("judge", base, gold)[0]) for _ in range(2))
    other = learnt(trained("judge", base, gold, replace(SMALL, seed=4))[0])
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert not any(torch.equal(one[name], other[name]) for name in one if "lora_A" in name)


@pytest.mark.parametrize(
    ("change", "named"),
    [({"rate": 1e-3}, "rate"), ({"rank": 8}, "rank"), ({"epochs": 3, "seed": 9}, "epochs, seed")],
)
def test_a_checkpoint_of_another_recipe_is_refused(
    base: Path, gold: Path, tmp_path: Path, change: dict[str, Any], named: str
) -> None:
    file = tmp_path / "run.ckpt"
    trained("writer", base, gold, checkpoint=file)
    with pytest.raises(ValueError, match=f"run.ckpt was made with another {named}: "):
        trained("writer", base, gold, replace(SMALL, **change), checkpoint=file)


def test_a_checkpoint_is_loaded_as_data_alone(base: Path, gold: Path, tmp_path: Path) -> None:
    import torch

    class Harm:
        def __reduce__(self) -> Any:
            return (Path.touch, (tmp_path / "harm",))

    file = tmp_path / "run.ckpt"
    torch.save({"parameters": Harm()}, file)
    with pytest.raises(pickle.UnpicklingError):
        trained("writer", base, gold, checkpoint=file)
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("role", ["writer", "judge"])
def test_only_the_adapter_learns_and_it_does(role: str, base: Path, gold: Path) -> None:
    import torch

    recipe = replace(SMALL, epochs=12, tokens=2000, dropout=0.0)
    before = lora.base_model(base, "cpu").state_dict()
    model, said, _ = trained(role, base, gold, recipe)
    after = {n.replace(".base_layer", ""): p for n, p in model.base_model.model.named_parameters()}
    for name, value in before.items():
        assert torch.equal(after[name], value), name
    assert set(learnt(model)) == {n for n, _ in model.named_parameters() if "lora_" in n}
    assert all(bool(p.any()) for n, p in learnt(model).items() if "lora_B" in n)
    losses = [float(re.findall(r"mean loss ([\d.]+)", line)[0]) for line in said]
    assert losses[-1] < 0.9 * losses[0]
    assert not model.training


def test_an_epoch_without_rows_is_an_error(base: Path) -> None:
    model = lora.with_adapter(lora.base_model(base, "cpu"), SMALL)
    with pytest.raises(ValueError, match="epoch 1 has no rows"):
        lora.train(model, lambda _: [], writer.loss, SMALL, device="cpu")


def test_what_is_saved(base: Path, tmp_path: Path) -> None:
    import torch
    from peft import PeftModel
    from safetensors.torch import load_file

    model = lora.with_adapter(lora.base_model(base, "cpu"), SMALL)
    for parameter in model.parameters():
        if parameter.requires_grad:
            torch.nn.init.normal_(parameter)
    folder = tmp_path / "adapters" / "mine"
    for _ in range(2):  # over itself too
        lora.save(model, folder, SMALL, {"role": "writer", "examples": 4})
        (folder / "README.md").write_text("a model card")
    assert sorted(f.name for f in folder.iterdir()) == [
        "README.md",
        "adapter_config.json",
        "adapter_model.safetensors",
        "training.json",
    ]
    assert (folder / "README.md").read_text() == "a model card"
    modes = {file.stat().st_mode for file in folder.iterdir()}
    assert len(modes) == 1  # whoever may read the one may read the other
    weights = load_file(folder / "adapter_model.safetensors")
    assert {value.dtype for value in weights.values()} == {torch.bfloat16}
    assert len(weights) == len(learnt(model))
    assert json.loads((folder / "training.json").read_text("utf-8")) == {
        "recipe": asdict(SMALL),
        "role": "writer",
        "examples": 4,
    }
    config = json.loads((folder / "adapter_config.json").read_text("utf-8"))
    assert config["base_model_name_or_path"] == lora.EMBEDDED
    assert config["target_modules"] == sorted(config["target_modules"])
    assert config["r"] == SMALL.rank
    assert str(base) not in (folder / "adapter_config.json").read_text("utf-8")
    with quiet():
        loaded = PeftModel.from_pretrained(lora.base_model(base, "cpu"), str(folder))
    found = dict(loaded.named_parameters())
    for name, value in learnt(model).items():
        assert torch.equal(found[name].float(), value.to(torch.bfloat16).float()), name


def test_the_writer_from_pairs_to_an_adapter_the_product_can_lay_over(
    base: Path, gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from briefing.adapters.models.adapting import adapted

    options = [
        *("--gold", str(gold), "--out", str(tmp_path / "writer"), "--base", str(base)),
        *("--checkpoint", str(tmp_path / "run.ckpt"), "--device", "cpu", "--epochs", "1"),
        *("--rank", "4", "--rate", "0.01", "--tokens", "500", "--warmup", "2", "--seed", "3"),
    ]
    assert writer.main([*options, "--dropout", "0.1", "--dense", "0"]) == 0
    told = json.loads((tmp_path / "writer" / "training.json").read_text("utf-8"))
    assert told["role"] == "writer"
    assert told["examples"] == 4  # of five: the one that is held out is not among them
    assert told["base"] == "tiny-llama"
    assert told["recipe"] == asdict(replace(SMALL, epochs=1, tokens=500))
    assert "epoch 1/1" in capsys.readouterr().out
    weights = (tmp_path / "writer" / "adapter_model.safetensors").read_bytes()
    assert writer.main([*options, "--dropout", "0.1", "--dense", "0"]) == 0
    assert "resumed after 1 epochs" in capsys.readouterr().out
    assert (tmp_path / "writer" / "adapter_model.safetensors").read_bytes() == weights
    before = lora.base_model(base, "cpu").state_dict()
    with quiet():
        merged = adapted(lora.base_model(base, "cpu"), tmp_path / "writer").state_dict()
    assert merged.keys() == before.keys()
    assert any(not merged[name].equal(value) for name, value in before.items())


def test_the_judge_from_pairs_drafts_and_public_rows_to_an_adapter(
    base: Path, gold: Path, tmp_path: Path
) -> None:
    row = {"evidence": ["Rain fell."], "statement": "It rained.", "label": 1, "from": "elsewhere"}
    for name in ("drafts", "public"):
        (tmp_path / f"{name}.jsonl").write_text(f"{json.dumps(row)}\n" * 2)
    done = judge.main(
        [
            *("--gold", str(gold), "--out", str(tmp_path / "judge"), "--base", str(base)),
            *("--drafts", str(tmp_path / "drafts.jsonl"), "--device", "cpu", "--epochs", "1"),
            *("--public", str(tmp_path / "public.jsonl"), "--rank", "4", "--tokens", "900"),
        ]
    )
    assert done == 0
    told = json.loads((tmp_path / "judge" / "training.json").read_text("utf-8"))
    assert (told["role"], told["examples"], told["fixed"]) == ("judge", 4, 4)
    assert (tmp_path / "judge" / "adapter_model.safetensors").stat().st_size > 1000
