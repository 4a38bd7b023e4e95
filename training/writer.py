"""Train the writer: gold pairs in, a LoRA adapter out.

    python -m training.writer --out FOLDER [--gold FOLDER ...] [--epochs N] [--device auto]

The loss is on the answer only. Each epoch sees the true statements of the examples, most of them in
a swapped world of its own (:mod:`training.swap`), their passages perhaps reordered, and now and
then a passage of another example as noise.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from briefing.formats import Manner, writer_answer, writer_prompt
from training.base import add_options, base_name, place, prepared, recipe_of
from training.lora import Recipe, Row, Tokens, base_model, save, train, with_adapter
from training.pairs import Example, noisy, read, shuffled
from training.swap import swapped

SWAPPED = 0.75  # share of examples that an epoch shows in a swapped world
SHARES: dict[Manner, float] = {"close": 1.0, "short": 0.5, "rephrased": 0.3, "": 0.7}
"""Share of the examples that an epoch shows in a manner: the close one is used first."""
UNASKED = 0.1  # share of them that is asked for without its manner: that must be answered too
DENSE = 30  # words of a first statement; a longer one carries more than one fact
LONGEST = 640  # tokens of one row; longer ones are left out


def row(tokens: Tokens, question: str, answer: str, weight: float = 1.0) -> Row:
    """One training row: the template around the question, and the answer to be learnt."""
    asked = [*tokens.before, *tokens.plain(question), *tokens.between]
    wanted = [*tokens.plain(answer), *tokens.after]
    return Row((*asked, *wanted), (*([-100] * len(asked)), *wanted), weight)


def varied(example: Example, others: Sequence[Example], random: Random) -> Example:
    """A variant that asks for the same statement."""
    if random.random() < SWAPPED:
        example = swapped(example, random)
    example = noisy(example, others, random)
    # In an update the order tells what came first.
    return example if example.kind == "update" else shuffled(example, random)


def epoch_rows(
    examples: Sequence[Example], tokens: Tokens, random: Random, *, dense: float
) -> list[Row]:
    """Rows of one epoch: the true statements of each example, each manner by its share.

    ``dense`` is the share of the examples with a long statement that is shown.
    """
    rows = []
    for example in examples:
        if len(example.statements[0].split()) > DENSE and random.random() >= dense:
            continue
        changed = varied(example, examples, random)
        for manner, statement in changed.manners:
            if random.random() >= SHARES[manner]:
                continue
            asked: Manner = "" if random.random() < UNASKED else manner
            question = writer_prompt(changed.passages, asked)
            rows.append(row(tokens, question, writer_answer(changed.headline, statement)))
    return [r for r in rows if len(r.ids) <= LONGEST]


def loss(model: Any, ids: Any, seen: Any, wanted: Any) -> Any:
    """Cross entropy of the answer's tokens, mean over tokens, weighted by row."""
    from torch.nn.functional import cross_entropy

    targets, weights = wanted
    hidden = model.base_model.model.model(input_ids=ids, attention_mask=seen).last_hidden_state
    asked = targets[:, 1:] != -100
    logits = model.base_model.model.lm_head(hidden[:, :-1][asked]).float()
    each = cross_entropy(logits, targets[:, 1:][asked], reduction="none")
    factor = weights[:, None].expand_as(asked)[asked]
    return (each * factor).sum() / factor.sum()


def make(
    examples: Sequence[Example],
    base: Path,
    recipe: Recipe,
    *,
    device: str,
    dense: float = 0.0,
    extra: Iterable[Row] = (),
    checkpoint: Path | None = None,
) -> Any:
    """A trained model; ``extra`` rows are shown each epoch as they are."""
    tokens = Tokens(base)
    model = with_adapter(base_model(base, device), recipe)
    fixed = list(extra)

    def rows(epoch: int) -> list[Row]:
        return epoch_rows(examples, tokens, Random(recipe.seed + epoch), dense=dense) + fixed

    train(model, rows, loss, recipe, device=device, checkpoint=checkpoint)
    return model


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on the pairs that are not held out, and save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(parser, epochs=6)
    parser.add_argument("--dense", type=float, default=0.3, help="share of dense pairs shown")
    options = parser.parse_args(arguments)
    asked = recipe_of(options)
    examples = read(options.gold, split="train")
    model = make(examples, prepared(options.base), asked, device=place(options.device),
                 dense=options.dense, checkpoint=options.checkpoint)  # fmt: skip
    told = {"role": "writer", "base": base_name(options.base), "examples": len(examples),
            "dense": options.dense}  # fmt: skip
    save(model, options.out, asked, told)
    print(f"written: {options.out}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
