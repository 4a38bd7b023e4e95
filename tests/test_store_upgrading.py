"""A store of the first release becomes one of today, whatever happens meanwhile."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from os import getpid, kill
from pathlib import Path

import pytest
from processes import ended, forked, succeeded
from sqlalchemy import Engine, event
from store_cases import (
    EVENING,
    FRIDAY,
    SATURDAY,
    STEP_ONE,
    article_id,
    digest,
    fast_folder,
    killed_at_line,
    mail,
    pair,
    sighting,
)

from briefing.adapters.store import open_store
from briefing.adapters.store.database import Database
from briefing.adapters.store.migrations import MIGRATIONS, upgrade
from briefing.errors import StoreError
from briefing.news import Edition, Skip

# More of everything: two stories, two days, articles cited by one and consumed by two.
MORE = """
INSERT INTO seen VALUES ('e2', 's', 'k2', '', '', 'T', '2024-11-22 06:30:00.000000', 'articles');
INSERT INTO articles SELECT 'e2', 'e2', published, added, body FROM articles WHERE id = 'e1';
INSERT INTO editions SELECT story, '2024-11-23', 2, made, 'S2', digest, evidence FROM editions;
INSERT INTO editions SELECT 'railway', day, 3, made, 'S3', digest, evidence FROM editions
  WHERE day = '2024-11-22';
INSERT INTO consumed VALUES ('harbour', 'e2', '2024-11-23'), ('railway', 'e1', '2024-11-22');
INSERT INTO cited VALUES ('harbour', '2024-11-22', 'e1'), ('harbour', '2024-11-23', 'e1'),
  ('harbour', '2024-11-23', 'e2'), ('railway', '2024-11-22', 'e1');
INSERT INTO skips VALUES ('railway', '2024-11-22', 0, 'fetch', 'y', 'timeout', '20 s'),
  ('railway', '2024-11-22', 1, 'fetch', 'z', 'timeout', '20 s');
