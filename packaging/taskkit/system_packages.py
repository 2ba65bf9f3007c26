"""What the tasks need from the operating system, and getting it from apt.

Each need is probed directly (the loader, the search path), so that nothing is asked of a computer that has it from
elsewhere; package names are Debian's and Ubuntu's.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.system.libraries import Part, missing_libraries
from taskkit.console import TaskError, run_logged, say, tail
from taskkit.places import private_cache

_NAMED = 5


@dataclass(frozen=True)
class Lacking:
    """Something that this computer has not.

    Attributes:
        what: a library or program, as the loader or the shell would look for it.
        package: the Debian package that brings it.
    """

    what: str
    package: str


def lacking_libraries(parts: Iterable[Part]) -> list[Lacking]:
    """Return the missing shared libraries of these parts of the program; none are looked for outside Linux."""
    if not sys.platform.startswith("linux"):
        return []
    return [Lacking(library.file, library.package) for library in missing_libraries(parts)]


def lacking_compiler() -> list[Lacking]:
    """Return what is missing to compile C and C++; cmake and ninja come as pinned Python packages."""
    if sys.platform == "win32":
        return []  # Visual Studio is found by cmake, not on the search path.
    pairs = (("CC", "cc"), ("CXX", "c++"))
    return [Lacking(name, "build-essential") for key, name in pairs if not shutil.which(os.environ.get(key) or name)]


def lacking_test_programs() -> list[Lacking]:
    """Return what is missing to open a real window in a test where there is no display."""
    if not sys.platform.startswith("linux"):
        return []
    pairs = (("Xvfb", "xvfb"), ("xdotool", "xdotool"))
    return [Lacking(name, package) for name, package in pairs if not shutil.which(name)]


def provide(lacking: list[Lacking]) -> None:
    """Install what is missing where this user may; otherwise say exactly what to type.

    Raises:
        TaskError: this user may not install packages, this system has no apt, or apt failed.
    """
    if not lacking:
        return
    packages = sorted({item.package for item in lacking})
    names = _some([item.what for item in lacking])
    if not shutil.which("apt-get"):
        raise TaskError(
            f"This computer lacks {names}.\nInstall them with your system's own tools (Debian's packages "
            f"for them are called {' '.join(packages)}), then start the same command again."
        )
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if os.geteuid() != 0:
        raise TaskError(
            f"This computer lacks {names}.\nType this line, then the same command again:\n\n    sudo {line}\n"
        )
    say(f"Installing system packages: {' '.join(packages)} …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = private_cache() / "logs" / "apt.log"
    # The lists may be absent (a container image) or old. A source of somebody else's that fails is no reason to stop.
    subprocess.run(
        ["apt-get", "update"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if run_logged(line.split(), log, env=environment):
        raise TaskError(f"apt-get could not install the packages:\n{tail(log)}\nThe line was: {line}")


def _some(names: list[str]) -> str:
    """Return the names as a sentence has them, the first few when they are many."""
    if len(names) > _NAMED:
        names = [*names[:_NAMED], f"{len(names) - _NAMED} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
