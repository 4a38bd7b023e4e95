"""The normal form of sentences of our own invention."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.news import Statement
from briefing.text.statements import armed, explains, statement
from briefing.text.values import close, comparable, values

PUBLISHED = date(2024, 11, 20)  # a Wednesday


def read(text: str) -> Statement:
    return statement(text, published=PUBLISHED)


@pytest.mark.parametrize(
    ("text", "actor", "act"),
    [
        ("Norland may allow Ukraine to fire its rockets into Russia.", "", "permit"),
        ("Britain let Kyiv use Storm Shadow against depots.", "united kingdom", "permit"),
        ("Paris has approved the use of SCALP missiles.", "france", "permit"),
        ("Germany’s Scholz again rules out sending Taurus missiles.", "germany", "refuse"),
        ("Berlin says no to Taurus for Kyiv", "germany", "refuse"),
        ("Russia has no plans to fire a test missile.", "russia", "strike"),
        ("Russian missile strike kills nine in Sumy", "russia", "strike"),
        ("Air defence downs Russian drones over Odesa", "", "defend"),
        ("Putin signs new nuclear doctrine as Ukraine fires US missiles", "russia", "decree"),
        ("Ukraine strikes Kursk after US lifts missile ban", "ukraine", "strike"),
        ("Approval of missiles for Kyiv", "", "permit"),
        ("US embassy in Kyiv reopens after closing over a threat", "united states", "reopen"),
        ("Biden Allows Ukraine To Use Long-Range Missiles", "united states", "permit"),
        ("Missiles were fired by Ukraine at a base in Kursk.", "ukraine", "strike"),
        ("Ukraine could be allowed to use British missiles", "", "permit"),
        ("Ukraine allowed to use long-range missiles inside Russia", "", "permit"),
        ("Kremlin denies sending troops to Kursk", "russia", "supply"),
        ("Russia says it shot down five missiles", "russia", "defend"),
        ("Zelensky accuses Russia of firing a missile at Dnipro", "russia", "strike"),
        ("Poland’s prime minister says the decision was right", "poland", "say"),
    ],
)
def test_who_does_what(text: str, actor: str, act: str) -> None:
    found = read(text)
    assert found.act == act
    if actor:
        assert found.actor == actor


def test_of_a_passive_nobody_acts_and_the_one_it_is_done_to_is_the_object() -> None:
    found = read("Ukraine has been allowed to use Storm Shadow inside Russia.")
    assert (found.actor, found.object) == ("", "ukraine")


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Ukraine fired rockets at a depot, the Russian defence ministry said.", "russia"),
        ("Ukraine fired rockets at a depot on Tuesday, Moscow says", "russia"),
        ("The depot burned for a day, according to the Pentagon.", "united states"),
        ("According to the Pentagon, the depot burned for a day.", "united states"),
        ("The Kremlin said the depot was empty.", "russia"),
        ("“We will answer,” Peskov said.", "russia"),
        ("If the missiles are used, Russia will respond, Putin warns", "russia"),
        ("Two died at the depot, the governor, Ivo Marsk, wrote on Telegram.", "marsk"),
        ("Depot hit for a second time – reports", "report"),
        ("The strike was confirmed by the Pentagon.", "united states"),
        ("The United States will not allow Ukraine to fire ATACMS.", ""),
        ("Kyiv has not yet used Storm Shadow inside Russia.", ""),
        ("Russia rejects the peace plan", ""),
        ("A report on the depot is due", ""),
    ],
)
def test_who_says_so(text: str, speaker: str) -> None:
    assert read(text).speaker == speaker


def test_an_attribution_means_the_same_at_either_end() -> None:
    ahead = read("According to two officials, Britain has let Ukraine fire Storm Shadow at Kursk.")
    behind = read("Britain has let Ukraine fire Storm Shadow at Kursk, according to two officials.")
    assert (ahead.actor, ahead.act, ahead.speaker) == (behind.actor, behind.act, behind.speaker)
    assert ahead.speaker == "official"


@pytest.mark.parametrize(
    ("text", "confirms", "denies"),
    [
        ("The Pentagon confirmed that Ukraine had fired rockets.", True, False),
        ("The Pentagon acknowledged the strike.", True, False),
        ("The strike was confirmed by the Pentagon.", True, False),
        ("The Kremlin denied that it had lost the depot.", False, True),
        ("Moscow rejects claims that its missile hit a clinic", False, True),
        ("Moscow dismissed the reports as invented.", False, True),
        ("Moscow rejects the peace plan", False, False),
        ("The Kremlin said the depot was empty.", False, False),
    ],
)
def test_confirmed_and_denied(text: str, confirms: bool, denies: bool) -> None:
    found = read(text)
    assert (found.confirms, found.denies) == (confirms, denies)


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Britain has allowed Ukraine to fire Storm Shadow.", "fact"),
        ("Britain may allow Ukraine to fire Storm Shadow.", "may"),
        ("Britain is considering a change.", "may"),
        ("Britain will allow Ukraine to fire Storm Shadow.", "planned"),
        ("Britain has not allowed Ukraine to fire Storm Shadow.", "not"),
        ("Britain won’t allow Ukraine to fire Storm Shadow.", "not"),
        ("Scholz rules out Taurus for Kyiv", "not"),
        ("If Britain agrees, Ukraine will fire Storm Shadow.", "if"),
        ("Even if Britain agrees, little will change", "if"),
        ("Ukraine fires rockets after Britain refused to help", "fact"),
    ],
)
def test_how_it_is_said(text: str, modality: str) -> None:
    assert read(text).modality == modality


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("A missile hit a clinic in Dnipro on Monday.", ("dnipro",)),
        ("Ukraine strikes Taganrog for the second time", ("taganrog",)),
        ("A depot in the Tver region is burning.", ("tver",)),
        ("Nine people died when a missile hit Odesa", ("odesa",)),
        ("Missiles rain on Kyiv", ("kyiv",)),
        ("Kyiv wants more missiles", ()),
        ("The governor wrote on Telegram that all was well.", ()),
        ("The ministers met on Monday.", ()),
        ("Missile Strike Kills Nine in Sumy", ("sumy",)),
        ("Russian Strike Kills Two in Northeast Ukraine’s Sumy", ("sumy",)),
        ("Biden Changes Course In Major Shift Of Policy", ()),
    ],
)
def test_where(text: str, places: tuple[str, ...]) -> None:
    assert read(text).places == places


@pytest.mark.parametrize(
    ("text", "meaning", "low", "high", "written"),
    [
        ("At least nine people were killed in Sumy.", "killed", 9, 9, "At least nine people"),
        ("Missile kills 11 in Sumy", "killed", 11, 11, "11"),
        ("The toll of the strike has risen to ten.", "killed", 10, 10, "ten"),
        ("Nine people, including two children, were killed.", "killed", 9, 9, "Nine people"),
        ("Strike killed two and wounded 13 people", "wounded", 13, 13, "13 people"),
        ("Between five and seven people died.", "killed", 5, 7, "five and seven people"),
        ("A missile with a range of up to 300 km", "distance", 300, 300, "up to 300 km"),
        ("Aid of at least $275 million", "money", 275e6, 275e6, "at least $275 million"),
        ("Some 10,000 troops are on their way", "soldiers", 10_000, 10_000, "Some 10,000 troops"),
        ("Ukraine fired six ATACMS", "atacm", 6, 6, "six"),
    ],
)
def test_what_is_counted(text: str, meaning: str, low: float, high: float, written: str) -> None:
    found = next(v for v in values(text) if v.meaning == meaning)
    assert (found.low, found.high) == (low, high)
    assert found.text in text
    assert found.text.startswith(written.split(" troops")[0])


@pytest.mark.parametrize(
    "text",
    ["A boy of 14 years", "a 14-year-old boy", "1,000 days of war", "on day 1,001 of the war",
     "On 19 November 2024", "COP29 ends", "an F-16", "for 30 months"],
)  # fmt: skip
def test_ages_durations_dates_and_names_are_no_counts(text: str) -> None:
    assert values(text) == ()


def _one(text: str) -> object:
    return values(text)[0]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("At least nine people were killed", "Nine people were killed", True),
        ("Nine people were killed", "Ten people were killed", False),
        ("100 drones came", "104 drones came", False),
        ("Nearly 200 drones came", "188 drones came", True),
        ("a range of 300 km", "a range of 190 miles", True),
        ("a range of 300 km", "a range of 300 miles", False),
    ],
)
def test_values_that_may_be_one(one: str, other: str, same: bool) -> None:
    a, b = values(one)[0], values(other)[0]
    assert comparable(a, b)
    assert close(a, b) is close(b, a) is same


def test_dates_are_resolved_from_the_day_of_publication() -> None:
    text = "A depot that was hit on Tuesday burned again on 18 November, and yesterday."
    assert set(read(text).dates) == {date(2024, 11, 19), date(2024, 11, 18)}
    assert statement("A depot was hit on Tuesday.").dates == ()
    assert read("The war began in February 2022.").dates == ()


def test_what_is_said_on_a_day_is_not_still_to_come() -> None:
    text = "The ministry will send 40 trucks, officials said Tuesday."
    assert read(text).dates == (date(2024, 11, 19),)


def test_weapons_go_by_their_usual_names() -> None:
    assert armed("Atacms, SCALP-EG and two Tauruses; later ATACMS again") == (
        "ATACMS", "SCALP", "Taurus",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What to know about ATACMS", True),
        ("Why Berlin hesitates", True),
        ("Will Scholz send Taurus?", True),
        ("Long-range missiles, explained", True),
        ("Berlin hesitates", False),
        ("Scholz says how it will be done", False),
    ],
)
def test_explainers_and_questions(text: str, expected: bool) -> None:
    assert explains(text) is expected


def test_quoted_verbs_are_not_the_act() -> None:
    found = read("Ukraine fired “more rockets than they ever refused us” at a depot.")
    assert (found.actor, found.act) == ("ukraine", "strike")


@pytest.mark.parametrize(
    "text",
    ["", " ", "“", "…", "Путин подписал указ", "防空警報がキーウで鳴った。", "🚀" * 50, "a" * 5000],
)
def test_nothing_to_read_is_an_empty_statement(text: str) -> None:
    found = read(text)
    assert (found.act, found.stands, found.values, found.dates) == ("", (), (), ())


def test_other_scripts_and_accents_are_read_where_they_can_be() -> None:
    assert read("L’Élysée confirme : SCALP livrés à Kyïv").actor == "france"


def test_a_very_long_text_is_read_up_to_a_bound() -> None:
    long = "Ukraine fired six rockets at a depot. " + "and so on " * 20_000
    assert read(long).act == "strike"


@given(st.text(max_size=300))
def test_any_text_has_a_normal_form(text: str) -> None:
    found = statement(text, published=PUBLISHED)
    assert found == statement(text, published=PUBLISHED)
    assert all(value.low <= value.high and value.text in text for value in found.values)
    assert found.modality in ("fact", "may", "planned", "if", "not")
