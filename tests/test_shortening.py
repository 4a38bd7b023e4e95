"""Which words of a passage may be left out: every way through its graph, and what stays shut."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.news import Passage
from briefing.stages.check.review import shortens
from briefing.stages.write import option, shortenings
from briefing.text.rewording import versions
from briefing.text.shortening import Graph

CUTS = Path(__file__).parent / "cases" / "check" / "cuts.txt"
MARKS = ",;:.—–"


def bare(text: str) -> list[str]:
    return [word.strip(MARKS).lower() for word in text.split()]


def in_order(words: list[str], source: list[str]) -> bool:
    rest = iter(source)
    return all(word in rest for word in words)


def accepted(sentence: str, passage: str) -> bool:
    return any(Graph(version).accepts(sentence) for version in versions(passage))


PASSAGES = [
    "In September, the harbour authority of Velmar, which runs four piers, said on Monday that it"
    " would close two of them for repairs because of rust.",
    "“We will not leave, whatever they say, and nobody will push us,” Ada Brenn told reporters in"
    " Velmar on Tuesday, “not today, not ever.”",
    "The ferry (built in 1931, rebuilt in 1960) may sail again in May, the operator Norlinje said"
    " after a quickly arranged meeting with the town of Velmar.",
    "Pier three will reopen in spring if the council, which meets on Friday, approves the loan.",
    "U.S.-made cranes were unloaded in Velmar—the first since June—with help from the navy.",
    "The captain, who had resigned, was swiftly replaced on Monday, and Norlinje, which owns the"
    " ferry, finally sold it, according to two officials, while the crew looked on in silence.",
    "Rain fell",
    "No",
    "",
]


# -- the sentences that can be made ------------------------------------------------------------


@pytest.mark.parametrize("passage", PASSAGES)
def test_every_shortening_is_the_passage_with_words_left_out(passage: str) -> None:
    sources = [bare(version) for version in versions(passage)]
    made = shortenings(passage)
    for text in made:
        assert any(in_order(bare(text), source) for source in sources), text
        assert accepted(text, passage), text
        assert text[0] == text[0].upper()
        assert re.search(r"[.!?][”\"')]*$", text), text
        assert not re.search(r"[,;:]\.", text), text
    assert passage not in made, "a copy is no shortening"
    assert len(made) == len(set(made))


@pytest.mark.parametrize("passage", PASSAGES[:-1])
def test_a_passage_is_a_way_through_its_own_graph(passage: str) -> None:
    assert Graph(passage).accepts(passage)


def test_there_is_something_to_choose() -> None:
    assert len(shortenings(PASSAGES[5])) > 2
    assert "was replaced on Monday" in " ".join(shortenings(PASSAGES[5]))


def test_the_plainest_version_comes_first_and_the_fewest_cuts() -> None:
    passage = "The tanker was swiftly towed and finally sold, according to officials in Sulm."
    assert shortenings(passage) == [
        "Officials in Sulm said the tanker was swiftly towed and finally sold.",
        "Officials in Sulm said the tanker was towed and finally sold.",
        "The tanker was towed and finally sold, according to officials in Sulm.",
    ]


def test_at_most_three_places_are_cut() -> None:
    passage = (
        "The tanker was swiftly towed into Velmar, was finally sold to Norlinje, and was publicly"
        " burned on the pier, leaving a wreck."
    )
    three = "The tanker was towed into Velmar, was sold to Norlinje, and was burned on the pier"
    assert f"{three}, leaving a wreck." in shortenings(passage)
    assert Graph(passage).accepts(f"{three}."), "the graph knows no number"
    assert f"{three}." not in shortenings(passage)


def test_a_fragment_is_not_offered() -> None:
    passage = "The pier closed, leaving two ferries of the operator Norlinje in the port of Velmar."
    assert Graph(passage).accepts("The pier closed.")
    assert shortenings(passage) == []


# -- what may go -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("passage", "short"),
    [
        (
            "However, the pier in Velmar closed for good today.",
            "The pier in Velmar closed for good today.",
        ),
        (
            "While it rained, the pier in Velmar closed for good.",
            "The pier in Velmar closed for good.",
        ),
        (
            "Brenn’s allies, however, have left the town of Velmar.",
            "Brenn’s allies have left the town of Velmar.",
        ),
        (
            "The pier has finally been closed for good in Velmar.",
            "The pier has been closed for good in Velmar.",
        ),
        (
            "Norland closed the pier on Monday, leaving two ferries outside the port.",
            "Norland closed the pier on Monday.",
        ),
        (
            "Norland closed the pier on Monday after two ferries had run aground.",
            "Norland closed the pier on Monday.",
        ),
        (
            "Norland closed the pier on Monday amid a storm in the strait.",
            "Norland closed the pier on Monday.",
        ),
        (
            "Norland closed the northern pier, the last of the four in Velmar.",
            "Norland closed the northern pier.",
        ),
        (
            "Norland closed the northern pier, and two ferries were sold.",
            "Norland closed the northern pier.",
        ),
        (
            "The mayor said in a speech to the crews that the pier closed.",
            "The mayor said that the pier closed.",
        ),
    ],
)
def test_what_may_go_can_go(passage: str, short: str) -> None:
    assert Graph(passage).accepts(short)
    long_enough = len(short.split()) >= 6
    assert (short in shortenings(passage)) is long_enough


# -- what must stay ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("passage", "kept"),
    [
        (PASSAGES[0], "authority of Velmar"),
        (PASSAGES[0], "said"),
        (PASSAGES[0], "would close two"),
        (PASSAGES[1], "“We will not leave, whatever they say, and nobody will push us,”"),
        (PASSAGES[1], "Brenn told reporters"),
        (PASSAGES[1], "“not today, not ever.”"),
        (PASSAGES[2], "may sail"),
        (PASSAGES[2], "Norlinje said"),
        (PASSAGES[2], "(built in 1931, rebuilt in 1960)"),
        (PASSAGES[3], "if the council"),
        ("Velmar will not, as some hoped for weeks, close piers on Monday.", "will not"),
        ("Brenn, who denied it on Monday in Velmar, left town on Tuesday.", "who denied it"),
        ("Brenn, a former pilot of ships, sold the ferry Norlinje today.", "former"),
        ("The town council of Velmar closed all but two piers on Monday.", "but two"),
        ("Brenn named it “a port that was swiftly closed and sold” in May.", "swiftly closed"),
        ("Although only two ferries sail to Velmar, the pier stays open in May.", "only two"),
        ("If it rains in Velmar on Monday, the old ferry stays at pier two.", "If it rains"),
        ("Unless it rains in Velmar, the old ferry stays at pier two.", "Unless it rains"),
        ("Two ships sank near Velmar on Monday without loss, but not the ferry.", "not the ferry"),
        ("Two ships sank near Velmar on Monday, killing nine of the crew.", "killing nine"),
        ("Two ships sank near Velmar on Monday, fewer than in the year before.", "fewer than"),
        ("Ferries will sail to Velmar in May unless the pier is still closed.", "unless"),
        ("Ferries will sail to Velmar in May, provided the pier is mended.", "provided"),
        ("The town shut the pier in Velmar on Monday, the ministry claimed.", "claimed"),
        ("Two tankers sank, the navy of Norland, citing radar, said on Monday.", "said"),
        ("In a poll by Norlinje, six in ten crews were against the loan.", "In a poll"),
        ("In May some 600 ferries, tugs and cranes are to be sold.", "In May some 600 ferries"),
        ("The mayor had not formally been asked about the loan in May.", "not formally been"),
        ("The mayor has yet to be formally asked about the northern pier.", "formally"),
        ("A freshly laid mine sank the ferry off Velmar on Monday.", "freshly"),
        ("The mayor said in May that the northern pier would close for good.", "in May"),
        ("The depots had been empty since the war in the strait ended.", "since the war"),
        ("Norland gave Sarovia, its old rival, the plans of the pier.", "the plans of the pier"),
        ("The pier would be closed in May, not in June as planned.", "not in June"),
        ("The council took the vote; a court in Sulm stayed it in May.", "a court in Sulm"),
        ("The award to Norlinje was put on hold on Monday by the town court.", "put on hold"),
        ("Divers found that the pump of the ferry was still switched on.", "switched on"),
        ("The town closed the first, second and third of its old piers.", "second and third"),
        ("The town sold the ferry, two tugs, and a crane to Norlinje.", "two tugs, and a crane"),
    ],
)
def test_what_would_change_the_claim_is_never_left_out(passage: str, kept: str) -> None:
    for version in versions(passage):
        assert kept.lower() in version.lower()
    for text in shortenings(passage):
        assert kept.lower() in text.lower(), text


@pytest.mark.parametrize(
    "wrong",
    [
        "The line, remains empty after the pumps had burned.",  # the comma of what was left out
        "The line which opened in 1931, remains empty after the pumps had burned.",
        "The line, which opened in 1931 remains empty after the pumps had burned.",
        "The line, which opened in 1931, remains, empty after the pumps had burned.",
        "The line remains empty after the pumps had failed.",  # another word
        "The line remains empty empty after the pumps had burned.",
        "The line remains empty after the pumps burned.",
        "The line empty remains after the pumps had burned.",
        "Which was built in 1931, remains empty after the pumps had burned.",
        "Remains empty after the pumps had burned.",
        "The line remains.",
        "The",
        "",
    ],
)
def test_another_wording_or_another_comma_is_no_way_through(wrong: str) -> None:
    graph = Graph("The line, which opened in 1931, remains empty after the pumps had burned.")
    assert graph.accepts("The line remains empty after the pumps had burned.")
    assert graph.accepts("The line remains empty.")
    assert not graph.accepts(wrong)


def test_nothing_is_a_way_through_nothing() -> None:
    assert not Graph("").accepts("")
    assert not Graph("").accepts("Rain fell.")
    assert not Graph("Rain fell.").accepts("")


def test_only_the_first_letter_may_change() -> None:
    graph = Graph("However, the NATO ships left Velmar in May.")
    assert graph.accepts("The NATO ships left Velmar in May.")
    assert not graph.accepts("The Nato ships left Velmar in May.")
    assert not graph.accepts("The NATO Ships left Velmar in May.")


# -- any text ----------------------------------------------------------------------------------

WORDS = (
    "the The pier Velmar in In on Monday, may not if said, said that which Brenn, “we will” (old)"
    " closed — 3,000; a has finally been sold, and after while Officials according to"
    " President Ada who left, leaving However, allowed Kyiv to fire"
)
words = st.sampled_from(WORDS.split())
passages = st.lists(words, min_size=1, max_size=22).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(passages)
def test_any_text_is_a_way_through_its_own_graph(passage: str) -> None:
    assert Graph(passage).accepts(passage)


# Not of words with a full stop of their own: "The ferry belongs to the U.S." is offered of "The
# ferry belongs to the U.S., leaving ...", and the graph refuses it.
@settings(max_examples=200, deadline=None)
@given(passages)
def test_of_any_text_every_shortening_is_proven_by_a_graph(passage: str) -> None:
    sources = [bare(version) for version in versions(passage)]
    made = shortenings(passage)
    for text in made:
        assert accepted(text, passage), text
        assert any(in_order(bare(text), source) for source in sources), text
    assert made == shortenings(passage)


@settings(max_examples=100, deadline=None)
@given(passages, passages)
def test_a_way_through_holds_no_word_of_another_text(passage: str, sentence: str) -> None:
    if Graph(passage).accepts(sentence):
        assert in_order(bare(sentence), bare(passage))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_no_text_is_too_odd(text: str) -> None:
    for sentence in shortenings(text):
        assert sentence.strip()
    assert Graph(text).accepts(text) is bool(text.split())


def test_a_long_sentence_takes_no_long_time() -> None:
    clause = "Brenn, who had finally left, sold the ferry, which was old, leaving Velmar, and "
    began = time.monotonic()
    made = shortenings(clause * 4 + "the pier closed.")
    assert len(made) > 10
    assert time.monotonic() - began < 20


# Does not hold yet: a sentence of 1,100 words ends in a RecursionError, one of 900 takes seconds.
# def test_a_passage_without_an_end_is_no_crash() -> None:
#     assert isinstance(shortenings(" ".join(["word"] * 1100) + "."), list)


# -- what an option is worth -------------------------------------------------------------------

SOLD = "On Monday, Ada Brenn, a keen pilot of ships, sold the ferry to Norlinje for 900 crowns."


def test_a_sentence_of_its_own_is_worth_more_than_a_near_copy() -> None:
    near = option("On Monday, Ada Brenn sold the ferry to Norlinje for 900 crowns.", SOLD)
    copied = option(
        "On Monday, Ada Brenn, a pilot of ships, sold the ferry to Norlinje for 900 crowns.", SOLD
    )
    assert near.own
    assert not copied.own
    assert near.worth > copied.worth + 3.0, "more than the four words that it spares besides"


def test_a_name_or_number_left_out_costs() -> None:
    all_of_it = option("Ada Brenn sold the ferry to Norlinje for 900 crowns.", SOLD)
    unnamed = option("Ada Brenn sold the ferry of Velmar for 900 crowns.", SOLD)
    uncounted = option("Ada Brenn sold the ferry to Norlinje for some crowns.", SOLD)
    assert all_of_it.worth > unnamed.worth
    assert all_of_it.worth > uncounted.worth


def test_a_shorter_one_is_worth_more_when_it_loses_no_name() -> None:
    passage = "The ferry was finally sold to Norlinje, leaving the town without any ship at all."
    long = option("The ferry was finally sold to Norlinje.", passage)
    short = option("The ferry was sold to Norlinje.", passage)
    assert short.worth > long.worth


def test_an_office_that_plain_words_leave_out_is_no_loss() -> None:
    passage = "The pier was closed, French President Emmanuel Macron said on Monday in Velmar."
    assert "Macron said" in versions(passage)[0]
    plain = option("Macron said on Monday in Velmar that the pier was closed.", passage)
    full = option(
        "French President Emmanuel Macron said on Monday in Velmar that the pier was closed.",
        passage,
    )
    assert plain.worth > full.worth


# -- sentences that readers found --------------------------------------------------------------


class Case(NamedTuple):
    passage: str
    sentence: str
    wrong: str  # what is wrong with it; "" when it is true


def _cases() -> list[Case]:
    found: list[Case] = []
    for block in CUTS.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        passage = next((line[2:] for line in lines if line.startswith("> ")), "")
        for line in lines:
            if line[:2] in ("- ", "+ "):
                sentence, _, wrong = line[2:].partition(" | ")
                assert bool(wrong) is (line[0] == "-"), line
                found.append(Case(passage, sentence, wrong))
    return found


ALL = _cases()
WRONG = [case for case in ALL if case.wrong]
TRUE = [case for case in ALL if not case.wrong]


def proven(case: Case) -> bool:
    passage = Passage("a", 0, 0, len(case.passage), case.passage, 1)
    return shortens(case.sentence, passage, "statement")


@pytest.mark.parametrize("case", WRONG, ids=lambda c: c.sentence[:60])
def test_a_wrong_cut_falls(case: Case) -> None:
    assert not proven(case)
    assert case.sentence != case.passage


@pytest.mark.parametrize("case", TRUE, ids=lambda c: c.sentence[:60])
def test_a_true_cut_stands_and_can_be_chosen(case: Case) -> None:
    assert proven(case)
    assert case.sentence in shortenings(case.passage)


def test_the_cases_are_many_enough_to_mean_something() -> None:
    assert len(WRONG) >= 60
    assert len(TRUE) >= 25
