"""llama.cpp, compiled once on this computer for its own processor, and kept as a wheel outside the project.

It is published as source only. uv would compile it as well and keep the result, but only as long as the registry's
answer counts as fresh: behind a mirror that marks nothing as cacheable, every new environment compiled it again
(seen with uv 0.13.8). A wheel of our own depends on nothing but the pin, the processor and the compiler's settings.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from taskkit import pins
from taskkit.console import BuildProgress, TaskError, run_logged, say, tail
from taskkit.pins import Pin
from taskkit.places import ROOT, private_cache, shared_cache, venv_python

NAME = "llama-cpp-python"
WHEELS_VARIABLE = "CAUSERIE_WHEELS"

_SETTINGS = ("CMAKE_ARGS", "CC", "CXX", "CFLAGS", "CXXFLAGS", "CMAKE_BUILD_PARALLEL_LEVEL")
_INSTRUCTIONS = ("avx", "sse", "ssse", "fma", "f16c", "bmi", "amx", "asimd", "sve", "sme", "i8mm", "fphp", "bf16")
_LOADING = "import llama_cpp.llama_cpp as llama; llama.llama_backend_init()"


def existing(pin: Pin) -> Path | None:
    """Return a wheel for this pin that fits this computer: one that the person brought, else one compiled before."""
    given = os.environ.get(WHEELS_VARIABLE)
    for folder in (Path(given) if given else None, wheelhouse(pin)):
        for wheel in sorted(folder.glob("*.whl")) if folder else ():
            parts = wheel.stem.split("-")
            if pins.normalized(parts[0]) == pin.name and parts[1].split("+")[0] == pin.version and fits(wheel):
                return wheel
    return None


def fits(wheel: Path) -> bool:
    """Return whether a wheel's name allows this Python and this kind of computer."""
    python, _abi, place = wheel.stem.split("-")[-3:]
    pythons = {"py3", f"cp3{sys.version_info.minor}"}
    if not pythons & set(python.split(".")):
        return False
    if place == "any":
        return True
    systems = {"linux": ("linux", "manylinux"), "darwin": ("macosx",), "win32": ("win",)}
    machine = platform.machine().lower()
    return any(
        tag.startswith(systems.get(sys.platform, ())) and tag.endswith((machine, "universal2"))
        for tag in place.split(".")
    )


def build(pin: Pin) -> Path:
    """Compile the pinned source with the project's own pip and return the wheel, kept for every later environment.

    Raises:
        TaskError: the source could not be fetched or compiled; the log is named.
    """
    target = wheelhouse(pin)
    target.mkdir(parents=True, exist_ok=True)
    log = private_cache() / "logs" / "llama-cpp.log"
    say(
        f"llama.cpp is compiled now, once for this computer: about 5 to 10 minutes on two cores.\n"
        f"(To use a ready-made wheel instead, put it in a folder and set {WHEELS_VARIABLE} to that folder.)"
    )
    progress = BuildProgress("Compiling llama.cpp")
    with tempfile.TemporaryDirectory(dir=target, prefix="building-") as folder:
        requirements = Path(folder, "source.txt")
        requirements.write_text(pin.text, "utf-8")
        command = [
            str(venv_python()),
            "-m",
            "pip",
            "wheel",
            "--verbose",
            "--no-input",
            "--disable-pip-version-check",
            "--no-cache-dir",
            "--no-deps",
            "--require-hashes",
            "--requirement",
            str(requirements),
            "--build-constraint",
            str(ROOT / pins.BUILD_FILE),
            "--wheel-dir",
            folder,
        ]
        code = run_logged(command, log, watch=progress.watch)
        wheels = sorted(Path(folder).glob("*.whl"))
        progress.finish(succeeded=not code and bool(wheels))
        if code or not wheels:
            raise TaskError(f"llama.cpp could not be fetched and compiled:\n{tail(log)}\nThe whole log: {log}")
        return Path(shutil.move(wheels[0], target / wheels[0].name))


def check_loads() -> None:
    """Load the installed llama.cpp once, so that a wheel made for another processor is noticed here.

    Raises:
        TaskError: it does not load.
    """
    tried = subprocess.run([venv_python(), "-c", _LOADING], capture_output=True, text=True, check=False)
    if tried.returncode:
        reason = (tried.stderr.strip().splitlines() or [f"ended with code {tried.returncode}"])[-1]
        raise TaskError(
            f"The compiled llama.cpp does not load here: {reason}\n"
            f"Delete {shared_cache()} (and check {WHEELS_VARIABLE} when it is set), then try again."
        )


def wheelhouse(pin: Pin) -> Path:
    """Return the folder for what this pin gives on this processor with these compiler settings."""
    facts = [pin.text, platform.system(), platform.machine(), *platform.libc_ver(), *_processor()]
    facts += [f"{key}={os.environ.get(key, '')}" for key in _SETTINGS]
    return shared_cache() / "wheels" / hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]


def _processor() -> list[str]:
    """Return the instruction sets, since llama.cpp is compiled for exactly this processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return [platform.processor()]
    flags = next((line for line in lines if line.lower().startswith(("flags", "features"))), "")
    return sorted(flag for flag in flags.split() if flag.startswith(_INSTRUCTIONS))
