"""Downloads as a person sees them: what is wanted, how far it is, how fast, and for how long still."""

from collections import deque
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PurePosixPath

from desktop_app.core.errors import Problem

AT_ONCE = 2
PACE_SECONDS = 10.0
SHORTEST = 0.4  # seconds; the first blocks come at once, from buffers on the way, and would seem very fast


class DownloadState(StrEnum):
    """Where a download stands."""

    QUEUED = "queued"
    RUNNING = "running"
    CHECKING = "checking"  # what is there already is being read again for its hash
    WAITING = "waiting"  # for the network; it goes on by itself
    PAUSED = "paused"
    FAILED = "failed"
    DONE = "done"

    @property
    def active(self) -> bool:
        """Whether something happens by itself."""
        return self in (DownloadState.RUNNING, DownloadState.CHECKING, DownloadState.WAITING)


@dataclass(frozen=True)
class DownloadFile:
    """One file of a download; ``sha256`` as 64 hexadecimal digits, ``size`` in bytes."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Download:
    """One item of the queue: a model with its shards and companions.

    Attributes:
        id: unique in the queue.
        commit: everything is taken from this one.
        title: for people.
        files: the first is what llama.cpp loads.
        done: bytes that are on the disk.
        speed: bytes per second, 0 when not moving.
        seconds_left: None when it cannot be told.
        problem: why it waits or failed.
        finished_at: seconds since the epoch, 0 before.
        resumed_from: bytes that were there when it was last started.
        checked: while CHECKING, bytes of the file at hand that have been read again.
    """

    id: int
    repo: str
    commit: str
    title: str
    quantization: str
    files: tuple[DownloadFile, ...]
    state: DownloadState = DownloadState.QUEUED
    done: int = 0
    speed: float = 0.0
    seconds_left: float | None = None
    problem: Problem | None = None
    finished_at: float = 0.0
    resumed_from: int = 0
    endpoint: str = ""
    checked: int = 0

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def fraction(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.done / self.size) if self.size else 0.0

    @property
    def label(self) -> str:
        """Title and quantization as one text."""
        return f"{self.title} · {self.quantization}" if self.quantization else self.title

    def shared_with(self, other: "Download") -> DownloadFile | None:
        """Return the first file that another download brings as well, such as the projector of two quantizations."""
        return next((file for file in self.files if self.repo == other.repo and file in other.files), None)

    @property
    def main_file(self) -> str:
        """The name of the file that llama.cpp loads."""
        return PurePosixPath(self.files[0].path).name


@dataclass
class Pace:
    """Speed and time left from the last ten seconds, so that neither jumps."""

    _marks: deque[tuple[float, int]] = field(default_factory=deque)

    def note(self, now: float, done: int) -> None:
        """Note how many bytes are there at a time (seconds of a steady clock)."""
        if self._marks and done < self._marks[-1][1]:
            self._marks.clear()
        self._marks.append((now, done))
        while len(self._marks) > 2 and now - self._marks[0][0] > PACE_SECONDS:
            self._marks.popleft()

    def clear(self) -> None:
        """Forget: after a pause the time in between does not count."""
        self._marks.clear()

    @property
    def speed(self) -> float:
        """Bytes per second; 0 until it can be told."""
        if len(self._marks) < 2:
            return 0.0
        (begin, first), (end, last) = self._marks[0], self._marks[-1]
        return (last - first) / (end - begin) if end - begin >= SHORTEST else 0.0

    def seconds_left(self, missing: int) -> float | None:
        """Seconds until ``missing`` more bytes are there; None when nothing moves or too little is known."""
        speed = self.speed
        if not speed or self._marks[-1][0] - self._marks[0][0] < 1.0:
            return None
        return missing / speed


def next_to_start(downloads: tuple[Download, ...], at_once: int = AT_ONCE) -> tuple[Download, ...]:
    """The queued downloads that may begin now, in order."""
    room = at_once - sum(one.state.active for one in downloads)
    return tuple(one for one in downloads if one.state is DownloadState.QUEUED)[: max(0, room)]


def at_start(download: Download) -> Download:
    """How a download of an earlier run is taken up: what was running is queued again, the rest stays."""
    state = DownloadState.QUEUED if download.state.active else download.state
    return replace(download, state=state, speed=0.0, seconds_left=None)


def supersedes(new: Download, old: Download) -> bool:
    """Whether a download brings other bytes to a place where an unfinished one of the same model would put its own.

    The Hub has another file under the same name since then; going on with the old one would undo the new.
    """
    hashes = {file.path: file.sha256 for file in new.files}
    changed = any(hashes.get(file.path, file.sha256) != file.sha256 for file in old.files)
    return changed and new.repo == old.repo and old.state is not DownloadState.DONE


def bytes_wanted(downloads: tuple[Download, ...]) -> int:
    """Bytes that all unfinished downloads still need, paused ones included."""
    ended = (DownloadState.DONE, DownloadState.FAILED)
    return sum(max(0, one.size - one.done) for one in downloads if one.state not in ended)
