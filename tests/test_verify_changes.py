"""`verify` proves what an edition says of earlier ones: changes, repeats, corrections, origins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from test_verify import DIGEST, FLOOR, STORED, STORM, STRAIT, article, claim, places, put

from briefing.errors import BriefingError
from briefing.news import (
    Article,
    Board,
    BoardLine,
    Change,
    Claim,
    Correction,
    Digest,
    Edition,
    Origin,
    Recalled,
    Remembered,
    Statement,
    Story,
)
from briefing.proof import Finding, verify
from briefing.stages import render
from briefing.stages.check import sourcing
from briefing.stages.compose import Past, cited, compose
from briefing.stages.compose.sources import numbered
from briefing.stages.compose.summary import QUIET
from briefing.text.lines import lines

OLD = article(
    "old",
    "Cape Courier",
    """Storm reaches the port of Kestrel

The port of Kestrel, north of the cape, was closed after a storm sank 2 boats. The harbour \
master did not say when the port of Kestrel would open. Six ferries will leave Kestrel on \
Friday.""",
)
ALL = STORED | {OLD.id: OLD}
MONDAY = Edition("harbour", date(2024, 11, 18))
NOW = claim("", STORM, "The port")
WAS = claim("", OLD, "The port")
CONVOY = claim("", STRAIT, "The convoy")
FERRIES = claim("", OLD, "Six ferries")
MAY = DIGEST.briefs[0].claims[0]


def finished(digest: Digest, stored: Mapping[str, Article]) -> Digest:
    """With the numbers and counts that follow from what is printed, as a forger would have them."""
    printed = cited(digest)
    sources = numbered(
        printed, stored, [Origin(key, (key,)) for key in stored], ZoneInfo("Europe/Helsinki")
    )
    kinds = {(line.claim.text, line.claim.wording) for line in printed}
    return replace(
        digest,
        sources=sources,
        newest=max((s.published for s in sources if s.published), default=None),
        accounts=replace(
            digest.accounts,
            printed_written=sum(wording == "written" for _, wording in kinds),
            printed_quoted=sum(wording == "quoted" for _, wording in kinds),
        ),
    )


CHANGES = (
    Change("NEW", CONVOY),
    Change("UPDATED", NOW, WAS, date(2024, 11, 18), "2 boats", "12 boats"),
    Change("CONTRADICTED", MAY, FERRIES, date(2024, 11, 19)),
    Change("WITHDRAWN", claim("", OLD, "The harbour"), said=date(2024, 11, 18)),
)
CORRECTIONS = (
    Correction(MONDAY, "developments/1/1", WAS, "contradicted", NOW),
    Correction(MONDAY, "developments/1/2", FERRIES, "withdrawn"),
)
EDITED = tuple(one for one in CORRECTIONS if one.reason != "withdrawn")


def followed(*, stored: Mapping[str, Article] = ALL, **other: Any) -> Digest:
    """The edition of `test_verify`, as one that follows another."""
    given: dict[str, Any] = {"previous": date(2024, 11, 21), "changes": CHANGES, "repeats": 1}
    given |= {"corrections": CORRECTIONS}
    return finished(replace(DIGEST, **(given | other)), stored)


def silent(**other: Any) -> Digest:
    """A day on which nothing changed."""
    known = tuple(replace(b, since=date(2024, 11, 18)) for b in DIGEST.briefs)
    given: dict[str, Any] = {"briefs": known, "subject": QUIET, "bottom_line": (), "changes": ()}
    return followed(**(given | {"corrections": ()} | other))


def lookup(ids: Iterable[str]) -> dict[str, Article]:
    return {id_: ALL[id_] for id_ in ids if id_ in ALL}


def check(
    folder: Path, digest: Digest, recorded: Callable[[Edition], Digest | None] | None = None
) -> list[Finding]:
    put(folder, render.files(digest, ALL))
    return verify(folder, articles=lookup, models=None, floor=FLOOR, recorded=recorded)


# -- honest editions ---------------------------------------------------------------------------


def test_an_honest_edition_that_follows_another_is_proven(tmp_path: Path) -> None:
    kinds = {line.id.split("/")[0] for line in cited(followed())}
    assert {"changes", "corrections"} <= kinds
    assert check(tmp_path, followed()) == []


def test_an_honest_quiet_day_is_proven_with_background_and_without(tmp_path: Path) -> None:
    assert check(tmp_path, silent()) == []
    assert check(tmp_path, silent(briefs=(), boards=())) == []


def test_a_day_with_a_withdrawal_alone_is_proven(tmp_path: Path) -> None:
    assert check(tmp_path, silent(changes=CHANGES[3:])) == []


@pytest.mark.parametrize("kind", ["UPDATED", "REPEATED"])
def test_what_is_composed_of_the_past_is_proven(tmp_path: Path, kind: Any) -> None:
    """The second development updates or repeats an old claim; the first only repeats."""

    def known(name: str, one: Claim, day: int) -> Remembered:
        told = replace(MONDAY, day=date(2024, 11, day))
        return Remembered(
            name, name, one.text, one.passages, Statement(), one.sourcing, told, told, (told,)
        )

    old = [known("storm", WAS, 18), known("ferries", FERRIES, 19)]
    recalled = {
        p.key: Recalled(p.key, kind, "storm", "storm", old[0], "figure", "2 boats", "12 boats")
        if p in NOW.passages
        else Recalled(
            p.key, "REPEATED", "ferries" if p in STRAIT.passages else "storm", "x", old[1]
        )
        for one in DIGEST.briefs
        for said in (one.headline, *one.claims)
        for p in said.passages
    }
    made = compose(
        edition=DIGEST.edition,
        story=Story("harbour", "The harbour", "", {}, timezone="Europe/Helsinki"),
        briefs=DIGEST.briefs,
        articles=ALL,
        origins=[Origin(key, (key,)) for key in ALL],
        skips=(),
        accounts=DIGEST.accounts,
        model=DIGEST.model,
        made=DIGEST.made,
        sourcing=sourcing,
        past=Past(date(2024, 11, 21), recalled, old, 1, EDITED),
    )
    assert check(tmp_path, made) == []
    page = render.markdown(made)
    if kind == "REPEATED":
        assert "No material change since 21 November; 1 article repeats known reports." in page
        assert made.bottom_line == ()
    else:
        assert "**UPDATED** 2 boats → 12 boats: " in page
        assert made.briefs[0].since == date(2024, 11, 18)  # the update leads
        assert {c.text for c in made.bottom_line} <= {c.text for c in made.briefs[0].claims}
    assert "## Background" in page


# -- changes -----------------------------------------------------------------------------------


def changed(number: int, **other: Any) -> Digest:
    """With one change forged."""
    forged = [replace(c, **other) if n == number else c for n, c in enumerate(CHANGES, 1)]
    return followed(changes=tuple(forged))


@pytest.mark.parametrize(
    ("number", "other", "says"),
    [
        (1, {"kind": "REPEATED"}, "a repeat stands among the changes"),
        (1, {"was": WAS}, "says what it was"),
        (1, {"said": date(2024, 11, 18)}, "was known before"),
        (1, {"after": "19 November"}, "the new value is not in its sentence"),
        (2, {"was": None}, "does not say what it was"),
        (2, {"said": None}, "since when"),
        (2, {"said": date(2024, 11, 22)}, "not known before this edition"),
        (2, {"said": date(2025, 1, 1)}, "not known before this edition"),
        (2, {"before": "3 boats"}, "the old value is not in its sentence"),
        (2, {"before": "boats sank"}, "the old value is not in its sentence"),
        (2, {"after": "2 boats"}, "the new value is not in its sentence"),
        (2, {"after": "12 boat"}, "the new value is not in its sentence"),
        (2, {"before": "the cape", "after": "the cape"}, "the old value is the new one"),
        (2, {"was": NOW}, "is what it was"),
        (3, {"was": None}, "does not say what it was"),
        (4, {"was": WAS}, "says what it was"),
        (4, {"said": date(2024, 11, 23)}, "not known before this edition"),
    ],
)
def test_what_a_change_says_of_the_past_is_held(
    tmp_path: Path, number: int, other: dict[str, Any], says: str
) -> None:
    findings = check(tmp_path, changed(number, **other))
    assert any(f.where == f"changes/{number}" and says in f.what for f in findings), findings


def test_one_change_stands_once(tmp_path: Path) -> None:
    assert "changes" in places(check(tmp_path, followed(changes=(*CHANGES, CHANGES[0]))))


@pytest.mark.parametrize("part", ["claim", "was"])
@pytest.mark.parametrize("old", ["12 boats", "2 boats", "Kestrel"])
def test_every_word_of_old_and_new_is_held(tmp_path: Path, part: str, old: str) -> None:
    one = getattr(CHANGES[1], part)
    if old not in one.text:
        return
    for other in (old.replace(old, "40 boats"), "Lumen"):
        forged = changed(2, **{part: replace(one, text=one.text.replace(old, other))})
        where = "changes/2/was" if part == "was" else "changes/2"
        assert where in places(check(tmp_path, forged))


def test_every_other_passage_behind_a_change_is_refused(tmp_path: Path) -> None:
    for passage in (*STRAIT.passages, *OLD.passages):
        if passage not in WAS.passages:
            forged = changed(2, was=replace(WAS, passages=(passage,)))
            assert "changes/2/was" in places(check(tmp_path, forged)), passage.text


# -- since, repeats, a quiet day -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "where"),
    [
        ({"previous": None}, "changes"),
        ({"previous": date(2024, 11, 22)}, "changes"),
        ({"previous": date(2024, 11, 23)}, "changes"),
        ({"repeats": -1}, "changes"),
        ({"repeats": 4}, "changes"),
        ({"previous": None, "changes": (), "corrections": ()}, "changes"),  # repeats of nothing
    ],
)
def test_from_where_changes_are_counted_is_held(
    tmp_path: Path, other: dict[str, Any], where: str
) -> None:
    assert where in places(check(tmp_path, followed(**other)))


def test_the_second_edition_of_a_day_may_follow_the_first(tmp_path: Path) -> None:
    one = followed(previous=date(2024, 11, 22), edition=replace(DIGEST.edition, slot="1700"))
    assert check(tmp_path, one) == []


def test_a_quiet_day_has_nothing_new_and_nothing_on_top(tmp_path: Path) -> None:
    fresh = silent(briefs=DIGEST.briefs)
    assert {"developments/1/headline", "developments/2/headline"} <= places(check(tmp_path, fresh))
    loud = silent(subject=DIGEST.subject)
    assert "subject" in places(check(tmp_path, loud))
    long = silent(bottom_line=DIGEST.bottom_line)
    assert "bottom-line/1" in places(check(tmp_path, long))


def test_what_only_repeats_does_not_lead(tmp_path: Path) -> None:
    first, second = DIGEST.briefs
    known = (first, replace(second, since=date(2024, 11, 18)))
    one = followed(briefs=known, changes=CHANGES[:1], corrections=())
    findings = check(tmp_path, one)
    assert places(findings) == {"bottom-line/2"}  # of the second development
    assert check(tmp_path, followed(briefs=known)) == []  # the update is of that one


@pytest.mark.parametrize("since", [date(2024, 11, 22), date(2025, 1, 1)])
def test_a_development_is_known_since_an_earlier_day(tmp_path: Path, since: date) -> None:
    known = tuple(replace(b, since=since) for b in DIGEST.briefs)
    assert "developments/1/headline" in places(check(tmp_path, followed(briefs=known)))


# -- origins -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "right"),
    [
        ((), True),
        (("Kestrel Post",), True),
        (("own report",), True),
        (("A Wire",), True),
        (("AFP",), True),
        (("Reuters",), False),
        (("Kestrel Post", "own report"), False),  # two names of one origin
    ],
)
def test_origins_are_called_what_their_articles_say(
    tmp_path: Path, names: tuple[str, ...], right: bool
) -> None:
    credits = ("A Wire", "Agence France-Presse")
    briefs = (replace(DIGEST.briefs[0], told_by=names), DIGEST.briefs[1])
    put(tmp_path, render.files(followed(briefs=briefs), ALL))
    credited = ALL | {STRAIT.id: replace(STRAIT, credits=credits)}
    findings = verify(tmp_path, articles=lambda _: credited, models=None, floor=FLOOR)
    assert ("developments/1/headline" not in places(findings)) is right


# -- corrections ---------------------------------------------------------------------------------


def corrected(**other: Any) -> Digest:
    first, second = CORRECTIONS
    return followed(corrections=(replace(first, **other), second))


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"edition": DIGEST.edition}, "no earlier edition"),
        ({"edition": replace(MONDAY, day=date(2024, 11, 25))}, "no earlier edition"),
        ({"edition": replace(MONDAY, story="railway")}, "another story"),
        ({"now": None}, "what contradicts it"),
        ({"now": WAS}, "what stood"),
    ],
)
def test_what_a_correction_says_is_held(tmp_path: Path, other: dict[str, Any], says: str) -> None:
    findings = check(tmp_path, corrected(**other))
    assert any(f.where == "corrections/1" and says in f.what for f in findings), findings


def test_one_sentence_is_corrected_once(tmp_path: Path) -> None:
    twice = followed(corrections=(CORRECTIONS[0], CORRECTIONS[0]))
    assert "corrections" in places(check(tmp_path, twice))


def test_a_corrected_sentence_stood_in_the_edition_on_record(tmp_path: Path) -> None:
    known = replace(
        DIGEST,
        edition=MONDAY,
        briefs=(replace(DIGEST.briefs[0], claims=(WAS, FERRIES)), DIGEST.briefs[1]),
    )
    today = followed()

    def recorded(edition: Edition) -> Digest | None:
        return {MONDAY: known, today.edition: today}.get(edition)

    assert check(tmp_path, today, recorded) == []
    assert {line.id: line.claim for line in lines(known)}["developments/1/1"] == WAS
    for other in (
        {"line": "developments/1/2"},
        {"line": "quotes/9"},
        {"sentence": NOW, "now": WAS},
    ):
        today = corrected(**other)
        assert "corrections/1" in places(check(tmp_path, today, recorded))


@pytest.mark.parametrize("slot", ["9999", "since-", "since-2024-13-01", "../x", "17"])
def test_an_edition_of_no_such_name_is_a_finding(tmp_path: Path, slot: str) -> None:
    files = render.files(followed(), ALL)
    day = '"day": "2024-11-18"\n'
    forged = files["digest.json"].replace(day, f'{day[:-1]},\n "slot": "{slot}"\n')
    assert forged != files["digest.json"]
    put(tmp_path, files | {"digest.json": forged})
    findings = verify(tmp_path, articles=lookup, models=None, floor=FLOOR)
    assert any(f.found == slot for f in findings), findings


# -- positions -----------------------------------------------------------------------------------

HOUSE = article(
    "house",
    "Cape Courier",
    """Permission for missiles confirmed

