"""A copy of the store while it is used: whole, of one moment, and in place in one step."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from processes import eventually, forked, succeeded
from store_cases import (
    FRIDAY,
    NOW,
    SATURDAY,
    article_id,
    digest,
    fast_folder,
    killed_at_line,
    mail,
    pair,
)

from briefing.adapters.store import SqlStore, open_store
from briefing.errors import StoreError
from briefing.news import Edition
from briefing.post import Receipt

ROOT_ALONE = pytest.mark.skipif(os.geteuid() != 0, reason="it takes the rights of root")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with fast_folder(tmp_path) as found:
        yield found


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "state" / "briefing.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    with open_store(f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture
def backups(folder: Path) -> Path:
    made = folder / "backups"
    made.mkdir()
    return made


def fill(store: SqlStore, *keys: str) -> None:
    store.add_all([pair(key, text="A pier. " * 200) for key in keys], now=NOW)


def kept(path: Path) -> list[str]:
    """Ids of the articles of a store that must be whole."""
    with open_store(f"sqlite:///{path}") as store:
        assert store.damage() == []
        return sorted(article.id for article in store.pending(FRIDAY))


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in names}


def test_the_copy_holds_all_and_is_for_its_user_alone(
    store: SqlStore, path: Path, backups: Path
) -> None:
    fill(store, "a", "b")
    made = digest(FRIDAY, "S")
    store.record(made, [], skips=[], evidence="{}", mails=[mail("r")], published=NOW)
    store.readers.add("ann@x.example", "harbour", standing="active", now=NOW)
    target = backups / "copy.db"
    size = store.backup(target)
    assert size == target.stat().st_size == path.stat().st_size
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert rows(target) == rows(path)
    assert list(backups.iterdir()) == [target]


def test_the_copy_is_a_store(store: SqlStore, backups: Path) -> None:
    fill(store, "a")
    target = backups / "copy.db"
    store.backup(target)
    with open_store(f"sqlite:///{target}") as copy:
        assert copy.damage() == []
        copy.record(digest(FRIDAY, "S"), [article_id("a")], skips=[], evidence="{}")
        assert copy.pending(SATURDAY) == []
    assert len(store.pending(SATURDAY)) == 1


def test_a_store_in_memory_can_be_copied_too(backups: Path) -> None:
    with open_store("sqlite://") as store:
        fill(store, "a")
        store.backup(backups / "copy.db")
    assert kept(backups / "copy.db") == [article_id("a")]


def test_an_older_copy_is_replaced(store: SqlStore, backups: Path) -> None:
    target = backups / "copy.db"
    for keys in (["a"], ["a", "b"]):
        fill(store, *keys)
        store.backup(target)
        assert kept(target) == sorted(map(article_id, keys))


def moved_on(progress: dict[str, int], sizes: list[tuple[int, int]]) -> bool:
    """Whether both writers have written since the last copy."""
    articles, editions = sizes[-1] if sizes else (0, 0)
    return 5 * progress["articles"] > articles and progress["editions"] > editions


def test_copies_made_while_others_write_are_each_of_one_moment(path: Path, backups: Path) -> None:
    """Two connections write, each transaction five articles; one writes editions with mails."""
    url, stopped, failed = f"sqlite:///{path}", threading.Event(), []
    progress = {"articles": 0, "editions": 0}

    def articles() -> None:
        with open_store(url) as own:
            for n in count():
                if stopped.is_set():
                    return
                fill(own, *(f"{n}-{part}" for part in range(5)))
                progress["articles"] += 1
                time.sleep(0.002)  # SQLite's lock is not fair: the other one wants it too

    def editions() -> None:
        with open_store(url) as own:
            for n in count():
                if stopped.is_set():
                    return
                edition = Edition("harbour", FRIDAY.day + timedelta(days=n))
                mails = [mail(name, edition=edition) for name in ("r", "s", "t")]
                own.record(
                    digest(edition, "S"), [], skips=[], evidence="{}", mails=mails, published=NOW
                )
                letter = own.outbox.claim(now=NOW)
                assert letter is not None
                own.outbox.settle(letter.number, Receipt("sent", "dot", 250, "ok"), now=NOW)
                progress["editions"] += 1
                time.sleep(0.002)

    def guarded(work: object) -> None:
        try:
            work()  # type: ignore[operator]
        except BaseException as error:
            failed.append(error)

    with open_store(url) as store:
        threads = [
            threading.Thread(target=guarded, args=[w], daemon=True) for w in (articles, editions)
        ]
        for thread in threads:
            thread.start()
        sizes: list[tuple[int, int]] = []
        try:
            for number in range(4):
                eventually(lambda: moved_on(progress, sizes) or failed, "more is written")
                before = dict(progress)
                target = backups / f"{number}.db"
                store.backup(target)
                after = dict(progress)
                with open_store(f"sqlite:///{target}") as copy:
                    assert copy.damage() == []
                    found, tally = len(copy.pending(SATURDAY)), copy.outbox.tally()
                    made = len(copy.editions(100_000))
                assert found % 5 == 0
                assert before["articles"] <= found // 5 <= after["articles"] + 1
                assert before["editions"] <= made <= after["editions"] + 1
                assert tally.queued + tally.sent == 3 * made
                assert tally.sent in (made - 1, made)
                sizes.append((found, made))
        finally:
            stopped.set()
            for thread in threads:
                thread.join(30)
        assert not any(thread.is_alive() for thread in threads)
    assert not failed
    assert len(sizes) == 4


def test_killed_at_any_line_the_older_copy_stands_and_the_next_backup_succeeds(
    store: SqlStore, path: Path, backups: Path
) -> None:
    target = backups / "copy.db"
    fill(store, "a")
    store.backup(target)
    old = target.read_bytes()
    fill(store, "b")

    def work() -> None:
        with open_store(f"sqlite:///{path}") as own:
            own.backup(target)

    found, number, was_killed = [], 1, True
    while was_killed:
        target.write_bytes(old)
        was_killed = killed_at_line(number, work)
        found.append(len(kept(target)))
        number += 3
    assert found == sorted(found)
    assert found.count(1) > 10
    assert found.count(2) > 1
    left = set(backups.glob(".copy.db.*.part*"))
    assert left  # of the killed
    recent = left.pop()
    for file in left:
        os.utime(file, (0, 0))
    others = [backups / ".other.db.x.part", backups / "copy.db.x.part"]
    for file in others:
        file.touch()
        os.utime(file, (0, 0))
    store.backup(target)
    assert len(kept(target)) == 2
    # What is a day old is swept away; what is new may be under way.
    assert set(backups.iterdir()) == {target, recent, *others}


# -- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["same", "dots", "symlink", "hard link"])
def test_the_store_is_never_put_in_its_own_place(
    store: SqlStore, path: Path, backups: Path, way: str
) -> None:
    """Connections that are open would write on into a file without a name."""
    fill(store, "a")
    target = {
        "same": path,
        "dots": path.parent / ".." / "state" / path.name,
        "symlink": backups / "link.db",
        "hard link": backups / "hard.db",
    }[way]
    if way == "symlink":
        target.symlink_to(path)
    if way == "hard link":
        target.hardlink_to(path)
    number = path.stat().st_ino
    with pytest.raises(StoreError, match=r"(?s)is the store itself.*Remedy: Name another file"):
        store.backup(target)
    assert path.stat().st_ino == number
    assert len(store.pending(FRIDAY)) == 1


def test_a_place_that_cannot_be_is_named(store: SqlStore, backups: Path) -> None:
    missing, file, here = backups / "no" / "copy.db", backups / "file", backups / "folder"
    file.write_text("x")
    here.mkdir()
    for target, said in (
        (missing, "No such file or directory"),
        (file / "copy.db", "Not a directory"),
        (here, "Is a directory"),
    ):
        with pytest.raises(StoreError, match=rf"(?s){target} cannot be written: {said}.*Remedy"):
            store.backup(target)
    assert set(backups.iterdir()) == {file, here}


@ROOT_ALONE
def test_a_folder_of_another_user_is_named(path: Path, backups: Path) -> None:
    # A child gives up its rights, since root may write anywhere.
    with open_store(f"sqlite:///{path}") as store:
        fill(store, "a")
    path.parent.parent.chmod(0o755)
    for place in (path.parent, path):
        os.chown(place, 65534, -1)
    target = backups / "copy.db"

    def work() -> None:
        os.setuid(65534)
        with (
            open_store(f"sqlite:///{path}") as store,
            pytest.raises(StoreError, match=rf"(?s){target} cannot be written: Perm.*Remedy"),
        ):
            store.backup(target)

    assert succeeded(forked(work))
    assert list(backups.iterdir()) == []


@ROOT_ALONE
def test_a_full_disk_keeps_the_older_copy_and_is_named(store: SqlStore, folder: Path) -> None:
    full = folder / "full"
    full.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", full], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no file system may be mounted here")
    target = full / "copy.db"
    try:
        fill(store, "a")
        store.backup(target)
        fill(store, *(f"b{n}" for n in range(300)))
        with pytest.raises(StoreError) as caught:
            store.backup(target)
        assert caught.value.message.startswith(f"{target}, the copy of {store.where}: ")
        assert "Remedy: Free some space" in str(caught.value)
        assert kept(target) == [article_id("a")]
        assert list(full.iterdir()) == [target]
    finally:
        subprocess.run(["umount", full], check=True)
    assert store.damage() == []
    store.backup(folder / "copy.db")
    assert len(kept(folder / "copy.db")) == 301


def test_a_file_that_may_not_grow_keeps_the_older_copy(
    store: SqlStore, path: Path, backups: Path
) -> None:
    """As on a full disk, without the rights to mount one."""
    resource = pytest.importorskip("resource", reason="Windows has no limits for a process")
    target = backups / "copy.db"
    fill(store, "a")
    store.backup(target)
    fill(store, *(f"b{n}" for n in range(100)))

    def work() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limit = path.stat().st_size - 8192
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        with (
            open_store(f"sqlite:///{path}") as own,
            pytest.raises(StoreError, match=rf"(?s){target}, the copy of {path}: .*Remedy"),
        ):
            own.backup(target)

    assert succeeded(forked(work))
    assert kept(target) == [article_id("a")]
    assert list(backups.iterdir()) == [target]


@pytest.mark.parametrize("harm", ["a page", "a row"])
def test_a_damaged_store_gives_no_copy(path: Path, backups: Path, harm: str) -> None:
    with open_store(f"sqlite:///{path}") as store:
        fill(store, *(f"a{n}" for n in range(60)))
        target = backups / "copy.db"
        store.backup(target)
    whole = path.read_bytes()
    page = whole.rindex(b"A pier. " * 20) // 4096 * 4096
    path.write_bytes(
        whole[:page] + bytes([255]) * 4096 + whole[page + 4096 :]
        if harm == "a page"
        else whole.replace(b"2024-11-22 06:30", b"2024-11-23 06:30", 1)  # and not in its index
    )
    said = {
        "a page": rf"(?s){target}, the copy of {path}: .*malformed.*Remedy: Restore",
        "a row": rf"(?s){target}, the copy of {path}, is damaged: .*index.*db check",
    }[harm]
    with open_store(f"sqlite:///{path}") as store, pytest.raises(StoreError, match=said):
        store.backup(target)
    assert len(kept(target)) == 60
    assert list(backups.iterdir()) == [target]


def test_two_backups_at_once_are_each_whole(path: Path, backups: Path) -> None:
    with open_store(f"sqlite:///{path}") as store:
        fill(store, *(f"a{n}" for n in range(200)))
    target = backups / "copy.db"

    def work() -> None:
        for _ in range(8):
            with open_store(f"sqlite:///{path}") as own:
                own.backup(target)
            assert len(kept(target)) == 200

    assert succeeded(*[forked(work) for _ in range(3)])
    assert list(backups.iterdir()) == [target]
