"""Changes and corrections in the archive: both editions lead to each other, served and built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from browser import open_browser
from site_desk import (
    ARTICLES,
    DAY,
    FERRY,
    OUT,
    RAISE,
    REFUSED,
    SHIPS,
    Desk,
    ask,
    claim,
    digest,
    later,
    open_desk,
    renewed,
    running_desk,
)
from test_site_pages import Read, plain, shelved

from briefing.news import Change, Claim, Correction, Digest, Edition
from briefing.site import build
from briefing.stages import render
from briefing.stages.render import site
from briefing.stages.render.site import Entry, Issue, Masthead, Place
from briefing.text.lines import lines

BEFORE = DAY - timedelta(days=4)
OWN = claim(OUT.text, OUT, wording="quoted")
CORRECTION = Correction(Edition("harbour", BEFORE), "developments/2/1", OWN, "edited")
NEWS = claim("Fourteen ships wait outside.", SHIPS)


def correcting(day: date = DAY, *corrections: Correction, **other: Any) -> Digest:
    """An edition with an update and a correction of the one four days before its date."""
    was = claim("The port authority had refused to talk.", REFUSED)
    raised = claim("The port authority offered dock workers 4 percent.", RAISE, REFUSED)
    changes = (Change("NEW", NEWS), Change("UPDATED", raised, was, BEFORE))
    given: dict[str, Any] = {"previous": BEFORE, "changes": changes}
    given |= {"corrections": corrections or (CORRECTION,)}
    return digest(day, **(given | other))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


def page(desk: Desk, day: date, slot: str = "") -> Read:
    found = shelved(desk).edition(Edition("harbour", day, slot))
    assert found is not None
    return Read(found.body)


# -- the note ----------------------------------------------------------------------------------


def test_the_page_of_a_corrected_edition_says_so_and_leads_to_the_correction(desk: Desk) -> None:
    desk.put(digest(BEFORE), digest(BEFORE + timedelta(days=1)), correcting())
    old = page(desk, BEFORE)
    words = plain(old.words)
    assert "Corrected later" in words
    assert "edited by its publisher. Edition of 22 November" in words
    way = "../../2024-11-22/harbour/#corrections-1"
    # At the top, and behind each line that prints the sentence: bottom line and development.
    assert old.links.count(way) == 3
    assert words.count("corrected 22 November") == 2
    assert "#bottom-line-2" in old.links
    assert "corrections-1" in page(desk, DAY).ids
    between = page(desk, BEFORE + timedelta(days=1))
    assert "Corrected later" not in between.words


def test_the_correction_leads_to_the_sentence_that_it_corrects(desk: Desk) -> None:
    desk.put(digest(BEFORE), correcting())
    way = "../../2024-11-18/harbour/#developments-2-1"
    assert way in page(desk, DAY).links
    assert "developments-2-1" in page(desk, BEFORE).ids


def test_an_edition_that_is_not_in_the_archive_is_named_and_not_linked(desk: Desk) -> None:
    desk.put(correcting())
    read = page(desk, DAY)
    assert "Edition of 18 November" in read.words
    assert not [way for way in read.links if "2024-11-18" in way]


def test_nothing_else_of_a_corrected_edition_changes(desk: Desk) -> None:
    desk.put(digest(BEFORE))
    own = shelved(desk)
    edition = Edition("harbour", BEFORE)
    before = {name: own.file(edition, name) for name in ("digest.md", "digest.json")}
    before["evidence"] = own.file(edition, "evidence.json")
    desk.put(correcting())
    own = shelved(desk)
    after = {name: own.file(edition, name) for name in ("digest.md", "digest.json")}
    after["evidence"] = own.file(edition, "evidence.json")
    assert before == after


@pytest.mark.parametrize(
    "other",
    [
        {"sentence": claim("Another sentence.", OUT)},  # the old edition was made again
        {"sentence": replace(OWN, passages=(RAISE,))},
        {"edition": Edition("harbour", BEFORE - timedelta(days=1))},
        {"edition": Edition("harbour", BEFORE, "1700")},
    ],
)
def test_a_correction_of_something_else_is_no_note_here(desk: Desk, other: Any) -> None:
    desk.put(digest(BEFORE), correcting(DAY, replace(CORRECTION, **other)))
    assert "Corrected later" not in page(desk, BEFORE).words


def test_other_stories_earlier_editions_and_far_later_ones_are_not_asked(desk: Desk) -> None:
    desk.stories[FERRY.slug] = FERRY
    far = correcting(BEFORE + timedelta(days=31))
    ahead = correcting(BEFORE - timedelta(days=1))
    desk.put(digest(BEFORE), correcting(story=FERRY), far, ahead)
    asked: list[Edition] = []
    found = desk.edition

    def edition(one: Edition) -> Any:
        asked.append(one)
        return found(one)

    desk.edition = edition  # type: ignore[method-assign, assignment]
    assert "Corrected later" not in page(desk, BEFORE).words
    assert {one.story for one in asked} == {"harbour"}


def test_an_edition_made_again_corrects_what_it_says_now(desk: Desk) -> None:
    desk.put(digest(BEFORE), correcting())
    assert "Corrected later" in page(desk, BEFORE).words
    desk.put(later(correcting(), corrections=()))
    assert "Corrected later" not in page(desk, BEFORE).words


def test_two_corrections_of_one_edition_stand_in_their_order(desk: Desk) -> None:
    ships = claim(SHIPS.text, SHIPS)
    second = Correction(CORRECTION.edition, "figures/1", ships, "contradicted", NEWS)
    desk.put(digest(BEFORE), correcting(DAY - timedelta(days=1), second), correcting())
    words = plain(page(desk, BEFORE).words)
    assert words.count("Edition of") == 2
    assert "contradicted now. Edition of 21 November" in words
    assert "corrected 21 November" in words


def test_no_text_of_a_correction_breaks_out() -> None:
    hostile = claim('</p><script>x</script>" onload=x \u202e', OUT)
    one = digest(subject=hostile)
    notice = site.Notice(
        Edition("harbour", DAY),
        "corrections/1",
        Correction(one.edition, "subject", hostile, "edited"),
    )
    head = Masthead("Harbour strike", "One running story.")
    made = site.edition(
        head, one, earlier=None, later=None, place=Place("../../"), corrected=[notice]
    )
    assert "script" not in Read(made).tags
    assert "\u202e" not in made
    assert "Corrected later" in made


# -- served and built --------------------------------------------------------------------------


def test_served_and_built_pages_are_the_same_but_for_the_names_of_files(tmp_path: Path) -> None:
    with running_desk(tmp_path) as (desk, base):
        desk.put(digest(BEFORE), correcting())
        served = {day: ask(base, f"/{day}/harbour/").text for day in ("2024-11-18", "2024-11-22")}
        out = tmp_path / "out"
        build(desk, stories=desk.stories, directory=out)
        for day, body in served.items():
            built = (out / day / "harbour" / "index.html").read_text("utf-8")
            assert built.replace("index.html", "") == body
        assert "Corrected later" in served["2024-11-18"]
        with renewed(desk, _folder(tmp_path)):
            assert ask(base, "/2024-11-18/harbour/").status == 404


def _folder(tmp_path: Path) -> Path:
    other = tmp_path / "other"
    other.mkdir()
    return other


def test_a_page_is_new_to_its_reader_once_it_is_corrected(tmp_path: Path) -> None:
    with running_desk(tmp_path) as (desk, base):
        desk.put(digest(BEFORE), digest(BEFORE + timedelta(days=1)))
        first = ask(base, "/2024-11-18/harbour/")
        same = {"If-None-Match": first.headers["ETag"]}
        assert ask(base, "/2024-11-18/harbour/", headers=same).status == 304
        desk.put(correcting())
        again = ask(base, "/2024-11-18/harbour/", headers=same)
        assert again.status == 200
        assert again.headers["Last-Modified"] != first.headers["Last-Modified"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_phone_shows_the_note_and_leads_there_and_back(tmp_path: Path, dark: bool) -> None:
    with running_desk(tmp_path) as (desk, base), open_browser() as browser:
        desk.put(digest(BEFORE), correcting())
        tab = browser.new_page(360, dark=dark)
        tab.goto(f"{base}/2024-11-18/harbour/")
        for _ in range(2):
            assert not tab.scrolls_sideways()
            assert tab.axe() == []
            tab.page.locator("#developments-2-1 a.mended").click()
            assert tab.page.url.endswith("/2024-11-22/harbour/#corrections-1")
            assert not tab.scrolls_sideways()
            assert tab.axe() == []
            tab.page.locator("#corrections-1 b a").click()
            assert tab.page.url.endswith("/2024-11-18/harbour/#developments-2-1")
        assert (tab.csp, tab.elsewhere, tab.errors) == ([], [], [])
        tab.close()


# -- evidence, front page, feeds -----------------------------------------------------------------


def test_changes_and_corrections_have_their_evidence_and_the_way_back() -> None:
    one = correcting()
    head = Masthead("Harbour strike", "One running story.")
    proof = Read(site.evidence(head, one, ARTICLES, place=Place("../../../")))
    anchors = [line.id.replace("/", "-") for line in lines(one)]
    assert {"changes-2-was", "corrections-1"} <= set(anchors)
    assert [i for i in proof.ids if i in anchors] == anchors
    assert [way for way in proof.links if way.startswith("../#")] == [f"../#{a}" for a in anchors]
    words = plain(proof.words)
    assert "What changed since 18 November" in words
    assert "Was, first known 18 November" in words
    assert "Edition of 18 November: edited by its publisher" in words


def test_the_page_is_that_of_digest_html() -> None:
    one = correcting()
    head = Masthead("Harbour strike", "One running story.")
    made = site.edition(head, one, earlier=None, later=None, place=Place("../../"))
    body = re.search(r"<main>.*</main>", made, re.S)
    same = re.search(r"<main>.*</main>", render.html(one), re.S)
    assert body
    assert same
    link = re.compile(r'<a class="e" href="evidence/#([\w-]+)" aria-label="[\w ]+">§</a>')
    assert link.sub("", body[0]) == same[0]
    assert link.findall(body[0]) == [line.id.replace("/", "-") for line in lines(one)]


def test_the_front_page_counts_the_changes_and_a_quiet_day_says_so(desk: Desk) -> None:
    desk.put(correcting())
    assert "2 changes, 2 developments from 2 sources" in plain(shelved(desk).front().body)
    known = digest().briefs[1]
    desk.put(
        correcting(
            DAY + timedelta(days=1), briefs=(digest().briefs[0], replace(known, since=BEFORE))
        )
    )
    assert "2 changes, 1 development, 1 known development from 2 sources" in plain(
        shelved(desk).front().body
    )
    nothing = Claim("No development to report", (), 1.0, "quoted", "reported")
    quiet = digest(
        DAY + timedelta(days=2), previous=DAY, repeats=2, subject=nothing, bottom_line=(),
        briefs=(), boards=(), sources=(), newest=None,
    )  # fmt: skip
    desk.put(quiet)
    words = plain(Read(shelved(desk).front().body).words)
    assert "No material change since 22 November; 2 articles repeat known reports." in words


def test_a_feeds_summary_begins_with_what_changed() -> None:
    one = correcting()
    issue = Issue(one.edition, site.headline(one), one.story_name, one.made)
    head = Masthead("Harbour strike", "One running story.")
    made = site.json_feed(head, [Entry(issue, one)], base="")
    raised = "The port authority offered dock workers 4 percent."
    summary = f"What changed since 18 November: NEW {NEWS.text} UPDATED {raised} “Some 310"
    assert summary in made
    atom = site.atom(head, [Entry(issue, one)], base="")
    assert summary in atom
    for words in ("was: The port authority had refused to talk.", "(first known 18 November)"):
        assert words in made
    assert "Corrections" in made
