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
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from briefing.formats import ANSWERS, flat, judge_prompt
from training.base import add_options, base_name, place, prepared, recipe_of
from training.errors import mechanical
from training.lora import Recipe, Row, Tokens, base_model, save, train, with_adapter
from training.paired import WEIGHT as PAIRED
from training.paired import Same, paired, same_in
from training.pairs import Example, Labelled, drafts, judged, labelled, noisy, read, shuffled
from training.shorter import shorter
from training.swap import swapped

LONGEST = 768  # tokens of one row; longer ones are left out
ALONG = 1.0  # weight of the losses along the statement against the one of the verdict
SMOOTH = 0.05  # how far targets stay from 0 and 1: some labels, of public rows above all, are wrong
SWAPPED = 0.75  # share of examples that an epoch shows in a swapped world
SWAPPED_FIXED = 0.5  # of public rows and drafts


def row(tokens: Tokens, asked: Labelled) -> Row | None:
    """One training row; ``None`` when it is too long."""
    before, said, after = judge_prompt(asked.evidence, asked.statement)
    ids = [*tokens.before, *tokens.plain(before)]
    words = tokens.plain(said)
    closing = [*tokens.plain(after), *tokens.between]
    if len(ids) + len(words) + len(closing) > LONGEST:
        return None
    targets = [-100] * len(ids)
    if asked.supported:
        targets += [1] * len(words)
    elif asked.wrong_from >= 0:
        sound = flat(asked.statement[: asked.wrong_from])
        right = len(tokens.plain(f" {sound}")) if sound else 0
        targets += [1 if k < right else 0 for k in range(len(words))]
    else:
        targets += [-100] * len(words)
    targets += [-100] * (len(closing) - 1) + [int(asked.supported)]
    return Row((*ids, *words, *closing), tuple(targets), asked.weight)


def elsewhere(asked: Labelled, random: Random) -> Labelled:
    """A row in a swapped world, unless its statement is in small letters, in which no name shows.

    Figures stay: a true statement may write them in another way.
    """
    if asked.statement == asked.statement.lower():
        return asked
    passages = tuple(("", text) for text in asked.evidence)
    world = swapped(Example("", "", passages, "", (asked.statement,), ()), random, figures=False)
    return replace(asked, evidence=world.evidence, statement=world.statements[0])


def epoch_rows(
    examples: Sequence[Example],
    fixed: Sequence[Labelled],
    tokens: Tokens,
    random: Random,
    same: Same | None = None,
    *,
    weight: float = PAIRED,
) -> list[Row]:
    """Rows of one epoch: every statement, true or wrong, some mechanical errors and shortenings.

    Args:
        same: which statements say no more than another of their example, for rows with one
            sentence as evidence; ``weight`` is of the supported ones of these.
    """
    rows: list[Labelled] = []
    for example in examples:
        changed = swapped(example, random) if random.random() < SWAPPED else example
        rows += paired(changed, (same or {}).get(example.id, ()), random, weight=weight)
        rows += shorter(changed, random)
        changed = noisy(changed, examples, random)
        if changed.kind != "update":  # there the order tells what came first
            changed = shuffled(changed, random)
        rows += judged(changed)
        rows += mechanical(changed, examples, random)
    rows += [elsewhere(r, random) if random.random() < SWAPPED_FIXED else r for r in fixed]
    found = [row(tokens, r) for r in rows]
    return [r for r in found if r is not None]


def loss_of(tokens: Tokens, *, smooth: float = 0.0) -> Callable[[Any, Any, Any, Any], Any]:
    """Binary cross entropy of "Yes" against "No", at the verdict and along the statement.

    The verdict counts once and the mean along the statement :data:`ALONG` times; then the mean over
    rows by their weights. ``smooth`` is how far targets stay from 0 and 1.
    """
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits

    yes, no = (tokens.plain(a)[0] for a in ANSWERS)

    def loss(model: Any, ids: Any, seen: Any, wanted: Any) -> Any:
        targets, weights = wanted
        # Padding stands on the right, where a causal model does not look: no mask is needed.
        hidden = model.base_model.model.model(input_ids=ids).last_hidden_state
        head = model.base_model.model.lm_head.weight
        logit = hidden.float() @ (head[yes].float() - head[no].float())
        aims = targets.clamp(min=0).float() * (1 - 2 * smooth) + smooth
        each = binary_cross_entropy_with_logits(logit, aims, reduction="none")
        last = seen.sum(1) - 1
        rows = torch.arange(len(last), device=last.device)
        along = targets != -100
        along[rows, last] = False
        means = (each * along).sum(1) / along.sum(1).clamp(min=1)
        total = each[rows, last] + ALONG * means
        return (total * weights).sum() / weights.sum()

    return loss


def public_rows(files: Iterable[Path]) -> list[Labelled]:
    """Rows of :mod:`training.public`.

    Raises:
        ValueError: a line is not as described; the message names file and line.
    """
    return labelled(files)


def make(
    examples: Sequence[Example],
    fixed: Sequence[Labelled],
    base: Path,
    recipe: Recipe,
    *,
    device: str,
    same: Same | None = None,
    checkpoint: Path | None = None,
) -> Any:
    """A trained model; each epoch shows every one of the ``fixed`` rows, half in another world."""
    tokens = Tokens(base)
    model = with_adapter(base_model(base, device), recipe)

    def rows(epoch: int) -> list[Row]:
        return epoch_rows(examples, fixed, tokens, Random(recipe.seed + epoch), same)

    train(model, rows, loss_of(tokens, smooth=SMOOTH), recipe, device=device, checkpoint=checkpoint)
    return model


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on the pairs that are not held out and the rows that are given, and save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(parser, epochs=5)
    parser.add_argument("--drafts", type=Path, nargs="*", default=[], help="labelled drafts")
    parser.add_argument("--public", type=Path, nargs="*", default=[], help="see training.public")
    options = parser.parse_args(arguments)
    asked = recipe_of(options)
    examples = read(options.gold, split="train")
    fixed = drafts(options.drafts) + public_rows(options.public)
    same = same_in(options.gold)
    model = make(examples, fixed, prepared(options.base), asked, same=same,
                 device=place(options.device), checkpoint=options.checkpoint)  # fmt: skip
    told = {"role": "judge", "base": base_name(options.base), "examples": len(examples),
            "fixed": len(fixed), "along": ALONG, "smooth": SMOOTH,
            "restated": sum(len(same.get(e.id, ())) for e in examples)}  # fmt: skip
    save(model, options.out, asked, told)
    print(f"written: {options.out}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
