"""Looks at a GGUF file before llama.cpp does, so that the commonest faults get a plain sentence.

The file is hostile: every length is checked against what is left of the file before it is believed, and array contents
are skipped, not kept. The layout is that of GGUF versions 2 and 3: magic, version, two counts, key-value pairs, tensor
descriptions, padding, data.
"""

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from desktop_app.core.errors import ModelError, Problem

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MOST_TENSORS = 200_000
MOST_PAIRS = 100_000
LONGEST_KEY = 65_535
LONGEST_NAME = 255
MOST_DIMENSIONS = 4
SMALLEST = 24

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9

# elements per block, bytes per block: ggml_blck_size() and ggml_type_size() of llama.cpp's type_traits
_TYPES = dict(
    enumerate(
        (
            *(
                (1, 4),
                (1, 2),
                (32, 18),
                (32, 20),
                (0, 0),
                (0, 0),
                (32, 22),
                (32, 24),
                (32, 34),
                (32, 36),
            ),  # F32 …
            *((256, 84), (256, 110), (256, 144), (256, 176), (256, 210), (256, 292)),  # Q2_K to Q8_K
            *((256, 66), (256, 74), (256, 98), (256, 50), (32, 18), (256, 110), (256, 82), (256, 136)),  # IQ2_XXS …
            *((1, 1), (1, 2), (1, 4), (1, 8), (1, 8), (256, 56), (1, 2)),  # I8 to BF16
            *((0, 0), (0, 0), (0, 0), (256, 54), (256, 66), (0, 0), (0, 0), (0, 0)),  # removed, TQ1_0, TQ2_0, removed
            *((32, 17), (64, 36), (128, 18), (64, 18)),  # MXFP4, NVFP4, Q1_0, Q2_0
        )
    )
)

# Q8_1, Q8_K and F64 exist only within computations. llama.cpp loads a matrix of F64 and then calls a null function.
_NEVER_STORED = (9, 15, 28)


@dataclass(frozen=True)
class GgufHeader:
    """What the check learns.

    Attributes:
        architecture: ``general.architecture``, empty when absent.
        kind: ``general.type``, ``"model"`` when absent.
        name: ``general.name``, empty when absent.
        split_count: files this model is split over, 0 or 1 when it is not split.
        tensors: in this file.
        data_end: bytes the file must have.
    """

    architecture: str
    kind: str
    name: str
    split_count: int
    tensors: int
    data_end: int


class _TruncatedError(Exception):
    """The file ends before what its header announces."""


class _DamagedError(Exception):
    """The header contradicts itself."""


def check(path: Path) -> GgufHeader:
    """Check that a file is a whole GGUF model and return what its header says.

    Raises:
        ModelError: missing, unreadable, not a file, not a GGUF, truncated, damaged, or not a language model.
    """
    try:
        if path.is_dir():
            _refuse("model_not_a_file", path, "is a folder, not a model file", "Choose a file that ends in .gguf.")
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(SMALLEST)
            _check_start(start, path)
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
                header = _read(view, size)
    except FileNotFoundError:
        _refuse("model_missing", path, "is not there any more", "Choose another model, or put the file back.")
    except PermissionError:
        action = "Change the permissions of the file, or choose another model."
        _refuse("model_no_permission", path, "may not be read by your account", action)
    except _TruncatedError as error:
        action = "Copy or download it again; it was probably interrupted."
        _refuse("model_truncated", path, "is incomplete: it ends before its data does", action, str(error))
    except (_DamagedError, struct.error) as error:
        _refuse("model_damaged", path, "is damaged", "Copy or download it again.", str(error))
    except OSError as error:
        _refuse("model_unreadable", path, f"cannot be read ({error.strerror or error})", "Check the disk it is on.")
    _check_kind(header, path)
    return header


def refusal(code: str, path: Path, fault: str, action: str, detail: str = "") -> ModelError:
    """Return the error that says that ``path`` has a fault; ``fault`` completes "The model file x …"."""
    return ModelError(Problem(code, f"The model file “{path.name}” {fault}.", "", action, detail))


def _refuse(code: str, path: Path, fault: str, action: str, detail: str = "") -> NoReturn:
    raise refusal(code, path, fault, action, detail)


def _check_start(start: bytes, path: Path) -> None:
    if not start:
        _refuse("model_truncated", path, "is empty", "Copy or download it again.")
    if start[:4] != MAGIC:
        action = "Choose a file in the GGUF format; its name usually ends in .gguf."
        _refuse("model_not_gguf", path, "is not a GGUF file", action, f"it begins with {start[:4]!r}")
    if len(start) < SMALLEST:
        raise _TruncatedError("the header is incomplete")
    (version,) = struct.unpack_from("<I", start, 4)
    if version in VERSIONS:
        return
    if version == 1:
        _refuse("model_too_old", path, "is in a format that is too old", "Download a newer version of the model.")
    if int.from_bytes(start[4:8], "big") in VERSIONS:
        _refuse("model_big_endian", path, "is made for another kind of processor", "Download the usual version of it.")
    action = "Update Causerie, or choose another model."
    _refuse("model_too_new", path, f"has an unknown format version ({version})", action)


