"""The pages of the archive: what they say, and that every way through them leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from site_desk import (
    ARTICLES,
    DAY,
    FERRY,
    HARBOUR,
    RAISE,
    REFUSED,
    Desk,
    claim,
    digest,
    open_desk,
    quiet,
)
from site_desk import later as again

from briefing.news import Edition, Schedule
from briefing.site import shelf
from briefing.site.headlines import Headlines
from briefing.site.shelf import Shelf
from briefing.stages import render
from briefing.stages.render import site
from briefing.stages.render.site import Masthead, Place
from briefing.text.lines import lines

HEAD = Masthead("Harbour strike", "One running story.")
VOID = {"meta", "br", "link", "img", "hr", "input"}


class Read(HTMLParser):
    """Links, ids, words and marked words of a page; crossed tags are errors."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.words = ""
        self.marked: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        assert not any(name.startswith("on") or name == "style" for name, _ in attrs)
        if tag not in VOID:
            self._open.append(tag)
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "title" not in self._open:
            self.words += data
        if "mark" in self._open:
            self.marked[-1] += data


def plain(words: str) -> str:
    return " ".join(words.split())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


def shelved(desk: Desk) -> Shelf:
    head = shelf.masthead(desk.stories)
    return Shelf(desk, stories=desk.stories, masthead=head, headlines=Headlines())


# -- the list ----------------------------------------------------------------------------------


def test_an_empty_archive_says_what_will_come_and_when(desk: Desk) -> None:
    read = Read(shelved(desk).front().body)
    assert "No edition yet" in read.words
    assert "Harbour strike: every day at 06:30 (Europe/Berlin)" in plain(read.words)


@pytest.mark.parametrize(
    ("schedule", "says"),
    [
        (Schedule(), "whenever one is asked for"),
        (Schedule((time(6, 30), time(17))), "every day at 06:30 and 17:00 (Europe/Berlin)"),
        (Schedule((time(7),), (0, 1, 2, 3, 4)), "Monday to Friday at 07:00 (Europe/Berlin)"),
        (Schedule((time(7),), (1, 3, 4)), "Tuesday, Thursday and Friday at 07:00 (Europe/Berlin)"),
        (Schedule((time(7),), (5, 6)), "Saturday and Sunday at 07:00 (Europe/Berlin)"),
    ],
)
def test_a_schedule_is_told_in_words(schedule: Schedule, says: str) -> None:
    assert site.when(replace(HARBOUR, schedule=schedule)).startswith(says)


def test_the_front_page_opens_the_newest_edition_and_lists_the_rest(desk: Desk) -> None:
    desk.put(*(digest(DAY - timedelta(days=n)) for n in range(3)), quiet(DAY - timedelta(days=3)))
    page = shelved(desk).front().body
    read = Read(page)
    assert "Friday 22 November 2024" in read.words
    assert "The port authority offered dock workers 4 percent." in read.words
    assert "2 developments from 2 sources" in read.words
    ways = [way for way in read.links if re.match(r"2024-11-\d\d/", way)]
    assert ways == [f"2024-11-{n}/harbour/" for n in (22, 21, 20, 19)]
    assert "Nothing to report: 2 articles came in" in read.words
    assert "November (4)" in read.words.replace("\xa0", " ")


def test_a_sources_own_words_have_their_marks_in_every_list(desk: Desk) -> None:
    own = claim("They had refused to talk", REFUSED, wording="quoted")
    desk.put(digest(), digest(DAY - timedelta(days=1), subject=own))
    own_shelf = shelved(desk)
    edition = own_shelf.edition(Edition("harbour", DAY))
    month = own_shelf.month("2024-11")
    assert edition is not None
    assert month is not None
    for page in (own_shelf.front(), month, edition):
        assert "“They had refused to talk”" in page.body


def test_a_headline_is_that_of_the_edition_that_was_made_last(desk: Desk) -> None:
    yesterday = digest(DAY - timedelta(days=1))
    desk.put(digest(), yesterday)
    known = Headlines()
    head = shelf.masthead(desk.stories)

    def front() -> str:
        return Shelf(desk, stories=desk.stories, masthead=head, headlines=known).front().body

    assert "Another headline" not in front()
    desk.put(again(yesterday, subject=claim("Another headline", RAISE)))
    assert "Another headline" in front()


