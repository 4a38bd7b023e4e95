"""Connections, transactions, and the one place where a database's errors become ours."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from briefing.errors import StoreError

_PATIENCE = 30  # seconds to wait for another run's transaction; ours take well under one second
_LONGEST = 300  # characters of what a driver says
_LOCK = 0x6272_6965  # any number of our own; one writer at a time on PostgreSQL

# What the drivers say, in lower case, and what the user can do about it. First match wins.
_REMEDIES = (
    ("not a database", "Restore it from a backup, or move it away and run again."),
    ("malformed", "Restore it from a backup, or move it away and run again."),
    ("could not decode", "Restore it from a backup, or move it away and run again."),
    ("disk i/o error", "Check the disk, then run again. The last complete state is kept."),
    ("is full", "Free some space, then run again. The last complete state is kept."),
    ("no space left", "Free some space, then run again. The last complete state is kept."),
    ("locked", "Another run is writing. Wait for it to end, or stop it, then run again."),
    ("readonly", "Make the file and its folder writable for this user, or name another store."),
    ("unable to open", "Make the file and its folder writable for this user, or name another."),
    ("foreign key", "It would name an article that is not stored. Nothing was changed."),
    ("connection", "Check that the database server runs and that its address is right."),
)


class Database:
    """One database, one connection to it, and two kinds of transaction."""

    def __init__(self, url: str) -> None:
        """Open ``url`` (``sqlite:///path`` or ``postgresql://user:password@host/name``).

        Raises:
            StoreError: the address is not understood, or its driver or folder is missing.
        """
        if url.partition("://")[2].partition("/")[0].count("@") > 1:
            # The rest of the password would be taken for the host, and shown in messages.
            raise StoreError(
                "the store's address holds a password with an @ in it",
                remedy="Write that @ as %40, or leave the password to PGPASSWORD or ~/.pgpass.",
            )
        try:
            address = make_url(url)
            self.where = _name(address)
            self.is_sqlite = address.get_backend_name() == "sqlite"
            self.file = _file(address) if self.is_sqlite else None
            if self.file is not None:
                _prepare(self.file)
            self._engine = _engine(address, is_sqlite=self.is_sqlite)
        except (ArgumentError, ImportError) as error:
            raise StoreError(
                f"the store's address is not understood: {_first_line(error)}",
                remedy="Use sqlite:///path/to/briefing.db, or postgresql://user@host/name with "
                "the package psycopg[binary] installed.",
            ) from error
        # One connection in the pool: a second reader or writer of this program waits its turn.
        # Both engines below share it.
        self._writer = self._engine.execution_options(briefing_writes=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the store."""
        with self._translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All or nothing, and nobody else writes meanwhile."""
        with self._translated(), self._writer.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield connection

    def damage(self) -> list[str]:
        """What the database's own full check finds; empty when all is well (SQLite only)."""
        if not self.is_sqlite:
            return []
        with self.reading() as connection:
            said = list(connection.exec_driver_sql("PRAGMA integrity_check").scalars())
        return [] if said == ["ok"] else said

    def copy(self, target: Path) -> int:
        """Write a checked copy to ``target``, in one step; return its size in bytes.

        Uses SQLite's online backup: other connections may read and write meanwhile.

        Raises:
            StoreError: the copy cannot be written, is damaged, or this is no SQLite store.
        """
        if not self.is_sqlite:
            raise StoreError(
                f"{self.where} is no SQLite file",
                remedy="Copy a PostgreSQL database with pg_dump.",
            )
        if self._is(target):
            raise StoreError(f"{target} is the store itself", remedy="Name another file.")
        part: Path | None = None
        try:
            # A name of its own: two backups at once must not share one.
            file, name = mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
            part = Path(name)
            try:
                self._copy(part, target)
                os.fsync(file)
                os.replace(part, target)
                _sync(target.parent)
                _sweep(target, now=os.fstat(file).st_mtime)
                return os.fstat(file).st_size
            finally:
                os.close(file)
        except OSError as error:
            raise StoreError(
                f"{target} cannot be written: {error.strerror}",
                remedy="Name a folder with room that this user can write to.",
            ) from error
        finally:
            if part is not None:
                with suppress(OSError):
                    part.unlink(missing_ok=True)

    def _is(self, target: Path) -> bool:
        try:
            return target.samefile(self.where)
        except OSError:  # one of them does not exist
            return False

    def _copy(self, part: Path, target: Path) -> None:
        """Fill ``part``, and read it back whole; the store is free again before that."""
        with self._translated(f"{target}, the copy of {self.where}"):
            copied = sqlite3.connect(part)
            try:
                with self._engine.connect() as connection:
                    source = connection.connection.driver_connection
                    assert isinstance(source, sqlite3.Connection)
                    source.backup(copied)
                found = copied.execute("PRAGMA integrity_check").fetchall()
            finally:
                copied.close()
        if found != [("ok",)]:
            raise StoreError(
                f"{target}, the copy of {self.where}, is damaged: {found[0][0]}",
                remedy="`briefing db check` says whether the store itself is; try again.",
            )

    def close(self) -> None:
        """Close the connection. A later call would open it again."""
        self._engine.dispose()

    @contextmanager
    def _translated(self, where: str = "") -> Iterator[None]:
        """Foreign errors as ours, told of ``where``: this store when not given."""
        try:
            yield
        except UnicodeDecodeError as error:
            # SQLite names what is damaged by words of the damage itself.
            said = "database disk image is malformed"
            remedy = next((r for words, r in _REMEDIES if words in said), "")
            raise StoreError(f"{where or self.where}: {said}", remedy=remedy) from error
        except (SQLAlchemyError, sqlite3.Error) as error:
            cause = getattr(error, "orig", None) or error
            said = _first_line(cause)
            remedy = next((r for words, r in _REMEDIES if words in said.lower()), "")
            raise StoreError(f"{where or self.where}: {said}", remedy=remedy) from error


class OnDatabase:
    """What stands on a database: each public method is one transaction of it."""

    def __init__(self, database: Database) -> None:
        self._database = database


def _engine(address: URL, *, is_sqlite: bool) -> Engine:
    options: dict[str, Any] = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0}
    if not is_sqlite:
        patience = f"-c lock_timeout={_PATIENCE}s -c idle_in_transaction_session_timeout=60s"
        limits = {"connect_timeout": 10, "options": patience} if not address.query else {}
        return create_engine(address, pool_pre_ping=True, connect_args=limits, **options)
    arguments = {"timeout": _PATIENCE, "check_same_thread": False, "isolation_level": None}
    engine = create_engine(address, connect_args=arguments, **options)

    @event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, _record: object) -> None:
        # Not WAL: before SQLite 3.51.3 it can corrupt a file that two connections write to.
        # TRUNCATE with FULL syncs the end of the journal too, so a commit survives a power cut;
        # DELETE would leave the removal of the journal unsynced.
        connection.execute("PRAGMA journal_mode = TRUNCATE")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # The driver would begin on its own, and late: two writers could then both read first and
        # deadlock. IMMEDIATE takes the writer's lock at once and waits for it.
        writes = connection.get_execution_options().get("briefing_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def file_of(url: str) -> Path | None:
    """The file of a store's address; ``None`` where it has none or is not understood."""
    try:
        address = make_url(url)
        return _file(address) if address.get_backend_name() == "sqlite" else None
    except ArgumentError:
        return None


def _file(address: URL) -> Path | None:
    """The file of an SQLite address; ``None`` for a store in memory."""
    name = address.database
    return None if not name or name == ":memory:" or name.startswith("file:") else Path(name)


def _prepare(path: Path) -> None:
    """Make the folder and the file, for this user alone: the store holds mail addresses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A file that is there is not opened: to close it would end the locks that another
        # connection of this process holds (POSIX; sqlite.org/howtocorrupt.html, 2.2).
        if not path.exists():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        elif path.is_dir() or not os.access(path, os.R_OK | os.W_OK):
            number = errno.EISDIR if path.is_dir() else errno.EACCES
            raise OSError(number, os.strerror(number))
    except OSError as error:
        raise StoreError(
            f"{path.absolute()} cannot be written: {error.strerror}",
            remedy=f"Make {path.absolute().parent} a folder that this user can write to, "
            "or name another store.",
        ) from error


def _sync(folder: Path) -> None:
    """The name of a file in it survives a power cut from now on."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _sweep(target: Path, *, now: float) -> None:
    """Remove what backups to ``target`` left that were killed a day ago or earlier."""
    for left in target.parent.glob(f".{escape(target.name)}.*.part*"):
        with suppress(OSError):
            if left.stat().st_mtime < now - 86_400:
                left.unlink()


def _name(address: URL) -> str:
    """How messages name the store: never with its password."""
    if address.get_backend_name() == "sqlite":
        return address.database or "the store in memory"
    # Without its options: "?password=" is one of them.
    return address.set(query={}).render_as_string(hide_password=True)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    # One that cannot be decoded is quoted whole, and may be an edition.
    return lines[0][:_LONGEST] if lines else type(error).__name__
