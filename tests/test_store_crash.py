"""Killed at any moment, or writing beside another process, the store stays whole."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from processes import ended, forked
from store_cases import FRIDAY, NOW, SATURDAY, fast_folder, killed_at_line, pair
from store_cases import digest as digest_of

from briefing.adapters.store import SqlStore, open_store
from briefing.errors import StoreError
from briefing.news import Digest, Skip


def digest(subject: str, *keys: str) -> Digest:
    return digest_of(FRIDAY, subject, *keys)


def state(path: Path) -> tuple[list[str], list[str], list[Skip], list[str], int]:
    """All that a run would see, from a store that must be whole."""
    with open_store(f"sqlite:///{path}") as store:
        assert store.damage() == []
        subjects = [line.subject for line in store.editions(9)]
        friday, saturday = ([a.id for a in store.pending(e)] for e in (FRIDAY, SATURDAY))
        unseen = len(store.unseen([pair(k)[0] for k in "abc"]))
        return subjects, friday, store.last_skips(), saturday, unseen


def everything(path: Path) -> list[Callable[[SqlStore], None]]:
    return [
        lambda store: store.add_all([pair("a"), pair("b"), pair("c")], now=NOW),
        lambda store: store.record(
            digest("old", "a"), [pair(k)[0].id for k in "ab"], skips=[], evidence="old"
        ),
        lambda store: store.record(
            digest("new", "b"),
            [pair("b")[0].id],
            skips=[Skip("relate", "x", "off topic")],
            evidence="new",
        ),
    ]


@pytest.fixture
def fast(tmp_path: Path) -> Iterator[Path]:
    with fast_folder(tmp_path) as folder:
        yield folder


def test_killed_at_any_line_each_call_is_all_or_nothing(fast: Path) -> None:
    path = fast / "briefing.db"
    open_store(f"sqlite:///{path}").close()
    for call in everything(path):
        before = path.read_bytes()
        old = state(path)

        def work(call: Callable[[SqlStore], None] = call) -> None:
            with open_store(f"sqlite:///{path}") as store:
                call(store)

        work()
        new = state(path)
        assert new != old
        seen, number = set(), 1
        while True:
            path.write_bytes(before)
            path.with_name("briefing.db-journal").unlink(missing_ok=True)
            was_killed = killed_at_line(number, work)
            found = state(path)
            assert found in (old, new), f"line {number}"
            seen.add(found == new)
            if not was_killed:
                break
            number += 17  # a step that shares no factor with the loops' lengths
        assert seen == {True, False}
        assert state(path) == new


WRITER = """
import sys
from datetime import UTC, datetime
from briefing.adapters.store import open_store
from briefing.news import Article, Entry, Passage
now = datetime(2024, 11, 22, tzinfo=UTC)
store = open_store("sqlite:///" + sys.argv[1])
for n in range(int(sys.argv[3])):
    pairs = []
    for part in range(5):
        e = Entry(f"{sys.argv[2]}-{n}-{part}", "s", "", "T", now, "b", "text")
        text = "A long pier. " * 300
        p = (Passage(e.id, 0, 0, len(text), text, 1),)
        pairs.append((e, [Article(e.id, "", "T", "made", "", now, "stated", text, p)]))
    store.add_all(pairs, now=now)
    print(n, flush=True)
"""


def start(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_what_was_acknowledged_before_kill_9_is_there_whole(tmp_path: Path) -> None:
    path, chance = tmp_path / "briefing.db", random.Random(7)
    acknowledged = 0
    for number in range(6):
        writer = start(path, f"w{number}", 10_000)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "0\n"
        time.sleep(chance.uniform(0, 0.25))
        writer.kill()
        acknowledged += 1 + len(writer.stdout.read().splitlines())
        writer.wait(30)
        writer.stdout.close()
    with open_store(f"sqlite:///{path}") as store:
        assert store.damage() == []
        articles = len(store.pending(FRIDAY))
    # One batch more may have been committed than was printed, by each of the killed.
    assert articles % 5 == 0
    assert acknowledged <= articles // 5 <= acknowledged + 6


def test_two_processes_make_and_fill_one_store(tmp_path: Path) -> None:
    path = tmp_path / "briefing.db"
    writers = [start(path, name, 40) for name in ("left", "right", "right")]
    for writer in writers:
        assert len(writer.communicate(timeout=60)[0].splitlines()) == 40
        assert writer.returncode == 0
    with open_store(f"sqlite:///{path}") as store:
        assert store.damage() == []
        assert len(store.pending(FRIDAY)) == 2 * 40 * 5


def test_a_reader_sees_one_state_while_another_process_writes(tmp_path: Path) -> None:
    path = tmp_path / "briefing.db"
    writer = start(path, "w", 60)
    assert writer.stdout is not None
    writer.stdout.readline()
    with open_store(f"sqlite:///{path}") as store:
        counts = [len(store.pending(FRIDAY)) for _ in range(25)]
    writer.communicate(timeout=60)
    assert counts == sorted(counts)
    assert all(count % 5 == 0 for count in counts)


def test_a_full_disk_leaves_the_last_complete_state(tmp_path: Path) -> None:
    """The file may not grow past a limit, as on a full disk; then there is space again."""
    resource = pytest.importorskip("resource", reason="Windows has no limits for a process")
    path = tmp_path / "briefing.db"
    with open_store(f"sqlite:///{path}") as store:
        store.add_all([pair("a")], now=NOW)
    before = state(path)

    def work() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limit = path.stat().st_size + 4096
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        with open_store(f"sqlite:///{path}") as store, pytest.raises(StoreError, match="Remedy"):
            store.add_all([pair(f"big{n}") for n in range(2000)], now=NOW)

    assert ended(forked(work)) == 0
    assert state(path) == before
    with open_store(f"sqlite:///{path}") as store:
        store.add_all([pair(f"big{n}") for n in range(2000)], now=NOW)
        assert len(store.pending(FRIDAY)) == 2001


def test_threads_share_one_store(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with open_store(f"sqlite:///{tmp_path}/briefing.db") as store:

        def work(number: int) -> int:
            store.add_all([pair(f"{number}-{n}") for n in range(20)], now=NOW)
            return len(store.unseen([pair(f"{number}-{n}")[0] for n in range(20)]))

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(work, range(24))) == {0}
        assert len(store.pending(FRIDAY)) == 480
