"""A claim that nobody but one side's state media carries says so."""

from __future__ import annotations

from typing import Any

import pytest
from test_compose_boards import article

from briefing.news import Article, Claim, Passage
from briefing.stages.check import labels, review, sourcing
from briefing.stages.check.sourcing import label

PLAIN = "Six missiles hit the depot in Lund on Tuesday night."
OTHER = "On Tuesday night six missiles hit the depot in Lund."
RUSSIAN = {"bloc": "russian", "state_media": True}
UKRAINIAN = {"bloc": "ukrainian", "state_media": True}


def told(*sources: dict[str, Any], text: str = PLAIN) -> tuple[list[Passage], dict[str, Article]]:
    """One passage of each of several articles, and the articles by id."""
    articles = [article(f"a{n}", text, **source) for n, source in enumerate(sources)]
    return [a.passages[0] for a in articles], {a.id: a for a in articles}


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([RUSSIAN], "state media"),
        ([UKRAINIAN], "state media"),
        ([RUSSIAN, RUSSIAN], "state media"),
        ([{"state_media": True}], "state media"),  # of a side that nobody named
        ([RUSSIAN, {}], "reported"),
        ([RUSSIAN, UKRAINIAN], "reported"),
        ([RUSSIAN, {"bloc": "world"}], "reported"),
        ([{"bloc": "russian"}], "reported"),  # of that side, but free
        ([{"bloc": "world", "state_media": True}], "reported"),  # of a state that is no party
        ([{"bloc": "defence", "state_media": True}], "reported"),
    ],
)
def test_only_where_all_passages_are_of_one_sides_state_media(
    sources: list[dict[str, Any]], expected: str
) -> None:
    passages, articles = told(*sources)
    assert label(passages, articles) == expected
    assert expected in labels(passages, articles)


@pytest.mark.parametrize(
    ("text", "free", "steered"),
    [
        ("Moscow said six missiles had been shot down.",) + ("claimed by a party to the war",) * 2,
        ("Officials said the depot had been hit.", "unnamed officials", "state media"),
        ("Analysts said the depot had been hit.", "analysis", "state media"),
        ("Norway’s foreign ministry said the depot had been hit.", "on record", "state media"),
    ],
)
def test_what_a_party_claims_keeps_its_label(text: str, free: str, steered: str) -> None:
    for source, expected in (({}, free), (RUSSIAN, steered)):
        (passage,), articles = told(source, text=text)
        assert sourcing(passage, articles["a0"]) == expected
        assert labels([passage], articles) == {expected}


def test_another_source_beside_them_gives_its_own_label() -> None:
    passages, articles = told(RUSSIAN, {})
    assert labels(passages, articles) == {"reported"}


@pytest.mark.parametrize(("second", "expected"), [(RUSSIAN, "state media"), ({}, "reported")])
def test_a_written_sentence_is_labelled_by_all_that_prove_it(
    second: dict[str, Any], expected: str
) -> None:
    passages, articles = told(RUSSIAN, second)
    found = review(PLAIN, passages, 1.0, articles=articles, floor=0.5, kind="statement")
    assert isinstance(found, Claim)
    assert len(found.passages) == 2
    assert found.sourcing == expected
