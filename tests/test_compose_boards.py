"""The boards: quotes, figures and timeline in the sources' own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from briefing.news import (
    Accounts,
    Article,
    BoardLine,
    Brief,
    Claim,
    Edition,
    ModelIdentity,
    Origin,
    Story,
)
from briefing.stages.compose import compose
from briefing.text.assemble import assemble

TODAY = Edition("s", date(2024, 11, 22))
SEEDS = Path(__file__).parent.parent / "seeds"


def article(key: str, *paragraphs: str, **other: Any) -> Article:
    text, passages = assemble(key, "", paragraphs)
    given = {"published": datetime(2024, 11, 22, 9, tzinfo=UTC), "date_origin": "stated"}
    facts = {"url": "", "title": key, "title_origin": "made", "publisher": key}
    return Article(id=key, text=text, passages=passages, **(given | facts | other))


def board(
    kind: str,
    *articles: Article,
    origins: Sequence[Origin] = (),
    claims: Sequence[Claim] = (),
    edition: Edition = TODAY,
) -> list[BoardLine]:
    """The lines of one board of an edition made from all the articles."""
    first = articles[0].passages[0]
    head = Claim(first.text, (first,), 1.0, "quoted", "reported")
    brief = Brief("d", head, (head, *claims), tuple(a.id for a in articles), len(articles))
    made = compose(
        edition=edition,
        story=Story("s", "Story", "", {}),
        briefs=[brief],
        articles={a.id: a for a in articles},
        origins=origins,
        skips=(),
        accounts=Accounts(0, 0, (), 0, 0, (), 0, 0),
        model=ModelIdentity("", "", "", ""),
        made=datetime(2024, 11, 22, 12, tzinfo=UTC),
        sourcing=lambda passage, source: "analysis" if source.publisher == "x" else "on record",
    )
    by_id = {a.id: a for a in articles}
    for shown in made.boards:
        assert shown.lines, "an empty board is left out"
        for line in shown.lines:
            passage = line.claim.passages[0]
            assert by_id[passage.article].text[passage.start : passage.end] == passage.text
            if line.claim.wording == "quoted":
                assert line.claim.text in passage.text
                assert line.claim.score == 1.0
    return [line for b in made.boards if b.kind == kind for line in b.lines]


# -- quotes ------------------------------------------------------------------------------------


def test_a_quote_is_the_exact_words_with_speaker_and_sourcing() -> None:
    a = article("x", "The gate is shut.", "“We  go home, all of us,” Anna Berg said.")
    (line,) = board("quotes", a)
    assert line.lead == "Anna Berg"
    assert line.claim.text == "We  go home, all of us"
    assert line.claim.sourcing == "analysis"


@pytest.mark.parametrize(
    "sentence",
    [
        "“We go home soon,” Anna Berg said.",  # four words
        "“We will all go home very soon,” a sailor said.",
        "“We will all go home very soon,” he said.",
        "“We will all go home very soon",
        "Anna Berg called it “a shame”.",
    ],
)
def test_no_quote_that_is_short_or_anonymous_or_cut(sentence: str) -> None:
    assert board("quotes", article("a", "The gate is shut.", sentence)) == []


def test_each_speaker_comes_once_before_anybody_comes_twice() -> None:
    a = article(
        "a",
        "The gate of the harbour is shut.",
        *[f"“The harbour gate number {n} is shut for good,” Anna Berg said." for n in "45"],
        *[f"“{w} will never agree to that plan,” {w} Lund said." for w in ("Karl", "Olaf")],
        "“Bread is what my children need today,” Maria Holm said.",
    )
    leads = [line.lead for line in board("quotes", a)]
    assert leads[:1] == ["Anna Berg"]
    assert "Maria Holm" in leads
    assert len(leads) <= 5


def test_at_most_five_quotes() -> None:
    names = ("Ann", "Bea", "Cleo", "Dora", "Eva", "Fia", "Gry")
    tails = ("bread", "coal", "steel", "flour", "grain", "paper", "timber")
    a = article(
        "a",
        "Shut.",
        *[
            f"“Our {t} is waiting on the {n} pier since spring,” {n} Holm{t} said."
            for n, t in zip(names, tails, strict=True)
        ],
    )
    assert len(board("quotes", a)) == 5


def test_a_quote_of_two_reprints_is_shown_once() -> None:
    a = article("a", "Shut.", "“We will all go home very soon, I think,” Anna Berg said.")
    b = article("b", "Shut.", 'Anna Berg said: "We will all go home very soon, I think."')
    c = article("c", "Shut.", "“We will all go home very soon,” Berg said.")
    assert len(board("quotes", a, b, c)) == 1


def test_a_surname_is_filled_up_from_its_own_article() -> None:
    a = article("a", "Anna Berg runs the port.", "“We will all go home soon,” Berg said.")
    assert [line.lead for line in board("quotes", a)] == ["Anna Berg"]


# -- figures -----------------------------------------------------------------------------------


def figures(*articles: Article, **other: Any) -> list[tuple[str, str]]:
    return [(line.lead, line.note) for line in board("figures", *articles, **other)]


@pytest.mark.parametrize(
    ("sentence", "lead"),
    [
        ("The missiles have a range of about 300 km.", "Range: about 300 km"),
        ("The depot lies 120 km from the border.", "Distance: 120 km"),
        ("The package costs $725 million.", "Cost: $725 million"),
        ("At least 12 people were killed in the strike.", "Killed: At least 12 people"),
        ("Roughly 10,000 North Korean soldiers have arrived.", "Soldiers: Roughly 10,000"),
        ("Six missiles hit the depot.", "Missiles: Six"),
        ("The army shot down 37 drones overnight.", "Drones: 37"),
        ("The number of ATACMS sent is just a few dozen.", "Stock: just a few dozen"),
    ],
)
def test_a_number_is_told_by_its_meaning(sentence: str, lead: str) -> None:
    assert figures(article("a", "The gate is shut.", sentence)) == [(lead, "")]


@pytest.mark.parametrize(
    "sentence",
    [
        "It was the first strike of its kind.",
        "In 2022 the war began.",
        "On November 19 the depot burned.",
        "He offered three possible explanations.",
        "His term ends in two months.",
        "He feared World War III.",
        "Two officials spoke of it.",
        "It is open 24/7.",
    ],
)
def test_a_trivial_number_is_no_figure(sentence: str) -> None:
    assert figures(article("a", "The gate is shut.", sentence)) == []


def test_sources_that_differ_stand_side_by_side_and_are_never_averaged() -> None:
    a = article("a", "The gate is shut.", "Moscow said six ATACMS missiles hit the depot.")
    b = article("b", "The gate is shut.", "Kyiv said eight ATACMS missiles hit the depot.")
    found = figures(a, b)
    assert sorted(found) == [
        ("Missiles: eight", "sources differ"),
        ("Missiles: six", "sources differ"),
    ]
    assert not any("seven" in lead or "7" in lead for lead, _ in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # one figure in two units
        ("ATACMS missiles have a range of 300 km.", "ATACMS missiles have a range of 190 miles."),
        # two weapons
        (
            "ATACMS missiles have a range of 300 km.",
            "Storm Shadow missiles have a range of 250 km.",
        ),
        # two days
        (
            "On November 19 six ATACMS missiles hit the depot.",
            "On November 21 eight ATACMS missiles hit the depot.",
        ),
        # two matters
        ("Six ATACMS missiles hit the depot.", "Washington bought 50 ATACMS missiles last year."),
        # two nationalities
        (
            "About 10,000 North Korean soldiers are in Kursk.",
            "About 50,000 Russian soldiers are in Kursk.",
        ),
        # two weapons in one sentence
        (
            "Storm Shadow missiles have a range of 250 km, ATACMS missiles a range of 300 km.",
            "ATACMS missiles have a range of 300 km.",
        ),
    ],
)
def test_what_is_no_conflict_is_not_called_one(one: str, other: str) -> None:
    found = figures(article("a", "Shut.", one), article("b", "Shut.", other))
    assert found
    assert all(note == "" for _, note in found)


def test_one_report_told_twice_cannot_differ_from_itself() -> None:
    a = article("a", "Shut.", "Moscow said six ATACMS missiles hit the depot.")
    b = article("b", "Shut.", "Moscow said eight ATACMS missiles hit the depot.")
    found = figures(a, b, origins=[Origin("a", ("a", "b"))])
    assert all(note == "" for _, note in found)


def test_the_same_value_is_one_line() -> None:
    a = article("a", "Shut.", "Six ATACMS missiles hit the depot in Bryansk, Moscow reported.")
    b = article("b", "Shut.", "Moscow counted six ATACMS missiles at the depot.")
    assert figures(a, b) == [("Missiles: six", "")]


def test_a_kept_claim_may_carry_a_figure() -> None:
    a = article("a", "Moscow said that in all six ATACMS missiles hit the depot in Bryansk.")
    claim = Claim("Six ATACMS missiles hit Bryansk.", a.passages, 0.9, "written", "reported")
    (line,) = board("figures", a, claims=[claim])
    assert line.claim == claim


# -- timeline ----------------------------------------------------------------------------------


def timeline(*articles: Article, **other: Any) -> list[tuple[str, str, str]]:
    return [(x.lead, x.claim.text, x.note) for x in board("timeline", *articles, **other)]


def test_events_stand_on_absolute_days_oldest_first() -> None:
    a = article(
        "a",
        "The gate is shut.",
        "On Wednesday the crews left the quay.",
        "On November 19 the depot in Bryansk burned.",
        "The pact was signed on 3 March 2023 in Lunden.",
    )
    assert timeline(a) == [
        ("2023-03-03", "The pact was signed on 3 March 2023 in Lunden.", ""),
        ("2024-11-19", "On November 19 the depot in Bryansk burned.", ""),
        ("2024-11-20", "On Wednesday the crews left the quay.", ""),
    ]


def test_an_inferred_date_is_marked_unless_the_sentence_states_it_whole() -> None:
    a = article(
        "a",
        "Shut.",
        "On Wednesday the crews left the quay.",
        "The pact was signed on 3 March 2023 in Lunden.",
        date_origin="inferred",
    )
    assert [(day, note) for day, _, note in timeline(a)] == [
        ("2023-03-03", ""),
        ("2024-11-20", "date inferred"),
    ]


def test_an_undated_article_gives_whole_dates_only() -> None:
    a = article(
        "a",
        "Shut.",
        "On Wednesday the crews left the quay.",
        "Yesterday bread ran out.",
        "On November 19 the depot burned.",
        "The pact was signed on 3 March 2023 in Lunden.",
        published=None,
        date_origin="unknown",
    )
    assert [day for day, _, _ in timeline(a)] == ["2023-03-03"]


def test_what_is_to_come_or_has_no_day_is_no_event() -> None:
    a = article(
        "a",
        "Shut.",
        "A court will hear the case on December 3.",
        "The strike began in August.",
        "Three years ago the port was sold.",
        "They left the quay on November 20.",
    )
    assert timeline(a) == []


@pytest.mark.parametrize(
    ("sentence", "day", "note"),
    [
        ("Yesterday the crews left the quay.", "2024-11-21", ""),
        ("Two days ago the crews left the quay.", "2024-11-20", ""),
        ("The day before yesterday the crews left the quay.", "2024-11-20", ""),
        ("The crews left the quay on Monday night.", "2024-11-18", ""),
        ("The crews left the quay this morning.", "2024-11-22", ""),
        ("The crews left the quay overnight.", "2024-11-22", "date inferred"),
        ("The crews left the quay on Friday.", "2024-11-22", "date inferred"),
        ("The pact was signed by the crews on Thursday.", "2024-11-21", ""),
        ("The crews left the quay before dawn on Thursday.", "2024-11-21", ""),
    ],
)
def test_a_relative_day_is_counted_from_the_articles_date(
    sentence: str, day: str, note: str
) -> None:
    assert timeline(article("a", "The gate is shut.", sentence)) == [(day, sentence, note)]


@pytest.mark.parametrize(
    "when",
    [
        *("Last week", "Earlier this week", "Over the weekend", "At the weekend", "This week"),
        *("Last month", "A week ago", "About three days ago", "Two days earlier", "Last Tuesday"),
        *("On Tuesday last week", "Last week on Tuesday", "On Tuesday of last week"),
        *("On Monday, a week ago,", "A day earlier", "A year ago", "Some days ago"),
    ],
)
def test_a_span_of_days_is_no_day(when: str) -> None:
    assert timeline(article("a", "The gate is shut.", f"{when} the crews left the quay.")) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "The mayor called Tuesday’s overnight attack a crime.",
        "The envoys condemned the overnight missile strikes.",
        "“We would fight tonight,” Anna Berg told the crews.",
        "Maria Holm has the story for Early Today.",
    ],
)
def test_a_day_of_something_else_is_not_the_day_of_what_is_told(sentence: str) -> None:
    assert timeline(article("a", "The gate is shut.", sentence)) == []


def test_a_day_of_the_month_before_is_found_across_the_turn_of_the_year() -> None:
    new_year = datetime(2025, 1, 1, 9, tzinfo=UTC)
    a = article("a", "Shut.", "Two days ago the crews left the quay.", published=new_year)
    b = article("b", "Shut.", "On December 31 bakers ran out of flour.", published=new_year)
    made = Edition("s", date(2025, 1, 1))
    assert [day for day, _, _ in timeline(a, b, edition=made)] == ["2024-12-30", "2024-12-31"]


def test_one_event_is_one_line_and_two_events_of_a_day_are_two() -> None:
    a = article("a", "Shut.", "On November 19 six missiles hit the depot in Bryansk, Moscow said.")
    b = article("b", "Shut.", "Missiles hit a depot in Bryansk on November 19.")
    c = article("c", "Shut.", "On November 19 bakers in Lunden ran out of flour.")
    assert [text for _, text, _ in timeline(a, b, c)] == [
        "Missiles hit a depot in Bryansk on November 19.",
        "On November 19 bakers in Lunden ran out of flour.",
    ]


def test_at_most_eight_events_the_newest() -> None:
    goods = ("bread", "coal", "steel", "flour", "grain", "paper", "timber", "salt", "iron", "wool")
    a = article(
        "a", "Shut.", *[f"On November {n + 5} the {g} was gone." for n, g in enumerate(goods)]
    )
    days = [day for day, _, _ in timeline(a)]
    assert days == [f"2024-11-{n:02d}" for n in range(7, 15)]


# -- the seeds ---------------------------------------------------------------------------------


def seed(key: str, name: str) -> Article:
    lines = (SEEDS / name).read_text("utf-8").splitlines()
    paragraphs = [line.strip() for line in lines if line.strip()]
    return article(key, *paragraphs, date_origin="inferred")


def test_the_boards_of_the_seeds() -> None:
    """Read by hand against both files."""
    a, b = (seed(k, p.name) for k, p in zip("ab", sorted(SEEDS.glob("*.txt")), strict=True))
    one = [Origin("a", ("a", "b"))]
    speakers = [line.lead for line in board("quotes", a, b, origins=one)]
    assert len(speakers) == 5
    assert set(speakers) <= {
        *("Miller", "David Miller", "Mike Waltz", "Richard Grenell", "Anatol Lieven"),
        *("Donald Trump Jr.", "Michael O’Hanlon", "William Courtney"),
    }
    leads = [line.lead for line in board("figures", a, b, origins=one)]
    told = {"Missiles: six", "Soldiers: approximately 10,000", "Stock: just a few dozen"}
    assert told <= set(leads)
    assert any(lead in ("Range: approximately 300 km", "Range: 300-km") for lead in leads)
    days = [line.lead for line in board("timeline", a, b, origins=one)]
    # Lavrov "echoed this sentiment" on the 22nd: of which, its sentence does not say.
    assert days == ["2024-11-19", "2024-11-19", "2024-11-21"]
