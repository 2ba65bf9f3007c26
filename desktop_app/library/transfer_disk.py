"""The disk's side of a transfer: the part file, whose size is all that is known of an unfinished download."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from desktop_app.library import transfer_problems
from desktop_app.library.atomic import sync_folder
from desktop_app.library.locks import locked

if TYPE_CHECKING:
    from hashlib import _Hash

_LONGEST_NAME = 255  # bytes; the least that file systems in use allow
_LOCK = ".lock"
_READ = 1 << 20
_LOOK_EVERY = 1.0  # seconds between two looks whether the part is still in its folder


def part_path(target: Path, sha256: str) -> Path:
    """Where a file lies until it is complete: beside its place, named after its hash, so that no two are mixed."""
    ending = f".{sha256[:12].lower()}.part"
    room = _LONGEST_NAME - len(ending) - len(_LOCK)
    name = os.fsencode(target.name)[:room].decode(errors="ignore")
    return target.with_name(name + ending)


@contextmanager
def only_one(part: Path, name: str) -> Iterator[None]:
    """Keep other programs, and other transfers of this one, from the same part. Raises ShelfError when one has it."""
    with ExitStack() as held:
        try:
            held.enter_context(locked(part.with_name(part.name + _LOCK), 0))
        except TimeoutError:
            raise transfer_problems.in_use(name) from None
        yield


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn the system's errors into ShelfError."""
    try:
        yield
    except OSError as error:
        raise transfer_problems.from_disk(error, folder) from error


def hash_file(path: Path, digest: "_Hash", each: Callable[[int], None]) -> int:
    """Add a file to a digest and return its size; ``each`` hears how far it is, and may raise to end it."""
    done = 0
    with path.open("rb", buffering=0) as file:
        view = memoryview(bytearray(_READ))
        while count := file.readinto(view):
            digest.update(view[:count])
            done += count
            each(done)
    return done


class Part:
    """The unfinished file.

    Args:
        target: where it goes when it is complete.
        size: bytes that it will have.
        flush_every: bytes after which they are written through to the disk.
    """

    def __init__(self, target: Path, size: int, sha256: str, flush_every: int) -> None:
        self.path = part_path(target, sha256)
        self._target = target
        self._size = size
        self._flush_every = flush_every
        self._file: IO[bytes] | None = None
        self._unflushed = 0
        self._flushing: threading.Thread | None = None
        self._flush_error: OSError | None = None
        self._look_at = 0.0

    def size(self) -> int:
        """Bytes that are there. A part that is too long to be one is removed."""
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            return 0
        if size > self._size:
            self.remove()
            return 0
        return size

    def check_space(self, have: int, margin: int, reserve: int) -> None:
        """Raise ShelfError when the rest would not leave ``margin`` bytes free, beside what others still need."""
        free, needed = shutil.disk_usage(self.path.parent).free, self._size - have
        if free < needed + margin + reserve:
            raise transfer_problems.no_space(self._target.name, needed, free, reserve, have)

    def write(self, data: memoryview, position: int) -> None:
        """Write at the end. The file is made with its first byte, so that a refused download leaves none."""
        if self._file is None:
            self._file = self._open(position)
        rest = data
        while rest:  # the last write before a full disk takes only a part
            rest = rest[self._file.write(rest) :]
        self._unflushed += len(data)
        if self._unflushed >= self._flush_every:
            self._begin_flush()
        if (now := time.monotonic()) > self._look_at:
            self._look_at = now + _LOOK_EVERY
            self._check_place(self._file)

    def place(self, stopping: Callable[[], None]) -> None:
        """Make the part, which was found to be right, the file; only whole and lasting through a power cut.

        Args:
            stopping: called again and again while the disk writes; raises to end the wait, the part being kept.
        """
        if self._file is None:
            self._file = self._open(self.size())
        self._check_place(self._file)
        if os.fstat(self._file.fileno()).st_size != self._size:
            raise transfer_problems.shelf_gone(self.path.parent, "something else wrote to the part")
        self._await_flush(stopping)  # the one under way may have begun too early
        self._begin_flush()
        self._await_flush(stopping)
        self.close()
        try:
            self.path.replace(self._target)
        except PermissionError as error:
            if not self._target.exists():
                raise
            raise transfer_problems.target_busy(self._target.name, repr(error)) from error
        sync_folder(self._target.parent)

    def remove(self) -> None:
        """Delete it."""
        self.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close it; it stays."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self, position: int) -> IO[bytes]:
        # Not in append mode: where a file system knows no locks, two programs that bring the same bytes to the same
        # places do each other no harm.
        file = self.path.open("r+b" if position or self.path.exists() else "x+b", buffering=0)
        file.seek(position)
        return file

    def _check_place(self, file: IO[bytes]) -> None:
        """Raise ShelfError when the folder or the part was removed or moved: all further bytes would be lost."""
        try:
            same = os.path.samestat(os.fstat(file.fileno()), self.path.stat())
        except FileNotFoundError:
            same = False
        if not same:
            raise transfer_problems.shelf_gone(self.path.parent)

    def _begin_flush(self) -> None:
        """Write through in the background: a power cut then costs little, and the end need not wait long."""
        if self._flush_error is not None:
            raise self._flush_error
        if self._file is None or (self._flushing is not None and self._flushing.is_alive()):
            return
        self._unflushed = 0
        own = os.dup(self._file.fileno())  # it may outlive the file, on a disk that answers no more
        self._flushing = threading.Thread(target=self._flush, args=(own,), name="transfer-flush", daemon=True)
        self._flushing.start()

    def _flush(self, handle: int) -> None:
        try:
            os.fsync(handle)
        except OSError as error:
            self._flush_error = error
        finally:
            os.close(handle)

    def _await_flush(self, stopping: Callable[[], None]) -> None:
        while self._flushing is not None and self._flushing.is_alive():
            stopping()
            self._flushing.join(0.02)
        if self._flush_error is not None:
            raise self._flush_error
