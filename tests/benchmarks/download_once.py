"""One transfer in a process of its own, whose figures are printed as JSON; for ``bench_download``."""

import json
import resource
import sys
import tempfile
import threading
import time
from pathlib import Path

from desktop_app.core.downloads import DownloadFile
from desktop_app.core.errors import Problem
from desktop_app.library.hub_session import ConnectionLog, HubOptions, HubSession
from desktop_app.library.transfer import Limiter, Stopped, Transfer, TransferPhase


def cpu_seconds() -> float:
    """Processor seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main(endpoint: str, commit: str, path: str, size: int, sha256: str, target: Path, stall: bool) -> None:
    """Download a file; when it will stall, stop it then, and say how long the stop took."""
    asked: list[float] = []
    timers: list[threading.Timer] = []

    def hear(phase: TransferPhase, done: int, problem: Problem | None) -> None:
        if stall and done and not timers:
            # A moment later, when all that comes has come and the thread waits on the silent socket.
            timers.append(threading.Timer(0.3, stop))
            timers[0].start()

    def stop() -> None:
        asked.append(time.monotonic())
        transfer.stop()

    session = HubSession(
        HubOptions(online=True, endpoint=endpoint, data_dir=Path(tempfile.gettempdir())), ConnectionLog(None)
    )
    session.client("nothing").close()  # what is imported and read at the first use is the program's
    session.ssl_context()
    transfer = Transfer(session, "bench/model", commit, DownloadFile(path, size, sha256), target, Limiter(), hear)
    before, began = cpu_seconds(), time.monotonic()
    try:
        transfer.run()
    except Stopped:
        print(json.dumps({"stopped": time.monotonic() - asked[-1]}))
        return
    figures = {
        "seconds": time.monotonic() - began,
        "cpu": cpu_seconds() - before,
        "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5], Path(sys.argv[6]), sys.argv[7] == "1")
