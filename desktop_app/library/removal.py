"""Renaming and deleting the models of the shelf."""

import logging
from collections.abc import Collection, Iterable
from pathlib import Path

from desktop_app.core.errors import Problem, ShelfError
from desktop_app.core.hub import parse_name, path_problem
from desktop_app.core.model import ShelfModel
from desktop_app.library import manifest
from desktop_app.library.care import COPY, PART, base_of, files_of, forget, missing, reason_of, require_ours, shard_name
from desktop_app.library.trash import to_trash

_log = logging.getLogger(__name__)


def rename(model: ShelfModel, new_name: str) -> Path:
    """Give a model another file name, all its shards with it; the manifest follows.

    Args:
        model: on the shelf or in a folder that the person added.
        new_name: without the shard's number; the ending ``.gguf`` may be left out.

    Returns:
        the new path of the first file. The same call goes on where an earlier one was killed.

    Raises:
        ShelfError: ``shelf_not_ours``, ``shelf_file_missing``, ``shelf_name_bad``, ``shelf_name_taken``,
            ``shelf_not_renamed``; nothing has changed then.
    """
    require_ours(model, "renamed")
    path = Path(model.path)
    count = parse_name(path.name).shards
    base = _checked_base(new_name.strip(), path, count)
    pairs = []
    # The first shard, by which a model is known, comes last: until then the model has its old name.
    for number in range(count, 0, -1):
        old = path.with_name(shard_name(base_of(path), number, count, path.suffix))
        new = path.with_name(shard_name(base, number, count, path.suffix))
        if not old.exists() and new.exists() and count > 1:
            continue  # an earlier call has come that far
        if not old.exists():
            raise missing(old)
        if new.exists() and not new.samefile(old):
            sentence = f"There is another file named {new.name} in that folder."
            raise ShelfError(Problem("shelf_name_taken", sentence, "Nothing was renamed.", "Choose another name."))
        pairs.append((old, new))
    _rename_all(pairs)
    return path.with_name(shard_name(base, 1, count, path.suffix))


def delete(model: ShelfModel, others: Iterable[ShelfModel]) -> tuple[Path, ...]:
    """Move the files of a model to the system's trash: all shards, and the projector unless another model uses it.

    Args:
        model: on the shelf or in a folder that the person added.
        others: the other models of this computer.

    Returns:
        the files that were deleted.

    Raises:
        ShelfError: ``shelf_not_ours``, ``shelf_file_missing``, ``shelf_no_trash``; nothing is deleted without a trash.
    """
    require_ours(model, "deleted")
    path = Path(model.path)
    files = list(files_of(path))
    projector = Path(model.projector) if model.projector else None
    shared = any(other.projector == model.projector for other in others if other.path != model.path)
    if projector is not None and not shared and projector.is_file() and projector.parent == path.parent:
        files.append(projector)
    deleted: list[Path] = []
    for file in files:
        if not file.exists() and not file.is_symlink():
            raise missing(file)
        _to_trash(file, deleted)
        deleted.append(file)
        forget(file)
    return tuple(deleted)


def discard(part: Path, folder: Path, wanted: Collection[str]) -> None:
    """Delete the beginning of a file, for good: it is of no use to anyone.

    Args:
        part: a download's or a copy's.
        folder: of the shelf, below which it lies.
        wanted: paths of those that a download goes on with.

    Raises:
        ShelfError: ``shelf_not_ours``, ``shelf_not_deleted``.
    """
    if not part.name.lower().endswith((PART, COPY)) or folder.resolve() not in part.resolve().parents:
        sentence = f"{part.name} is not the beginning of a download, so it was not deleted."
        raise ShelfError(Problem("shelf_not_ours", sentence, "Nothing was changed."))
    if str(part) in wanted:
        sentence = f"A download goes on with {part.name}, so it was not deleted."
        raise ShelfError(Problem("shelf_not_ours", sentence, "Nothing was changed.", "Cancel the download first."))
    try:
        part.unlink(missing_ok=True)
        part.with_name(f"{part.name}.lock").unlink(missing_ok=True)
    except OSError as error:
        sentence = f"{part.name} could not be deleted: {reason_of(error)}."
        problem = Problem("shelf_not_deleted", sentence, "It is where it was.", detail=str(error))
        raise ShelfError(problem) from error


def _checked_base(name: str, path: Path, count: int) -> str:
    base = name[: -len(path.suffix)] if name.lower().endswith(path.suffix.lower()) else name
    first = shard_name(base, 1, count, path.suffix)
    problem = "it is empty" if not base.strip(" .") else path_problem(first)
    if "/" in base:
        problem = "it contains a character that not every system allows"
    if parse_name(first).shards != count:
        problem = "it ends like the name of one part of several"
    if problem:
        sentence = f"“{name}” cannot be the name of a model: {problem}."
        raise ShelfError(Problem("shelf_name_bad", sentence, "Nothing was renamed.", "Choose another name."))
    return base


def _rename_all(pairs: list[tuple[Path, Path]]) -> None:
    """Rename all files, or none."""
    done: list[tuple[Path, Path]] = []
    for old, new in pairs:
        try:
            old.rename(new)
        except OSError as error:
            for old_again, new_again in reversed(done):
                new_again.rename(old_again)
                _follow(new_again, old_again)
            sentence = f"{old.name} could not be renamed: {reason_of(error)}."
            action = "If a program uses the file, close it there first."
            raise ShelfError(
                Problem("shelf_not_renamed", sentence, "Nothing was renamed.", action, str(error))
            ) from error
        done.append((old, new))
        _follow(old, new)


def _follow(old: Path, new: Path) -> None:
    """Have the manifest follow; without it a model is one of unknown source, which is no reason to undo."""
    try:
        manifest.rename(old, new)
    except OSError as error:
        _log.warning("the source of %s cannot be noted: %s", new, error)


def _to_trash(file: Path, before: list[Path]) -> None:
    try:
        to_trash(file)
    except OSError as error:
        if before:
            names = ", ".join(one.name for one in before)
            sentence = f"{file.name} could not be moved to the trash: {reason_of(error)}."
            kept, action = f"It is where it was. In the trash are already: {names}.", "Delete it yourself if you want."
        else:
            sentence = f"{file.name} could not be moved to the trash, which may not exist for its drive."
            kept = "Nothing was deleted."
            action = f"If you want it to be gone for good, delete it yourself: it lies in {file.parent}."
        raise ShelfError(Problem("shelf_no_trash", sentence, kept, action, str(error))) from error
