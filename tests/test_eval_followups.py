"""The invented follow-ups, and how they are counted."""

from __future__ import annotations

from collections import Counter

import pytest

from evals.memory_followups import KINDS, Outcome, Row, measured, right, rows


@pytest.mark.parametrize("split", ["dev", "test"])
def test_every_follow_up_goes_on_a_report_of_its_story(split: str) -> None:
    listed = rows(split)
    by_id = {row.id: row for row in listed}
    assert len(by_id) == len(listed)
    for row in listed:
        if row.day == 1:
            assert not row.kind
            continue
        assert row.kind in KINDS
        if row.kind in ("UPDATED", "REPEATED"):
            assert by_id[row.of].story == row.story
            assert by_id[row.of].day == 1
        assert bool(row.what) == (row.kind == "UPDATED")


def test_there_are_enough_of_each_kind_and_no_story_is_in_both_splits() -> None:
    tuned, held = rows("dev"), rows("test")
    counted = Counter(row.kind for row in (*tuned, *held))
    assert all(counted[kind] >= 40 for kind in ("NEW", "UPDATED", "REPEATED"))
    assert not {row.story for row in tuned} & {row.story for row in held}


def row(kind: str, of: str = "") -> Row:
    return Row("a", "s", 2, "t", "x", kind, of, "named" if kind == "UPDATED" else "")


def test_an_update_of_another_report_is_wrong_and_background_must_be_no_news() -> None:
    assert right(Outcome(row("UPDATED", "b"), "UPDATED", "b"))
    assert not right(Outcome(row("UPDATED", "b"), "UPDATED", "c"))
    assert right(Outcome(row("BACKGROUND"), "REPEATED"))
    assert not right(Outcome(row("BACKGROUND"), "NEW"))


def test_shares_by_hand() -> None:
    found = measured([
        Outcome(row("UPDATED", "b"), "UPDATED", "b"),
        Outcome(row("UPDATED", "b"), "NEW"),
        Outcome(row("NEW"), "NEW"),
        Outcome(row("REPEATED", "b"), "UPDATED", "b"),
        Outcome(row("BACKGROUND"), "REPEATED"),
    ])  # fmt: skip
    assert (found["followups_updated"], found["followups_updated_precision"]) == (0.5, 0.5)
    assert (found["followups_new"], found["followups_new_precision"]) == (1.0, 0.5)
    assert (found["followups_repeated"], found["followups_repeated_precision"]) == (0.0, 1.0)
    assert found["followups_background"] == 1.0
    assert found["followups_what"] == {"named": "1 of 2"}
