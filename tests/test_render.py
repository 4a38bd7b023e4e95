"""The five files of an edition: what a reader sees, and that nothing in a text can break out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from editions import EET, source

from briefing.news import (
    Accounts,
    Article,
    Board,
    BoardLine,
    Brief,
    Claim,
    Digest,
    Edition,
    FeedReport,
    ModelIdentity,
    Passage,
    Skip,
)
from briefing.stages.render import files, html, markdown, text
from briefing.text.quotes import normalise

WRITTEN = "Lunden shut its harbour on Monday."
OWN = "The gate, a “wreck” by all accounts, is shut."


def passage(key: str = "a", words: str = OWN, start: int = 0) -> Passage:
    return Passage(key, 0, start, start + len(words), words, 1)


def claim(words: str = WRITTEN, *, wording: Any = "written", key: str = "a") -> Claim:
    return Claim(words, (passage(key),), 0.9, wording, "on record")


ACCOUNTS = Accounts(
    14, 3, (("off topic", 8), ("no text", 3)), 30, 12, (("support", 11), ("number", 7)), 4, 2,
    (
        FeedReport("https://x.example/rss", "X Wire", "answered", 9, 9),
        FeedReport("https://y.example/rss", "Y Wire", "unchanged"),
        FeedReport("https://z.example/rss", "Z Wire", "silent", detail="timeout"),
        FeedReport("https://w.example/rss", "W Wire", "waiting"),
    ),
)  # fmt: skip


def sample(**other: Any) -> Digest:
    own = claim(OWN, wording="quoted", key="b")
    given: dict[str, Any] = {
        "edition": Edition("harbour", date(2024, 11, 22)),
        "story_name": "Harbour strike",
        "made": datetime(2024, 11, 22, 6, 30, tzinfo=EET),
        "subject": claim("Lunden shuts its harbour"),
        "bottom_line": (claim(),),
        "briefs": (
            Brief(
                "d1",
                claim("Lunden shuts its harbour"),
                (claim(), own),
                ("a", "b", "u", "v"),
                2,
                latest=datetime(2024, 11, 21, tzinfo=UTC),
            ),
        ),
        "boards": (
            Board("quotes", "Quotes", (BoardLine("Anna Berg", own),)),
            Board("figures", "Figures", (BoardLine("Range: 300 km", own, "sources differ"),)),
            Board("timeline", "Timeline", (BoardLine("2024-11-19", own, "date inferred"),)),
        ),
        "sources": (source(1, "a"), source(2, "b", url="", origin="a", state_media=True)),
        "skips": (Skip("extract", "Football", "no text", "0.21"),),
        "accounts": ACCOUNTS,
        "model": ModelIdentity("writer 1", "", "judge 2", "cpu bf16"),
        "seconds": 23.6,
        "newest": datetime(2024, 11, 21, 11, 15, tzinfo=EET),
        "notes": (),
    }
    return Digest(**(given | other))


def article(key: str) -> Article:
    return Article(key, "", key, "made", key, None, "unknown", OWN, (passage(key),))


READABLE = [markdown, html, text]


class Page(HTMLParser):
    """Tags, ids, links and visible text of a page; unclosed or crossed tags are errors."""

    VOID = ("meta", "br", "link", "img", "hr", "input")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.shown: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [v or "" for k, v in attrs if k == "id"]
        self.links += [v or "" for k, v in attrs if k in ("href", "src")]
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self._open):
            self.shown.append(data)

    @property
    def words(self) -> str:
        return " ".join("".join(self.shown).split())


# -- what is shown -----------------------------------------------------------------------------


@pytest.mark.parametrize("render", READABLE)
def test_every_format_shows_the_whole_edition(render: Any) -> None:
    page = render(sample())
    shown = Page(page).words if render is html else " ".join(page.split())
    for words in (
        "Friday 22 November 2024",
        WRITTEN,
        "4 articles, 2 origins",
        "newest 21 November 2024",
        "Anna Berg",
        "Range: 300 km",
        "sources differ",
        "19 November 2024",
        "date inferred",
        "Report b",
        "state media",
        "21 November 2024, 11:15",
        "One report, told by 2 articles",
        "on record",
    ):
        assert words in shown or words.upper() in shown, words


@pytest.mark.parametrize("render", READABLE)
def test_the_footer_adds_up(render: Any) -> None:
    page = render(sample())
    shown = " ".join((Page(page).words if render is html else page).split())
    for words in (
        "14 in = 3 used + 11 left out (8 off topic, 3 no text)",
        "30 written by the model = 12 kept + 18 dropped (11 support, 7 number)",
        "4 sentences written by the model, 2 quoted, 0 shortened by rule",
        "3 asked = 1 answered + 1 unchanged + 1 silent (Z Wire: timeout)",
        "1 not asked yet",
        "21 November 2024, 11:15, 19 hours before this edition was made",
        "written by writer 1, judged by judge 2, on cpu bf16",
        "22 November 2024, 06:30 UTC+2, in 24 s",
        "Football: no text (0.21)",
    ):
        assert words in shown, words


@pytest.mark.parametrize("render", READABLE)
def test_the_sources_own_words_are_marked_and_the_models_are_not(render: Any) -> None:
    page = render(sample())
    shown = " ".join((Page(page).words if render is html else page).split())
    marked = "“The gate, a ‘wreck’ by all accounts, is shut.”"
    assert shown.count(marked) == 4
    assert normalise(marked) == normalise(f"“{OWN}”")
    assert "Paper b" in shown
    assert f"“{WRITTEN}" not in shown


@pytest.mark.parametrize("render", READABLE)
def test_a_quiet_edition_is_one_honest_line_and_the_footer(render: Any) -> None:
    quiet = sample(
        subject=Claim("No development to report", (), 1.0, "quoted", "reported"),
        bottom_line=(), briefs=(), boards=(), sources=(), newest=None,
    )  # fmt: skip
    page = render(quiet)
    shown = " ".join((Page(page).words if render is html else page).split())
    assert "Nothing to report: 14 articles came in, and none gave a development." in shown
    assert "14 in = 3 used" in shown
    assert "[1]" not in shown
    for heading in ("Bottom line", "Developments", "Sources", "Quotes", "Newest source"):
        assert heading.lower() not in shown.lower()
    nothing = replace(quiet, accounts=Accounts(0, 0, (), 0, 0, (), 0, 0))
    assert "No article came in" in render(nothing)


@pytest.mark.parametrize("render", READABLE)
def test_undated_and_inferred_sources_say_so(render: Any) -> None:
    dates = (
        source(1, "a", published=None, date_origin="unknown"),
        source(2, "b", published=datetime(2024, 11, 20, tzinfo=UTC), date_origin="inferred"),
    )
    page = render(sample(sources=dates))
    assert "undated" in page
    assert "20 November 2024 (date inferred)" in " ".join(page.split())
    assert "00:00" not in page


@pytest.mark.parametrize("render", READABLE)
def test_an_empty_board_is_left_out(render: Any) -> None:
    page = render(sample(boards=(Board("quotes", "Quotes", ()),)))
    assert "quotes" not in re.sub(r"<style>.*?</style>", "", page, flags=re.S).lower()


@pytest.mark.parametrize("render", READABLE)
def test_notes_stand_at_the_top(render: Any) -> None:
    page = render(sample(notes=("Written without the model: it is missing.",)))
    assert page.index("Written without the model") < page.index(WRITTEN)


@pytest.mark.parametrize(
    ("made", "newest", "words"),
    [
        ((22, 6, 30), (22, 6, 0), "less than an hour before"),
        ((22, 6, 30), (22, 5, 0), "1 hour before"),
        ((22, 6, 30), (19, 5, 0), "3 days before"),
        ((22, 6, 30), (22, 9, 0), "dated after this edition"),
        ((22, 6, 30), (22, 2, 0), "22 November 2024, the day on which"),  # midnight UTC: no time
    ],
)
def test_the_age_of_the_newest_source(made: Any, newest: Any, words: str) -> None:
    at, new = (datetime(2024, 11, *t, tzinfo=EET) for t in (made, newest))
    assert words in text(sample(made=at, newest=new)).replace("\n  ", " ")


# -- links -------------------------------------------------------------------------------------


def test_citations_lead_to_sources_and_back() -> None:
    page = Page(html(sample()))
    assert len(set(page.ids)) == len(page.ids)
    inside = [link[1:] for link in page.links if link.startswith("#")]
    assert set(inside) <= set(page.ids)
    assert {"source-1", "source-2", "bottom-line-1", "developments-1-headline"} <= set(inside)
    assert [x for x in page.links if not x.startswith("#")] == ["https://news.example/a?a=1&b=2"]


def test_markdown_links_only_sources_that_have_an_address() -> None:
    page = markdown(sample())
    assert "[1]: <https://news.example/a?a=1&b=2>" in page
    assert f"{WRITTEN} [[1]]" in page
    assert "— Paper b [2] *on record*" in page
    assert not re.search(r"^\[2\]:", page, re.M)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "javascript://a.example/%0aalert(1)", "ftp://a.example/x",
        "file://a.example/x", "data://a.example/x", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd",
        "//news.example/x", "/x", "https://", "http:x", "https://a.example/> x",
        "https://a.example/\"onload=x", "https://a.example/\x1b[2J", " https://a.example",
        "https://a.example/\u202egnp", "https://a.example/\n[9]: http://b.example", "https://[::1",
    ],
)  # fmt: skip
def test_only_plain_web_addresses_become_links(url: str) -> None:
    digest = sample(sources=(source(1, "a", url=url), source(2, "b", url="")))
    assert [x for x in Page(html(digest)).links if not x.startswith("#")] == []
    for render in (markdown, text):
        assert "a.example" not in render(digest)
        assert "script:" not in render(digest).lower()
        assert "passwd" not in render(digest)


# -- form --------------------------------------------------------------------------------------


def seven(words: str = OWN) -> Digest:
    one = sample()
    brief = replace(one.briefs[0], claims=(claim(), claim(words, wording="quoted"), claim()))
    rows = tuple(BoardLine(f"Speaker {n}", claim(words, wording="quoted")) for n in range(8))
    timeline = tuple(replace(row, lead="2024-11-19") for row in rows)
    return replace(
        one,
        briefs=(brief,) * 7,
        boards=(
            Board("quotes", "Quotes", rows),
            Board("figures", "Figures", rows),
            Board("timeline", "Timeline", timeline),
        ),
        sources=tuple(source(n, k) for n, k in enumerate(["a", "b", *map(str, range(40))], 1)),
        skips=tuple(Skip("fetch", f"Title {n} of an article", "http 404") for n in range(500)),
    )


def test_html_is_self_contained_and_small() -> None:
    page = html(seven("A long sentence about the harbour and its gates. " * 6))
    assert len(page.encode()) < 90_000
    parsed = Page(page)
    assert not {"script", "img", "link", "iframe", "form", "table", "object"} & set(parsed.tags)
    assert not re.search(r"@import|url\(|expression\(", page)
    assert not [k for k, _ in parsed.attributes if k.startswith("on") or k == "style"]
    assert ("lang", "en") in parsed.attributes


def test_headings_are_in_order_with_one_at_the_top() -> None:
    levels = [int(t[1]) for t in Page(html(sample())).tags if re.fullmatch(r"h[1-6]", t)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_colours_have_enough_contrast_by_day_and_by_night() -> None:
    css = html(sample())
    for scheme in re.findall(r"--paper: [^}]+", css):
        colour = dict(re.findall(r"--(\w+): #([0-9a-f]{6}|[0-9a-f]{3})\b", scheme))
        for ink in ("ink", "quiet", "accent"):
            for paper in ("paper", "wash"):
                assert contrast(colour[ink], colour[paper]) >= 4.5, (ink, paper, scheme)


def contrast(a: str, b: str) -> float:
    """WCAG 2 contrast ratio."""

    def light(hexes: str) -> float:
        full = hexes if len(hexes) == 6 else "".join(c * 2 for c in hexes)
        parts = [int(full[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        r, g, b = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_keeps_to_72_columns_but_for_addresses() -> None:
    long = sample(story_name="Harbour " * 30, notes=("x" * 200,), sources=(
        source(1, "a", url="https://news.example/" + "x" * 90), source(2, "b"),
    ))  # fmt: skip
    for line in text(long).splitlines():
        assert len(line) <= 72 or re.fullmatch(r" *https://\S+", line), line
        assert line == line.rstrip()


def test_the_list_of_what_was_left_out_is_cut_with_a_count() -> None:
    assert "and 490 more" in text(seven())
    choice = (Skip("relate", "Cup final", "off topic"), Skip("select", "Old", "too old"))
    assert "Cup final" not in text(replace(seven(), skips=choice))


def test_files_are_named_and_end_with_a_newline() -> None:
    made = files(sample(), {"a": article("a"), "b": article("b")})
    assert list(made) == [
        "digest.md", "digest.html", "digest.txt", "digest.json", "evidence.json",
    ]  # fmt: skip
    assert all(content.endswith("\n") and "\r" not in content for content in made.values())
