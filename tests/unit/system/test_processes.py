"""Processes told from others with the same number."""

import os
import signal
import subprocess
import sys

import pytest

from desktop_app.system import hardware, processes


def start() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)


def test_a_process_is_alive_until_it_ends() -> None:
    with start() as child:
        name = processes.identity(child.pid)
        assert name.startswith(f"{child.pid}:")
        assert processes.identity(child.pid) == name
        assert processes.is_alive(name)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # ended, and nobody has taken note: a zombie
        assert not processes.is_alive(name)
        child.wait()
        assert not processes.is_alive(name)
        assert processes.identity(child.pid) == ""


def test_a_stopped_process_is_alive() -> None:
    with start() as child:
        name = processes.identity(child.pid)
        child.send_signal(signal.SIGSTOP)
        os.waitpid(child.pid, os.WUNTRACED)
        assert processes.is_alive(name)
        child.send_signal(signal.SIGCONT)
        child.kill()


def test_the_same_number_is_not_the_same_process() -> None:
    pid, start_ticks, boot = processes.identity().split(":")
    assert processes.is_alive(f"{pid}:{start_ticks}:{boot}")
    assert not processes.is_alive(f"{pid}:{int(start_ticks) - 1}:{boot}")
    assert not processes.is_alive(f"{pid}:{start_ticks}:another-start-of-the-computer")


@pytest.mark.parametrize("name", ["", ":", "1", "1:", "x:1", "-1:1", "999999999:1:1", "²:1"])
def test_what_names_no_process_is_not_alive(name: str) -> None:
    assert not processes.is_alive(name)


def test_elsewhere_the_system_tells_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(processes, "_BOOT_ID", tmp_path / "missing")  # as on macOS and Windows
    with start() as child:
        name = processes.identity(child.pid)
        assert processes.is_alive(name)
        pid, _, moment = name.partition(":")
        assert not processes.is_alive(f"{pid}:{float(moment) - 60}")
        assert not processes.is_alive(f"{pid}:long ago")
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert hardware.process_started(child.pid) is None
        child.wait()
        assert not processes.is_alive(name)
