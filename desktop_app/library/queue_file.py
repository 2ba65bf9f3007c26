"""The queue of downloads on the disk: whole after any crash, shared by the programs of one profile.

Each program writes only what it changed, under a lock, into what the others wrote. A download that goes on by itself
belongs to one program, its owner, and only that one touches it; when the owner has ended, another may take it over.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from desktop_app.core.downloads import Download, DownloadState
from desktop_app.core.errors import Problem, ShelfError
from desktop_app.core.hub import path_problem
from desktop_app.library.atomic import write_atomically
from desktop_app.library.locks import locked

LOCK_SECONDS = 5.0  # a change takes some milliseconds; whoever holds the lock longer is not well
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Entry:
    """A download and who takes care of it; ``owner`` is empty when nobody does."""

    download: Download
    owner: str = ""


@dataclass(frozen=True)
class _Document:
    """The file."""

    entries: tuple[Entry, ...] = ()
    next_id: int = 1


class QueueFile:
    """The file of the queue.

    Args:
        path: of the file; a lock file stands beside it.
        owner: the identity of this program.
        alive: whether the program of an identity still runs.
    """

    def __init__(self, path: Path, owner: str, alive: Callable[[str], bool]) -> None:
        self.path = path
        self._owner = owner
        self._alive = alive

    def read(self) -> tuple[Entry, ...]:
        """Return the queue in its order.

        Raises:
            ShelfError: ``queue_damaged``, once: the file is then kept aside and the queue empty; or
                ``queue_unusable``.
        """
        if not self.path.exists():  # as for everybody who never downloaded anything: no lock, nothing to import
            return ()
        with self._locked():
            return self._load().entries

    def add(self, download: Download) -> Download:
        """Put a download at the end, as ours; its id is a new one, not below the one it has. Raises like ``read``."""
        with self._locked():
            document = self._load()
            added = replace(download, id=max(document.next_id, download.id))
            self._save(_Document((*document.entries, self._entry(added)), added.id + 1))
        return added

    def update(self, changed: Mapping[int, Download | None], order: Sequence[int] = ()) -> tuple[Entry, ...]:
        """Write what has changed and return the whole queue as it is then. Raises like ``read``.

        Args:
            changed: by id; None takes one out. What belongs to another living program stays as that one has it.
            order: ids as they are to stand; ids that are not named come after those that are.
        """
        with self._locked():
            document = self._load()
            kept: dict[int, Entry] = {}
            for entry in document.entries:
                new = changed.get(entry.download.id, entry.download)
                if entry.download.id not in changed or self.is_elsewhere(entry):
                    kept[entry.download.id] = entry
                elif new is not None:
                    kept[entry.download.id] = self._entry(new)
            for number, download in changed.items():
                known = any(entry.download.id == number for entry in document.entries)
                if download is not None and not known:  # the file was lost meanwhile
                    kept[number] = self._entry(download)
            if order:
                rank = {number: place for place, number in enumerate(order)}
                kept = dict(sorted(kept.items(), key=lambda item: rank.get(item[0], len(rank))))
            entries = tuple(kept.values())
            if entries != document.entries:
                self._save(_Document(entries, max((document.next_id, *(number + 1 for number in kept)))))
            return entries

    def release(self) -> None:
        """Give up what is ours, so that the next program may take it up at once. Raises like ``read``."""
        if not self.path.exists():
            return
        with self._locked():
            document = self._load()
            entries = tuple(
                replace(entry, owner="") if entry.owner == self._owner else entry for entry in document.entries
            )
            if entries != document.entries:
                self._save(_Document(entries, document.next_id))

    def is_elsewhere(self, entry: Entry) -> bool:
        """Whether another program, which still runs, takes care of it."""
        return bool(entry.owner) and entry.owner != self._owner and self._alive(entry.owner)

    def is_orphan(self, entry: Entry) -> bool:
        """Whether it would go on by itself if somebody took care of it."""
        return goes_on(entry.download) and entry.owner != self._owner and not self.is_elsewhere(entry)

    def _entry(self, download: Download) -> Entry:
        at_rest = replace(download, speed=0.0, seconds_left=None)
        return Entry(at_rest, self._owner if goes_on(download) else "")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            with locked(self.path.with_name(f"{self.path.name}.lock"), LOCK_SECONDS):
                yield
        except TimeoutError as error:
            raise _unusable("another program holds on to it", str(error)) from error
        except OSError as error:
            raise _unusable((error.strerror or str(error)).lower(), str(error)) from error

    def _load(self) -> _Document:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return _Document()
        try:
            document = msgspec.json.decode(data, type=_Document)
            _check(entry.download for entry in document.entries)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise self._set_aside(error) from error
        return document

    def _save(self, document: _Document) -> None:
        write_atomically(self.path, msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n")

    def _set_aside(self, error: Exception) -> ShelfError:
        number = 1
        while (aside := self.path.with_name(f"{self.path.name}.damaged-{number}")).exists():
            number += 1
        self.path.replace(aside)
        return ShelfError(
            Problem(
                "queue_damaged",
                "The list of your downloads was damaged.",
                f"What has been downloaded is on the shelf, and the damaged list was kept: {aside}.",
                "Start the downloads that are missing again; they go on where they were.",
                str(error),
            )
        )


def goes_on(download: Download) -> bool:
    """Whether it begins or continues without a person doing anything."""
    return download.state is DownloadState.QUEUED or download.state.active


def _check(downloads: Iterable[Download]) -> None:
    """Refuse what no program of ours wrote: from these values come names of files that are written and deleted."""
    seen = set()
    for one in downloads:
        if one.id in seen or one.id < 1 or not one.files or one.repo.count("/") != 1:
            raise ValueError(f"download {one.id} is not one")
        seen.add(one.id)
        for file in one.files:
            if problem := path_problem(f"{one.repo}/{file.path}"):
                raise ValueError(f"{file.path!a}: {problem}")
            if file.size < 0 or not _SHA256.fullmatch(file.sha256):
                raise ValueError(f"{file.path!a} has no size or hash")


def _unusable(reason: str, detail: str) -> ShelfError:
    return ShelfError(
        Problem(
            "queue_unusable",
            f"The list of your downloads could not be written: {reason}.",
            "What has been downloaded is kept.",
            "Make sure that there is space and that writing is allowed in Causerie's data folder.",
            detail,
        )
    )
