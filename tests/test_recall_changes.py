"""Invented days: what changed, from what to what, and what only seems to."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_days import Memory

from briefing.news import Recalled

GOVERNOR = "when a missile struck Sumy on Monday, the governor said."
SUMY = ("sumy", "Missile strike hits Sumy", f"Two people were killed {GOVERNOR}")
LEAVE = "Britain {} Ukraine to use Storm Shadow missiles inside Russia, officials said."
HEAD = "Britain and the Storm Shadow missiles of Ukraine"


def then(old: str, new: str, *, matter: str = "leave", head: str = HEAD) -> Recalled:
    """What ``new`` is on the day after ``old``."""
    memory = Memory()
    memory.tell(0, (matter, head, old))
    return memory.tell(1, (matter, head, new)).of(new)


def short(one: Recalled) -> tuple[str, str, str, str]:
    return one.kind, one.what, one.before, one.after


def test_a_toll_rises_and_is_not_told_twice() -> None:
    memory = Memory()
    memory.tell(0, SUMY)
    eight = f"At least eight people were killed {GOVERNOR}"
    found = memory.tell(1, (*SUMY[:2], eight)).of(eight)
    assert short(found) == ("UPDATED", "figure", "Two people", "At least eight people")
    assert found.old is not None
    assert found.old.text == SUMY[2]
    nine = "The toll of the missile strike on Sumy has risen to nine."
    found = memory.tell(2, (*SUMY[:2], nine)).of(nine)
    assert short(found) == ("UPDATED", "figure", "At least eight people", "nine")
    for number, known in enumerate((eight, SUMY[2], nine, f"Eight people were killed {GOVERNOR}")):
        day = memory.tell(3 + number, (*SUMY[:2], known))
        assert day.kinds == ["REPEATED"], known
        assert day.threads == {found.thread}


def test_a_toll_in_the_headline_counts_where_the_sentence_is_new() -> None:
    memory = Memory()
    first = memory.tell(0, ("sumy", "Missile strike kills two in Sumy", SUMY[2]))
    news = "Two brothers of nine and fourteen years are mourned by their school."
    found = memory.tell(1, ("sumy", "Missile strike kills 11 in Sumy", news)).of(news)
    assert short(found) == ("UPDATED", "figure", "two", "11")
    assert {found.thread} == first.threads
    again = memory.tell(2, ("sumy", "Missile strike kills 11 in Sumy", news))
    assert again.kinds == ["REPEATED"]


@pytest.mark.parametrize(
    ("old", "new", "what", "before", "after"),
    [
        ("may allow", "has allowed", ("modality", "rung"), "may allow", "has allowed"),
        ("will allow", "may allow", ("modality",), "will allow", "may allow"),
        ("has allowed", "has refused to allow", ("opposite",), "has allowed", "has refused"),
        ("has refused to allow", "has allowed", ("opposite",), "has refused", "has allowed"),
        ("has allowed", "has not allowed", ("opposite",), "has allowed", "has not"),
    ],
)
def test_the_verb_of_permission(
    old: str, new: str, what: tuple[str, ...], before: str, after: str
) -> None:
    found = then(LEAVE.format(old), LEAVE.format(new))
    assert found.kind in ("UPDATED", "CONTRADICTED")
    assert found.what in what
    assert (found.before, found.after) == (before, after)


@pytest.mark.parametrize(
    ("old", "new", "what", "before", "after"),
    [
        ("Storm Shadow", "Taurus", "weapon", "Storm Shadow", "Taurus"),
        ("Britain", "France", "giver", "Britain", "France"),
        ("officials said", "officials said Monday", "", "", ""),
    ],
)
def test_another_weapon_or_giver(old: str, new: str, what: str, before: str, after: str) -> None:
    told = LEAVE.format("has allowed")
    found = then(told, told.replace(old, new))
    assert short(found) == ("UPDATED" if what else "REPEATED", what, before, after)


def test_another_day() -> None:
    told = "Putin signed the new doctrine of the armed forces on Sunday, the Kremlin said."
    found = then(told, told.replace("Sunday", "Friday"), matter="doctrine", head="Doctrine signed")
    assert short(found) == ("UPDATED", "date", "Sunday", "Friday")


def test_a_rung_is_shown_by_words_of_both_sentences() -> None:
    old = "The White House is considering whether Ukraine may use ATACMS inside Russia."
    new = "Biden has authorised the use of ATACMS against targets inside Russia, aides say."
    found = then(old, new, head="ATACMS, Washington and Kyiv: the long debate")
    assert (found.kind, found.what) == ("UPDATED", "rung")
    assert found.before
    assert found.before in old
    assert found.after
    assert found.after in new


def test_an_older_and_lower_rung_is_no_change() -> None:
    memory = Memory()
    head = "ATACMS, Washington and Kyiv: the long debate"
    told = "Biden has authorised the use of ATACMS against targets inside Russia, aides say."
    back = "Kyiv had asked the White House for months to let it fire ATACMS into Russia."
    memory.tell(0, ("leave", head, told))
    assert memory.tell(1, ("leave", head, back)).of(back).kind in ("NEW", "REPEATED")


def test_a_confirmation_by_a_new_voice_is_told_once() -> None:
    memory = Memory()
    head = "Six ATACMS fly at a depot near Kursk"
    told = "Ukraine fired six ATACMS at a depot near Kursk, Russian officials said."
    memory.tell(0, ("kursk", head, told))
    new = "The Pentagon confirmed that Ukraine fired six ATACMS at a depot near Kursk."
    found = memory.tell(1, ("kursk", head, new)).of(new)
    assert short(found) == ("UPDATED", "source", "", "Pentagon")
    again = "The Pentagon has confirmed that Ukraine fired six ATACMS at the depot near Kursk."
    assert memory.tell(2, ("kursk", head, again)).of(again).kind == "REPEATED"
    other = "The White House acknowledged that Ukraine fired six ATACMS at a depot near Kursk."
    assert memory.tell(3, ("kursk", head, other)).of(other).kind == "REPEATED"


def test_a_denial_contradicts_once() -> None:
    told = LEAVE.format("has allowed")
    memory = Memory()
    memory.tell(0, ("leave", HEAD, told))
    new = "The Kremlin denied that " + told.replace(", officials said", "")
    found = memory.tell(1, ("leave", HEAD, new)).of(new)
    assert (found.kind, found.what) == ("CONTRADICTED", "denial")
    assert found.old is not None
    assert found.old.text == told
    again = new.replace("The Kremlin denied", "Moscow denied again")
    assert memory.tell(2, ("leave", HEAD, again)).of(again).kind == "REPEATED"


@pytest.mark.parametrize(
    "head",
    ["What to know about the missiles of Britain", "Why does Britain let Ukraine fire missiles?",
     "Even if Britain agrees, Ukraine has few missiles"],
)  # fmt: skip
def test_explainers_questions_and_conditions_change_nothing(head: str) -> None:
    memory = Memory()
    memory.tell(0, ("leave", HEAD, LEAVE.format("has allowed")))
    text = "Ministers have long weighed the step, and it may take weeks before a rocket flies."
    assert memory.tell(1, ("leave", head, text)).of(text).kind in ("NEW", "REPEATED")


def test_a_careful_telling_of_the_same_day_is_no_change() -> None:
    old = "Biden allows Ukraine to fire rockets at depots near Kursk, papers write."
    new = "Biden will allow Ukraine to fire rockets at depots near Kursk, papers write."
    assert then(old, new).kind == "REPEATED"


def test_a_change_names_the_claim_that_stood_last() -> None:
    memory = Memory()
    for number, verb in enumerate(("may allow", "has allowed")):
        memory.tell(number, ("leave", HEAD, LEAVE.format(verb)))
    new = LEAVE.format("has refused to allow")
    found = memory.tell(2, ("leave", HEAD, new)).of(new)
    assert found.old is not None
    assert found.old.text == LEAVE.format("has allowed")


# -- whatever the words ----------------------------------------------------------------------------

_FILL = ["over the river", "before dawn", "near the old port", "with two drones", "from the sea",
         "in heavy rain", "after a long quiet week", "behind the front"]  # fmt: skip
_ARMS = ["ATACMS", "Storm Shadow", "SCALP", "Taurus", "Oreshnik", "Kinzhal"]
_GIVERS = ["Britain", "France", "Germany", "Washington", "Poland"]


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, str, str]:
    """A sentence, the same with one thing changed, and what that is."""
    number, other = draw(st.lists(st.integers(2, 40), min_size=2, max_size=2, unique=True))
    arm, other_arm = draw(st.lists(st.sampled_from(_ARMS), min_size=2, max_size=2, unique=True))
    who, other_who = draw(st.lists(st.sampled_from(_GIVERS), min_size=2, max_size=2, unique=True))
    fill = " ".join(draw(st.lists(st.sampled_from(_FILL), min_size=1, max_size=3, unique=True)))
    text = f"{who} let Ukraine fire {number} {arm} missiles at a depot {fill}, aides said."
    what = draw(st.sampled_from(("figure", "weapon", "giver")))
    old, new = {
        "figure": (f"fire {number} ", f"fire {other} "),
        "weapon": (arm, other_arm),
        "giver": (f"{who} let", f"{other_who} let"),
    }[what]
    return text, text.replace(old, new, 1), what


@settings(max_examples=60, deadline=None)
@given(sentences(), st.booleans())
def test_one_thing_changed_in_a_copy_is_never_repeated(
    case: tuple[str, str, str], with_others: bool
) -> None:
    old, new, what = case
    memory = Memory()
    head = "A depot burns and nobody says whose rockets fell on it"
    stories = [("depot", head, old)]
    if with_others:
        stories.append(("depot", head, "Ukraine fired missiles at a depot, aides said."))
    memory.tell(0, *stories)
    found = memory.tell(1, ("depot", head, new)).of(new)
    assert (found.kind, found.what) == ("UPDATED", what)
    assert found.before in old
    assert found.after in new


_STORY = st.tuples(
    st.sampled_from(["one", "two", "three"]),
    st.text("abc DEF.,“”'?!0123", min_size=1, max_size=30).filter(lambda t: t.strip()),
    st.text("Ukraine fires 2 or 30 missiles, Kyiv said.", min_size=1, max_size=60).filter(
        lambda t: t.strip()
    ),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(_STORY, sentences().map(lambda s: ("four", "Depot", s[0]))), max_size=5))
def test_a_day_fed_again_is_quiet_and_every_fact_has_a_kind(
    stories: list[tuple[str, str, str]],
) -> None:
    memory = Memory()
    first = memory.tell(0, *stories)
    again = memory.tell(1, *stories)
    assert set(first.kinds) <= {"NEW"}
    assert set(again.kinds) <= {"REPEATED"}
    for day in (first, again):
        facts = {fact.id for one in day.developments for fact in one.facts}
        assert set(day.recalled) == facts
        assert all(re.fullmatch(r"[0-9a-f]{16}", one.claim) for one in day.recalled.values())


def test_who_said_so_brings_no_news_by_confirming_it() -> None:
    said = "Putin says Russia fired a new missile at Velmar."
    confirms = "Putin confirms Russia fired a new missile at the city of Velmar."
    assert then(said, confirms, matter="velmar", head="New missile on Velmar").kind == "REPEATED"


def test_who_said_that_it_will_be_may_confirm_that_it_is() -> None:
    will = "Washington says it will allow Ukraine to use long-range missiles inside Russia."
    confirms = "Washington confirms it has allowed Ukraine to use long-range missiles in Russia."
    assert then(will, confirms).kind == "UPDATED"


STOCK = ("stock", "The new missile of Russia and its stock")
FEW = "A US official said Russia has only a handful of the new missiles."
FIRED = "Putin: Russia fired the new missiles at Velmar"
CONTESTED = "Putin contested US claims that Russia has only a handful of the new missiles."


def test_a_denial_is_of_the_one_whose_claims_it_names() -> None:
    memory = Memory()
    memory.tell(0, (*STOCK, FEW))
    found = memory.tell(1, (*STOCK, CONTESTED)).of(CONTESTED)
    assert found.kind == "CONTRADICTED"
    assert found.old is not None
    assert found.old.text == FEW


def test_nobody_contradicts_what_he_said_himself_of_another_matter() -> None:
    memory = Memory()
    memory.tell(0, (*STOCK, FIRED))
    assert memory.tell(1, (*STOCK, CONTESTED)).of(CONTESTED).kind != "CONTRADICTED"
