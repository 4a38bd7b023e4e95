"""The permission ladder: who stands where, read off one sentence."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import pytest

from briefing.cli.eval import part
from briefing.news import Rung
from briefing.text.ladder import CLIMBING, LONGEST, stands

SMALL = Path(__file__).parent.parent / "evals" / "small"
ladder = part("ladder")
US, UK, FRANCE, GERMANY = "United States", "United Kingdom", "France", "Germany"


def rungs(text: str, *, before: str = "") -> set[tuple[str, str, Rung]]:
    return {(s.giver, s.weapon, s.rung) for s in stands(text, before=before)}


# -- each rung -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kyiv asked Washington to let it fire ATACMS into Russia.", (US, "ATACMS", "asked")),
        ("Biden may allow ATACMS strikes inside Russia.", (US, "ATACMS", "considered")),
        ("Biden has allowed Ukraine to use ATACMS.", (US, "ATACMS", "reported")),
        (
            "Britain has let Ukraine use Storm Shadow in Russia, a minister told a newspaper.",
            (UK, "Storm Shadow", "reported"),
        ),
        (
            "The Élysée said France had allowed SCALP strikes on Russian soil.",
            (FRANCE, "SCALP", "confirmed"),
        ),
        ("Ukraine fired ATACMS at the Bryansk region.", (US, "ATACMS", "used")),
        ("Moscow says Ukraine fired six ATACMS.", (US, "ATACMS", "used")),
        ("Scholz ruled out sending Taurus missiles.", (GERMANY, "Taurus", "refused")),
        (
            "Paris denied that it had allowed SCALP strikes in Russia.",
            (FRANCE, "SCALP", "denied"),
        ),
        (
            "The United States has allowed long-range missiles to be fired into Russia.",
            (US, "", "reported"),
        ),
    ],
)
def test_each_rung(text: str, expected: tuple[str, str, Rung]) -> None:
    assert rungs(text) == {expected}


def test_a_sentence_may_give_several() -> None:
    text = "While the US has allowed ATACMS strikes in Russia, Germany still refuses Taurus."
    assert rungs(text) == {(US, "ATACMS", "reported"), (GERMANY, "Taurus", "refused")}


def test_each_weapon_goes_to_its_own_giver_where_both_are_named() -> None:
    text = "Britain and France have cleared Storm Shadow and SCALP for strikes inside Russia."
    assert rungs(text) == {(UK, "Storm Shadow", "reported"), (FRANCE, "SCALP", "reported")}


def test_the_answer_outlives_the_question_and_the_deed_the_answer() -> None:
    assert rungs("Kyiv has asked for Taurus, but Scholz has refused.") == {
        (GERMANY, "Taurus", "refused")
    }
    assert rungs("Two days after Biden allowed it, Ukraine fired ATACMS at Bryansk.") == {
        (US, "ATACMS", "used")
    }


# -- who says so -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("speaker", "rung"),
    [
        ("The White House", "confirmed"),
        ("Jake Sullivan, the national security adviser,", "confirmed"),
        ("State Department spokesman Matthew Miller", "confirmed"),
        ("A US official", "reported"),
        ("Pentagon officials", "reported"),
        ("Former Pentagon spokesman John Kirby", "reported"),
        ("A senior White House official", "reported"),
        ("Republican Senator Lindsey Graham", "reported"),
        ("Zelenskyy", "reported"),
        ("Lavrov", "reported"),
        ("Starmer", "reported"),
        ("The Meridian Times", "reported"),
    ],
)
def test_only_the_giver_s_own_put_it_on_record(speaker: str, rung: Rung) -> None:
    told = f"{speaker} said that Biden had allowed Ukraine to use ATACMS inside Russia."
    assert rungs(told) == {(US, "ATACMS", rung)}


@pytest.mark.parametrize(
    "text",
    [
        "The White House would not confirm that Biden had allowed ATACMS strikes in Russia.",
        "The White House has not said whether ATACMS strikes in Russia had been allowed.",
        "It is unclear whether Washington has allowed ATACMS strikes in Russia.",
        "Moscow accused Washington of allowing ATACMS strikes in Russia.",
        "Kyiv hopes that Washington will allow ATACMS strikes in Russia.",
    ],
)
def test_what_is_withheld_feared_or_hoped_gives_nothing(text: str) -> None:
    assert rungs(text) == set()


def test_an_attribution_around_another_never_adds_to_it() -> None:
    text = (
        "The White House had told allies that Kyiv may now fire ATACMS into Russia, a source said."
    )
    assert rungs(text) <= {(US, "ATACMS", "reported")}


# -- what gives nothing ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Putin warned against allowing Ukraine to use ATACMS inside Russia.",
        "Critics urged Biden to refuse permission for ATACMS strikes inside Russia.",
        "Lawmakers urged Biden to allow ATACMS strikes inside Russia.",
        "Allowing ATACMS strikes inside Russia would be a mistake, the senator said.",
        "If Biden allows ATACMS strikes inside Russia, Moscow will respond.",
        "Has Biden allowed ATACMS strikes inside Russia?",
        "Washington had long refused to let Ukraine use ATACMS inside Russia.",
        "Until now the US had refused to let Kyiv use ATACMS inside Russia.",
        "Washington has not yet allowed ATACMS strikes inside Russia.",
        "Washington will send Ukraine more ATACMS.",
        "The United States approved the sale of ATACMS to Estonia.",
        "Biden allowed the transfer of landmines to Ukraine.",
        "Biden approved $600 million in aid including shells and ATACMS.",
        "Washington allowed Ukraine to use HIMARS near Kharkiv.",
        "Washington allowed Ukraine to use ATACMS only on its own territory.",
        "The US let Israel use its bombs, while ATACMS for Ukraine were delayed.",
        "Italy has allowed Ukraine to use Storm Shadow inside Russia.",
        "Ukraine fired ATACMS at an airfield in occupied Crimea.",
        "Ukraine may have fired ATACMS into the Bryansk region.",
        "Ukraine reportedly fired Storm Shadow missiles into Kursk.",
        "Ukraine has not confirmed that it fired ATACMS into Russia.",
        "Ukraine neither confirmed nor denied firing ATACMS into Russia.",
        "Ukraine plans to fire ATACMS into Russia.",
        "Russia destroyed two ATACMS launchers near Kursk.",
        "Ukraine hit an oil depot in Rostov with drones of greater range than ATACMS.",
        "Germany has supplied Taurus missiles to Spain.",
    ],
)
def test_hard_negatives(text: str) -> None:
    assert rungs(text) == set()


# -- the sentence before ---------------------------------------------------------------------------

ALLOWED = "Biden has allowed Ukraine to use ATACMS inside Russia, media reported."


def test_a_confirmation_of_what_was_just_said() -> None:
    assert rungs("The Pentagon confirmed it.", before=ALLOWED) == {(US, "ATACMS", "confirmed")}
    assert rungs("The decision was confirmed by the White House.", before=ALLOWED) == {
        (US, "ATACMS", "confirmed")
    }


@pytest.mark.parametrize(
    "text",
    [
        "The Pentagon confirmed it.",  # with nothing before
        "A source confirmed it.",
        "Downing Street confirmed it.",
        "The Pentagon has not confirmed it.",
        "He spoke of the harvest.",
    ],
)
def test_nobody_else_confirms_it(text: str) -> None:
    before = "" if text == "The Pentagon confirmed it." else ALLOWED
    assert rungs(text, before=before) == set()


def test_a_refusal_whose_matter_stands_before() -> None:
    before = "Chancellor Scholz was asked about sending Taurus missiles."
    assert rungs("He has ruled it out again.", before=before) == {(GERMANY, "Taurus", "refused")}
    assert rungs("He has ruled it out again.") == set()


# -- any text --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " ", "ATACMS", "“”", "ATACMS " * 5000, "Biden\n\nallowed"])
def test_any_text_is_read(text: str) -> None:
    assert stands(text) == ()


def test_a_page_run_together_is_not_read() -> None:
    sentence = "Biden has allowed Ukraine to use ATACMS inside Russia. "
    assert stands(sentence * (LONGEST // len(sentence) + 1)) == ()


# -- the labelled set ------------------------------------------------------------------------------


def test_the_labelled_set_is_whole() -> None:
    losses = part("reading").Losses()
    found = ladder.examples(SMALL, losses)
    assert not losses.said
    assert len({example.id for example in found}) == len(found)
    assert len({(example.text, example.before) for example in found}) == len(found)
    held = [example for example in found if example.held_out]
    assert len(held) >= 50
    counted = Counter(stand.rung for example in held for stand in example.stands)
    assert set(counted) == {*CLIMBING, "refused", "denied"}
    assert sum(not example.stands for example in held) >= 50


def test_the_eval_counts_what_is_above_and_what_is_wrong(tmp_path: Path) -> None:
    rows = [
        {"id": "1h", "text": "Biden has allowed Ukraine to use ATACMS.", "stands": [
            {"giver": US, "weapon": "ATACMS", "rung": "considered"}]},
        {"id": "2h", "text": "Scholz ruled out Taurus.", "stands": [
            {"giver": GERMANY, "weapon": "Taurus", "rung": "refused"}]},
        {"id": "3", "text": "Nothing is said.", "stands": []},
    ]  # fmt: skip
    (tmp_path / "ladder").mkdir()
    lines = [
        *(json.dumps(row) for row in rows),
        '{"id": "4h"}',
        '{"id": 5, "text": "x", "stands": [1]}',
    ]
    (tmp_path / "ladder" / "one.jsonl").write_text("\n".join(lines))
    found = ladder.figures(tmp_path, ladder_options(), lambda *_: None)
    assert (found["sentences"], found["exact"], found["rung"], found["above"]) == (2, 0.5, 0.5, 1)
    assert found["giver"] == found["weapon"] == 1.0
    assert found["tuned"]["exact"] == 1.0
    assert found["left_out_rows"] == 2


def ladder_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    ladder.options(parser)
    return parser.parse_args([])


def test_the_rules_hold_their_figures() -> None:
    found = ladder.figures(SMALL, ladder_options(), lambda *_: None)
    assert found["exact"] >= 0.9
    assert found["above"] == 0
    assert found["tuned"]["exact"] >= 0.97
    assert found["tuned"]["above"] == 0
