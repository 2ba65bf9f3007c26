"""The one SQLite file: opened with care, migrated behind a verified copy, refused when it is not ours to touch.

Everything about one ``Database`` happens in the thread that opened it (sqlite3 checks that). Several processes may
open the same file, for instance the window and the command line: WAL lets them read while one writes.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from desktop_app.storage import failures, migrations
from desktop_app.storage.backups import make_backup

BUSY_SECONDS = 5.0
APPLICATION_ID = 0x43617573  # "Caus", at offset 68 of the file: tells our database from others
_MAGIC = b"SQLite format 3\0"


class Database:
    """An open database. Use ``open_database``; the constructor takes a connection that is ready for use."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._synchronous = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def query(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[sqlite3.Row]:
        """Return all rows of a SELECT. Raises StorageError."""
        try:
            rows: list[sqlite3.Row] = self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise failures.storage_error(error, self.path) from error
        return rows

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """Yield the connection inside a transaction: all of it is committed, or, on any error, nothing.

        Args:
            durable: wait until the disk has it, so that even a power cut loses nothing. Otherwise a power cut may
                take the last commits, while the death of the program still takes none
                (https://www.sqlite.org/pragma.html#pragma_synchronous).

        Raises:
            StorageError: locked for longer than the busy time, read-only, full, damaged.
        """
        connection = self._connection
        try:
            self._set_synchronous("FULL" if durable else "NORMAL")
            # IMMEDIATE takes the write lock at once and waits for it; a transaction that has read before it writes
            # would be refused without waiting if another process wrote in between.
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise failures.storage_error(error, self.path) from error

    def _set_synchronous(self, mode: str) -> None:
        if mode != self._synchronous:
            self._connection.execute(f"PRAGMA synchronous = {mode}")
            self._synchronous = mode

    def check(self) -> tuple[str, ...]:
        """Read the whole file and return what is wrong with it, in SQLite's words; empty when sound.

        Takes seconds on a large file, so it is not part of opening.
        """
        try:
            found = [str(row[0]) for row in self._connection.execute("PRAGMA integrity_check(20)")]
            broken = [f"foreign key: {tuple(row)}" for row in self._connection.execute("PRAGMA foreign_key_check")]
        except sqlite3.DatabaseError as error:
            return (str(error),)
        return tuple(line for line in found + broken if line != "ok")

    def close(self) -> None:
        """Close the connection; the last one to close merges the write-ahead log into the file."""
        self._connection.close()


@dataclass(frozen=True)
class _Header:
    """What can be told of a file without changing anything on the disk."""

    exists: bool
    pending: bool


def open_database(path: Path, backups_dir: Path, *, busy_seconds: float = BUSY_SECONDS) -> Database:
    """Open, create or migrate the database at ``path``.

    The work does not depend on the size of the file, unless there is a migration.

    Raises:
        StorageError: ``database_newer``, ``database_foreign``, ``database_damaged``, ``database_locked``,
            ``database_read_only``, ``disk_full``, ``disk_failed`` or ``backup_failed``; the file is as it was.
    """
    try:
        header = _inspect(path, busy_seconds)
        if not header.exists:
            path.touch(mode=0o600)  # SQLite gives its side files the same rights
        connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
    except sqlite3.Error as error:
        raise failures.storage_error(error, path) from error
    except OSError as error:
        raise failures.read_only(path, str(error)) from error
    try:
        _prepare(connection)
        database = Database(path, connection)
        # Even without a migration: a locked or read-only file should be known now, not at the first message.
        with database.transaction():
            if header.pending:
                _migrate(connection, path, backups_dir)
            # BEGIN IMMEDIATE begins a read transaction when the file is read-only; a change of no row is refused.
            connection.execute("UPDATE conversations SET pinned = pinned WHERE 0")
    except sqlite3.Error as error:
        connection.close()
        raise failures.storage_error(error, path) from error
    except BaseException:
        connection.close()
        raise
    return database


def _prepare(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    # What is deleted for good is overwritten, not only unlinked.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    # A long search that is running keeps the log from being reused; without a limit its file never shrinks again.
    connection.execute(f"PRAGMA journal_size_limit = {16 * 2**20}")


def _inspect(path: Path, busy_seconds: float) -> _Header:
    """Look at the file without changing it or anything beside it; raise the StorageError it deserves."""
    log = path.with_name(path.name + "-wal")
    log_size = log.stat().st_size if log.exists() else 0
    if not path.exists() or path.stat().st_size == 0:
        if log_size:
            # SQLite would delete this log, and with it perhaps all there is.
            raise failures.damaged(path, f"{log.name} has {log_size} bytes but {path.name} is missing or empty")
        return _Header(exists=False, pending=True)
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise failures.damaged(path, "the file does not begin as an SQLite database does")
    # "immutable" reads the file alone, without locks or side files, which is right only while no log exists. With a
    # log, "ro" reads both and merges nothing.
    mode = "mode=ro" if log_size else "immutable=1"
    uri = f"file:{quote(str(path.absolute()))}?{mode}"
    with closing(sqlite3.connect(uri, uri=True, timeout=busy_seconds, isolation_level=None)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        applied = _applied(connection) if "_sqlite_migrations" in tables else []
    unknown = [name for name in applied if name not in migrations.NAMES]
    if tables and (application != APPLICATION_ID or not applied):
        raise failures.foreign(path)
    if unknown or version > migrations.SCHEMA_VERSION:
        raise failures.newer(path, f"schema {version}, unknown steps: {', '.join(unknown) or 'none'}")
    return _Header(exists=True, pending=len(applied) < len(migrations.NAMES))


def _applied(connection: sqlite3.Connection) -> list[str]:
    sql = "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY rowid"
    return [row[0] for row in connection.execute(sql, (migrations.SET_NAME,))]


def _migrate(connection: sqlite3.Connection, path: Path, backups_dir: Path) -> None:
    """Bring the schema up to date inside the open transaction, which other processes wait for."""
    import sqlite_utils

    database = sqlite_utils.Database(connection, execute_plugins=False)
    steps = migrations.migrations()
    pending = steps.pending(database)
    if not pending:  # another process was faster
        return
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        make_backup(path, backups_dir, label=f"before-{pending[0].name}")
    steps.apply(database)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {migrations.SCHEMA_VERSION}")
