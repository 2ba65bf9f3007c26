"""Where the tasks keep things."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def venv_python(root: Path = ROOT) -> Path:
    """Return the interpreter of the project's own environment."""
    return root / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def venv_program(name: str, root: Path = ROOT) -> Path:
    """Return a program that a package put into the project's environment."""
    return venv_python(root).with_name(f"{name}.exe" if sys.platform == "win32" else name)


def private_cache() -> Path:
    """Return the folder inside the project for its private tools and logs; safe to delete."""
    return ROOT / ".cache"


def shared_cache() -> Path:
    """Return this user's folder for what every copy of the project can share: the compiled llama.cpp."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library/Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "causerie-build"