"""
OLD = STEP_ONE + MORE
TABLES = ("feeds", "seen", "articles", "editions", "consumed", "cited", "skips")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    with fast_folder(tmp_path) as folder:
        yield folder / "briefing.db"


def make(path: Path, script: str = OLD) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


LATER = {
    "editions": ("slot", "published"),
    "feeds": ("wish", "moved"),
    "articles": (),
    "seen": ("said",),
}
"""Columns that a later migration brought."""


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of all tables of the first release, by column name, without the new columns."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    found = {}
    for table in TABLES:
        rows = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
        for row in rows:
            for column in LATER.get(table, ("slot",)):
                row.pop(column, None)
        found[table] = sorted((tuple(sorted(row.items())) for row in rows), key=repr)
    connection.close()
    return found


def asked(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        found = connection.execute(query).fetchall()
        connection.commit()
    return found


def sound(path: Path) -> bool:
    checks = ("integrity_check", "foreign_key_check")
    return [asked(path, f"PRAGMA {check}") for check in checks] == [[("ok",)], []]


def test_nothing_is_lost_and_what_was_there_has_no_slot(path: Path) -> None:
    make(path)
    before = contents(path)
    assert {table: len(rows) for table, rows in before.items()} == {
        "feeds": 1, "seen": 2, "articles": 2, "editions": 3, "consumed": 3, "cited": 4, "skips": 3
    }  # fmt: skip
    open_store(f"sqlite:///{path}").close()
    assert contents(path) == before
    assert sound(path)
    for table in ("editions", "consumed", "cited", "skips"):
        assert asked(path, f"SELECT DISTINCT slot FROM {table}") == [("",)]
    assert asked(path, "SELECT DISTINCT published FROM editions") == [(None,)]


def test_no_table_points_to_a_name_of_the_migration(path: Path) -> None:
    make(path)
    open_store(f"sqlite:///{path}").close()
    assert asked(path, "SELECT name FROM sqlite_master WHERE instr(sql, '_2')") == []
    for table, parents in (
        ("consumed", {"articles", "editions"}),
        ("cited", {"articles", "editions"}),
        ("skips", {"editions"}),
        ("articles", {"seen"}),
    ):
        listed = asked(path, f"PRAGMA foreign_key_list({table})")
        assert {row[2] for row in listed} == parents


def test_rows_still_go_with_their_edition_and_unknown_articles_are_refused(path: Path) -> None:
    make(path)
    open_store(f"sqlite:///{path}").close()
    asked(path, "DELETE FROM editions WHERE story = 'railway'")
    for table, left in (("consumed", 2), ("cited", 3), ("skips", 1)):
        assert asked(path, f"SELECT count(*) FROM {table}") == [(left,)]
    for insert in (
        "INSERT INTO consumed VALUES ('harbour', 'ghost', '2024-11-22', '')",
        "INSERT INTO cited VALUES ('harbour', '2024-11-22', '', 'ghost')",
        "INSERT INTO cited VALUES ('harbour', '2024-11-22', '0630', 'e1')",  # no such edition
        "INSERT INTO skips VALUES ('harbour', '2024-11-30', '', 0, 'x', 'x', 'x', 'x')",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            asked(path, insert)


def test_the_migrated_store_is_worked_with(path: Path) -> None:
    make(path)
    with open_store(f"sqlite:///{path}") as store:
        store.add_all([pair("new")], now=datetime(2024, 11, 24, tzinfo=UTC))
        assert [a.id for a in store.pending(Edition("harbour", date(2024, 11, 24)))] == [
            article_id("new")
        ]
        skip = Skip("relate", "w", "off topic")
        made = digest(SATURDAY, "again", "new")
        store.record(made, [article_id("new")], skips=[skip], evidence="{}")  # in its place
        evening = digest(EVENING, "evening", "new")
        store.record(evening, [], skips=[], evidence="{}", mails=[mail("r")], published=made.made)
        assert [one.edition for one in store.editions(9, story="harbour")] == [
            SATURDAY,
            EVENING,
            FRIDAY,
        ]
        assert store.runs.settled("harbour") == {EVENING}
        assert store.outbox.tally().queued == 1
        assert store.damage() == []
    assert sound(path)


def test_a_store_at_the_step_before_the_ledger_loses_nothing_and_keeps_one_from_now_on(
    path: Path,
) -> None:
    make(path)
    database = Database(f"sqlite:///{path}")
    assert upgrade(database.writing, where="x", steps=MIGRATIONS[:3]) == 2
    database.close()
    service = """
    UPDATE editions SET published = '2024-11-23 06:30:00.000000' WHERE serial = 3;
    UPDATE seen SET source = 'folder:seeds', key = 'a.txt#1' WHERE id = 'e1';
    INSERT INTO marks VALUES ('m', 'v', '2024-11-23 06:30:00.000000');
    INSERT INTO outbox SELECT 1, '<1@x>', 'edition', story, day, slot, '', 'a', 'b', 'c', 'queued',
      0, made, NULL, '', NULL FROM editions WHERE serial = 3;
    INSERT INTO answers VALUES ('k', 'v', '2024-11-23 06:30:00.000000');
    """
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(service)
    tables = [name for (name,) in asked(path, "SELECT name FROM sqlite_master WHERE type='table'")]
    before = {table: asked(path, f"SELECT * FROM {table}") for table in tables}
    with open_store(f"sqlite:///{path}") as store:
        assert store.known(SATURDAY, since=FRIDAY.day) == []  # of editions before it knows nothing
        assert store.revisions(["e1", "e2"]) == {}
        (kept,) = {key for key, _ in store.cited_from("folder:seeds", since=FRIDAY.day)}
        assert kept == "a.txt#1"
    for table in set(tables) - {"seen", "migrations"}:
        assert asked(path, f"SELECT * FROM {table}") == before[table]
    assert asked(path, "SELECT * FROM seen") == [(*row, "") for row in before["seen"]]
    with open_store(f"sqlite:///{path}") as store:
        store.add_all([pair("new")], now=datetime(2024, 11, 24, tzinfo=UTC))
        made = digest(SATURDAY, "again", "new")  # in the place of one that had no ledger
        store.record(made, [], skips=[], evidence="{}", seen=[sighting("c", "new")])
        (one,) = store.known(Edition("harbour", date(2024, 11, 24)), since=FRIDAY.day)
        assert (one.id, one.first) == ("c", SATURDAY)
        store.note_revision("e1", None, now=datetime(2024, 11, 24, tzinfo=UTC))
        assert set(store.revisions(["e1"])) == {"e1"}
    assert sound(path)


def test_several_processes_open_an_old_store_at_once(path: Path) -> None:
    make(path)
    before = contents(path)
    for _ in range(4):
        make_again = path.with_name("one.db")
        make_again.unlink(missing_ok=True)
        make(make_again)

        def work(file: Path = make_again) -> None:
            with open_store(f"sqlite:///{file}") as store:
                assert len(store.editions(9)) == 3

        assert succeeded(*[forked(work) for _ in range(3)])
        assert contents(make_again) == before
        ledger = asked(make_again, "SELECT number, name FROM migrations ORDER BY number")
        assert ledger == [(n, step.name) for n, step in enumerate(MIGRATIONS, 1)]


def test_killed_at_any_line_of_the_migration_the_store_opens_whole(path: Path) -> None:
    make(path)
    before, old = contents(path), path.read_bytes()

    def work() -> None:
        open_store(f"sqlite:///{path}").close()

    steps, number, was_killed = set(), 1, True
    while was_killed:
        path.write_bytes(old)
        path.with_name("briefing.db-journal").unlink(missing_ok=True)
        was_killed = killed_at_line(number, work)
        ((step,),) = asked(path, "SELECT max(number) FROM migrations")
        assert contents(path) == before, f"line {number}"  # at whichever step it stands
        steps.add(step)
        work()
        assert contents(path) == before
        assert sound(path)
        number += 3
    assert steps == set(range(1, len(MIGRATIONS) + 1))


def test_killed_inside_a_statement_of_a_large_migration(path: Path) -> None:
    """Killed between two instructions of SQLite's machine, while thousands of pages move."""
    many = """
    INSERT INTO editions
    WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
    SELECT 's' || i, day, i, made, subject, hex(zeroblob(3000)), evidence FROM n, editions
    WHERE subject = 'S';
    """
    make(path, OLD + many)
    before, old = contents(path), path.read_bytes()
    half_written, number, was_killed = 0, 1, True
    while was_killed:
        path.write_bytes(old)
        journal = path.with_name("briefing.db-journal")
        journal.unlink(missing_ok=True)
        was_killed = killed_at_instruction(2000 * number, path)
        half_written += was_killed and journal.exists() and journal.stat().st_size > 0
        open_store(f"sqlite:///{path}").close()
        assert contents(path) == before
        assert sound(path)
        number += 3
    assert half_written >= 3


def killed_at_instruction(number: int, path: Path) -> bool:
    """Open the store in a child that is killed there; ``False`` when it was open before."""

    def work() -> None:
        @event.listens_for(Engine, "connect")
        def _(connection: sqlite3.Connection, _record: object) -> None:
            connection.set_progress_handler(lambda: kill(getpid(), signal.SIGKILL), number)

        open_store(f"sqlite:///{path}").close()

    code = ended(forked(work))
    assert code in (0, -signal.SIGKILL)
    return code != 0


def test_a_step_that_is_refused_by_a_full_disk_is_taken_later(path: Path) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no limits for a process")
    make(path)
    before = contents(path)

    def work() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limit = path.stat().st_size + 4096
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        with pytest.raises(StoreError, match="Remedy"):
            open_store(f"sqlite:///{path}")

    assert succeeded(forked(work))
    assert contents(path) == before
    open_store(f"sqlite:///{path}").close()
    assert contents(path) == before
    assert sound(path)
