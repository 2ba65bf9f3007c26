"""The project's own environment ``.venv``: made once, kept in step with the pins, and skipped over when it is."""

import hashlib
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from taskkit import pins
from taskkit.places import ROOT, private_cache, venv_program, venv_python


@dataclass(frozen=True)
class Needs:
    """What a task needs before it can start.

    Attributes:
        tools: also the packages to test and check with.
        parts: the parts of the program whose system libraries must be there, as in ``desktop_app.system.libraries``.
        display: also a virtual display for tests.
    """

    tools: bool = False
    parts: frozenset[str] = frozenset()
    display: bool = False

    @property
    def system(self) -> frozenset[str]:
        """The needs from the operating system, as words for the stamp."""
        return self.parts | ({"display"} if self.display else set())


def ensure(needs: Needs) -> None:
    """Provide what a task needs; when nothing changed since the last time, this only compares a hash.

    Raises:
        TaskError: something is missing that cannot be provided here; the text says what to do.
    """
    if not is_ready(needs):
        with _alone():
            if not is_ready(needs):  # another start may have provided it meanwhile
                _provide(needs)


def is_ready(needs: Needs, root: Path = ROOT) -> bool:
    """Return whether the environment was made from the present pins, by a Python that is still there."""
    stamp = _read_stamp(root)
    return (
        stamp.get("pins") == _digest(root / _pin_file(needs, root))
        and stamp.get("python") == _interpreter(root)
        and needs.system <= _words(stamp.get("system"))
    )


def write_stamp(needs: Needs, root: Path = ROOT) -> None:
    """Note that the needs are met; system needs add up."""
    stamp = _read_stamp(root)
    present = {
        "pins": _digest(root / _pin_file(needs, root)),
        "python": _interpreter(root),
        "system": sorted(needs.system | _words(stamp.get("system"))),
    }
    _stamp(root).write_text(json.dumps(present, indent=1) + "\n", "utf-8")


def _provide(needs: Needs) -> None:
    # Imported here: a start that finds everything in place should not pay for them.
    from desktop_app.system.libraries import Part
    from taskkit import find_uv, llama_wheel, system_packages

    pinned = pins.read(ROOT / _pin_file(needs, ROOT))
    llama = pins.pin_of(pinned, llama_wheel.NAME)
    others = [pin for pin in pinned if pin != llama]
    fresh = _is_broken()
    installed = not fresh and _has_distribution(llama)
    compile_it = not installed and llama_wheel.existing(llama) is None
    uv = find_uv.installed()

    lacking = system_packages.lacking_libraries({Part(word) for word in needs.parts})
    lacking += system_packages.lacking_test_programs() if needs.display else []
    lacking += system_packages.lacking_compiler() if compile_it else []
    lacking += find_uv.lacking() if uv is None else []
    system_packages.provide(lacking)

    uv = uv or find_uv.install()
    if fresh:
        find_uv.create_environment(uv, ROOT / ".venv")
    if compile_it:
        # First everything else, with the pip that then compiles.
        _sync(uv, others)
        llama_wheel.build(llama)
    wheel = None if installed else llama_wheel.existing(llama)
    _sync(uv, [*others, llama.with_wheel(wheel) if wheel else llama], wheel)
    if wheel is not None:
        llama_wheel.check_loads()
    write_stamp(needs)


def _sync(uv: str, pinned: list[pins.Pin], wheel: Path | None = None) -> None:
    from taskkit import find_uv, llama_wheel
    from taskkit.console import TaskError, say

    file = private_cache() / "requirements.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(pin.text for pin in pinned), "utf-8")
    say("Installing the Python packages …")
    command = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(venv_python())]
    if wheel is not None:
        command += ["--find-links", str(wheel.parent), "--only-binary", llama_wheel.NAME]
    if subprocess.run([*command, str(file)], cwd=ROOT, env=find_uv.environment(), check=False).returncode:
        raise TaskError("The Python packages could not be installed; the lines above say why.")


def _pin_file(needs: Needs, root: Path) -> str:
    # An environment that has the test tools keeps them when only the program is started.
    return pins.DEV_FILE if needs.tools or venv_program("pytest", root).exists() else pins.RUN_FILE


def _is_broken() -> bool:
    made_by = _read_stamp(ROOT).get("python")
    now = _interpreter(ROOT)
    return now is None or (made_by is not None and made_by != now) or not (ROOT / ".venv/pyvenv.cfg").exists()


def _has_distribution(pin: pins.Pin) -> bool:
    return any((ROOT / ".venv").glob(f"[Ll]ib/**/site-packages/{pin.name.replace('-', '_')}-{pin.version}.dist-info"))


def _interpreter(root: Path) -> str | None:
    # Not only the name: the system's Python may move on to another version under an environment made for the old one.
    python = venv_python(root)
    return str(python.resolve()) if python.exists() else None


def _stamp(root: Path) -> Path:
    return root / ".venv" / "causerie-environment.json"


def _read_stamp(root: Path) -> dict[str, object]:
    try:
        found = json.loads(_stamp(root).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _words(value: object) -> set[str]:
    return {str(word) for word in value} if isinstance(value, list) else set()


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@contextmanager
def _alone() -> Iterator[None]:
    """Let one setting-up at a time into the project; where the system has no such locks, trust the person."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    folder = private_cache()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "setting-up.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
