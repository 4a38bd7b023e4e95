"""A disk that is full at each step, a folder that cannot be written, a store that is damaged: what
is wrong is named with a remedy, nothing is lost, and with the cause gone the next run succeeds."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from feed_site import Reply
from service_desk import (
    DAY,
    DUE,
    HOUR,
    MINUTE,
    Clock,
    Desk,
    Kitchen,
    desk,
    edition,
    wired,
)
from store_cases import fast_folder, forked, succeeded
from test_pipeline import WordModels

from briefing.adapters.files import DigestFiles
from briefing.adapters.secrets import own_key
from briefing.adapters.store import open_store
from briefing.app.overview import overview
from briefing.errors import BriefingError, ConfigError, StoreError
from briefing.news import Edition
from briefing.serve.service import Rests

READERS = ("ann@example.net", "bob@example.net")
ROOT_ALONE = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")
SPACE = "Free some space"


# -- a small disk ------------------------------------------------------------------------------


@dataclass
class Disk:
    """A file system of a few megabytes."""

    place: Path

    @property
    def ballast(self) -> Path:
        return self.place / "ballast"

    def free(self) -> int:
        state = os.statvfs(self.place)
        return state.f_bavail * state.f_frsize

    def fill(self, *, leave: int = 0) -> None:
        """Take all of it but ``leave`` bytes."""
        with suppress(OSError), self.ballast.open("ab", buffering=0) as file:
            while (size := self.free() - leave) > 0:
                file.write(bytes(min(size, 65_536)))

    def clear(self) -> None:
        self.ballast.unlink(missing_ok=True)


@contextmanager
def mounted(place: Path, *, size: str = "4m") -> Iterator[Disk]:
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        yield Disk(place)
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with mounted(tmp_path / "disk") as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with fast_folder(tmp_path) as place:
        yield place


def whole(made: Desk, *days: int) -> None:
    """These editions stand, each with its own report, on disk as on record, mailed once to each."""
    assert made.out() == [edition(day) for day in days]
    for day in days:
        assert made.told(edition(day)) == [str(day)]
        assert made.findings(edition(day)) == []
    mails = [one for one in made.post.taken if one.recipient in READERS]
    assert sorted(one.recipient for one in mails) == sorted(READERS * len(days))
    assert len({one.id for one in mails}) == len(mails)
    assert made.store.damage() == []
    assert list((made.folder / "digests").rglob(".*")) == []


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


# -- not to be written -------------------------------------------------------------------------


def test_a_file_in_the_place_of_the_editions_is_named(folder: Path) -> None:
    with desk(folder) as made:
        made.subscribe(*READERS)
        made.tell(0)
        made.service.editions()
        (folder / "digests").write_text("mine")
        made.go(DUE + 5 * MINUTE, step=5 * MINUTE)
        assert "A file stands where a folder should be" in made.kitchen.errors[-1].remedy
        assert (folder / "digests").read_text() == "mine"
        (folder / "digests").unlink()
        made.go(DUE + 40 * MINUTE, step=5 * MINUTE)
        whole(made, 0)


@ROOT_ALONE
def test_folder_and_store_of_another_user_are_named(folder: Path) -> None:
    """In a child that gives up its rights, since root may write anywhere."""
    with desk(folder) as made:
        made.subscribe(*READERS)
        made.tell(0)
        made.service.editions()
        made.store.close()
        folder.chmod(0o755)
        (folder / "digests").mkdir()
        state, clock = folder / "state", Clock(DUE)

        def read_only_store() -> None:
            os.setuid(65534)
            with pytest.raises(StoreError, match=r"(?s)Permission denied.*Remedy: Make .* folder"):
                wired(made.config, clock)

        def read_only_folder() -> None:
            os.setuid(65534)
            kitchen = Kitchen(made.config, wired(made.config, clock), clock)
            assert not kitchen.edition(edition(0)).done
            assert kitchen.errors[0].remedy.startswith("Make the folder writable")

        assert succeeded(forked(read_only_store))
        for place in (state, *state.iterdir()):
            os.chown(place, 65534, 65534)
        assert succeeded(forked(read_only_folder))
        for place in (state, *state.iterdir()):
            os.chown(place, 0, 0)
        made.go(DUE + 10 * MINUTE, step=5 * MINUTE)
        whole(made, 0)


@ROOT_ALONE
def test_a_disk_that_turns_read_only_is_named_and_goes_on_when_it_is_mended(disk: Disk) -> None:
    def mount(how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(disk.place)], check=True)

    with desk(disk.place) as made:
        made.subscribe(*READERS)
        made.tell(0)
        made.service.editions()
        made.clock.now = DUE
        made.store.close()  # nobody may take a disk away from a file that is open for writing
        mount("ro")
        made.service.editions()
        (error,) = made.kitchen.errors
        assert error.remedy.startswith("Make the file and its folder writable"), str(error)
        with pytest.raises(StoreError, match="Remedy"):
            made.watch.look()
        made.store.close()
        mount("rw")
        made.clock.now += 5 * MINUTE
        made.turn()
        whole(made, 0)


# -- damaged -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service that has made two editions and has a report for the third."""
    with fast_folder(tmp_path_factory.mktemp("served")) as place, desk(place) as made:
        made.subscribe(*READERS)
        made.service.editions()
        for day in range(2):
            made.tell(*range(day + 1))
            made.clock.now = DUE + day * DAY
            made.turn()
        made.tell(0, 1, 2)
        made.clock.now = DUE + 2 * DAY - HOUR
        made.turn()
        made.store.close()
        yield made
        made.store.close()


