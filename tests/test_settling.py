"""What a report leaves open and a later one settles, in sentences of our own invention."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text.settling import Settled, is_done, is_open, settles
from briefing.text.statements import statement

DAY = date(2024, 11, 6)  # a Wednesday


def settled(new: str, old: str, beside: str = "") -> Settled | None:
    now, was = (statement(text, published=DAY) for text in (new, old))
    return settles(now, was, new, old, beside)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("Norland may host talks on the ferry line, a diplomat said.",
         "Norland hosted the talks on the ferry line on Wednesday.", "modality"),
        ("The council is considering whether to reopen the Velmar tunnel.",
         "The council decided to open the tunnel again.", "modality"),
        ("A mine of unknown origin drifted ashore at Velmar.",
         "The mine at Velmar was laid by Norland's navy, experts said.", "name"),
        ("Norland offered to send eight engineers to the plant.",
         "The operators refused to admit the eight engineers.", "act"),
        ("The Harbour Union will veto the plan.",
         "The Harbour Union gave up its resistance to the plan.", "act"),
        ("The ship will leave Velmar on 12 November.",
         "The ship's departure from Velmar has been postponed to 20 November.", "date"),
        ("The secret service sank the barge, a source said.",
         "The secret service admitted that it had sunk the barge.", "source"),
        ("Three people were killed when the hotel was hit.",
         "The number of people killed at the hotel has risen to eleven.", "figure"),
    ],
)  # fmt: skip
def test_a_follow_up_settles_what_was_open(old: str, new: str, what: str) -> None:
    found = settled(new, old)
    assert found is not None
    assert found[0] == what
    assert found[1] in old
    assert found[2] in new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Norland may host talks on the ferry line, a diplomat said.",
         "A diplomat said that Norland could bring both sides together."),
        ("The ship will leave Velmar on 12 November.",
         "The vessel is to sail from Velmar on 12 November."),
        ("The secret service sank the barge, a source said.",
         "According to a source, the barge was the work of the secret service."),
        ("The harbour was closed on Tuesday.", "The harbour has been closed since Tuesday."),
        ("The council is considering a new tunnel.", "The council has discussed it for years."),
        ("The council is considering a new tunnel.", "What we know about the tunnel"),
        ("The group lent Norland 50 billion euros.", "Japan gave Norland 3 billion euros."),
    ],
)  # fmt: skip
def test_a_paraphrase_and_a_look_back_settle_nothing(old: str, new: str) -> None:
    assert settled(new, old) is None


def test_who_was_unnamed_is_named_by_what_else_was_said() -> None:
    old, beside = "Police held a reporter in Velmar.", "His name was not given."
    new = "The reporter held in Velmar is Daniel Hurst, his paper said."
    assert settled(new, old) is None
    assert settled(new, old, beside) == ("name", "", "Daniel Hurst")


def test_open_and_done() -> None:
    assert is_open("Norland is weighing a ban.")
    assert is_done("Norland banned the ships.")
    assert not is_done("Norland has long banned such ships.")
    assert not is_done("Norland bans ships.")


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_read(new: str, old: str) -> None:
    found = settled(new, old)
    assert found is None or len(found) == 3
