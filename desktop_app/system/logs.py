"""The program's log, reports of our own errors, and traces of crashes.

Nothing that a person wrote or a model said is ever logged. Callers log ids and numbers, not text.
"""

import atexit
import faulthandler
import logging
import logging.handlers
import os
import platform
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import desktop_app
from desktop_app.core.errors import Problem, UsageError
from desktop_app.system.paths import AppPaths
from desktop_app.system.processes import identity, is_alive

LEVEL_VARIABLE = "CAUSERIE_LOG_LEVEL"
LEVELS = ("debug", "info", "warning", "error")
_SIZE = 1_000_000
_OLDER_FILES = 3
_REPORTS_KEPT = 20
_RUNNING = "running-"

_log = logging.getLogger(__name__)


class ProgramLog:
    """The log of this process while it runs. Returned by ``start_logging``; ``close`` undoes it."""

    def __init__(self, handler: logging.Handler, trace: TextIO, trace_path: Path, crashes: list[Path]) -> None:
        self._handler = handler
        self._trace = trace
        self._trace_path = trace_path
        self.crashes = crashes
        """Traces that earlier runs left when they crashed, oldest first; each is told of once."""

    def close(self) -> None:
        """Stop logging and remove the empty trace: this run has not crashed."""
        atexit.unregister(self.close)
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()
        if not self._trace.closed:
            faulthandler.disable()
            self._trace.close()
        with suppress(OSError):
            if self._trace_path.stat().st_size == 0:
                self._trace_path.unlink()


def start_logging(paths: AppPaths, level: str | None = None) -> ProgramLog:
    """Write the log to ``paths.program_log`` and the trace of a crash to ``paths.crashes_dir``.

    Args:
        paths: their folders exist (``AppPaths.ensure``).
        level: one of LEVELS; by default the variable CAUSERIE_LOG_LEVEL, else "info".

    Raises:
        UsageError: an unknown level.
    """
    level = (level or os.environ.get(LEVEL_VARIABLE) or "info").lower()
    if level not in LEVELS:
        raise UsageError(Problem("log_level", f"The log level must be one of {', '.join(LEVELS)}, not “{level}”."))
    crashes = _collect_crashes(paths.crashes_dir)
    handler = logging.handlers.RotatingFileHandler(
        paths.program_log, maxBytes=_SIZE, backupCount=_OLDER_FILES, encoding="utf-8", errors="backslashreplace"
    )
    formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level.upper())
    # A name of its own for each process: two may run, and each must know whether it was the one that crashed.
    trace_path = paths.crashes_dir / f"{_RUNNING}{identity().replace(':', '_')}.txt"
    trace = trace_path.open("w", encoding="utf-8")
    faulthandler.enable(file=trace)
    program_log = ProgramLog(handler, trace, trace_path, crashes)
    atexit.register(program_log.close)
    _log.info("Causerie %s, Python %s, %s", desktop_app.__version__, platform.python_version(), platform.platform())
    return program_log


def report(error: BaseException, paths: AppPaths) -> str:
    """Write a report about an error of ours that a person can copy and send, and return its text.

    It says what the program is and where the error arose. The latest reports are kept. A report that cannot be
    written is still returned.
    """
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    lines = [
        f"Causerie {desktop_app.__version__}",
        f"Python {platform.python_version()} on {platform.platform()}",
        f"Frozen: {'yes' if getattr(sys, 'frozen', False) else 'no'}",
        f"Time: {stamp} UTC",
        "",
        "".join(traceback.format_exception(error)).rstrip(),
    ]
    text = "\n".join(lines) + "\n"
    _log.error("An error of ours: %s", "".join(traceback.format_exception(error)).rstrip())
    try:
        paths.crashes_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = paths.crashes_dir / f"report-{stamp}-{time.monotonic_ns() % 10**9:09d}.txt"
        target.write_text(text, encoding="utf-8", errors="backslashreplace")
        for old in sorted(paths.crashes_dir.glob("report-*.txt"))[:-_REPORTS_KEPT]:
            old.unlink(missing_ok=True)
    except OSError as failure:
        _log.warning("The report could not be written: %s", failure)
    return text


def _collect_crashes(folder: Path) -> list[Path]:
    """Rename the traces of runs that crashed, so that each is told of once; remove empty ones that a kill left."""
    crashes: list[Path] = []
    for trace in sorted(folder.glob(f"{_RUNNING}*.txt")):
        owner = trace.stem.removeprefix(_RUNNING).replace("_", ":")
        if is_alive(owner):
            continue
        with suppress(FileNotFoundError):  # another copy that starts now may do the same
            if trace.stat().st_size == 0:
                trace.unlink()
            else:
                stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(trace.stat().st_mtime))
                crashes.append(trace.rename(trace.with_name(f"crash-{stamp}-{owner.partition(':')[0]}.txt")))
    return crashes
