"""Promise P1 with a real mail system: what the readers find in their mailboxes, when the service
was killed at any step of the delivery and started again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from killing import DELIVERY, MINUTE, NAMES, NOW, House, Interpreter, Step, copies
from mta import MailSystem, mail_system, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

ANN, BO, CY = NAMES


@dataclass
class Scene:
    """What all tries share."""

    interpreter: Interpreter
    system: MailSystem
    queued: House  # with three mails to be sent

    def house(self, where: Path) -> House:
        return self.queued.copy(where / "house", port=self.system.port)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with ExitStack() as stack:
        system = stack.enter_context(mail_system())
        interpreter = stack.enter_context(Interpreter())
        queued = House(tmp_path_factory.mktemp("queued")).furnish()
        made = Scene(interpreter, system, queued.subscribe(served=False).queue())
        unharmed = made.house(tmp_path_factory.mktemp("unharmed"))
        assert interpreter.start(unharmed).well
        assert copies(unharmed, system) == dict.fromkeys(NAMES, 1)
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
    found = copies(house, scene.system)
    assert found.pop(BO) in allowed, scene.system.log()
    assert found == {ANN: 1, CY: 1}
    with house.store() as store:
        assert {letter.state for letter in store.outbox.letters()} == {"sent"}