def test_months_have_pages_of_their_own_that_lead_on(desk: Desk) -> None:
    days = [date(2024, 11, 2), date(2024, 11, 1), date(2024, 9, 30), date(2023, 12, 24)]
    desk.put(*map(digest, days))
    own = shelved(desk)
    assert list(own.months) == ["2024-11", "2024-09", "2023-12"]
    middle = own.month("2024-09")
    assert middle is not None
    read = Read(middle.body)
    assert "September 2024" in read.words
    assert "../2024-09-30/harbour/" in read.links
    assert not any("2024-11-0" in way for way in read.links)
    assert {"../2024-11/", "../2023-12/", "../"} <= set(read.links)
    assert "d-2024-09-30" in read.ids
    for none in ("2024-10", "2024-1", "x", "../etc", "2024-09-30"):
        assert own.month(none) is None


def test_the_front_page_stays_short_and_counts_everything(desk: Desk) -> None:
    desk.put(*(digest(DAY - timedelta(days=n)) for n in range(40)))
    read = Read(shelved(desk).front().body)
    listed = [way for way in read.links if re.match(r"20\d\d-\d\d-\d\d/", way)]
    assert len(listed) == 1 + site.ON_FRONT
    counts = re.findall(r"\((\d+)\)", read.words)
    assert sum(map(int, counts)) == 40


def test_several_stories_and_several_times_a_day_are_told_apart(desk: Desk) -> None:
    desk.stories[FERRY.slug] = FERRY
    desk.put(
        digest(slot="0630"),
        digest(slot="1700"),
        digest(story=FERRY),
        digest(DAY - timedelta(days=1), story=FERRY),
    )
    own = shelved(desk)
    order = [issue.edition.name for issue in own.issues]
    assert order == ["harbour.1700", "harbour.0630", "ferry-line", "ferry-line"]
    read = Read(own.front().body)
    assert read.words.count("The night ferry") == 2
    assert "17:00" in read.words
    assert "06:30" in read.words
    assert "2024-11-22/harbour.0630/" in read.links
    month = own.month("2024-11")
    assert month is not None
    assert Read(month.body).ids.count("d-2024-11-22") == 1


def test_a_story_that_nobody_follows_any_more_stays_in_the_archive(desk: Desk) -> None:
    desk.put(digest(), digest(DAY + timedelta(days=1), story=FERRY))
    page = shelved(desk).front().body
    assert "2024-11-23/ferry-line/" in page
    assert "Friday 22 November 2024" in page  # the story that is followed leads
    desk.stories.clear()
    assert "Saturday 23 November 2024" in shelved(desk).front().body


# -- the edition -------------------------------------------------------------------------------


def page_of(one: object) -> str:
    return site.edition(HEAD, one, earlier=None, later=None, place=Place("../../"))  # type: ignore[arg-type]


def test_an_edition_has_the_words_of_digest_html_and_the_way_to_the_evidence() -> None:
    one = digest()
    body = re.search(r"<main>.*</main>", page_of(one), re.S)
    same = re.search(r"<main>.*</main>", render.html(one), re.S)
    assert body
    assert same
    link = re.compile(r'<a class="e" href="evidence/#([\w-]+)" aria-label="[\w ]+">§</a>')
    assert link.sub("", body[0]) == same[0]
    assert link.findall(body[0]) == [line.id.replace("/", "-") for line in lines(one)]


def test_a_self_contained_digest_has_no_such_link() -> None:
    assert "§" not in render.html(digest())


def test_neighbours_are_of_the_same_story(desk: Desk) -> None:
    desk.stories[FERRY.slug] = FERRY
    desk.put(
        digest(DAY - timedelta(days=2)),
        digest(DAY, "0630"),
        digest(DAY, "1700"),
        digest(DAY - timedelta(days=1), story=FERRY),
    )
    page = shelved(desk).edition(Edition("harbour", DAY, "0630"))
    assert page is not None
    read = Read(page.body)
    ways = {way for way in read.links if way.startswith("../../2024")}
    assert ways == {"../../2024-11-20/harbour/", "../../2024-11-22/harbour.1700/"}
    assert "Earlier: 20 November 2024" in read.words
    assert "Later: 22 November 2024, 17:00" in read.words


