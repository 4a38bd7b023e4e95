"""What changed, corrections, origins and the quiet day, in every form of an edition."""

from __future__ import annotations

import json as codec
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from editions import DENIED, LEAVE, NINE, ORDERED, RAISE, TWO, claim, digest, followed, unchanged

from briefing.news import Accounts, Digest, Edition
from briefing.stages.render import (
    html,
    json,
    letter_html,
    letter_subject,
    letter_text,
    markdown,
    parse_json,
    text,
)
from briefing.stages.render.letter import preheader
from briefing.stages.render.view import view
from briefing.text.lines import lines

FORMS = [markdown, html, text, letter_html, letter_text]


class Page(HTMLParser):
    """Visible words, ids and links of a page; crossed or unclosed tags are errors."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.levels: list[int] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.levels += [int(tag[1])] if re.fullmatch(r"h[1-6]", tag) else []
        if tag not in ("meta", "br"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self._open):
            self.shown.append(data)


def words(form: Any, one: Digest) -> str:
    """What a reader of this form reads, without the marks of the format."""
    made = form(one)
    if form in (html, letter_html):
        made = "".join(Page(made).shown)
    return " ".join(re.sub(r"[*\\]", "", made).split())


def after(shown: str, *parts: str) -> None:
    """The parts stand in this order."""
    at = -1
    for part in parts:
        found = shown.lower().find(part.lower(), at + 1)
        assert found > at, (part, shown)
        at = found


# -- what changed ------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_each_change_stands_after_the_bottom_line_with_what_it_was(form: Any) -> None:
    after(
        words(form, followed()),
        "Bottom line",
        "What changed since 21 November",
        "NEW", RAISE,
        "UPDATED", "at least two → at least nine", NINE, "was:", TWO, "first known 17 November",
        "CONTRADICTED", DENIED, "was:", f"“{ORDERED}” — Paper b", "first known 30 December 2023",
        "WITHDRAWN", LEAVE, "withdrawn by its publisher", "first known 20 November",
        "Developments",
    )  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_change_and_correction_cites_its_source(form: Any) -> None:
    shown = words(form, followed())
    for sentence, number in ((RAISE, 1), (NINE, 3), (TWO, 2), (DENIED, 1), (LEAVE, 3)):
        assert re.search(rf"{re.escape(sentence)}\s*\[*{number}\b", shown), sentence


@pytest.mark.parametrize("form", FORMS)
def test_a_first_edition_has_no_block_and_no_word_of_it(form: Any) -> None:
    shown = words(form, digest()).lower()
    for word in ("changed", "since", "background", "corrections", "repeat", "known"):
        assert word not in shown, word


@pytest.mark.parametrize("form", FORMS)
def test_a_value_without_its_other_side_is_not_shown(form: Any) -> None:
    changes = tuple(replace(change, after="") for change in followed().changes)
    assert "→" not in words(form, followed(changes=changes))


@pytest.mark.parametrize(
    ("previous", "slot", "says"),
    [
        (date(2024, 11, 18), "", "What changed since 18 November"),
        (date(2023, 11, 18), "", "What changed since 18 November 2023"),
        (date(2024, 11, 22), "1700", "What changed since the edition before"),
    ],
)
def test_since_when(previous: date, slot: str, says: str) -> None:
    one = followed(previous=previous, edition=Edition("harbour-strike", date(2024, 11, 22), slot))
    assert view(one).changed == says


# -- a quiet day -------------------------------------------------------------------------------

QUIET = "No material change since 21 November; 9 articles repeat known reports."


@pytest.mark.parametrize("form", FORMS)
def test_a_quiet_day_is_one_honest_line_and_background(form: Any) -> None:
    shown = words(form, unchanged())
    after(shown, QUIET, "Background", "1.", "known since 18 November", "Sources")
    assert shown.count("No material change") == (2 if form is letter_html else 1)  # its preheader
    for heading in ("What changed", "Bottom line", "Developments", "No development"):
        assert heading.lower() not in shown.lower()


@pytest.mark.parametrize("form", FORMS)
def test_a_quiet_day_without_background_is_the_line_alone(form: Any) -> None:
    shown = words(form, unchanged(briefs=(), boards=(), sources=(), newest=None))
    assert QUIET in shown
    for heading in ("Background", "Sources", "Positions"):
        assert heading not in shown


@pytest.mark.parametrize(
    ("repeats", "came", "says"),
    [
        (1, 5, "No material change since 21 November; 1 article repeats known reports."),
        (0, 0, "No material change since 21 November; no article came in."),
        (0, 2, "No material change since 21 November; 2 articles came in, and none gave a "
               "development."),
    ],
)  # fmt: skip
def test_the_quiet_line_says_what_there_was(repeats: int, came: int, says: str) -> None:
    accounts = Accounts(came, 0, (("off topic", came),), 0, 0, (), 0, 0)
    one = unchanged(briefs=(), boards=(), sources=(), repeats=repeats, accounts=accounts)
    assert view(one).quiet == says


def test_a_withdrawal_alone_is_a_change_and_no_headline() -> None:
    one = unchanged(changes=followed().changes[3:])
    page = view(one)
    assert page.quiet == "No new development since 21 November; 1 report was withdrawn."
    assert page.parts == ()
    after(words(html, one), page.quiet, "What changed since 21 November", LEAVE, "Background")
    assert letter_subject(one).endswith("22 November 2024: No new development since 21 November")


def test_the_subject_of_a_quiet_days_mail_says_so() -> None:
    quiet = letter_subject(unchanged())
    assert quiet == "Harbour strike, 22 November 2024: No material change since 21 November"
    assert preheader(view(unchanged())) == QUIET


# -- developments ------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_what_only_repeats_stands_last_as_background(form: Any) -> None:
    after(
        words(form, followed()),
        "Developments", "1. Lunden shuts", "2. Two ships", "known since 17 November",
        "Background", "3. “The gate", "known since 18 November", "4. “The gate", "Positions",
    )  # fmt: skip


def test_a_repeat_ahead_of_news_keeps_its_place_and_says_so() -> None:
    one = followed()
    page = view(replace(one, briefs=(one.briefs[2], *one.briefs[:2])))
    assert [part.number for part in page.parts] == [1, 2, 3]
    assert page.background == ()
    assert "known since 18 November" in page.parts[0].spread


@pytest.mark.parametrize(
    ("names", "origins", "articles", "says"),
    [
        (
            ("Reuters", "AFP", "own report"), 3, 14,
            "3 origins: Reuters, AFP, own report; 11 reprints",
        ),
        (("Reuters",), 1, 2, "1 origin: Reuters; 1 reprint"),
        (("Reuters", "AFP"), 2, 2, "2 origins: Reuters, AFP"),
        (("A", "B", "C", "D", "E", "F"), 6, 6, "6 origins: A, B, C, D and 2 more"),
        (("A", "B", "C", "D"), 4, 4, "4 origins: A, B, C, D"),
        (("A", "own report"), 3, 3, "3 origins: A, own report"),  # two reports have one name
        ((), 2, 4, "4 articles, 2 origins"),
    ],
)  # fmt: skip
def test_origins_are_named(names: Any, origins: int, articles: int, says: str) -> None:
    brief = replace(
        digest().briefs[0],
        told_by=names,
        origins=origins,
        articles=tuple(map(str, range(articles))),
    )
    assert view(digest(briefs=(brief,))).parts[0].spread[0] == says


# -- corrections -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_corrections_stand_before_the_sources(form: Any) -> None:
    after(
        words(form, followed()),
        "Timeline",
        "Corrections",
        "Edition of 18 November:", "The gate, a ‘wreck’", "edited by its publisher", "Now:", NINE,
        "Edition of 18 November, 17:00:", LEAVE, "withdrawn by its publisher",
        "Sources",
    )  # fmt: skip


# -- form --------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", [followed(), unchanged()])
def test_every_line_has_its_place_on_the_page(one: Digest) -> None:
    page = Page(html(one))
    assert len(set(page.ids)) == len(page.ids)
    assert {line.id.replace("/", "-") for line in lines(one)} <= set(page.ids)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    for levels in (page.levels, Page(letter_html(one)).levels):
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(levels))


def test_a_board_with_a_line_that_has_no_lead_is_a_list() -> None:
    page = html(followed())
    answers = re.search(r'<section class="answers".*?</section>', page, re.S)
    assert answers
    assert "<dt></dt>" not in page
    assert answers[0].count("<li") == 2
    assert '<section class="positions"' in page


def test_a_source_says_where_it_is_cited() -> None:
    two = view(followed()).references[1]
    assert ("changes", "changes-2-was") in two.places
    assert ("corrections", "corrections-1") in two.places


def test_nothing_breaks_out() -> None:
    hostile = '</p><script>x</script>{{ 7*7 }}" onload=x [a](b) `c`\u202e'
    bad = claim(hostile)
    one = followed(
        changes=tuple(
            replace(c, claim=bad, was=c.was and bad, before=hostile, after=hostile)
            for c in followed().changes
        ),
        corrections=tuple(replace(c, sentence=bad, now=bad) for c in followed().corrections),
        briefs=(replace(followed().briefs[0], told_by=(hostile,)),),
    )
    for form in (html, letter_html):
        made = form(one)
        Page(made)
        assert "<script" not in made
        assert "\u202e" not in made
    assert not re.search(r"(?<!\\)[<`]", re.sub(r"^\[\d+\]: <.*>$", "", markdown(one), flags=re.M))


# -- data --------------------------------------------------------------------------------------


def test_the_lines_are_named_in_the_order_of_print() -> None:
    names = [line.id for line in lines(followed())]
    at = names.index("changes/1")
    assert names[at - 1].startswith("bottom-line/")
    assert names[at : at + 6] == [
        "changes/1", "changes/2", "changes/2/was", "changes/3", "changes/3/was", "changes/4",
    ]  # fmt: skip
    assert names[at + 6] == "developments/1/headline"
    assert names[-3:] == ["corrections/1", "corrections/1/now", "corrections/2"]
    data = codec.loads(json(followed()))
    assert data["changes"][1]["was"]["line"] == "changes/2/was"
    assert data["changes"][1]["was"]["sources"] == [2]
    assert data["corrections"][0]["now"]["line"] == "corrections/1/now"
    assert data["previous"] == "2024-11-21"
    assert parse_json(json(followed())) == followed()


def test_an_edition_of_an_earlier_version_says_so_and_what_to_do() -> None:
    old = json(digest()).replace("briefing/digest/2", "briefing/digest/1")
    with pytest.raises(Exception, match="earlier version") as caught:
        parse_json(old)
    assert "version that made it" in str(caught.value)
    assert "briefing run" in str(caught.value)
