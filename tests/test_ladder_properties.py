"""No change that weakens a sentence lifts a rung above what the sentence supported."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.cli.eval import part
from briefing.news import Stand
from briefing.text.ladder import CLIMBING, LONGEST, OWNER, stands
from briefing.text.lexicon import ordered

SMALL = Path(__file__).parent.parent / "evals" / "small"
LABELLED = part("ladder").examples(SMALL, part("reading").Losses())
OPENERS = {
    "United States": ("Washington", "Biden", "The White House"),
    "United Kingdom": ("London", "Starmer", "Downing Street"),
    "France": ("Paris", "Macron", "The Élysée"),
    "Germany": ("Berlin", "Scholz", "The German government"),
}
SOURCES = (
    *("two officials", "a source", "diplomats", "the Meridian Times", "Zelenskyy", "Moscow"),
    *("analysts", "a former minister"),
)
PLACES = ("into the Bryansk region", "at targets inside Russia", "at Kursk", "into Russia")
givers = st.sampled_from(sorted(OPENERS))
weapons = st.sampled_from(["ATACMS", "Storm Shadow", "SCALP"])
sources = st.sampled_from(SOURCES)
places = st.sampled_from(PLACES)


def height(stand: Stand) -> int:
    """0 for what stands beside the ladder, then 1 for *asked* to 5 for *used*."""
    return CLIMBING.index(stand.rung) + 1 if stand.rung in CLIMBING else 0


def top(text: str, before: str = "") -> int:
    return max((height(stand) for stand in stands(text, before=before)), default=0)


def owned(weapon: str) -> st.SearchStrategy[str]:
    return st.sampled_from(OPENERS[OWNER[weapon]])


# -- sentences made from parts ---------------------------------------------------------------------

VERBS = ("has allowed", "has authorised", "has permitted", "allowed", "has cleared")
WEAKER: dict[str, tuple[str, int]] = {
    "may allow": ("{giver} may allow Ukraine to fire {weapon} {place}.", 2),
    "could soon let": ("{giver} could soon let Ukraine fire {weapon} {place}.", 2),
    "is considering": ("{giver} is considering letting Ukraine fire {weapon} {place}.", 2),
    "is expected to": ("{giver} is expected to let Ukraine fire {weapon} {place}.", 2),
    "will allow": ("{giver} will allow Ukraine to fire {weapon} {place}.", 2),
    "would allow": ("{giver} would allow Ukraine to fire {weapon} {place}.", 2),
    "plans to": ("{giver} plans to allow Ukraine to fire {weapon} {place}.", 2),
    "not": ("{giver} has not allowed Ukraine to fire {weapon} {place}.", 0),
    "never": ("{giver} has never allowed Ukraine to fire {weapon} {place}.", 0),
    "refused": ("{giver} has refused to allow Ukraine to fire {weapon} {place}.", 0),
    "rules out": ("{giver} rules out allowing Ukraine to fire {weapon} {place}.", 0),
    "will not": ("{giver} will not allow Ukraine to fire {weapon} {place}.", 0),
    "if": ("If {giver} allows Ukraine to fire {weapon} {place}, Moscow will respond.", 0),
    "question": ("Has {giver} allowed Ukraine to fire {weapon} {place}?", 0),
    "had refused": ("{giver} had long refused to let Ukraine fire {weapon} {place}.", 0),
    "should": ("{giver} should allow Ukraine to fire {weapon} {place}, a senator said.", 0),
    "warned": ("Putin warned {giver} against allowing Ukraine to fire {weapon} {place}.", 0),
    "urged": ("Lawmakers urged {giver} to allow Ukraine to fire {weapon} {place}.", 0),
    "denied": ("{giver} denied that it had allowed Ukraine to fire {weapon} {place}.", 0),
    "unclear": ("It is unclear whether {giver} has allowed Ukraine to fire {weapon} {place}.", 0),
    "no comment": ("{giver} would not say if Ukraine may fire {weapon} {place}.", 0),
    "told": ("{giver} is expected to confirm that Ukraine may fire {weapon} {place}.", 2),
}


@pytest.mark.parametrize("kind", WEAKER)
@given(weapon=weapons, place=places, data=st.data())
@settings(max_examples=25, deadline=None)
def test_weaker_words_give_no_higher_rung(
    kind: str, weapon: str, place: str, data: st.DataObject
) -> None:
    pattern, most = WEAKER[kind]
    giver = data.draw(owned(weapon))
    text = pattern.format(giver=giver, weapon=weapon, place=place)
    assert top(text) <= most, (text, stands(text))


@given(weapon=weapons, place=places, source=sources, verb=st.sampled_from(VERBS), data=st.data())
@settings(max_examples=200, deadline=None)
def test_nobody_but_the_giver_s_own_confirms(
    weapon: str, place: str, source: str, verb: str, data: st.DataObject
) -> None:
    giver = data.draw(owned(weapon))
    claim = f"{giver} {verb} Ukraine to fire {weapon} {place}"
    for text in (f"{claim}, {source} said.", f"According to {source}, {claim}.", f"{claim}."):
        assert {s.rung for s in stands(text)} == {"reported"}, (text, stands(text))


@given(weapon=weapons, place=places, verb=st.sampled_from(VERBS), data=st.data())
@settings(max_examples=100, deadline=None)
def test_another_giver_never_confirms(
    weapon: str, place: str, verb: str, data: st.DataObject
) -> None:
    giver = data.draw(owned(weapon))
    other = data.draw(givers.filter(lambda g: g != OWNER[weapon]))
    speaker = data.draw(st.sampled_from(OPENERS[other]))
    text = f"{speaker} said that {giver} {verb} Ukraine to fire {weapon} {place}."
    assert top(text) <= 3, (text, stands(text))


FIRED = {
    "plain": ("Ukraine fired {weapon} {place}.", 5),
    "reportedly": ("Ukraine reportedly fired {weapon} {place}.", 0),
    "allegedly": ("Ukraine allegedly fired {weapon} {place}.", 0),
    "may have": ("Ukraine may have fired {weapon} {place}.", 0),
    "could": ("Ukraine could fire {weapon} {place}.", 0),
    "will": ("Ukraine will fire {weapon} {place}.", 0),
    "not": ("Ukraine has not fired {weapon} {place}.", 0),
    "no": ("No {weapon} was fired {place}.", 0),
    "if": ("If Ukraine fired {weapon} {place}, Moscow would respond.", 0),
    "denied": ("Kyiv denied that it had fired {weapon} {place}.", 0),
    "unclear": ("It was unclear whether Ukraine had fired {weapon} {place}.", 0),
    "wants": ("Ukraine wants to fire {weapon} {place}.", 1),
    "crimea": ("Ukraine fired {weapon} at an airfield in occupied Crimea.", 0),
    "media": ("Ukraine fired {weapon} {place}, media reported.", 0),
    "confirm": ("Ukraine has neither confirmed nor denied that it fired {weapon} {place}.", 0),
}


@pytest.mark.parametrize("kind", FIRED)
@given(weapon=weapons, place=places)
@settings(max_examples=12, deadline=None)
def test_a_use_in_doubt_is_no_use(kind: str, weapon: str, place: str) -> None:
    pattern, most = FIRED[kind]
    text = pattern.format(weapon=weapon, place=place)
    assert top(text) <= most, (text, stands(text))
    if kind == "plain":
        assert stands(text) == (Stand(OWNER[weapon], weapon, "used"),)


# -- the labelled sentences, changed ---------------------------------------------------------------

_PAST = r"(allowed|authori[sz]ed|permitted|cleared|given|approved|lifted|granted|fired|used|struck)"
CHANGES: dict[str, tuple[str, str | Callable[[re.Match[str]], str]]] = {
    "may have": (rf"\b(?:has|have|had) {_PAST}\b", r"may have \1"),
    "could have": (rf"\b(?:has|have|had) {_PAST}\b", r"could have \1"),
    "not": (rf"\b(has|have|had) {_PAST}\b", r"\1 not \2"),
    "never": (rf"\b(has|have|had) {_PAST}\b", r"\1 never \2"),
    "reportedly": (rf"\b(has|have|had) {_PAST}\b", r"\1 reportedly \2"),
    "source for body": (
        r"\b[Tt]he (?:White House|Pentagon|State Department|Élysée)(?= (?:said|confirmed))",
        "a source",
    ),
    "former": (r"\b(Pentagon|White House|State Department)(?= spokes)", r"former \1"),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_weakened_sentence_of_the_labelled_set_gives_no_more(kind: str) -> None:
    pattern, put = CHANGES[kind]
    changed = 0
    for one in LABELLED:
        text = re.sub(pattern, put, one.text)
        if text == one.text:
            continue
        changed += 1
        held = {(s.giver, s.weapon): height(s) for s in stands(one.text, before=one.before)}
        for stand in stands(text, before=one.before):
            assert height(stand) <= held.get((stand.giver, stand.weapon), 0), (text, stand)
    assert changed >= 3


WRAPS = (
    *("Moscow denied that {}", "It is unclear whether {}", "There is no evidence that {}"),
    *("If {}", "Critics fear that {}", "The Pentagon has not confirmed that {}", "Rumours that {}"),
)


@pytest.mark.parametrize("wrap", WRAPS)
def test_a_sentence_taken_back_gives_no_more(wrap: str) -> None:
    for one in LABELLED:
        text = wrap.format(one.text)
        held = {(s.giver, s.weapon): height(s) for s in stands(one.text, before=one.before)}
        for stand in stands(text):
            assert height(stand) <= held.get((stand.giver, stand.weapon), 0), (text, stand)


def test_another_weapon_gives_no_more() -> None:
    for one in LABELLED:
        for old in OWNER:
            for new in set(OWNER) - {old, "Taurus"}:
                if old not in one.text or new in one.text or old == "Taurus":
                    continue
                text = one.text.replace(old, new)
                before = one.before.replace(old, new)
                most = top(one.text, one.before)
                assert top(text, before) <= most, (text, stands(text, before=before))


# -- any text --------------------------------------------------------------------------------------

_WORDS = st.sampled_from(
    ordered(
        "Biden Ukraine Kyiv Scholz Taurus ATACMS Storm Shadow SCALP allowed allow to fire fired "
        "into Russia Bryansk said that , ; : — if not has had been refused the White House a "
        "source may “ ” confirmed denied decision permission by with and who after before ( ) ? . "
        "'s long-range"
    )
)


@given(st.lists(_WORDS, max_size=60), st.lists(_WORDS, max_size=12))
@settings(max_examples=300, deadline=None)
def test_any_words_are_read(words: list[str], before: list[str]) -> None:
    for stand in stands(" ".join(words), before=" ".join(before)):
        assert stand.giver in (*OWNER.values(), "")
        assert stand.weapon in (*OWNER, "")


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read(text: str) -> None:
    stands(f"{text} ATACMS {text}", before=text)


@pytest.mark.parametrize(
    "piece",
    ["ATACMS, ", "allowed ATACMS ", "said that ", "who ", "Biden's decision to ", "News ", "not ",
     "the decision by the ", "“", "Storm Shadow and ", "has been ", "US "],
)  # fmt: skip
def test_the_longest_sentence_takes_no_second(piece: str) -> None:
    text = f"ATACMS {piece * LONGEST}"[:LONGEST]
    started = perf_counter()
    stands(text)
    assert perf_counter() - started < 1


def test_a_text_without_end_costs_nothing() -> None:
    text = "Biden has allowed Ukraine to use ATACMS. " * 200_000
    started = perf_counter()
    assert stands(text) == ()
    assert perf_counter() - started < 0.5
