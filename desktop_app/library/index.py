"""What the headers of the shelf's files tell, kept so that a file is read once and not at every look.

The index can always be made again: one that is damaged, of another version or not ours is simply begun anew, and when
two programs write it, the later one stays.
"""

import os
import tempfile
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from desktop_app.core.errors import ModelError, Problem
from desktop_app.core.model import ShelfModel
from desktop_app.library.header import HeaderFacts, read_header

VERSION = 1  # raise it when headers are read in another way
# What the file itself is like; it stays so until the file changes. Permissions and failing disks do not.
_LASTING = ("model_truncated", "model_damaged", "model_not_gguf", "model_too_old", "model_too_new", "model_big_endian")


@dataclass(frozen=True)
class Entry:
    """A file as it was when it was read: its facts, or what is wrong with it.

    Attributes:
        size: bytes.
        modified: nanoseconds since the epoch.
    """

    size: int
    modified: int
    facts: HeaderFacts | None = None
    problem: Problem | None = None


@dataclass
class _Document:
    """The file of the index."""

    version: int = VERSION
    folder: str = ""
    models: tuple[ShelfModel, ...] = ()
    entries: dict[str, Entry] = field(default_factory=dict)


class Index:
    """Facts by path, size and time of change, and the shelf as it was last seen.

    Several threads may ask at a time.

    Args:
        file: where it is kept; None keeps it in memory.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._document: _Document | None = None
        self._written = b""

    def look_up(self, path: Path, status: os.stat_result) -> Entry:
        """Return what a file tells, reading it when it is new or has changed. Never raises."""
        entries = self._known().entries
        entry = entries.get(str(path))
        if entry is not None and (entry.size, entry.modified) == (status.st_size, status.st_mtime_ns):
            return entry
        try:
            entry = Entry(status.st_size, status.st_mtime_ns, facts=read_header(path))
        except ModelError as error:
            entry = Entry(status.st_size, status.st_mtime_ns, problem=error.problem)
        if entry.problem is None or entry.problem.code in _LASTING:
            entries[str(path)] = entry
        return entry

    def models(self, folder: Path) -> tuple[ShelfModel, ...]:
        """Return the models as they were last kept for this folder."""
        document = self._known()
        return document.models if document.folder == str(folder) else ()

    def keep(self, folder: Path, models: tuple[ShelfModel, ...], paths: Collection[str]) -> None:
        """Keep the models of a shelf, and of the files only those at ``paths``, on the disk if possible."""
        entries = dict(self._known().entries)  # a copy: another thread may add to it
        kept = _Document(VERSION, str(folder), models, {path: entries[path] for path in paths if path in entries})
        self._document = kept
        if self._file is None:
            return
        data = msgspec.json.encode(kept)
        if data != self._written and _replace(self._file, data):
            self._written = data

    def _known(self) -> _Document:
        if self._document is None:
            self._document = self._load()
        return self._document

    def _load(self) -> _Document:
        if self._file is None:
            return _Document()
        try:
            data = self._file.read_bytes()
            document = msgspec.json.decode(data, type=_Document)
        except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
            return _Document()
        if document.version != VERSION:
            return _Document()
        self._written = data
        return document


def _replace(file: Path, data: bytes) -> bool:
    """Replace the index whole or not at all; without it, the next start only reads all headers again."""
    name = ""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".tmp", dir=file.parent)
        with os.fdopen(handle, "wb") as temporary:
            temporary.write(data)
        Path(name).replace(file)
    except OSError:
        if name:
            with suppress(OSError):
                Path(name).unlink()
        return False
    return True
