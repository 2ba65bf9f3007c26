"""One download under way: a thread that brings its files, one after another."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.core.downloads import Download, DownloadFile
from desktop_app.core.errors import Problem
from desktop_app.library.hub_session import HubSession
from desktop_app.library.transfer import Limiter, Stopped, Transfer, TransferPhase, TransferRules
from desktop_app.services.download_places import size_on_disk, target_of


@dataclass(frozen=True)
class Progress:
    """How far a carrier is.

    Attributes:
        done: bytes of all files that are on the disk.
        checked: while checking, bytes of the file at hand that have been read again.
        problem: why it waits.
    """

    phase: TransferPhase
    done: int
    checked: int = 0
    problem: Problem | None = None


class Carrier:
    """Brings the files of one download.

    Attributes:
        error: why it ended early; None while it runs and after success.
        resumed_from: bytes that it found; right once it has ended well.
    """

    def __init__(
        self,
        session: HubSession,
        download: Download,
        folder: Path,
        limiter: Limiter,
        rules: TransferRules,
        prepare: Callable[[], None],
        progressed: Callable[["Carrier"], None],
        ended: Callable[["Carrier"], None],
    ) -> None:
        """Make it.

        Args:
            session: the way to the Hub.
            download: what to bring.
            folder: of the shelf.
            limiter: the speed limit that all downloads share.
            rules: how patient each transfer is.
            prepare: called first on the carrier's thread; brings what the session needs.
            progressed: called on the carrier's thread when there is progress, and not again until it was taken.
            ended: called last, on the same thread.
        """
        self.download = download
        self.folder = folder
        self.error: Exception | None = None
        self.resumed_from = 0
        self._there = {file: size_on_disk(target_of(folder, download, file), file) for file in download.files}
        self._progress = Progress(TransferPhase.DOWNLOADING, sum(self._there.values()))
        self._session = session
        self._limiter = limiter
        self._rules = rules
        self._prepare = prepare
        self._progressed = progressed
        self._ended = ended
        self._untaken = False
        self._lock = threading.Lock()
        self._transfer: Transfer | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"download-{download.id}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Have it end within 100 ms, what has come kept; ``error`` is then ``Stopped``. From any thread."""
        with self._lock:
            self._stopping = True
            transfer = self._transfer
        if transfer is not None:
            transfer.stop()

    def join(self, timeout: float) -> None:
        """Wait for the end."""
        self._thread.join(timeout)

    def take_progress(self) -> Progress:
        """Return how far it is; from the thread that hears of it."""
        self._untaken = False  # first: what comes now is told again, at worst for nothing
        return self._progress

    def _run(self) -> None:
        try:
            self._prepare()
            for file in self.download.files:
                self._bring(file)
        except Exception as error:
            self.error = error
        self._ended(self)

    def _bring(self, file: DownloadFile) -> None:
        transfer = Transfer(
            self._session,
            self.download.repo,
            self.download.commit,
            file,
            target_of(self.folder, self.download, file),
            self._limiter,
            lambda phase, done, problem: self._hear(file, phase, done, problem),
            shelf=self.folder,
            rules=self._rules,
        )
        with self._lock:
            if self._stopping:
                raise Stopped
            self._transfer = transfer
        self.resumed_from += transfer.run().resumed_from
        self._hear(file, TransferPhase.DOWNLOADING, file.size, None)

    def _hear(self, file: DownloadFile, phase: TransferPhase, done: int, problem: Problem | None) -> None:
        if phase is TransferPhase.CHECKING:  # ``done`` counts what was read again; on the disk it is as it was
            self._tell(replace(self._progress, phase=phase, checked=done, problem=None))
        else:
            self._there[file] = done
            self._tell(Progress(phase, sum(self._there.values()), problem=problem))

    def _tell(self, progress: Progress) -> None:
        self._progress = progress
        if not self._untaken:
            self._untaken = True
            self._progressed(self)