The White House confirmed that Biden had allowed Ukraine to use ATACMS inside Russia.""",
)
LEAD = "United States · ATACMS: allowed, confirmed on record"


@pytest.mark.parametrize(
    ("lead", "note", "right"),
    [
        (LEAD, "", True),
        (LEAD, "known since 17 November 2024", True),
        (LEAD, "known since 17 November 2024; before: under consideration", True),
        (LEAD.replace("allowed, confirmed on record", "used inside Russia"), "", False),
        (LEAD.replace("allowed, confirmed on record", "allowed, as reported"), "", False),
        (LEAD.replace("United States", "Germany"), "", False),
        (LEAD.replace("ATACMS", "Taurus"), "", False),
        ("", "", False),
        (LEAD, "known since 17 November 2025", False),
        (LEAD, "known since yesterday", False),
        (LEAD, "known since 31 February 2024", False),
        (LEAD, "known since 17 November 2024; before: won", False),
        (LEAD, "known since 17 November 2024; before: allowed, confirmed on record", False),
    ],
)
def test_a_position_is_the_rung_of_its_own_sentence(
    tmp_path: Path, lead: str, note: str, right: bool
) -> None:
    said = claim("", HOUSE, "The White House")
    board = Board("positions", "Positions", (BoardLine(lead, said, note),))
    stored = ALL | {HOUSE.id: HOUSE}
    one = followed(boards=(board, *DIGEST.boards), stored=stored)
    put(tmp_path, render.files(one, stored))
    findings = verify(tmp_path, articles=lambda _: stored, models=None, floor=FLOOR)
    assert (places(findings) == set()) is right
    assert right or places(findings) == {"positions/1"}


# -- versions ------------------------------------------------------------------------------------


def test_a_digest_of_an_earlier_version_says_so_and_how_it_is_proven(tmp_path: Path) -> None:
    files = render.files(followed(), ALL)
    old = files["digest.json"].replace("briefing/digest/2", "briefing/digest/1")
    put(tmp_path, files | {"digest.json": old})
    (finding,) = verify(tmp_path, articles=lookup, models=None, floor=FLOOR)
    assert finding.where == "digest.json"
    assert "earlier version" in finding.what
    assert "briefing run" in finding.remedy
    assert "the version that made it" in finding.remedy


def test_every_digit_of_what_is_said_of_the_past_is_proven_or_on_record(tmp_path: Path) -> None:
    """Each digit of changes and corrections exchanged, and all files made again from it."""
    today = followed()
    text = render.json(today)
    start = text.index('"previous"')
    tried = unproven = 0
    for found in re.finditer(r"\d+", text[start:]):
        at = start + found.start()
        other = f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}"
        try:
            forged = render.parse_json(other)
            files = render.files(forged, ALL)
        except (ValueError, KeyError, BriefingError):
            continue
        if files == render.files(today, ALL):
            continue
        tried += 1
        if not check(tmp_path, forged):
            unproven += 1
            assert check(tmp_path, forged, {today.edition: today}.get), other[at - 40 : at + 10]
    assert tried > 30
    assert unproven < tried / 3  # days of earlier editions, repeats: only the record knows


def test_a_lost_article_behind_what_was_known_is_named(tmp_path: Path) -> None:
    put(tmp_path, render.files(followed(), ALL))
    findings = verify(tmp_path, articles=lambda _: STORED, models=None, floor=FLOOR)
    assert {"changes/2/was", "corrections/1"} <= places(findings)
