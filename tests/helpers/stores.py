"""Stores in a temporary folder, and what their files look like."""

import hashlib
import itertools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from desktop_app.storage.conversations import Conversations
from desktop_app.storage.database import Database, open_database
from desktop_app.system import processes

ROOT = Path(__file__).parents[2]


def open_in(folder: Path, *, busy_seconds: float = 5.0) -> Database:
    """Open the database of a profile folder."""
    return open_database(folder / "causerie.sqlite3", folder / "backups", busy_seconds=busy_seconds)


def store_of(database: Database, now: Callable[[], float] | None = None) -> Conversations:
    """Return the repository as this process owns it; by default its clock adds a second at each look."""
    ticks = itertools.count(1_700_000_000)
    return Conversations(
        database,
        owner=processes.identity(),
        owner_alive=processes.is_alive,
        now=now or (lambda: float(next(ticks))),
    )


def fingerprints(folder: Path) -> dict[str, str]:
    """Return what every file below the folder holds."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def start_python(program: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a Python program that can import the package and talks through pipes, line by line."""
    return subprocess.Popen(
        [sys.executable, "-u", "-c", program, *(str(argument) for argument in arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
