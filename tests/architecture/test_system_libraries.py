"""The table of system libraries against what the installed packages really ask for."""

import importlib.util
import sys
from pathlib import Path

import pytest

from desktop_app.system.libraries import LIBRARIES, Part
from tests.helpers.elf import needed

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the table is Linux's")

# Part of glibc and of the loader: where Python runs, they are.
# A plugin whose Qt library is not installed (the PDF reader's) is passed over by Qt.
BASE = ("libQt6", "libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so", "libresolv.so", "ld-linux")
WINDOW = ("QtCore.abi3.so", "QtGui.abi3.so", "QtWidgets.abi3.so", "QtSvg.abi3.so", "QtNetwork.abi3.so")
QT = ("Core", "Gui", "Widgets", "Svg", "Network", "DBus", "OpenGL")
FILES: dict[Part, tuple[str, ...]] = {
    Part.WINDOW: (
        *WINDOW,
        *(f"Qt/lib/libQt6{name}.so.6" for name in QT),
        "Qt/plugins/platforms/libqoffscreen.so",
        "Qt/plugins/imageformats/*.so",
        "Qt/plugins/iconengines/*.so",
        "Qt/plugins/platforminputcontexts/lib[ci]*.so",
        "Qt/plugins/platformthemes/libqxdgdesktopportal.so",
    ),
    Part.X11: (
        "Qt/lib/libQt6XcbQpa.so.6",
        "Qt/plugins/platforms/libqxcb.so",
        "Qt/plugins/xcbglintegrations/*.so",
    ),
    Part.WAYLAND: (
        "Qt/lib/libQt6WaylandClient.so.6",
        "Qt/plugins/platforms/libqwayland.so",
        "Qt/plugins/wayland-shell-integration/libxdg-shell.so",
        "Qt/plugins/wayland-decoration-client/*.so",
        "Qt/plugins/wayland-graphics-integration-client/libqt-plugin-wayland-egl.so",
    ),
    Part.ENGINE: ("lib/*.so",),
}


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0])


@pytest.mark.parametrize("part", list(Part))
def test_the_table_names_what_the_libraries_ask_for(part: Part) -> None:
    folder = _folder("llama_cpp" if part is Part.ENGINE else "PySide6")
    files = [file for pattern in FILES[part] for file in folder.glob(pattern)]
    assert len(files) >= len(FILES[part])
    brought = {path.name for place in (folder.parent, folder) for path in place.rglob("*.so*")}
    brought |= {f"{name}.0" for name in brought}  # llama.cpp's wheel drops the number that its libraries ask for
    asked = {name for file in files for name in needed(file) if name not in brought and not name.startswith(BASE)}
    common = {library.file for library in LIBRARIES if library.part in (Part.WINDOW, Part.ENGINE)}
    own = {library.file for library in LIBRARIES if library.part is part}
    assert asked - common - own == set()
    if part is not Part.ENGINE:
        assert own - asked == set(), "nothing asks for these any more"
