"""A disk that is full at each step: it is named with a remedy, nothing is lost, and with room again
the next run succeeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from feed_site import Reply
from service_desk import (
    DAY,
    DUE,
    HOUR,
    MINUTE,
    Desk,
    Kitchen,
    desk,
    edition,
)
from small_disk import READERS, ROOT_ALONE, Disk, mounted, whole
from store_cases import fast_folder
from test_pipeline import WordModels

from briefing.adapters.files import DigestFiles
from briefing.adapters.secrets import own_key
from briefing.adapters.store import open_store
from briefing.errors import BriefingError, ConfigError, StoreError
from briefing.news import Edition

SPACE = "Free some space"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with mounted(tmp_path / "disk") as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with fast_folder(tmp_path) as place:
        yield place


# -- full at a step ----------------------------------------------------------------------------


class Full(DigestFiles):
    """The disk is full once the edition's files are written."""

    def __init__(self, folder: Path, fill: Callable[[], None]) -> None:
        super().__init__(folder)
        self._fill = fill

    def save(self, edition: Edition, files: dict[str, str]) -> Path:
        saved = super().save(edition, files)
        self._fill()
        return saved


@dataclass
class Filling(WordModels):
    """The disk is full when the writer is asked."""

    fill: Callable[[], None] = lambda: None

    def generate(self, prompts: Sequence[str], **options: Any) -> list[list[str]]:
        self.fill()
        return super().generate(prompts, **options)


class Staged(Kitchen):
    """The disk is full when a stage begins."""

    stage = ""
    fill: Callable[[], None] = staticmethod(lambda: None)

    def cook(self, edition: Edition, **options: Any) -> Any:
        def progress(stage: str, done: int, total: int) -> None:
            if stage == self.stage and done == total:
                self.fill()

        return super().cook(edition, progress=progress, **options)


STEPS = [
    "before it begins", "while feeds are asked", "while pages are asked", "while it is related",
    "while it is written", "before its files are saved", "before it is recorded",
]  # fmt: skip


def filling(made: Desk, disk: Disk, step: str) -> Kitchen:
    """A kitchen in which the disk is full at that step."""
    kitchen = Staged(made.config, made.app, made.clock)
    kitchen.fill = disk.fill  # type: ignore[method-assign]
    match step:
        case "before it begins":
            disk.fill()
        case "while feeds are asked":
            made.tell(0, then=disk.fill)
        case "while pages are asked":
            made.site.pages["/report/0"] = lambda _: (disk.fill(), Reply(status=404))[1]
        case "while it is related":
            kitchen.stage = "relate"
        case "while it is written":
            kitchen.app = replace(made.app, models=Filling(fill=disk.fill))
        case "before its files are saved":
            kitchen.stage = "compose"
        case "before it is recorded":
            kitchen.app = replace(made.app, files=Full(made.config.output.folder, disk.fill))
    return kitchen


@ROOT_ALONE
@pytest.mark.parametrize("step", STEPS)
def test_full_at_a_step_of_a_run(disk: Disk, step: str) -> None:
    with desk(disk.place) as made:
        made.subscribe(*READERS)
        made.tell(0)
        made.service.editions()
        made.clock.now = DUE
        made.service.runner = kitchen = filling(made, disk, step)
        with suppress(StoreError):
            made.service.editions()
        (error,) = kitchen.errors
        assert error.remedy.startswith(SPACE), str(error)
        assert "full" in error.message or "No space left" in error.message
        assert made.out() == []
        assert made.store.outbox.tally().queued == 0
        assert made.store.damage() == []
        # Still full: it fails in the same way, and not sooner or later
        made.clock.now += 5 * MINUTE
        with suppress(StoreError):
            made.service.editions()
        assert all(one.remedy.startswith(SPACE) for one in kitchen.errors)
        assert made.out() == []
        disk.clear()
        made.site.pages.clear()
        made.tell(0)
        made.service.runner = Kitchen(made.config, made.app, made.clock)
        made.clock.now += 30 * MINUTE
        made.turn()
        whole(made, 0)
        stored = made.store.edition(edition(0))
        assert stored
        assert stored.digest.notes == ()  # with the models


