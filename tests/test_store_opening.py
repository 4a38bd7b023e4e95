"""Opening a store: new, old, too new, damaged, foreign, or out of reach."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from processes import forked, succeeded
from sqlalchemy import inspect
from store_cases import FRIDAY, STEP_ONE

from briefing.adapters.store import open_store
from briefing.adapters.store.database import Database
from briefing.adapters.store.migrations import MIGRATIONS, Migration, upgrade
from briefing.adapters.store.schema import metadata
from briefing.errors import StoreError
from briefing.news import Edition, Skip

NEXT = Migration("a colour for feeds", ("ALTER TABLE feeds ADD COLUMN colour TEXT",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "briefing.db"


def make(path: Path, script: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    found = connection.execute(query).fetchall()
    connection.close()
    return found


def test_a_new_store_is_made_with_its_folder_for_its_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "briefing.db"
    open_store(f"sqlite:///{path}").close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert rows(path, "SELECT number, name FROM migrations") == [
        (n, step.name) for n, step in enumerate(MIGRATIONS, 1)
    ]
    journal = path.with_name("briefing.db-journal")
    assert set(path.parent.iterdir()) == {path, journal}
    assert journal.stat().st_size == 0  # the truncated journal says: nothing is half-written


def test_a_store_in_memory(tmp_path: Path) -> None:
    with open_store("sqlite://") as store:
        assert store.feeds() == []


def test_the_tables_in_the_code_are_those_that_the_migrations_make(path: Path) -> None:
    open_store(f"sqlite:///{path}").close()
    database = Database(f"sqlite:///{path}")
    with database.reading() as connection:
        inspector = inspect(connection)
        assert set(inspector.get_table_names()) == set(metadata.tables)
        for name, table in metadata.tables.items():
            made = {c["name"]: c for c in inspector.get_columns(name)}
            assert list(made) == list(table.columns.keys())
            keys = inspector.get_pk_constraint(name)["constrained_columns"]
            assert keys == [c.name for c in table.primary_key]
            for column in table.columns:
                if not column.primary_key:
                    assert made[column.name]["nullable"] == column.nullable, column
    database.close()


def test_the_file_is_used_as_the_notes_on_reliability_ask(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    with database.reading() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    database.close()
    assert asked["journal_mode"] == "truncate"  # no WAL below SQLite 3.51.3
    assert (asked["synchronous"], asked["foreign_keys"]) == (2, 1)
    assert asked["busy_timeout"] >= 10_000


def test_opening_again_leaves_the_locks_of_a_connection_that_writes(path: Path) -> None:
    """POSIX: a process that closes any descriptor of a file loses all its locks on it."""
    open_store(f"sqlite:///{path}").close()
    database = Database(f"sqlite:///{path}")
    with database.writing():
        again = Database(f"sqlite:///{path}")
        # No fork: a child would inherit what SQLite remembers of its own locks.
        script = "import sqlite3, sys; sqlite3.connect(sys.argv[1], 0).execute('BEGIN IMMEDIATE')"
        done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True)
        assert "database is locked" in done.stderr
        again.close()
    database.close()


# -- older and newer ---------------------------------------------------------------------------


def test_the_first_released_schema_opens_with_all_it_holds(path: Path) -> None:
    make(path, STEP_ONE)
    with open_store(f"sqlite:///{path}") as store:
        (feed,) = store.feeds()
        assert (feed.etag, feed.errors, feed.entries) == ('"e"', 2, 9)
        assert feed.not_before == datetime(2024, 11, 22, 7, 30, tzinfo=UTC)
        assert store.articles(["e1"])["e1"].text == "T"
        assert [line.edition for line in store.editions(3)] == [FRIDAY]
        assert store.last_skips() == [Skip("relate", "x", "off topic")]
        assert store.pending(Edition("harbour", date(2024, 11, 23))) == []


def test_an_old_store_takes_the_steps_it_lacks(path: Path) -> None:
    make(path, STEP_ONE)
    database = Database(f"sqlite:///{path}")
    steps = (*MIGRATIONS, NEXT, Migration("a table", ("CREATE TABLE more (x INTEGER)",)))
    taken = len(steps) - 1
    assert upgrade(database.writing, where="x", steps=steps) == taken
    assert upgrade(database.writing, where="x", steps=steps) == 0
    database.close()
    assert rows(path, "SELECT title, colour FROM feeds") == [("Harbour", None)]
    assert rows(path, "SELECT count(*), max(number) FROM migrations") == [(len(steps),) * 2]


def test_a_step_that_fails_leaves_the_step_before(path: Path) -> None:
    make(path, STEP_ONE)
    database = Database(f"sqlite:///{path}")
    bad = Migration("bad", ("CREATE TABLE half (x INTEGER)", "INSERT INTO nowhere VALUES (1)"))
    with pytest.raises(StoreError, match="nowhere"):
        upgrade(database.writing, where="x", steps=(*MIGRATIONS, NEXT, bad))
    database.close()
    assert rows(path, "SELECT max(number) FROM migrations") == [(len(MIGRATIONS) + 1,)]
    assert rows(path, "SELECT name FROM sqlite_master WHERE name = 'half'") == []


def test_a_newer_store_is_left_alone(path: Path) -> None:
    known = len(MIGRATIONS)
    later = ", ".join(f"({number}, 'x')" for number in range(2, known + 3))
    make(path, STEP_ONE + f"INSERT INTO migrations VALUES {later};")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=rf"(?s)step {known + 2}.*knows {known}.*Upgrade briefing"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE recipes (x INTEGER);",
        "CREATE TABLE seen (x INTEGER);",
        "CREATE TABLE migrations (number INTEGER, name TEXT);INSERT INTO migrations VALUES (7,'')",
        "CREATE TABLE migrations (version INTEGER)",
    ],
)
def test_a_database_of_another_program_is_left_alone(path: Path, script: str) -> None:
    make(path, script)
    before = path.read_bytes()
    with pytest.raises(StoreError):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == before


# -- damaged and out of reach ------------------------------------------------------------------


def filled(path: Path) -> bytes:
    make(path, STEP_ONE)
    connection = sqlite3.connect(path)
    many = [(f"f{n}", "x" * 900) for n in range(400)]
    query = "INSERT INTO feeds VALUES (?, ?, '', '', 0, NULL, NULL, NULL, '', 0, 0)"
    connection.executemany(query, many)
    connection.commit()
    connection.close()
    return path.read_bytes()


@pytest.mark.parametrize("harm", ["text", "header", "half", "tail"])
def test_a_damaged_file_is_named_and_not_overwritten(path: Path, harm: str) -> None:
    whole = filled(path)
    damaged = {
        "text": b"This is a shopping list, not a database.\n" * 200,
        "header": b"SQLite format 4\0" + whole[16:],
        "half": whole[: len(whole) // 2],
        "tail": whole[:8192] + bytes(255 for _ in whole[8192:]),
    }[harm]
    path.write_bytes(damaged)

    def read() -> None:
        with open_store(f"sqlite:///{path}") as store:
            store.feeds()
            store.articles(["e1"])

    with pytest.raises(StoreError, match=r"(?s)briefing\.db.*Remedy: Restore it from a backup"):
        read()
    assert path.read_bytes() == damaged


def test_damage_inside_is_found_by_the_full_check(path: Path) -> None:
    whole = filled(path)
    with open_store(f"sqlite:///{path}") as store:
        assert store.damage() == []
    at = whole.rindex(b"x" * 900) - 200
    path.write_bytes(whole[:at] + bytes([255]) * 400 + whole[at + 400 :])
    with open_store(f"sqlite:///{path}") as store:
        assert store.damage()


def test_an_article_that_cannot_be_read_is_named(path: Path) -> None:
    make(path, STEP_ONE + "UPDATE articles SET body = '{}'")
    with open_store(f"sqlite:///{path}") as store:
        with pytest.raises(StoreError, match=r"(?s)article e1.*Article\.id is missing.*Remedy"):
            store.articles(["e1"])
        with pytest.raises(StoreError, match="edition harbour/2024-11-22 cannot be read"):
            store.edition(FRIDAY)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match=rf"(?s){tmp_path}/file/in/briefing.db.*Remedy"):
        open_store(f"sqlite:///{tmp_path}/file/in/briefing.db")
    with pytest.raises(StoreError, match=r"(?s)cannot be written: Is a directory.*Remedy"):
        open_store(f"sqlite:///{tmp_path}")
    assert (tmp_path / "file").read_text() == "x"


@pytest.mark.skipif(os.geteuid() != 0, reason="another user can be played by root alone")
def test_a_folder_of_another_user_is_named(tmp_path: Path) -> None:
    # A child gives up its rights, since root may write anywhere.
    def work() -> None:
        os.setuid(65534)
        with pytest.raises(StoreError, match=rf"(?s){tmp_path}/briefing\.db.*Remedy"):
            open_store(f"sqlite:///{tmp_path}/briefing.db")

    assert succeeded(forked(work))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url", ["", "briefing.db", "/tmp/briefing.db", "oracle9://x", "postgresql+nodriver://u:p@h/d"]
)
def test_an_address_that_is_not_understood(url: str) -> None:
    with pytest.raises(StoreError, match=r"(?s)address is not understood.*sqlite:///"):
        open_store(url)


def test_a_server_out_of_reach_is_named_without_its_password() -> None:
    pytest.importorskip("psycopg", reason="the PostgreSQL driver is an extra")
    with pytest.raises(StoreError) as caught:
        open_store("postgresql://reader:s3cret@127.0.0.1:9/briefing")
    assert "127.0.0.1:9" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert "Remedy" in str(caught.value)
