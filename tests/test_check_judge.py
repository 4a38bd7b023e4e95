"""From drafts to briefs, their labels, and the proof again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from briefing.news import Article, Brief, Claim, Development, Draft, Dropped, Fact, Passage, Skip
from briefing.stages.check import (
    failing,
    judge,
    pairs,
    proves,
    review,
    sourcing,
    to_weigh,
    verdicts,
    weighed,
)
from briefing.text.sentences import paragraphs, sentences
from briefing.text.words import word_count

TEXT = (
    "Why Biden changed course\n\n"
    "On November 19, Ukrainian forces launched a salvo of ATACMS missiles targeting Russian "
    "military assets in "
    "Bryansk province, marking the first use of the long-range weapon within Russian territory.\n\n"
    "Russian President Vladimir Putin confirmed on November 21 that ATACMS strikes had hit an "
    "ammunition depot in "
    "Bryansk, triggering a large fire. It was the first such fire this year.\n\n"
    "Aaron David Miller, a senior fellow at the Carnegie Endowment, suggested that the timing "
    "could serve two "
    "purposes. He also said that many Republicans still view Ukraine as important.\n\n"
    "Two anonymous officials told The Washington Post that the missiles would target areas in "
    "Kursk.\n\n"
    "“We will go on as long as it takes,” Putin said. “Moscow is ready,” said Dmitry Peskov, the "
    "Kremlin spokesman.\n\n"
    "Officials said the deal was close. Russian forces have been advancing in Donbass."
)


def article(text: str = TEXT, key: str = "a", title: bool = True) -> Article:
    blocks = paragraphs(text)
    made = []
    for n, span in enumerate(sentences(text)):
        block = next(i for i, b in enumerate(blocks) if b.start <= span.start < b.end)
        kind = "title" if title and n == 0 else "sentence"
        made.append(Passage(key, n, span.start, span.end, text[span.start : span.end], block, kind))
    heading = made[0].text if title else ""
    return Article(
        key, "", heading, "stated" if title else "made", "Wire", datetime(2024, 11, 22, tzinfo=UTC),
        "stated", text, tuple(made),
    )  # fmt: skip


A = article()
ARTICLES = {"a": A}


def find(start: str) -> Passage:
    return next(p for p in A.passages if p.text.startswith(start))


SALVO, PUTIN, MILLER = find("On November 19"), find("Russian President"), find("Aaron")
LEANING = find("He also said")
PUTIN_SHORT = (
    "Putin confirmed on 21 November that ATACMS strikes had hit an ammunition depot in Bryansk."
)


def develop(*facts: Fact) -> Development:
    return Development("d", facts, ("a",), 1, A.published)


def run(facts: list[Fact], drafts: list[Draft], score: float = 0.9) -> Brief | Skip:
    return judge(develop(*facts), drafts, [score] * (2 * len(drafts)), articles=ARTICLES, floor=0.5)


def test_pairs_are_headline_then_statement_with_the_texts_of_the_fact() -> None:
    fact = Fact((SALVO, PUTIN))
    made = pairs([Draft(fact, "H", "S")])
    assert [p.sentence for p in made] == ["H", "S"]
    assert made[0].evidence == made[1].evidence == (SALVO.text, PUTIN.text)


def test_scores_must_match_the_pairs() -> None:
    with pytest.raises(ValueError, match="2 scores"):
        verdicts([Draft(Fact((SALVO,)), "H", "S")], [1.0], articles=ARTICLES, floor=0.5)


def test_a_true_draft_is_printed_as_written() -> None:
    fact = Fact((PUTIN,))
    draft = Draft(
        fact,
        "Putin confirmed that ATACMS strikes had hit ammunition depot in Bryansk",
        "Putin confirmed on 21 November that ATACMS strikes had hit an ammunition depot in "
        "Bryansk.",
    )
    brief = run([fact], [draft])
    assert isinstance(brief, Brief)
    assert [c.text for c in brief.claims] == [draft.statement]
    assert brief.claims[0].wording == "written"
    assert brief.claims[0].passages == (PUTIN,)
    assert brief.claims[0].score == 0.9
    assert brief.headline.text == draft.headline
    assert brief.dropped == ()


def test_a_wrong_draft_is_replaced_by_the_source_and_counted() -> None:
    fact = Fact((PUTIN,))
    brief = run(
        [fact], [Draft(fact, "Putin fires ATACMS", "Putin fired ATACMS at a depot in Kyiv.")]
    )
    assert isinstance(brief, Brief)
    assert (brief.claims[0].text, brief.claims[0].wording) == (PUTIN.text, "quoted")
    assert brief.claims[0].score == 1.0
    assert len(brief.dropped) == 2
    assert all(isinstance(d, Dropped) and d.reason for d in brief.dropped)
    assert word_count(brief.headline.text) <= 12
    assert not proves(brief.headline, ARTICLES)


def test_the_rewrite_comes_after_the_first_attempt() -> None:
    fact = Fact((PUTIN,))
    good = (
        "Putin confirmed on 21 November that ATACMS strikes had hit an ammunition depot in Bryansk."
    )
    second = Draft(fact, "", good, attempt=2)
    first = Draft(fact, "", good.replace("November 21", "21 November"), attempt=1)
    brief = run([fact], [second, first])
    assert isinstance(brief, Brief)
    assert brief.claims[0].text == first.statement
    brief = run([fact], [second, replace(first, statement="Nonsense all the way down it goes.")])
    assert isinstance(brief, Brief)
    assert brief.claims[0].text == good


def test_a_low_score_drops_a_sentence_that_every_rule_accepts() -> None:
    fact = Fact((PUTIN,))
    brief = run([fact], [Draft(fact, "", PUTIN.text)], score=0.2)
    assert isinstance(brief, Brief)
    assert brief.claims[0].wording == "quoted"
    assert "support" in {d.reason for d in brief.dropped}


def test_without_drafts_the_source_speaks() -> None:
    brief = run([Fact((SALVO,)), Fact((MILLER,))], [])
    assert isinstance(brief, Brief)
    assert [c.text for c in brief.claims] == [SALVO.text, MILLER.text]
    assert (
        brief.headline.text.startswith("On November 19")
        or "Ukrainian forces" in brief.headline.text
    )


def test_a_fact_that_no_sentence_tells_alone_is_left_out() -> None:
    brief = run([Fact((SALVO,)), Fact((LEANING,))], [])
    assert isinstance(brief, Brief)
    assert [c.text for c in brief.claims] == [SALVO.text]
    assert isinstance(run([Fact((LEANING,))], []), Skip)


def test_the_passage_that_reads_best_is_quoted() -> None:
    brief = run([Fact((LEANING, MILLER))], [])
    assert isinstance(brief, Brief)
    assert brief.claims[0].text == MILLER.text


def test_nothing_is_said_twice_in_one_brief() -> None:
    brief = run([Fact((SALVO,)), Fact((SALVO, PUTIN))], [])
    assert isinstance(brief, Brief)
    assert len({c.text for c in brief.claims}) == len(brief.claims)


@pytest.mark.parametrize("answer", ["", "word word word", PUTIN.text[:30], "Reports:\n[1] Wire: x"])
def test_whatever_the_model_writes_only_proven_lines_are_printed(answer: str) -> None:
    facts = [Fact((SALVO,)), Fact((PUTIN,)), Fact((MILLER,))]
    brief = run(facts, [Draft(f, answer, answer) for f in facts])
    assert isinstance(brief, Brief)
    for claim in (brief.headline, *brief.claims):
        assert proves(claim, ARTICLES) == []


def test_failing_names_the_facts_to_rewrite() -> None:
    good, bad, copied = Fact((PUTIN,)), Fact((MILLER,)), Fact((SALVO,))
    drafts = [
        Draft(good, "", PUTIN.text),  # a copy beside a shorter one
        Draft(good, "", PUTIN_SHORT),
        Draft(bad, "", "Nonsense."),
        Draft(bad, "", "More."),
        Draft(copied, "", SALVO.text),
    ]
    scores = [1.0] * 10
    assert failing(drafts, scores, articles=ARTICLES, floor=0.5) == [bad, copied]
    drafts[-1] = Draft(copied, "", SALVO.text.partition(", marking")[0] + ".")
    assert failing(drafts, scores, articles=ARTICLES, floor=0.5) == [bad]


def test_of_two_that_pass_the_one_in_own_words_is_printed() -> None:
    fact = Fact((PUTIN,))
    drafts = [Draft(fact, "", PUTIN.text, 1), Draft(fact, "", PUTIN_SHORT, 2)]
    brief = run([fact], drafts)
    assert isinstance(brief, Brief)
    assert [c.text for c in brief.claims] == [PUTIN_SHORT]
    brief = run([fact], drafts[:1])
    assert isinstance(brief, Brief)
    assert [(c.text, c.wording) for c in brief.claims] == [(PUTIN.text, "written")]


@pytest.mark.parametrize(
    ("start", "label"),
    [
        ("Russian President", "claimed by a party to the war"),
        ("Aaron", "analysis"),
        ("He also said", "analysis"),
        ("Two anonymous", "unnamed officials"),
        ("“We will go on", "claimed by a party to the war"),
        ("“Moscow is ready", "claimed by a party to the war"),
        ("Officials said", "unnamed officials"),
        ("Russian forces have", "reported"),
        ("On November 19", "reported"),
    ],
)
def test_sourcing(start: str, label: str) -> None:
    assert sourcing(find(start), A) == label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Norway’s foreign ministry said on Friday that the embassy would close.", "on record"),
        ("The embassy would close, Foreign Minister Espen Eide said.", "on record"),
        ("A Trump adviser suggested that the embassy would close.", "reported"),
        ("Moscow said six missiles had been shot down.", "claimed by a party to the war"),
        ("Ukraine’s General Staff said the depot had been hit.", "claimed by a party to the war"),
        ("Ukrainian and U.S. officials said the missiles had been used.", "unnamed officials"),
        ("The shift, sources said, had been planned.", "unnamed officials"),
        ("Analysts said the missiles could slow the advance.", "analysis"),
    ],
)
def test_sourcing_of_one_sentence(text: str, label: str) -> None:
    one = article(text, title=False)
    assert sourcing(one.passages[0], one) == label


# -- the proof again -----------------------------------------------------------------------------


def claim(text: str = PUTIN.text, passage: Passage = PUTIN, wording: str = "written") -> Claim:
    return Claim(text, (passage,), 0.9, wording, "reported")  # type: ignore[arg-type]


def test_proves_accepts_what_review_accepts() -> None:
    text = (
        "Putin confirmed on 21 November that ATACMS strikes had hit an ammunition depot in Bryansk."
    )
    found = review(text, [PUTIN], 1.0, articles=ARTICLES, floor=0.5, kind="statement")
    assert isinstance(found, Claim)
    assert proves(found, ARTICLES) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("21", "22"),
        ("Bryansk", "Kursk"),
        ("Vladimir", "Dmitry"),
        ("had hit", "will hit"),
        ("confirmed", "denied"),
    ],
)
def test_proves_finds_a_changed_word(old: str, new: str) -> None:
    assert proves(claim(PUTIN.text.replace(old, new)), ARTICLES)
    assert proves(claim(PUTIN.text.replace(old, new), wording="quoted"), ARTICLES)


def test_proves_finds_a_wrong_citation() -> None:
    assert proves(claim(passage=SALVO), ARTICLES)
    assert proves(replace(claim(), passages=(PUTIN, SALVO)), ARTICLES)
    assert proves(replace(claim(), passages=()), ARTICLES) == ["no citation"]


def test_proves_finds_an_edited_article_or_span() -> None:
    edited = replace(A, text=A.text.replace("ammunition", "ammunitions"))
    assert proves(claim(), {"a": edited})
    assert proves(claim(), {})
    assert proves(claim(passage=replace(PUTIN, start=PUTIN.start + 1)), ARTICLES)
    forged = replace(PUTIN, index=99)
    assert proves(claim(passage=forged), ARTICLES)


def test_a_quote_board_line_is_the_words_inside_the_marks() -> None:
    quote = find("“We will go on")
    assert proves(claim("We will go on as long as it takes,", quote, "quoted"), ARTICLES) == []
    assert proves(claim("We will go on as long as it hurts,", quote, "quoted"), ARTICLES)


def test_an_opening_with_an_ellipsis_ends_at_a_word() -> None:
    assert (
        proves(claim("Russian President Vladimir Putin confirmed…", PUTIN, "quoted"), ARTICLES)
        == []
    )
    assert proves(claim("Russian President Vladimir Putin confirm…", PUTIN, "quoted"), ARTICLES)
    assert proves(claim("…", PUTIN, "quoted"), ARTICLES)


# -- headlines without a model ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "heading"),
    [
        (
            "According to Miller, Trump may not reverse Biden’s decision on the "
            "ATACMS, despite "
            "the political implications.",
            "According to Miller, Trump may not reverse Biden’s decision on the ATACMS",
        ),
        (
            "In response to the missile strike, Russia has reportedly lowered its threshold for "
            "using "
            "nuclear weapons.",
            "Russia has reportedly lowered its threshold for using nuclear weapons",
        ),
        (
            "Trump’s allies have criticized Biden’s decision.",
            "Trump’s allies have criticized Biden’s decision",
        ),
    ],
)
def test_a_headline_is_made_by_leaving_out(sentence: str, heading: str) -> None:
    one = article(sentence, title=False)
    fact = Fact((one.passages[0],))
    brief = judge(
        Development("d", (fact,), ("a",), 1, None), [], [], articles={"a": one}, floor=0.5
    )
    assert isinstance(brief, Brief)
    assert brief.headline.text == heading
    assert proves(brief.headline, {"a": one}) == []


def test_a_sentence_that_cannot_be_shortened_gives_its_first_words() -> None:
    text = (
        "“If the missiles can help to stall the advance and to hold what was gained, it is a win "
        "for both "
        "capitals,” Miller said."
    )
    one = article(text, title=False)
    brief = judge(
        Development("d", (Fact((one.passages[0],)),), ("a",), 1, None), [], [],
        articles={"a": one}, floor=0.5,
    )  # fmt: skip
    assert isinstance(brief, Brief)
    assert brief.headline.wording == "quoted"
    assert brief.headline.text.endswith("…")
    assert word_count(brief.headline.text) <= 12
    assert proves(brief.headline, {"a": one}) == []


def test_a_sentence_below_the_floor_gives_way_to_its_source() -> None:
    text = "Moscow said that six missiles were fired at the depot on Monday, amid talks in Riga."
    passage = Passage("a", 0, 0, len(text), text, 1)
    article = Article("a", "", "T", "made", "", None, "unknown", passage.text, (passage,))
    words = "Moscow said that six missiles were fired at the depot on Monday"
    claim = Claim(f"{words}.", (passage,), 0.9, "written", "reported")
    head = Claim(words, (passage,), 0.9, "shortened", "reported")
    brief = Brief("d", head, (claim,), ("a",), 1)
    assert to_weigh(brief) == [head, claim]
    kept = weighed(brief, [0.8, 0.7], articles={"a": article}, floor=0.5)
    assert (kept.headline.score, kept.claims[0].score) == (0.8, 0.7)
    fallen = weighed(brief, [0.1, 0.2], articles={"a": article}, floor=0.5)
    assert fallen.claims[0].text == passage.text
    assert (fallen.claims[0].wording, fallen.headline.wording) == ("quoted", "quoted")
    assert fallen.headline.text.endswith("…")


LIST = (
    "Anna Veldt, a fellow at the Harbour Institute, gave two reasons for the permit.\n\n"
    "The first, she said, is that the ministry fears a shortage of grain. "
    "The second is that the port of Sulm wanted a precedent."
)


def listed(*, lead_in: bool) -> tuple[Article, Development]:
    made = article(LIST, title=False)
    intro, first, second = made.passages
    facts = (Fact((first,), (intro,) if lead_in else ()), Fact((second,)))
    return made, Development("d", facts, ("a",), 1, None)


def test_a_leaning_sentence_is_printed_with_what_it_leans_on_and_the_next_right_after_it() -> None:
    made, development = listed(lead_in=True)
    brief = judge(development, [], [], articles={"a": made}, floor=0.5)
    assert isinstance(brief, Brief)
    run, after = brief.claims
    assert run.text == f"{made.passages[0].text} {made.passages[1].text}"
    assert [p.index for p in run.passages] == [0, 1]
    assert after.text == made.passages[2].text
    assert proves(run, {"a": made}) == proves(after, {"a": made}) == []
    torn = replace(run, passages=(run.passages[0], made.passages[2]))
    assert proves(torn, {"a": made}) != []


def test_a_leaning_sentence_alone_is_not_printed() -> None:
    made, development = listed(lead_in=False)
    assert isinstance(judge(development, [], [], articles={"a": made}, floor=0.5), Skip)


def test_a_written_sentence_that_leans_needs_the_one_before_it_too() -> None:
    made, development = listed(lead_in=False)
    words = "The second is that the port of Sulm wanted a precedent."
    draft = Draft(development.facts[1], "", words)
    scores = [0.0, 0.9]
    assert isinstance(judge(development, [draft], scores, articles={"a": made}, floor=0.5), Skip)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("One major issue has remained contentious.", "One major issue has remained contentious."),
        (
            "One issue has remained contentious in the Kyiv talks.",
            "One issue has remained contentious in the Kyiv talks: the refusal to permit strikes.",
        ),
    ],
)
def test_a_sentence_that_only_announces_is_refused(text: str, source: str) -> None:
    made = article(source, title=False)
    verdict = review(text, made.passages, 0.9, articles={"a": made}, floor=0.5, kind="statement")
    assert isinstance(verdict, Dropped)
    assert verdict.reason == "empty"


def test_an_analyst_who_opens_a_sentence_is_its_source() -> None:
    made = article(
        "Anna Veldt, a fellow at the Harbour Institute, offered two reasons for the permit. "
        "Odile Farr, the mayor of Lund, opened a bridge.",
        title=False,
    )
    assert sourcing(made.passages[0], made) == "analysis"
    assert sourcing(made.passages[1], made) == "reported"
