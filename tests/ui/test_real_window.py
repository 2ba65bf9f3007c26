"""The program as a person starts it: its own process, a real window on a real X display, a real keyboard."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 is what this drives")


def wait_until(check: Callable[[], bool], what: str) -> None:
    """Wait until something outside this process is so; it has no event that could be waited for."""
    deadline = time.monotonic() + PATIENCE
    while not check():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.05)


@pytest.fixture
def display() -> Iterator[str]:
    """Start a virtual screen and return its name."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as numbers:
        number = numbers.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(PATIENCE)


class Program:
    """The program in its own process."""

    def __init__(self, display: str, profile: Path) -> None:
        self.profile = profile
        self._environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Start the program on this profile."""
        command = [sys.executable, str(ROOT / "main.py"), "--data-dir", str(self.profile)]
        return subprocess.Popen(command, env=self._environment, cwd=ROOT, stderr=subprocess.PIPE)

    def tool(self, *arguments: str) -> str:
        """Use the keyboard."""
        command = ["xdotool", *arguments]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=PATIENCE)
        return done.stdout.strip()

    def focus(self) -> None:
        """Wait for the window and give it the keyboard, as a window manager would."""
        wait_until(lambda: bool(self.tool("search", "--onlyvisible", "--name", "Causerie")), "the window")
        window = self.tool("search", "--onlyvisible", "--name", "Causerie").splitlines()[-1]
        self.tool("windowfocus", "--sync", window)

    def rows(self, sql: str) -> list[tuple[str, ...]]:
        """Read the database."""
        path = self.profile / "causerie.sqlite3"
        if not path.exists():
            return []
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            try:
                return database.execute(sql).fetchall()
            except sqlite3.OperationalError:
                return []  # its tables are being made

    def ended(self) -> int:
        """Wait for the end; the exit code."""
        _, errors = self.process.communicate(timeout=PATIENCE)
        assert errors == b""
        return self.process.returncode


def test_ask_be_answered_quit_and_come_back(display: str, profile: Path) -> None:
    program = Program(display, profile)
    program.focus()
    program.tool("type", "--delay", "2", "What is a token?")
    program.tool("key", "Return")
    replies = "SELECT content FROM messages WHERE role = 'assistant' AND state = 'complete'"
    wait_until(lambda: len(program.rows(replies)) == 1, "the reply")
    assert program.rows("SELECT content FROM messages WHERE role = 'user'") == [("What is a token?",)]
    assert program.rows(replies)[0][0]

    second = program.start()
    _, errors = second.communicate(timeout=PATIENCE)
    assert (second.returncode, errors) == (0, b""), "a second start raises the first window and ends"
    assert program.process.poll() is None

    program.focus()
    program.tool("key", "ctrl+q")
    assert program.ended() == 0

    command = [sys.executable, "main.py", "conversations", "list", "--json", "--data-dir", str(profile)]
    listed = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=PATIENCE).stdout)
    assert [one["title"] for one in listed] == ["What is a token?"]


def test_polite_kill_closes_in_order(display: str, profile: Path) -> None:
    program = Program(display, profile)
    program.focus()
    wait_until(lambda: bool(program.rows("SELECT name FROM _sqlite_migrations")), "the database")
    program.process.send_signal(signal.SIGTERM)
    assert program.ended() == 0
    assert not (profile / "causerie.sqlite3-wal").exists(), "the database was closed"
