"""What the models take up on the drives."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from desktop_app.core.care import DiskUse, Part, Share
from desktop_app.core.model import ShelfModel
from desktop_app.library.care import COPY, PART, files_of
from desktop_app.library.verify import size_of


def disk_use(models: Iterable[ShelfModel], folder: Path, parts: Iterable[Part]) -> DiskUse:
    """Return what models and unfinished files take up; a file that has several names counts once.

    Args:
        models: all of this computer.
        folder: of the shelf, whose drive's free space is told; 0 when it is not there.
        parts: unfinished files.
    """
    seen: set[tuple[int, int]] = set()
    drive = _drive_of(folder)
    shares: dict[str, Share] = {}
    for model in models:
        files = [*files_of(Path(model.path)), *([Path(model.projector)] if model.projector else [])]
        size = here = 0
        for file in files:
            found = _stat(file)
            if found is not None and (found.st_dev, found.st_ino) not in seen:
                seen.add((found.st_dev, found.st_ino))
                size += found.st_size
                here += found.st_size if found.st_dev == drive else 0
        before = shares.get(model.origin, Share(model.origin, 0, 0, 0))
        shares[model.origin] = Share(model.origin, before.size + size, before.here + here, before.models + 1)
    ordered = sorted(shares.values(), key=lambda share: (-share.size, share.origin))
    free, total = _space(folder)
    return DiskUse(tuple(ordered), sum(part.size for part in parts), free, total)


def unfinished(folder: Path) -> tuple[Part, ...]:
    """Return the beginnings of files below a folder: of downloads and of copies, by name."""
    found: list[Part] = []
    for where, _, names in os.walk(folder):
        paths = [Path(where) / name for name in names if name.lower().endswith((PART, COPY))]
        found.extend(Part(str(path), size_of(path)) for path in paths)
    return tuple(sorted(found, key=lambda part: part.path))


def arrivals(models: Iterable[ShelfModel]) -> dict[str, float]:
    """Return since when each model's file has been where it is, in seconds since the epoch.

    The time of the last change of the file's entry: a copy that keeps the original's time is new all the same.
    """
    times = {}
    for model in models:
        try:
            found = Path(model.path).stat()
        except OSError:
            continue
        times[model.path] = max(found.st_mtime, found.st_ctime)
    return times


def _stat(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except OSError:
        return None


def _drive_of(folder: Path) -> int:
    found = _stat(folder)
    return found.st_dev if found is not None else -1


def _space(folder: Path) -> tuple[int, int]:
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return 0, 0
    return usage.free, usage.total
