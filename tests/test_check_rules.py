"""Each rule alone: what it finds, and what it leaves alone."""

from __future__ import annotations

import pytest

from briefing.news import Passage
from briefing.stages.check import rules
from briefing.stages.check.alone import best, stands_alone, unresolved
from briefing.stages.check.tokens import attributed, forms


@pytest.mark.parametrize(
    ("text", "source", "bad"),
    [
        ("six missiles", "six missiles were fired", False),
        ("6 missiles", "six missiles were fired", False),
        ("seven missiles", "six missiles were fired", True),
        (
            "six drones were seen",
            "six missiles were fired",
            False,
        ),  # units of things: the alignment's
        ("300 miles", "a range of 300 km", True),
        ("300 kilometres", "a range of 300 km", False),
        ("10,000 soldiers", "approximately 10,000 soldiers", True),
        ("about 10,000 soldiers", "approximately 10,000 soldiers", False),
        ("nearly 10,000 soldiers", "approximately 10,000 soldiers", True),
        ("more than 50 tanks", "at least 50 tanks", True),
        ("$5 million", "€5 million", True),
        ("$5m", "$5 million", False),
        ("5%", "5 percentage points", True),
        ("a few dozen", "dozens", True),
        ("World War 3", "World War III", False),
        ("the first use", "the second use", True),
        ("half the stock", "a third of the stock", True),
        ("24 hours", "24 days", True),
    ],
)
def test_number(text: str, source: str, bad: bool) -> None:
    assert bool(rules.number(text, [source])) == bad


@pytest.mark.parametrize(
    ("text", "source", "bad"),
    [
        ("on Tuesday", "On Tuesday, Moscow", False),
        ("on Thursday", "On Tuesday, Moscow", True),
        ("in November", "on November 19", False),
        ("on November 21", "on November 19", True),
        ("in 2024", "in 2022", True),
        ("yesterday", "on Monday", True),
        ("it may help", "in May", False),
        ("in May", "it may help", True),
    ],
)
def test_date(text: str, source: str, bad: bool) -> None:
    assert bool(rules.date(text, [source])) == bad


@pytest.mark.parametrize(
    ("text", "source", "bad"),
    [
        ("They told Sergey Lavrov.", "Foreign Minister Sergey Lavrov spoke", False),
        ("They told Igor Lavrov.", "Foreign Minister Sergey Lavrov spoke", True),
        ("In Russia’s Kursk region", "the Russian region of Kursk", False),
        ("With American help", "with U.S. help", False),
        ("In the Storm Shadow case", "the ATACMS case", True),
        ("They met in Kyiv.", "They met in Ukraine.", True),
        ("Then General Smith left.", "then Smith left in general confusion", True),
    ],
)
def test_name(text: str, source: str, bad: bool) -> None:
    assert bool(rules.name(text, [source])) == bad


@pytest.mark.parametrize(
    ("text", "source", "bad"),
    [
        ("called it “a new phase”", 'called it "a new phase" of war', False),
        ("called it “a  new phase”", "called it “a new phase” of war", False),
        ("called it “a new face”", "called it “a new phase” of war", True),
        ("called it “phase”", "called it “a new phase” of war", False),
        ("called it “new”", "called it a new phase of war", True),
        ("called it a new phase", "called it “a new phase” of war", True),
        ("called it “a new", "called it “a new phase” of war", True),
        (
            "said it was hard to win a war like this one",
            "“It was hard to win a war like this one,” he said",
            False,
        ),
    ],
)
def test_quote(text: str, source: str, bad: bool) -> None:
    assert bool(rules.quote(text, [source])) == bad


@pytest.mark.parametrize(
    "text",
    [
        "Reports: Moscow fired six missiles at the city.",
        "[1] Moscow fired six missiles at the city.",
        "Moscow fired six missiles at the city.<|im_end|>",
        "Moscow fired six missiles at the city",
        "Moscow fired six missiles at the.",
        "Moscow fired fired six missiles at the city.",
        "Moscow fired six missiles at the city and six missiles at the port.",
        "You should know that Moscow fired six missiles.",
        "Moscow fired six missiles (at the city.",
        "Moscow said it was “a new phase.",
        "moscow fired six missiles at the city.",
        "Moscow fired six missiles. Kyiv fired seven missiles back.",
        "The ministry in the city by the sea.",
        "While Moscow fired six missiles at the city.",
        "Even if Moscow fires missiles, the city by the sea.",
        "Moscow fired an missile at the city today.",
        "Moscow fired six\nmissiles at the city.",
        "See https://example.org for what Moscow fired.",
    ],
)
def test_shape_refuses(text: str) -> None:
    assert rules.shape(text, headline=False)


