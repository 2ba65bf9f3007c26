"""Whether a window can be opened here, asked before Qt is.

Qt ends the whole process with an abort when its platform plugin does not load or the display does not answer;
asking first gives a sentence instead. Standard library only.
"""

import ctypes
import sys
from collections.abc import Mapping
from pathlib import Path

from desktop_app.core.errors import Problem
from desktop_app.system.libraries import Part, libraries_problem, missing_libraries

NO_DISPLAY_SENTENCE = "There is no display here, so Causerie opens the same chat in this terminal."

_WAYLAND_TIMEOUT = 2.0


def has_display(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Return whether the environment names a place for windows: a display or a Qt platform chosen by hand.

    Args:
        environ: the process environment.
        platform: as ``sys.platform``; Windows and macOS always have a display.
    """
    if platform in ("win32", "darwin"):
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def window_parts(environ: Mapping[str, str], platform: str = sys.platform) -> tuple[Part, ...]:
    """Return the display systems that Qt may use here, Wayland before X11; empty for offscreen and other systems."""
    if platform in ("win32", "darwin"):
        return ()
    chosen = environ.get("QT_QPA_PLATFORM", "")
    if chosen:
        # A list such as "wayland;xcb", each with options after a colon.
        names = [name.split(":")[0] for name in chosen.split(";")]
        return tuple(part for name, part in (("wayland", Part.WAYLAND), ("xcb", Part.X11)) if name in names)
    parts = []
    if environ.get("WAYLAND_DISPLAY"):
        parts.append(Part.WAYLAND)
    if environ.get("DISPLAY"):
        parts.append(Part.X11)
    return tuple(parts)


def display_problem(environ: Mapping[str, str], platform: str = sys.platform) -> Problem | None:
    """Return why no window can be opened, or None when one can.

    One working display system is enough: Qt falls back from Wayland to X11 by itself.

    Returns:
        A problem with the code ``display_missing`` (nothing to show a window on: use the terminal),
        ``library_missing`` (names the packages) or ``display_unreachable`` (a display is named but does not answer).
    """
    if not has_display(environ, platform):
        return Problem(code="display_missing", sentence=NO_DISPLAY_SENTENCE)
    first: Problem | None = None
    for part in window_parts(environ, platform):
        problem = libraries_problem(missing_libraries({part})) or _unreachable(part, environ)
        if problem is None:
            return None
        first = first or problem
    return first


def _unreachable(part: Part, environ: Mapping[str, str]) -> Problem | None:
    if part is Part.WAYLAND:
        name, answers = environ.get("WAYLAND_DISPLAY", "wayland-0"), _wayland_answers(environ)
    else:
        name, answers = environ.get("DISPLAY", ""), _x11_answers(environ.get("DISPLAY", ""))
    if answers:
        return None
    return Problem(
        code="display_unreachable",
        sentence=f"Causerie cannot open its window: the display {name!r} does not answer.",
        action="Start it from a desktop session, or chat in the terminal with: main.py chat",
    )


def _wayland_answers(environ: Mapping[str, str]) -> bool:
    import socket  # 5 ms that X11 and the other systems need not spend at the start

    path = Path(environ.get("XDG_RUNTIME_DIR", ""), environ.get("WAYLAND_DISPLAY", "wayland-0"))
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_WAYLAND_TIMEOUT)
            connection.connect(str(path))
    except OSError:
        return False
    return True


def _x11_answers(display: str) -> bool:
    # Through libxcb, as Qt does it: the name may point to another host, the cookie may be refused.
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode() or None, None)
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)
