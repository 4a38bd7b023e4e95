"""Composing an edition: subject, bottom line, sources and accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.news import (
    Accounts,
    Article,
    Brief,
    Claim,
    Digest,
    Edition,
    ModelIdentity,
    Origin,
    Story,
)
from briefing.stages.compose import cited, compose
from briefing.text.assemble import assemble
from briefing.text.words import word_count

ACCOUNTS = Accounts(3, 3, (), 4, 2, (("support", 2),), 99, 99)
MODEL = ModelIdentity("writer 1", "", "judge 1", "cpu")
MADE = datetime(2024, 11, 22, 4, 30, tzinfo=UTC)


def article(key: str, *paragraphs: str, title: str = "", **other: Any) -> Article:
    text, passages = assemble(key, title, paragraphs)
    given = {"published": datetime(2024, 11, 21, 9, 15, tzinfo=UTC), "date_origin": "stated"}
    return Article(
        id=key,
        url=f"https://news.example/{key}",
        title=title or f"Report {key}",
        title_origin="stated",
        publisher=f"Paper {key}",
        text=text,
        passages=passages,
        **(given | other),
    )


def quoted(source: Article, index: int = 0) -> Claim:
    passage = source.passages[index]
    return Claim(passage.text, (passage,), 1.0, "quoted", "reported")


def written(text: str, *sources: Article) -> Claim:
    return Claim(text, tuple(a.passages[0] for a in sources), 0.9, "written", "reported")


def brief(number: int, headline: Claim, *claims: Claim) -> Brief:
    ids = dict.fromkeys(p.article for c in (headline, *claims) for p in c.passages)
    return Brief(f"d{number}", headline, claims, tuple(ids), len(ids))


def digest(
    briefs: Sequence[Brief],
    *articles: Article,
    origins: Sequence[Origin] = (),
    zone: str = "UTC",
    made: datetime = MADE,
    day: date = date(2024, 11, 22),
) -> Digest:
    return compose(
        edition=Edition("harbour", day),
        story=Story("harbour", "Harbour strike", "", {}, timezone=zone),
        briefs=briefs,
        articles={a.id: a for a in articles},
        origins=origins,
        skips=(),
        accounts=ACCOUNTS,
        model=MODEL,
        made=made,
        sourcing=lambda passage, source: "reported",
    )


A = article("a", "The harbour of Lunden closed its gates.", "Crews left the quay before dawn.")
B = article("b", "Bakers in Lunden sold out of bread.", "Flour now comes by rail from the south.")
C = article("c", "A court will hear the harbour board.", "Judges asked both sides for papers.")


# -- subject -----------------------------------------------------------------------------------


def test_the_subject_is_the_first_headline() -> None:
    d = digest([brief(1, written("Harbour shuts its gates", A), quoted(A))], A)
    assert d.subject.text == "Harbour shuts its gates"


def test_a_long_headline_gives_way_and_is_never_cut() -> None:
    long = written(" ".join(["harbour"] * 13), A)
    d = digest([brief(1, long, written("Crews left the quay", A))], A)
    assert d.subject.text == "Crews left the quay"
    only = digest([brief(1, long, long)], A)
    assert only.subject == long


def test_twelve_words_fit() -> None:
    edge = written(" ".join(["harbour"] * 12), A)
    assert digest([brief(1, edge, quoted(A))], A).subject == edge


# -- bottom line -------------------------------------------------------------------------------


def test_the_bottom_line_takes_one_claim_of_each_of_the_first_briefs() -> None:
    briefs = [brief(n, quoted(x), quoted(x), quoted(x, 1)) for n, x in enumerate((A, B, C))]
    d = digest(briefs, A, B, C)
    assert [c.text for c in d.bottom_line] == [x.passages[0].text for x in (A, B, C)]


def test_a_written_claim_is_preferred() -> None:
    d = digest([brief(1, quoted(A), quoted(A, 1), written("Lunden shut its harbour.", A))], A)
    assert [c.wording for c in d.bottom_line] == ["written"]


def test_the_same_fact_is_not_told_twice() -> None:
    again = article("z", "The harbour of Lunden closed its gates on Monday.")
    briefs = [brief(1, quoted(A), quoted(A)), brief(2, quoted(again), quoted(again))]
    assert len(digest(briefs, A, again).bottom_line) == 1
    same_passage = [brief(1, quoted(A), quoted(A)), brief(2, quoted(A), written("Other words", A))]
    assert len(digest(same_passage, A).bottom_line) == 1


def test_a_claim_that_leans_on_another_sentence_does_not_stand_there() -> None:
    leaning = article("z", "They said it would last.", "The strike in Lunden goes on.")
    d = digest([brief(1, quoted(leaning, 1), quoted(leaning), quoted(leaning, 1))], leaning)
    assert [c.text for c in d.bottom_line] == ["The strike in Lunden goes on."]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 70), st.integers(1, 70)), min_size=1, max_size=7))
def test_the_bottom_line_never_exceeds_sixty_words_and_three_claims(
    sizes: list[tuple[int, int]],
) -> None:
    sources, briefs = [], []
    for n, (first, second) in enumerate(sizes):
        texts = [
            " ".join([f"Dock{chr(97 + n)}x{i}"] * size) for i, size in enumerate((first, second))
        ]
        source = article(chr(97 + n), *texts)
        sources.append(source)
        briefs.append(brief(n, quoted(source), quoted(source), quoted(source, 1)))
    line = digest(briefs, *sources).bottom_line
    assert len(line) <= 3
    assert sum(word_count(c.text) for c in line) <= 60
    kept = [c for b in briefs for c in b.claims]
    assert all(c in kept for c in line)
    if min(sizes[0]) <= 60:
        assert line[0] in briefs[0].claims


# -- sources -----------------------------------------------------------------------------------


def test_sources_are_numbered_in_order_of_first_citation_and_only_when_cited() -> None:
    briefs = [brief(1, quoted(C), quoted(C, 1)), brief(2, quoted(A), quoted(A, 1))]
    unused = article("u", "Nobody cites this at all.")
    d = digest(briefs, A, B, C, unused)
    assert [(s.number, s.article) for s in d.sources] == [(1, "c"), (2, "a")]


def test_reprints_share_an_origin() -> None:
    briefs = [brief(1, quoted(A), quoted(B)), brief(2, quoted(C), quoted(C))]
    d = digest(briefs, A, B, C, origins=[Origin("a", ("a", "b"), "same paragraphs")])
    assert [s.origin for s in d.sources] == ["a", "a", "c"]


def test_every_printed_claim_has_its_own_line_and_every_citation_a_source() -> None:
    briefs = [brief(1, written("Harbour shuts", A), quoted(A), quoted(A, 1))]
    d = digest(briefs, A)
    ids = [line.id for line in cited(d)]
    assert ids == [
        "subject",
        "bottom-line/1",
        "developments/1/headline",
        "developments/1/1",
        "developments/1/2",
    ]
    assert {p.article for line in cited(d) for p in line.claim.passages} == {
        s.article for s in d.sources
    }


def test_a_missing_article_is_a_bug_and_is_not_hidden() -> None:
    with pytest.raises(KeyError):
        digest([brief(1, quoted(A), quoted(A))])


# -- accounts, dates, quiet days ---------------------------------------------------------------


def test_printed_sentences_are_counted_once_each() -> None:
    head = written("Harbour shuts its gates", A)
    d = digest([brief(1, head, written("Lunden shut its harbour.", A), quoted(A, 1))], A)
    assert (d.accounts.printed_written, d.accounts.printed_quoted) == (2, 1)
    assert replace(d.accounts, printed_written=99, printed_quoted=99) == ACCOUNTS


def test_dates_carry_the_zone_of_the_story() -> None:
    late = article("l", "The gate opened.", published=datetime(2024, 11, 21, 23, 30, tzinfo=UTC))
    d = digest([brief(1, quoted(late), quoted(late))], late, zone="Europe/Helsinki")
    published = d.sources[0].published
    assert published is not None
    assert published.date() == date(2024, 11, 22)
    assert d.made.utcoffset() == timedelta(hours=2)
    assert d.made == MADE
    assert d.newest == late.published


def test_a_date_without_time_stays_that_date_west_of_greenwich() -> None:
    dated = article("l", "The gate opened.", published=datetime(2024, 11, 21, tzinfo=UTC))
    d = digest([brief(1, quoted(dated), quoted(dated))], dated, zone="America/New_York")
    published = d.sources[0].published
    assert published is not None
    assert published.date() == date(2024, 11, 21)


def test_a_quiet_edition_is_empty_and_honest() -> None:
    d = digest([])
    assert d.subject.passages == ()
    assert (d.bottom_line, d.briefs, d.boards, d.sources, d.newest) == ((), (), (), (), None)
    assert cited(d) == ()
    assert (d.accounts.printed_written, d.accounts.printed_quoted) == (0, 0)


def test_the_same_input_gives_the_same_digest() -> None:
    briefs = [brief(1, quoted(A), quoted(A, 1)), brief(2, quoted(B), quoted(B, 1))]
    assert digest(briefs, A, B) == digest(briefs, A, B)
