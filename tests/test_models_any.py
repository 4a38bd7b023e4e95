"""Writers of other kinds, really loaded: a causal one with templates, BART and T5."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import tiny_models as tiny

from briefing.adapters.models import LocalModels, ModelSettings, memory
from briefing.adapters.models.checkpoint import read
from briefing.adapters.models.decoding import Decoder
from briefing.adapters.models.frames import frame
from briefing.adapters.models.runtime import Placement, placement
from briefing.adapters.models.writer import passages_of
from briefing.errors import ModelError

pytestmark = [pytest.mark.models, pytest.mark.usefixtures("one_thread")]

KINDS = ["llama", "bart", "t5"]
PROMPT = (
    "Reports:\n[1] Velmar Post: Ada Brenn sold the ferry in May.\n"
    "[2] Northern Wire: The town said: rain fell on Monday.\nWrite one headline and one statement."
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One model folder of each kind; tests that change one copy it first."""
    root = tmp_path_factory.mktemp("models")
    return {kind: tiny.save(root / kind, kind) for kind in KINDS}


def models(folder: Path, cache: Path, **settings: Any) -> LocalModels:
    return LocalModels(
        ModelSettings(writer=str(folder), offline=True, cache=cache, device="cpu", **settings)
    )


# -- the same answers as the library's own -----------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_answers_equal_those_of_transformers(
    folders: dict[str, Path], tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from briefing.adapters.models import loading

    # In fp32, where rounding cannot tip a choice.
    monkeypatch.setattr(loading, "placement", lambda wanted: Placement("cpu", "float32"))
    ours = models(folders[kind], tmp_path, freedom="free", max_new_tokens=24)
    compare(ours)
    assert ours._load_writer()._forced == ((1,) if kind == "bart" else ())


@pytest.mark.parametrize("name", [name for name in tiny.FAMILIES if name != "Mamba"])
def test_other_families(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from briefing.adapters.models import loading

    monkeypatch.setattr(loading, "placement", lambda wanted: Placement("cpu", "float32"))
    folder = tiny.family(tmp_path / "m", name)
    compare(models(folder, tmp_path, freedom="free", max_new_tokens=24))


def test_a_model_without_keys_and_values_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="mamba models") as caught:
        models(tiny.family(tmp_path / "m", "Mamba"), tmp_path).generate(["x"])
    assert "attention" in caught.value.remedy


