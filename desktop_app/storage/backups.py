"""Verified copies of the database, made before a migration changes it."""

import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from desktop_app.storage import failures

KEEP = 5


def make_backup(path: Path, backups_dir: Path, label: str) -> Path:
    """Copy the database as last committed, check the copy and return its path; older copies beyond KEEP go.

    Another connection may hold the write lock meanwhile, so that nothing is committed in between.

    Args:
        path: of the database.
        backups_dir: where the copies are; made if missing.
        label: part of the copy's name.

    Raises:
        StorageError: ``database_damaged`` when the copy, and so the original, is not sound; ``backup_failed``.
    """
    moment = time.time_ns()
    stamp = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(moment // 10**9))}-{moment % 10**9 // 1000:06d}"
    target = backups_dir / f"{path.stem}-{stamp}-{label}{path.suffix}"
    unfinished = target.with_name(target.name + ".part")
    try:
        backups_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        for leftover in backups_dir.glob(f"{path.stem}-*.part"):  # of a program that was killed while it copied
            leftover.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)
        found = _copy(path, unfinished)
        if found:
            raise failures.damaged(path, "; ".join(found))
        unfinished.replace(target)
    except (sqlite3.Error, OSError) as error:
        raise failures.backup_failed(backups_dir, f"{type(error).__name__}: {error}") from error
    finally:
        with suppress(OSError):
            unfinished.unlink()
    for old in list_backups(path, backups_dir)[KEEP:]:
        old.unlink(missing_ok=True)
    return target


def list_backups(path: Path, backups_dir: Path) -> list[Path]:
    """Return the finished copies of the database at ``path``, newest first."""
    return sorted(backups_dir.glob(f"{path.stem}-*{path.suffix}"), reverse=True)


def _copy(path: Path, target: Path) -> list[str]:
    """Copy a database into an empty file and return what is wrong with the copy, in SQLite's words."""
    # A connection of its own: sqlite3_backup_step never gets past a write transaction of its source connection.
    source_uri = f"file:{quote(str(path.absolute()))}?mode=ro"
    with (
        closing(sqlite3.connect(source_uri, uri=True, isolation_level=None)) as source,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        source.backup(copy)
        try:
            # The copy says "WAL" in its header like the original; reading it so would leave side files.
            copy.execute("PRAGMA journal_mode = DELETE")
            found = [str(row[0]) for row in copy.execute("PRAGMA integrity_check(20)")]
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                return [str(error)]
            raise
    return [line for line in found if line != "ok"]
