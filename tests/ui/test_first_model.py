"""From nothing to an answer: a model found on a Hub in the real window, killed on its way, and asked at the end."""

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from desktop_app.system.paths import starter_model
from tests.helpers.loopback_hub import LoopbackHub
from tests.helpers.split_gguf import split, write_projector
from tests.ui.test_real_window import PATIENCE, ROOT, display, wait_until

__all__ = ["display"]

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 is what this drives")

REPO = "maker/Seed-6M-GGUF"


class Driven:
    """The program with a real window, and what one can do there."""

    def __init__(self, screen: str, profile: Path, endpoint: str) -> None:
        environment = {**os.environ, "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb", "HF_ENDPOINT": endpoint}
        command = [sys.executable, "-m", "tests.helpers.driven_program", "--data-dir", str(profile)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
        self.environment = environment
        wait_until(lambda: bool(self.tool("search", "--onlyvisible", "--name", "Causerie")), "the window")
        window = self.tool("search", "--onlyvisible", "--name", "Causerie").splitlines()[-1]
        self.tool("windowfocus", "--sync", window)  # as a window manager would

    def tool(self, *arguments: str) -> str:
        """Use the screen."""
        command = ["xdotool", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE)
        return done.stdout.strip()

    def do(self, name: str, text: str = "") -> Any:
        """Do something; false while it is not on view."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([name, text]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def until(self, name: str, text: str) -> None:
        """Do something as soon as it is on view."""
        try:
            wait_until(lambda: bool(self.do(name, text)), f"{name} {text}")
        except AssertionError as error:
            raise AssertionError(f"on view: {self.do('texts')}") from error

    def until_text(self, text: str) -> None:
        """Wait until a text is on view."""
        wait_until(lambda: any(text in one for one in self.do("texts")), f"{text} on view")

    def kill(self) -> None:
        """End it as a power cut does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=PATIENCE)

    def quit(self) -> None:
        """Close it as a person does."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0


@contextmanager
def driven(screen: str, profile: Path, endpoint: str) -> Iterator[Driven]:
    """Start the program; nothing of it is left in the end."""
    program = Driven(screen, profile, endpoint)
    try:
        yield program
    finally:
        if program.process.poll() is None:
            program.kill()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LoopbackHub]:
    """Serve the starter model under another name: two shards, a projector, a card."""
    made = tmp_path / "made"
    made.mkdir()
    shards = split(starter_model(), made, "Seed-6M-Q8_0")
    projector = write_projector(made / "mmproj-F16.gguf")
    with LoopbackHub(tmp_path / "hub") as one:
        files: dict[str, bytes] = {path.name: path.read_bytes() for path in (*shards, projector)}
        one.publish(REPO, {**files, "README.md": b"# Seed\n\nA small model for a first conversation.\n"})
        yield one


def parts(profile: Path) -> list[Path]:
    """Return the part files on the shelf."""
    return list((profile / "models").rglob("*.part"))


def replies(profile: Path) -> list[tuple[str, ...]]:
    """Return how far the replies in the database are."""
    with closing(sqlite3.connect(f"file:{profile / 'causerie.sqlite3'}?mode=ro", uri=True)) as database:
        return database.execute("SELECT state FROM messages WHERE role = 'assistant'").fetchall()


def hash_of(path: Path) -> str:
    """Return a file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(profile: Path, *arguments: str) -> tuple[int, Any]:
    """Run a command of the program; its exit code and the last line of its output."""
    command = [sys.executable, str(ROOT / "main.py"), *arguments, "--json", "--data-dir", str(profile)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


def test_find_download_be_killed_go_on_verify_and_ask(display: str, profile: Path, hub: LoopbackHub) -> None:
    hub.fault(path=r"/cdn/.*00002-of-00002", times=1, rate=400_000)
    with driven(display, profile, hub.endpoint) as program:
        program.until("keys", "Ctrl+M")
        program.until("press", "Discover")
        assert hub.asked() == [], "nothing is asked before the person says so"
        program.until("press", "Go online")
        program.until("write", "seed")
        program.until("choose", "Seed-6M")
        program.until("press", "Download")
        wait_until(
            lambda: any(path.name.startswith("Seed-6M-Q8_0-00002") and path.stat().st_size for path in parts(profile)),
            "the second shard on its way",
        )
        program.kill()
    (part,) = [path for path in parts(profile) if path.name.startswith("Seed-6M-Q8_0-00002")]
    kept = part.stat().st_size
    assert 0 < kept < starter_model().stat().st_size

    asked = len(hub.asked())
    with driven(display, profile, hub.endpoint) as program:
        # It goes on by itself from the byte where it was.
        program.until("press", "Chat now")
        program.until_text("Seed-6M")
        program.until("write", "What is a token?")
        program.until("keys", "Return")
        wait_until(lambda: replies(profile) == [("complete",)], "the reply")
        program.quit()
    ranges = [fields["headers"].get("range", "") for fields in hub.asked()[asked:]]
    assert f"bytes={kept}-" in ranges

    assert parts(profile) == []
    folder = profile / "models" / REPO
    assert {path.name: hash_of(path) for path in folder.glob("*.gguf")} == {
        path.name: hash_of(path) for path in (hub.root / REPO).glob("*.gguf")
    }
    code, verified = run(profile, "models", "verify", "--all")
    assert (code, bool(verified)) == (0, True)
    _, conversations = run(profile, "conversations", "list")
    _, shown = run(profile, "conversations", "show", str(conversations[0]["id"]))
    question, answer = shown["messages"]
    assert question["content"] == "What is a token?"
    assert "token" in answer["content"]
    assert "Seed-6M" in answer["model"]
