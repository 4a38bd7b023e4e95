"""Promise P1: killed at any step of a delivery and started again, the service loses no mail, and
doubles at most the one under way, byte for byte, in the two windows after the final dot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import killing
import pytest
from killing import (
    DELIVERY,
    MINUTE,
    NAMES,
    NOW,
    WIRE,
    House,
    Scene,
    Step,
    aiosmtpd,
    copies,
)
from store_cases import fast_folder, mail
from writers import killed

from briefing.adapters.store import open_store

ANN, BO, CY = NAMES


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with aiosmtpd() as post, killing.scene(post, tmp_path_factory.mktemp("scene")) as made:
        yield made


def settled(house: House) -> dict[str, tuple[str, int]]:
    """State and attempts of each reader's mail."""
    with house.store() as store:
        return {x.mail.recipient: (x.state, x.attempts) for x in store.outbox.letters()}


@pytest.mark.parametrize(("step", "allowed"), DELIVERY, ids=lambda one: getattr(one, "name", ""))
def test_killed_at_a_step_and_started_again(
    tmp_path: Path, scene: Scene, step: Step, allowed: set[int]
) -> None:
    house = scene.house(tmp_path)
    first = scene.interpreter.start(house, step)
    assert first.killed, first.said
    interrupted = {name for name, fate in settled(house).items() if fate == ("queued", 1)}
    assert interrupted <= {BO}
    second = scene.interpreter.start(house, at=NOW + MINUTE)
    assert second.well, second.said
    found = copies(house, scene.post)
    assert found.pop(BO) in allowed
    assert found == {ANN: 1, CY: 1}
    assert settled(house) == {n: ("sent", 2 if n in interrupted else 1) for n in NAMES}
    assert scene.interpreter.start(house, at=NOW + 2 * MINUTE).well
    assert scene.post.take() == []


def test_killed_at_any_line_of_ours(tmp_path: Path, scene: Scene) -> None:
    number, lines, twice = 1, 0, 0
    while True:
        house = scene.house(tmp_path / str(number))
        step = Step("any line", "briefing", "line", nth=number)
        first = scene.interpreter.start(house, step)
        assert first.killed or first.well, first.said
        if first.killed:
            second = scene.interpreter.start(house, at=NOW + MINUTE)
            assert second.well, second.said
        found = copies(house, scene.post)
        assert set(found.values()) <= {1, 2}, f"line {number}: {found}"
        assert sum(found.values()) <= len(NAMES) + 1, f"line {number}: {found}"
        assert {state for state, _ in settled(house).values()} == {"sent"}
        twice += sum(found.values()) - len(NAMES)
        lines += 1
        if first.well:
            break
        number += 97
    assert lines > 20
    assert twice >= 1


def test_a_mail_that_ends_the_process_each_time_holds_up_no_other(
    tmp_path: Path, scene: Scene
) -> None:
    house = scene.house(tmp_path)
    fatal = Step("the mail to Bo", f"{WIRE}.ask", "before", word=f"TO:<{BO}>")
    assert scene.interpreter.start(house, fatal).killed
    assert scene.interpreter.start(house, fatal, at=NOW + MINUTE).killed
    assert scene.interpreter.start(house, fatal, at=NOW + 2 * MINUTE).well
    assert copies(house, scene.post) == {ANN: 1, BO: 0, CY: 1}
    assert scene.interpreter.start(house, at=NOW + 7 * MINUTE).well
    assert copies(house, scene.post) == {ANN: 0, BO: 1, CY: 0}


def test_each_kill_costs_at_most_one_copy(tmp_path: Path, scene: Scene) -> None:
    house = scene.house(tmp_path)
    heard = next(step for step, _ in DELIVERY if step.name == "the 250 is heard")
    again = Step(heard.name, heard.target, heard.when)  # of the first mail of the next process
    assert scene.interpreter.start(house, heard).killed
    assert scene.interpreter.start(house, again, at=NOW + MINUTE).killed
    for minutes in (2, 7):
        assert scene.interpreter.start(house, at=NOW + minutes * MINUTE).well
    assert copies(house, scene.post) == {ANN: 1, BO: 3, CY: 1}


# -- what was acknowledged ---------------------------------------------------------------------

KILLS = 500  # promise P5


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    with fast_folder(tmp_path) as folder:
        yield folder / "briefing.db"


def test_what_a_writer_acknowledged_outlives_five_hundred_kills(path: Path) -> None:
    """Each process queues a mail, claims the oldest and settles it, until it is killed."""
    url, log = f"sqlite:///{path}", path.with_name("acknowledged")
    open_store(url).close()
    killed(url, log, times=KILLS)
    notes = [line.split() for line in log.read_text().splitlines()]
    queued = {name for what, name in notes if what == "queued"}
    sent = {name for what, name in notes if what == "settled"}
    assert len(queued) >= KILLS
    with open_store(url) as store:
        assert store.damage() == []
        letters = {x.mail.recipient: x for x in store.outbox.letters(limit=10**6)}
    assert queued <= letters.keys()
    assert {letters[name].state for name in sent} == {"sent"}
    # Each of the killed may have committed one step more than it could say.
    assert len(letters) <= len(queued) + KILLS
    assert sum(letter.state == "sent" for letter in letters.values()) <= len(sent) + KILLS
    assert all(letter.mail.content == mail("r").content for letter in letters.values())
