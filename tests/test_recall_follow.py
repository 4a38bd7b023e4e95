"""Follow-ups in other words join the thread of what they go on, and say what they settle."""

from __future__ import annotations

import numpy as np
import pytest
from invented_days import START, Memory, article

from briefing.news import Origin
from briefing.stages import recall
from briefing.stages.group import group
from briefing.text import lexical

BRIDGE = (
    "bridge", "Explosion damages bridge at Velmar",
    "An explosion damaged the road bridge at Velmar, and a source said that the harbour police "
    "had carried out the attack on the bridge.",
)  # fmt: skip
ADMITS = (
    "bridge", "Harbour police takes responsibility",
    "The harbour police admitted that it had carried out the attack on the road bridge at Velmar.",
)  # fmt: skip
FERRY = (
    "ferry", "Ferry catches fire at Karn",
    "A ferry with railway wagons caught fire in the port of Karn, and one sailor was hurt.",
)  # fmt: skip
EXPLAINED = (
    "bridge", "Why the bridge at Velmar matters",
    "The road bridge at Velmar is one of three ways to the harbour.",
)  # fmt: skip


def test_a_confirmation_in_other_words_is_an_update_and_told_once() -> None:
    memory = Memory()
    first = memory.tell(0, BRIDGE)
    day = memory.tell(1, ADMITS)
    found = day.of(ADMITS[2])
    assert (found.kind, found.what) == ("UPDATED", "source")
    assert found.old is not None
    assert found.old.text == BRIDGE[2]
    assert day.threads == first.threads
    again = (*ADMITS[:2], "That it had carried out the attack on the road bridge at Velmar was "
             "admitted by the harbour police.")  # fmt: skip
    assert memory.tell(2, again).of(again[2]).kind == "REPEATED"


def test_another_event_beside_it_is_new() -> None:
    memory = Memory()
    first = memory.tell(0, BRIDGE)
    day = memory.tell(1, ADMITS, FERRY)
    assert day.of(FERRY[2]).kind == "NEW"
    assert day.of(FERRY[2]).thread not in first.threads


def test_an_explanation_of_what_is_known_brings_no_news() -> None:
    memory = Memory()
    first = memory.tell(0, BRIDGE)
    day = memory.tell(1, EXPLAINED)
    assert day.threads == first.threads
    assert "UPDATED" not in day.kinds


def test_a_further_passage_of_a_fact_speaks_for_it_too() -> None:
    memory = Memory()
    memory.tell(0, BRIDGE)
    both = (*ADMITS[:2], "On the bridge of Velmar the harbour police spoke for the first time.")
    day = memory.tell(1, both, ADMITS)
    assert day.of(ADMITS[2]).kind == "UPDATED"


def test_reports_that_go_on_different_matters_are_not_one_development() -> None:
    one = article("a1", START, "Velmar council meets", "The council of Velmar met on Monday.")
    other = article("a2", START, "Velmar council meets", "The council of Velmar met at noon.")
    rows = {"a1": (1.0, 0.0), "a2": (0.5, 0.866)}  # near enough to be one, and no nearer
    vectors = {
        p.key: np.array(rows[a.id], dtype=np.float32) for a in (one, other) for p in a.passages
    }
    origins = [Origin(a.id, (a.id,)) for a in (one, other)]
    assert len(group([one, other], vectors, origins)) == 1
    near = {"a1": "thread 1", "a2": "thread 1"}
    assert len(group([one, other], vectors, origins, near)) == 1
    far = {"a1": "thread 1", "a2": "thread 2"}
    assert len(group([one, other], vectors, origins, far)) == 2


def test_nothing_goes_on_where_nothing_is_known() -> None:
    one = article("a1", START, *BRIDGE[1:])
    rows = lexical.vectors([p.text for p in one.passages])
    vectors = {p.key: row for p, row in zip(one.passages, rows, strict=True)}
    assert recall.known_matters([one], [], vectors=vectors, rows={}) == {"a1": ""}


@pytest.mark.parametrize("number", [1, 3])
def test_a_report_goes_on_the_thread_that_it_repeats(number: int) -> None:
    memory = Memory()
    (thread,) = memory.tell(0, BRIDGE).threads
    assert memory.tell(number, BRIDGE).threads == {thread}
