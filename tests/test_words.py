"""Words, stems and lengths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text.words import (
    content_stems,
    is_function_word,
    is_possessive,
    reading_minutes,
    stem,
    trim,
    word_count,
    words,
)


@pytest.mark.parametrize(
    "family",
    [
        "strike strikes striking struck",
        "allow allows allowed allowing",
        "decide decides decided deciding",
        "authorise authorize authorised authorizing",
        "recognise recognized",
        "organisation organizations",
        "plan plans planned planning",
        "travel travelled traveled travelling",
        "country countries",
        "ally allies allied allies'",
        "Russia Russian Russians Russia’s Russia's",
        "Ukraine Ukrainian Ukrainians Ukraine’s",
        "France French",
        "defence defense",
        "programme program programs",
        "kilometre kilometer kilometres km",
        "missile missiles missile’s",
        "try tried tries trying",
        "lie lying lain",
        "argue argued arguing",
        "agree agreed agreeing",
        "use used using uses",
        "woman women",
        "Zelensky Zelenskyy Zelenskiy",
    ],
)
def test_forms_of_a_word_share_a_stem(family: str) -> None:
    assert len({stem(w) for w in family.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("US", "us"),
        ("decide", "decision"),
        ("organ", "organisation"),
        ("general", "generate"),
        ("universe", "university"),
        ("Polish", "polish"),
        ("Kyiv", "Ukraine"),
        ("may", "might"),
        ("find", "fund"),
        ("rise", "raise"),
        ("Iran", "Iraq"),
        ("Austria", "Australia"),
        ("thing", "the"),
        ("news", "new"),
        ("advise", "advice"),
        ("price", "prize"),
    ],
)
def test_different_words_have_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_names_of_states_are_one_word_and_share_a_stem_with_their_short_forms() -> None:
    found = words("The United States’ allies in the European Union and the United Nations")
    assert [w.text for w in found if w.text[0].isupper()] == [
        "The",
        "United States’",
        "European Union",
        "United Nations",
    ]
    assert stem("United States") == stem("U.S.") == stem("US") == stem("USA") == stem("US's")
    assert stem("European Union") == stem("EU")
    assert stem("U.S.") != stem("American")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("U.S.-supplied 10,000", ["U.S.", "supplied", "10,000"]),
        ("1.5bn at 11:30 p.m.", ["1.5", "bn", "at", "11:30", "p.m."]),
        ("O’Hanlon’s F-16s", ["O’Hanlon’s", "F", "16s"]),
        ("“red line.”", ["red", "line"]),
        ("the allies' plan", ["the", "allies'", "plan"]),
        ("", []),
        ("— … ()", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert [w.text for w in words(text)] == expected


@given(st.text(max_size=200))
def test_words_are_spans_in_order(text: str) -> None:
    at = 0
    for word in words(text):
        assert text[word.start : word.end] == word.text
        assert at <= word.start < word.end
        assert word.stem == stem(word.text)
        at = word.end


@given(st.text(max_size=30))
def test_stems_do_not_depend_on_what_was_asked_before(text: str) -> None:
    assert stem(text) == stem.__wrapped__(text)


def test_function_words_are_grammar_and_the_country_is_not() -> None:
    assert all(
        is_function_word(w) for w in ["the", "may", "not", "which", "between", "won't", "Although"]
    )
    assert not any(is_function_word(w) for w in ["US", "missile", "president", "Moscow", "said"])


def test_possessives_are_no_contractions() -> None:
    assert is_possessive("Russia’s")
    assert is_possessive("allies'")
    assert not is_possessive("it's")
    assert not is_possessive("missiles")


def test_content_stems_keep_order_and_repeats() -> None:
    assert content_stems("The strike struck Kyiv and Kyiv struck back") == [
        stem(w) for w in ["strike", "struck", "Kyiv", "Kyiv", "struck", "back"]
    ]


def test_lengths() -> None:
    assert word_count("Six U.S.-supplied missiles — and a few more.") == 7
    assert word_count("") == 0
    assert reading_minutes("word " * 460) == pytest.approx(2.0)


def test_trim_cuts_at_a_word_and_says_so() -> None:
    assert trim("one two three", 3) == "one two three"
    assert trim("one two, three", 2) == "one two…"
    assert trim("", 3) == ""