@contextmanager
def stored(made: Desk, content: bytes) -> Iterator[Path]:
    """The store's file holds something else for a while."""
    assert made.store.file
    before = made.store.file.read_bytes()
    made.store.file.write_bytes(content)
    try:
        yield made.store.file
    finally:
        made.store.close()
        made.store.file.write_bytes(before)


def used(made: Desk) -> list[StoreError]:
    """All that the service does at a turn; what it refuses, and nothing else may come out."""
    made.clock.now = DUE + 2 * DAY
    refused: list[StoreError] = []
    try:
        store = open_store(made.config.store.url)
    except StoreError as error:
        return [error]
    opened = replace(made.app, store=store)
    kitchen = Kitchen(made.config, opened, made.clock)
    service = replace(made.service, app=opened, runner=kitchen, _rests=Rests())
    turns: list[Callable[[], object]] = [
        lambda: overview(made.config, store, now=made.clock.now),
        service.poll,
        service.editions,
        lambda: [store.edition(one.edition) for one in store.editions(9)],
        lambda: store.articles(one.id for one in store.pending(edition(9))),
        store.readers.all,
        service.tidy,
        store.damage,
    ]
    for turn in turns:
        try:
            turn()
        except StoreError as error:
            refused.append(error)
    refused += [one for one in kitchen.errors if isinstance(one, StoreError)]
    assert all(isinstance(one, StoreError) for one in kitchen.errors)
    store.close()
    return refused


def test_whichever_page_is_damaged_it_is_named_as_damage_of_the_store(served: Desk) -> None:
    assert served.store.file
    good = served.store.file.read_bytes()
    with stored(served, good):
        assert used(served) == []
    said = []
    for page in range(len(good) // 4096):
        chance = Random(page)
        bad = bytearray(good)
        at = page * 4096 + chance.randrange(100, 3900)
        bad[at : at + 24] = chance.randbytes(24)
        with stored(served, bytes(bad)):
            said += used(served)
    assert len(said) > 5
    for error in said:
        assert str(served.store.file) in error.message
        assert "Restore" in error.remedy or "Could not decode" in error.message, str(error)


@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_a_file_that_was_cut_short_is_named_and_left_as_it_is(served: Desk, kept: float) -> None:
    assert served.store.file
    good = served.store.file.read_bytes()
    cut = good[: int(len(good) * kept)]
    with stored(served, cut) as file:
        (error,) = {str(one): one for one in used(served)}.values()
        assert "malformed" in error.message
        assert "Restore it from a backup" in error.remedy
        assert hashlib.sha256(file.read_bytes()).digest() == hashlib.sha256(cut).digest()
    # The backup is put in its place, and the edition is made
    with stored(served, good):
        assert used(served) == []
        with open_store(served.config.store.url) as store:
            found = store.edition(edition(2))
            assert found
            assert found.published


def test_what_is_no_store_is_not_overwritten(served: Desk) -> None:
    for content in (b"x" * 8192, b"SQLite format 3\0" + bytes(4080)):
        with stored(served, content) as file:
            errors = used(served)
            assert errors
            assert all(isinstance(one, BriefingError) and one.remedy for one in errors)
            assert file.read_bytes() == content
