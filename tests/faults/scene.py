"""One download with a fault on purpose: what it needs, what came of it, and what then lies on the shelf."""

import hashlib
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from desktop_app.core.downloads import DownloadFile
from desktop_app.core.errors import KnownError, Problem
from desktop_app.library.hub_session import ConnectionLog, HubOptions, HubSession
from desktop_app.library.manifest import NAME as MANIFEST
from desktop_app.library.transfer import (
    Limiter,
    Stopped,
    Transfer,
    TransferPhase,
    TransferRules,
    file_state,
    part_path,
)
from tests.helpers.loopback_hub import LoopbackHub

REPO, NAME = "maker/model", "model-Q4_K_M.gguf"
SIZE, MIDDLE = 1_500_000, 700_000
NO_MARGIN = -(1 << 40)


def contents() -> bytes:
    """Return what is downloaded; each block of it differs from every other."""
    return random.Random(7).randbytes(SIZE)


@dataclass(frozen=True)
class Outcome:
    """What came of a transfer.

    Attributes:
        code: of the problem; ``complete`` and ``stopped`` otherwise.
        state: absent, partial or complete; anything else says what is wrong.
        size: bytes of the part.
        resumed_from: when it is complete.
        impossible: why it could not be tried here; the rest is then empty.
    """

    code: str = ""
    sentence: str = ""
    state: str = ""
    size: int = 0
    resumed_from: int = 0
    seconds: float = 0.0
    impossible: str = ""

    def fields(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def outcome_of(transfer: Transfer, target: Path, file: DownloadFile, truth: bytes) -> Outcome:
    """Run a transfer and look at what it leaves."""
    began, resumed, sentence = time.monotonic(), 0, ""
    try:
        resumed, code = transfer.run().resumed_from, "complete"
    except Stopped:
        code = "stopped"
    except KnownError as error:
        code, sentence = error.problem.code, str(error.problem)
    seconds = time.monotonic() - began
    if code == "transfer_bad_name":
        return Outcome(code, sentence, "absent" if not target.parent.exists() else "its folder was made")
    part = part_path(target, file.sha256)
    size = part.stat().st_size if part.exists() else 0
    return Outcome(code, sentence, look(target, file, truth), size, resumed, seconds)


def say(value: object) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{value}\n")
    sys.stdout.flush()


def look(target: Path, file: DownloadFile, truth: bytes) -> str:
    """Return the state of the file, or what is wrong: it must be absent, partial and named so, or right to the byte."""
    state, part = file_state(target, file), part_path(target, file.sha256)
    allowed = {MANIFEST}
    if state == "complete":
        allowed.add(target.name)
        if target.read_bytes() != truth:
            return "complete by name and size, but WRONG"
    if state == "partial":
        allowed.add(part.name)
        if not truth.startswith(part.read_bytes()):
            return "partial, but WRONG"
    if target.exists() and state != "complete":
        return "there under its name, but not complete"
    try:
        extra = {one.name for one in target.parent.iterdir()} - allowed
    except FileNotFoundError:
        extra = set()
    return f"{state}, but beside it lie {sorted(extra)}" if extra else state


class Scene:
    """A Hub, a shelf, and the download of one file; faults are put in before it runs.

    Attributes:
        during: called once, on the transfer's thread, as soon as bytes have come.
        before_again: called before the second transfer, when the fault has passed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.truth = contents()
        self.hub = LoopbackHub(folder / "repos")
        self.shelf = folder / "shelf"
        self.source = folder / "repos" / REPO / NAME
        self.during: Callable[[Transfer], object] | None = None
        self.before_again: Callable[[], object] = lambda: None
        self.heard: list[tuple[TransferPhase, int, Problem | None]] = []
        self.reserve = 0
        self.margin = 0
        self.timeout = 10.0
        self.tries = 8
        self.put(NAME, self.truth)
        self.file = DownloadFile(NAME, SIZE, hashlib.sha256(self.truth).hexdigest())
        self.target = self.shelf / REPO / NAME
        self.commit = ""
        self.shelf.mkdir()

    def put(self, name: str, data: bytes) -> None:
        """Put a file into the repository."""
        path = self.source.with_name(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def ask_for(self, path: str, sha256: str = "") -> None:
        """Download another file of the repository, or by another hash."""
        self.file = DownloadFile(path, SIZE, sha256 or self.file.sha256)
        self.target = self.shelf / REPO / Path(path).name

    def put_part(self, data: bytes) -> None:
        """Put the part of an earlier run there."""
        part = part_path(self.target, self.file.sha256)
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)

    def options(self, **changes: Any) -> HubOptions:
        """Return the options of the session."""
        return HubOptions(**{"online": True, "endpoint": self.hub.endpoint, "data_dir": self.folder, **changes})

    def make_transfer(self) -> Transfer:
        """Return a transfer that waits for nothing."""

        def hear(phase: TransferPhase, done: int, problem: Problem | None) -> None:
            self.heard.append((phase, done, problem))
            if phase is TransferPhase.DOWNLOADING and done and self.during is not None:
                hook, self.during = self.during, None
                hook(transfer)

        rules = TransferRules(self.tries, lambda barren: 0.0, timeout=self.timeout, margin=self.margin)
        transfer = Transfer(
            self.session,
            REPO,
            self.commit,
            self.file,
            self.target,
            Limiter(),
            hear,
            reserve=self.reserve,
            shelf=self.shelf,
            rules=rules,
        )
        return transfer

    def run(self) -> Outcome:
        """Run it with its fault."""
        return outcome_of(self.make_transfer(), self.target, self.file, self.truth)

    def again(self) -> Outcome:
        """Run it once more when all faults have passed."""
        self.hub.clear()
        self.heard.clear()
        self.during, self.reserve = None, 0
        self.before_again()
        return self.run()

    @property
    def tries_made(self) -> int:
        """How often the Hub was asked."""
        return len(self.hub.asked("/resolve/"))


@contextmanager
def scene() -> Iterator[Scene]:
    """Set a scene in a folder of its own, and take it away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="causerie-faults-"))
    folder.chmod(0o755)  # for the case of one without rights
    plain = {name: value for name, value in os.environ.items() if not _is_of_network(name)}
    try:
        made = Scene(folder)
        with patch.dict(os.environ, plain, clear=True), made.hub:
            made.commit = made.hub.commit(REPO)
            made.session = HubSession(made.options(), ConnectionLog(None))
            with closing(made.session):
                yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_of_network(name: str) -> bool:
    return name.upper().startswith("HF_") or name.lower().endswith("_proxy")
