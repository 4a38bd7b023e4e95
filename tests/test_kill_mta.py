"""Promise P1 with a real mail system: what the readers find in their mailboxes, when the service
was killed at any step of the delivery and started again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import killing
import pytest
from killing import DELIVERY, MINUTE, NAMES, NOW, Scene, Step, copies
from mta import mail_system, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

ANN, BO, CY = NAMES


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with mail_system() as post, killing.scene(post, tmp_path_factory.mktemp("scene")) as made:
        yield made


@pytest.mark.parametrize(("step", "allowed"), DELIVERY, ids=lambda one: getattr(one, "name", ""))
def test_the_mailboxes_after_a_kill_and_a_second_start(
    tmp_path: Path, scene: Scene, step: Step, allowed: set[int]
) -> None:
    house = scene.house(tmp_path)
    first = scene.interpreter.start(house, step)
    assert first.killed, first.said
    second = scene.interpreter.start(house, at=NOW + MINUTE)
    assert second.well, second.said
    found = copies(house, scene.post)
    assert found.pop(BO) in allowed, scene.post.log()
    assert found == {ANN: 1, CY: 1}
    with house.store() as store:
        assert {letter.state for letter in store.outbox.letters()} == {"sent"}
