"""Other versions of a sentence: what plain words and a speaker in front may change, what not."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.text.attribution import fronted
from briefing.text.quotes import quotations
from briefing.text.rewording import plain, versions

CASES = Path(__file__).parent / "cases" / "rewording"


class Case(NamedTuple):
    text: str
    told: str  # the version that is made of it; ``text`` itself where none is


def _lines(name: str) -> list[str]:
    return [
        line
        for line in (CASES / name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]


def _cases(name: str) -> list[Case]:
    found: list[Case] = []
    lines = _lines(name)
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("> "):
            assert after.startswith("= "), line
            found.append(Case(line[2:], after[2:]))
        elif line.startswith("! "):
            found.append(Case(line[2:], line[2:]))
        else:
            assert line.startswith("= "), line
    return found


PLAIN, FRONTED = _cases("plain.txt"), _cases("fronted.txt")
CHANGED = [case for case in (*PLAIN, *FRONTED) if case.text != case.told]
KEPT = [case for case in (*PLAIN, *FRONTED) if case.text == case.told]


@pytest.mark.parametrize("case", PLAIN, ids=lambda c: c.text[:60])
def test_roundabout_words_are_made_plain_where_that_changes_nothing(case: Case) -> None:
    assert plain(case.text) == case.told


@pytest.mark.parametrize("case", FRONTED, ids=lambda c: c.text[:60])
def test_the_speaker_goes_first_where_it_is_clear_who_says_what(case: Case) -> None:
    assert (fronted(case.text) or case.text) == case.told


@pytest.mark.parametrize("case", CHANGED, ids=lambda c: c.text[:60])
def test_the_plainest_version_comes_first_and_the_text_itself_last(case: Case) -> None:
    found = versions(case.text)
    assert found[-1] == case.text
    assert case.told in found[:-1]
    assert found[0] == plain(fronted(case.text) or case.text)


@pytest.mark.parametrize("case", KEPT, ids=lambda c: c.text[:60])
def test_what_must_stay_has_no_other_version(case: Case) -> None:
    """Neither by the rule that it is a case of nor by another one."""
    assert versions(case.text) == (case.text,)


def test_the_cases_are_many_enough_to_mean_something() -> None:
    assert len(PLAIN) + len(FRONTED) >= 200
    assert len(KEPT) >= 120


FAULTS = list(zip(_lines("faults.txt")[::2], _lines("faults.txt")[1::2], strict=True))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f[0][2:62])
def test_a_version_that_says_something_else_is_not_made(fault: tuple[str, str]) -> None:
    text, wrong = fault
    assert (text[:2], wrong[:2]) == ("- ", "> ")
    assert wrong[2:] not in versions(text[2:])


# Not of "authorised Kyiv to fire", which becomes "allowed Kyiv to fire" and in a second pass "let
# Kyiv fire": the rule stands after the one that it needs.
ONCE = [case for case in CHANGED if "uthori" not in case.text]


@pytest.mark.parametrize("case", ONCE, ids=lambda c: c.text[:60])
def test_a_plain_version_has_no_plainer_one(case: Case) -> None:
    first = versions(case.text)[0]
    assert versions(first) == (first,)


QUOTED = [
    "The mayor said the pier would be “closed prior to May” for repairs.",
    "The mayor said “Norland allows Kyiv to fire” on Monday in Velmar.",
    "“President Joe Biden has signed a treaty,” the mayor of Velmar wrote.",
    'The mayor called it "the decision by Norland to sink us" on May 2.',
    "The sign “closed on May 2” was approximately 300 years old.",
]


@pytest.mark.parametrize("text", QUOTED)
def test_quoted_words_are_never_made_plain(text: str) -> None:
    quoted = [q.words for q in quotations(text)]
    assert quoted
    for version in versions(text):
        assert all(words in version for words in quoted), version


def test_a_quotation_that_is_told_as_reported_speech_loses_its_marks() -> None:
    text = "“President Joe Biden has signed a treaty,” the mayor of Velmar said."
    assert set(versions(text)) == {
        "The mayor of Velmar said Biden signed a treaty.",
        "The mayor of Velmar said President Joe Biden has signed a treaty.",
        text,
    }
    # Does not hold yet: where only the quotation has roundabout words, the text itself stands
    # second, and ``told_as`` takes the version after it for the text.
    # assert versions(text)[-1] == text


def test_words_beside_a_quotation_are_still_made_plain() -> None:
    assert plain(QUOTED[4]) == "The sign “closed on May 2” was about 300 years old."
    assert plain(QUOTED[3]).endswith("on 2 May.")


def test_a_speaker_in_front_and_plain_words_give_four_versions() -> None:
    text = "Norlinje’s ferry sank prior to the storm, two officials said."
    assert versions(text) == (
        "Two officials said Norlinje’s ferry sank before the storm.",
        "Norlinje’s ferry sank before the storm, two officials said.",
        "Two officials said Norlinje’s ferry sank prior to the storm.",
        text,
    )


def test_spaces_are_folded_before_anything_else() -> None:
    assert versions("  The pier closed\nprior to  May. ") == versions(
        "The pier closed prior to May."
    )
    assert versions("") == ("",)


# -- any text ----------------------------------------------------------------------------------

PIECES = [
    "the pier", "President Joe Biden", "has signed", "allowed Kyiv to fire", "prior to", "in May",
    "on November 19", "officials said", "“not in Velmar”", "according to Ada Brenn", "the decision",
    "by Norland to close", "stated that it", "inside Russian territory", "ahead of the summit",
    "with U.S.-made missiles", "and", "the use of mines by", "Norland",
    "the missile known as ATACMS", "said on Monday", "“", "”", '"', ",", ".", "not", "will",
    "gave Kyiv permission to fire",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_of_any_text_there_are_at_most_four_versions_and_it_is_the_last(text: str) -> None:
    found = versions(text)
    assert len(found) <= 4
    assert len(set(found)) == len(found)
    flat = " ".join(text.split())
    assert not flat or found[-1] == flat
    assert all(version == " ".join(version.split()) for version in found)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_of_any_text_quoted_words_stay(text: str) -> None:
    made = plain(text)
    kept = [q.words for q in quotations(text) if q.closed]
    assert all(words in made for words in kept)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_no_text_is_too_odd(text: str) -> None:
    assert len(versions(text)) <= 4
