"""Locks between programs that share a shelf."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def locked(path: Path, seconds: float) -> Iterator[None]:
    """Hold a lock file, which is gone afterwards; the system frees the lock of a program that was killed.

    Args:
        path: of the lock file.
        seconds: how long to wait for it; 0 does not wait.

    Raises:
        TimeoutError: another program, or another thread of this one, holds it.
        OSError: the file cannot be made.
    """
    import filelock

    path.parent.stat()  # filelock would make the folder, on the wrong drive when the right one is not connected
    lock = filelock.FileLock(str(path), timeout=seconds)
    lock.acquire()
    try:
        yield
    finally:
        if os.name == "posix" and isinstance(lock, filelock.UnixFileLock):
            # While it is held: filelock takes no lock on a file that has lost its name, so nobody is misled. On
            # Windows, and where a file system knows no locks, filelock removes the file itself.
            with suppress(OSError):
                path.unlink()
        lock.release()
