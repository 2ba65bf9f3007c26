"""What SQLite complains of, in sentences."""

import sqlite3
from pathlib import Path

from desktop_app.core.errors import BugError, Problem, StorageError

# Primary result codes, https://www.sqlite.org/rescode.html
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_AUTH}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def storage_error(error: sqlite3.Error, path: Path) -> StorageError | BugError:
    """Translate what SQLite raised. Complaints that only our own mistake can cause become a BugError."""
    extended = getattr(error, "sqlite_errorcode", 0)
    code = extended & 0xFF
    detail = f"{getattr(error, 'sqlite_errorname', type(error).__name__)}: {error}"
    if code in _LOCKED:
        return locked(path, detail)
    if code in _READ_ONLY:
        return read_only(path, detail)
    if code in _DAMAGED:
        return damaged(path, detail)
    # SHMSIZE: not even the log's index, 32 KB, could be made on opening (seen on a full tmpfs).
    if code == sqlite3.SQLITE_FULL or extended == sqlite3.SQLITE_IOERR_SHMSIZE:
        return full(path, detail)
    if code == sqlite3.SQLITE_IOERR:
        return unreachable(path, detail)
    return BugError(f"The database refused a request: {detail}")


def locked(path: Path, detail: str = "") -> StorageError:
    """Another program holds the database for longer than we wait."""
    return StorageError(
        Problem(
            "database_locked",
            "Another program is holding the conversations and does not let go.",
            "Everything saved so far is safe.",
            f"Close the program that uses {path}, then try again.",
            detail,
        )
    )


def read_only(path: Path, detail: str = "") -> StorageError:
    """The file or its folder must not be written, or not even read."""
    return StorageError(
        Problem(
            "database_read_only",
            f"Causerie may not write to {path} or to the folder it is in.",
            "Nothing was changed.",
            "Allow writing there, or start with another data folder (--data-dir).",
            detail,
        )
    )


def damaged(path: Path, detail: str = "") -> StorageError:
    """The file is not a database, or its contents contradict themselves."""
    return StorageError(
        Problem(
            "database_damaged",
            f"The file of your conversations is damaged: {path}.",
            "It was left as it is, nothing was overwritten.",
            "Move it to another folder and keep it; then put back a copy of yours or one from the backups folder, "
            "or start without one.",
            detail,
        )
    )


def full(path: Path, detail: str = "") -> StorageError:
    """No space is left for what should be written."""
    return StorageError(
        Problem(
            "disk_full",
            "The disk is full, so the last change could not be saved.",
            "Everything saved before it is safe.",
            f"Free some space on the disk that holds {path.parent}, then try again.",
            detail,
        )
    )


def unreachable(path: Path, detail: str = "") -> StorageError:
    """The disk answered with an error."""
    return StorageError(
        Problem(
            "disk_failed",
            "The disk reported an error, so the last change could not be saved.",
            "Everything saved before it is left as it is.",
            f"Check that the disk that holds {path.parent} is connected and has room, then try again.",
            detail,
        )
    )


def foreign(path: Path) -> StorageError:
    """A sound database, but of another program."""
    return StorageError(
        Problem(
            "database_foreign",
            f"{path} is a database of another program.",
            "It was left untouched.",
            "Choose another data folder (--data-dir).",
        )
    )


def newer(path: Path, detail: str = "") -> StorageError:
    """Written by a version of the program that knows more than this one."""
    return StorageError(
        Problem(
            "database_newer",
            "Your conversations were saved by a newer version of Causerie, which this one cannot read.",
            f"They were left untouched: {path}.",
            "Install the newer version, or start with another data folder (--data-dir).",
            detail,
        )
    )


def backup_failed(path: Path, detail: str) -> StorageError:
    """No copy could be made before a migration, so there was none."""
    return StorageError(
        Problem(
            "backup_failed",
            f"Causerie could not make a safety copy of your conversations in {path}, so it did not update them.",
            "Nothing was changed.",
            "Make sure that there is space and that writing is allowed there, then start again.",
            detail,
        )
    )
