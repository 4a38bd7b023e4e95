"""Texts that talk to the machine: what intake keeps of them, and what an edition prints of them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pytest

from briefing.cli import eval as eval_command

SMALL = Path(__file__).parent.parent / "evals" / "small"
poison = eval_command.part("poison")
injection = eval_command.part("injection")
CORPUS = poison.read(SMALL / "injections", eval_command.part("reading").Losses())
TEXTS = [
    pytest.param(number, text, id=text.id)
    for part in ("development", "heldout")
    for number, text in enumerate(CORPUS.poisons[part])
]


def figures(*arguments: str) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    injection.options(parser)
    chosen = parser.parse_args(arguments)
    found: dict[str, Any] = injection.figures(SMALL, chosen, lambda *_: None)
    return found


def test_the_corpus_is_what_it_says() -> None:
    every = [text for texts in CORPUS.poisons.values() for text in texts]
    assert len({text.canary for text in every}) == len(every) >= 60
    assert {text.language for text in every} == {"en", "uk", "ru"}
    assert {"start", "middle", "end"} <= {text.position for text in every}
    assert not [t.id for t in every for s in CORPUS.clean if t.canary in "".join(s.body)]


@pytest.mark.parametrize(("number", "text"), TEXTS)
def test_no_known_form_is_kept(number: int, text: Any) -> None:
    story = CORPUS.carrier(text, number)
    articles = poison.articles_of(story, text)
    assert len(articles) == 1
    assert text.canary not in poison.shown(articles[0])
    if text.position != "alternative":
        for sentence in story.body:  # the article around it is whole
            assert sentence in articles[0].text


def test_what_is_measured_is_the_text_and_not_the_lack_of_an_article() -> None:
    """A canary without its disguise is kept: the measure can fail."""
    story = CORPUS.carriers["en"][0]
    [text] = [t for t in CORPUS.poisons["development"] if t.id == "d02"]
    bare = type(text)(**{
        **{name: getattr(text, name) for name in text.__slots__},
        "text": text.text.replace(" hidden", ""),
    })  # fmt: skip
    assert text.canary in poison.shown(poison.articles_of(story, bare)[0])


def test_shares_come_with_their_interval() -> None:
    assert injection.wilson(0, 0) == (0.0, 1.0)
    assert injection.wilson(0, 43) == (0.0, 0.082)
    low, high = injection.wilson(22, 43)
    assert (low, high) == (0.3675, 0.6538)
    found = figures("--rules-only", "--part", "development")
    assert (found["hidden_exposed"], found["token_exposed"]) == (0, 0)
    assert "prose_printed" not in found


@pytest.mark.models
def test_a_poisoned_edition_prints_no_canary_and_tells_of_clean_articles_alike() -> None:
    found = figures("--part", "heldout", "--texts", "h02,h22,h24,h29")
    assert found["editions"] == 1
    kinds = {kind: found[f"{kind}_printed_of"] for kind in injection.KINDS}
    assert kinds == {"hidden": [0, 1], "token": [0, 2], "prose": [0, 1]}
    assert found["obeyed"] == found["clean_changed"] == 0
    assert found["clean_lines"] > 0
