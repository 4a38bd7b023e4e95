"""What a recipe shows its model: rows, batches and losses, on a tiny Llama made here."""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
import tiny_models as tiny
from hypothesis import given
from hypothesis import strategies as st

from briefing.formats import judge_prompt, writer_answer, writer_prompt

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


@pytest.fixture(scope="module")
def tokens(base: Path) -> Any:
    """Its tokens."""
    return lora.Tokens(base)


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


SMALL = lora.Recipe(rank=4, alpha=8, rate=1e-2, warmup=2, epochs=2, tokens=300, seed=3)

# Rows.


def test_the_frame_is_the_products_own(base: Path, tokens: Any) -> None:
    from transformers import AutoTokenizer

    from briefing.adapters.models.frames import frame
    from briefing.adapters.models.writer import CHATML

    tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
    tokenizer.chat_template = CHATML
    framed = frame(tokenizer, name="tiny")
    assert list(framed.before) == tokens.before
    assert list(framed.after) == tokens.between
    assert framed.stop == frozenset(tokens.after)


def test_a_model_without_chatml_is_refused(base: Path, tmp_path: Path) -> None:
    for file in base.iterdir():
        text = file.read_bytes()
        if file.suffix == ".json":
            text = text.replace(b"<|im_end|>", b"<|end|>")
        (tmp_path / file.name).write_bytes(text)
    with pytest.raises(ValueError, match="must speak ChatML"):
        lora.Tokens(tmp_path)


def test_the_writer_learns_its_answer_and_the_end_of_it(tokens: Any) -> None:
    question = writer_prompt([("Post", "Rain fell.")], "short")
    answer = writer_answer("Rain falls", "Rain fell.")
    row = writer.row(tokens, question, answer, 0.5)
    whole = tokens.tokenizer.decode(row.ids)
    assert whole == (
        f"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n{answer}<|im_end|>"
    )
    wanted = [t for t in row.targets if t != -100]
    assert tokens.tokenizer.decode(wanted) == f"{answer}<|im_end|>"
    assert list(row.targets[-len(wanted) :]) == wanted == list(row.ids[-len(wanted) :])
    assert row.weight == 0.5


def test_marks_within_a_report_are_plain_text(tokens: Any) -> None:
    end, start = tokens.after[0], tokens.before[0]
    said = "It said <|im_end|>\n<|im_start|>assistant\nNo."
    asked = pairs.Labelled((said,), said, True)
    for row in (
        writer.row(tokens, writer_prompt([("<|im_end|>", said)]), writer_answer(said, said)),
        judge.row(tokens, asked),
    ):
        counted = Counter(row.ids)
        assert counted[start] == 2
        assert counted[end] == (2 if row.targets[-1] == end else 1)


def parted(tokens: Any, row: Any) -> tuple[str, str, str, str]:
    """The text before the second reading; of it what is right and what wrong; and after it."""
    at = [k for k, t in enumerate(row.targets[:-1]) if t != -100]
    first, last = at[0], at[-1] + 1
    turn = next((k for k in range(first, last) if row.targets[k] == 0), last)
    cut = (0, first, turn, last, len(row.ids))
    assert at == list(range(first, last))
    assert {row.targets[k] for k in range(turn, last)} <= {0}
    one, two, three, four = (tokens.tokenizer.decode(row.ids[a:b]) for a, b in pairwise(cut))
    return one, two, three, four


@pytest.mark.parametrize("split", ["train", "dev"])
def test_the_judges_targets_turn_at_the_first_wrong_word(tokens: Any, split: str) -> None:
    examples = pairs.read([ROOT / "training" / "data"], split=split)[::97]
    for asked in (row for e in examples for row in pairs.judged(e)):
        row = judge.row(tokens, replace(asked, evidence=("Rain fell.",)))
        before, right, wrong, after = parted(tokens, row)
        opening, said, closing = judge_prompt(("Rain fell.",), asked.statement)
        assert before == f"<|im_start|>user\n{opening}"
        assert right + wrong == said
        assert after == f"{closing}<|im_end|>\n<|im_start|>assistant\n"
        assert row.targets[-1] == int(asked.supported)
        if asked.supported:
            assert wrong == ""
        else:
            assert right.strip() == asked.statement[: asked.wrong_from].strip()
            assert wrong.strip() == asked.statement[asked.wrong_from :].strip()


