"""What is said and done when the operating system lacks something."""

import os
import stat
import sys
from pathlib import Path

import pytest
from taskkit import system_packages
from taskkit.console import TaskError
from taskkit.system_packages import Lacking, provide

LACKING = [Lacking("libGL.so.1", "libgl1"), Lacking("libz.so.1", "zlib1g"), Lacking("cc", "build-essential")]

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="apt is Debian's")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A search path with nothing on it but what the test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def _program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_nothing_lacking_asks_for_nothing(programs: Path) -> None:
    provide([])


def test_without_apt_the_libraries_are_named(programs: Path) -> None:
    with pytest.raises(TaskError, match=r"lacks libGL\.so\.1, libz\.so\.1 and cc\.\n.*build-essential libgl1 zlib1g"):
        provide(LACKING)


def test_a_person_without_the_right_gets_the_exact_line(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(programs / "apt-get", "exit 9")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(TaskError) as caught:
        provide(LACKING)
    line = "    sudo apt-get install -y --no-install-recommends build-essential libgl1 zlib1g"
    assert line in str(caught.value).splitlines()


def test_root_gets_them_installed(programs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = tmp_path / "said"
    _program(programs / "apt-get", f'echo "$DEBIAN_FRONTEND $*" >> {said}; [ "$1" != update ]')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(system_packages, "private_cache", lambda: tmp_path)
    provide(LACKING)
    assert said.read_text("utf-8").splitlines() == [
        "noninteractive update",
        "noninteractive install -y --no-install-recommends build-essential libgl1 zlib1g",
    ]


def test_what_apt_said_is_shown_when_it_fails(programs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _program(programs / "apt-get", "echo E: no space left; exit 100")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(system_packages, "private_cache", lambda: tmp_path)
    with pytest.raises(TaskError, match="could not install the packages:\n    E: no space left\n"):
        provide(LACKING)


def test_many_names_are_cut_short(programs: Path) -> None:
    with pytest.raises(TaskError, match=r"lacks lib0, lib1, lib2, lib3, lib4 and 3 more\."):
        provide([Lacking(f"lib{number}", f"package{number}") for number in range(8)])


def test_a_compiler_named_by_hand_counts(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setenv("CC", "my-cc")
    assert [item.what for item in system_packages.lacking_compiler()] == ["cc", "c++"]
    _program(programs / "my-cc", "")
    assert [item.what for item in system_packages.lacking_compiler()] == ["c++"]


def test_missing_test_programs_are_found_by_name(programs: Path) -> None:
    assert {item.package for item in system_packages.lacking_test_programs()} == {"xvfb", "xdotool"}
    for name in ("Xvfb", "xdotool"):
        _program(programs / name, "")
    assert system_packages.lacking_test_programs() == []
