"""The queue of downloads as one program sees it: in memory, and in the file that it shares with others."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from desktop_app.core.downloads import Download, DownloadFile, DownloadState, at_start
from desktop_app.core.errors import Problem, ShelfError, UsageError
from desktop_app.library.queue_file import QueueFile, goes_on


class DownloadQueue:
    """All downloads in their order.

    Of each, this program either takes care (it goes on by itself, here), or another one does, or nobody. Only for one
    thread.
    """

    def __init__(
        self, file: QueueFile, measured: Callable[[Download], Download], notice: Callable[[Problem], None]
    ) -> None:
        """Make it, empty; ``refresh`` reads the file.

        Args:
            file: what is shared.
            measured: returns a download with ``done`` as it is on the disk.
            notice: told once when the file cannot be used; the queue then goes on in memory.
        """
        self._file = file
        self._measured = measured
        self._notice = notice
        self._all: dict[int, Download] = {}
        self._cared_for: set[int] = set()
        self._elsewhere: set[int] = set()
        self._unsaved: set[int] = set()

    def all(self) -> tuple[Download, ...]:
        """Return all of them."""
        return tuple(self._all.values())

    def cared_for(self) -> tuple[Download, ...]:
        """Return those that go on by themselves in this program."""
        return tuple(one for one in self._all.values() if one.id in self._cared_for)

    def changeable(self) -> tuple[Download, ...]:
        """Return those that no other program takes care of."""
        return tuple(one for one in self._all.values() if one.id not in self._elsewhere)

    def get(self, number: int) -> Download | None:
        """Return one by its id, None when it is gone."""
        return self._all.get(number)

    def same_as(self, repo: str, files: tuple[DownloadFile, ...]) -> Download | None:
        """Return the one that brings these files."""
        return next((one for one in self._all.values() if one.repo == repo and one.files == files), None)

    def is_elsewhere(self, number: int) -> bool:
        """Whether another program takes care of it."""
        return number in self._elsewhere

    @property
    def watches_others(self) -> bool:
        """Whether another program takes care of anything."""
        return bool(self._elsewhere)

    def taken(self, number: int) -> Download:
        """Return one that a person wants to change.

        Raises:
            UsageError: there is none of that id.
            ShelfError: ``download_elsewhere``.
        """
        one = self._all.get(number)
        if one is None:
            raise UsageError(Problem("download_unknown", f"There is no download number {number}."))
        if number in self._elsewhere:
            raise ShelfError(elsewhere(one))
        return one

    def add(self, download: Download) -> Download:
        """Put one at the end, with an id of its own. ShelfError when the file cannot be written."""
        added = self._file.add(replace(download, id=max(self._all, default=0) + 1))
        self._all[added.id] = added
        self._settle(added)
        return added

    def change(self, number: int, **values: Any) -> Download:
        """Change one in memory: what is not worth keeping, such as its speed."""
        one = self._all[number] = replace(self._all[number], **values)
        return one

    def put(self, number: int, **values: Any) -> Download:
        """Change one for good."""
        one = self.change(number, **values)
        self._settle(one)
        self._write(number)
        return one

    def remove(self, *numbers: int) -> None:
        """Take some out."""
        for number in numbers:
            del self._all[number]
            self._cared_for.discard(number)
        self._write(*numbers)

    def move(self, number: int, step: int) -> None:
        """Move one among those that are not done. UsageError for an unknown one."""
        if number not in self._all:
            raise UsageError(Problem("download_unknown", f"There is no download number {number}."))
        order = list(self._all)
        places = [place for place, one in enumerate(order) if self._all[one].state is not DownloadState.DONE]
        if order.index(number) not in places:
            return
        numbers = [order[place] for place in places]
        here = numbers.index(number)
        numbers.insert(max(0, min(len(numbers) - 1, here + step)), numbers.pop(here))
        for place, one in zip(places, numbers, strict=True):
            order[place] = one
        self._all = {one: self._all[one] for one in order}
        self._write(order=tuple(order))

    def refresh(self, take_over: bool) -> None:
        """Read what others have changed.

        Args:
            take_over: take care of what would go on by itself and belongs to no living program.
        """
        try:
            entries = self._file.read()
            orphans = {one.download.id: at_start(one.download) for one in entries if self._file.is_orphan(one)}
            if take_over and orphans:
                entries = self._file.update(orphans)
        except ShelfError as error:
            self._notice(error.problem)
            return
        before, self._all, self._elsewhere = self._all, {}, set()
        for entry in entries:
            one = entry.download
            if self._file.is_elsewhere(entry):
                self._elsewhere.add(one.id)
                self._cared_for.discard(one.id)
                one = self._measured(_shown(one))
            elif one.id in before and (one.id in self._cared_for or one.id in self._unsaved):
                one = before[one.id]
            else:
                if take_over and goes_on(one):
                    self._cared_for.add(one.id)
                one = self._measured(at_start(one))
            self._all[one.id] = one
        for number in self._cared_for | self._unsaved:
            if number in before and number not in self._all:  # the file was lost meanwhile
                self._all[number] = before[number]

    def release(self) -> None:
        """Leave everything to the next program."""
        try:
            self._file.release()
        except ShelfError as error:
            self._notice(error.problem)

    def _settle(self, one: Download) -> None:
        if goes_on(one):
            self._cared_for.add(one.id)
        else:
            self._cared_for.discard(one.id)

    def _write(self, *numbers: int, order: tuple[int, ...] = ()) -> None:
        changed = self._unsaved | set(numbers)
        try:
            self._file.update({number: self._all.get(number) for number in sorted(changed)}, order)
        except ShelfError as error:
            if not self._unsaved:
                self._notice(error.problem)
            self._unsaved = changed
        else:
            self._unsaved = set()


def elsewhere(one: Download) -> Problem:
    """Say that another program takes care of a download."""
    return Problem(
        "download_elsewhere",
        f"Another Causerie is downloading {one.label}.",
        action="Pause or cancel it there.",
    )


def _shown(one: Download) -> Download:
    """How a download of another program looks here."""
    if one.state is DownloadState.QUEUED:
        return replace(one, problem=elsewhere(one))
    return replace(one, state=DownloadState.WAITING, problem=elsewhere(one), speed=0.0, seconds_left=None)
