"""Said and done: what was announced as a response, and what took place as one."""

from __future__ import annotations

import pytest
from test_compose_boards import article, board

from briefing.text.answers import answer_of

SAID = (
    "Moscow vowed on Monday to respond to any strike on the port of Lund.",
    "The Kremlin has promised a harsh answer if the missiles are used, its spokesman said.",
    "Putin warned that such a decision would mean that NATO was at war with Russia.",
    "Russia’s foreign ministry threatened to retaliate against the bases that host the launchers.",
    "“The response will follow soon,” Foreign Minister Sergei Lavrov said.",
    "Kyiv said it would answer every attack on its grid.",
    "A strike of that kind cannot go unanswered, Peskov said.",
    "Moscow said an attack with British missiles would make London a party to the conflict.",
    "North Korea pledged to strike back if its soldiers were attacked.",
    "Russia again threatened to hit decision-making centres in Kyiv.",
    "Russian President Vladimir Putin, speaking in Sochi, vowed retaliation for the drone raid.",
    "If the U.S. lifts the limits, Russia will respond in kind, the ministry said.",
    "Washington warned of severe consequences should Moscow use a nuclear weapon.",
    "NATO warned Moscow that any attack on the cables would be met with a united response.",
    "The reply will be painful, Medvedev wrote.",
    "Berlin promised a firm reply should the spy’s sentence stand.",
)

DONE = (
    "Russia fired a new missile at the city of Lund in response to the strikes on Bryansk.",
    "Putin signed the doctrine in retaliation for the decision, officials in Moscow said.",
    "Moscow expelled two British diplomats in response to new sanctions.",
    "Russia retaliated with a barrage of 90 missiles.",
    "Moscow responded by closing the consulate in Lund.",
    "Russia launched 120 drones at Kyiv hours after Ukraine struck the arsenal at Toropets.",
    "Putin said the missile strike on Dnipro was a response to Western weapons.",
    "The Kremlin called the strike a response to the use of Storm Shadow missiles.",
    "As a response to the strike, Moscow fired nine missiles at Odesa.",
    "Two days after Ukraine hit the depot, Russia struck the power grid, Kyiv said.",
    "Ukraine attacked the airbase in retaliation for the strike on a hospital.",
    "Warsaw closed the Russian consulate in Poznan in response to sabotage.",
    "Russia suspended the talks after Ukraine attacked the bridge.",
    "In answer to the drills, North Korea fired two missiles into the sea.",
)

NEITHER = (
    "Analysts warn that Russia could respond with a strike on Lund.",
    "Will Russia respond to the strikes?",
    "How will Moscow respond to the missiles?",
    "Russia vowed not to strike the port.",
    "The strikes raised fears that Moscow will retaliate.",
    "Russia may close the embassy in response to the sanctions.",
    "Zelensky urged a strong response to the attack.",
    "Moscow did not retaliate after the strike.",
    "Russia reportedly fired the missile in response to the strikes.",
    "The embassy in Kyiv was closed after a warning of an air attack.",
    "NATO and Ukraine will hold talks after Russia attacked the city.",
    "Ukraine fired six missiles at a depot in Bryansk.",
    "Putin signed the new doctrine on Tuesday.",
    "Firefighters responded to a blaze at the depot within minutes.",
    "The minister answered questions from reporters in Moscow.",
    "Moscow denied that the strike was a response to the decision.",
    "The policy was changed in response to the budget crisis.",
    "Russia plans to answer the deployment with missiles of its own, an expert believes.",
    "Biden warned of a hurricane on the coast of Florida.",
    "Kyiv promised to use the money for schools.",
)


@pytest.mark.parametrize("text", SAID)
def test_an_announced_response_is_said(text: str) -> None:
    assert answer_of(text) == "said"


@pytest.mark.parametrize("text", DONE)
def test_a_response_that_took_place_is_done(text: str) -> None:
    assert answer_of(text) == "done"


@pytest.mark.parametrize("text", NEITHER)
def test_what_is_neither_stays_off_the_board(text: str) -> None:
    assert answer_of(text) == ""


# -- the board ---------------------------------------------------------------------------------


def rows(*sentences: str, **other: object) -> list[tuple[str, str]]:
    articles = [article(f"a{n}", "The gate is shut.", s, **other) for n, s in enumerate(sentences)]
    return [(line.lead, line.claim.text) for line in board("answers", *articles)]


def test_said_stands_before_done_each_in_its_own_words() -> None:
    assert rows(DONE[0], SAID[0], NEITHER[0]) == [("said", SAID[0]), ("done", DONE[0])]


def test_a_threat_is_never_shown_as_a_deed() -> None:
    threat = "Russia vowed to fire a missile in response to the strikes on Bryansk."
    assert rows(threat) == [("said", threat)]


def test_at_most_six_lines_and_neither_kind_crowds_out_the_other() -> None:
    found = [lead for lead, _ in rows(*SAID, *DONE)]
    assert found == ["said"] * 3 + ["done"] * 3
    assert [lead for lead, _ in rows(*SAID)] == ["said"] * 4
    assert [lead for lead, _ in rows(*DONE[:2], *SAID)] == ["said"] * 4 + ["done"] * 2


def test_one_response_told_twice_is_one_line() -> None:
    other = "Russia fired a new missile at Lund in response to strikes on Bryansk, Putin said."
    assert len(rows(DONE[0], other)) == 1


def test_without_a_response_there_is_no_board() -> None:
    assert rows(*NEITHER) == []


def test_a_sentence_that_leans_is_not_shown() -> None:
    assert rows("He vowed to respond to any strike, and Moscow vowed retaliation.") == []


def test_every_line_is_what_its_sentence_says() -> None:
    for lead, text in rows(*SAID, *DONE, *NEITHER):
        assert answer_of(text) == lead
