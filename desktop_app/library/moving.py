"""The whole shelf goes to another folder, perhaps on another drive, and nothing is lost whatever interrupts it.

Everything is copied first, each copy read again from the drive and compared; then the setting is switched; only then
are the originals deleted, each after a look at its copy. A journal tells a later call how far an earlier one was:

- before the switch, the originals are the shelf, whole; what was copied is not copied again;
- after it, the copies are the shelf, whole; originals that are left are deleted.

On one drive a copy is a second name of the same file, which takes no time and no space.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core.errors import Problem, ShelfError
from desktop_app.library import manifest
from desktop_app.library.care import (
    COPY,
    PART,
    SUFFIX,
    Progress,
    Stop,
    forget,
    gone,
    reason_of,
    record,
    stopped,
    unwritable,
)
from desktop_app.library.copying import ORIGINALS_KEPT, copy, link, require_space
from desktop_app.library.journal import Journal, Moved
from desktop_app.library.locks import locked
from desktop_app.library.verify import hash_of, size_of

GOES_ON = "What was copied is kept, and moving again goes on from there."
_MOST_ROUNDS = 10


@dataclass(frozen=True)
class MoveResult:
    """How a move ended.

    Attributes:
        folder: where the shelf is now.
        files: how many files were moved.
        size: their bytes.
        left: originals that could not be deleted, for example because a program uses them; moving again tries again.
        stayed: originals that were not deleted, because they or their copies have changed or gone since.
    """

    folder: Path
    files: int = 0
    size: int = 0
    left: tuple[Path, ...] = ()
    stayed: tuple[Path, ...] = ()


def unfinished_move(journal: Path) -> Path | None:
    """Return where an interrupted move was going; None when there is none."""
    begun = Journal.load(journal)
    return begun.new if begun is not None else None


def move_shelf(
    old: Path, new: Path, journal: Path, switch: Callable[[Path], None], progress: Progress, stop: Stop
) -> MoveResult:
    """Move the shelf to another folder, or go on with it.

    Models and unfinished downloads go; other files stay where they are. To name the folder where the shelf is ends a
    move that was interrupted: after the switch the originals are deleted, before it the copies.

    Args:
        old: where the shelf is, by the setting.
        new: where it is to be; its parent exists.
        journal: a file of the profile, not on the shelf.
        switch: has every program use the new folder from now on; it lasts once this returns.
        progress: in bytes.
        stop: whether to end.

    Raises:
        ShelfError: ``stopped``, ``shelf_busy``, ``shelf_gone``, ``shelf_folder_unfit``, ``shelf_name_taken``,
            ``shelf_no_space``, ``shelf_read_only``, ``shelf_not_written``, ``shelf_copy_differs`` and what reading
            raises. The setting then says where the whole shelf is.
        KnownError: of ``switch``.
    """
    old, new = old.resolve(), new.expanduser().resolve()
    try:
        with locked(journal.with_name(f"{journal.name}.lock"), 0):
            return _move(old, new, journal, switch, progress, stop)
    except TimeoutError as error:
        problem = Problem("shelf_busy", "Another Causerie is moving the shelf.", "Nothing was changed.")
        raise ShelfError(problem) from error


def _move(
    old: Path, new: Path, journal: Path, switch: Callable[[Path], None], progress: Progress, stop: Stop
) -> MoveResult:
    begun = Journal.load(journal)
    if begun is not None and (begun.old, begun.new) != (old, new):
        ended = _settle(begun, old, progress, stop)
        if new == old or ended.left:
            return ended
        begun = None
    if new == old:
        return MoveResult(old)
    _require_fit(old, new)
    begun = begun or Journal(journal, old, new)
    _Move(begun, progress, stop).copy_all()
    switch(new)
    return _finish(begun, progress, stop)


def _settle(begun: Journal, shelf: Path, progress: Progress, stop: Stop) -> MoveResult:
    """End an earlier move, to where the shelf is now or away from there."""
    if begun.new == shelf:
        return _finish(begun, progress, stop)
    if begun.old == shelf:
        _delete_copies(begun)
    begun.delete()  # where the shelf is neither, the person chose a third folder by hand: nothing is ours to delete
    return MoveResult(shelf)


def _finish(journal: Journal, progress: Progress, stop: Stop) -> MoveResult:
    """Clear the old place; the shelf is at the new one."""
    if not journal.new.is_dir():
        raise gone(journal.new)
    _Move(journal, progress, stop).copy_late()
    return _delete_originals(journal)


def _require_fit(old: Path, new: Path) -> None:
    """Refuse a folder that cannot be the shelf's; make it if only itself is missing."""
    if not old.is_dir():
        raise gone(old)
    if new.is_relative_to(old) or old.is_relative_to(new):
        sentence = f"The shelf cannot move from {old} to {new}: one of the two folders lies in the other."
        raise ShelfError(Problem("shelf_folder_unfit", sentence, "Nothing was changed.", "Choose another folder."))
    if not new.parent.is_dir() or (new.exists() and not new.is_dir()):
        sentence = f"{new} is not a folder that Causerie can use."
        action = "Choose a folder that is there. If it lies on a drive that is not connected, connect the drive."
        raise ShelfError(Problem("shelf_folder_unfit", sentence, "Nothing was changed.", action))
    probe = new / f".causerie{COPY}"
    try:
        new.mkdir(exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise unwritable(new, error, "Nothing was changed.") from error


class _Move:
    """The copying."""

    def __init__(self, journal: Journal, progress: Progress, stop: Stop) -> None:
        self.journal = journal
        self._progress = progress
        self._stop = stop
        self._before = 0
        self._total = 0

    def copy_all(self) -> None:
        """Copy everything that is not copied yet or has changed since, and what comes meanwhile."""
        self._copy(lambda name: not self.journal.has(name))

    def copy_late(self) -> None:
        """Copy what came to the old place until everybody knew of the new one; what is there already is the newer."""
        self._copy(lambda name: not self.journal.noted(name) and not os.path.lexists(self.journal.new / name))

    def _copy(self, is_wanted: Callable[[str], bool]) -> None:
        for _ in range(_MOST_ROUNDS):
            wanted = [name for name in movable(self.journal.old, _require_readable) if is_wanted(name)]
            if not wanted:
                return
            self._require_room(wanted)
            self.journal.begin()
            self._total += 2 * sum(size_of(self.journal.old / name) for name in wanted)
            for name in wanted:
                self._bring_if_still(name)
        sentence = "New files came to the shelf faster than they could be moved."
        action = "Pause the downloads, then move again."
        raise ShelfError(Problem("shelf_file_changing", sentence, f"{ORIGINALS_KEPT} {GOES_ON}", action))

    def _bring_if_still(self, name: str) -> None:
        """Have a file at the new place; one that is being written comes in a later round."""
        before = self._before
        try:
            self._bring(name)
        except ShelfError as error:
            if error.problem.code != "shelf_file_changing":
                raise
            self._before = before

    def _require_room(self, wanted: list[str]) -> None:
        """Look for other files of the same name, and for enough space, before anything is written."""
        needed = 0
        linkable = self._links_work(wanted)
        for name in wanted:
            source, target = self.journal.old / name, self.journal.new / name
            if self.journal.made(name):
                with suppress(OSError):
                    if not source.samefile(target):
                        target.unlink()  # the copy of what the original was before it changed
            if os.path.lexists(target):
                if source.is_symlink() != target.is_symlink() or size_of(source) != size_of(target):
                    raise _taken(target)
            elif not linkable and not source.is_symlink():
                needed += max(0, size_of(source) - size_of(target.with_name(f"{target.name}{COPY}")))
        require_space(self.journal.new, needed)

    def _links_work(self, wanted: list[str]) -> bool:
        """Whether a file of the old place can have a second name at the new one."""
        files = (self.journal.old / name for name in wanted)
        sample = next((file for file in files if file.is_file() and not file.is_symlink()), None)
        probe = self.journal.new / f".causerie{COPY}"
        with suppress(OSError):
            probe.unlink(missing_ok=True)
            if sample is not None and link(sample, probe):
                probe.unlink()
                return True
        return False

    def _bring(self, name: str) -> None:
        """Have a file at the new place, and note it."""
        if self._stop():
            raise stopped("Moving the shelf", f"{ORIGINALS_KEPT} {GOES_ON}")
        source, target = self.journal.old / name, self.journal.new / name
        try:
            found = source.lstat()
        except FileNotFoundError:
            return  # deleted meanwhile, or a download that was finished and has another name now
        size, before = size_of(source), self._before
        made = self.journal.made(name) or not os.path.lexists(target)

        def share(done: int, _total: int) -> None:
            self._progress(before + done, self._total)

        if source.is_symlink():
            _link_again(source, target, self.journal)
            sha256 = ""
        elif os.path.lexists(target):
            sha256 = self._same(source, target, share)
            made = made or not sha256
        else:
            sha256 = self._copied(source, target, share)
        origin = manifest.read(source.parent).get(source.name)
        if origin is not None:
            record(target, origin)
        self.journal.note(Moved(name, found.st_size, found.st_mtime_ns, sha256, made))
        self._before += 2 * size
        self._progress(self._before, self._total)

    def _copied(self, source: Path, target: Path, share: Progress) -> str:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if link(source, target):
                return ""
        except FileExistsError as error:
            raise _taken(target) from error
        except OSError as error:
            raise unwritable(target.parent, error, ORIGINALS_KEPT) from error
        return copy(source, target, share, self._stop)

    def _same(self, source: Path, target: Path, share: Progress) -> str:
        """Compare with a file that is there, most likely from an earlier call that was killed before it took note.

        Returns:
            the SHA-256 of both; empty when they are one file under two names.
        """
        if source.samefile(target):
            return ""
        size = size_of(source)
        sha256 = hash_of(source, share, self._stop, "Moving the shelf")
        again = hash_of(target, lambda done, total: share(size + done, total), self._stop, "Moving the shelf")
        if again != sha256:
            raise _taken(target)
        return sha256


def movable(folder: Path, failed: Callable[[OSError], None] | None = None) -> Iterator[str]:
    """Yield what belongs to the shelf, relative to its folder and by name: models and unfinished downloads.

    Args:
        folder: of the shelf.
        failed: told of each folder that cannot be read; such folders are passed over without it.
    """
    for where, folders, names in os.walk(folder, onerror=failed):
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith((SUFFIX, PART)):
                yield str((Path(where) / name).relative_to(folder))


def _require_readable(error: OSError) -> None:
    """Refuse to leave models behind unseen; a folder that went away meanwhile has none."""
    if isinstance(error, FileNotFoundError):
        return
    sentence = f"The folder {error.filename} could not be read: {reason_of(error)}."
    action = "Allow reading it, or take it out of the shelf; then move again."
    raise ShelfError(Problem("shelf_unreadable", sentence, ORIGINALS_KEPT, action, str(error))) from error


def _link_again(source: Path, target: Path, journal: Journal) -> None:
    """Make a link like another one; what it leads to within the shelf is at the new place."""
    leads_to = source.resolve()
    if leads_to.is_relative_to(journal.old):
        leads_to = journal.new / leads_to.relative_to(journal.old)
    try:
        if target.is_symlink() and target.readlink() == leads_to:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(leads_to)
    except FileExistsError as error:
        raise _taken(target) from error
    except (OSError, NotImplementedError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else "not supported"
        sentence = f"{source} is a link, and links cannot be made in {target.parent}: {reason}."
        action = "Put the file that it leads to in its place, or remove the link; then move again."
        problem = Problem("shelf_no_links", sentence, f"{ORIGINALS_KEPT} {GOES_ON}", action)
        raise ShelfError(problem) from error


def _delete_originals(journal: Journal) -> MoveResult:
    """Delete what has a copy; the shelf is at the new place."""
    left: list[Path] = []
    stayed = [journal.old / name for name in movable(journal.old) if not journal.noted(name)]
    for moved in journal.entries():
        source, target = journal.old / moved.name, journal.new / moved.name
        if not os.path.lexists(source):
            forget(source)
        elif not _as_noted(source, moved) or not _has_copy(target, moved):
            stayed.append(source)
        else:
            try:
                source.unlink()
                source.with_name(f"{source.name}.lock").unlink(missing_ok=True)
            except OSError:
                left.append(source)
            else:
                forget(source)
    _remove_empty(journal.old, (journal.old / moved.name for moved in journal.entries()))
    if not left:
        journal.delete()
    gone = {*left, *stayed}
    moves = [moved for moved in journal.entries() if journal.old / moved.name not in gone]
    return MoveResult(journal.new, len(moves), sum(moved.size for moved in moves), tuple(left), tuple(stayed))


def _has_copy(target: Path, moved: Moved) -> bool:
    """Whether the file at the new place can stand for the original."""
    if moved.name.endswith(PART):
        return True  # the download goes on at the new place, and may have ended there
    try:
        return target.is_symlink() or target.stat().st_size == moved.size
    except OSError:
        return False


def _delete_copies(journal: Journal) -> None:
    """Take back a move: the shelf stays at the old place. What had been at the new one before stays there too."""
    for moved in journal.entries():
        source, target = journal.old / moved.name, journal.new / moved.name
        if moved.made and _as_noted(source, moved) and size_of(target) == size_of(source):
            with suppress(OSError):
                target.unlink()
                forget(target)
    for name in movable(journal.old):
        with suppress(OSError):
            (journal.new / f"{name}{COPY}").unlink()
    _remove_empty(journal.new, (journal.new / moved.name for moved in journal.entries()))


def _as_noted(source: Path, moved: Moved) -> bool:
    """Whether an original is as it was when it was copied."""
    try:
        found = source.lstat()
    except OSError:
        return False
    return (found.st_size, found.st_mtime_ns) == (moved.size, moved.mtime_ns)


def _remove_empty(root: Path, files: Iterator[Path]) -> None:
    """Remove the folders of files within a root, as far as they are empty; the root may be a link, and stays."""
    folders = {folder for file in files for folder in file.parents if root in folder.parents}
    for folder in sorted(folders, key=lambda one: len(one.parts), reverse=True):
        with suppress(OSError):
            folder.rmdir()


def _taken(target: Path) -> ShelfError:
    return ShelfError(
        Problem(
            "shelf_name_taken",
            f"There is another file at {target}.",
            f"{ORIGINALS_KEPT} The other file was not touched.",
            "Move or rename that file, or choose another folder; then move again.",
        )
    )