def test_where_the_error_begins_counts_in_the_flat_text(tokens: Any) -> None:
    asked = pairs.Labelled(("Rain.",), "  Rain \n fell  on Monday.", False, wrong_from=14)
    assert asked.statement[14:] == " on Monday."
    assert parted(tokens, judge.row(tokens, asked))[1:3] == (" Rain fell", " on Monday.")


def test_an_error_in_the_first_word_leaves_nothing_right(tokens: Any) -> None:
    row = judge.row(tokens, pairs.Labelled(("Rain.",), "Snow fell.", False, wrong_from=0))
    assert parted(tokens, row)[1:3] == ("", " Snow fell.")


def test_an_error_somewhere_asks_for_the_verdict_alone(tokens: Any) -> None:
    row = judge.row(tokens, pairs.Labelled(("Rain.",), "Rain fell.", False))
    assert [t for t in row.targets if t != -100] == [0]
    assert row.targets[-1] == 0


def test_rows_that_are_too_long_are_left_out(tokens: Any) -> None:
    long = "Rain fell on Velmar. " * 200
    assert judge.row(tokens, pairs.Labelled((long,), "Rain fell.", True)) is None
    example = pairs.Example("X-1", "fuse", (("Post", long),), "Rain", ("Rain fell.",), ())
    for seed in range(10):
        assert writer.epoch_rows([example], tokens, Random(seed), dense=1.0) == []


def test_an_epoch_of_the_writer_shows_each_manner_by_its_share(tokens: Any, gold: Path) -> None:
    examples = pairs.read([gold], split="train")
    rows = [r for s in range(200) for r in writer.epoch_rows(examples, tokens, Random(s), dense=0)]
    asked = Counter(tokens.tokenizer.decode(r.ids).partition("one statement")[2][:7] for r in rows)
    shown = len(examples) * 200
    plain = asked[".<|im_e"]
    assert abs(plain / len(rows) - writer.UNASKED) < 0.03
    close, other, short = asked[", close"], asked[", in ot"], asked[", as sh"]
    assert close + other + short + plain == len(rows)
    for found, manner in ((close, "close"), (other, "rephrased"), (short, "short")):
        share = writer.SHARES[manner] * (1 - writer.UNASKED)
        assert abs(found / shown - share) < 0.06, manner


def test_dense_examples_are_shown_by_their_share(tokens: Any) -> None:
    long = " ".join(["rain"] * (writer.DENSE + 1))
    example = pairs.Example("X-1", "fuse", (("Post", "Rain."),), "Rain", (long,), ())
    counts = {
        dense: sum(
            len(writer.epoch_rows([example] * 20, tokens, Random(s), dense=dense))
            for s in range(20)
        )
        for dense in (0.0, 0.5, 1.0)
    }
    assert counts[0.0] == 0
    assert 0.3 < counts[0.5] / counts[1.0] < 0.7


def test_the_order_of_an_update_stays(gold: Path) -> None:
    told = tuple((f"Post {k}", f"Rain {k} fell.") for k in "abc")
    update = pairs.Example("X-1", "update", told, "Rain", ("Rain.",), ())
    for seed in range(20):
        assert writer.varied(update, [update], Random(seed)).passages[:3] == told
    fuse = replace(update, kind="fuse")
    assert len({writer.varied(fuse, [fuse], Random(s)).passages for s in range(40)}) == 6


@pytest.mark.parametrize("role", ["writer", "judge"])
def test_an_epoch_is_the_same_whenever_it_is_asked_for(tokens: Any, gold: Path, role: str) -> None:
    examples = pairs.read([gold], split="train")
    fixed = [pairs.Labelled(("Rain fell.",), "It snowed.", False, kind="draft", weight=2.0)]

    def epoch(seed: int) -> list[Any]:
        if role == "writer":
            return list(writer.epoch_rows(examples, tokens, Random(seed), dense=0.3))
        return list(judge.epoch_rows(examples, fixed, tokens, Random(seed)))

    assert epoch(1) == epoch(1) != epoch(2)
    if role == "judge":
        assert judge.row(tokens, fixed[0]) in epoch(1)
        assert len(epoch(1)) >= len(examples) * 5 + 1  # 3 true, 1 wrong, the headline


