"""digest.json and evidence.json: published schemas, an exact inverse, and hostile texts."""

from __future__ import annotations

import json as codec
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from html import unescape
from importlib import resources
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefing.errors import BriefingError
from briefing.news import (
    Accounts,
    Article,
    Board,
    BoardLine,
    Brief,
    Change,
    Claim,
    Correction,
    Digest,
    Dropped,
    Edition,
    FeedReport,
    ModelIdentity,
    Passage,
    Skip,
    Source,
)
from briefing.stages.render import files, html, json, markdown, parse_json, text
from briefing.text.lines import lines

NASTY = [
    "<script>alert(1)</script>", "&lt;b&gt;", "{{ 7*7 }}", "{% raw %}", "</style><img src=x>",
    "](javascript:x)", "[1]: http://evil.example", "# heading", "- item", "1. item", "```", "***",
    "www.evil.example", "https://evil.example/x", "a@evil.example", "\x1b[31mred\x1b[0m", "\x9b2J",
    "\u202eabc", "a\u200bb", "\u2028", "a\r\nb", "\x00", "“ ‘ ’ ”", '"', "'", "\ud800", "|a|b|",
    "\x85", "\u2066x\u2069", "![x](http://evil.example/p.png)", "&#x202e;", "<!-- -->", "\\",
]  # fmt: skip
TEXT = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=()), max_size=25),
    st.lists(st.sampled_from([*NASTY, "Lunden", " ", "shut."]), max_size=4).map(" ".join),
)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
MOMENT = st.builds(
    lambda minutes, zone: datetime.fromtimestamp(minutes * 30, UTC).astimezone(zone),
    st.integers(20 * 10**6, 130 * 10**6),
    st.one_of(st.just(UTC), ZONES),
)
DAY = st.dates(date(1990, 1, 1), date(2100, 1, 1))
COUNT = st.integers(0, 10**6)
KEYS = ("a", "b", "c")
PASSAGE = st.builds(
    Passage, st.sampled_from(KEYS), COUNT, COUNT, COUNT, TEXT, COUNT,
    st.sampled_from(["title", "sentence"]),
)  # fmt: skip
CLAIM = st.builds(
    Claim,
    TEXT,
    st.lists(PASSAGE, min_size=1, max_size=3).map(tuple),
    st.floats(0, 1),
    st.sampled_from(["written", "quoted"]),
    st.sampled_from(["on record", "unnamed officials", "analysis", "reported"]),
)


def many(of: Any, most: int = 2, least: int = 0) -> Any:
    return st.lists(of, min_size=least, max_size=most).map(tuple)


BRIEF = st.builds(
    Brief, TEXT, CLAIM, many(CLAIM), many(st.sampled_from(KEYS)), COUNT,
    many(st.builds(Dropped, TEXT, TEXT, TEXT)), st.none() | MOMENT, many(TEXT, 6),
    st.none() | DAY,
)  # fmt: skip
SLOT = st.sampled_from(["", "0630", "1700"])
CHANGE = st.builds(
    Change, st.sampled_from(["NEW", "UPDATED", "CONTRADICTED", "WITHDRAWN"]), CLAIM,
    st.none() | CLAIM, st.none() | DAY, TEXT, TEXT,
)  # fmt: skip
CORRECTION = st.builds(
    Correction, st.builds(Edition, st.just("harbour"), DAY, SLOT),
    st.sampled_from(["subject", "changes/2/was", "developments/3/headline", "positions/12"]),
    CLAIM, st.sampled_from(["edited", "withdrawn", "contradicted"]), st.none() | CLAIM,
)  # fmt: skip
BOARDS = st.tuples(
    st.builds(
        Board, st.just("positions"), TEXT, many(st.builds(BoardLine, TEXT, CLAIM, TEXT), 2, 1)
    ),
    st.builds(Board, st.just("answers"), TEXT, many(st.builds(BoardLine, TEXT, CLAIM, TEXT), 2, 1)),
    st.builds(Board, st.just("quotes"), TEXT, many(st.builds(BoardLine, TEXT, CLAIM, TEXT), 2, 1)),
    st.builds(
        Board,
        st.just("timeline"),
        TEXT,
        many(st.builds(BoardLine, DAY.map(date.isoformat), CLAIM, TEXT), 2, 1),
    ),
)
ORIGINS = st.sampled_from(["stated", "inferred", "unknown"])
SOURCES = st.tuples(*[
    st.builds(
        Source, st.just(n), st.just(k), TEXT, TEXT, st.none() | MOMENT, ORIGINS,
        st.one_of(TEXT, st.just("https://news.example/x")), st.sampled_from(KEYS), many(TEXT),
        TEXT, st.booleans(),
    )
    for n, k in enumerate(KEYS, 1)
])  # fmt: skip
REASONS = many(st.tuples(TEXT, COUNT))
FEED = st.builds(
    FeedReport, TEXT, TEXT, st.sampled_from(["answered", "unchanged", "silent", "waiting"]),
    COUNT, COUNT, TEXT,
)  # fmt: skip
DIGEST = st.builds(
    Digest,
    edition=st.builds(Edition, st.just("harbour"), DAY),
    story_name=TEXT,
    made=MOMENT,
    subject=CLAIM,
    bottom_line=many(CLAIM, 3),
    briefs=many(BRIEF),
    boards=BOARDS,
    sources=SOURCES,
    skips=many(st.builds(Skip, TEXT, TEXT, TEXT, TEXT)),
    accounts=st.builds(
        Accounts, COUNT, COUNT, REASONS, COUNT, COUNT, REASONS, COUNT, COUNT, many(FEED)
    ),
    model=st.builds(ModelIdentity, TEXT, TEXT, TEXT, TEXT),
    seconds=st.floats(0, 1e6),
    newest=st.none() | MOMENT,
    notes=many(TEXT),
    previous=st.none() | DAY,
    changes=many(CHANGE, 3),
    repeats=COUNT,
    corrections=many(CORRECTION),
    as_of=st.booleans(),
)
ARTICLES = {
    k: Article(k, "", k, "made", k, None, "unknown", f"Text of {k} — “é”.", ()) for k in KEYS
}
TAGS = {
    *("!doctype", "html", "head", "meta", "title", "style", "body", "main", "header", "section"),
    *("article", "footer", "h", "p", "span", "a", "b", "time", "figure", "blockquote"),
    *("figcaption", "dl", "div", "dt", "dd", "ol", "ul", "li", "details", "summary"),
}  # "h": h1, h2, h3
SLOW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
# Characters that a terminal obeys or that hide or turn text.
UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
)


