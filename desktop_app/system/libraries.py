"""Which system libraries Causerie needs on Linux, and what to say when one is missing.

Standard library only, and cheap to import: ``packaging/tasks.py`` reads the same table before anything is installed.
The table is what the libraries of PySide6 and llama.cpp name as needed and do not bring along;
``tests/architecture/test_system_libraries.py`` compares it with the installed files.
"""

import ctypes
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from desktop_app.core.errors import Problem


class Part(StrEnum):
    """The part of the program that needs a library."""

    ENGINE = "engine"
    WINDOW = "window"
    X11 = "x11"
    WAYLAND = "wayland"


@dataclass(frozen=True)
class Library:
    """One shared library and where it comes from.

    Attributes:
        file: the name that the loader looks for, for example ``"libGL.so.1"``.
        package: the Debian (and Ubuntu) package that brings it.
        part: what does not work without it.
    """

    file: str
    package: str
    part: Part


LIBRARIES: tuple[Library, ...] = (
    Library("libgomp.so.1", "libgomp1", Part.ENGINE),
    Library("libstdc++.so.6", "libstdc++6", Part.ENGINE),
    Library("libgcc_s.so.1", "libgcc-s1", Part.ENGINE),
    Library("libGL.so.1", "libgl1", Part.WINDOW),
    Library("libEGL.so.1", "libegl1", Part.WINDOW),
    Library("libglib-2.0.so.0", "libglib2.0-0", Part.WINDOW),
    Library("libgthread-2.0.so.0", "libglib2.0-0", Part.WINDOW),
    Library("libfontconfig.so.1", "libfontconfig1", Part.WINDOW),
    Library("libfreetype.so.6", "libfreetype6", Part.WINDOW),
    Library("libdbus-1.so.3", "libdbus-1-3", Part.WINDOW),
    Library("libX11.so.6", "libx11-6", Part.WINDOW),
    Library("libxkbcommon.so.0", "libxkbcommon0", Part.WINDOW),
    Library("libz.so.1", "zlib1g", Part.WINDOW),
    Library("libzstd.so.1", "libzstd1", Part.WINDOW),
    Library("libgssapi_krb5.so.2", "libgssapi-krb5-2", Part.WINDOW),
    Library("libbrotlidec.so.1", "libbrotli1", Part.WINDOW),
    Library("libbrotlicommon.so.1", "libbrotli1", Part.WINDOW),
    Library("libX11-xcb.so.1", "libx11-xcb1", Part.X11),
    Library("libxcb.so.1", "libxcb1", Part.X11),
    Library("libxcb-cursor.so.0", "libxcb-cursor0", Part.X11),
    Library("libxcb-glx.so.0", "libxcb-glx0", Part.X11),
    Library("libxcb-icccm.so.4", "libxcb-icccm4", Part.X11),
    Library("libxcb-image.so.0", "libxcb-image0", Part.X11),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1", Part.X11),
    Library("libxcb-randr.so.0", "libxcb-randr0", Part.X11),
    Library("libxcb-render.so.0", "libxcb-render0", Part.X11),
    Library("libxcb-render-util.so.0", "libxcb-render-util0", Part.X11),
    Library("libxcb-shape.so.0", "libxcb-shape0", Part.X11),
    Library("libxcb-shm.so.0", "libxcb-shm0", Part.X11),
    Library("libxcb-sync.so.1", "libxcb-sync1", Part.X11),
    Library("libxcb-util.so.1", "libxcb-util1", Part.X11),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0", Part.X11),
    Library("libxcb-xkb.so.1", "libxcb-xkb1", Part.X11),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", Part.X11),
    Library("libwayland-client.so.0", "libwayland-client0", Part.WAYLAND),
    Library("libwayland-cursor.so.0", "libwayland-cursor0", Part.WAYLAND),
    Library("libwayland-egl.so.1", "libwayland-egl1", Part.WAYLAND),
)

# What glibc's loader says, as ImportError of a Python module and as OSError of ctypes:
# "libGL.so.1: cannot open shared object file: No such file or directory".
_NOT_FOUND = re.compile(r"(?P<file>[^\s:/]+\.so[.\d]*): cannot open shared object file")

_PURPOSE = {
    Part.ENGINE: "Causerie cannot run language models",
    Part.WINDOW: "Causerie cannot open its window",
    Part.X11: "Causerie cannot open its window",
    Part.WAYLAND: "Causerie cannot open its window",
}


def missing_libraries(parts: Iterable[Part]) -> tuple[Library, ...]:
    """Return the libraries of these parts that the loader of this computer cannot find.

    Asks the loader itself, so it holds on every distribution. About 0.1 ms a library.
    """
    wanted = frozenset(parts)
    return tuple(library for library in LIBRARIES if library.part in wanted and not _loads(library.file))


def libraries_problem(missing: Iterable[Library]) -> Problem | None:
    """Return the sentence for missing libraries, with the packages that bring them; None when nothing is missing."""
    found = tuple(missing)
    if not found:
        return None
    packages = sorted({library.package for library in found})
    command = f"sudo apt-get install {' '.join(packages)}"
    if len(found) == 1:
        lacking = f"the system library {found[0].file} is missing"
        action = f"Install the package {packages[0]}, for example with: {command}"
    else:
        rest = len(found) - 1
        lacking = f"the system library {found[0].file} and {rest} {'other' if rest == 1 else 'others'} are missing"
        action = f"Install the packages that bring them, for example with: {command}"
    return Problem(
        code="library_missing",
        sentence=f"{_PURPOSE[found[0].part]}: {lacking}.",
        action=action,
        detail="\n".join(f"{library.file} ({library.package})" for library in found),
    )


def import_problem(error: ImportError | OSError) -> Problem | None:
    """Return the sentence for an import that failed on a missing system library; None when it failed otherwise.

    A library that the table does not know is named as it is, without a package.
    """
    found = _NOT_FOUND.search(str(error))
    if found is None:
        return None
    file = found["file"]
    known = next((library for library in LIBRARIES if library.file == file), None)
    if known is not None:
        # The loader stops at the first library that it misses: name the rest of that part in the same breath.
        others = (library for library in missing_libraries({known.part}) if library != known)
        return libraries_problem((known, *others))
    return Problem(
        code="library_missing",
        sentence=f"Causerie cannot start: the system library {file} is missing.",
        action="Install the package of your system that brings it.",
        detail=str(error),
    )


def _loads(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True
