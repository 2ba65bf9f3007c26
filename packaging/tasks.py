"""Everything a person runs on Causerie's sources. Standard library only; needs Python 3.11 and nothing else.

    python3 packaging/tasks.py run [ARGUMENTS]     set up what is missing, then start Causerie
    python3 packaging/tasks.py test [ARGUMENTS]    the tests; arguments go to pytest
    python3 packaging/tasks.py check               formatting, rules, types, layers
    python3 packaging/tasks.py bench [NAME …]      a benchmark; without a name, the list of them
    python3 packaging/tasks.py screens             pictures of the main screens, in build/screens
    python3 packaging/tasks.py translations [--check]   take new texts into the translations, or only check them
    python3 packaging/tasks.py setup               only set up, for work on the program
    python3 packaging/tasks.py lock [--upgrade]    resolve the pinned packages anew
    python3 packaging/tasks.py clean [--all]       delete what was built; with --all also the environment

The first start makes the environment .venv from the pinned packages and compiles llama.cpp once. A folder of ready-made
wheels can be named in the environment variable CAUSERIE_WHEELS.
"""

from __future__ import annotations

import os
import shutil
import sys

if sys.version_info < (3, 11):
    # Older systems often have a newer Python beside their own.
    for _name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        _found = shutil.which(_name)
        if _found:
            os.execv(_found, [_found, *sys.argv])
    sys.exit("Causerie needs Python 3.11 or newer; this is Python {}.{}.".format(*sys.version_info[:2]))

import ast
import subprocess
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

from taskkit.console import TaskError, say
from taskkit.environment import Needs, ensure
from taskkit.places import ROOT, private_cache, venv_program, venv_python

TEST_NEEDS = Needs(tools=True, parts=frozenset({"engine", "window", "x11", "wayland"}), display=True)
CHECK_NEEDS = Needs(tools=True)


def run(arguments: list[str]) -> int:
    """Start Causerie: its window, or the chat in this terminal where there is no display."""
    from desktop_app.system import display

    arguments = arguments[1:] if arguments[:1] == ["--"] else arguments
    window = display.has_display(os.environ)
    ensure(Needs(parts=frozenset({"engine", *(("window", *display.window_parts(os.environ)) if window else ())})))
    if not window and not arguments:
        say(display.NO_DISPLAY_SENTENCE)
        arguments = ["chat"]
    command = [str(venv_python()), str(ROOT / "main.py"), *arguments]
    if sys.platform != "win32":
        os.execv(command[0], command)
    return subprocess.call(command)  # Windows has no exec: the shell would not wait for the new process


def test(arguments: list[str]) -> int:
    """Run pytest without a visible window."""
    ensure(TEST_NEEDS)
    return _pytest(arguments)


def check(_arguments: list[str]) -> int:
    """Run every check of the sources, also after one has failed."""
    ensure(CHECK_NEEDS)
    steps = (
        ("rules", ["ruff", "check", "."]),
        ("formatting", ["ruff", "format", "--check", "."]),
        ("types", ["mypy"]),
        ("layers", ["lint-imports", "--no-cache"]),
    )
    failed = []
    for name, (program, *options) in steps:
        say(f"{name}: {program} {' '.join(options)}".rstrip())
        if subprocess.call([str(venv_program(program)), *options], cwd=ROOT):
            failed.append(name)
    if failed:
        say(f"Not in order: {', '.join(failed)}.")
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    """Run one benchmark, or list them."""
    folder = ROOT / "tests" / "benchmarks"
    names = {path.stem.removeprefix("bench_"): path for path in sorted(folder.glob("bench_*.py"))}
    if not arguments:
        for name, path in names.items():
            summary = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").partition("\n")[0]
            print(f"{name:<16}{summary}".rstrip())
        return 0
    if arguments[0] not in names:
        raise TaskError(f"There is no benchmark {arguments[0]!r}. There are: {', '.join(names) or 'none yet'}.")
    ensure(TEST_NEEDS)
    command = [str(venv_python()), "-m", f"tests.benchmarks.bench_{arguments[0]}", *arguments[1:]]
    return subprocess.call(command, cwd=ROOT)


def screens(arguments: list[str]) -> int:
    """Grab the main screens and say where the pictures are."""
    ensure(TEST_NEEDS)
    code = _pytest(["tests/screens", *arguments])
    folder = ROOT / "build" / "screens"
    pictures = sorted(folder.glob("**/*.png"))
    print(f"{len(pictures)} pictures in {folder}:", *(f"  {path.relative_to(folder)}" for path in pictures), sep="\n")
    return code


def translations(arguments: list[str]) -> int:
    """Bring the translations in line with the window's texts, or only say what is wrong with them."""
    ensure(TEST_NEEDS)
    folders = os.pathsep.join((str(ROOT), str(ROOT / "packaging")))
    command = [str(venv_python()), "-m", "taskkit.translations", *arguments]
    return subprocess.call(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": folders})


def setup(_arguments: list[str]) -> int:
    """Set up everything that the other tasks need."""
    ensure(TEST_NEEDS)
    print(f"Ready: {venv_python()}")
    return 0


def lock(arguments: list[str]) -> int:
    """Resolve the pinned packages anew."""
    from taskkit import find_uv, pins

    pins.lock(find_uv.installed() or find_uv.install(), ROOT, arguments)
    return 0


def clean(arguments: list[str]) -> int:
    """Delete what was built, and with --all the environment and the private tools."""
    names = ["build", "dist", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".import_linter_cache"]
    targets = [ROOT / name for name in names]
    if "--all" in arguments:
        targets += [ROOT / ".venv", private_cache()]
    for target in targets:
        if target.exists():
            shutil.rmtree(target)
            print(f"deleted {target}")
    return 0


def _pytest(arguments: list[str]) -> int:
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    return subprocess.call([str(venv_python()), "-m", "pytest", *arguments], cwd=ROOT, env=environment)


TASKS = {task.__name__: task for task in (run, test, check, bench, screens, translations, setup, lock, clean)}


def main(arguments: list[str]) -> int:
    """Run the task that the first argument names and return the exit code."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    task = TASKS.get(arguments[0])
    if task is None:
        say(f"There is no task {arguments[0]!r}. There are: {', '.join(TASKS)}.")
        return 2
    try:
        return task(arguments[1:])
    except TaskError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