def schema(name: str) -> Any:
    raw = (resources.files("briefing") / "schema" / name).read_text("utf-8")
    return jsonschema.Draft202012Validator(
        codec.loads(raw), format_checker=jsonschema.FormatChecker()
    )


# -- every digest ------------------------------------------------------------------------------


@SLOW
@given(DIGEST)
def test_the_data_files_keep_to_their_schemas_and_give_every_file_again(digest: Digest) -> None:
    first = files(digest, ARTICLES)
    again = parse_json(first["digest.json"])
    assert again == digest
    assert files(again, ARTICLES) == first
    schema("digest-2.schema.json").validate(codec.loads(first["digest.json"]))
    schema("evidence-2.schema.json").validate(codec.loads(first["evidence.json"]))


@SLOW
@given(DIGEST)
def test_no_text_breaks_out_of_any_file(digest: Digest) -> None:
    for name, content in files(digest, ARTICLES).items():
        assert not UNSAFE.search(content), name
        content.encode("utf-8")
    _page_is_tame(html(digest), {s.url for s in digest.sources})
    _markdown_is_tame(markdown(digest), len(digest.sources))


def _page_is_tame(page: str, addresses: set[str]) -> None:
    assert set(re.findall(r"<\s*/?\s*([a-zA-Z!-]+)", page)) <= TAGS
    links = re.findall(r"(?:href|src)=\"([^\"]*)\"", page)
    assert all(x.startswith("#") or unescape(x) in addresses for x in links)


def _markdown_is_tame(page: str, sources: int) -> None:
    definitions = re.findall(r"(?m)^\s*\[[^\]\n]*\]:", page)
    assert len(definitions) <= sources
    prose = re.sub(r"^\[\d+\]: <https?://[^>\s]*>$", "", page, flags=re.M)
    assert not re.search(r"(?<!\\)(?:\\\\)*[<`|~]", prose)
    assert not re.search(r"(?i)\bhttps?://|www\.|(?<!\\)@", prose)
    assert not re.search(r"(?<!\\)(?:\\\\)*\]\(", prose)


# -- JSON --------------------------------------------------------------------------------------


def plain() -> Digest:
    p = Passage("a", 0, 0, 4, "Text", 1)
    c = Claim("Text", (p,), 1.0, "quoted", "reported")
    return Digest(
        Edition("harbour", date(2024, 11, 22)), "Harbour", datetime(2024, 11, 22, tzinfo=UTC), c,
        (c,), (Brief("d", c, (c,), ("a",), 1),), (),
        (Source(1, "a", "T", "P", None, "unknown", "", "a"),), (),
        Accounts(1, 1, (), 0, 0, (), 0, 1), ModelIdentity("w", "", "j", "cpu"),
    )  # fmt: skip


