"""Every test runs apart from the person's own folders and the network, and leaves nothing running behind."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # never the person's own

PATIENCE = 10.0
_HOMES = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
_OWN_VARIABLES = ("CAUSERIE_BACKEND", "CAUSERIE_LOG_LEVEL")


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program and those it starts find their folders in a temporary home."""
    home = tmp_path_factory.mktemp("home")
    for name in _HOMES:
        monkeypatch.setenv(name, str(home if name == "HOME" else home / name.lower()))
    for name in _OWN_VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Return a folder for a whole profile, as ``--data-dir`` takes it; it does not exist yet."""
    return tmp_path / "profile"


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """Refuse to reach any other computer."""

    def guarded(method: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family != getattr(socket, "AF_UNIX", None) and not _is_loopback(address[0]):
                raise AssertionError(f"a test tried to reach {address}")
            return method(self, address)

        return connect

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        yield


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


@pytest.fixture(autouse=True)
def nothing_left_running(own_folders: None) -> Iterator[None]:
    """Fail a test that leaves processes or threads behind; they have a moment to end."""
    processes, threads = _processes(), set(threading.enumerate())
    yield
    deadline = time.monotonic() + PATIENCE
    while (left := [*(_processes() - processes), *(_threads() - threads)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not left, f"left running: {left}"


def _processes() -> set[psutil.Process]:
    return {child for child in psutil.Process().children(recursive=True) if not _is_of_python(child)}


def _is_of_python(process: psutil.Process) -> bool:
    """Whether it has ended, or is the helper that ``multiprocessing`` starts once and keeps."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE or "resource_tracker" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return True


def _threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if not thread.daemon}