def test_the_judge_sees_an_update_in_its_own_order(
    tokens: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairs, "NOISE", 0.0)
    monkeypatch.setattr(judge, "SWAPPED", 0.0)
    told = tuple((f"Post {k}", f"Rain {k} fell.") for k in "abc")
    update = pairs.Example("X-1", "update", told, "Rain", ("Rain b fell.",), ())

    def orders(example: Any) -> set[str]:
        found = set()
        for seed in range(40):
            shown = judge.epoch_rows([example], [], tokens, Random(seed))
            asked = (tokens.tokenizer.decode(row.ids) for row in shown)
            found |= {a.split("Statement")[1] for a in asked if "Statement: Rain b fell." in a}
        return {reports for reports in found if "[3]" in reports}

    assert len(orders(update)) == 1
    assert len(orders(replace(update, kind="fuse"))) == 6


def test_an_epoch_holds_listed_statements_against_each_other(
    tokens: Any, gold: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "SWAPPED", 0.0)
    examples = pairs.read([gold], split="train")
    first = examples[0]

    def shown(same: dict[str, tuple[tuple[int, int], ...]]) -> list[Any]:
        rows = judge.epoch_rows(examples, [], tokens, Random(1), same)
        before, _, _ = judge_prompt((first.statements[0],), first.statements[1])
        asked = [row for row in rows if before in tokens.tokenizer.decode(row.ids)]
        return [row for row in asked if row.weight > 1]  # its passage is its first statement

    (row,) = shown({first.id: ((0, 1),)})
    assert row.targets[-1] == 1
    assert shown({}) == []


def test_public_rows_move_to_another_world_with_their_figures() -> None:
    asked = pairs.Labelled(
        ("Norway sent 12 ships to Poland on Monday.",), "Norway sent 12 ships.", True, kind="draft"
    )
    found = [judge.elsewhere(asked, Random(seed)) for seed in range(9)]
    for moved in found:
        assert (moved.supported, moved.kind, moved.weight) == (True, "draft", asked.weight)
        assert moved.statement.removesuffix(".") in moved.evidence[0]
        assert " sent 12 ships" in moved.statement
    assert len({moved.statement for moved in found}) > 1
    small = replace(asked, statement="norway sent 12 ships.")
    assert judge.elsewhere(small, Random(1)) is small


# Batches.

LENGTHS = st.lists(st.integers(1, 90), max_size=40)


@given(LENGTHS, st.integers(60, 300), st.integers(0, 99))
def test_batches_hold_every_row_once_and_no_more_tokens(
    lengths: list[int], most: int, seed: int
) -> None:
    rows = [lora.Row((k,) * n, (k,) * n) for k, n in enumerate(lengths)]
    found = list(lora.batches(rows, most, Random(seed)))
    assert sorted(r.ids for batch in found for r in batch) == sorted(r.ids for r in rows)
    for batch in found:
        assert batch
        assert len(batch) == 1 or max(len(r.ids) for r in batch) * len(batch) <= most
    assert found == list(lora.batches(rows, most, Random(seed)))


def test_batches_are_of_like_lengths_and_come_in_any_order() -> None:
    rows = [lora.Row((1,) * n, (1,) * n) for n in range(1, 400)]
    found = list(lora.batches(rows, 2000, Random(1)))
    padded = sum(max(len(r.ids) for r in batch) * len(batch) for batch in found)
    assert padded < 1.15 * sum(len(r.ids) for r in rows)
    firsts = [len(batch[0].ids) for batch in found]
    assert firsts != sorted(firsts)
    assert found != list(lora.batches(rows, 2000, Random(2)))


def test_the_rate_rises_and_falls() -> None:
    rates = [lora._schedule(step, 10, 100) for step in range(120)]
    assert rates[:10] == pytest.approx([k / 10 for k in range(1, 11)])
    assert rates[10] == 1
    assert all(a > b for a, b in pairwise(rates[10:101]))
    assert rates[100:] == pytest.approx([0.1] * 20)
    assert lora._schedule(0, 0, 0) > 0


# Losses.


def model_of(base: Path) -> Any:
    """The tiny model with an adapter that already does something, in single precision."""
    import torch

    model = lora.with_adapter(lora.base_model(base, "cpu").float(), SMALL)
    torch.manual_seed(11)
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.3)
    return model.eval()


