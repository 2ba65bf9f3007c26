"""One file from the Hub to the shelf.

At any moment, whatever happens, the file is either absent, or partial under another name, or complete and verified. The
part file is named after the hash and its size is the only state, so there is nothing that could disagree with it. Each
try begins at the address that names the commit, because the addresses behind it expire. One thread reads the network
(`transfer_stream`), the caller's hashes and writes (`transfer_disk`).
"""

import hashlib
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Literal, NoReturn

from desktop_app.core.downloads import DownloadFile
from desktop_app.core.errors import KnownError, Problem
from desktop_app.core.hub import path_problem
from desktop_app.library import manifest, transfer_problems
from desktop_app.library.hub_session import HubSession
from desktop_app.library.transfer_disk import Part, disk_errors, hash_file, only_one, part_path
from desktop_app.library.transfer_limits import Limiter, TransferRules
from desktop_app.library.transfer_problems import BrokenOffError
from desktop_app.library.transfer_stream import Incoming, Wanted

__all__ = [
    "FileState",
    "Limiter",
    "Stopped",
    "Transfer",
    "TransferPhase",
    "TransferResult",
    "TransferRules",
    "file_state",
    "part_path",
]

FileState = Literal["absent", "partial", "complete"]
_PROGRESS_EVERY = 0.1
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}")


class Stopped(Exception):  # noqa: N818 - no error: it is what the person asked for
    """The transfer was told to stop; what has arrived is kept."""


class TransferPhase(StrEnum):
    """What a transfer does."""

    CHECKING = "checking"  # what is there already is read again for its hash
    DOWNLOADING = "downloading"
    WAITING = "waiting"  # until the next try


@dataclass(frozen=True)
class TransferResult:
    """A file that is complete and verified.

    Attributes:
        bytes: its size.
        resumed_from: bytes that were there already; all of them when nothing had to be fetched.
    """

    path: Path
    sha256: str
    bytes: int
    resumed_from: int


Progress = Callable[[TransferPhase, int, Problem | None], None]