def compare(ours: LocalModels) -> None:
    """Prompts of different lengths, answered side by side, get the library's own answers."""
    import torch

    prompts = [PROMPT, "Pier three will reopen.", "Rain " * 60]
    answers = ours.generate(prompts)
    writer = ours._load_writer()
    model, words = writer._decoder._model, writer._tokenizer
    for prompt, (answer,) in zip(prompts, answers, strict=True):
        ids = torch.tensor([writer.encode(prompt)])
        own = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=24,
            do_sample=False,
            eos_token_id=sorted(writer._stop),
        )
        start = 0 if model.config.is_encoder_decoder else ids.shape[1]
        assert answer == words.decode(own[0, start:], skip_special_tokens=True)
    assert any(answer for (answer,) in answers)


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_copied_whatever_the_architecture(
    folders: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    ours = models(folders[kind], tmp_path, max_new_tokens=30)
    first = ours.generate([PROMPT, "No names here, only rain."], candidates=3)
    assert [len(listed) for listed in first] == [3, 3]
    assert ours.generate([PROMPT, "No names here, only rain."], candidates=3) == first
    for answer in (a for listed in first for a in listed):
        for number in ("3", "4", "5", "6", "7", "8", "9"):
            assert number not in answer
    assert ours.identity.writer == kind
    assert ours.identity.device.startswith("cpu")


# -- what a summariser is shown ----------------------------------------------------------------


def test_summarisers_see_the_passages_alone(folders: dict[str, Path], tmp_path: Path) -> None:
    said = "Ada Brenn sold the ferry in May. The town said: rain fell on Monday."
    assert passages_of(PROMPT) == said
    assert passages_of("Shorten it.\n\nRain fell.\n\nShort:") == "Rain fell."
    for kind, before, prefix in (("t5", "", "summarize: "), ("bart", "<s>", "")):
        writer = models(folders[kind], tmp_path)._load_writer()
        shown = writer._tokenizer.decode(writer.encode(PROMPT))
        assert shown == f"{before}{prefix}{said}</s>"


def test_a_causal_model_sees_the_whole_prompt_in_its_template(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    writer = models(folders["llama"], tmp_path)._load_writer()
    shown = writer._tokenizer.decode(writer.encode(PROMPT + "<|end|>"))
    assert shown == f"<|start|>user\n{PROMPT}<|end|><|end|>\n<|start|>assistant\n"
    end = writer._tokenizer.convert_tokens_to_ids("<|end|>")
    assert writer.encode(PROMPT + "<|end|>").count(end) == 1  # the other one stayed text
    assert end in writer._stop  # read off the template: the configuration does not name it
    assert 2 in writer._stop


TEMPLATES = {
    "none": ("", "<s>", ""),
    "no opening": (
        "{% for m in messages %}{{ '<|start|>' + m.role + '\n' + m.content + '<|end|>\n' }}"
        "{% endfor %}",
        "<|start|>user\n",
        "<|end|>\n<|start|>assistant\n",
    ),
    "no opening needed": (
        "{% for m in messages %}{% if m.role == 'user' %}{{ '<s>Question: ' + m.content }}"
        "{{ ' Answer:' }}{% else %}{{ ' ' + m.content + '</s>' }}{% endif %}{% endfor %}",
        "<s>Question: ",
        " Answer:",
    ),
    "one turn only": (
        "{% if messages|length > 1 %}{{ raise_exception('one turn') }}{% endif %}"
        "{{ 'Question: ' + messages[0].content + ' Answer:' }}",
        "Question: ",
        " Answer:",
    ),
    "parts": (
        "{% for m in messages %}{% for part in m.content %}{{ '<|start|>' + part.text }}"
        "{% endfor %}{% endfor %}{% if add_generation_prompt %}{{ '<|end|>' }}{% endif %}",
        "<|start|>",
        "<|end|>",
    ),
    "a day": (
        "{{ 'On ' + strftime_now('%d %b %Y') + ': ' }}{{ messages[0].content }}",
        "On 26 Jul 2024: ",
        "",
    ),
    "thoughts first": (
        "{{ messages[0].content }}{% if add_generation_prompt %}{{ '<|start|><think>\n' }}"
        "{% endif %}",
        "",
        "<|start|><think>\n\n</think>\n\n",
    ),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_kind_of_template(name: str) -> None:
    template, before, after = TEMPLATES[name]
    words = tiny.tokeniser("llama", template=template)
    found = frame(words, name="m")
    assert words.decode(found.before) == before
    assert words.decode(found.after) == after


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{{ raise_exception('never') }}", "never"),
        ("{{ messages[0].content.nothing.more }}", "fails"),
        ("{% for", "fails"),
        ("{{ messages[0].content }} and {{ messages[0].content }}", "once"),
        ("Say something.", "once"),
    ],
)
def test_a_template_that_does_not_work_is_refused(template: str, says: str) -> None:
    with pytest.raises(ModelError, match=says):
        frame(tiny.tokeniser("llama", template=template), name="m")


# -- windows -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "window"), [("bart", 128), ("t5", 512), ("llama", 256)])
def test_a_long_prompt_is_cut_to_the_window(tmp_path: Path, kind: str, window: int) -> None:
    folder = tiny.save(tmp_path / kind, kind, window=window)
    if kind == "t5":
        tiny.set_json(folder / "config.json", n_positions=None)
    ours = models(folder, tmp_path, freedom="free", max_new_tokens=200 if kind == "bart" else 20)
    text = "\n".join(
        ["Reports:", "[1] Post: Alpha " + "rain fell on the pier, " * 900 + "omega.", "Write it."]
    )
    writer = ours._load_writer()
    ids = writer.encode(text)
    shown = writer._tokenizer.decode(ids)
    if kind == "llama":
        assert len(ids) + writer._most <= window
        assert "Write it." in shown
        assert "Alpha" not in shown
    else:
        assert len(ids) == window
        assert "Alpha" in shown
        assert "omega" not in shown
        assert shown.endswith("</s>")
    assert len(ours.generate([text])[0]) == 1  # beyond its positions BART would fail


def test_a_window_without_room_is_refused(tmp_path: Path) -> None:
    folder = tiny.save(tmp_path / "m", "llama", window=64)
    with pytest.raises(ModelError, match="window"):
        models(folder, tmp_path).generate(["x"])


# -- memory ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_estimate_counts_every_weight(folders: dict[str, Path], kind: str) -> None:
    made = tiny.model(kind, len(tiny.tokeniser(kind)))
    place = Placement("cpu", "float32")
    needs = memory.estimate(read(folders[kind]), place)
    distinct = {tensor.data_ptr(): tensor.numel() for tensor in made.state_dict().values()}
    assert needs.weights == 4 * sum(distinct.values())
    assert memory.estimate(read(folders[kind]), Placement("cpu", "bfloat16")).weights * 2 == (
        needs.weights
    )
    # 2 layers of keys and values (Llama: 2 of 4 heads), and 4 states of 32 and 64
    kept = 2 * 2 * (16 if kind == "llama" else 32)
    assert memory.per_token(read(folders[kind]), place) == 4 * (kept + 4 * (32 + 64))


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_a_writer_that_does_not_fit_is_refused_before_it_is_loaded(
    folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, device: str
) -> None:
    import transformers

    from briefing.adapters.models import loading

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("loaded")

    monkeypatch.setattr(transformers.AutoModelForCausalLM, "from_pretrained", never)
    monkeypatch.setattr(loading, "placement", lambda wanted: Placement(device, "bfloat16"))
    monkeypatch.setattr(
        memory, "available", lambda asked: 1_000_000 if asked == device else 1 << 40
    )
    with pytest.raises(ModelError) as caught:
        models(folders["llama"], tmp_path).generate(["x"])
    said = caught.value.message
    wanted = "201 MB of memory" if device == "cpu" else "1 MB of graphics memory"
    assert f"needs {wanted}" in said
    assert "1 MB are free" in said
    assert "smaller writer" in caught.value.remedy


def test_batches_are_as_large_as_the_free_memory_allows(
    folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = models(folders["llama"], tmp_path, max_new_tokens=8)
    prompts = [f"Pier {n} closed." for n in "abcde"]
    ours._load_writer()
    sizes: list[int] = []
    run = Decoder.run

    def noted(self: Decoder, encoded: Any, questions: Any, *, most: int) -> Any:
        sizes.append(len(encoded))
        return run(self, encoded, questions, most=most)

    monkeypatch.setattr(Decoder, "run", noted)
    monkeypatch.setattr("briefing.adapters.models.writer.available", lambda device: 0)
    assert len(ours.generate(prompts)) == 5
    assert sizes == [1] * 5


def test_rows_share_the_free_memory() -> None:
    assert memory.rows(1000, tokens=10, each=10) == 5
    assert memory.rows(0, tokens=10, each=10) == 1
    assert memory.rows(-5, tokens=0, each=0) == 1


def test_a_container_has_less_than_the_machine(tmp_path: Path) -> None:
    assert 0 < memory.available("cpu") < 1 << 50
    assert memory._limits(tmp_path / "none") == memory._limits(tmp_path / "nothing")
    before = len(memory._limits(tmp_path))
    (tmp_path / "memory.current").write_text("600\n")
    (tmp_path / "memory.stat").write_text("anon 400\ninactive_file 100\nactive_file 50\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert len(memory._limits(tmp_path)) == before
    (tmp_path / "memory.max").write_text("1000\n")
    assert 1000 - 600 + 150 in memory._limits(tmp_path)


# -- adapters ----------------------------------------------------------------------------------


def adapter(folder: Path, kind: str, **size: int) -> Path:
    """A LoRA adapter that changes the answers."""
    import torch
    from peft import LoraConfig, get_peft_model

    from briefing.adapters.models.runtime import quiet

    base = tiny.model(kind, len(tiny.tokeniser(kind)), **size)
    targets = {"llama": ["q_proj", "down_proj"], "t5": ["q", "wo"], "bart": ["q_proj", "fc2"]}
    with quiet():
        made = get_peft_model(base, LoraConfig(r=4, target_modules=targets[kind]))
        with torch.no_grad():
            for name, weight in made.named_parameters():
                if "lora_B" in name:
                    weight.normal_(std=0.3)
        made.save_pretrained(folder)
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_an_adapter_over_any_architecture(
    folders: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    import torch

    laid = adapter(tmp_path / "adapter", kind)
    plain = models(folders[kind], tmp_path)._load_writer()._decoder._model
    ours = models(folders[kind], tmp_path, adapter=str(laid))
    model = ours._load_writer()._decoder._model
    changed = [
        name
        for (name, a), (_, b) in zip(
            plain.named_parameters(), model.named_parameters(), strict=True
        )
        if not torch.equal(a, b)
    ]
    assert changed
    assert all(part in {"q_proj", "down_proj", "q", "wo", "fc2", "weight"} for name in changed
               for part in name.split(".")[-2:])  # fmt: skip
    assert {p.dtype for p in model.parameters()} == {getattr(torch, placement("cpu").dtype)}
    assert ours.identity.adapter.startswith("adapter (")
    # An adapter is trained on the product's prompts, so it is shown them whole.
    assert "Write one headline" in ours._load_writer()._tokenizer.decode(
        ours._load_writer().encode(PROMPT)
    )


def test_an_adapter_for_another_model_is_refused(folders: dict[str, Path], tmp_path: Path) -> None:
    wide = adapter(tmp_path / "wide", "llama", width=64)
    with pytest.raises(ModelError, match=r"another model.*expects (64|128)"):
        models(folders["llama"], tmp_path, adapter=str(wide)).generate(["x"])
    other = adapter(tmp_path / "other", "t5")
    with pytest.raises(ModelError, match="none of its layers"):
        models(folders["llama"], tmp_path, adapter=str(other)).generate(["x"])
    tiny.set_json(wide / "adapter_config.json", peft_type="PROMPT_TUNING")
    with pytest.raises(ModelError, match="PROMPT_TUNING"):
        models(folders["llama"], tmp_path, adapter=str(wide)).generate(["x"])


def test_shards_are_read_together(tmp_path: Path) -> None:
    folder = tiny.save(tmp_path / "m", "llama", shard="40KB")
    shards = sorted(folder.glob("model-*.safetensors"))
    assert len(shards) > 2
    assert len(models(folder, tmp_path).generate(["Rain fell."])) == 1
    whole = tiny.save(tmp_path / "whole", "llama")
    assert read(folder).tensors.shapes == read(whole).tensors.shapes
    shutil.rmtree(whole)
    shards[1].unlink()
    with pytest.raises(ModelError, match=shards[1].name):
        models(folder, tmp_path).generate(["x"])
