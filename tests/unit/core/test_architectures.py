"""The list of architectures against the library that is installed."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import gguf
import pytest

from desktop_app.core.architectures import KNOWN_ARCHITECTURES
from tests.helpers.gguf_headers import write_header

# Loads one file after another and prints the names of those whose kind is not known.
_LOAD = """
import ctypes, sys, llama_cpp
said = []
hear = llama_cpp.llama_log_callback(lambda level, text, data: said.append(text))
llama_cpp.llama_log_set(hear, ctypes.c_void_p(0))
parameters = llama_cpp.llama_model_default_params()
for path in sys.argv[1:]:
    said.clear()
    model = llama_cpp.llama_model_load_from_file(path.encode(), parameters)
    assert not model
    if b"unknown model architecture" in b"".join(said):
        print(path)
"""


def test_the_gguf_package_knows_no_more() -> None:
    assert set(gguf.MODEL_ARCH_NAMES.values()) - KNOWN_ARCHITECTURES == set()


def test_the_library_knows_them_all(tmp_path: Path) -> None:
    names = sorted({*KNOWN_ARCHITECTURES, "dreamarch"})
    paths = [str(write_header(tmp_path / f"{name}.gguf", name, tensors=0, template=None)) for name in names]
    done = subprocess.run([sys.executable, "-c", _LOAD, *paths], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [Path(path).stem for path in done.stdout.splitlines()] == ["dreamarch"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the compiler puts the names in another order")
def test_the_library_knows_no_more() -> None:
    package = find_spec("llama_cpp")  # not imported: that loads the library
    assert package is not None
    library = (Path(package.origin).parent / "lib" / "libllama.so").read_bytes()
    start = library.index(b"\0clip\0")
    between = library[start : library.index(b"\0(unknown)\0", start)].decode("ascii").split("\0")
    # Names that another one ends in stand only within that one.
    assert {name for name in between if re.fullmatch(r"[a-z0-9_.-]+", name)} - KNOWN_ARCHITECTURES == set()
    assert len(between) > 100