class Transfer:
    """The transfer of one file. `run` once, on a thread that has nothing else to do.

    Args:
        session: the way to the network.
        repo: ``owner/name``.
        commit: 40 hexadecimal digits; a branch would let the file change in the middle.
        file: its path, size and SHA-256 as the Hub lists them.
        target: where it goes.
        limiter: shared by all transfers.
        progress: told the phase, the bytes that are there (while checking: that are checked), and why it waits; at most
            ten times a second and on the thread of `run`. What it raises ends the transfer.
        reserve: bytes that other downloads still need on the same disk.
        shelf: the folder of models. Given, it must exist: a drive that is not connected is not made anew elsewhere.
        rules: how patient it is.
    """

    def __init__(
        self,
        session: HubSession,
        repo: str,
        commit: str,
        file: DownloadFile,
        target: Path,
        limiter: Limiter,
        progress: Progress,
        *,
        reserve: int = 0,
        shelf: Path | None = None,
        rules: TransferRules | None = None,
    ) -> None:
        self._session = session
        self._repo = repo
        self._commit = commit
        self._file = replace(file, sha256=file.sha256.lower())
        self._target = target
        self._limiter = limiter
        self._progress = progress
        self._reserve = reserve
        self._shelf = shelf
        self._rules = rules or TransferRules()
        self._stopping = threading.Event()
        self._incoming: Incoming | None = None
        self._digest = hashlib.sha256()
        self._have = 0
        self._told_at = 0.0

    def stop(self) -> None:
        """End it, from any thread and at any time; waits for nothing. `run` raises Stopped within 100 ms."""
        self._stopping.set()
        if (incoming := self._incoming) is not None:
            incoming.abort()

    def run(self) -> TransferResult:
        """Bring the file, however many tries it takes, and note its origin beside it.

        Raises:
            Stopped: `stop` was called; the part is kept.
            HubError: ``transfer_gave_up``, ``transfer_changed``, ``transfer_corrupt`` (the part is deleted), or the
                Hub's refusal: ``hub_gated``, ``hub_not_found``, ``hub_token``, ``hub_offline`` and others.
            ShelfError: ``transfer_bad_name``, ``transfer_no_space``, ``transfer_too_large``, ``transfer_read_only``,
                ``transfer_shelf_gone``, ``transfer_in_use``, ``transfer_target_busy``, ``transfer_disk``.
        """
        self._check_names()
        self._check_stop()
        try:
            with disk_errors(self._target.parent):
                self._make_folder()
                with only_one(part_path(self._target, self._file.sha256), self._file.path):
                    return self._bring()
        except KnownError as error:
            self._add_kept(error)

    def _add_kept(self, error: KnownError) -> NoReturn:
        """Say what was kept, which those who raise mostly do not know."""
        if error.problem.kept or not self._have or error.problem.code == "transfer_shelf_gone":
            raise error
        raise type(error)(replace(error.problem, kept=transfer_problems.KEPT)) from error

    def _check_names(self) -> None:
        reason = path_problem(self._file.path) or path_problem(self._repo)
        if not reason and not _COMMIT.fullmatch(self._commit):
            reason = "its version is not named by a commit"
        if not reason and not (_SHA256.fullmatch(self._file.sha256) and self._file.size >= 0):
            reason = "the Hub names no proper hash and size for it"
        if reason:
            raise transfer_problems.bad_name(self._file.path, reason)

    def _make_folder(self) -> None:
        if self._shelf is not None and not self._shelf.is_dir():
            raise transfer_problems.shelf_gone(self._shelf)
        self._target.parent.mkdir(parents=True, exist_ok=True)

    def _bring(self) -> TransferResult:
        if self._is_there():
            return self._result(self._file.size)
        rules = self._rules
        part = Part(self._target, self._file.size, self._file.sha256, rules.flush_every)
        try:
            if have := part.size():
                part.check_space(have, rules.margin, self._reserve)
                self._have = self._read_again(part.path)
            else:
                part.check_space(0, rules.margin, self._reserve)
            resumed_from = self._have
            self._fetch(part)
            if (found := self._digest.hexdigest()) != self._file.sha256:
                part.remove()
                raise transfer_problems.corrupt(self._file.path, self._file.sha256, found)
            part.place(self._check_stop)
        finally:
            part.close()
        return self._result(resumed_from)

    def _is_there(self) -> bool:
        """Whether the target is the file: its manifest or, where that does not say so, its hash tells."""
        if not self._target.is_file() or self._target.stat().st_size != self._file.size:
            return False
        origin = manifest.origin_of(self._target)
        if origin is not None and origin.sha256 == self._file.sha256:
            return True
        self._read_again(self._target)
        found, self._digest = self._digest.hexdigest(), hashlib.sha256()
        return found == self._file.sha256

    def _read_again(self, path: Path) -> int:
        self._digest = hashlib.sha256()

        def told(done: int) -> None:
            self._check_stop()
            self._tell(TransferPhase.CHECKING, done, now=done == self._file.size)

        self._tell(TransferPhase.CHECKING, 0, now=True)
        return hash_file(path, self._digest, told)

    def _fetch(self, part: Part) -> None:
        """Try until all bytes are there, or too many tries have brought none."""
        barren = 0
        while self._have < self._file.size:
            before = self._have
            self._tell(TransferPhase.DOWNLOADING, self._have, now=True)
            try:
                self._try(part)
            except BrokenOffError as error:
                barren = 0 if self._have > before else barren + 1
                if barren >= self._rules.tries:
                    raise transfer_problems.gave_up(error.problem, barren, self._have) from error
                self._wait(error, barren)
        self._tell(TransferPhase.DOWNLOADING, self._have, now=True)

    def _try(self, part: Part) -> None:
        wanted = Wanted(
            self._repo, self._commit, self._file.path, self._file.size, self._file.sha256, offset=self._have
        )
        self._incoming = incoming = Incoming(self._session, wanted, self._limiter, self._rules.timeout)
        try:
            self._check_stop()  # it may have come before there was anything to abort
            first = True
            for block in incoming.blocks():
                part.write(block, self._have)
                self._digest.update(block)
                self._have += len(block)
                self._tell(TransferPhase.DOWNLOADING, self._have, now=first)
                self._check_stop()
                first = False
        finally:
            incoming.close()
        self._check_stop()

    def _wait(self, error: BrokenOffError, barren: int) -> None:
        seconds = min(max(error.wait, self._rules.backoff(barren)), self._rules.longest_wait)
        self._tell(
            TransferPhase.WAITING, self._have, transfer_problems.waiting(error.problem, seconds, self._have), now=True
        )
        self._stopping.wait(seconds)
        self._check_stop()

    def _check_stop(self) -> None:
        if self._stopping.is_set():
            raise Stopped

    def _tell(self, phase: TransferPhase, done: int, problem: Problem | None = None, *, now: bool = False) -> None:
        moment = time.monotonic()
        if now or moment - self._told_at >= _PROGRESS_EVERY:
            self._told_at = moment
            self._progress(phase, done, problem)

    def _result(self, resumed_from: int) -> TransferResult:
        file = self._file
        known = manifest.origin_of(self._target)
        if known is None or (known.sha256, known.commit) != (file.sha256, self._commit):
            origin = manifest.Origin(
                repo=self._repo,
                commit=self._commit,
                path=file.path,
                sha256=file.sha256,
                size=file.size,
                endpoint=self._session.endpoint,
                downloaded_at=time.time(),
            )
            manifest.record(self._target, origin)
        return TransferResult(self._target, file.sha256, file.size, resumed_from)


def file_state(target: Path, file: DownloadFile) -> FileState:
    """Tell whether a file is there, from names and sizes alone.

    Only a file that was verified ever gets its name; one of the same name and size that the manifest knows by another
    hash is an older one, and counts as absent.
    """
    if target.is_file() and target.stat().st_size == file.size:
        origin = manifest.origin_of(target)
        if origin is None or origin.sha256 == file.sha256.lower():
            return "complete"
    return "partial" if part_path(target, file.sha256.lower()).is_file() else "absent"
