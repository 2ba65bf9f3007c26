"""``packaging/tasks.py`` from outside, on a copy of what it needs."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from taskkit import pins
from taskkit.environment import Needs, write_stamp
from taskkit.places import ROOT, venv_python

from desktop_app.system.display import NO_DISPLAY_SENTENCE

Run = Callable[..., "subprocess.CompletedProcess[str]"]

ECHO = "import os, sys\nprint(sys.argv[1:], os.getcwd())\nsys.exit(7)\n"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the project whose environment is ready and whose program says what it was given."""
    root = tmp_path / "copy"
    for name in ("packaging/taskkit", "desktop_app/core", "desktop_app/system"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("packaging/tasks.py", "desktop_app/__init__.py", pins.RUN_FILE, pins.DEV_FILE, pins.BUILD_FILE):
        shutil.copy(ROOT / name, root / name)
    (root / "main.py").write_text(ECHO, "utf-8")
    python = venv_python(root)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    write_stamp(Needs(parts=frozenset({"engine", "window", "x11", "wayland"})), root)
    return root


@pytest.fixture
def run(copy: Path, tmp_path: Path) -> Run:
    """Starts a task of the copy, without a display, in another folder."""

    def start(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
        variables = {key: value for key, value in os.environ.items() if key not in hidden} | environment
        # Isolated from site-packages: the tasks may use the standard library only.
        command = [sys.executable, "-S", str(copy / "packaging/tasks.py"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=variables, check=False)

    return start


def test_without_a_task_the_list_is_shown(run: Run) -> None:
    result = run()
    assert result.returncode == 0
    for name in ("run", "test", "check", "bench", "screens", "setup", "lock", "clean"):
        assert f"packaging/tasks.py {name}" in result.stdout


def test_an_unknown_task_is_wrong_usage(run: Run) -> None:
    result = run("fly")
    assert result.returncode == 2
    assert result.stderr.startswith("There is no task 'fly'. There are: run, test, check, ")


def test_run_passes_everything_on_and_stays_in_the_persons_folder(run: Run, tmp_path: Path) -> None:
    result = run("run", "chat", "--json", "What is a token?")
    assert result.stdout == f"{['chat', '--json', 'What is a token?']} {tmp_path}\n"
    assert result.stderr == ""
    assert result.returncode == 7


def test_run_takes_two_dashes_for_itself(run: Run) -> None:
    assert run("run", "--", "--version").stdout.startswith("['--version'] ")


def test_run_without_a_display_says_so_and_chats_in_the_terminal(run: Run) -> None:
    result = run("run")
    assert result.stderr == f"{NO_DISPLAY_SENTENCE}\n"
    assert result.stdout.startswith("['chat'] ")


def test_run_with_a_display_opens_the_window(run: Run) -> None:
    result = run("run", DISPLAY=":7")
    assert result.stderr == ""
    assert result.stdout.startswith("[] ")


def test_a_ready_environment_is_not_touched(run: Run, copy: Path) -> None:
    # Nothing on the search path: any attempt to set up would fail with another exit code and another text.
    result = run("run", "x", PATH="")
    assert (result.returncode, result.stderr) == (7, "")
    assert not (copy / ".cache").exists()


def test_without_a_place_for_uv_the_line_to_type_is_said(run: Run, copy: Path) -> None:
    (copy / ".venv" / "causerie-environment.json").unlink()
    result = run("run", PATH="", CAUSERIE_WHEELS="")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "This computer lacks" in result.stderr


def test_benchmarks_are_listed_with_their_first_line(run: Run, copy: Path) -> None:
    folder = copy / "tests" / "benchmarks"
    folder.mkdir(parents=True)
    (folder / "bench_start.py").write_text('"""How fast it opens.\n\nMore.\n"""\n', "utf-8")
    assert run("bench").stdout.split(maxsplit=1) == ["start", "How fast it opens.\n"]
    wrong = run("bench", "end")
    assert wrong.returncode == 1
    assert wrong.stderr == "There is no benchmark 'end'. There are: start.\n"


def test_clean_keeps_the_environment_unless_told(run: Run, copy: Path) -> None:
    (copy / "build").mkdir()
    run("clean")
    assert not (copy / "build").exists()
    assert (copy / ".venv").exists()
    run("clean", "--all")
    assert not (copy / ".venv").exists()


def test_an_older_python_can_read_the_script_up_to_its_sentence() -> None:
    source = (ROOT / "packaging" / "tasks.py").read_text("utf-8")
    ast.parse(source, feature_version=(3, 8))
    guard = source.index("sys.version_info <")
    assert "taskkit" not in source[:guard]
