"""A folder that cannot be written, a store that is damaged: what is wrong has a name and a remedy,
and with the cause gone the next run succeeds."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from processes import forked, succeeded
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
from small_disk import READERS, ROOT_ALONE, Disk, mounted, whole
from store_cases import fast_folder

from briefing.adapters.store import open_store
from briefing.app.overview import overview
from briefing.errors import BriefingError, StoreError
from briefing.serve.service import Rests


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with mounted(tmp_path / "disk") as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with fast_folder(tmp_path) as place:
        yield place


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
