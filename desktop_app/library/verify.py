"""The hash of a model's files, and what their source says that it should be."""

import hashlib
import os
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from io import IOBase
from pathlib import Path

from desktop_app.core.care import Checked
from desktop_app.core.errors import Problem, ShelfError
from desktop_app.core.model import ShelfModel
from desktop_app.library import manifest
from desktop_app.library.care import BLOCK, Progress, Stop, files_of, missing_of, require_file, stopped, unreadable

# Both caches name their blobs after the content. The Hub's holds small files under a Git hash of 40 digits instead.
_HUB_BLOB = re.compile(r"[0-9a-f]{64}")
_OLLAMA_BLOB = re.compile(r"sha256[-:]([0-9a-f]{64})")


@dataclass(frozen=True)
class Expected:
    """What a file should be: ``sha256`` as 64 hexadecimal digits, as ``source`` states it (for people).

    The source is empty for a copy of a person's own file.
    """

    sha256: str
    source: str


def expected_of(path: Path) -> Expected | None:
    """Return what is known about the hash of a file: from the shelf's manifest, or from the name of a cache's blob."""
    origin = manifest.read(path.parent).get(path.name)
    if origin is not None and origin.sha256:
        return Expected(origin.sha256, origin.repo)
    try:
        blob = path.resolve()
    except OSError:
        return None
    if (match := _OLLAMA_BLOB.fullmatch(blob.name)) is not None:
        return Expected(match[1], "Ollama's library")
    if _HUB_BLOB.fullmatch(blob.name) and blob.parent.name == "blobs":
        folder = blob.parent.parent.name  # models--owner--name
        return Expected(blob.name, folder.removeprefix("models--").replace("--", "/", 1))
    return None


def verify(path: Path, expected: Expected | None, progress: Progress, stop: Stop) -> Checked:
    """Compute the hash of one file as it is on the disk.

    Raises:
        ShelfError: ``shelf_file_missing``, ``shelf_unreadable``, ``stopped``.
    """
    sha256 = hash_of(path, progress, stop)
    if expected is None:
        return Checked(str(path), sha256)
    return Checked(str(path), sha256, expected.sha256, expected.source)


def check_models(
    models: Iterable[ShelfModel], results: list[Checked], problems: list[Problem], progress: Progress, stop: Stop
) -> None:
    """Verify all files of several models, each once, with one progress for all.

    Args:
        models: those in question.
        results: gets what was found of each file, as that is known.
        problems: gets what prevented the check of others.
        progress: in bytes.
        stop: whether to end.

    Raises:
        ShelfError: ``stopped``.
    """
    models = tuple(models)
    files = dict.fromkeys(file for model in models for file in files_to_verify(model))
    problems.extend(_incomplete(model) for model in models if _lacks_parts(model))
    total, before = sum(map(size_of, files)), 0
    for path in files:

        def share(done: int, _total: int, start: int = before) -> None:
            progress(start + done, total)

        try:
            results.append(verify(path, expected_of(path), share, stop))
        except ShelfError as error:
            if error.problem.code == "stopped":
                raise
            problems.append(error.problem)
        before += size_of(path)


def _lacks_parts(model: ShelfModel) -> bool:
    path = Path(model.path)
    return path.is_file() and bool(missing_of(path))


def _incomplete(model: ShelfModel) -> Problem:
    names = ", ".join(part.name for part in missing_of(Path(model.path)))
    sentence = f"{Path(model.path).name} is one part of a model, and these are missing: {names}."
    return Problem("shards_missing", sentence, "Nothing was changed.", "Put all parts into one folder.")


def files_to_verify(model: ShelfModel) -> tuple[Path, ...]:
    """Return the files of a model, with its projector."""
    return (*files_of(Path(model.path)), *((Path(model.projector),) if model.projector else ()))


def size_of(path: Path) -> int:
    """Return the size of a file in bytes; 0 when it cannot be told."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def hash_of(path: Path, progress: Progress, stop: Stop, deed: str = "The check") -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits. Raises like ``verify``."""
    require_file(path)
    digest = hashlib.sha256()
    buffer = memoryview(bytearray(BLOCK))
    try:
        with path.open("rb", buffering=0) as file:
            total, done = os.fstat(file.fileno()).st_size, 0
            forget_cached(file)
            while done < total and (count := file.readinto(buffer[: total - done])):
                if stop():
                    raise stopped(deed, "The files are as they were.")
                digest.update(buffer[:count])
                done += count
                progress(done, total)
    except OSError as error:
        raise unreadable(path, error) from error
    return digest.hexdigest()


def forget_cached(file: IOBase) -> None:
    """Have the system read a file from its drive, not from its memory of what was written there: Linux alone can."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
