"""What a move of the shelf has done so far, on the disk: one line for each file, so that noting costs little."""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from desktop_app.library.care import unwritable


@dataclass(frozen=True)
class Moved:
    """A file that is at the new place, whole.

    Attributes:
        name: relative to the folder of the shelf.
        size, mtime_ns: of the original when it was copied.
        sha256: of both; empty where the copy is the same file under a second name.
        made: whether the move has put it there; otherwise it had been there, and was the same.
    """

    name: str
    size: int
    mtime_ns: int
    sha256: str
    made: bool


class Journal:
    """The journal of one move; nothing is written before ``begin``."""

    def __init__(self, file: Path, old: Path, new: Path, entries: Iterable[Moved] = ()) -> None:
        self.old = old
        self.new = new
        self._file = file
        self._entries = {moved.name: moved for moved in entries}
        self._begun = False

    @classmethod
    def load(cls, file: Path) -> "Journal | None":
        """Read a journal; None when there is none. A line that was cut off by a crash tells nothing and is skipped."""
        try:
            lines = file.read_bytes().splitlines()
        except OSError:
            return None
        records = [record for line in lines if (record := _parsed(line)) is not None]
        begin = next((record for record in records if isinstance(record.get("old"), str)), None)
        if begin is None or not isinstance(begin.get("new"), str):
            return None
        entries = [moved for record in records if (moved := _moved(record)) is not None]
        journal = cls(file, Path(begin["old"]), Path(begin["new"]), entries)
        journal._begun = True
        return journal

    def has(self, name: str) -> bool:
        """Whether a file was noted, and its original and its copy are still as they were then."""
        moved = self._entries.get(name)
        if moved is None:
            return False
        try:
            source, target = (self.old / name).lstat(), (self.new / name).lstat()
        except OSError:
            return False
        if (source.st_size, source.st_mtime_ns) == (moved.size, moved.mtime_ns) and target.st_size == source.st_size:
            return True
        return (self.old / name).is_symlink() and (self.new / name).is_symlink()

    def noted(self, name: str) -> bool:
        """Whether a file was noted."""
        return name in self._entries

    def made(self, name: str) -> bool:
        """Whether a file at the new place was put there by this move."""
        return name in self._entries and self._entries[name].made

    def entries(self) -> tuple[Moved, ...]:
        """Return all notes."""
        return tuple(self._entries.values())

    def begin(self) -> None:
        """Note where the move goes, unless that is noted already. Raises ShelfError."""
        if not self._begun:
            self._write({"old": str(self.old), "new": str(self.new)}, "w")
            self._begun = True

    def note(self, moved: Moved) -> None:
        """Note that a file is at the new place; it lasts once this returns. Raises ShelfError."""
        self._write(asdict(moved), "a")
        self._entries[moved.name] = moved

    def delete(self) -> None:
        """The move has ended."""
        with suppress(OSError):
            self._file.unlink()

    def _write(self, record: dict[str, Any], mode: str) -> None:
        try:
            with self._file.open(mode, encoding="ascii") as file:
                file.write(f"\n{json.dumps(record)}\n")  # an empty line first: the last one may have been cut off
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise unwritable(self._file.parent, error, "The originals are where they were.") from error


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _moved(record: dict[str, Any]) -> Moved | None:
    """A note, unless its line is none or names a file outside the shelf."""
    try:
        moved = Moved(**{field.name: record[field.name] for field in fields(Moved)})
    except KeyError:
        return None
    kinds = (str, int, int, str, bool)
    if not all(isinstance(value, kind) for value, kind in zip(asdict(moved).values(), kinds, strict=True)):
        return None
    name = Path(moved.name)
    return None if name.is_absolute() or ".." in name.parts else moved
