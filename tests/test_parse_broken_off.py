"""Feeds that break off in the middle."""

from __future__ import annotations

import pytest
from test_parse_feeds import entries


@pytest.mark.parametrize(
    "rest",
    [
        "<item><title>Bridge shut</title><link>https://news.exam",
        "<item><title>Bridge shut</title><link>https://news.example/2</link>",
        "<item>",
        "<ITEM><title>Bri",
    ],
)
def test_an_entry_in_the_middle_of_which_a_feed_breaks_off_waits_to_be_whole(rest: str) -> None:
    whole = "<item><title>Bridge opens</title><link>https://news.example/1</link></item>"
    (found,) = entries(f'<rss version="2.0"><channel>{whole}{rest}')
    assert found.title == "Bridge opens"
    assert entries(f'<rss version="2.0"><channel>{rest}') == []


def test_an_entry_that_is_never_closed_in_a_whole_feed_is_read() -> None:
    body = "<rss><channel><item><title>A</title><item><title>B</title></channel></rss>"
    assert entries(body)[-1].title == "B"
