"""relate, trace, group and select on small articles, with vectors made by hand or from words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.news import Article, Development, Origin, Story
from briefing.stages.group import group, leads_in, units
from briefing.stages.relate import description_sentences, lead, relate, relevance
from briefing.stages.select import fact_words, select
from briefing.stages.trace import body_paragraphs, closest_pairs, in_order, trace
from briefing.text import lexical
from briefing.text.assemble import assemble

NOW = datetime(2024, 11, 22, 18, tzinfo=UTC)
STORY = Story(
    slug="missiles",
    name="Missiles",
    description="Ukraine may strike inside Russia with Western missiles. Russia answers.",
    terms={"weapons": ("ATACMS", "missile", "missiles"), "parties": ("Ukraine", "Russia")},
)


def article(
    key: str,
    paragraphs: list[str],
    *,
    title: str = "",
    publisher: str = "",
    credits: tuple[str, ...] = (),
    published: datetime | None = NOW,
) -> Article:
    text, passages = assemble(key, title, paragraphs)
    return Article(
        id=key, url="", title=title or paragraphs[0][:40],
        title_origin="stated" if title else "made", publisher=publisher, published=published,
        date_origin="stated" if published else "unknown", text=text, passages=passages,
        credits=credits,
    )  # fmt: skip


def vectors_of(articles: list[Article]) -> dict[str, np.ndarray]:
    passages = [p for a in articles for p in a.passages]
    rows = lexical.vectors([p.text for p in passages])
    return {p.key: row for p, row in zip(passages, rows, strict=True)}


def traced(articles: list[Article]) -> list[Origin]:
    rows = lexical.vectors([t for a in articles for t in body_paragraphs(a)])
    lines = iter(rows)
    return trace(
        articles, {a.id: np.array([next(lines) for _ in body_paragraphs(a)]) for a in articles}
    )


STRIKE = article("a", ["Ukraine fired six ATACMS missiles at a depot in Bryansk, Russia said."])
FOOTBALL = article("b", ["The home side won the cup final after extra time on Saturday."])


# -- relate ------------------------------------------------------------------------------------


def score(one: Article) -> float:
    texts = [*description_sentences(STORY), *(p.text for p in lead(one))]
    rows = lexical.vectors(texts)
    count = len(description_sentences(STORY))
    return relevance(one, STORY, vectors=rows[count:], story_vectors=rows[:count])


def test_words_and_meaning_both_count() -> None:
    assert score(STRIKE) > 0.5
    assert score(FOOTBALL) == 0.0


def test_a_term_is_a_whole_word() -> None:
    near_miss = article("c", ["Commissile ukrainer prussian matters were discussed at length."])
    assert score(near_miss) == 0.0


def test_what_is_off_topic_is_skipped_with_its_score() -> None:
    kept, skips = relate([STRIKE, FOOTBALL], {"a": 0.8, "b": 0.1}, STORY)
    assert [a.id for a in kept] == ["a"]
    assert kept[0].relevance == 0.8
    assert (skips[0].reason, skips[0].detail) == ("off topic", "score 0.10, wanted 0.45")


# -- trace -------------------------------------------------------------------------------------

REPORT = [
    "Officials in Brellin opened a bridge over the river Tane on Monday morning.",
    "The mayor, Odile Farr, cut a ribbon before four hundred guests and two brass bands.",
    "Builders had struggled with floods, a strike and a shortage of steel for seven years.",
    "The cost rose from forty to ninety million crowns, auditors reported in spring.",
    "Lorries will be banned from the bridge until sensors have been calibrated.",
    "Residents of the eastern bank said that their walk to school would be halved.",
    "Engineers expect the old ferry to be sold to a museum before winter.",
]


def test_a_reprint_is_one_origin() -> None:
    first = article("a", REPORT, published=datetime(2024, 11, 20, tzinfo=UTC))
    second = article("b", ["(Wire) " + REPORT[0], *REPORT[1:6]])
    origins = traced([second, first])
    assert len(origins) == 1
    assert origins[0].articles == ("a", "b")
    assert "word sequences are equal" in origins[0].evidence


def test_a_rewrite_in_the_same_order_is_one_origin_and_a_shuffled_one_is_not() -> None:
    row = np.eye(12, dtype=np.float32)
    first, second = (
        article("a", REPORT),
        article("b", [f"Wholly other words {n}." for n in range(7)]),
    )
    same = {"a": row[:7], "b": (row[:7] + 0.5 * row[7]) / np.linalg.norm([1, 0.5])}
    assert len(trace([first, second], same)) == 1
    shuffled = {"a": row[:7], "b": same["b"][[3, 0, 5, 2, 6, 1, 4]]}
    assert len(trace([first, second], shuffled)) == 2


def test_short_items_are_never_rewrites() -> None:
    row = np.eye(4, dtype=np.float32)[:3]
    first, second = article("a", REPORT[:3]), article("b", ["One two.", "Three four.", "Five six."])
    assert len(trace([first, second], {"a": row, "b": row})) == 2


def test_a_credit_joins_only_when_the_leads_agree() -> None:
    row = np.eye(3, dtype=np.float32)
    source = article("a", [REPORT[0]], publisher="The Tane Courier")
    copy = article("b", ["The new bridge stands, the Courier writes."], credits=("Tane Courier",))
    assert len(trace([source, copy], {"a": row[:1], "b": row[:1]})) == 1
    assert len(trace([source, copy], {"a": row[:1], "b": row[1:2]})) == 2


@given(st.permutations(range(9)))
def test_in_order_counts_the_longest_rise(order: list[int]) -> None:
    pairs = list(enumerate(order))
    best = 1
    longest = [1] * len(order)
    for i in range(len(order)):
        for j in range(i):
            if order[j] < order[i]:
                longest[i] = max(longest[i], longest[j] + 1)
        best = max(best, longest[i])
    assert in_order(pairs) == best


def test_closest_pairs_are_mutual() -> None:
    row = np.eye(3, dtype=np.float32)
    pairs, counterparts = closest_pairs(row[[0, 0, 1]], row[[0, 1]])
    assert pairs == [(0, 0), (2, 1)]
    assert counterparts == 3


# -- group -------------------------------------------------------------------------------------

LONG = [
    "Anna Veldt, a fellow at the Harbour Institute, offered two explanations for the permit.",
    "The first, she said, is that the ministry fears a shortage of grain before the winter.",
    "The second is that the port of Sulm wanted a precedent.",
    "Storms closed the northern railway between Oster and Lund on Tuesday.",
    "Two trains were stuck for nine hours, the operator said.",
]


def test_a_short_item_is_one_unit_and_a_long_article_is_cut_into_runs() -> None:
    short = article("s", ["One thing happened."], title="A headline")
    assert [len(unit.passages) for unit in units([short])] == [2]
    assert [len(unit.passages) for unit in units([article("l", LONG)])] == [3, 1, 1]


def test_every_passage_of_a_long_article_is_in_some_development() -> None:
    long = article("l", LONG)
    found = group([long], vectors_of([long]), traced([long]))
    keys = [p.key for d in found for f in d.facts for p in f.passages]
    assert sorted(keys) == sorted(p.key for p in long.body)
    assert len(keys) == len(set(keys))


def test_two_reports_of_one_event_are_one_development_with_two_origins() -> None:
    one = article("a", ["Ukraine fired six ATACMS missiles at a depot in Bryansk."])
    two = article("b", ["Ukraine fired ATACMS missiles at a depot in Bryansk on Tuesday."])
    other = article("c", ["Berlin again refused to send Taurus cruise missiles to Kyiv."])
    found = group([one, two, other], vectors_of([one, two, other]), traced([one, two, other]))
    together = next(d for d in found if "a" in d.articles)
    assert together.articles == ("a", "b")
    assert together.origins == 2
    assert len(found) == 2


def test_a_leaning_sentence_takes_the_one_before_along() -> None:
    long = article("l", LONG)
    first = long.body[1]
    assert [p.text for p in leads_in(first, {"l": long})] == [LONG[0]]
    assert leads_in(long.body[3], {"l": long}) == ()


def test_a_sentence_that_leans_on_the_headline_has_nothing_to_lean_on() -> None:
    one = article("a", ["He said so on Monday.", "Nobody else did."], title="Minister speaks")
    assert leads_in(one.body[0], {"a": one}) == ()


# -- select ------------------------------------------------------------------------------------


def chosen(
    articles: list[Article], minutes: float = 2.0, story: Story = STORY
) -> list[Development]:
    vectors = vectors_of(articles)
    origins = traced(articles)
    developments = group(articles, vectors, origins)
    kept, skips = select(
        developments, story=replace(story, minutes=minutes),
        articles={a.id: a for a in articles}, origins=origins, vectors=vectors,
        story_vectors=lexical.vectors(description_sentences(STORY)), now=NOW,
    )  # fmt: skip
    assert {d.id for d in kept} <= {d.id for d in developments}
    assert all(skip.reason in ("no room", "sentences off topic") for skip in skips)
    return kept


def many(count: int) -> list[Article]:
    places = ["Oster", "Lund", "Sulm", "Tane", "Brellin", "Varn", "Ekholm", "Ristad", "Moravi"]
    return [
        article(
            f"m{n}",
            [f"Ukraine hit a depot near {place}{n} with {n + 2} missiles, Mayor {place}son said."],
        )
        for n, place in ((n, places[n % len(places)]) for n in range(count))
    ]


def test_the_budget_in_words_is_kept() -> None:
    developments = chosen(many(30), minutes=0.5)
    assert developments
    assert sum(fact_words(f) for d in developments for f in d.facts) <= 0.5 * 230 / 0.8


def test_a_longer_reading_time_holds_more_and_never_over_seven_and_five() -> None:
    short, long = chosen(many(30), minutes=0.3), chosen(many(30), minutes=10)
    assert len(short) < len(long) <= 12
    assert all(len(d.facts) == 1 for d in long[7:])


def test_a_list_that_is_begun_is_completed_in_order() -> None:
    permit = replace(STORY, terms={"permit": ("permit", "grain", "port")})
    kept = chosen([article("l", LONG)], story=permit)
    facts = next(d.facts for d in kept if any("The first" in f.passages[0].text for f in d.facts))
    assert [f.passages[0].text for f in facts] == LONG[1:3]
    assert [p.text for p in facts[0].leads_in] == [LONG[0]]
    assert facts[1].leads_in == ()


@pytest.mark.parametrize(
    "text", ["Why has Ukraine been allowed to fire missiles at Russia now?", "Russia said no."]
)
def test_questions_and_fragments_are_not_chosen(text: str) -> None:
    assert chosen([article("q", [text])]) == []


def test_no_articles_and_nothing_on_the_story_give_nothing() -> None:
    assert chosen([]) == []
    assert chosen([FOOTBALL]) == []


def test_a_sentence_on_another_matter_of_an_item_is_left_out() -> None:
    item = article(
        "n",
        [
            "Ukraine fired six ATACMS missiles at a depot in Russia, Moscow said on Friday. "
            "A jury in Lund cleared the banker Odile Farr of fraud after nine weeks."
        ],
        title="Morning news",
    )
    told = [f.passages[0].text for d in chosen([item]) for f in d.facts]
    assert any("ATACMS" in text for text in told)
    assert not any("banker" in text for text in told)
