"""Extraction without a page: text, Markdown and fragments; headlines, dates and the spans."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefing.news import Article, Entry, Skip
from briefing.stages.extract import extract
from briefing.stages.extract.titles import make_title

AS_OF = date(2024, 11, 22)
SEEDS = Path(__file__).parent.parent / "seeds"


def entry(body: str, kind: Literal["html", "text", "markdown"] = "text", **rest: Any) -> Entry:
    return Entry(
        "k", "folder:x", "", rest.pop("title", ""), rest.pop("published", None), body, kind, **rest
    )


def only(found: list[Article] | Skip) -> Article:
    assert isinstance(found, list), found
    [article] = found
    for passage in article.passages:
        assert article.text[passage.start : passage.end] == passage.text
    assert [p.index for p in article.passages] == list(range(len(article.passages)))
    return article


def read(body: str, kind: Literal["html", "text", "markdown"] = "text", **rest: Any) -> Article:
    return only(extract(entry(body, kind, **rest), None, as_of=AS_OF))


# -- headlines ---------------------------------------------------------------------------------


def test_first_short_line_is_the_headline() -> None:
    article = read(
        "Harbour Council Keeps the Ferry\n\nThe council voted on Tuesday to keep the ferry."
    )
    assert (article.title, article.title_origin) == ("Harbour Council Keeps the Ferry", "stated")
    assert article.passages[0].kind == "title"
    assert article.passages[0].paragraph == 0
    assert [(p.paragraph, p.kind) for p in article.body] == [(1, "sentence")]
    assert article.text.startswith("Harbour Council Keeps the Ferry\n\nThe council")


def test_byline_before_and_question_headline() -> None:
    article = read(
        "By Ana Lund\nWhy did the council keep it?\nThe council voted to keep the night ferry."
    )
    assert article.title == "Why did the council keep it?"
    assert "By Ana Lund" in article.text  # `clean` takes it out, with its reason


@pytest.mark.parametrize(
    "first",
    [
        "The council voted on Tuesday to keep the ferry.",
        "The council voted. It kept the ferry, by seven votes to four, as the mayor had asked it "
        "to",
        "A" * 30 + " word" * 30,
        "The council met and decided:",
    ],
)
def test_what_is_no_headline(first: str) -> None:
    article = read(
        f"{first}\n\nThe mayor, who had asked for it twice before, thanked them all on Tuesday "
        f"evening at the pier."
    )
    assert article.title_origin == "made"
    assert all(p.kind == "sentence" for p in article.passages)
    assert article.passages[0].paragraph == 1


def test_stated_headline_is_not_repeated_in_the_body() -> None:
    article = read("Ferry kept\n\nThe council kept the ferry.", title="Ferry Kept")
    assert article.title == "Ferry Kept"
    assert article.text == "Ferry Kept\n\nThe council kept the ferry."


def test_seeds() -> None:
    [first, second] = [read(path.read_text("utf-8")) for path in sorted(SEEDS.glob("*.txt"))]
    assert first.title_origin == "made"
    assert first.title.split()[:3] == ["President", "Joe", "Biden"]
    assert (first.published, first.date_origin) == (None, "unknown")  # no day is stated in it
    assert second.title.startswith("What Motivated Biden")
    assert second.title_origin == "stated"
    assert (second.published, second.date_origin) == (
        datetime(2024, 11, 22, tzinfo=UTC),
        "inferred",
    )
    headings = [r.text for r in second.removed if r.reason == "section heading"]
    assert "Criticism from Trump Allies" in headings
    assert len(headings) == 5
    assert all(heading not in second.text for heading in headings)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Ukraine has fired six missiles.", "Ukraine has fired six missiles"),
        (
            "However, Moscow said on Tuesday that six missiles had been launched at a depot in "
            "the region.",
            "Moscow said on Tuesday that six missiles had been launched…",
        ),
        (
            "He said no. The governor of Bryansk, who spoke at night, promised aid to all the "
            "families there.",
            "The governor of Bryansk, who spoke at night…",
        ),
    ],
)
def test_made_titles(text: str, title: str) -> None:
    assert make_title(text) == title


@given(
    st.lists(
        st.sampled_from(
            [
                "Biden",
                "said",
                "that",
                "the",
                "missile",
                "of",
                "Kyiv,",
                "“however”",
                "and",
                "300",
                "km:",
                "it",
                "—",
                "fell.",
                "But",
                "(He)",
                "a",
                "U.S.",
            ]
        ),
        min_size=1,
        max_size=60,
    )
)
@example(["Biden"] * 12 + ["—"])
def test_a_made_title_is_short_and_of_the_texts_words(words: list[str]) -> None:
    text = " ".join(words)
    title = make_title(text)
    assert title.strip("… ")
    assert len(title.split()) <= 12
    assert title.rstrip("….,: ").casefold() in text.casefold()


# -- dates -------------------------------------------------------------------------------------


def test_stated_date_goes_first() -> None:
    day = datetime(2024, 11, 20, 7, 30, tzinfo=UTC)
    article = read("Ferry kept on\n\nOn November 21 the council kept the ferry.", published=day)
    assert (article.published, article.date_origin) == (day, "stated")


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("On November 19 it began. On November 21 it burned.", date(2024, 11, 21)),
        ("On November 25 it will end. On November 18 it began.", date(2024, 11, 18)),
        ("On Tuesday it began, as it had in February 2022 and in August.", None),
        ("The tower was built on 4 May 1931 by two brothers.", None),
    ],
)
def test_inferred_date(body: str, day: date | None) -> None:
    article = read(body)
    if day is None:
        assert (article.published, article.date_origin) == (None, "unknown")
    else:
        assert article.published is not None
        assert (article.published.date(), article.date_origin) == (day, "inferred")
        assert article.published.tzinfo is UTC


# -- bodies ------------------------------------------------------------------------------------


def test_short_feed_entry_is_an_article() -> None:
    article = read("<p>Six missiles hit a depot, the governor said.</p>", "html", title="Depot hit")
    assert [p.kind for p in article.passages] == ["title", "sentence"]


@pytest.mark.parametrize(
    "body", ["", "   \n ", "<p></p>", "<script>alert(1)</script>", "Depot hit"]
)
def test_headline_alone_is_a_skip(body: str) -> None:
    found = extract(entry(body, "html", title="Depot hit"), None, as_of=AS_OF)
    assert found == Skip("extract", "Depot hit", "no text")


def test_wrapped_lines_are_joined_and_plain_lines_are_not() -> None:
    wrapped = (
        "The harbour council of Stenvik voted on Tuesday to keep the night\n"
        "ferry running through the winter, after a debate of three hours in\n"
        "which the mayor spoke twice.\n\n"
        "Opponents argued that the subsidy should go to the tram instead, as\n"
        "it carries more people in an hour than the ferry does in a week.\n"
    )
    assert len({p.paragraph for p in read(wrapped).body}) == 2
    plain = "The council kept the ferry.\nThe tram must wait for another year.\nThe mayor was glad."
    assert len({p.paragraph for p in read(plain).body}) == 3


def test_html_fragment_blocks() -> None:
    article = read(
        "<p>Ships left the <b>port</b> on Monday.<br/>Four of them carried grain.</p>"
        "<h3>Insurance</h3><ul><li>Hulls are covered up to 80 million "
        "dollars</li><li>Grain</li></ul>"
        "<figure><img src=x><figcaption>A ship</figcaption></figure><div>They came "
        "back&nbsp;&amp; rested.</div>",
        "html",
        title="Ships leave",
    )
    assert article.text.split("\n\n") == [
        "Ships leave",
        "Ships left the port on Monday.",
        "Four of them carried grain.",
        "Hulls are covered up to 80 million dollars",
        "They came back & rested.",
    ]
    assert [(r.text, r.reason) for r in article.removed] == [
        ("Insurance", "section heading"),
        ("Grain", "list label"),
        ("A ship", "caption"),
    ]


def test_markdown_marks_are_stripped() -> None:
    article = read(
        "# Bridge opens\n\nThe *old* bridge of **Saltau** opened [again](http://x.example/a_b_c) "
        "on `Monday`.\n"
        "It cost 12\\*3 crowns and snake_case_names stay.\n\n> “We cried,” said Ilse Marr.\n\n"
        "Setext\n------\n1. The state pays 70 percent of it.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        "markdown",
    )
    assert article.title == "Bridge opens"
    assert article.text.split("\n\n")[1:] == [
        "The old bridge of Saltau opened again on Monday. It cost 12*3 crowns and "
        "snake_case_names stay.",
        "“We cried,” said Ilse Marr.",
        "The state pays 70 percent of it.",
    ]
    assert {r.reason for r in article.removed} == {"section heading", "table"}


def test_cut_off_last_sentence_of_a_summary_is_no_evidence() -> None:
    article = read(
        "<p>Six missiles fell.</p><p>The governor denied that he had […]</p>", "html", title="T x"
    )
    assert article.removed[-1].reason == "cut off"
    assert "denied" not in article.text
    alone = read("<p>The governor said that six missiles fell on the…</p>", "html", title="T x")
    assert "six missiles" in alone.text


def test_invisible_characters_are_gone_and_quotes_stay() -> None:
    tags = "".join(chr(0xE0000 + ord(c)) for c in "ignore")
    article = read(
        f"The gen\u200beral said “no”\u202e and ‘never’{tags} to the plan.\u2060\n\nIt\u00ad "
        f"failed."
    )
    assert article.text == "The general said “no” and ‘never’ to the plan.\n\nIt failed."


def test_very_long_text_is_cut_and_says_so() -> None:
    body = "\n\n".join(
        f"Sentence number {n} of this endless record ends here." for n in range(4000)
    )
    article = read(body)
    assert len(article.text.split()) <= 20_000
    assert article.removed[-1].reason == "too long"


@given(
    st.text(max_size=300),
    st.sampled_from(["text", "html", "markdown"]),
    st.sampled_from(["", "A headline"]),
)
def test_any_body_gives_an_article_or_a_skip(
    body: str, kind: Literal["text", "html", "markdown"], title: str
) -> None:
    found = extract(entry(body, kind, title=title), None, as_of=AS_OF)
    if isinstance(found, Skip):
        assert found.reason in ("no text", "too large")
    else:
        article = only(found)
        assert article.body
        assert "\n\n\n" not in article.text
