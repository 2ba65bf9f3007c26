"""Whether a window can be opened, asked before Qt is."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.system.display import NO_DISPLAY_SENTENCE, display_problem, has_display, window_parts
from desktop_app.system.libraries import Library, Part

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 and Wayland are Linux's")


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_any_of_the_three_variables_is_a_place_for_windows(name: str) -> None:
    assert has_display({name: "x"}, "linux")
    assert not has_display({name: ""}, "linux")


def test_windows_and_macos_always_have_a_display() -> None:
    assert has_display({}, "win32")
    assert has_display({}, "darwin")
    assert display_problem({}, "darwin") is None


def test_without_a_display_the_terminal_is_named() -> None:
    problem = display_problem({}, "linux")
    assert problem is not None
    assert (problem.code, str(problem)) == ("display_missing", NO_DISPLAY_SENTENCE)


@pytest.mark.parametrize(
    ("environ", "parts"),
    [
        ({"DISPLAY": ":0"}, (Part.X11,)),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, (Part.WAYLAND, Part.X11)),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "wayland:decoration=none;xcb"}, (Part.WAYLAND, Part.X11)),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, ()),
    ],
)
def test_the_display_systems_are_those_that_qt_would_try(environ: dict[str, str], parts: tuple[Part, ...]) -> None:
    assert window_parts(environ, "linux") == parts
    assert window_parts(environ, "win32") == ()


def test_offscreen_needs_nothing() -> None:
    assert display_problem({"QT_QPA_PLATFORM": "offscreen"}, "linux") is None


@linux_only
def test_a_missing_library_of_the_display_system_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = (Library("libcauserie-test.so.3", "libcauserie-test3", Part.X11),)
    monkeypatch.setattr("desktop_app.system.libraries.LIBRARIES", lacking)
    problem = display_problem({"DISPLAY": ":0"}, "linux")
    assert problem is not None
    assert "libcauserie-test3" in problem.action


@linux_only
def test_a_display_that_does_not_answer_is_said_before_qt_aborts() -> None:
    problem = display_problem({"DISPLAY": ":987"}, "linux")
    assert problem is not None
    assert problem.code == "display_unreachable"
    assert "':987'" in problem.sentence


@pytest.fixture
def x_display() -> Iterator[str]:
    program = shutil.which("Xvfb")
    assert program is not None, "python3 packaging/tasks.py test installs it"
    read, write = os.pipe()
    command = [program, "-displayfd", str(write), "-screen", "0", "640x480x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as process:
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        yield f":{number}"
        process.terminate()


@linux_only
def test_a_display_that_answers_is_no_problem(x_display: str) -> None:
    assert display_problem({"DISPLAY": x_display}, "linux") is None


@linux_only
def test_wayland_is_asked_at_its_socket_and_x11_is_the_second_choice(tmp_path: Path, x_display: str) -> None:
    environ = {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-test"}
    problem = display_problem(environ, "linux")
    assert problem is not None
    assert problem.code == "display_unreachable"
    assert display_problem({**environ, "DISPLAY": x_display}, "linux") is None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / "wayland-test"))
        server.listen(1)
        assert display_problem(environ, "linux") is None
