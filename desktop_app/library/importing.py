"""Files that a person has: they are used in place, or copied or moved onto the shelf."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from desktop_app.core.errors import ModelError, Problem, ShelfError
from desktop_app.core.hub import parse_name, path_problem
from desktop_app.library import manifest
from desktop_app.library.care import (
    COPY,
    Progress,
    Stop,
    files_of,
    forget,
    gone,
    missing_of,
    reason_of,
    record,
    require_file,
    unreadable,
    unwritable,
)
from desktop_app.library.copying import ORIGINALS_KEPT, copy, link, require_space
from desktop_app.library.manifest import Origin
from desktop_app.library.verify import hash_of, size_of

MAGIC = b"GGUF"


def import_file(path: Path, shelf: Path, move: bool, progress: Progress, stop: Stop, owner: str = "") -> Path:
    """Copy or move a model onto the shelf, all its shards with it.

    A copy is read again and compared before an original is deleted. The hash is kept, so that the file can be checked
    later. A call that was interrupted goes on when it is made again.

    Args:
        path: any file of the model.
        shelf: the folder; the model comes to lie right in it.
        move: whether the original goes.
        progress: in bytes.
        stop: whether to end.
        owner: the program to which the file belongs, for people; its files are copied but never moved.

    Returns:
        the path of the first file on the shelf.

    Raises:
        ModelError: ``not_gguf``, ``shards_missing``.
        ShelfError: ``shelf_not_ours``, ``shelf_gone``, ``shelf_name_bad``, ``shelf_name_taken``, and what reading and
            copying raise.
    """
    path = path.expanduser().absolute()
    sources = _checked(path)
    if move and owner:
        sentence = f"{path.name} belongs to {owner}, so Causerie does not move it."
        action = "Copy it instead, or use it where it is."
        raise ShelfError(Problem("shelf_not_ours", sentence, "Nothing was changed.", action))
    if path.resolve().is_relative_to(shelf.resolve()):
        return shelf / sources[0].resolve().relative_to(shelf.resolve())  # it is there, perhaps in a folder of its own
    if not shelf.is_dir():
        raise gone(shelf)  # to make it would make it on the wrong drive when the right one is not connected
    targets = [shelf / source.name for source in sources]
    if all(_is_there(source, target) for source, target in zip(sources, targets, strict=True)) and not move:
        return targets[0]
    total = 2 * sum(map(size_of, sources))
    missing = [
        max(0, size_of(source) - size_of(target.with_name(f"{target.name}{COPY}")))
        for source, target in zip(sources, targets, strict=True)
        if not target.exists()
    ]
    same_drive = move and shelf.stat().st_dev == path.stat().st_dev
    require_space(shelf, 0 if same_drive else sum(missing))
    before = 0
    for source, target in zip(sources, targets, strict=True):
        start = before

        def share(done: int, _total: int, start: int = start) -> None:
            progress(start + done, total)

        size = size_of(source)
        _import_one(source, target, move, share, stop)
        before += 2 * size
        progress(before, total)
    return targets[0]


def _checked(path: Path) -> Sequence[Path]:
    """Return the files of the model, each a GGUF that may have its name on the shelf."""
    require_file(path)
    missing = missing_of(path) if parse_name(path.name).shards > 1 else ()
    if missing:
        names = ", ".join(file.name for file in missing)
        sentence = f"{path.name} is one part of a model, and these are missing: {names}."
        raise ModelError(Problem("shards_missing", sentence, "Nothing was changed.", "Put all parts into one folder."))
    files = files_of(path)
    for file in files:
        require_file(file)
        try:
            with file.open("rb") as opened:
                magic = opened.read(len(MAGIC))
        except OSError as error:
            raise unreadable(file, error) from error
        if magic != MAGIC or file.suffix.lower() != ".gguf":
            sentence = f"{file.name} is not a model in the GGUF format."
            raise ModelError(Problem("not_gguf", sentence, "Nothing was changed.", "Choose a file that ends in .gguf."))
        if problem := path_problem(file.name):
            sentence = f"{file.name} cannot stand on the shelf under its name: {problem}."
            raise ShelfError(Problem("shelf_name_bad", sentence, "Nothing was changed.", "Rename the file first."))
    return files


def _import_one(source: Path, target: Path, move: bool, share: Progress, stop: Stop) -> None:
    if _is_there(source, target):
        if move and source != target.resolve() and not source.is_symlink():
            source.unlink()  # a second name of the same file, from a call that was interrupted
        return
    origin = manifest.read(source.parent).get(source.name)
    sha256 = ""
    if target.exists():
        sha256 = _same(source, target, share, stop)
    elif not (move and not source.is_symlink() and _link(source, target)):
        sha256 = copy(source, target, share, stop)
    if origin is None and sha256:
        size = size_of(target)
        origin = Origin(repo="", commit="", path="", sha256=sha256, size=size, downloaded_at=time.time())
    if origin is not None:
        record(target, origin)
    if move:
        _delete_original(source)


def _is_there(source: Path, target: Path) -> bool:
    """Whether both are one file."""
    return target.exists() and source.samefile(target)


def _same(source: Path, target: Path, share: Progress, stop: Stop) -> str:
    """Compare with a file of that name which is there, perhaps from a call that was interrupted."""
    taken = ShelfError(
        Problem(
            "shelf_name_taken",
            f"There is another file named {target.name} on the shelf.",
            "Nothing was changed.",
            "Rename one of the two first.",
        )
    )
    size = size_of(source)
    if size != size_of(target):
        raise taken
    sha256 = hash_of(source, share, stop, "Importing")
    again = hash_of(target, _after(share, size), stop, "Importing")
    if sha256 != again:
        raise taken
    return sha256


def _after(share: Progress, size: int) -> Callable[[int, int], None]:
    return lambda done, total: share(size + done, total)


def _link(source: Path, target: Path) -> bool:
    try:
        return link(source, target)
    except OSError as error:
        raise unwritable(target.parent, error, ORIGINALS_KEPT) from error


def _delete_original(source: Path) -> None:
    try:
        source.unlink()
        forget(source)
    except OSError as error:
        sentence = f"{source.name} is on the shelf now, but the original could not be deleted: {reason_of(error)}."
        problem = Problem("shelf_original_left", sentence, f"Both files are there: {source}.", detail=str(error))
        raise ShelfError(problem) from error