@pytest.mark.parametrize(
    "text",
    [
        "Moscow fired six missiles at the U.S. embassy at 3 p.m. on Tuesday.",
        "“We will go on,” the minister said.",
        "While Moscow fired six missiles, Kyiv waited for an answer.",
        "It was “another step up the escalation ladder.”",
    ],
)
def test_shape_accepts(text: str) -> None:
    assert not rules.shape(text, headline=False)


def test_length() -> None:
    assert rules.length("Too short by far.", headline=False)
    assert rules.length("word " * 41, headline=False)
    assert rules.length("word " * 13, headline=True)
    assert not rules.length("word " * 12, headline=True)
    assert not rules.length("word " * 6, headline=False)


@pytest.mark.parametrize(
    ("text", "source", "bad"),
    [
        ("Kyiv may strike", "Kyiv will strike", True),
        ("Kyiv will strike", "Kyiv may strike", True),
        ("Kyiv did not strike", "Kyiv struck", True),
        ("Kyiv reportedly struck", "Kyiv struck", True),
        ("Kyiv struck in May", "Kyiv struck in May", False),
        ("Kyiv can’t strike", "Kyiv cannot strike", False),
    ],
)
def test_modality(text: str, source: str, bad: bool) -> None:
    assert bool(rules.modality(text, [source])) == bad


def test_added_finds_words_from_nowhere() -> None:
    assert rules.added("Moscow fired cruise missiles", ["Moscow fired missiles"]) == "cruise"
    assert not rules.added("Missile fires Moscow", ["Moscow fired missiles"])
    assert not rules.added("Moscow fired, Miller said", ["Moscow fired, according to Miller"])
    assert rules.added("Moscow fired, Miller said", ["Miller saw Moscow fire"]) == "said"


def test_first_person() -> None:
    assert rules.first_person("We will strike back.") == "We"
    assert not rules.first_person("“We will strike back,” he said of the US plan.")


@pytest.mark.parametrize(
    "text",
    [
        "He said the war would end soon.",
        "It was the first deployment of this missile type.",
        "This decision came late for the army.",
        "The president was asked about this decision.",
        "They struck a depot near the river.",
    ],
)
def test_unresolved_pointers(text: str) -> None:
    assert unresolved(text)


@pytest.mark.parametrize(
    "text",
    [
        "Putin said he would answer.",
        "It remains unclear whether the missiles will be used.",
        "Russia lowered its threshold this week.",
        "Miller said: “He knows what this decision means.”",
    ],
)
def test_resolved_pointers(text: str) -> None:
    assert not unresolved(text)


def _passage(text: str, index: int = 0) -> Passage:
    return Passage("a", index, 0, len(text), text, 1)


def test_stands_alone() -> None:
    good = "Ukraine has asked for permission to use the weapons on Russian soil."
    assert stands_alone(_passage(good))
    for bad in (
        "The first, which he described as bleak, suggests a plan against peace.",
        "Strategic Timing Amid Political Transition",
        "“My own feeling is that the decision is a mixture of all these things.”",
        "Why has the administration decided to allow such a shift now?",
        "It said so: " + "word " * 50 + ".",
    ):
        assert not stands_alone(_passage(bad)), bad


def test_best_prefers_the_sentence_that_leans_least() -> None:
    leaning = _passage("In response, Russia launched a new missile at the plant in the city.", 0)
    plain = _passage("Russia launched a new missile at the plant in the city of Dnipro.", 1)
    assert best([leaning, plain]) is plain
    assert best([leaning]) is leaning
    assert best([_passage("He did it for the good of the whole country.")]) is None


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("Trump may decide otherwise, Miller said.", True),
        ("According to Miller, Trump may decide otherwise.", True),
        ("Miller said that Trump may decide otherwise.", True),
        ("Trump, Miller said, may decide otherwise.", True),
        ("“Trump may decide otherwise,” said David Miller.", True),
        ("Trump may decide otherwise, and Miller left.", False),
        ("Trump criticized the move and warned of war, Waltz and his aides.", False),
    ],
)
def test_attribution_is_found_wherever_it_stands(text: str, moved: bool) -> None:
    assert any(attributed(f) for f in forms(text)) == moved


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Ukraine strikes Bryansk with ATACMS", True),
        ("Putin confirms strike", True),
        ("Chile to buy four ships", True),
        ("The timing of the decision to lift restrictions", False),
        ("At the end of the day", False),
        ("Mike Waltz, a U.S. Representative", False),
        ("By disrupting supply lines", False),
    ],
)
def test_a_headline_has_a_verb(text: str, whole: bool) -> None:
    assert (not rules.shape(text, headline=True)) == whole
