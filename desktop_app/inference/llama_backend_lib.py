"""The low-level bindings of llama.cpp, imported without the package's heavy half, and the ggml calls they lack.

``import llama_cpp`` also imports numpy, jinja2 and the high-level classes: 0.46 s, against 0.09 s for the bindings
alone (two cores). The child needs only the bindings, so a bare package stands in while they are imported.
"""

import ctypes
import importlib.util
import os
import sys
import types
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from desktop_app.inference.protocol import Device


def _bare_package() -> None:
    spec = importlib.util.find_spec("llama_cpp")
    if spec is None or spec.submodule_search_locations is None:
        raise ImportError("llama-cpp-python is not installed")
    package = types.ModuleType("llama_cpp")
    package.__path__ = list(spec.submodule_search_locations)
    package.__spec__ = spec
    sys.modules["llama_cpp"] = package


if "llama_cpp" not in sys.modules:
    _bare_package()

from llama_cpp import llama_cpp as lib  # noqa: E402  the bare package must be in place first

__all__ = ["devices", "lib", "library_folder", "start", "stop_when_raised", "version_name"]

_DEVICE_KINDS = {0: "cpu", 1: "gpu", 2: "igpu", 3: "accel"}


def version_name() -> str:
    """Return what runs the model, for example ``"llama.cpp 0.3.36"``: the version of the bindings that are pinned."""
    try:
        return f"llama.cpp {version('llama-cpp-python')}"
    except PackageNotFoundError:  # a built program may carry no package metadata
        return f"llama.cpp {lib.llama_version().decode()}"


def library_folder() -> Path:
    """Return where the shared libraries lie."""
    given = os.environ.get("LLAMA_CPP_LIB_PATH")
    return Path(given) if given else Path(next(iter(sys.modules["llama_cpp"].__path__))) / "lib"


def _library(name: str) -> ctypes.CDLL:
    if sys.platform.startswith("linux"):
        # One SONAME, one copy: loading "libggml.so" beside "libggml.so.0" can give two registries of devices.
        candidates = (f"lib{name}.so.0", f"lib{name}.so")
    elif sys.platform == "darwin":
        candidates = (f"lib{name}.dylib", f"lib{name}.so")
    else:
        candidates = (f"{name}.dll", f"lib{name}.dll")
    for candidate in candidates:
        path = library_folder() / candidate
        if path.exists():
            return ctypes.CDLL(str(path))
    raise ImportError(f"no {name} library in {library_folder()}")


def _function(symbol: str, libraries: tuple[str, ...], result: Any, *arguments: Any) -> Any:
    """Find a function that libllama's dependencies export; Linux and macOS find it through libllama itself."""
    try:
        function = getattr(lib._lib, symbol)  # noqa: SLF001  the bindings name the library nowhere else
    except AttributeError:
        function = next(getattr(found, symbol) for found in map(_library, libraries) if hasattr(found, symbol))
    function.restype, function.argtypes = result, list(arguments)
    return function


def start() -> None:
    """Initialise llama.cpp and load the backends that lie beside it as separate libraries, if it was built so."""
    if _function("ggml_backend_reg_count", ("ggml",), ctypes.c_size_t)() == 0:
        load_all = _function("ggml_backend_load_all_from_path", ("ggml",), None, ctypes.c_char_p)
        load_all(os.fsencode(library_folder()))
    lib.llama_backend_init()


def devices() -> Iterator[Device]:
    """Yield the devices that llama.cpp sees."""
    both = ("ggml", "ggml-base")
    size, pointer, text = ctypes.c_size_t, ctypes.c_void_p, ctypes.c_char_p
    get = _function("ggml_backend_dev_get", both, pointer, size)
    name = _function("ggml_backend_dev_name", both, text, pointer)
    description = _function("ggml_backend_dev_description", both, text, pointer)
    kind = _function("ggml_backend_dev_type", both, ctypes.c_int, pointer)
    memory = _function("ggml_backend_dev_memory", both, None, pointer, ctypes.POINTER(size), ctypes.POINTER(size))
    for index in range(_function("ggml_backend_dev_count", both, size)()):
        device = get(index)
        free, total = size(), size()
        memory(device, ctypes.byref(free), ctypes.byref(total))
        yield Device(
            name=name(device).decode(errors="replace"),
            description=description(device).decode(errors="replace"),
            kind=_DEVICE_KINDS.get(kind(device), "accel"),
            memory_total=total.value,
            memory_free=free.value,
        )


def _string_length() -> Any:
    """Return C's strlen as an abort callback.

    llama.cpp asks the callback before every node of its graph whether to stop: strlen of a flag's memory is 0 until the
    flag is raised. It needs neither Python nor its lock, so it costs nothing and works while Python is busy.
    """
    c_library = ctypes.CDLL("msvcrt") if sys.platform == "win32" else ctypes.CDLL(None)
    return ctypes.cast(c_library.strlen, lib.ggml_abort_callback)


stop_when_raised = _string_length()