def test_claims_carry_their_line_and_sources_even_when_one_claim_stands_twice() -> None:
    data = codec.loads(json(plain()))
    assert data["schema"] == "briefing/digest/2"
    assert data["subject"]["line"] == "subject"
    assert data["bottom_line"][0]["line"] == "bottom-line/1"
    assert data["briefs"][0]["headline"]["line"] == "developments/1/headline"
    assert data["briefs"][0]["claims"][0]["line"] == "developments/1/1"
    assert data["subject"]["sources"] == [1]


def test_a_quiet_edition_survives_the_round_trip() -> None:
    quiet = Claim("No development to report", (), 1.0, "quoted", "reported")
    digest = Digest(
        Edition("harbour", date(2024, 11, 22)), "H", datetime(2024, 11, 22, 4, tzinfo=UTC), quiet,
        (), (), (), (), (), Accounts(0, 0, (), 0, 0, (), 0, 0), ModelIdentity("", "", "", ""),
    )  # fmt: skip
    made = files(digest, {})
    assert parse_json(made["digest.json"]) == digest
    schema("digest-2.schema.json").validate(codec.loads(made["digest.json"]))
    schema("evidence-2.schema.json").validate(codec.loads(made["evidence.json"]))
    assert codec.loads(made["evidence.json"])["lines"] == []


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.pop("made"),
        lambda d: d.update(extra=1),
        lambda d: d.update(schema="briefing/digest/1"),
        lambda d: d.update(schema="briefing/digest/9"),
        lambda d: d.update(made="2024-11-22T06:30:00"),
        lambda d: d.update(made="soon"),
        lambda d: d.update(made=7),
        lambda d: d.update(seconds="1"),
        lambda d: d.update(seconds=True),
        lambda d: d.update(briefs={}),
        lambda d: d.update(subject=[]),
        lambda d: d["subject"].update(wording="guessed"),
        lambda d: d["subject"].update(score=None),
        lambda d: d["sources"][0].update(number=1.5),
        lambda d: d["accounts"].update(left_out=[["off topic"]]),
        lambda d: d["edition"].update(day="2024-13-01"),
    ],
)
def test_a_damaged_file_is_refused_with_a_remedy(change: Any) -> None:
    data = codec.loads(json(plain()))
    change(data)
    with pytest.raises(BriefingError, match="Remedy"):
        parse_json(codec.dumps(data))
    if "schema" in data:
        assert list(schema("digest-2.schema.json").iter_errors(data))


@pytest.mark.parametrize("raw", ["", "{", "[]", "null", '"x"', "NaN"])
def test_what_is_no_digest_is_refused(raw: str) -> None:
    with pytest.raises(BriefingError, match=r"digest\.json cannot be read"):
        parse_json(raw)


def test_the_schemas_are_strict_everywhere() -> None:
    def objects(node: Any) -> Any:
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            for value in node.values():
                yield from objects(value)
        elif isinstance(node, list):
            for value in node:
                yield from objects(value)

    for name in ("digest-2.schema.json", "evidence-2.schema.json"):
        validator = schema(name)
        validator.check_schema(validator.schema)
        for found in objects(validator.schema):
            assert found["additionalProperties"] is False
            # A slot is stated only where a day has several editions: older digests stay provable.
            assert set(found["required"]) == set(found["properties"]) - {"slot"}


def test_one_of_several_editions_a_day_names_its_time() -> None:
    digest = plain()
    one = replace(digest, edition=replace(digest.edition, slot="1700"))
    data = codec.loads(files(one, ARTICLES)["digest.json"])
    assert data["edition"] == {"story": "harbour", "day": "2024-11-22", "slot": "1700"}
    assert parse_json(files(one, ARTICLES)["digest.json"]) == one
    assert ", 17:00" in files(one, ARTICLES)["digest.txt"].splitlines()[1]
    assert "slot" not in codec.loads(files(digest, ARTICLES)["digest.json"])["edition"]


# -- evidence ----------------------------------------------------------------------------------


def test_evidence_has_every_line_with_its_words_and_every_cited_article_once() -> None:
    digest = plain()
    data = codec.loads(files(digest, ARTICLES)["evidence.json"])
    assert [x["line"] for x in data["lines"]] == [line.id for line in lines(digest)]
    assert data["lines"][0]["passages"] == [
        {"article": "a", "index": 0, "start": 0, "end": 4, "text": "Text"}
    ]
    assert [x["id"] for x in data["articles"]] == ["a"]
    assert data["articles"][0]["sha256"] == sha256(ARTICLES["a"].text.encode()).hexdigest()


def test_evidence_of_an_unknown_article_is_a_bug() -> None:
    with pytest.raises(KeyError):
        files(plain(), {})


@pytest.mark.parametrize("render", [markdown, html, text])
def test_a_change_of_one_word_changes_every_reading(render: Any) -> None:
    changed = parse_json(json(plain()).replace('"text": "Text"', '"text": "Test"'))
    assert render(changed) != render(plain())
