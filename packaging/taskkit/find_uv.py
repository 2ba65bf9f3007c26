"""uv: the one on the search path, or a private copy inside the project."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from taskkit import pins
from taskkit.console import TaskError, run_logged, say, tail
from taskkit.places import ROOT, private_cache
from taskkit.system_packages import Lacking

# The first version whose "pip compile" takes a group without a project, which "tasks.py lock" uses.
OLDEST = (0, 8)

_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def environment() -> dict[str, str]:
    """Return the environment for uv: this computer's certificates, and no search for another Python."""
    values = dict(os.environ)
    values.setdefault("UV_PYTHON_DOWNLOADS", "never")
    if _CERTIFICATES.exists() and "SSL_CERT_FILE" not in values:
        # Behind a proxy that has its own certificate authority, uv's bundled list is not enough.
        values.setdefault("UV_SYSTEM_CERTS", "1")
    return values


def installed() -> str | None:
    """Return a uv that works: on the search path, else the private copy; None when there is neither."""
    private = _private_program()
    for candidate in (shutil.which("uv"), str(private) if private.exists() else None):
        if candidate and _recent(candidate):
            return candidate
    return None


def lacking() -> list[Lacking]:
    """Return the system packages without which no private copy can be made; a bare Debian has neither pip nor venv."""
    if importlib.util.find_spec("ensurepip") or importlib.util.find_spec("pip"):
        return []
    found = [Lacking("Python's venv module", f"python3.{sys.version_info.minor}-venv")]
    if sys.platform.startswith("linux") and not _CERTIFICATES.exists():
        found.append(Lacking("the list of certificate authorities", "ca-certificates"))
    return found


def install() -> str:
    """Put the pinned uv into the project's private folder and return it.

    Raises:
        TaskError: pip could not fetch it.
    """
    pin = pins.pin_of(pins.read(ROOT / pins.BUILD_FILE), "uv")
    home = _private_home()
    say(f"Fetching uv {pin.version}, the package installer, into {home} …")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    requirements = home / "uv.txt"
    requirements.write_text(pin.text, "utf-8")
    log = private_cache() / "logs" / "uv.log"
    fetch = [
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--require-hashes",
        "--no-deps",
        "--only-binary",
        ":all:",
        "-r",
        str(requirements),
    ]
    if importlib.util.find_spec("ensurepip"):
        steps = [
            [_base_python(), "-m", "venv", str(home)],
            [str(_private_program().with_name("python")), "-m", "pip", *fetch],
        ]
    else:
        # "--target" is allowed where the system's Python is marked as externally managed.
        steps = [[_base_python(), "-m", "pip", *fetch, "--target", str(home)]]
    for step in steps:
        if run_logged(step, log):
            raise TaskError(f"uv could not be fetched:\n{tail(log)}")
    found = installed()
    if found is None:
        raise TaskError(f"uv was fetched into {home} but does not start.")
    return found


def create_environment(uv: str, folder: Path) -> None:
    """Make a virtual environment with the Python that runs this script."""
    command = [uv, "venv", "--quiet", "--no-project", "--clear", "--python", _base_python(), str(folder)]
    if subprocess.run(command, env=environment(), check=False).returncode:
        raise TaskError(f"The environment {folder} could not be made.")


def _base_python() -> str:
    # This script may itself be run by the environment that is about to be made anew.
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def _private_home() -> Path:
    return private_cache() / "tools" / "uv"


def _private_program() -> Path:
    return _private_home() / ("Scripts/uv.exe" if sys.platform == "win32" else "bin/uv")


def _recent(program: str) -> bool:
    # A shim of a version manager may be on the search path without a uv behind it.
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    found = re.match(r"uv (\d+)\.(\d+)", answer.stdout)
    return answer.returncode == 0 and found is not None and (int(found[1]), int(found[2])) >= OLDEST
