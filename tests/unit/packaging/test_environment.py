"""When the project's environment counts as ready."""

import json
import sys
from pathlib import Path

import pytest
from taskkit import pins
from taskkit.environment import Needs, is_ready, write_stamp
from taskkit.places import venv_program, venv_python

RUN = Needs(parts=frozenset({"engine"}))
WINDOW = Needs(parts=frozenset({"engine", "window"}))
TEST = Needs(tools=True, parts=frozenset({"engine", "window"}), display=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    python = venv_python(tmp_path)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    for name in (pins.RUN_FILE, pins.DEV_FILE):
        (tmp_path / name).write_text(f"of {name}", "utf-8")
    return tmp_path


def test_an_environment_without_a_stamp_is_not_ready(root: Path) -> None:
    assert not is_ready(RUN, root)


def test_a_damaged_stamp_is_as_good_as_none(root: Path) -> None:
    write_stamp(RUN, root)
    (root / ".venv" / "causerie-environment.json").write_text("[1", "utf-8")
    assert not is_ready(RUN, root)


def test_it_is_ready_for_what_it_was_made_for_and_not_for_more(root: Path) -> None:
    write_stamp(RUN, root)
    assert is_ready(RUN, root)
    assert not is_ready(WINDOW, root)
    assert not is_ready(TEST, root)


def test_new_pins_make_it_stale(root: Path) -> None:
    write_stamp(RUN, root)
    (root / pins.DEV_FILE).write_text("only the tools changed", "utf-8")
    assert is_ready(RUN, root)
    (root / pins.RUN_FILE).write_text("changed", "utf-8")
    assert not is_ready(RUN, root)


def test_with_the_test_tools_it_also_serves_to_run_and_keeps_them(root: Path) -> None:
    venv_program("pytest", root).touch()
    write_stamp(TEST, root)
    assert is_ready(TEST, root)
    assert is_ready(RUN, root)
    (root / pins.DEV_FILE).write_text("changed", "utf-8")
    assert not is_ready(RUN, root)


def test_system_needs_add_up(root: Path) -> None:
    write_stamp(WINDOW, root)
    write_stamp(RUN, root)
    assert is_ready(WINDOW, root)


def test_another_interpreter_or_none_makes_it_stale(root: Path) -> None:
    write_stamp(RUN, root)
    python = venv_python(root)
    python.unlink()
    assert not is_ready(RUN, root)
    other = root / "python3.99"
    other.touch()
    python.symlink_to(other)
    assert not is_ready(RUN, root)


def test_the_stamp_is_plain_to_read(root: Path) -> None:
    write_stamp(TEST, root)
    stamp = json.loads((root / ".venv" / "causerie-environment.json").read_text("utf-8"))
    assert stamp["system"] == ["display", "engine", "window"]
    assert stamp["python"] == str(Path(sys.executable).resolve())
