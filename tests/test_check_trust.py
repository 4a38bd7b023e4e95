"""Sentences in other words: the rules may refuse them, the judge must be sure of them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from briefing.news import Article, Brief, Claim, Development, Draft, Dropped, Fact, Passage
from briefing.stages.check import (
    failing,
    judge,
    pairs,
    proves,
    review,
    to_weigh,
    verdicts,
    weighed,
    worth_asking,
)
from briefing.stages.check.review import Kind, carriers, reworded, shortens

FLOOR, TRUST = 0.1, 0.9


def article(key: str, *said: str) -> Article:
    text = " ".join(said)
    made, start = [], 0
    for n, one in enumerate(said):
        made.append(Passage(key, n, start, start + len(one), one, 1))
        start += len(one) + 1
    return Article(key, "", "", "made", key.title(), None, "unknown", text, tuple(made))


CLOSE = (
    "The harbour authority of Velmar, which runs the town market, said on Monday that it would "
    "close two of its four piers for repairs."
)
COST = (
    "Repairs to the piers of Velmar will take until spring and cost 4 million crowns, Mayor Ada "
    "Brenn said."
)
FERRY = "The ferry operator Norlinje will use the open piers of Velmar until the repairs end."
HE_SAID = "He also said that the ferry operator could use the open piers of Velmar."
ARTICLES = {a.id: a for a in (article("post", CLOSE, HE_SAID), article("herald", COST, FERRY))}
POST, HERALD = ARTICLES["post"].passages, ARTICLES["herald"].passages
FACT = Fact((POST[0], HERALD[0], HERALD[1]))

GOOD = "Velmar’s harbour authority said it would close two of its four piers for repairs."
MERGED = GOOD.replace("repairs.", "repairs that will cost 4 million crowns.")
SHORT = (
    "The harbour authority of Velmar said on Monday that it would close two of its four piers for "
    "repairs."
)
HEAD = "Velmar to close two of its four piers for repairs"
SHORT_HEAD = "Ferry operator Norlinje will use open piers of Velmar until repairs end"


def told(
    text: str,
    score: float,
    *,
    trust: float = TRUST,
    floor: float = FLOOR,
    kind: Kind = "statement",
    passages: tuple[Passage, ...] = FACT.passages,
) -> Claim | Dropped:
    return review(
        text, passages, score, articles=ARTICLES, floor=floor, kind=kind, trust=trust
    )  # fmt: skip


# -- one sentence ------------------------------------------------------------------------------


@pytest.mark.parametrize("score", [TRUST, 0.95, 1.0])
def test_a_sentence_that_the_judge_is_sure_of_passes_and_cites_what_carries_it(
    score: float,
) -> None:
    found = told(GOOD, score)
    assert isinstance(found, Claim)
    assert found.passages == (POST[0],)
    assert (found.text, found.score, found.wording) == (GOOD, score, "written")
    assert proves(found, ARTICLES, trust=TRUST) == []
    assert told(GOOD, score, passages=tuple(reversed(FACT.passages))) == found


@pytest.mark.parametrize("score", [0.0, 0.5, 0.89])
def test_below_trust_it_is_dropped_with_both_figures(score: float) -> None:
    assert told(GOOD, score) == Dropped(GOOD, "support", f"{score:.2f} < 0.90")


def test_of_two_passages_that_carry_it_the_first_is_cited() -> None:
    again = article("wire", CLOSE)
    both = {**ARTICLES, "wire": again}
    for row in ((again.passages[0], POST[0]), (POST[0], again.passages[0])):
        found = review(
            GOOD, row, 0.95, articles=both, floor=FLOOR, kind="statement", trust=TRUST
        )  # fmt: skip
        assert isinstance(found, Claim)
        assert found.passages == row[:1]
        assert proves(found, both, trust=TRUST) == []
        assert proves(replace(found, passages=row), both, trust=TRUST)


@pytest.mark.parametrize("score", [0.95, 1.0, math.inf])
def test_no_sentence_in_other_words_is_made_of_two_passages(score: float) -> None:
    found = told(MERGED, score, trust=0.0)
    assert isinstance(found, Dropped)
    assert found.reason == "merged"


@pytest.mark.parametrize("score", [0.2, 0.95, 1.0])
@pytest.mark.parametrize("trust", [0.0, TRUST, math.inf])
def test_a_headline_can_only_be_a_shortening(score: float, trust: float) -> None:
    found = told(HEAD, score, kind="headline", trust=trust)
    assert isinstance(found, Dropped)
    assert found.reason == "relation"
    short = told(SHORT_HEAD, score, kind="headline", trust=trust)
    assert isinstance(short, Claim)
    assert short.passages == (HERALD[1],)
    assert proves(short, ARTICLES, trust=trust) == []
    low = told(SHORT_HEAD, 0.05, kind="headline", trust=trust)
    assert isinstance(low, Dropped)
    assert low.reason == "support"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("two of its", "three of its", "number"),
        ("for repairs", "for repairs until 2031", "date"),
        ("for repairs", "on Friday for repairs", "date"),
        ("Velmar’s", "Sulm’s", "name"),
        ("would close", "would “close”", "quote"),
        ("said it", "said we", "speaker"),
        ("would close", "must close", "modality"),
        ("would close", "would not close", "modality"),
        ("would close", "would destroy", "added"),
        ("for repairs.", "for repairs and for", "form"),
    ],
)
@pytest.mark.parametrize("score", [0.95, 1.0, math.inf])
def test_what_a_rule_refuses_is_dropped_whatever_the_score(
    old: str, new: str, reason: str, score: float
) -> None:
    assert old in GOOD
    found = told(GOOD.replace(old, new), score, trust=0.0)
    assert isinstance(found, Dropped)
    assert found.reason == reason


def test_a_shortening_needs_no_more_than_the_floor() -> None:
    found = told(SHORT, 0.2)
    assert isinstance(found, Claim)
    assert found.passages == (POST[0],)
    assert told(SHORT, 0.05) == Dropped(SHORT, "support", "0.05 < 0.10")
    assert proves(found, ARTICLES) == proves(found, ARTICLES, trust=TRUST) == []


@pytest.mark.parametrize("text", [GOOD, SHORT])
def test_no_number_is_no_support(text: str) -> None:
    found = told(text, math.nan)
    assert isinstance(found, Dropped)
    assert found.reason == "support"


def test_without_trust_no_score_suffices() -> None:
    cases = [
        (MERGED, FACT.passages, "merged"),
        (GOOD, FACT.passages, "relation"),
        (SHORT.replace(" for repairs", ""), POST[:1], "cut"),
    ]
    for text, passages, reason in cases:
        for score in (1.0, math.inf):
            found = told(text, score, trust=math.inf, passages=passages)
            assert isinstance(found, Dropped)
            assert found.reason == reason, text
        usual = review(text, passages, 1.0, articles=ARTICLES, floor=FLOOR, kind="statement")
        assert usual == found
        assert isinstance(told(text, 1.0, passages=passages), Claim) == (text != MERGED)
    assert isinstance(told(SHORT, 0.2, trust=math.inf), Claim)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "The bridge of Sulm is reportedly closing for repairs, said Odile Farr on Monday.",
            "Odile Farr said on Monday the bridge of Sulm is closing for repairs.",
        ),
        (
            "Odile Farr said on Monday that the bridge of Sulm may be closed for repairs.",
            "The bridge of Sulm was closed for repairs, said Odile Farr on Monday.",
        ),
        (
            "Odile Farr said on Monday that at least 40 boats of Sulm would be moved to Velmar.",
            "The 40 boats of Sulm would be moved to Velmar, said Odile Farr on Monday.",
        ),
    ],
)
def test_what_limits_a_claim_may_not_be_lost_whatever_the_judge_says(
    source: str, text: str
) -> None:
    one = article("one", source)
    found = review(
        text, one.passages, 1.0, articles={"one": one}, floor=0.0, kind="statement", trust=0.0
    )  # fmt: skip
    assert isinstance(found, Dropped)
    assert found.reason in ("limit", "number", "modality")
    forged = Claim(text, one.passages, 1.0, "written", "on record")
    assert proves(forged, {"one": one}, trust=0.0)


# -- what carries a sentence -----------------------------------------------------------------------


def test_what_carries_a_sentence_needs_no_other_passage() -> None:
    assert carriers(GOOD, FACT.passages, "statement") == [POST[0]]
    assert carriers(GOOD, (HERALD[0], POST[1], POST[0]), "statement") == [POST[0]]
    assert carriers(MERGED, FACT.passages, "statement") == []
    assert reworded(GOOD, FACT.passages, "statement") is None
    assert reworded(GOOD, HERALD, "statement")
    assert reworded(GOOD, (), "statement")


# -- what the judge is asked -------------------------------------------------------------------


def test_the_judge_is_asked_only_what_no_rule_has_settled() -> None:
    wrong = GOOD.replace("two", "nine")
    drafts = [
        Draft(FACT, SHORT_HEAD, wrong),
        Draft(FACT, "", GOOD),
        Draft(FACT, HEAD, SHORT),
        Draft(FACT, HEAD, MERGED),
    ]
    assert worth_asking(drafts) == [True, False, False, True, False, True, False, False]
    assert len(worth_asking(drafts)) == len(pairs(drafts))
    assert worth_asking([]) == []


def test_a_shortening_that_another_passage_puts_in_quotes_is_worth_asking() -> None:
    plain = article("plain", "The council of Sulm, which met at noon, called the plan a new phase.")
    quoted = article("quoted", "The mayor of Sulm spoke of “a new phase” on Monday.")
    both = {"plain": plain, "quoted": quoted}
    fact = Fact((*plain.passages, *quoted.passages))
    text = "The council of Sulm called the plan a new phase."
    assert shortens(text, plain.passages[0], "statement")
    assert not shortens(text, quoted.passages[0], "statement")
    assert worth_asking([Draft(fact, "", text)]) == [False, True]
    ((_, statement),) = verdicts(
        [Draft(fact, "", text)], [0.0, 0.95], articles=both, floor=FLOOR, trust=TRUST
    )
    assert isinstance(statement, Claim)
    assert statement.passages == plain.passages


def test_what_is_not_worth_asking_is_refused_at_any_score() -> None:
    drafts = [
        Draft(FACT, head, text)
        for head in (SHORT_HEAD, HEAD, "Velmar closes nine piers", "")
        for text in (MERGED, SHORT, GOOD, GOOD.replace("two", "nine"), "")
    ]
    worth = worth_asking(drafts)
    judged = verdicts(drafts, [1.0] * len(worth), articles=ARTICLES, floor=0.0, trust=0.0)
    found = [isinstance(verdict, Claim) for both in judged for verdict in both]
    assert found == worth
    assert True in worth
    assert False in worth


# -- a brief -------------------------------------------------------------------------------------


def brief_of(*drafts: Draft, score: float, trust: float = TRUST) -> Brief:
    made = judge(
        Development("d", (FACT,), ("post", "herald"), 2, None),
        drafts, [score] * (2 * len(drafts)), articles=ARTICLES, floor=FLOOR, trust=trust,
    )  # fmt: skip
    assert isinstance(made, Brief)
    return made


def test_a_brief_is_made_of_what_the_judge_is_sure_of() -> None:
    made = brief_of(Draft(FACT, SHORT_HEAD, GOOD), score=0.95)
    assert made.headline.text == SHORT_HEAD
    assert [c.text for c in made.claims] == [GOOD]
    assert made.dropped == ()
    doubtful = brief_of(Draft(FACT, SHORT_HEAD, GOOD), score=0.5)
    assert doubtful.headline.text == SHORT_HEAD
    assert [(c.text, c.wording) for c in doubtful.claims] == [(CLOSE, "quoted")]
    assert [d.reason for d in doubtful.dropped] == ["support"]
    unjudged = brief_of(Draft(FACT, HEAD, GOOD), score=1.0, trust=math.inf)
    assert unjudged.headline.text != HEAD
    assert [c.wording for c in unjudged.claims] == ["quoted"]


def test_a_doubtful_sentence_is_rewritten() -> None:
    asked = {"articles": ARTICLES, "floor": FLOOR, "trust": TRUST}
    draft = Draft(FACT, HEAD, GOOD)
    assert failing([draft], [0.0, 0.95], **asked) == []  # type: ignore[arg-type]
    assert failing([draft], [1.0, 0.5], **asked) == [FACT]  # type: ignore[arg-type]
    assert failing([draft], [1.0, 1.0], articles=ARTICLES, floor=FLOOR) == [FACT]


def test_a_headline_over_a_judged_sentence_is_proven_too() -> None:
    made = brief_of(Draft(FACT, HEAD, GOOD), score=0.95)
    assert [c.text for c in made.claims] == [GOOD]
    assert made.headline.text != HEAD
    assert proves(made.headline, ARTICLES, trust=TRUST) == []


def weigh(made: Brief, *scores: float, trust: float = TRUST) -> Brief:
    assert len(scores) == len(to_weigh(made))
    return weighed(made, scores, articles=ARTICLES, floor=FLOOR, trust=trust)


def test_weighed_by_what_it_cites_it_stands_or_gives_way() -> None:
    made = brief_of(Draft(FACT, SHORT_HEAD, GOOD), score=0.95)
    kept = weigh(made, 0.2, 0.92)
    assert (kept.headline.score, kept.claims[0].score) == (0.2, 0.92)
    assert (kept.headline.text, kept.claims[0].text) == (SHORT_HEAD, GOOD)
    fallen = weigh(made, 0.05, 0.89)
    assert (fallen.claims[0].text, fallen.claims[0].wording) == (CLOSE, "quoted")
    assert fallen.headline.wording == "quoted"
    assert FERRY.startswith(fallen.headline.text.removesuffix("…"))
    for claim in (fallen.headline, *fallen.claims):
        assert claim.score == 1.0
        assert proves(claim, ARTICLES) == []
    half = weigh(made, 0.2, 0.5)
    assert (half.headline.text, half.claims[0].text) == (SHORT_HEAD, CLOSE)
    assert weigh(made, math.nan, math.nan).claims[0].wording == "quoted"


def test_a_shortening_is_weighed_by_the_floor_with_or_without_a_judge() -> None:
    made = brief_of(Draft(FACT, "", SHORT), score=0.2)
    scores = [0.15] * len(to_weigh(made))
    for trust in (TRUST, math.inf):
        assert weigh(made, *scores, trust=trust).claims[0].text == SHORT
    assert weigh(made, *[0.05] * len(scores)).claims[0].text == CLOSE


def test_a_sentence_that_is_its_own_headline_is_weighed_as_what_it_is() -> None:
    claim = told(SHORT, 0.95)
    assert isinstance(claim, Claim)
    made = Brief("d", claim, (claim,), ("post",), 1)  # too long for the headline's rules
    for trust in (TRUST, math.inf):
        kept = weigh(made, 0.2, trust=trust)
        assert kept.headline == kept.claims[0] == replace(claim, score=0.2)
    fallen = weigh(made, 0.05)
    assert fallen.claims[0].text == CLOSE  # the sentence whole, its beginning over it
    assert fallen.headline.text.endswith("…")
    assert CLOSE.startswith(fallen.headline.text.removesuffix("…"))


def test_the_sentence_that_stands_in_can_be_read_alone_and_is_not_printed_twice() -> None:
    claim = Claim(SHORT, (POST[1], POST[0]), 0.95, "written", "on record")
    beside = Claim(FERRY, HERALD[1:], 1.0, "quoted", "reported")
    fallen = weigh(Brief("d", beside, (beside, claim), ("post",), 1), 0.05)
    assert [c.text for c in fallen.claims] == [FERRY, CLOSE]
    known = Claim(CLOSE, POST[:1], 1.0, "quoted", "on record")
    fallen = weigh(Brief("d", known, (known, claim), ("post",), 1), 0.05)
    assert [c.text for c in fallen.claims] == [CLOSE]


# -- the proof again -----------------------------------------------------------------------------


def honest() -> Claim:
    found = told(GOOD, 0.95)
    assert isinstance(found, Claim)
    return found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("two", "three"),
        ("four", "five"),
        ("Velmar", "Sulm"),
        ("repairs", "repairs until spring"),
        ("would", "must"),
        ("close", "open and sell"),
        ("said", "denied"),
        ("for repairs", "until 4 May for repairs"),
    ],
)
def test_proof_finds_a_changed_word(old: str, new: str) -> None:
    assert old in GOOD
    assert proves(replace(honest(), text=GOOD.replace(old, new, 1)), ARTICLES, trust=TRUST)


def test_proof_finds_what_is_cited_too_much_or_too_little() -> None:
    claim = honest()
    for other in (*HERALD, POST[1]):
        for passages in ((*claim.passages, other), (other, *claim.passages), (other,)):
            assert proves(replace(claim, passages=passages), ARTICLES, trust=TRUST)
    twice = replace(claim, passages=claim.passages * 2)
    assert proves(twice, ARTICLES, trust=TRUST)
    assert proves(replace(claim, passages=()), ARTICLES, trust=TRUST) == ["no citation"]


@pytest.mark.parametrize("score", [0.0, 0.89, math.nan])
def test_proof_finds_a_score_below_trust(score: float) -> None:
    assert proves(replace(honest(), score=score), ARTICLES, trust=TRUST)


def test_proof_needs_a_judge_for_other_words() -> None:
    assert proves(honest(), ARTICLES)
    assert proves(replace(honest(), wording="shortened"), ARTICLES, trust=TRUST)
    assert proves(replace(honest(), wording="quoted"), ARTICLES, trust=TRUST)


def test_a_needless_citation_beside_a_shortening_is_found() -> None:
    found = told(SHORT, 0.95)
    assert isinstance(found, Claim)
    assert proves(found, ARTICLES, trust=TRUST) == []
    assert proves(replace(found, passages=(POST[0], HERALD[0])), ARTICLES, trust=TRUST)


WORDS = sorted({*CLOSE.split(), *COST.split(), *GOOD.split(), "three", "may", "Sulm", "not"})


@given(
    st.lists(st.sampled_from(WORDS), max_size=3),
    st.integers(0, 18),
    st.integers(0, 4),
    st.sampled_from([MERGED, SHORT, GOOD, HEAD, SHORT_HEAD, CLOSE]),
    st.sampled_from([0.0, 0.05, FLOOR, 0.5, TRUST, 1.0, math.nan]),
    st.sampled_from([0.0, FLOOR, TRUST, 1.0, math.inf]),
    st.sampled_from(["headline", "statement"]),
)
def test_what_review_lets_pass_the_proof_accepts(
    put_in: list[str], at: int, cut: int, text: str, score: float, trust: float, kind: Kind
) -> None:
    row = text.split()
    made = " ".join([*row[:at], *put_in, *row[at + cut :]])
    assume(made)
    found = told(made, score, trust=trust, kind=kind)
    if isinstance(found, Dropped):
        assert found.reason
        return
    assert proves(found, ARTICLES, trust=trust) == []
    assert score >= FLOOR or score >= trust
    if not any(shortens(made, p, kind) for p in found.passages):
        assert score >= trust
