"""Nouns survive the trip through JSON exactly."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.codec import from_json, to_json
from briefing.news import (
    Accounts,
    Article,
    Board,
    BoardLine,
    Brief,
    Claim,
    Digest,
    Edition,
    Entry,
    Passage,
    Removed,
    Skip,
    Source,
)

ZONES = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), UTC])
TIMES = st.datetimes(timezones=ZONES) | st.none()
NUMBERS = st.floats(allow_nan=False)
# Lone surrogates and NUL come from careless JSON and feeds.
TEXT = st.text(st.characters(codec=None), max_size=12)

PASSAGES = st.builds(Passage, text=TEXT, kind=...)
ARTICLES = st.builds(
    Article,
    text=TEXT,
    title=TEXT,
    published=TIMES,
    passages=st.lists(PASSAGES, max_size=3).map(tuple),
    credits=...,
    removed=st.lists(st.builds(Removed, text=TEXT), max_size=2).map(tuple),
    bloc=...,
    state_media=...,
    language=...,
    source=TEXT,
    relevance=NUMBERS,
)
CLAIMS = st.builds(
    Claim, text=TEXT, passages=st.lists(PASSAGES, max_size=2).map(tuple), score=NUMBERS
)
CLAIM_LISTS = st.lists(CLAIMS, max_size=2).map(tuple)
BRIEFS = st.builds(
    Brief, headline=CLAIMS, claims=CLAIM_LISTS, dropped=..., latest=TIMES, articles=...
)
BOARDS = st.builds(
    Board, lines=st.lists(st.builds(BoardLine, claim=CLAIMS, note=...), max_size=2).map(tuple)
)
SOURCES = st.builds(Source, published=TIMES, credits=..., state_media=...)
DIGESTS = st.builds(
    Digest,
    made=st.datetimes(timezones=st.just(UTC)),
    subject=CLAIMS,
    bottom_line=CLAIM_LISTS,
    briefs=st.lists(BRIEFS, max_size=2).map(tuple),
    boards=st.lists(BOARDS, max_size=2).map(tuple),
    sources=st.lists(SOURCES, max_size=2).map(tuple),
    skips=st.lists(st.builds(Skip, detail=TEXT), max_size=2).map(tuple),
    accounts=st.builds(Accounts, feeds=...),
    seconds=NUMBERS,
    newest=TIMES,
    notes=...,
)


@given(ARTICLES)
def test_an_article_survives(article: Article) -> None:
    text = to_json(article)
    assert from_json(Article, text) == article
    assert text.isascii()  # no database encoding can harm it
    assert "\0" not in text


@given(DIGESTS)
@settings(max_examples=60, deadline=None)
def test_a_digest_survives(digest: Digest) -> None:
    again = from_json(Digest, to_json(digest))
    assert again == digest
    assert to_json(again) == to_json(digest)
    assert type(again.seconds) is float


@given(st.builds(Entry, published=TIMES, body=TEXT, key=TEXT))
def test_an_entry_survives(entry: Entry) -> None:
    assert from_json(Entry, to_json(entry)) == entry


def test_an_infinite_score_survives() -> None:
    passage = Passage("a", 0, 0, 1, "x", 1)
    claim = Claim("x", (passage,), float("inf"), "written", "reported")
    assert from_json(Claim, to_json(claim)) == claim


def test_a_date_and_a_time_are_told_apart() -> None:
    edition = Edition("s", date(2024, 11, 22))
    assert type(from_json(Edition, to_json(edition)).day) is date
    with pytest.raises(ValueError, match=r"Invalid isoformat"):
        from_json(Edition, '{"story": "s", "day": "yesterday"}')


ARTICLE = Article(
    id="a",
    url="",
    title="T",
    title_origin="stated",
    publisher="",
    published=datetime(2024, 11, 22, tzinfo=UTC),
    date_origin="stated",
    text="T",
    passages=(Passage("a", 0, 0, 1, "T", 0, "title"),),
)


def changed(**fields: object) -> str:
    return json.dumps(json.loads(to_json(ARTICLE)) | fields)


def test_a_field_added_later_takes_its_default() -> None:
    old = json.loads(to_json(ARTICLE))
    del old["language"], old["removed"]
    assert from_json(Article, json.dumps(old)) == ARTICLE


def test_a_field_dropped_later_is_passed_over() -> None:
    assert from_json(Article, changed(colour="red")) == ARTICLE


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (changed(title_origin="guessed"), "Article.title_origin"),
        (changed(title=None), "Article.title"),
        (changed(title=7), "Article.title"),
        (changed(relevance="0.5"), "Article.relevance"),
        (changed(relevance=True), "Article.relevance"),
        (changed(state_media=1), "Article.state_media"),
        (changed(published=20241122), "Article.published"),
        (changed(passages={}), "Article.passages"),
        (changed(passages=[{"article": "a"}]), r"Article.passages\[0\].index is missing"),
        (changed(passages=[7]), r"Article.passages\[0\]"),
        ("{}", "Article.id is missing"),
        ("[]", "Article"),
        ("nonsense", "Expecting value"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(text: str, path: str) -> None:
    with pytest.raises(ValueError, match=path):
        from_json(Article, text)


@dataclass(frozen=True, slots=True)
class Shapes:
    pair: tuple[str, int]
    groups: dict[str, tuple[str, ...]]
    kind: Literal["x", "y"]
    maybe: float | None = None


def test_every_shape_that_nouns_use() -> None:
    shapes = Shapes(("a", 1), {"weapons": ("ATACMS", "Taurus"), "": ()}, "y", 1)
    assert from_json(Shapes, to_json(shapes)) == replace(shapes, maybe=1.0)
    with pytest.raises(ValueError, match="pair"):
        from_json(Shapes, '{"pair": ["a"], "groups": {}, "kind": "x"}')


def test_a_foreign_object_is_refused() -> None:
    with pytest.raises(ValueError, match="set has no place"):
        to_json(replace(ARTICLE, credits={"Reuters"}))  # type: ignore[arg-type]
