"""The board of positions: a state that moves day by day, and never stands above what it cites."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.news import (
    Article,
    Brief,
    Claim,
    Edition,
    Passage,
    Remembered,
    Sourcing,
    Stand,
    Statement,
)
from briefing.stages.compose.material import gather
from briefing.stages.compose.positions import (
    MOST_LINES,
    WORDS,
    Told,
    lead_of,
    leads_of,
    positions,
    stands_told,
)
from briefing.text.assemble import assemble
from briefing.text.ladder import CLIMBING, stands

TODAY = date(2024, 11, 22)
ASKED = "Ukraine asked Washington to allow ATACMS strikes inside Russia."
MAY = "Biden may allow Ukraine to fire ATACMS into Russia."
REPORTED = "Biden has allowed Ukraine to fire ATACMS into Russia, two officials said."
CONFIRMED = "The White House confirmed that Biden had allowed ATACMS strikes inside Russia."
USED = "Ukraine fired six ATACMS at the Bryansk region, the General Staff said."
REFUSED = "Biden refused to let Ukraine fire ATACMS into Russia."
DENIED = "The Pentagon denied that it had allowed ATACMS strikes inside Russia."
TAURUS = "Scholz ruled out sending Taurus missiles."
SENTENCES = (ASKED, MAY, REPORTED, CONFIRMED, USED, REFUSED, DENIED, TAURUS)


def passage(text: str, key: str = "a", *, index: int = 0) -> Passage:
    return Passage(key, index, 0, len(text), text, 1)


def claim(text: str, sourcing: Sourcing = "reported", key: str = "a") -> Claim:
    return Claim(text, (passage(text, key),), 1.0, "quoted", sourcing)


def now(*texts: str, sourcing: Sourcing = "reported") -> list[Told]:
    return [(claim(text, sourcing, f"t{n}"), TODAY, stands(text)) for n, text in enumerate(texts)]


def known(
    text: str, day: int, *, last: int = 0, sourcing: Sourcing = "reported", id: str = ""
) -> Remembered:
    """A claim of the ledger, first seen on that day of November."""
    return Remembered(
        id or f"{day}-{text}",
        "thread",
        text,
        (passage(text, f"k{day}"),),
        Statement(stands=stands(text)),
        sourcing,
        Edition("s", date(2024, 11, day)),
        Edition("s", date(2024, 11, last or day)),
    )


def shown(today: list[Told], ledger: list[Remembered]) -> list[tuple[str, str]]:
    return [(line.lead, line.note) for line in positions(today, ledger)]


def lead(rung: str) -> str:
    return f"United States · ATACMS: {WORDS[rung]}"


# -- one day ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rung"),
    [(ASKED, "asked"), (MAY, "considered"), (REPORTED, "reported"), (CONFIRMED, "confirmed"),
     (USED, "used"), (REFUSED, "refused"), (DENIED, "denied")],
)  # fmt: skip
def test_a_line_says_what_its_sentence_says(text: str, rung: str) -> None:
    (line,) = positions(now(text), [])
    assert (line.lead, line.note) == (lead(rung), "")
    assert line.claim.text == text
    assert line.lead in leads_of(line.claim)


def test_the_highest_rung_of_a_day_stands() -> None:
    assert shown(now(MAY, CONFIRMED, ASKED, REPORTED), []) == [(lead("confirmed"), "")]


def test_nothing_is_shown_that_the_cited_passage_does_not_give() -> None:
    written = Claim(
        REPORTED, (passage("Biden met Zelenskyy in Washington."),), 0.9, "written", "reported"
    )
    assert positions([(written, TODAY, stands(REPORTED))], []) == ()
    weaker = Claim(MAY, (passage(REPORTED),), 0.9, "written", "reported")
    assert positions([(weaker, TODAY, stands(REPORTED))], []) == ()


def test_the_ledger_s_own_word_for_a_stand_is_not_enough() -> None:
    lying = known("Biden met Zelenskyy in Washington.", 18)
    lying = Remembered(
        lying.id, lying.thread, lying.text, lying.passages,
        Statement(stands=(Stand("United States", "ATACMS", "used"),)),
        lying.sourcing, lying.first, lying.last,
    )  # fmt: skip
    assert positions([], [lying]) == ()


def test_a_stand_without_a_giver_has_no_line() -> None:
    text = "Ukraine called on partners to lift all limits on long-range strikes inside Russia."
    assert stands(text)
    assert positions(now(text), []) == ()


# -- days ------------------------------------------------------------------------------------------


def test_a_move_is_dated_and_says_what_was_before() -> None:
    ledger = [known(MAY, 15), known(REPORTED, 17)]
    (line,) = positions(now(CONFIRMED), ledger)
    assert (line.lead, line.note) == (
        lead("confirmed"), f"known since 22 November 2024; before: {WORDS['reported']}",
    )  # fmt: skip
    assert line.claim.passages[0].article == "t0"


def test_what_stands_unchanged_is_dated_from_the_ledger_and_cites_what_moved_it() -> None:
    (line,) = positions(now(REPORTED, MAY), [known(MAY, 15), known(REPORTED, 17)])
    assert line.lead == lead("reported")
    assert line.note == f"known since 17 November 2024; before: {WORDS['considered']}"
    assert line.claim.passages[0].article == "k17"
    assert line.claim.wording == "quoted"


def test_a_position_of_the_ledger_alone_is_shown() -> None:
    assert shown([], [known(REPORTED, 17)]) == [(lead("reported"), "known since 17 November 2024")]


def test_remove_the_source_and_the_move_goes() -> None:
    ledger = [known(MAY, 15), known(REPORTED, 17), known(CONFIRMED, 19)]
    assert shown([], ledger) == [
        (lead("confirmed"), f"known since 19 November 2024; before: {WORDS['reported']}")
    ]
    assert shown([], ledger[:2]) == [
        (lead("reported"), f"known since 17 November 2024; before: {WORDS['considered']}")
    ]
    assert shown([], [ledger[0], ledger[2]]) == [
        (lead("confirmed"), f"known since 19 November 2024; before: {WORDS['considered']}")
    ]
    assert shown([], []) == []


def test_a_later_may_allow_takes_nothing_back() -> None:
    assert shown(now(MAY, ASKED), [known(USED, 19)]) == [
        (lead("used"), "known since 19 November 2024")
    ]


def test_the_newest_of_refused_and_climbing_stands() -> None:
    assert shown(now(REFUSED), [known(MAY, 15)])[0][0] == lead("refused")
    assert shown(now(REPORTED), [known(REFUSED, 15)]) == [
        (lead("reported"), f"known since 22 November 2024; before: {WORDS['refused']}")
    ]
    assert shown(now(MAY), [known(REFUSED, 15)])[0][0] == lead("considered")


def test_a_refusal_told_again_is_as_new_as_its_last_telling() -> None:
    ledger = [known(REFUSED, 10, last=20), known(MAY, 15)]
    assert shown([], ledger)[0][0] == lead("refused")


def test_asking_again_moves_no_answer() -> None:
    assert shown(now(ASKED), [known(REFUSED, 15)]) == [
        (lead("refused"), "known since 15 November 2024")
    ]
    assert shown(now(ASKED, REFUSED), [])[0][0] == lead("refused")


def test_on_one_day_given_stands_over_refused_and_refused_over_weighed() -> None:
    assert shown(now(REFUSED, REPORTED), [])[0][0] == lead("reported")
    assert shown(now(REFUSED, MAY), [])[0][0] == lead("refused")


def test_a_denial_takes_back_what_others_report_but_not_what_is_on_record() -> None:
    assert shown(now(DENIED), [known(REPORTED, 17)])[0][0] == lead("denied")
    assert shown(now(DENIED, REPORTED), [])[0][0] == lead("denied")
    assert shown(now(DENIED, CONFIRMED), [])[0][0] == lead("confirmed")
    assert shown(now(DENIED), [known(CONFIRMED, 17)])[0][0] == lead("confirmed")
    assert shown(now(DENIED), [known(USED, 17)])[0][0] == lead("used")


def test_a_use_that_one_party_claims_and_another_denies_is_denied() -> None:
    claimed = known(USED, 17, sourcing="claimed by a party to the war")
    denied = "Kyiv denied that it had fired ATACMS at the Bryansk region."
    assert shown(now(denied), [claimed])[0][0] == lead("denied")
    confirmed = known(USED, 18, sourcing="on record")
    assert shown(now(denied), [claimed, confirmed])[0][0] == lead("used")


# -- which evidence, which order -------------------------------------------------------------------


def test_on_record_is_cited_before_a_mere_report() -> None:
    others = "Biden has allowed ATACMS strikes inside Russia, it was told."
    rows = [*now(REPORTED, sourcing="unnamed officials"),
            (claim(others, "on record", "z"), TODAY, stands(others))]  # fmt: skip
    (line,) = positions(rows, [])
    assert line.claim.text == others


def test_used_first_then_down_the_ladder_and_the_refused_last() -> None:
    rows = now(
        TAURUS,
        "Britain may let Ukraine fire Storm Shadow into Russia.",
        "France has allowed SCALP strikes inside Russia.",
        USED,
    )
    assert [line.lead.split(":")[0] for line in positions(rows, [])] == [
        "United States · ATACMS", "France · SCALP", "United Kingdom · Storm Shadow",
        "Germany · Taurus",
    ]  # fmt: skip


def test_missiles_without_a_name_only_where_they_say_more_than_a_named_one() -> None:
    missiles = "The United States has allowed long-range missiles to be fired into Russia."
    assert [x for x, _ in shown(now(missiles), [])] == [
        f"United States · long-range missiles: {WORDS['reported']}"
    ]
    assert [x for x, _ in shown(now(missiles, CONFIRMED), [])] == [lead("confirmed")]
    assert len(shown(now(missiles, MAY), [])) == 2


def test_no_more_lines_than_a_phone_shows() -> None:
    owners = {"United States": "Biden", "United Kingdom": "Starmer", "France": "Macron"}
    weapons = ("ATACMS", "Storm Shadow", "SCALP")
    texts = [
        f"{who} has allowed {w} strikes inside Russia." for who in owners.values() for w in weapons
    ]
    assert len(positions(now(*texts, TAURUS), [])) == MOST_LINES


# -- what is told today ----------------------------------------------------------------------------


def test_sentences_and_headlines_of_the_articles_are_read() -> None:
    text, passages = assemble(
        "a", "Biden allows ATACMS strikes in Russia", [USED, "A cut off sent"]
    )
    article = Article(
        id="a", url="", title="x", title_origin="stated", publisher="", text=text,
        published=datetime(2024, 11, 22, 9, tzinfo=UTC), date_origin="stated", passages=passages,
    )  # fmt: skip
    head = Claim(passages[1].text, (passages[1],), 1.0, "quoted", "reported")
    brief = Brief("d", head, (head,), ("a",), 1)
    rows = stands_told(gather([brief], {"a": article}, []), lambda *_: "reported", day=TODAY)
    assert {stand.rung for _, _, found in rows for stand in found} == {"reported", "used"}
    assert all(day == TODAY for _, day, _ in rows)
    (line,) = positions(rows, [])
    assert line.lead == lead("used")


# -- whatever comes --------------------------------------------------------------------------------

_texts = st.sampled_from(SENTENCES)
_known = st.builds(
    known,
    _texts,
    st.integers(1, 21),
    sourcing=st.sampled_from(["on record", "claimed by a party to the war", "reported"]),
)


@given(st.lists(_texts, max_size=6), st.lists(_known, max_size=8))
@settings(max_examples=200, deadline=None)
def test_no_line_stands_above_the_words_that_it_cites(
    texts: list[str], ledger: list[Remembered]
) -> None:
    lines = positions(now(*texts), ledger)
    assert len({line.lead.split(":")[0] for line in lines}) == len(lines)
    for line in lines:
        cited = {lead_of(s) for p in line.claim.passages for s in stands(p.text)}
        assert line.lead in cited
        assert line.lead in leads_of(line.claim)


@given(st.lists(_texts, max_size=4), st.lists(_known, max_size=8), st.data())
@settings(max_examples=200, deadline=None)
def test_less_evidence_never_climbs_unless_a_no_went(
    texts: list[str], ledger: list[Remembered], data: st.DataObject
) -> None:
    """Removing claims that climb lifts nothing."""
    climbing = [k for k in ledger if all(s.rung in CLIMBING for s in k.statement.stands)]
    if not climbing:
        return
    gone = data.draw(st.sampled_from(climbing))
    fewer = [k for k in ledger if k is not gone]
    before, after = positions(now(*texts), ledger), positions(now(*texts), fewer)
    heights = {line.lead.split(":")[0]: _height(line.lead) for line in before}
    for line in after:
        assert _height(line.lead) <= heights.get(line.lead.split(":")[0], 0)


def _height(line: str) -> int:
    rung = next(r for r, words in WORDS.items() if line.endswith(f": {words}"))
    return CLIMBING.index(rung) + 1 if rung in CLIMBING else 0


@given(st.lists(_texts, max_size=4), st.lists(_known, max_size=6), st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_order_in_which_claims_come_does_not_matter(
    texts: list[str], ledger: list[Remembered], chance: object
) -> None:
    shuffled = list(ledger)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert shown(now(*texts), ledger) == shown(now(*texts), shuffled)
