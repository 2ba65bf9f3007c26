"""The layers: who may import whom, checked by import-linter and in a fresh interpreter."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "desktop_app"
ABOVE = {"bootstrap", "cli", "ui"}


def _modules(*rooms: str) -> list[str]:
    files = (path for room in rooms for path in sorted((APP / room).rglob("*.py")))
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files)
    return [name.removesuffix(".__init__") for name in names]


def _rooms() -> set[str]:
    return {path.stem for path in APP.iterdir() if (path / "__init__.py").exists() or path.suffix == ".py"} - {
        "__init__"
    }


def _run(script: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)


def test_the_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode == 0, result.stdout


def test_the_contract_without_qt_names_every_room_below_the_window() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    named = {
        name
        for contract in contracts
        if "PySide6" in contract.get("forbidden_modules", ())
        for name in contract["source_modules"]
    }
    assert named == {f"desktop_app.{room}" for room in _rooms() - ABOVE}


def test_everything_below_the_window_imports_without_qt() -> None:
    # llama.cpp's own module is left out: it loads the compiled library, and the contract above speaks of it.
    modules = [name for name in _modules(*sorted(_rooms() - ABOVE)) if "llama_backend" not in name]
    assert len(modules) > 20
    script = f"import importlib, sys\nfor name in {modules!r}: importlib.import_module(name)\n"
    result = _run(script + "print(sorted(m for m in sys.modules if m.split('.')[0] in ('PySide6', 'llama_cpp')))")
    assert (result.returncode, result.stdout, result.stderr) == (0, "[]\n", "")


def test_the_command_line_works_without_qt_and_without_llama_in_its_own_process() -> None:
    script = (
        "import sys\nfrom desktop_app.bootstrap import main\ncode = main(['--version'])\n"
        "print(code, sorted(m for m in sys.modules if m.split('.')[0] in ('PySide6', 'llama_cpp', 'sqlite_utils')))"
    )
    result = _run(script)
    assert result.stdout.splitlines()[-1] == "0 []", result.stderr


@pytest.mark.parametrize("module", ["desktop_app.system.libraries", "desktop_app.system.display"])
def test_what_the_tasks_share_needs_the_standard_library_only(module: str) -> None:
    command = [sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {module}"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_nothing_is_pickled_across_processes() -> None:
    # The child has parsed hostile files; messages are bytes of a typed codec (see inference/protocol).
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted(APP.rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if re.match(r"\s*(import|from) (pickle|marshal|shelve)\b", line)
    ]
    assert found == []
