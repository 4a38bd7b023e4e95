"""Cleaning: rules by reason, what they must leave alone, distance, and the laws of conservation."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.news import Article, Entry
from briefing.stages.clean import centroid_similarity, clean, paragraph_texts
from briefing.stages.extract import extract
from briefing.text.assemble import assemble
from briefing.text.boilerplate import reason
from briefing.text.credits import trim_credits

SEEDS = Path(__file__).parent.parent / "seeds"


def article(*body: str, title: str = "") -> Article:
    text, passages = assemble("a", title, body)
    origin = "stated" if title else "made"
    return Article("a", "", title or "Made", origin, "", None, "unknown", text, passages)


def seed(name: str) -> Article:
    [path] = SEEDS.glob(f"{name}*.txt")
    entry = Entry("k", "folder:seeds", "", "", None, path.read_text("utf-8"), "text")
    found = extract(entry, None, as_of=date(2024, 11, 22))
    assert isinstance(found, list)
    return clean(found[0])


BOILERPLATE = {
    "comments notice": [
        "Comments are closed, but trackbacks and pingbacks are open.",
        "Comments are now closed.",
        "Leave a comment",
        "Be the first to comment",
        "12 Comments",
        "View all comments (34)",
        "Join the conversation",
        "Your email address will not be published.",
    ],
    "subscription plea": [
        "Subscribe to our newsletter",
        "Sign up for the Morning Note, our free daily email.",
        "Get the day's top stories delivered to your inbox.",
        "Already a subscriber? Log in",
        "This article is for subscribers only.",
        "Support independent journalism. Donate today.",
        "Please consider making a donation.",
        "You have read 3 of your 5 free articles.",
        "To continue reading, start your free trial.",
    ],
    "cookie line": [
        "We use cookies to improve your experience on this site.",
        "By continuing to use this website you agree to our terms.",
        "Accept all cookies",
    ],
    "social line": [
        "Follow us on X",
        "Follow Dana Reyes on Twitter @danareyes",
        "Share this article",
        "Facebook Twitter WhatsApp Email",
        "Join our Telegram channel",
        "Like us on Facebook and follow us on Instagram.",
        "@harbournews",
    ],
    "photo credit": [
        "Photo: Ana Lund/Coast Agency",
        "(Photo by Ana Lund/Getty Images)",
        "Image credit: Coast Agency",
        "AP Photo/Ana Lund",
        "Credit: Ana Lund for Coast Agency",
        "File photo",
    ],
    "byline": [
        "By Ana Lund",
        "By Ana Lund and Piet Moor, Coast Agency",
        "Ana Lund, Staff Writer",
        "Updated: 19 November 2024, 10:45 GMT",
        "Tue, 19 Nov 2024 10:45:00",
        "(Reporting by Ana Lund; Editing by Piet Moor)",
        "Additional reporting by Ana Lund in Oslo.",
        "Ana Lund contributed to this report.",
        "Ana Lund is a senior reporter covering defence for the Coast Agency.",
    ],
    "copyright line": [
        "© 2024 Coast Agency",
        "Copyright 2024 Coast Agency. All rights reserved.",
        "This material may not be published, broadcast, rewritten or redistributed.",
    ],
    "related links": [
        "Read more: How the corridor works",
        "READ ALSO: The long road to the harbour",
        "Related: Tram extension delayed",
        "More on this story",
        "Most read",
        "You may also like",
        "Click here for more news",
        "Continue reading",
    ],
    "advert": [
        "ADVERTISEMENT",
        "Story continues below advertisement",
        "Sponsored content",
        "Looking for a reliable mover? Call (555) 010-7788 or book online at "
        "www.fastmove.example.com today.",
    ],
    "contact line": [
        "Write to Ana Lund at ana.lund@coast.example",
        "Got a tip? Contact the newsroom.",
        "Contact us: news@coast.example",
    ],
    "feed trailer": ["The post Grain ships leave appeared first on Coast Agency."],
    "technical line": ["Skip to main content", "https://coast.example/a/b", "* * *", "5 min read"],
}


@pytest.mark.parametrize(
    ("expected", "line"), [(why, line) for why, lines in BOILERPLATE.items() for line in lines]
)
def test_each_kind_is_known_by_its_reason(expected: str, line: str) -> None:
    assert reason(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "The newspaper asked readers to subscribe to its newsletter, and 4,000 did within a week.",
        "Users who sign up for the newsletter gave their email addresses, the agency said.",
        "Comments by the minister were closed to the press.",
        "By Tuesday evening the town was empty.",
        "By order of Governor Ana Lund, schools closed.",
        "Follow the money, the prosecutor told the jury.",
        "Share prices fell 4 percent in Oslo.",
        "Photographs of the crater were published by the ministry on Monday.",
        "Credit: the bank said it would extend the line by a year and add 300 million euros.",
        "Contact with the submarine was lost at 4:10 a.m., the navy said.",
        "“Subscribe to our channel,” the separatist leader told his followers before he fled.",
        "Read the ruling closely, said Judge Stolz, and you will find no order at all.",
        "The law on cookies was passed in May; sites that use cookies must ask first.",
        "AI companies must include a label on every picture, the council decided.",
        "The general told officers to forget earlier plans and to follow the new rules.",
        "Copyright law protects the anthem until 2031, the court found.",
        "Watch towers stand every 300 metres along the fence.",
        "Updated figures put the number of dead at 12.",
        "Lund is the first reporter to be jailed under the law, her lawyer said on Friday.",
        "Call it luck or skill: Norway beat Spain 2-1.",
        "Residents can call (555) 010-2233 for water deliveries, the governor said.",
        "The company said: “Visit our site or call us today, we are open 24/7 for you.”",
        "More than 300 stories were told at the festival.",
        "Related charges against two officers were dropped.",
        "Donations to the museum doubled.",
        "He was told to sign up or leave.",
        "Printing was stopped at midnight.",
    ],
)
def test_news_that_only_sounds_like_it_is_left_alone(line: str) -> None:
    assert reason(line) == ""


@pytest.mark.parametrize(
    ("line", "kept", "names"),
    [
        (
            "(According to Al Jazeera, ABC News, Washington Post)",
            "",
            ("Al Jazeera", "ABC News", "Washington Post"),
        ),
        ("Source: Reuters, AFP", "", ("Reuters", "AFP")),
        ("SOURCE: Coast Radio and news agencies", "", ("Coast Radio",)),
        ("— with AFP", "", ("AFP",)),
        ("With files from The Associated Press", "", ("Associated Press",)),
        ("(Reuters)", "", ("Reuters",)),
        ("The Associated Press contributed to this report.", "", ("Associated Press",)),
        ("Harbour News' Ana Lund contributed to this report.", "", ("Harbour News",)),
        ("OSLO, Norway (AP) — Ships left.", "Ships left.", ("Associated Press",)),
        ("Kyiv, 19 Nov (Interfax-Ukraine) – Ships left.", "Ships left.", ("Interfax-Ukraine",)),
        ("Ships left. (Source: TASS)", "Ships left.", ("TASS",)),
        (
            "This article was originally published on The Conversation under a licence.",
            "",
            ("The Conversation",),
        ),
    ],
)
def test_credit_lines_leave_the_text(line: str, kept: str, names: tuple[str, ...]) -> None:
    trim = trim_credits(line)
    assert (trim.kept, trim.credits) == (kept, names)
    assert trim.cut in line


@pytest.mark.parametrize(
    "line",
    [
        "According to Miller, Trump may decide not to reverse the decision.",
        "According to Lund, Moor and Berg, the plan failed.",
        "Source: two officials said that six missiles fell.",
        "— Donald Trump Jr.",
        "The plan (ATACMS) – is old.",
        "(Washington)",
        "He spoke to the BBC (British Broadcasting Corporation).",
        "Sources in Kyiv, Moscow and Washington disagreed.",
        "The minister — with no comment — left.",
    ],
)
def test_sentences_that_only_look_like_credits_stay(line: str) -> None:
    assert trim_credits(line) == (line, "", "", ())


def test_links_under_their_heading_go_and_prose_after_them_stays() -> None:
    found = clean(
        article(
            "Ships left the port on Monday.",
            "Read more:",
            "How the corridor works",
            "Why insurers came back",
            "The deal runs for a year.",
            "Officials met again",
        )
    )
    assert (
        found.text
        == "Ships left the port on Monday.\n\nThe deal runs for a year.\n\nOfficials met again"
    )


def test_the_seeds_lose_their_boilerplate_and_nothing_else() -> None:
    first, second = seed("000"), seed("003")
    assert [r.reason for r in first.removed] == ["comments notice"]
    assert first.text.endswith("it remains “extremely dangerous.”")
    assert second.credits == ("Al Jazeera", "ABC News", "Washington Post")
    assert {r.reason for r in second.removed} == {"section heading", "credit line", "advert"}
    assert second.text.endswith('inherently risky," Lieven cautioned.')
    for word in ("Shuttle", "949", "trackbacks", "book with"):
        assert word not in first.text + second.text


def test_whole_text_of_boilerplate_leaves_only_the_headline() -> None:
    found = clean(article("Subscribe to our newsletter", "Follow us on X", title="Harbour news"))
    assert [p.kind for p in found.passages] == ["title"]
    assert found.text == "Harbour news"
    nothing = clean(article("Subscribe to our newsletter", "Follow us on X"))
    assert (nothing.text, nothing.passages) == ("", ())


def test_earlier_removals_and_credits_are_kept() -> None:
    from dataclasses import replace

    from briefing.news import Removed

    before = replace(
        article("Ships left.", "Source: Reuters"),
        removed=(Removed("Cost", "section heading"),),
        credits=("AFP",),
    )
    found = clean(before)
    assert [r.reason for r in found.removed] == ["section heading", "credit line"]
    assert found.credits == ("AFP", "Reuters")


# -- distance ----------------------------------------------------------------------------------

BODY = (
    "Engineers began to repair the dam on Monday.",
    "The work will take eleven weeks, the authority said.",
    "The lake will be lowered by three metres.",
    "Downstream the market was moved to a school.",
    "The first gate should be back in place by spring.",
    "Our harvest hampers make the perfect present for every gourmet and arrive in a willow basket",
)


def test_far_paragraph_at_the_edge_goes_by_distance() -> None:
    near = dict.fromkeys(range(1, 6), 0.6)
    found = clean(article(*BODY), similarity=near | {6: 0.1})
    assert found.removed[-1].reason == "far from the article"
    assert found.removed[-1].text == BODY[-1]
    assert clean(article(*BODY), similarity=near | {6: 0.31}).removed == ()


def test_far_paragraph_in_the_middle_stays() -> None:
    body = (*BODY[:2], BODY[-1], *BODY[2:5])
    similarity = dict.fromkeys(range(1, 7), 0.6) | {3: 0.0}
    assert clean(article(*body), similarity=similarity).removed == ()


@pytest.mark.parametrize(
    "last",
    [
        "“Nobody asked the fish what they make of all this concrete in their river,” he said "
        "with a smile",
        "He laughed.",
        "It was, by the account of the engineer Halden, a very long and rather thirsty summer "
        "for everyone",
    ],
)
def test_quotes_short_sentences_and_shared_names_stay(last: str) -> None:
    body = ("The engineer Halden began to repair the dam on Monday.", *BODY[1:5], last)
    similarity = dict.fromkeys(range(1, 6), 0.6) | {6: 0.0}
    assert clean(article(*body), similarity=similarity).removed == ()


def test_short_articles_and_missing_numbers_are_left_to_the_rules() -> None:
    assert clean(article(*BODY[-3:]), similarity={1: 0.0, 2: 0.0, 3: 0.0}).removed == ()
    assert clean(article(*BODY), similarity={}).removed == ()


def test_even_if_all_is_far_most_of_it_stays() -> None:
    body = [
        f"{line} number {n} and twelve further words that nobody else here has"
        for n, line in enumerate(BODY)
    ]
    found = clean(article(*body), similarity=dict.fromkeys(range(1, 7), 0.0))
    assert len(found.body) >= 2


def test_centroid_similarity() -> None:
    vectors = {n: np.array([1.0, 0.0], dtype=np.float32) for n in range(1, 5)}
    vectors[9] = np.array([0.0, 1.0], dtype=np.float32)
    found = centroid_similarity(vectors)
    assert found[1] == pytest.approx(4 / 17**0.5, abs=1e-6)
    assert found[9] == pytest.approx(1 / 17**0.5, abs=1e-6)
    assert centroid_similarity({1: vectors[1]}) == {}
    opposite = {n: np.array([(-1.0) ** n, 0.0], dtype=np.float32) for n in range(4)}
    assert centroid_similarity(opposite) == {}


def test_what_is_embedded_is_what_the_rules_keep() -> None:
    found = paragraph_texts(
        article("Subscribe to our newsletter", "KYIV (Reuters) - Ships left.", "They came back.")
    )
    assert found == [(2, "Ships left."), (3, "They came back.")]


# -- laws --------------------------------------------------------------------------------------

LINES = st.sampled_from(
    [line for lines in BOILERPLATE.values() for line in lines]
) | st.sampled_from(
    [*BODY, "Ships left. Follow us on X.", "OSLO (AP) — Ships left. (Source: TASS)", "How it works"]
)


@given(st.lists(LINES | st.text(min_size=1, max_size=80), max_size=12), st.booleans())
def test_nothing_is_lost_and_every_span_is_its_text(lines: list[str], titled: bool) -> None:
    body = [line for raw in lines if (line := " ".join(raw.split()))]
    before = article(*body, title="Harbour reopens" if titled else "")
    similarity = {n: 0.1 for n in range(1, len(body) + 1, 2)}
    for found in (clean(before), clean(before, similarity=similarity)):
        for passage in found.passages:
            assert found.text[passage.start : passage.end] == passage.text
        assert [p.index for p in found.passages] == list(range(len(found.passages)))
        # Letter by letter: a sentence may end inside what spaces make one word.
        kept = found.text + "".join(r.text for r in found.removed)
        assert sorted("".join(kept.split())) == sorted("".join(before.text.split()))
        assert all(r.reason and r.text for r in found.removed)
        assert clean(found).text == found.text or similarity  # a second time finds nothing new


@pytest.mark.parametrize(
    "nasty",
    [
        "1, " * 1300,
        "1.30 " * 800,
        "a" * 4000,
        "By " + "Jane Roe, " * 390,
        "www." * 1000,
        "-" * 3999 + "x",
        "Source: " + "A B, " * 790,
        "Mon " * 29 + "q",
        "(photo " * 570,
        "@aa, " * 18 + "b c",
    ],
)
def test_no_rule_takes_long_over_a_nasty_line(nasty: str) -> None:
    start = time.perf_counter()
    reason(nasty)
    trim_credits(nasty)
    assert time.perf_counter() - start < 1.0