def _check_kind(header: GgufHeader, path: Path) -> None:
    if header.architecture == "clip" or header.kind == "mmproj":
        fault = "is the part of a model that sees pictures; it cannot chat alone"
        _refuse("model_not_language", path, fault, "Choose the model file that it belongs to.")
    if header.kind == "adapter":
        fault = "is an adapter for another model; it cannot chat alone"
        _refuse("model_not_language", path, fault, "Choose the model file that it belongs to.")
    if not header.architecture:
        _refuse("model_damaged", path, "is damaged: it does not say what kind of model it is", "Download it again.")
    if header.tensors == 0:
        _refuse("model_no_weights", path, "holds no weights, only a vocabulary", "Choose a complete model.")


class _Cursor:
    """A place in the file from which numbers and strings are read."""

    def __init__(self, view: mmap.mmap, size: int) -> None:
        self._view = view
        self._size = size
        self.at = 0

    def number(self, form: str) -> int | float:
        width = struct.calcsize("<" + form)
        self.skip(width)
        value: int | float = struct.unpack_from("<" + form, self._view, self.at - width)[0]
        return value

    def count(self, form: str, most: int, what: str) -> int:
        value = int(self.number(form))
        if value > most:
            raise _DamagedError(f"{value} {what}")
        return value

    def string(self, longest: int) -> str:
        length = int(self.number("Q"))
        if length > longest:
            raise _DamagedError(f"a string of {length} bytes")
        self.skip(length)
        return self._view[self.at - length : self.at].decode("utf-8", errors="replace")

    def skip(self, width: int) -> None:
        if width > self._size - self.at:
            raise _TruncatedError(f"{width} bytes wanted at {self.at} of {self._size}")
        self.at += width

    def skip_strings(self, number: int) -> None:
        unpack, view, at, size = struct.Struct("<Q").unpack_from, self._view, self.at, self._size
        if number > (size - at) // 8:
            raise _TruncatedError(f"{number} strings announced at {at} of {size}")
        for _ in range(number):
            if at + 8 > size:
                raise _TruncatedError(f"a string wanted at {at} of {size}")
            at += 8 + unpack(view, at)[0]
        if at > size:
            raise _TruncatedError(f"a string ends at {at} of {size}")
        self.at = at


def _read(view: mmap.mmap, size: int) -> GgufHeader:
    cursor = _Cursor(view, size)
    cursor.skip(8)
    tensors = cursor.count("Q", MOST_TENSORS, "tensors")
    pairs = cursor.count("Q", MOST_PAIRS, "key-value pairs")
    wanted = {
        "general.architecture": "",
        "general.type": "model",
        "general.name": "",
        "split.count": 0,
        "general.alignment": 32,
    }
    found: dict[str, object] = dict(wanted)
    for _ in range(pairs):
        key = cursor.string(LONGEST_KEY)
        value = _value(cursor, keep=key in wanted)
        if key in wanted and isinstance(value, type(wanted[key])):
            found[key] = value
    alignment = int(str(found["general.alignment"]))
    if alignment <= 0 or alignment & (alignment - 1):
        raise _DamagedError(f"alignment {alignment}")
    end = max((_tensor_end(cursor) for _ in range(tensors)), default=0)
    data_end = -(-cursor.at // alignment) * alignment + end if tensors else cursor.at
    if data_end > size:
        raise _TruncatedError(f"{data_end} bytes announced, {size} there")
    return GgufHeader(
        architecture=str(found["general.architecture"]),
        kind=str(found["general.type"]),
        name=str(found["general.name"]),
        split_count=int(str(found["split.count"])),
        tensors=tensors,
        data_end=data_end,
    )


def _value(cursor: _Cursor, *, keep: bool) -> object:
    kind = int(cursor.number("I"))
    if kind == _STRING:
        if keep:
            return cursor.string(LONGEST_KEY)
        cursor.skip(int(cursor.number("Q")))
    elif kind == _ARRAY:
        inner, length = int(cursor.number("I")), int(cursor.number("Q"))
        if inner == _STRING:
            cursor.skip_strings(length)
        elif inner in _SCALARS:
            cursor.skip(length * struct.calcsize("<" + _SCALARS[inner]))
        else:
            raise _DamagedError(f"array of type {inner}")
    elif kind in _SCALARS:
        return cursor.number(_SCALARS[kind])
    else:
        raise _DamagedError(f"value of type {kind}")
    return None


def _tensor_end(cursor: _Cursor) -> int:
    """Read one tensor's description; return where its data ends, counted from where the data begins."""
    name = cursor.string(LONGEST_NAME)
    dimensions = cursor.count("I", MOST_DIMENSIONS, "dimensions")
    elements, row = 1, 1
    for index in range(dimensions):
        extent = int(cursor.number("Q"))
        row = extent if index == 0 else row
        elements *= extent
    kind, offset = int(cursor.number("I")), int(cursor.number("Q"))
    block, width = _TYPES.get(kind, (0, 0))
    if not block or (kind in _NEVER_STORED and dimensions > 1):
        raise _DamagedError(f"tensor {name!r} is of type {kind}")
    if row % block:
        raise _DamagedError(f"tensor {name!r} has rows of {row} in blocks of {block}")
    return offset + elements // block * width
