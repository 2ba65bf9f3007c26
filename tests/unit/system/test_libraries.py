"""The sentence for a missing system library."""

import ctypes
import sys

import pytest

from desktop_app.system.libraries import (
    LIBRARIES,
    Library,
    Part,
    import_problem,
    libraries_problem,
    missing_libraries,
)

GL = next(library for library in LIBRARIES if library.file == "libGL.so.1")
CURSOR = next(library for library in LIBRARIES if library.file == "libxcb-cursor.so.0")


def test_nothing_missing_is_no_problem() -> None:
    assert libraries_problem(()) is None


def test_one_missing_library_is_named_with_its_package() -> None:
    problem = libraries_problem([CURSOR])
    assert problem is not None
    assert problem.code == "library_missing"
    assert str(problem) == (
        "Causerie cannot open its window: the system library libxcb-cursor.so.0 is missing. "
        "Install the package libxcb-cursor0, for example with: sudo apt-get install libxcb-cursor0"
    )


def test_several_are_one_sentence_and_one_line_to_type() -> None:
    problem = libraries_problem([GL, CURSOR, Library("libz.so.1", "zlib1g", Part.WINDOW)])
    assert problem is not None
    assert "the system library libGL.so.1 and 2 others are missing." in problem.sentence
    assert problem.action.endswith("sudo apt-get install libgl1 libxcb-cursor0 zlib1g")
    assert "libz.so.1 (zlib1g)" in problem.detail


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux's loader")
def test_what_the_loader_itself_says_is_understood() -> None:
    with pytest.raises(OSError, match="libcauserie-test") as caught:
        ctypes.CDLL("libcauserie-test.so.3")
    problem = import_problem(caught.value)
    assert problem is not None
    assert problem.sentence == "Causerie cannot start: the system library libcauserie-test.so.3 is missing."


def test_an_import_error_of_a_known_library_names_the_package() -> None:
    problem = import_problem(ImportError("libGL.so.1: cannot open shared object file: No such file or directory"))
    assert problem is not None
    assert "libGL.so.1" in problem.sentence
    assert "libgl1" in problem.action


def test_any_other_import_error_is_left_alone() -> None:
    assert import_problem(ImportError("cannot import name 'Never' from 'nowhere'")) is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux's loader")
def test_the_loader_is_asked_for_each_library(monkeypatch: pytest.MonkeyPatch) -> None:
    invented = (
        Library("libcauserie-test.so.3", "libcauserie-test3", Part.X11),
        Library("libcauserie-other.so.1", "libcauserie-other1", Part.WAYLAND),
        Library("libc.so.6", "libc6", Part.X11),
    )
    monkeypatch.setattr("desktop_app.system.libraries.LIBRARIES", invented)
    assert missing_libraries({Part.X11}) == invented[:1]
    assert missing_libraries(()) == ()