# -- the evidence ------------------------------------------------------------------------------


def evidence_of(one: object, articles: object = ARTICLES) -> str:
    return site.evidence(HEAD, one, articles, place=Place("../../../"))  # type: ignore[arg-type]


def test_every_printed_line_has_its_evidence_and_the_way_back() -> None:
    one = digest()
    read = Read(evidence_of(one))
    anchors = [line.id.replace("/", "-") for line in lines(one)]
    assert [i for i in read.ids if i in anchors] == anchors
    assert [way for way in read.links if way.startswith("../#")] == [f"../#{a}" for a in anchors]
    assert set(anchors) <= set(Read(page_of(one)).ids)


def test_the_cited_passages_are_marked_in_their_paragraph() -> None:
    page = evidence_of(digest(bottom_line=(), briefs=(), boards=()))
    read = Read(page)
    assert read.marked == [RAISE.text]
    paragraph = ARTICLES["offer"].text.split("\n\n")[1]
    assert paragraph in plain(read.words)
    how = "Shortened by rule from the source’s sentence, checked · on record · support 0.93"
    assert how in page
    assert "paragraph 1" in read.words
    assert "https://news.example/offer?a=1&b=2" in read.links
    assert "The Offer Post, 21 November 2024, 11:15" in plain(read.words)


def test_neighbouring_passages_share_a_paragraph_and_marks_do_not_overlap() -> None:
    wide = replace(
        RAISE, start=RAISE.start - 5, text=ARTICLES["offer"].text[RAISE.start - 5 : RAISE.end]
    )
    one = claim("The port authority offered 4 percent.", REFUSED, RAISE, wide)
    read = Read(evidence_of(digest(subject=one, bottom_line=(), briefs=(), boards=())))
    assert read.tags.count("figure") == 1
    assert "".join(read.marked) == f"{wide.text}{REFUSED.text}"
    assert ARTICLES["offer"].text.split("\n\n")[1] in plain(read.words)


def test_a_headline_may_be_cited() -> None:
    title = ARTICLES["walkout"].passages[0]
    one = digest(subject=claim("Walkout", title), bottom_line=(), briefs=(), boards=())
    read = Read(evidence_of(one))
    assert read.marked == [title.text]
    assert "21 November 2024, 11:15, headline" in plain(read.words)


def test_what_stands_in_front_of_a_boards_line_stands_there_too() -> None:
    words = plain(Read(evidence_of(digest())).words)
    assert "Anna Weber “We will put it to a vote”" in words
    assert "Ships: 14 Fourteen ships wait outside." in words


def test_an_article_whose_text_was_pruned_says_so() -> None:
    read = Read(evidence_of(digest(), {"walkout": ARTICLES["walkout"]}))
    assert "The text of this article is no longer kept" in read.words
    assert RAISE.text in read.marked
    assert "stood still for a third day" not in read.words


def test_an_article_whose_text_is_another_one_says_so() -> None:
    edited = replace(
        ARTICLES["offer"], text=ARTICLES["offer"].text.replace("4 percent", "9 percent")
    )
    read = Read(evidence_of(digest(boards=()), ARTICLES | {"offer": edited}))
    assert "The stored text has other words at this place" in read.words
    assert "9 percent" not in read.words
    assert RAISE.text in read.marked


def test_a_quiet_edition_has_nothing_to_prove() -> None:
    assert "prints no line that needs evidence" in evidence_of(quiet(DAY))


