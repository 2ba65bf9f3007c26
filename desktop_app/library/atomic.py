"""Files of the shelf that are replaced whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file's contents; whoever reads it, at any moment and after any crash, finds the old or the new.

    One writer at a time: who may meet others holds a lock. Raises OSError, the old file intact.
    """
    new = path.with_name(f"{path.name}.tmp")
    try:
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names of a folder's files last through a power cut; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
