"""Invented days: what is known goes on, what is another matter begins anew."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from invented_days import START, Memory, article
from numpy.typing import NDArray

from briefing.news import Brief, Claim, Edition, Origin, Passage, Remembered
from briefing.stages import recall
from briefing.stages.group import group
from briefing.text.statements import statement

SUMY = (
    "sumy", "Missile strike kills two in Sumy",
    "Two people were killed when a missile struck Sumy on Monday, the governor said.",
    "The missile fell on a bakery in the old town.",
)  # fmt: skip
LEAVE = (
    "leave", "Britain may let Ukraine fire Storm Shadow into Russia",
    "Britain may allow Ukraine to use Storm Shadow missiles inside Russia, officials said.",
)  # fmt: skip
GRAIN = (
    "grain", "Grain leaves Izmail by rail again",
    "Trains with grain left the port of Izmail for the first time since the flood.",
)  # fmt: skip
ODESA = (
    "odesa", "Missile strike kills four in Odesa",
    "Four people were killed when a missile struck Odesa on Thursday, the governor said.",
)  # fmt: skip


def test_where_nothing_is_known_all_is_new() -> None:
    day = Memory().tell(0, SUMY, LEAVE, GRAIN)
    assert set(day.kinds) == {"NEW"}
    assert len(day.threads) == 3
    assert day.asked == []


def test_the_same_articles_again_are_repeated_and_stay_in_their_threads() -> None:
    memory = Memory()
    first = memory.tell(0, SUMY, LEAVE, GRAIN)
    again = memory.tell(1, SUMY, LEAVE, GRAIN)
    assert set(again.kinds) == {"REPEATED"}
    assert again.threads == first.threads
    assert all(one.old is not None and one.old.id == one.claim for one in again.recalled.values())


def test_a_paraphrase_is_repeated() -> None:
    memory = Memory()
    memory.tell(0, SUMY, LEAVE)
    day = memory.tell(
        1,
        ("sumy", "Two dead as missile hits Sumy",
         "The governor said two people were killed on Monday when a missile struck Sumy."),
        ("leave", "UK may let Ukraine fire Storm Shadow into Russia",
         "According to officials, the UK may permit Ukraine to use Storm Shadow missiles inside "
         "Russia."),
    )  # fmt: skip
    assert set(day.kinds) == {"REPEATED"}


def test_what_the_judge_finds_to_be_the_same_is_repeated() -> None:
    told = "A bakery of the old town was destroyed by the blast, residents said."
    memory = Memory()
    memory.tell(0, SUMY)
    with_news = (*SUMY[:3], told)
    copy = Memory(dict(memory.ledger), articles=memory.articles, _about=dict(memory._about))
    day = memory.tell(1, with_news)
    asked = [pair for pair in day.asked if told in (pair.sentence, *pair.evidence)]
    assert asked
    assert len(asked) == 2 * len({frozenset((p.sentence, *p.evidence)) for p in asked})
    assert day.of(told).kind == "NEW"
    copy.judged = dict.fromkeys(asked, 0.9)
    assert copy.tell(1, with_news).of(told).kind == "REPEATED"


def test_another_strike_is_new_and_has_its_own_thread() -> None:
    memory = Memory()
    first = memory.tell(0, SUMY)
    day = memory.tell(3, ODESA)
    assert set(day.kinds) == {"NEW"}
    assert not day.threads & first.threads


def test_a_lower_toll_on_a_later_day_is_another_strike() -> None:
    memory = Memory()
    first = memory.tell(0, (
        "kharkiv", "Missile strike kills seven in Kharkiv",
        "Seven people were killed when a missile struck Kharkiv, the governor said.",
    ))  # fmt: skip
    day = memory.tell(4, (
        "kharkiv", "Missile strike kills three in Kharkiv",
        "Three people were killed when a missile struck Kharkiv, the governor said.",
    ))  # fmt: skip
    assert set(day.kinds) == {"NEW"}
    assert not day.threads & first.threads


def test_a_thread_keeps_its_id_over_days_and_weeks() -> None:
    memory = Memory()
    first = memory.tell(0, LEAVE)
    for number in (1, 2, 5, 6, 9, 12):
        assert memory.tell(number, LEAVE, GRAIN).of(LEAVE[2]).thread in first.threads


def test_a_known_sentence_in_a_new_matter_is_no_news_and_keeps_its_own_thread() -> None:
    memory = Memory()
    first = memory.tell(0, LEAVE)
    day = memory.tell(1, (
        "trade", "Grain traders fear for the winter",
        "Traders in Izmail fear that no ship will be insured before the spring.", LEAVE[2],
    ))  # fmt: skip
    news = "Traders in Izmail fear that no ship will be insured before the spring."
    assert (day.of(LEAVE[2]).kind, day.of(news).kind) == ("REPEATED", "NEW")
    seen = {one.text: one.thread for one in day.seen}
    assert {seen[LEAVE[2]]} == first.threads
    assert seen[news] == day.of(news).thread


def test_the_order_of_articles_makes_no_difference() -> None:
    stories = (SUMY, LEAVE, GRAIN, ODESA)
    later = (
        (*SUMY[:2], "At least eight people were killed when a missile struck Sumy on Monday, the "
                    "governor said."),
        ("leave", "Britain lets Ukraine fire Storm Shadow into Russia",
         "Britain has allowed Ukraine to use Storm Shadow missiles inside Russia, officials said."),
        GRAIN,
    )  # fmt: skip
    found = []
    for first in (stories, stories[::-1]):
        for second in permutations(later):
            memory = Memory()
            memory.tell(0, *first)
            day = memory.tell(1, *second)
            found.append({
                text: (one.kind, one.what, one.before, one.after)
                for _, _, text, *_ in later
                for one in [day.of(text)]
            })  # fmt: skip
    assert all(one == found[0] for one in found)
    assert {kind for kind, *_ in found[0].values()} == {"UPDATED", "REPEATED"}


def test_sightings_tell_all_that_was_seen_and_what_was_printed() -> None:
    memory = Memory()
    day = memory.tell(0, SUMY)
    texts = {one.text: one for one in day.seen}
    assert set(texts) == {SUMY[1], SUMY[2], SUMY[3]}, "the headline of a short item is seen too"
    assert all(one.printed == "" for one in day.seen)
    passage = texts[SUMY[2]].passages[0]
    printed = Claim("Two died in Sumy.", (passage,), 0.9, "written", "reported")
    brief = Brief("d", printed, (printed,), ("a1",), 1)
    again = Memory().tell(0, SUMY, printed=[brief])
    assert {one.text: one.printed for one in again.seen} == {
        SUMY[1]: "", SUMY[2]: "Two died in Sumy.", SUMY[3]: ""
    }  # fmt: skip


def test_sightings_of_a_repeat_are_of_the_old_claim() -> None:
    memory = Memory()
    first = {one.text: one for one in memory.tell(0, SUMY).seen}
    again = {one.claim: one for one in memory.tell(1, SUMY).seen}
    assert set(again) == {one.claim for one in first.values()}
    assert {one.passages[0].article for one in again.values()} == {"a2"}
    claim = memory.ledger[first[SUMY[2]].claim]
    assert [p.article for p in claim.passages] == ["a1", "a2"]


def test_claims_have_stable_ids_that_tell_thread_and_words() -> None:
    ids = {one.text: one.claim for one in Memory().tell(0, SUMY, LEAVE).seen}
    assert ids == {one.text: one.claim for one in Memory().tell(5, SUMY, LEAVE).seen}
    assert len(set(ids.values())) == len(ids)
    assert all(len(one) == 16 for one in ids.values())


def test_a_copy_is_found_among_all_tellings_of_a_claim() -> None:
    memory = Memory()
    memory.tell(0, SUMY)
    (claim,) = (c for c in memory.ledger.values() if c.text == SUMY[2])
    other = "A missile that struck Sumy on Monday has killed two people there, a mayor wrote."
    retold = Passage("x", 1, 0, len(other), other, 1)
    memory.ledger[claim.id] = replace(claim, passages=(*claim.passages, retold))
    day = memory.tell(1, (*SUMY[:2], other.replace("two", "five")))
    found = day.of(other.replace("two", "five"))
    assert (found.kind, found.what, found.after) == ("UPDATED", "figure", "five people")


def test_a_day_without_articles_and_a_ledger_without_claims() -> None:
    nothing = recall.candidates([], [], articles={}, vectors={}, rows={})
    assert recall.pairs(nothing) == []
    assert recall.decide([], nothing, {}, [], {}) == {}
    assert recall.sightings([], {}, [], {}, lambda passage, article: "reported") == []


@pytest.mark.parametrize("text", ["…", "防空警報が鳴った。", "No.", "“"])
def test_sentences_of_few_words_are_total(text: str) -> None:
    memory = Memory()
    memory.tell(0, ("odd", "A headline of no account", text))
    assert memory.tell(1, ("odd", "A headline of no account", text)).kinds == ["REPEATED"]


def test_thirty_days_of_three_thousand_claims_are_searched_in_seconds() -> None:
    """A guard against a look at each pair: five seconds are allowed, less than one is used."""
    rng = np.random.default_rng(3)
    stock = [
        "harbour", "convoy", "depot", "rocket", "council", "river", "bridge", "ferry", "grain",
    ]  # fmt: skip
    ledger: list[Remembered] = []
    rows: dict[str, NDArray[np.float32]] = {}
    edition = Edition("invented", START)
    for number in range(3000):
        text = f"The {' '.join(rng.choice(stock, 8))} {number}."
        passage = article(f"k{number // 3}", START, text).passages[0]
        ledger.append(Remembered(
            f"c{number}", f"t{number // 9}", text, (passage,), statement(text), "reported",
            edition, edition,
        ))  # fmt: skip
        rows[f"c{number}"] = _unit(rng)
    made = {
        f"n{n}": article(f"n{n}", START, "Headline", f"A {' '.join(rng.choice(stock, 8))} burns.")
        for n in range(100)
    }
    vectors = {p.key: _unit(rng) for one in made.values() for p in one.passages}
    days = group(list(made.values()), vectors, [Origin(key, (key,)) for key in made])
    started = time.process_time()
    found = recall.candidates(days, ledger, articles=made, vectors=vectors, rows=rows)
    recalled = recall.decide(days, found, {}, ledger, made)
    assert time.process_time() - started < 5
    assert len(recalled) == sum(len(one.facts) for one in days)


def _unit(rng: np.random.Generator) -> NDArray[np.float32]:
    row = rng.normal(0.2, 0.3, 64).astype(np.float32)
    return np.asarray(row / np.linalg.norm(row), dtype=np.float32)


# -- threads whatever the words --------------------------------------------------------------------

CONSIDERS = (
    "a", "Biden considers letting Ukraine fire ATACMS into Russia",
    "The White House is considering whether Ukraine may use ATACMS against targets in Russia.",
)  # fmt: skip


def test_one_permission_is_one_thread_however_it_is_told() -> None:
    memory = Memory()
    first = memory.tell(0, CONSIDERS, GRAIN)
    leave = "Washington has authorised strikes inside Russia with ATACMS, aides said."
    day = memory.tell(2, ("b", "US lets Ukraine strike inside Russia with ATACMS", leave))
    assert day.of(leave).thread == first.of(CONSIDERS[2]).thread
    assert (day.of(leave).kind, day.of(leave).what) == ("UPDATED", "rung")


def test_another_giver_or_a_comment_of_another_party_is_another_thread() -> None:
    memory = Memory()
    first = memory.tell(0, CONSIDERS)
    for number, (head, text) in enumerate((
        ("Paris lets Ukraine fire SCALP into Russia",
         "France has authorised strikes inside Russia with SCALP, aides of Macron said."),
        ("Kremlin: Biden fuels the fire by letting Ukraine use ATACMS",
         "Moscow said that leave to use ATACMS would be an act of war."),
    ), 1):  # fmt: skip
        day = memory.tell(number, (f"m{number}", head, text))
        assert day.of(text).kind == "NEW"
        assert not day.threads & first.threads


def test_a_toll_of_the_same_spot_goes_on_and_not_that_of_another() -> None:
    memory = Memory()
    first = memory.tell(0, SUMY)
    nine = "Rescuers in Sumy found more bodies, and the toll has climbed to nine."
    day = memory.tell(2, ("later", "Sumy buries its dead", nine))
    assert (day.of(nine).kind, day.of(nine).after) == ("UPDATED", "nine")
    assert day.threads == first.threads
    other = "Rescuers in Izmail found more bodies, and the toll has climbed to 12."
    assert memory.tell(3, ("there", "Izmail buries its dead", other)).of(other).kind == "NEW"


def test_a_rung_that_any_thread_has_reached_is_no_change() -> None:
    memory = Memory()
    used = "Ukraine fired six ATACMS at a depot near Bryansk, the Pentagon said."
    memory.tell(0, CONSIDERS, ("fired", "Ukraine fires ATACMS at a depot near Bryansk", used))
    again = "The White House weighs more strikes after Ukraine fired ATACMS at a depot in Russia."
    day = memory.tell(1, (CONSIDERS[0], CONSIDERS[1], again))
    assert day.of(again).kind in ("NEW", "REPEATED")
