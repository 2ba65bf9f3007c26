"""What all care for the shelf has in common: a model's files, whether they may be touched, errors as sentences.

Work on large files tells how far it is and can be stopped: ``progress(done, total)`` in bytes, ``stop()`` asked
between blocks. Stopping raises ``ShelfError`` with the code ``stopped`` and a sentence on what was kept.
"""

import errno
import logging
import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from desktop_app.core.care import OWN_ORIGINS, program_of
from desktop_app.core.errors import Problem, ShelfError
from desktop_app.core.hub import parse_name
from desktop_app.core.model import ShelfModel
from desktop_app.library import manifest
from desktop_app.library.manifest import Origin
from desktop_app.library.transfer_problems import size_text

Progress = Callable[[int, int], None]
Stop = Callable[[], bool]

SUFFIX = ".gguf"
PART = ".part"
COPY = ".copying"  # the name of a file that is being copied has this behind it, so that nobody takes it for a model
BLOCK = 1 << 20
_log = logging.getLogger(__name__)
NO_SPACE = frozenset((errno.ENOSPC, errno.EDQUOT))


def files_of(path: Path) -> tuple[Path, ...]:
    """Return the files of the model that a path names: itself, or all shards of its set that are there, in order."""
    return tuple(file for file in _shards(path) if file.is_file()) or (path,)


def missing_of(path: Path) -> tuple[Path, ...]:
    """Return the shards that a model lacks."""
    return tuple(file for file in _shards(path) if not file.is_file())


def _shards(path: Path) -> tuple[Path, ...]:
    count = parse_name(path.name).shards
    if count == 1:
        return (path,)
    return tuple(
        path.with_name(shard_name(base_of(path), number, count, path.suffix)) for number in range(1, count + 1)
    )


def base_of(path: Path) -> str:
    """Return the stem of a file without its shard number."""
    name = parse_name(path.name)
    return path.stem if name.shards == 1 else path.stem[: -len("-00001-of-00001")]


def shard_name(base: str, number: int, count: int, suffix: str = SUFFIX) -> str:
    """Return the name of a shard, as llama.cpp makes it from the name of the first."""
    return f"{base}{suffix}" if count == 1 else f"{base}-{number:05d}-of-{count:05d}{suffix}"


def require_ours(model: ShelfModel, deed: str) -> None:
    """Raise ShelfError ``shelf_not_ours`` unless the model lies on the shelf or in a folder that the person added.

    Args:
        model: the one in question.
        deed: what was asked, such as ``"deleted"``.
    """
    if model.origin in OWN_ORIGINS:
        return
    name = Path(model.path).name
    program = program_of(model.origin)
    if model.starter or model.origin == "starter":
        sentence, action = f"{name} comes with Causerie, so it is not {deed}.", ""
    elif program:
        sentence = f"{name} belongs to {program}, so Causerie has not {deed} it."
        action = "Do that in the program to which it belongs."
    elif not os.path.lexists(model.path):
        raise missing(Path(model.path))
    else:
        sentence = f"{name} does not lie on the shelf, so Causerie has not {deed} it."
        action = f"It lies in {Path(model.path).parent}."
    raise ShelfError(Problem("shelf_not_ours", sentence, "Nothing was changed.", action))


def record(target: Path, origin: Origin) -> None:
    """Note where a file came from. Raises ShelfError."""
    try:
        manifest.record(target, origin)
    except OSError as error:
        raise unwritable(target.parent, error, "The files are where they were.") from error


def forget(target: Path) -> None:
    """Remove what is known of a file that is gone; a note that cannot be removed does no harm."""
    try:
        manifest.forget(target)
    except OSError as error:
        _log.warning("what is known of %s cannot be removed: %s", target, error)


def owner_of(file: Path, models: Iterable[ShelfModel]) -> str:
    """Return the program to which a file belongs, for people, by the models of this computer; empty for one's own."""
    asked = file.expanduser()
    for model in models:
        program = program_of(model.origin)
        if program and (model.path == str(asked) or _same(Path(model.path), asked)):
            return program
    return ""


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def reason_of(error: OSError) -> str:
    """Return what the system says, to stand in a sentence."""
    return (error.strerror or str(error)).lower()


def stopped(deed: str, kept: str) -> ShelfError:
    """Return the error of work that the person stopped."""
    return ShelfError(Problem("stopped", f"{deed} was stopped.", kept))


def missing(path: Path) -> ShelfError:
    """Return the error of a file that is not there."""
    problem = Problem(
        "shelf_file_missing",
        f"There is no file {path}.",
        action="If it lies on a drive that is not connected, connect the drive.",
    )
    return ShelfError(problem)


def unreadable(path: Path, error: OSError) -> ShelfError:
    """Return the error of a file that cannot be read."""
    if isinstance(error, FileNotFoundError):
        return missing(path)
    sentence = f"The file {path} could not be read: {reason_of(error)}."
    return ShelfError(Problem("shelf_unreadable", sentence, "It was not changed.", detail=str(error)))


def require_file(path: Path) -> None:
    """Raise ShelfError unless a path leads to an ordinary file: to open a pipe would wait for ever for a writer.

    Raises:
        ShelfError: ``shelf_file_missing``, ``shelf_unreadable``.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise unreadable(path, error) from error
    if not stat.S_ISREG(mode):
        sentence = f"{path} is not a file that can be read."
        raise ShelfError(Problem("shelf_unreadable", sentence, "It was not changed.", "Choose a file."))


def unwritable(folder: Path, error: OSError, kept: str) -> ShelfError:
    """Return the error of a folder that cannot be written to."""
    if error.errno in NO_SPACE:
        sentence = f"There is not enough space in {folder}."
        return ShelfError(
            Problem("shelf_no_space", sentence, kept, "Make some space there, then try again.", str(error))
        )
    if error.errno == errno.EFBIG:
        sentence = f"The drive of {folder} cannot hold a file as large as this one."
        action = "Drives in the FAT32 format end at 4 GB: choose another folder."
        return ShelfError(Problem("shelf_file_too_large", sentence, kept, action, str(error)))
    if error.errno == errno.EROFS:
        sentence = f"The drive of {folder} can only be read."
        return ShelfError(Problem("shelf_read_only", sentence, kept, "Choose another folder.", str(error)))
    sentence = f"Writing in {folder} failed: {reason_of(error)}."
    return ShelfError(
        Problem("shelf_not_written", sentence, kept, "Choose another folder, or allow writing.", str(error))
    )


def gone(folder: Path) -> ShelfError:
    """Return the error of a shelf whose folder is not there."""
    sentence = f"The folder of the shelf, {folder}, is not there."
    action = "If it lies on a drive that is not connected, connect the drive."
    return ShelfError(Problem("shelf_gone", sentence, "Nothing was changed.", action))


def no_space(folder: Path, needed: int, free: int, kept: str) -> ShelfError:
    """Return the error of a drive that is too full; both figures in bytes."""
    sentence = f"{folder} has {size_text(free)} free, and {size_text(needed)} are needed."
    return ShelfError(Problem("shelf_no_space", sentence, kept, "Make some space there, or choose another drive."))
