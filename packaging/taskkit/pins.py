"""The pinned dependency tree: reading the hashed files, trusting local wheels, and writing the pins anew.

Four places hold the same versions and are written together by ``tasks.py lock``: the hashed ``requirements.txt`` (to
run), ``requirements-dev.txt`` (to work on it) and ``requirements-build.txt`` (to compile llama.cpp, and uv itself),
and the constraints in ``pyproject.toml`` that make ``uv run`` resolve to the same tree.
"""

import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from taskkit.console import TaskError, say

RUN_FILE = "requirements.txt"
DEV_FILE = "requirements-dev.txt"
BUILD_FILE = "requirements-build.txt"

_FILES: Mapping[str, tuple[str, ...]] = {
    RUN_FILE: ("pyproject.toml",),
    DEV_FILE: ("pyproject.toml", "--group", "dev"),
    BUILD_FILE: ("--group", "build"),
}
_ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^\s;\\]+)")


def normalized(name: str) -> str:
    """Return a distribution's name in the one spelling that comparisons use."""
    return re.sub(r"[-_.]+", "-", name).lower()


@dataclass(frozen=True)
class Pin:
    """One entry of a requirements file; a package may have several, for different Pythons.

    Attributes:
        name: in the one spelling that comparisons use.
        version: the exact one.
        text: the lines of the entry, with its hashes.
    """

    name: str
    version: str
    text: str

    @property
    def requirement(self) -> str:
        """The entry without its hashes, on one line: name, version and marker."""
        return self.text.split("\\", 1)[0].split(" --hash", 1)[0].strip()

    def with_wheel(self, wheel: Path) -> "Pin":
        """Return the pin with the hash of a local wheel in place of the published ones.

        In their place, not beside them: uv 0.13.8 prefers a source whose hash the registry confirms to a local wheel
        whose hash it has yet to compute, and compiled the source again.
        """
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        return replace(self, text=f"{self.requirement} --hash=sha256:{digest}\n")


def read(file: Path) -> list[Pin]:
    """Return the pins of a hashed requirements file.

    Raises:
        TaskError: the file is missing or has an entry without an exact version.
    """
    try:
        text = file.read_text("utf-8")
    except OSError as error:
        raise TaskError(f"The pinned packages cannot be read: {error}") from error
    found: list[list[str]] = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0].isspace() and found:
            found[-1].append(line)
        else:
            found.append([line])
    return [_pin("\n".join(lines) + "\n") for lines in found]


def pin_of(pins: Iterable[Pin], name: str) -> Pin:
    """Return the pin of a package that has exactly one."""
    found = [pin for pin in pins if pin.name == name]
    if len(found) != 1:
        raise TaskError(f"{name} should be pinned once and is pinned {len(found)} times.")
    return found[0]


def _pin(text: str) -> Pin:
    match = _ENTRY.match(text)
    if match is None:
        raise TaskError(f"A requirements file has an entry without an exact version: {text.strip()}")
    return Pin(normalized(match["name"]), match["version"], text)


def lock(uv: str, root: Path, arguments: Iterable[str]) -> None:
    """Write all pins anew: the same versions where they still fit, newer ones with ``--upgrade``.

    Args:
        uv: the uv program.
        root: the project.
        arguments: passed to ``uv pip compile``: ``--upgrade``, or ``--upgrade-package NAME``.
    """
    project = root / "pyproject.toml"
    extra = tuple(arguments)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder, "whole.txt")
        # The old pins, as uv's preferences for the new ones.
        whole.write_text("".join(f"{pin}\n" for pin in _constraints(project.read_text("utf-8"))), "utf-8")
        _compile(uv, root, whole, ("pyproject.toml", "--group", "dev", "--group", "build", "--no-annotate", *extra))
        pins = [pin.requirement for pin in read(whole)]
        constraints = Path(folder, "constraints.txt")
        constraints.write_text("".join(f"{pin}\n" for pin in pins), "utf-8")
        found: dict[str, list[Pin]] = {}
        for name, groups in _FILES.items():
            output = Path(folder, name)
            # uv's own list of "via" packages would name the temporary constraints file.
            options = ("--generate-hashes", "--no-annotate", "--constraints", str(constraints), *groups)
            _compile(uv, root, output, options)
            found[name] = read(output)
        # Only now, when all are resolved, is a file of the project written.
        for name, file_pins in found.items():
            shutil.copyfile(Path(folder, name), root / name)
            say(f"{name}: {len(file_pins)} packages")
    build = [pin.requirement for pin in found[BUILD_FILE]]
    text = _with_constraints(project.read_text("utf-8"), "constraint-dependencies", pins)
    project.write_text(_with_constraints(text, "build-constraint-dependencies", build), "utf-8")


def _compile(uv: str, root: Path, output: Path, options: Iterable[str]) -> None:
    command = [
        uv,
        "pip",
        "compile",
        "--quiet",
        "--no-config",
        "--universal",
        "--python-version",
        "3.11",
        "--custom-compile-command",
        "python3 packaging/tasks.py lock",
        *options,
        "--output-file",
        str(output),
    ]
    if subprocess.run(command, cwd=root, check=False).returncode:
        raise TaskError("The pins could not be resolved; nothing was changed.")


def _block(key: str) -> re.Pattern[str]:
    return re.compile(rf"^{re.escape(key)} = \[\n(?P<lines>.*?)^\]\n", re.MULTILINE | re.DOTALL)


def _constraints(text: str) -> list[str]:
    found = _block("constraint-dependencies").search(text)
    return re.findall(r'^  "(.*)",$', found["lines"], re.MULTILINE) if found else []


def _with_constraints(text: str, key: str, pins: Iterable[str]) -> str:
    block = _block(key)
    if not block.search(text):
        raise TaskError(f"pyproject.toml has no {key} under [tool.uv].")
    lines = "".join(f'  "{pin}",\n' for pin in sorted(pins))
    return block.sub(lambda _found: f"{key} = [\n{lines}]\n", text)
