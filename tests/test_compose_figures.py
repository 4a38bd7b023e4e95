"""Figures that conflict: shown with both sides, each from its own source; and what is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from planted_conflicts import (
    AGREEMENTS,
    CONFLICTS,
    HELD_AGREEMENTS,
    HELD_CONFLICTS,
    LATER_AGREEMENTS,
    LATER_CONFLICTS,
)
from planted_last import LAST_AGREEMENTS, LAST_CONFLICTS, NOT_COMPARED
from test_compose_boards import article, board

from briefing.news import Article, BoardLine
from briefing.stages.compose.figures import DIFFER, figure_leads
from briefing.text.natures import Nature, natures


def lines(*sentences: str) -> list[BoardLine]:
    """The board of figures of articles "a0", "a1", ... of different origins, one sentence each."""
    articles = [article(f"a{n}", "The gate is shut.", text) for n, text in enumerate(sentences)]
    found = board("figures", *articles)
    by_id = {a.id: a for a in articles}
    for line in found:
        proves(line, by_id)
    return found


def proves(line: BoardLine, articles: dict[str, Article]) -> None:
    """A line's number stands in its own sentence, and the lead can be read off it again."""
    source = articles[line.claim.passages[0].article]
    meaning, _, value = line.lead.partition(": ")
    assert meaning == "Kind of missile" or value in line.claim.text, "a number that nobody gave"
    assert line.lead in figure_leads(line.claim, source.published)


ALL_CONFLICTS = [*HELD_CONFLICTS, *CONFLICTS, *LATER_CONFLICTS, *LAST_CONFLICTS]
ALL_AGREEMENTS = [*HELD_AGREEMENTS, *AGREEMENTS, *LATER_AGREEMENTS, *LAST_AGREEMENTS]


@pytest.mark.parametrize("row", ALL_CONFLICTS)
def test_a_conflict_shows_both_sides_each_from_its_own_source(
    row: tuple[str, str, str, str],
) -> None:
    *sentences, one, other = row
    differing = [line for line in lines(*sentences) if line.note == DIFFER]
    for value, source in ((one, "a0"), (other, "a1")):
        told = [line for line in differing if value in line.lead]
        assert told, f"{value} is not on the board"
        assert {p.article for line in told for p in line.claim.passages} == {source}
    assert len({line.lead.partition(":")[0] for line in differing}) == 1


@pytest.mark.parametrize("pair", ALL_AGREEMENTS)
def test_what_only_looks_like_a_conflict_is_none(pair: tuple[str, str]) -> None:
    assert [line.lead for line in lines(*pair) if line.note] == []


def test_tolls_of_one_town_stand_both_but_are_no_conflict_without_a_common_cause() -> None:
    assert sorted((line.lead, line.note) for line in lines(*NOT_COMPARED)) == [
        ("Wounded: 14 people", ""), ("Wounded: 22", ""),
    ]  # fmt: skip


def test_a_conflict_is_never_cut_for_want_of_room() -> None:
    goods = ("drones", "tanks", "jets", "shells", "ships", "trucks", "bombs", "helicopters")
    plain = [f"The army of Lund ordered {n + 20} {g} in spring." for n, g in enumerate(goods)]
    first, second, *_ = CONFLICTS[0]
    found = lines(*plain, first, second)
    assert [line.note for line in found[:2]] == [DIFFER, DIFFER]
    assert len(found) == 7


def test_three_values_stand_beside_each_other() -> None:
    found = lines(
        "Ukraine fired eight ATACMS missiles at Bryansk, a U.S. official said.",
        "Ukraine fired six ATACMS missiles at Bryansk, Moscow said.",
        "Some ten ATACMS missiles were fired at Bryansk, bloggers wrote.",
    )
    assert sorted(line.lead for line in found if line.note == DIFFER) == [
        "Missiles: Some ten", "Missiles: eight", "Missiles: six",
    ]  # fmt: skip


def test_a_toll_that_rose_by_the_next_day_is_no_conflict() -> None:
    early = "At least four people were killed in the missile strike on Sumy."
    late = "Nine people were killed in the missile strike on Sumy."
    a = article("a", "Shut.", early, published=datetime(2024, 11, 20, 9, tzinfo=UTC))
    b = article("b", "Shut.", late, published=datetime(2024, 11, 21, 9, tzinfo=UTC))
    c = article("c", "Shut.", late, published=datetime(2024, 11, 20, 11, tzinfo=UTC))
    assert {line.note for line in board("figures", a, b)} == {""}
    assert {line.note for line in board("figures", a, c)} == {DIFFER}


