"""A transfer in a process of its own: on a small, missing or write-protected disk, without rights, or killed.

What is asked comes as JSON in the first argument, what happened goes as JSON lines to standard output.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from desktop_app.core.downloads import DownloadFile
from desktop_app.core.errors import Problem
from desktop_app.library.hub_session import ConnectionLog, HubOptions, HubSession
from desktop_app.library.transfer import Limiter, Transfer, TransferPhase, TransferRules
from tests.faults.scene import Outcome, Scene, contents, outcome_of, say
from tests.helpers.stores import ROOT

TIMEOUT = 60.0
# In a namespace of its own the process may mount what it likes, and all of it is gone with the process.
_MOUNT = 'mount -t tmpfs -o "$1" none "$2" && shift 2 && exec "$@"'


class Elsewhere:
    """The other process, as a test sees it.

    Args:
        mount: options of the file system in memory that is put over the shelf; empty for none.
        asks: see `_play`.
    """

    def __init__(self, scene: Scene, *, mount: str = "", **asks: Any) -> None:
        whole = {
            "endpoint": scene.hub.endpoint,
            "commit": scene.commit,
            "path": scene.file.path,
            "sha256": scene.file.sha256,
            "target": str(scene.target),
            "shelf": str(scene.shelf),
            **asks,
        }
        command = [sys.executable, "-m", "tests.faults.elsewhere", json.dumps(whole)]
        if mount:
            command = [*NAMESPACE, "sh", "-c", _MOUNT, "sh", mount, str(scene.shelf), *command]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def wait_for_bytes(self) -> None:
        """Wait until it has received something."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert json.loads(line or "null") == "bytes have come", (line, self.process.communicate()[1])

    def kill(self) -> None:
        """Kill it, as the system does."""
        self.process.kill()
        self.process.communicate()

    def outcomes(self) -> tuple[Outcome, Outcome]:
        """Return what came of its two transfers: with the fault, and when that had passed."""
        out, err = self.process.communicate(timeout=TIMEOUT)
        assert self.process.returncode == 0, err
        first, second = (Outcome(**fields) for line in out.splitlines() if isinstance(fields := json.loads(line), dict))
        return first, second


NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")


def why_no_mounts() -> str:
    """Say why no file system can be mounted here, empty when one can."""
    if sys.platform != "linux" or shutil.which(NAMESPACE[0]) is None:
        return "only Linux lets a program mount a file system for itself alone"
    tried = subprocess.run(
        [*NAMESPACE, "sh", "-c", "mount -t tmpfs none /tmp"], capture_output=True, text=True, check=False
    )
    return f"no file system can be mounted: {tried.stderr.strip()}" if tried.returncode else ""


def _play(asks: dict[str, Any]) -> None:
    """Download twice, with the fault and without.

    Of ``asks``, beside what the download needs: ``without_rights``, ``largest`` file in bytes, ``margin``, the commands
    ``during`` and ``between``.
    """
    target, shelf = Path(asks["target"]), Path(asks["shelf"])
    truth = contents()
    file = DownloadFile(asks["path"], len(truth), asks["sha256"])
    session = HubSession(HubOptions(online=True, endpoint=asks["endpoint"], data_dir=target), ConnectionLog(None))
    session.client("nothing").close()  # all is imported before rights are given up
    told = threading.Event()

    def hear(phase: TransferPhase, done: int, problem: Problem | None) -> None:
        if phase is TransferPhase.DOWNLOADING and done and not told.is_set():
            told.set()
            say(json.dumps("bytes have come"))
            if "during" in asks:
                subprocess.run(asks["during"], check=True)

    def once() -> Outcome:
        rules = TransferRules(8, lambda barren: 0.0, timeout=10.0, margin=asks.get("margin", 0))
        transfer = Transfer(
            session, "maker/model", asks["commit"], file, target, Limiter(), hear, shelf=shelf, rules=rules
        )
        return outcome_of(transfer, target, file, truth)

    rights = os.geteuid()
    if asks.get("without_rights"):
        shelf.chmod(0o555)
        if not rights:
            os.seteuid(65534)
    if "largest" in asks:
        import resource

        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (asks["largest"], before[1]))
    say(json.dumps(once().fields()))
    if asks.get("without_rights"):
        os.seteuid(rights)
        shelf.chmod(0o755)
    if "largest" in asks:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    if "between" in asks:
        subprocess.run(asks["between"], check=True)
    say(json.dumps(once().fields()))


if __name__ == "__main__":
    _play(json.loads(sys.argv[1]))