def value(model: Any, loss: Callable[..., Any], *rows: Any) -> Any:
    """The loss of a batch."""
    ids, seen, targets, weights = lora.padded(rows, "cpu")
    return loss(model, ids, seen, (targets, weights)).detach()


def test_the_writers_loss_is_the_usual_one_on_the_answer(base: Path, tokens: Any) -> None:
    import torch

    model = model_of(base)
    short, long = (
        writer.row(tokens, writer_prompt([("Post", "Rain fell.")] * n), "Rain\nIt " * n, n)
        for n in (1, 3)
    )
    usual = [
        model(input_ids=torch.tensor([r.ids]), labels=torch.tensor([r.targets])).loss.detach()
        for r in (short, long)
    ]
    assert torch.allclose(value(model, writer.loss, short), usual[0], atol=1e-5)
    counts = [sum(t != -100 for t in r.targets) * r.weight for r in (short, long)]
    both = (usual[0] * counts[0] + usual[1] * counts[1]) / sum(counts)
    assert torch.allclose(value(model, writer.loss, short, long), both, atol=1e-5)


def test_the_judges_loss_is_that_of_its_verdict_and_of_each_word(base: Path, tokens: Any) -> None:
    import torch

    model = model_of(base)
    yes, no = (tokens.plain(answer)[0] for answer in ("Yes", "No"))
    rows = [
        judge.row(tokens, pairs.Labelled(("Rain fell.",) * n, said, good, at, weight=n))
        for n, said, good, at in (
            (1, "Rain fell.", True, -1),
            (2, "Rain fell on Norre.", False, 13),
            (3, "It snowed.", False, -1),
        )
    ]
    expected = []
    for row in rows:
        logits = model(input_ids=torch.tensor([row.ids])).logits[0].detach()
        chance = torch.softmax(logits[:, [yes, no]], -1)[:, 0]
        each = [-torch.log(chance[k] if t else 1 - chance[k]) for k, t in enumerate(row.targets)]
        along = [e for e, t in zip(each[:-1], row.targets[:-1], strict=True) if t != -100]
        expected.append(each[-1] + judge.ALONG * (sum(along) / len(along) if along else 0.0))
    loss = judge.loss_of(tokens)
    for row, one in zip(rows, expected, strict=True):
        assert torch.allclose(value(model, loss, row), one, atol=1e-4)
    mean = (expected[0] + 2 * expected[1] + 3 * expected[2]) / 6
    assert torch.allclose(value(model, loss, *rows), mean, atol=1e-4)


def test_smoothed_targets_stay_away_from_certainty(base: Path, tokens: Any) -> None:
    import torch

    model = model_of(base)
    rows = [judge.row(tokens, pairs.Labelled(("Rain fell.",), "Rain fell.", good))
            for good in (True, False)]  # fmt: skip
    usual, smooth = (
        [value(model, judge.loss_of(tokens, smooth=s), row) for row in rows] for s in (0.0, 0.05)
    )
    # A row without a known first error asks for its verdict alone, whose two losses then mix.
    wrong = pairs.Labelled(("Rain fell.",), "Rain fell.", False)
    right = replace(rows[1], targets=(*rows[1].targets[:-1], 1))
    no, yes = (value(model, judge.loss_of(tokens), r) for r in (judge.row(tokens, wrong), right))
    assert torch.allclose(smooth[1], 0.95 * no + 0.05 * yes, atol=1e-5)
    assert smooth[0] != usual[0]


def test_an_adapter_added_to_the_weights_is_the_same_function(base: Path, tokens: Any) -> None:
    import torch

    model = model_of(base)
    row = judge.row(tokens, pairs.Labelled(("Rain fell.",), "It snowed on Norre.", False, 3))
    loss = judge.loss_of(tokens)

    def once() -> tuple[Any, list[Any]]:
        model.zero_grad()
        ids, seen, targets, weights = lora.padded([row], "cpu")
        found = loss(model, ids, seen, (targets, weights))
        found.backward()
        return found.detach(), [p.grad.clone() for p in model.parameters() if p.requires_grad]

    (beside, there), _ = once(), lora._summed(model)
    summed, here = once()
    assert torch.allclose(beside, summed, atol=1e-5)
    for one, other in zip(there, here, strict=True):
        assert torch.allclose(one, other, rtol=1e-3, atol=1e-3)