def test_a_date_alone_is_no_figure() -> None:
    assert lines("The embassy in Kyiv was closed on November 20, the State Department said.") == []


# -- kinds of a missile ------------------------------------------------------------------------


def told(text: str) -> list[tuple[str, bool, str]]:
    return [(n.kind, n.denied, n.speaker) for n in natures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Kyiv says that Russia fired an intercontinental missile at the city of Lund.",
            [("intercontinental", False, "ukraine")],
        ),
        (
            "Western officials said the weapon which hit Lund was not an ICBM.",
            [("intercontinental", True, "western officials")],
        ),
        (
            "It was not an ICBM but an intermediate-range missile that struck Lund, the U.S. said.",
            [("intercontinental", True, "america"), ("intermediate-range", False, "america")],
        ),
        ("An ICBM was not used in the attack on Lund.", [("intercontinental", True, "")]),
        (
            "Two Western diplomats said that Moscow had used ballistic missiles only.",
            [
                ("ballistic", False, "western officials"),
                ("intercontinental", True, "western officials"),
            ],
        ),
        (
            "Putin said Russia had tested a medium-range hypersonic missile on Lund.",
            [("medium-range", False, "russia"), ("hypersonic", False, "russia")],
        ),
        (
            "The army ruled out that a cruise missile struck the port.",
            [("cruise", True, "")],
        ),
        ("Russia could fire an intercontinental missile at Lund.", []),
        ("Kyiv has permission to use American ballistic missiles inside Russia.", []),
        ("Britain let Kyiv fire Storm Shadow cruise missiles at Kursk.", []),
        ("Russia builds intercontinental missiles in Votkinsk.", []),
        ("The talks on a treaty about short-range missiles failed.", []),
    ],
)
def test_the_kind_of_a_missile_that_was_fired(
    text: str, expected: list[tuple[str, bool, str]]
) -> None:
    assert told(text) == expected


def test_kinds_that_exclude_each_other_stand_side_by_side() -> None:
    found = lines(
        "Ukraine said that Russia had fired an intercontinental ballistic missile at Dnipro.",
        "Western officials said that the missile which Russia fired was not an ICBM.",
        "Putin said Russia had fired a new intermediate-range missile at Dnipro.",
    )
    assert {(line.lead, line.note) for line in found} == {
        ("Kind of missile: intercontinental", DIFFER),
        ("Kind of missile: not intercontinental", DIFFER),
        ("Kind of missile: intermediate-range", DIFFER),
    }


@pytest.mark.parametrize(
    "pair",
    [
        (
            "Russia fired a ballistic missile at Dnipro.",
            "Russia fired a hypersonic missile at Dnipro.",
        ),
        (
            "Russia fired a cruise missile at Odesa on Monday.",
            "Russia fired a ballistic missile at Dnipro on Thursday.",
        ),
        (
            "Russia fired an intercontinental missile at Dnipro.",
            "Russia fired an experimental missile at Dnipro.",
        ),
    ],
)
def test_kinds_that_go_together_are_no_figure(pair: tuple[str, str]) -> None:
    assert lines(*pair) == []


def test_a_headline_may_give_a_kind_but_no_number() -> None:
    one = article("one", "The gate is shut.", "Western officials said an ICBM was not used.")
    title = "Russia fires intercontinental missile and 40 drones at Dnipro"
    other = _headed("two", title)
    found = board("figures", one, other)
    assert {line.lead for line in found} == {
        "Kind of missile: intercontinental",
        "Kind of missile: not intercontinental",
    }


def _headed(key: str, title: str) -> Article:
    from briefing.text.assemble import assemble

    text, passages = assemble(key, title, ["The gate is shut."])
    return Article(
        id=key, url="", title=title, title_origin="stated", publisher=key,
        published=datetime(2024, 11, 21, 9, tzinfo=UTC), date_origin="stated", text=text,
        passages=passages,
    )  # fmt: skip


def test_natures_are_tuples_of_known_kinds() -> None:
    (nature,) = natures("Moscow hit Lund with an ICBM.")
    assert nature == Nature("intercontinental", False, "")