@ROOT_ALONE
def test_however_much_room_is_left_an_edition_is_made_whole_or_later(disk: Disk) -> None:
    """Day by day a little more, from nothing to enough."""
    outcomes, day = [], 0
    with desk(disk.place) as made:
        made.subscribe(*READERS)
        made.service.editions()
        for left in range(0, 240, 12):
            made.tell(day)
            made.clock.now = DUE + day * DAY
            errors = len(made.kitchen.errors)
            disk.fill(leave=left * 1024)
            found: list[BriefingError] = []
            try:
                made.service.editions()
                made.service.deliver()
            except StoreError as error:
                found.append(error)
            found += made.kitchen.errors[errors:]
            assert all(one.remedy.startswith(SPACE) for one in found), [str(one) for one in found]
            outcomes.append(not found)
            assert made.store.damage() == []
            disk.clear()
            made.clock.now += 40 * MINUTE
            made.turn()
            assert made.told(edition(day)) == [str(day)]
            day += 1
        whole(made, *range(day))
    assert outcomes[0] is False
    assert outcomes[-1] is True
    assert 3 < sum(outcomes) < len(outcomes) - 3


@ROOT_ALONE
def test_full_while_mails_are_settled_costs_at_most_one_copy(disk: Disk) -> None:
    with desk(disk.place) as made:
        made.subscribe(*READERS)
        made.tell(0)
        made.service.editions()
        made.clock.now = DUE
        made.service.editions()

        def full(address: str) -> str:
            disk.fill()
            return ""

        made.post.on_content = full
        with pytest.raises(StoreError, match=rf"(?s)full.*{SPACE}"):
            made.service.deliver()
        assert [one.recipient for one in made.post.taken] == [READERS[0]]
        for _ in range(3):  # nothing is claimed that could not be settled
            with pytest.raises(StoreError, match=SPACE):
                made.service.deliver()
        assert len(made.post.taken) == 1
        disk.clear()
        made.post.on_content = lambda address: ""
        made.clock.now += 10 * MINUTE
        made.turn()
        first, *copies, last = made.post.taken
        assert (first.recipient, last.recipient) == READERS
        assert [one.id for one in copies] in ([], [first.id])
        assert made.store.outbox.tally().sent == 2
        assert made.store.damage() == []


@ROOT_ALONE
def test_full_between_editions_loses_no_entry_of_a_feed(disk: Disk) -> None:
    with desk(disk.place) as made:
        made.tell(0)
        made.service.editions()
        disk.fill()
        assert not made.service.poll()
        assert made.kitchen.errors[0].remedy.startswith(SPACE)
        disk.clear()
        made.clock.now += 2 * MINUTE
        assert made.service.poll()
        assert [one.title for one in made.store.pending(edition(0))] == [
            "Dock workers of Lunden, report 0"
        ]


@ROOT_ALONE
def test_a_backup_onto_a_full_disk_leaves_store_and_older_copy(disk: Disk) -> None:
    with desk(disk.place) as made:
        made.tell(0)
        made.go(DUE)
        copy = disk.place / "copy.db"
        made.store.backup(copy)
        before = copy.read_bytes()
        disk.fill(leave=16_384)
        with pytest.raises(StoreError) as caught:
            made.store.backup(copy)
        assert caught.value.remedy
        assert copy.read_bytes() == before
        assert {one.name for one in disk.place.iterdir() if "copy" in one.name} == {"copy.db"}
        disk.clear()
        assert made.store.damage() == []
        made.store.backup(copy)
        with open_store(f"sqlite:///{copy}") as again:
            assert len(again.editions(9)) == 1


@ROOT_ALONE
def test_a_key_that_finds_no_room_is_made_whole_later(disk: Disk) -> None:
    file = disk.place / "keys" / "secret.key"
    file.parent.mkdir()
    disk.fill()
    with pytest.raises(ConfigError, match=r"(?s)secret\.key cannot be made: No space left.*Remedy"):
        own_key(file, {})
    assert list(file.parent.iterdir()) == []
    disk.clear()
    assert len(own_key(file, {})) == 32


@ROOT_ALONE
def test_a_full_disk_of_editions_holds_up_the_edition_and_not_the_store(
    disk: Disk, folder: Path
) -> None:
    """The store is elsewhere: the failure is on record, and told to the operator."""
    more = {"output": f'folder = "{disk.place}"'}
    with desk(folder, more=more) as made:
        made.subscribe(*READERS)
        made.tell(0)
        made.service.editions()
        disk.fill()
        made.go(DUE + 90 * MINUTE, step=15 * MINUTE)
        (last, *_) = made.store.runs.of(edition(0))
        assert (last.outcome, last.stage) == ("failed", "compose")
        assert "No space left" in last.detail
        kinds = {alarm.kind for alarm in made.store.watching.alarms()}
        assert kinds == {"failed edition", "low disk"}
        made.post.taken.clear()
        disk.clear()
        made.go(DUE + 3 * HOUR, step=30 * MINUTE)
        assert made.told(edition(0)) == ["0"]
        readers = [one.recipient for one in made.post.taken if one.recipient in READERS]
        assert readers == list(READERS)
