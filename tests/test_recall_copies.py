"""Sentences that are nearly one: what stands in place of what."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.stages.recall.compare import Difference, difference, elsewhere, fewer_dead
from briefing.stages.recall.copies import Texts, holds, is_copy, nearly_one, overlap
from briefing.text.statements import statement

PUBLISHED = date(2024, 11, 20)
LONG = "Britain has let Ukraine fire Storm Shadow missiles at a depot near Kursk, officials said."


def between(old: str, new: str) -> Difference | None:
    """What differs from ``old`` to ``new``, published on one day."""
    a, b = (statement(text, published=PUBLISHED) for text in (old, new))
    return difference(b, a, new_text=new, old_text=old)


@pytest.mark.parametrize(
    ("old", "new", "what", "before", "after"),
    [
        ("Ukraine fired six ATACMS at a depot near Kursk on Monday.",
         "Ukraine fired 13 ATACMS at a depot near Kursk on Monday.", "figure", "six", "13"),
        ("The weapon is banned in over 160 countries.",
         "The weapon is banned in over 321 countries.", "figure", "over 160", "over 321"),
        ("The missile flew 300 km before it fell into a field.",
         "The missile flew 500 km before it fell into a field.", "figure", "300 km", "500 km"),
        ("Ukraine fired ATACMS at a depot near Kursk on Monday.",
         "Ukraine fired Storm Shadow at a depot near Kursk on Monday.", "weapon", "ATACMS",
         "Storm Shadow"),
        ("Leave to fire Atacms puts pressure on Berlin to send Tauruses too.",
         "Leave to fire Storm Shadow puts pressure on Berlin to send Tauruses too.", "weapon",
         "Atacms", "Storm Shadow"),
        ("President Joe Biden let Ukraine fire rockets at depots in Russia.",
         "President Keir Starmer let Ukraine fire rockets at depots in Russia.", "giver", "Biden",
         "Starmer"),
        ("The rockets were cleared by the U.S. and the U.K. after long talks.",
         "The rockets were cleared by the UK and the U.K. after long talks.", "giver", "U.S.",
         "U.K."),
        ("Britain may allow Ukraine to fire Storm Shadow at depots near Kursk.",
         "Britain has allowed Ukraine to fire Storm Shadow at depots near Kursk.", "modality",
         "may allow", "has allowed"),
        ("Britain will allow Ukraine to fire Storm Shadow at depots near Kursk.",
         "Britain may allow Ukraine to fire Storm Shadow at depots near Kursk.", "modality",
         "will allow", "may allow"),
        ("Britain has allowed Ukraine to fire Storm Shadow at depots near Kursk.",
         "Britain has refused to allow Ukraine to fire Storm Shadow at depots near Kursk.",
         "opposite", "has allowed", "has refused"),
        ("Russia answers after London lifted limits on the use of rockets at depots.",
         "Russia answers after London kept limits on the use of rockets at depots.", "opposite",
         "lifted", "kept"),
        ("Moscow spoke of Biden’s decision to let Ukraine strike depots with rockets.",
         "Moscow spoke of Biden’s refusal to let Ukraine strike depots with rockets.", "opposite",
         "decision", "refusal"),
        ("Putin signed the new doctrine of the armed forces on Tuesday, the Kremlin said.",
         "Putin signed the new doctrine of the armed forces on Saturday, the Kremlin said.", "date",
         "Tuesday", "Saturday"),
        ("Putin signed the doctrine on 12 November after a talk with Lukashenko on Sunday.",
         "Putin signed the doctrine on 14 November after a talk with Lukashenko on Sunday.", "date",
         "12 November", "14 November"),
        ("Ukraine fired six ATACMS at a depot near Kursk.",
         "The Pentagon confirmed that Ukraine fired six ATACMS at a depot near Kursk.", "source",
         "", "Pentagon"),
        ("Ukraine fired six ATACMS at a depot near Kursk.",
         "The Kremlin denies that Ukraine fired six ATACMS at a depot near Kursk.", "denial", "",
         ""),
    ],
)  # fmt: skip
def test_one_word_in_place_of_another(
    old: str, new: str, what: str, before: str, after: str
) -> None:
    found = between(old, new)
    assert found == Difference(what, before, after)
    assert found.before in old
    assert found.after in new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (LONG, LONG),
        (LONG, LONG.removesuffix(", officials said.") + "."),
        (LONG, "Officials said Britain has let Ukraine fire Storm Shadow missiles at a depot near "
               "Kursk."),
        (LONG, "The UK has let Ukraine fire Storm Shadow missiles at a depot near Kursk, officials "
               "said."),
        (LONG, "London has let Ukraine launch Storm Shadow missiles at a depot near Kursk, "
               "officials said."),
        ("Ukraine fired six rockets at a depot near Kursk on Tuesday.",
         "Six rockets were fired by Ukraine at a depot near Kursk on Tuesday."),
        ("At least nine people were killed near Kursk, the governor said.",
         "Nine people were killed near Kursk, the governor said."),
        ("The new missile flew 300 km over the river before it fell into a field.",
         "The new missile flew 190 miles over the river before it fell into a field."),
        ("Britain allows Ukraine to fire rockets at depots near Kursk.",
         "Britain will allow Ukraine to fire rockets at depots near Kursk."),
        ("An attack on depots could be seen as a cause of war by the council.",
         "An assault on depots might be seen as a cause of war by the council."),
        ("On day 1,001 of the war Kyiv counts the burnt depots of the enemy.",
         "On day 1,002 of the war Kyiv counts the burnt depots of the enemy."),
        ("A talk is set for Wednesday at 09:00 in the council on depots and rockets.",
         "A talk is set for Wednesday at 10:30 in the council on depots and rockets."),
    ],
)  # fmt: skip
def test_the_same_in_other_words_is_no_difference(old: str, new: str) -> None:
    assert nearly_one(new, old)
    assert between(old, new) is None
    assert between(new, old) is None


def test_a_clause_more_turns_nothing_round() -> None:
    more = LONG.removesuffix(".") + ", but not against towns."
    assert between(LONG, more) is None


def test_the_same_weekday_of_the_next_week_is_another_day() -> None:
    text = "Russia fired rockets at the grid of Ukraine on Sunday, the governor said."
    one, other = (statement(text, published=date(2024, 11, day)) for day in (11, 18))
    assert difference(other, one, new_text=text, old_text=text) == Difference("date")
    same = statement(text, published=date(2024, 11, 12))
    assert difference(same, one, new_text=text, old_text=text) is None


def test_of_unlike_sentences_only_one_deed_is_compared() -> None:
    far = "Two wounded men were treated in the town, and 40 houses burned down that night."
    assert not nearly_one(LONG, far)
    assert between(far, LONG) is None


def test_elsewhere_and_fewer_dead() -> None:
    sumy, odesa = "Missile kills nine in Sumy", "Missile kills four in Odesa"
    a, b = statement(sumy), statement(odesa)
    assert elsewhere(b, a, new_text=odesa, old_text=sumy)
    assert not elsewhere(a, a, new_text=sumy, old_text=sumy)
    assert not elsewhere(b, a, new_text=odesa, old_text=sumy + ", and Odesa is hit too")
    assert fewer_dead(b, a)
    assert not fewer_dead(a, b)


@pytest.mark.parametrize(
    ("text", "value", "held"),
    [
        ("Kyiv fired six rockets", "6", True),
        ("Kyiv fired six rockets", "13", False),
        ("London agreed", "Britain", True),
        ("London agreed", "Paris", False),
        ("two Tauruses", "Taurus", True),
        ("it may allow the use", "may allow", True),
    ],
)
def test_whether_a_sentence_holds_a_value(text: str, value: str, held: bool) -> None:
    assert holds(text, value) is held


_WORDS = st.lists(
    st.sampled_from(
        [
            "depot",
            "rocket",
            "council",
            "river",
            "bridge",
            "north",
            "burn",
            "open",
            "talk",
            "grain",
            "port",
            "six",
        ]
    ),
    max_size=12,
).map(" ".join)


@given(_WORDS, st.lists(_WORDS, max_size=12))
def test_the_index_finds_what_a_look_at_each_finds(text: str, texts: list[str]) -> None:
    near = [n for n, one in enumerate(texts) if nearly_one(text, one) or is_copy(text, one)]
    assert Texts(texts).near(text) == near


@given(_WORDS, _WORDS)
def test_nearness_has_no_direction(one: str, other: str) -> None:
    assert nearly_one(one, other) == nearly_one(other, one)
    assert is_copy(one, other) == is_copy(other, one)
    assert 0.0 <= overlap(one, other) == overlap(other, one) <= 1.0


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(old: str, new: str) -> None:
    between(old, new)
    assert between(old, old) is None