# -- links and hostile texts -------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>", "</title><img src=x onerror=alert(1)>", '" onmouseover="alert(1)',
    "javascript:alert(1)", "<svg><animate onbegin=alert(1) attributeName=x>", "{{ 7*7 }}",
    "\u202eevil", "\x1b[31m", "a\x00b", "\ud800", "&#106;avascript:", "</style><b>",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_can_break_out_of_a_page(text: str) -> None:
    long = f"{text} stood in the harbour."
    bad = replace(
        ARTICLES["offer"],
        title=text,
        url="javascript:alert(1)",
        publisher=text,
        text=f"{text}\n\n{long}",
    )
    cited = replace(RAISE, start=len(text) + 2, end=len(bad.text), text=long)
    said = replace(claim(text, cited), text=text)
    one = digest(
        story_name=text, subject=said, bottom_line=(said,), notes=(text,),
        sources=(replace(digest().sources[0], title=text, url=bad.url, publisher=text),),
        briefs=(replace(digest().briefs[0], headline=said, claims=(said,)),), boards=(),
    )  # fmt: skip
    head = shelf.masthead({"a": replace(HARBOUR, name=text)})
    form = site.SignUp((("a", text), ("b", text)), text, text)
    issue = site.Issue(one.edition, site.headline(one), text, one.made)
    pages = [
        site.edition(head, one, earlier=issue, later=issue, place=Place("../../")),
        site.evidence(head, one, {"offer": bad}, place=Place("../../../")),
        site.front(
            head, leads=[one], earlier=[issue], counts={"2024-11": 1}, coming=[text], place=Place()
        ),
        site.month(head, [issue], counts={"2024-11": 1}, place=Place("../")),
        site.message(head, site.Message("Title", (text,), "Send", form), place=Place()),
    ]
    for page in pages:
        read = Read(page)
        assert not {"script", "svg", "img", "animate", "style"} & set(read.tags)
        assert not any(way.lower().startswith("javascript") for way in read.links)
        assert "\u202e" not in page
        assert "\x1b" not in page
        page.encode()


def test_every_link_within_the_archive_leads_to_a_page_of_it(desk: Desk) -> None:
    """From each page every relative link, resolved by hand, is an address of the archive."""
    desk.put(
        digest(),
        digest(DAY - timedelta(days=1)),
        digest(DAY - timedelta(days=40)),
        quiet(date(2024, 1, 1)),
    )
    own = shelved(desk)
    found = {"": own.front().body}
    for key in own.months:
        month = own.month(key)
        assert month is not None
        found[f"{key}/"] = month.body
    for issue in own.issues:
        page, proof = own.edition(issue.edition), own.evidence(issue.edition)
        assert page is not None
        assert proof is not None
        found[issue.path] = page.body
        found[f"{issue.path}evidence/"] = proof.body
    files = {f"{issue.path}{name}" for issue in own.issues for name in shelf.FILES}
    known = set(found) | files | set(shelf.STILL) | {site.ATOM, site.JSON}
    ids = {path: set(Read(body).ids) for path, body in found.items()}
    checked = 0
    for path, body in found.items():
        for way in Read(body).links:
            if "://" in way:
                continue
            target, _, anchor = way.partition("#")
            parts = path.split("/")[:-1]
            for step in target.removesuffix("/").split("/") if target else []:
                if step == "..":
                    parts.pop()
                elif step not in ("", "."):
                    parts.append(step)
            folder = target.endswith("/") or target.endswith("..") or not target
            reached = "/".join(parts) + ("/" if parts and folder else "")
            assert reached in known, (path, way)
            assert not anchor or anchor in ids[reached], (path, way)
            checked += 1
    assert checked > 200


@pytest.mark.parametrize(
    ("day", "name", "found"),
    [
        ("2024-11-22", "harbour", Edition("harbour", DAY)),
        ("2024-11-22", "ferry-line.1700", Edition("ferry-line", DAY, "1700")),
        ("2024-11-31", "harbour", None),
        ("2024-1-1", "harbour", None),
        ("20241122", "harbour", None),
        ("2024-W47-5", "harbour", None),
        ("٢٠٢٤-11-22", "harbour", None),
        ("2024-11-22", "..", None),
        ("2024-11-22", "Harbour", None),
        ("2024-11-22", "harbour.17", None),
        ("2024-11-22", "harbour.", None),
        ("2024-11-22", "harbour\n", None),
        ("2024-11-22", "a/../b", None),
        ("2024-11-22", "a" * 121, None),
        ("2024-11-22", "", None),
    ],
)
def test_an_address_names_an_edition_letter_by_letter(
    day: str, name: str, found: Edition | None
) -> None:
    assert shelf.parse_edition(day, name) == found
