"""The edition as a mail: its subject, its preheader, its HTML and its text."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from editions import (
    LONG,
    OWN,
    TOP,
    WRITTEN,
    brief,
    claim,
    digest,
    followed,
    long,
    quiet,
    source,
    unchanged,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.news import Digest, Edition
from briefing.stages.render import letter_html, letter_subject, letter_text, text
from briefing.stages.render.letter import LARGEST, preheader
from briefing.stages.render.view import view

ARCHIVE = "https://briefing.example/2024-11-22/harbour-strike/"
LEAVE = "https://briefing.example/unsubscribe/0123.4567"


class Letter(HTMLParser):
    """Tags, attributes, links and words of the HTML; a tag that is not closed is an error."""

    VOID = ("meta", "br", "img", "input", "link", "hr")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []  # tag, name, value
        self.links: list[tuple[str, str]] = []  # where it leads, its words
        self.comments: list[str] = []
        self._shown: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.links += [(value or "", "") for name, value in attrs if name == "href"]
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "a":
            self.links[-1] = (self.links[-1][0], self.links[-1][1] + data)
        if not {"style", "title"} & set(self._open):
            self._shown.append(data)

    @property
    def words(self) -> str:
        return " ".join("".join(self._shown).split())


# -- what is shown -----------------------------------------------------------------------------


def test_the_mail_shows_the_whole_edition() -> None:
    shown = Letter(letter_html(digest(notes=("Written without the model.",)))).words
    for words in (
        "Harbour strike",
        "Friday 22 November 2024",
        TOP,
        WRITTEN,
        LONG,
        "“The gate, a ‘wreck’ by all accounts, is shut until the spring.”",
        "Written without the model.",
        "Two ships wait outside Lunden",
        "2 articles, 2 origins · newest 21 November 2024",
        "Anna Berg",
        "Range: 300 km sources differ",
        "19 November 2024 date inferred",
        "One report, told by 2 articles",
        "Paper b, file b.txt, state media, 21 November 2024, 11:15",
        "credits A Wire, B Wire",
        "on record",
        "unnamed officials",
        "Articles: 14 in = 3 used + 11 left out (8 off topic, 3 no text)",
        "Sentences: 30 written by the model = 12 kept + 18 dropped (11 support, 7 number)",
        "Football: no text (0.21)",
    ):
        assert words in shown, words
    assert f"“{WRITTEN}" not in shown
    assert shown.count("is shut until the spring.” — Paper b") == 1 + 7 + 1 + 2


def test_a_quiet_edition_is_one_honest_line_and_the_footer() -> None:
    shown = Letter(letter_html(quiet(), archive=ARCHIVE, unsubscribe=LEAVE)).words
    assert "Nothing to report: 14 articles came in, and none gave a development." in shown
    assert "14 in = 3 used" in shown
    for heading in ("Bottom line", "Developments", "Sources", "Quotes"):
        assert heading not in shown


def test_two_dates_in_a_row_stand_once() -> None:
    assert Letter(letter_html(digest())).words.count("19 November 2024") == 2  # their notes differ
    board = digest().boards[3]
    same = replace(board, lines=tuple(replace(line, note="") for line in board.lines))
    assert Letter(letter_html(digest(boards=(same,)))).words.count("19 November 2024") == 1


# -- where it leads ----------------------------------------------------------------------------


def test_citations_lead_to_the_sources_own_addresses() -> None:
    page = Letter(letter_html(digest()))
    numbers = {(to, words) for to, words in page.links if words.isdigit()}
    assert numbers == {("https://news.example/a?a=1&b=2", "1")}  # source 2 has no address
    assert {to for to, _ in page.links} == {
        "https://news.example/a?a=1&b=2", "https://news.example/c?a=1&b=2",
    }  # fmt: skip
    assert not any(to.startswith("#") for to, _ in page.links)


@pytest.mark.parametrize("archive", [ARCHIVE, ARCHIVE.rstrip("/")])
def test_with_an_archive_citations_lead_to_the_evidence(archive: str) -> None:
    page = Letter(letter_html(digest(), archive=archive, unsubscribe=LEAVE))
    numbers = [to for to, words in page.links if words.isdigit()]
    assert set(numbers) == {
        f"{ARCHIVE}evidence/#{line}"
        for line in (
            "subject", "bottom-line-1", "bottom-line-2", "also-1", "also-2", "quotes-1", "quotes-2",
            "figures-1", "timeline-1", "timeline-2",
            *(f"developments-{n}-{part}" for n in range(1, 8) for part in ("headline", 1, 2, 3)),
        )
    }  # fmt: skip
    assert len(numbers) == len(set(numbers))
    assert [words for to, words in page.links if to == ARCHIVE] == [
        "in the archive", "Read it in the archive",
    ]  # fmt: skip
    assert [words for to, words in page.links if to == LEAVE] == ["Unsubscribe"]


def test_without_addresses_nothing_is_promised() -> None:
    shown = Letter(letter_html(digest())).words
    assert "archive" not in shown
    assert "nsubscribe" not in shown


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", 'https://a.example/"onload=x', "data:text/html,x", "/x", "//a.b/"],
)
def test_only_plain_web_addresses_become_links(url: str) -> None:
    bad = digest(sources=(source(1, "a", url=url), source(2, "b", url=url)))
    page = letter_html(bad, archive=url, unsubscribe=url)
    assert Letter(page).links == []
    assert url not in letter_text(bad, archive=url, unsubscribe=url)


# -- form --------------------------------------------------------------------------------------

PLAIN = {
    "html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "p", "h1", "h2",
    "h3", "span", "sup", "a", "b", "br", "ul", "ol", "li", "blockquote", "tbody",
}  # fmt: skip


@pytest.mark.parametrize("edition", [digest(), followed(), unchanged()])
def test_only_what_every_client_knows_is_used(edition: Digest) -> None:
    page = letter_html(edition, archive=ARCHIVE, unsubscribe=LEAVE)
    parsed = Letter(page)
    assert set(parsed.tags) <= PLAIN
    assert {name for _, name, _ in parsed.attributes} <= {
        "lang", "dir", "charset", "name", "content", "class", "style", "role", "href", "value",
        "aria-label",
    }  # fmt: skip
    never = r"url\(|@import|@font|flex|grid|float|position:|expression|https?://(?!news|briefing)"
    assert not re.search(never, page)
    roles = [value for tag, name, value in parsed.attributes if (tag, name) == ("table", "role")]
    assert len(roles) == parsed.tags.count("table")
    assert set(roles) == {"presentation"}
    assert page.count("<style>") == 1
    assert ("html", "lang", "en") in parsed.attributes
    assert ("html", "dir", "ltr") in parsed.attributes


def test_every_colour_stands_inline_beside_its_class() -> None:
    """Without the style block nothing may be missing: it only recolours for the dark."""
    names = {"p": "background-color:", "w": "background-color:", "i": "color:", "q": "color:"}
    names |= {"a": "color:", "l": "border-"}
    page = letter_html(followed(notes=("A note.",)), archive=ARCHIVE, unsubscribe=LEAVE)
    tags = re.findall(r"<\w+[^>]*\bclass=\"([^\"]+)\"[^>]*>", page)
    assert {name for found in tags for name in found.split()} == set(names)
    for tag in re.findall(r"<\w+[^>]*\bclass=[^>]*>", page):
        style = re.search(r'style="([^"]*)"', tag)
        inherits = tag.startswith(('<h2 class="q"', "<body"))
        for name in re.findall(r'class="([^"]+)"', tag)[0].split():
            assert (style and names[name] in style[1]) or inherits, tag


def test_headings_are_in_order_with_one_at_the_top() -> None:
    for edition in (digest(), quiet(), followed(), unchanged()):
        tags = Letter(letter_html(edition)).tags
        levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(levels))


def test_no_text_can_leave_its_place() -> None:
    hostile = "</p><script>x</script><!--[if mso]><b>{{ 7*7 }}\"'>&lt;\u202e\x00\ud800"
    bad = digest(
        story_name=hostile,
        subject=claim(hostile),
        bottom_line=(claim(hostile),),
        briefs=(replace(brief(1, hostile), claims=(claim(hostile, wording="quoted"),)),),
        sources=(replace(source(1, "a"), title=hostile),),
        notes=(hostile,),
    )
    bad = replace(bad, boards=())
    clean, made = Letter(letter_html(digest())), Letter(letter_html(bad))
    assert set(made.tags) <= set(clean.tags)
    assert made.comments == clean.comments
    assert "</p><script>x</script><!--[if mso]><b>{{ 7*7 }}" in made.words
    assert not re.search("[\u202e\x00\ud800]", letter_html(bad))


# -- size --------------------------------------------------------------------------------------


def headlines(page: str) -> int:
    return Letter(page).tags.count("h3")


def test_seven_full_developments_stay_whole_under_the_limit() -> None:
    page = letter_html(digest(), archive=ARCHIVE, unsubscribe=LEAVE)
    assert len(page.encode()) < LARGEST
    assert headlines(page) == 7
    assert "Left out here" not in page


@pytest.mark.parametrize("archive", ["", ARCHIVE])
def test_what_does_not_fit_is_left_out_in_order_and_named(archive: str) -> None:
    edition = long("A long sentence about the harbour and its gates. " * 6, rows=16)
    page = letter_html(edition, archive=archive, largest=10**9)
    assert len(page.encode()) > LARGEST
    seen = []
    largest = len(page.encode())
    while len(page.encode()) <= largest:
        found = re.search(r"cuts this mail off: ([^.]*)\.", Letter(page).words)
        seen.append(found[1] if found else "")
        assert headlines(page) == 7
        largest = len(page.encode()) - 1
        page = letter_html(edition, archive=archive, largest=largest)
    assert seen == [
        "",
        "what was left out",
        "timeline, what was left out",
        "figures, timeline, what was left out",
        "quotes, figures, timeline, what was left out",
        "also reported, quotes, figures, timeline, what was left out",
        "also reported, quotes, figures, timeline, sources, what was left out",
    ]
    assert len(letter_html(edition, archive=archive).encode()) <= LARGEST
    stands = "in the archive and in the plain text" if archive else "in the plain text of this mail"
    assert stands in Letter(letter_html(edition, archive=archive)).words


def test_texts_that_no_check_lets_through_still_cut_no_development() -> None:
    edition = long("x" * 10_000)
    page = letter_html(edition)
    assert headlines(page) == 7
    assert page.count("x" * 10_000) == 14
    assert "sources" in page


# -- subject and preheader ---------------------------------------------------------------------


def test_the_subject_is_story_date_and_top_development() -> None:
    assert letter_subject(digest()) == f"Harbour strike, 22 November 2024: {TOP}"
    slot = digest(edition=replace(digest().edition, slot="1700"))
    assert letter_subject(slot) == f"Harbour strike, 22 November 2024, 17:00: {TOP}"
    own = digest(subject=claim("The gate is shut", wording="quoted"))
    assert letter_subject(own) == "Harbour strike, 22 November 2024: “The gate is shut”"
    assert letter_subject(quiet()).startswith("Harbour strike, 22 November 2024: ")


def test_a_long_name_is_shortened_and_a_claim_is_never_cut() -> None:
    named = digest(story_name="The strike of the dock workers of Lunden, " * 9)
    assert letter_subject(named) == (
        "The strike of the dock workers of Lunden, The strike of the…, 22 November 2024: " + TOP
    )
    assert letter_subject(digest(story_name="x" * 99)).startswith("x" * 60 + "…, 22")
    far = digest(subject=claim("word " * 50 + "end"))
    assert letter_subject(far) == "Harbour strike, 22 November 2024"
    worst = digest(story_name="x" * 10_000, subject=claim("y" * 10_000))
    assert len(letter_subject(worst)) <= 200


def test_the_subject_hides_and_reorders_nothing() -> None:
    hostile = digest(subject=claim("a\r\nBcc: x@y.example\u202e\u2028b\u200b\x1b[2J\ud800"))
    assert letter_subject(hostile).endswith(": a Bcc: x@y.example b[2J")


def test_the_preheader_is_hidden_before_everything_else() -> None:
    page = letter_html(digest())
    found = re.search(r'<div style="display:none;[^"]*">([^<]*)</div>', page)
    assert found
    assert found[1] == preheader(view(digest()))
    assert page.index(found[0]) < page.index("<table")


def pieces(edition: Digest) -> list[str]:
    return preheader(view(edition)).split(" · ")


def test_the_preheader_takes_the_bottom_line_first() -> None:
    assert pieces(digest()) == [WRITTEN, "Two ships wait outside Lunden"]


def test_the_preheader_is_no_part_of_a_sentence_and_no_repetition() -> None:
    long_line = digest(bottom_line=(claim(LONG), claim(TOP), claim("Short but true.")))
    assert pieces(long_line)[0] == "Short but true."
    assert TOP not in pieces(long_line)
    nothing = digest(bottom_line=(claim(LONG),), briefs=(replace(brief(0, TOP), claims=()),))
    assert preheader(view(nothing)) == (
        "1 development from 3 sources, each sentence with its source"
    )
    cut = digest(
        briefs=(replace(brief(0, "The gate, said the authority of the port…"), claims=()),)
    )
    assert "…" not in preheader(view(replace(cut, bottom_line=())))


sentences = st.text("abc ", min_size=1, max_size=120).map(lambda s: " ".join(s.split()) or "x")


@settings(deadline=None)
@given(st.lists(sentences, max_size=3), st.lists(sentences, min_size=1, max_size=7))
def test_the_preheader_keeps_its_length(line: list[str], heads: list[str]) -> None:
    edition = digest(
        bottom_line=tuple(map(claim, line)),
        briefs=tuple(replace(brief(0, head), claims=()) for head in heads),
    )
    found = preheader(view(edition))
    assert 40 <= len(found) <= 90
    if not found.endswith("each sentence with its source"):
        assert set(found.split(" · ")) <= {*line, *heads}
        assert TOP not in found.split(" · ")


# -- the text ----------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", [digest(), quiet(), long(OWN), followed(), unchanged()])
def test_the_text_is_the_whole_digest_and_the_addresses(edition: Digest) -> None:
    plain = letter_text(edition, archive=ARCHIVE, unsubscribe=LEAVE)
    assert plain.startswith(text(edition))
    assert plain.endswith("\n")
    lines = plain.removeprefix(text(edition)).splitlines()
    assert ARCHIVE in lines
    assert LEAVE in lines
    assert all(len(line) <= 72 for line in lines if not line.startswith("https://"))
    assert letter_text(edition) == text(edition)


def test_nothing_of_the_html_is_missing_in_the_text() -> None:
    plain = " ".join(letter_text(digest(), archive=ARCHIVE, unsubscribe=LEAVE).split())
    for sentence in (TOP, WRITTEN, LONG, "“The gate, a ‘wreck’ by all accounts, is shut"):
        assert sentence in plain
    assert all(to in plain for to, _ in Letter(letter_html(digest())).links)


def test_the_same_edition_gives_the_same_letter() -> None:
    def made(**other: Any) -> tuple[str, str, str]:
        return (
            letter_html(digest(**other), archive=ARCHIVE),
            letter_text(digest(**other), archive=ARCHIVE),
            letter_subject(digest(**other)),
        )

    assert made() == made()
    assert made() != made(edition=Edition("harbour-strike", digest().edition.day, "1700"))
