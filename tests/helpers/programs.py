"""The whole program as a process of its own, with the scripted model unless a test wants the real one."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.helpers.hearing import SCRIPTED

ROOT = Path(__file__).parents[2]
TIMEOUT = 60.0


def command(*arguments: object) -> list[str]:
    """Return the command line of the program."""
    return [sys.executable, str(ROOT / "main.py"), *(str(argument) for argument in arguments)]


def environment(scripted: bool = True, **more: str) -> dict[str, str]:
    """Return the variables for the program; a terminal without colours, and no display."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    kept.pop("QT_QPA_PLATFORM", None)
    return {**kept, "TERM": "dumb", **({"CAUSERIE_BACKEND": SCRIPTED} if scripted else {}), **more}


def run(*arguments: object, stdin: str | bytes = b"", scripted: bool = True, **variables: str) -> "Finished":
    """Run the program to its end."""
    done = subprocess.run(
        command(*arguments),
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        env=environment(scripted, **variables),
        timeout=TIMEOUT,
        check=False,
    )
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())


@dataclass(frozen=True)
class Finished:
    """How a run ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """The lines of its output, read as JSON."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def record(self) -> Any:
        """Its whole output, read as JSON."""
        return json.loads(self.out)


class Program:
    """A running program in a session of its own, whose lines are read as they come, each with the moment.

    Attributes:
        lines: what it has printed so far, with ``time.monotonic()`` of the reading.
    """

    def __init__(self, *arguments: object, start: Sequence[str] = (), scripted: bool = True, **variables: str) -> None:
        """Start it.

        Args:
            arguments: of the program.
            start: what to start in place of ``main.py``.
            scripted: whether the scripted model answers.
            variables: further environment variables.
        """
        self.lines: list[tuple[float, str]] = []
        self._came: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self.process = subprocess.Popen(
            [*start, *map(str, arguments)] if start else command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(scripted, **variables),
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append((time.monotonic(), line.decode()))
            self._came.put(line.decode())
        self._came.put(None)

    def wait_line(self, part: str) -> str:
        """Return the next line that has a text in it."""
        while (line := self._came.get(timeout=TIMEOUT)) is not None:
            if part in line:
                return line
        raise AssertionError(f"the program ended without “{part}”: {self.error()}")

    def error(self) -> str:
        """Return what it printed to standard error; it has ended."""
        assert self.process.stderr is not None
        return self.process.stderr.read().decode()

    def members(self) -> list[psutil.Process]:
        """Return the living processes of its session: itself, the engine, what Python started beside it."""
        return list(_session(self.process.pid))

    def interrupt(self) -> None:
        """Press Ctrl+C: the whole group hears it, as in a terminal."""
        os.killpg(self.process.pid, signal.SIGINT)

    def kill(self) -> None:
        """Kill the program itself, as the system does, but not the processes it started."""
        os.kill(self.process.pid, signal.SIGKILL)

    def wait(self) -> Finished:
        """Wait for the end."""
        code = self.process.wait(TIMEOUT)
        self._reader.join(TIMEOUT)
        finished = Finished(code, "".join(line for _, line in self.lines), self.error())
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return finished


def _session(leader: int) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                yield process
        except (OSError, psutil.NoSuchProcess):
            continue
