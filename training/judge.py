"""Train the judge: statements and their subtle corruptions in, a LoRA adapter out.

    python -m training.judge --out FOLDER [--gold FOLDER ...] [--drafts FILE ...] [--public FILE]

The judge answers "Yes" or "No" at the end of its question. The same two logits are asked for at
every word of the statement's second reading: "Yes" as long as what was read is supported, "No"
from the first wrong word on. So each example teaches where the error is, not only that there is
one, and a refusal can name the word. (For a causal model this is the token-level supervision of
prefix-based verifiers; compare Cobbe et al. 2021 and Goyal and Durrett 2021.)
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from briefing.formats import ANSWERS, judge_prompt
from training.base import add_options, place, prepared
from training.errors import mechanical
from training.lora import Recipe, Row, Tokens, base_model, save, train, with_adapter
from training.pairs import Example, Labelled, drafts, judged, read
from training.swap import swapped

LONGEST = 768  # tokens of one row; longer evidence is cut at its end
ALONG = 0.3  # weight of the losses along the statement against the one of the verdict
SWAPPED = 0.75


def row(tokens: Tokens, asked: Labelled) -> Row | None:
    """One training row; ``None`` when the statement alone is too long."""
    before, said, after = judge_prompt(asked.evidence, asked.statement)
    ids = [*tokens.before, *tokens.plain(before)]
    words = tokens.plain(said)
    closing = [*tokens.plain(after), *tokens.between]
    over = len(ids) + len(words) + len(closing) - LONGEST
    if over > 0:
        return None
    start = asked.wrong_from
    targets = [-100] * len(ids)
    if asked.supported:
        targets += [1] * len(words)
    elif start >= 0:
        right = len(tokens.plain(said[: start + 1].rstrip()))  # said opens with a space
        targets += [1 if k < right else 0 for k in range(len(words))]
    else:
        targets += [-100] * len(words)
    targets += [-100] * (len(closing) - 1) + [int(asked.supported)]
    return Row((*ids, *words, *closing), tuple(targets), asked.weight)


def epoch_rows(
    examples: Sequence[Example], fixed: Sequence[Labelled], tokens: Tokens, random: Random
) -> list[Row]:
    """Rows of one epoch: every statement, true or wrong, and some mechanical errors."""
    rows: list[Labelled] = []
    for example in examples:
        changed = swapped(example, random) if random.random() < SWAPPED else example
        passages = list(changed.passages)
        if len(passages) < 4 and random.random() < 0.15:
            passages.append(random.choice(random.choice(examples).passages))
        random.shuffle(passages)
        changed = replace(changed, passages=tuple(passages))
        rows += judged(changed)
        rows += mechanical(changed, examples, random)
    rows += fixed
    found = [row(tokens, r) for r in rows]
    return [r for r in found if r is not None]


def loss_of(tokens: Tokens) -> Callable[[Any, Any, Any, Any], Any]:
    """Binary cross entropy of "Yes" against "No", at the verdict and along the statement."""
    from torch.nn.functional import binary_cross_entropy_with_logits

    yes, no = (tokens.plain(a)[0] for a in ANSWERS)

    def loss(model: Any, ids: Any, seen: Any, wanted: Any) -> Any:
        targets, weights = wanted
        hidden = model.base_model.model.model(input_ids=ids, attention_mask=seen).last_hidden_state
        head = model.base_model.model.lm_head.weight
        logit = hidden.float() @ (head[yes] - head[no]).float()
        asked = targets != -100
        length = seen.sum(1)
        last = length - 1
        each = binary_cross_entropy_with_logits(
            logit, targets.clamp(min=0).float(), reduction="none"
        )
        rows = last.new_tensor(range(len(last)))
        verdict = each[rows, last]
        along = asked.clone()
        along[rows, last] = False
        count = along.sum(1)
        means = (each * along).sum(1) / count.clamp(min=1)
        total = verdict + ALONG * means
        return (total * weights).sum() / weights.sum()

    return loss


def public_rows(files: Iterable[Path]) -> list[Labelled]:
    """Rows of :mod:`training.public`."""
    found = []
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            r = json.loads(line)
            found.append(
                Labelled(tuple(r["evidence"]), r["statement"], bool(r["label"]),
                         kind=r["from"], weight=float(r.get("weight", 1.0)))
            )  # fmt: skip
    return found


def make(
    examples: Sequence[Example],
    fixed: Sequence[Labelled],
    base: Path,
    recipe: Recipe,
    *,
    device: str,
    checkpoint: Path | None = None,
) -> Any:
    """A trained model; ``fixed`` rows are shown each epoch as they are."""
    tokens = Tokens(base)
    model = with_adapter(base_model(base, device), recipe)

    def rows(epoch: int) -> list[Row]:
        return epoch_rows(examples, fixed, tokens, Random(recipe.seed + epoch))

    train(model, rows, loss_of(tokens), recipe, device=device, checkpoint=checkpoint)
    return model


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(parser, epochs=5)
    parser.add_argument("--drafts", type=Path, nargs="*", default=[], help="labelled drafts")
    parser.add_argument("--public", type=Path, nargs="*", default=[], help="see training.public")
    options = parser.parse_args(arguments)
    recipe = Recipe(epochs=options.epochs, rate=options.rate, rank=options.rank,
                    alpha=2 * options.rank, seed=options.seed, tokens=options.tokens)  # fmt: skip
    examples = read(options.gold, split="train")
    fixed = drafts(options.drafts) + public_rows(options.public)
    model = make(examples, fixed, prepared(options.base), recipe,
                 device=place(options.device), checkpoint=options.checkpoint)  # fmt: skip
    told = {"examples": len(examples), "fixed": len(fixed), "role": "judge"}
    save(model, options.out, recipe, told)
    print(f"written: {options.out}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
