"""Long rows of one thing take the rules' time in step with their length: no pattern is read in the
square of ways."""

from __future__ import annotations

import time
from datetime import date

import pytest

from briefing.news import Entry
from briefing.stages.clean import clean, paragraph_texts
from briefing.stages.extract import extract

DAY = date(2024, 11, 22)
ROWS = (
    "a ", '"', "“", "'a ", '"a', "1,", "1.", "1 ", "9", "A. ", "(", "[", "- ", "— ", "…",
    "22 November 2024 ", "2024-11-", "Mr. ", "said ", 'he said, "', "x, ", "and ", "https://a",
    "@", "£1", "O'", "U.S.", "&amp;", "*a", "President Putin ",
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_time_grows_with_length_and_not_with_its_square(row: str) -> None:
    short = min(seconds(row, 4_000) for _ in range(2))
    long = seconds(row, 16_000)
    # Four times the length: a square would take sixteen times as long
    assert long < 8 * short + 0.5


def seconds(row: str, characters: int) -> float:
    """Processor time that a text of so many characters takes from a feed to a clean article."""
    body = f"The dock workers laid down tools. {row * (characters // len(row))}. The port is shut."
    entry = Entry("k", "https://n.example/", "", "Strike", None, body, "text")
    began = time.process_time()
    found = extract(entry, None, as_of=DAY)
    for article in found if isinstance(found, list) else ():
        paragraph_texts(article)
        clean(article)
    return time.process_time() - began
