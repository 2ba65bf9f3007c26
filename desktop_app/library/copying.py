"""Copies of large files that are right or are not there; begun ones go on."""

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from io import FileIO
from pathlib import Path

from desktop_app.core.errors import Problem, ShelfError
from desktop_app.library.atomic import sync_folder
from desktop_app.library.care import BLOCK, COPY, NO_SPACE, Progress, Stop, no_space, stopped, unreadable, unwritable
from desktop_app.library.verify import hash_of

MARGIN = 64 << 20  # what a drive keeps free beside the copies, so that it is not filled to the last byte
FLUSH = (
    256 << 20
)  # bytes after which what is written goes to the drive, so that the progress shown is that of the drive
ORIGINALS_KEPT = "The originals are where they were."


def link(source: Path, target: Path) -> bool:
    """Give a file a second name, which takes no time and no space; False where the drives do not allow it.

    Raises:
        FileExistsError: there is such a file already.
    """
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        return False
    return True


def copy(source: Path, target: Path, progress: Progress, stop: Stop) -> str:
    """Copy a file, read the copy again from the drive, and give it its name only when both are alike.

    A copy that was begun earlier goes on: what is there is compared and kept. The time of the file is copied too.

    Args:
        source: the file.
        target: there is no such file yet; its folder is made.
        progress: counts every byte twice, written and read again.
        stop: whether to end; what was copied is kept.

    Returns:
        the SHA-256 of both.

    Raises:
        ShelfError: ``stopped``, ``shelf_no_space``, ``shelf_read_only``, ``shelf_not_written``, ``shelf_unreadable``,
            ``shelf_copy_differs``, ``shelf_file_changing``.
    """
    begun = target.with_name(f"{target.name}{COPY}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        before = source.stat()
    except FileNotFoundError as error:
        raise unreadable(source, error) from error
    except OSError as error:
        raise unwritable(target.parent, error, ORIGINALS_KEPT) from error
    total = 2 * before.st_size
    sha256 = _write(source, begun, lambda done: progress(done, total), stop)
    again = hash_of(begun, lambda done, _: progress(before.st_size + done, total), stop, "Copying")
    after = source.stat()
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise ShelfError(
            Problem(
                "shelf_file_changing",
                f"{source.name} changed while it was copied.",
                ORIGINALS_KEPT,
                "Let what writes to it end, then try again.",
            )
        )
    if again != sha256:
        with suppress(OSError):
            begun.unlink()
        raise ShelfError(
            Problem(
                "shelf_copy_differs",
                f"What was written to {target.parent} is not what was read from {source}.",
                ORIGINALS_KEPT,
                "One of the two drives may be failing. Try again, or choose another drive.",
            )
        )
    with suppress(OSError):  # not every file system keeps times; nothing depends on them
        os.utime(begun, ns=(after.st_atime_ns, after.st_mtime_ns))
    try:
        _take_name(begun, target)
    except OSError as error:
        raise unwritable(target.parent, error, ORIGINALS_KEPT) from error
    return sha256


def require_space(folder: Path, needed: int, kept: str = ORIGINALS_KEPT) -> None:
    """Raise ShelfError ``shelf_no_space`` when a folder's drive has not that many bytes free."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise unwritable(folder, error, kept) from error
    if needed and free < needed + MARGIN:
        raise no_space(folder, needed + MARGIN, free, kept)


def _write(source: Path, begun: Path, progress: Callable[[int], None], stop: Stop) -> str:
    """Write what is missing of a copy, and return the hash of the source."""
    digest = hashlib.sha256()
    try:
        reading = source.open("rb", buffering=0)
    except OSError as error:
        raise unreadable(source, error) from error
    with reading:
        try:
            with FileIO(os.open(begun, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666), "r+") as writing:
                _write_blocks(reading, writing, digest.update, progress, stop, source)
                os.fsync(writing.fileno())
        except OSError as error:
            if error.errno in NO_SPACE:  # the rest of the drive may be needed more urgently than this beginning
                with suppress(OSError):
                    begun.unlink()
            raise unwritable(begun.parent, error, ORIGINALS_KEPT) from error
    return digest.hexdigest()


def _write_blocks(
    reading: FileIO,
    writing: FileIO,
    digest: Callable[[bytes], object],
    progress: Callable[[int], None],
    stop: Stop,
    source: Path,
) -> None:
    have, done = os.fstat(writing.fileno()).st_size, 0
    total = os.fstat(reading.fileno()).st_size  # not until its end: a file that is being written might have none
    while done < total:
        if stop():
            raise stopped("Copying", f"{ORIGINALS_KEPT} What was copied is kept, and goes on from there next time.")
        try:
            block = reading.read(min(BLOCK, total - done))
        except OSError as error:
            raise unreadable(source, error) from error
        if not block:
            break
        if done >= have or _read(writing, done, len(block)) != block:
            if done < have:
                writing.truncate(done)
                have = done
            _write_all(writing, done, block)
            if done // FLUSH != (done + len(block)) // FLUSH:
                os.fsync(writing.fileno())
        digest(block)
        done += len(block)
        progress(done)
    if done < have:
        writing.truncate(done)


def _read(file: FileIO, offset: int, count: int) -> bytes:
    file.seek(offset)
    blocks = []
    while count and (block := file.read(count)):
        blocks.append(block)
        count -= len(block)
    return b"".join(blocks)


def _write_all(file: FileIO, offset: int, block: bytes) -> None:
    file.seek(offset)
    rest = memoryview(block)
    while rest:
        rest = rest[file.write(rest) :]


def _take_name(begun: Path, target: Path) -> None:
    """Give the copy its name, unless another file has taken it meanwhile, and make that last through a power cut."""
    if target.exists():
        raise FileExistsError(target)
    begun.replace(target)
    sync_folder(target.parent)
