"""Do two tellings tell of one event? Features, their bounds, and the order of what is likely."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.text import lexical
from briefing.text.likeness import (
    FEATURES,
    LEAST_COSINE,
    MOST_DAYS,
    WEIGHTS,
    Telling,
    likeness,
    rows_of,
    telling,
    whole_row,
)

DAY = date(2024, 11, 6)
STRIKE = ("Missile strike kills nine in Sumy", "A missile fell on a bakery in Sumy.")
SAME = ("Nine dead as missile hits Sumy", "The missile struck a bakery in Sumy at noon.")
OTHER = ("Britain lets Ukraine fire Storm Shadow", "London has lifted its limits on missiles.")


def told(*articles: tuple[str, ...], days: tuple[int, ...] = ()) -> list[Telling]:
    """Tellings of articles, with vectors of their words."""
    rows = iter(lexical.vectors([text for texts in articles for text in texts]))
    dates = [DAY + timedelta(n) for n in days or (0,) * len(articles)]
    return [
        telling(f"a{n}", texts, [next(rows) for _ in texts], day)
        for n, (texts, day) in enumerate(zip(articles, dates, strict=True))
    ]


def feature(name: str, one: Telling, other: Telling) -> float:
    (row,) = rows_of([one], [other])[1]
    return float(row[FEATURES.index(name)])


def test_one_weight_for_each_feature() -> None:
    assert len(FEATURES) == len(WEIGHTS) == len(set(FEATURES))


def test_two_reports_of_one_strike_are_liker_than_of_two_matters() -> None:
    one, same, other = told(STRIKE, SAME, OTHER)
    found = likeness([one], [same, other])
    assert found.shape == (1, 2)
    assert found[0, 0] > found[0, 1]


def test_days_apart_make_unlike_up_to_a_bound() -> None:
    one, *rest = told(STRIKE, *[STRIKE] * 5, days=(0, 0, 1, 2, 3, 30))
    found = likeness([one], rest)[0]
    assert found[0] > found[1] > found[2] > found[3] == found[4]
    assert feature("days apart", one, rest[4]) == MOST_DAYS


def test_another_weapon_and_another_act_are_seen() -> None:
    shadow, taurus = told(OTHER, ("Berlin lets Ukraine fire Taurus", "Limits are lifted."))
    assert feature("other weapon", shadow, taurus) == 1.0
    assert feature("same act", shadow, taurus) == 1.0
    assert feature("other actor", shadow, taurus) == 1.0
    assert feature("other weapon", shadow, shadow) == 0.0


def test_an_explainer_is_no_report() -> None:
    one, explainer = told(OTHER, ("What to know about Storm Shadow missiles of Britain", OTHER[1]))
    assert feature("one explains", one, explainer) == 1.0
    assert feature("one explains", explainer, explainer) == 0.0


def test_words_count_by_their_rarity() -> None:
    tellings = told(
        ("Ukraine talks of missiles", "Nothing new."), ("Ukraine fires missiles", "x"),
        ("Ukraine talks of Bakhmach", "Nothing new."), ("Ukraine rebuilds Bakhmach", "x"),
        ("Ukraine buys missiles", "x"),
    )  # fmt: skip
    at, table = rows_of(tellings, tellings)
    words = dict(zip(at, table[:, FEATURES.index("words of the lead")], strict=True))
    assert words[2, 3] > words[0, 1]
    assert words[0, 0] == pytest.approx(1.0)


def test_what_is_plainly_unlike_is_not_looked_at() -> None:
    one, other = told(("Grain leaves the port", "Trains roll."), OTHER)
    assert float(one.row @ other.row) < LEAST_COSINE
    assert likeness([one], [other])[0, 0] == 0.0
    assert rows_of([one], [other])[0] == []


def test_nothing_is_like_nothing() -> None:
    (one,) = told(STRIKE)
    assert likeness([], [one]).shape == (0, 1)
    assert likeness([one], []).shape == (1, 0)


def test_the_lead_counts_twice_in_the_whole() -> None:
    lead, rest = np.eye(2, dtype=np.float32)
    row = whole_row([lead, rest])
    assert row[0] == pytest.approx(3 * row[1])
    assert float(row @ row) == pytest.approx(1.0)
    assert float(np.abs(whole_row([np.zeros(2, dtype=np.float32)])).sum()) == 0.0


def test_an_article_without_a_date_is_as_far_as_any() -> None:
    rows = lexical.vectors(STRIKE)
    undated = telling("x", STRIKE, list(rows), None)
    (dated,) = told(STRIKE)
    assert feature("days apart", undated, dated) == MOST_DAYS


_TEXT = st.text("Kyiv fires 9 missiles at Odesa.", max_size=40)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(_TEXT, _TEXT), min_size=1, max_size=5))
def test_likeness_is_a_probability_and_has_no_direction(articles: list[tuple[str, str]]) -> None:
    tellings = told(*articles)
    found = likeness(tellings, tellings)
    assert ((found >= 0) & (found <= 1)).all()
    assert found == pytest.approx(found.T)
    part = likeness(tellings[:1], tellings)
    assert part.shape == (1, len(tellings))
