"""Words to the person at the terminal, and commands that are shown or kept in a log."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import TextIO

# ninja writes "[12/345] Building …", make writes "[ 12%] Building …".
_STEP = re.compile(r"^\s*\[\s*(?:(?P<done>\d+)/(?P<total>\d+)|(?P<percent>\d+)%)\]")
_TAIL_LINES = 25


class TaskError(Exception):
    """A task cannot go on; the text is for the person, without a traceback."""


def say(text: str) -> None:
    """Write a line to standard error, where it does not mix with what the program writes."""
    print(text, file=sys.stderr, flush=True)


def run_logged(
    command: Sequence[str],
    log: Path,
    watch: Callable[[str | None], None] | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> int:
    """Run a command with its output in a log file and return its exit code.

    Args:
        command: program and arguments.
        log: written from the start, folder made when needed.
        watch: called with each line, and with None after each second without one.
        env: the whole environment; None inherits.
        cwd: where to run.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("w", encoding="utf-8") as file,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=env,
            cwd=cwd,
        ) as process,
    ):
        lines: Queue[str | None] = Queue()
        reader = threading.Thread(target=_read_lines, args=(process, lines), daemon=True)
        reader.start()
        try:
            _follow(lines, file.write, watch or (lambda _line: None))
        except BaseException:
            process.terminate()
            raise
    return process.returncode


def _read_lines(process: "subprocess.Popen[str]", lines: "Queue[str | None]") -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put(None)


def _follow(lines: "Queue[str | None]", write: Callable[[str], object], watch: Callable[[str | None], None]) -> None:
    while True:
        try:
            line = lines.get(timeout=1.0)
        except Empty:
            watch(None)
            continue
        if line is None:
            return
        write(line)
        watch(line.rstrip("\n"))


def tail(log: Path) -> str:
    """Return the last lines of a log, indented, for an error message."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_TAIL_LINES:]
    return "\n".join(f"    {line}" for line in lines)


class BuildProgress:
    """Shows how far a compilation is: on a terminal one line that changes, elsewhere a line every 30 seconds."""

    def __init__(self, label: str, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._label = label
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._tty = self._stream.isatty()
        self._started = clock()
        self._shown = clock()
        self._step = ""
        self._width = 0

    def watch(self, line: str | None) -> None:
        """Take a line of the build's output, or None for a second without one."""
        found = _STEP.match(line) if line else None
        if found:
            self._step = f"step {found['done']} of {found['total']}" if found["total"] else f"{found['percent']} %"
        if self._clock() - self._shown >= (1.0 if self._tty else 30.0):
            self._show(end="" if self._tty else "\n")

    def finish(self, succeeded: bool) -> None:
        """Leave a last line with the whole time."""
        self._step = "done" if succeeded else "failed"
        self._show(end="\n")

    def _show(self, end: str) -> None:
        self._shown = self._clock()
        minutes, seconds = divmod(int(self._clock() - self._started), 60)
        text = f"{self._label}: {self._step or 'preparing'}, {minutes}:{seconds:02d} min"
        padding = " " * max(0, self._width - len(text)) if self._tty else ""
        self._width = len(text)
        self._stream.write(f"{chr(13) if self._tty else ''}{text}{padding}{end}")
        self._stream.flush()
