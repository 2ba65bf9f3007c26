"""Which wheel of llama.cpp is taken, and for which computer one is kept."""

import platform
import sys
from pathlib import Path

import pytest
from taskkit import llama_wheel
from taskkit.pins import Pin

PIN = Pin("llama-cpp-python", "0.3.36", "llama-cpp-python==0.3.36 --hash=sha256:aa\n")
FITTING = "llama_cpp_python-0.3.36-py3-none-any.whl"


@pytest.fixture(autouse=True)
def _no_wheels_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(llama_wheel.WHEELS_VARIABLE, raising=False)
    monkeypatch.delenv("CMAKE_ARGS", raising=False)


def test_without_a_wheel_it_must_be_compiled() -> None:
    assert llama_wheel.existing(PIN) is None


def test_a_wheel_compiled_before_is_found_by_every_copy_of_the_project() -> None:
    folder = llama_wheel.wheelhouse(PIN)
    folder.mkdir(parents=True)
    (folder / FITTING).touch()
    assert llama_wheel.existing(PIN) == folder / FITTING


def test_a_wheel_that_the_person_brought_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = llama_wheel.wheelhouse(PIN)
    folder.mkdir(parents=True)
    (folder / FITTING).touch()
    given = tmp_path / "llama_cpp_python-0.3.36+cpu-py3-none-any.whl"
    given.touch()
    monkeypatch.setenv(llama_wheel.WHEELS_VARIABLE, str(tmp_path))
    assert llama_wheel.existing(PIN) == given


@pytest.mark.parametrize("name", ["llama_cpp_python-0.3.35-py3-none-any.whl", "other-0.3.36-py3-none-any.whl"])
def test_other_versions_and_packages_are_passed_over(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).touch()
    monkeypatch.setenv(llama_wheel.WHEELS_VARIABLE, str(tmp_path))
    assert llama_wheel.existing(PIN) is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these are Linux's names")
@pytest.mark.parametrize(
    ("tags", "fits"),
    [
        ("py3-none-linux_MACHINE", True),
        ("py2.py3-none-manylinux_2_17_MACHINE.manylinux2014_MACHINE", True),
        (f"cp3{sys.version_info.minor}-cp3{sys.version_info.minor}-linux_MACHINE", True),
        ("cp39-cp39-linux_MACHINE", False),
        ("py3-none-linux_other", False),
        ("py3-none-win_amd64", False),
        ("py3-none-macosx_14_0_universal2", False),
    ],
)
def test_the_name_of_a_wheel_says_whether_it_fits(tags: str, fits: bool) -> None:
    name = f"llama_cpp_python-0.3.36-{tags.replace('MACHINE', platform.machine().lower())}.whl"
    assert llama_wheel.fits(Path(name)) is fits


def test_other_compiler_settings_or_another_pin_are_compiled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = llama_wheel.wheelhouse(PIN)
    assert llama_wheel.wheelhouse(PIN) == plain
    assert llama_wheel.wheelhouse(Pin(PIN.name, "0.3.37", PIN.text.replace("36", "37"))) != plain
    monkeypatch.setenv("CMAKE_ARGS", "-DGGML_VULKAN=ON")
    assert llama_wheel.wheelhouse(PIN) != plain
