"""Quantities: value, unit, bound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text.numbers import bound_span, quantities


def read(text: str) -> list[tuple[float, float, str, str]]:
    return [(q.low, q.high, q.unit, q.bound) for q in quantities(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("six U.S.-supplied ATACMS missiles were launched", [(6, 6, "missiles", "")]),
        ("approximately 300 km (190 miles)", [(300, 300, "km", "about"), (190, 190, "miles", "")]),
        ("ATACMS’ 300-km range", [(300, 300, "km", "")]),
        ("approximately 10,000 North Korean soldiers", [(10000, 10000, "soldiers", "about")]),
        ("about 920 million euros", [(920e6, 920e6, "eur", "about")]),
        ("$1.5bn and €920m", [(1.5e9, 1.5e9, "usd", ""), (920e6, 920e6, "eur", "")]),
        ("at least 1.5 million people", [(1.5e6, 1.5e6, "people", "at least")]),
        (
            "40% of voters, 40 per cent, 40 percentage points",
            [(40, 40, "%", ""), (40, 40, "%", ""), (40, 40, "points", "")],
        ),
        ("twenty-one tanks", [(21, 21, "tanks", "")]),
        ("two hundred and fifty drones", [(250, 250, "drones", "")]),
        ("a dozen men", [(12, 12, "men", "")]),
        ("between 10 and 15 missiles", [(10, 15, "missiles", "")]),
        ("10-15 drones", [(10, 15, "drones", "")]),
        ("nearly half the seats", [(0.5, 0.5, "fraction", "nearly")]),
        ("two-thirds of voters", [(2 / 3, 2 / 3, "fraction", "")]),
        ("a third of the work", [(1 / 3, 1 / 3, "fraction", "")]),
        ("the third strike", [(3, 3, "ordinal", "")]),
        ("World War III", [(3, 3, "name", "")]),
        ("“World War 3”", [(3, 3, "name", "")]),
        ("an F-16 and a Kh-101", [(16, 16, "name", ""), (101, 101, "name", "")]),
        ("on November 19", [(19, 19, "date", "")]),
        ("on 19 November 2024", [(19, 19, "date", ""), (2024, 2024, "year", "")]),
        ("in February 2022", [(2022, 2022, "year", "")]),
        ("2000 troops", [(2000, 2000, "soldiers", "")]),
        ("within 24 hours", [(24, 24, "hours", "")]),
        ("155-millimetre shells", [(155, 155, "mm", "")]),
        ("doubled", [(2, 2, "multiple", "")]),
        (
            "more than 50 drones, up to 60 missiles, fewer than 70 guns",
            [
                (50, 50, "drones", "over"),
                (60, 60, "missiles", "at most"),
                (70, 70, "guns", "under"),
            ],
        ),
        ("two months", [(2, 2, "months", "")]),
        ("no numbers here", []),
    ],
)
def test_quantities(text: str, expected: list[tuple[float, float, str, str]]) -> None:
    assert read(text) == [(pytest.approx(a), pytest.approx(b), u, bd) for a, b, u, bd in expected]


def test_vague_numbers_are_intervals() -> None:
    (few,) = quantities("just a few dozen missiles")
    assert (few.low, few.high, few.unit, few.approximate) == (24, 60, "missiles", True)
    (many,) = quantities("tens of thousands of people")
    assert many.low < many.high
    assert many.approximate


def test_from_to_is_a_change_and_no_range() -> None:
    assert [(q.low, q.high) for q in quantities("rose from 5 to 7 percent")] == [(5, 5), (7, 7)]


def test_a_phone_number_or_score_is_no_range() -> None:
    assert all(q.low == q.high for q in quantities("by 31 votes to 12"))


@given(st.integers(0, 10**9))
def test_a_number_means_the_same_with_and_without_commas(number: int) -> None:
    plain, grouped = quantities(f"{number} tanks"), quantities(f"{number:,} tanks")
    assert plain[0].low == grouped[0].low == number


@given(st.text(max_size=120))
def test_quantities_are_spans_in_order(text: str) -> None:
    at = 0
    for q in quantities(text):
        assert text[q.start : q.end] == q.text
        assert at <= q.start < q.end
        assert q.low <= q.high
        at = q.end


def test_bound_span_names_the_words() -> None:
    text = "They fired at least 12 missiles."
    (q,) = quantities(text)
    span = bound_span(text, q)
    assert span is not None
    assert text[span[0] : span[1]] == "at least"
