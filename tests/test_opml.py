"""Subscription lists: read, written, read again; mistakes named with their line."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.errors import ConfigError
from briefing.news import Feed
from briefing.stages.parse.opml import read_opml, write_opml

SHIPPED = Path(__file__).parent.parent / "config" / "feeds.opml"


def read(body: str) -> tuple[Feed, ...]:
    return read_opml(f"<opml version='2.0'><body>{body}</body></opml>".encode(), where="feeds.opml")


def mistake(data: bytes) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read_opml(data, where="feeds.opml")
    assert caught.value.remedy
    return caught.value


def test_nested_outlines_and_attributes() -> None:
    found = read(
        """<outline text="World"><outline text="Harbour"><outline text="Post" type="rss"
           xmlUrl=" https://x.example/a?b=1&amp;c=2 " publisher="The Post" stateMedia="TRUE"
           language="uk"/></outline>
           <outline title="Times" xmlUrl="http://y.example/" bloc="defence"/></outline>
           <outline xmlUrl="https://z.example/rss"/><outline text="a note"/>"""
    )
    assert found == (
        Feed("https://x.example/a?b=1&c=2", "Post", "The Post", "Harbour", True, "uk"),
        Feed("http://y.example/", "Times", "Times", "defence", False, "en"),
        Feed("https://z.example/rss", "z.example", "z.example", "", False, "en"),
    )


def test_a_folder_ends_with_its_outline() -> None:
    inside, outside = read(
        '<outline text="A"><outline xmlUrl="https://a.example/"/></outline>'
        '<outline xmlUrl="https://b.example/"/>'
    )
    assert (inside.bloc, outside.bloc) == ("A", "")


def test_of_equal_addresses_the_first_counts() -> None:
    found = read(
        '<outline text="one" xmlUrl="https://a.example/"/><outline xmlUrl="https://b.example/"/>'
        '<outline text="two" xmlUrl="https://a.example/"/>'
    )
    assert [feed.title for feed in found] == ["one", "b.example"]


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"<opml>\n<body>\n<outline text='a'>\n</body></opml>", "feeds.opml:4"),
        (b"<opml>\n<outline text='Q & A'/></opml>", "feeds.opml:2"),
        (b"", "feeds.opml:1"),
        (b"plain text", "feeds.opml:1"),
        (b"\n<rss/>", "feeds.opml:2"),
        (b"<opml>\n\n<outline xmlUrl='ftp://x.example/'/></opml>", "feeds.opml:3"),
        (b"<opml>\n<outline xmlUrl='http://[::1'/></opml>", "feeds.opml:2"),
        (
            b"<opml>\n<outline\n xmlUrl='https://x.example/' stateMedia='maybe'/></opml>",
            "feeds.opml:2",
        ),
        (b"<?xml version='1.0' encoding='nosuch'?>\n<opml/>", "feeds.opml"),
        (b"<opml><outline text='\xff\xfe'/></opml>", "feeds.opml:1"),
    ],
)
def test_a_mistake_names_its_line(data: bytes, where: str) -> None:
    assert str(mistake(data).where).startswith(where)


def test_entities_are_refused() -> None:
    outside = b"<!DOCTYPE o [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><opml>&x;</opml>"
    laughs = (
        b"<!DOCTYPE o [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><opml><outline text='&b;'/></opml>"
    )
    for data in (outside, laughs):
        assert "entity" in mistake(data).message


WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=12,
)
FEEDS = st.lists(
    st.builds(
        Feed,
        url=st.integers().map(lambda n: f"https://x.example/?a=1&b='{n}\"<"),
        title=WORDS,
        publisher=WORDS,
        bloc=st.sampled_from(["", "world", "a & b", '"quoted" <x>']),
        state_media=st.booleans(),
        language=st.sampled_from(["en", "uk"]),
    ),
    unique_by=lambda feed: feed.url,
)


@given(FEEDS)
def test_what_is_written_reads_back_as_the_same(feeds: list[Feed]) -> None:
    assert read_opml(write_opml(feeds, title="a < b & c"), where="x") == tuple(feeds)


@given(st.binary(max_size=80))
def test_any_bytes_are_a_list_or_a_configuration_error(data: bytes) -> None:
    for whole in (data, b"<opml>" + data + b"</opml>"):
        with contextlib.suppress(ConfigError):
            read_opml(whole, where="x")


def test_the_shipped_list_covers_all_sides() -> None:
    feeds = read_opml(SHIPPED.read_bytes(), where="config/feeds.opml")
    assert len(feeds) >= 24
    blocs = {feed.bloc for feed in feeds}
    assert {"world", "defence", "ukrainian", "russian", "western government"} <= blocs
    state = {feed.publisher for feed in feeds if feed.state_media}
    assert {"TASS", "RT", "Kremlin", "Ukrinform", "NATO"} <= state
    assert not {"The Moscow Times", "Meduza", "The Kyiv Independent", "The Guardian"} & state
    assert read_opml(write_opml(feeds), where="x") == feeds


@pytest.mark.parametrize("given", ["ann:canary-4711@", "canary-4711@", "ann:can@ary-4711@", "@"])
def test_an_address_with_a_password_is_refused_and_never_shown(given: str) -> None:
    for scheme in ("https", "gopher"):
        feed = f'<outline xmlUrl="{scheme}://{given}feeds.example/rss"/>'
        error = mistake(f"<opml version='2.0'><body>\n{feed}</body></opml>".encode())
        assert error.where == "feeds.opml:2"
        assert "name or a password" in error.message
        assert "ary-4711" not in str(error)
