"""Reads the header of a GGUF file, from whatever hands out its bytes.

The file is hostile: every length is checked against what is left of the file before it is believed, counts have bounds,
and what nobody asked for is skipped, not kept. The layout is that of GGUF versions 2 and 3: magic, version, two counts,
key-value pairs, tensor descriptions, padding, data.

Bytes are asked for in windows and never mapped into memory: on Linux, a mapped file that shrinks or vanishes with its
drive ends the whole process with SIGBUS.
"""

import math
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from desktop_app.core.errors import ModelError, Problem

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MOST_TENSORS = 200_000
MOST_PAIRS = 100_000
MOST_STRINGS = 4_000_000  # in all arrays together; the largest vocabularies have a million tokens and merges
MOST_KEPT = 1024  # elements of an array; the longest that anybody needs has one for each layer
LONGEST_KEY = 65_535
LONGEST_NAME = 255
MOST_DIMENSIONS = 4
SMALLEST = 24
WINDOW = 1 << 20

Source = Callable[[int, int], bytes]
"""Takes a place and a length, and returns the bytes there, fewer only at the end."""

Value = int | float | bool | str | tuple[int | float | bool, ...]

_FORMS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_SCALARS = {kind: struct.Struct(f"<{form}") for kind, form in _FORMS.items()}
_STRING, _ARRAY = 8, 9
_INT, _LENGTH = _SCALARS[4], _SCALARS[10]
_PLACES = tuple(struct.Struct(f"<{dimensions}QIQ") for dimensions in range(MOST_DIMENSIONS + 1))

# Where a vocabulary ends: the next key, of less than 256 bytes, as all converters write it.
_NEXT_KEY = b"\0\0\0\0\0\0\0tokenizer."
_LEAP_FROM = 1000  # strings; fewer are walked through as fast
_LEAP_FAR = 64  # bytes a string; real ones have less than 12 on average

# elements per block, bytes per block: ggml_blck_size() and ggml_type_size() of llama.cpp's type_traits
TYPES = dict(
    enumerate(
        (
            *((1, 4), (1, 2), (32, 18), (32, 20), (0, 0), (0, 0)),  # F32, F16, Q4_0, Q4_1, removed
            *((32, 22), (32, 24), (32, 34), (32, 36)),  # Q5_0 to Q8_1
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


class GgufError(Exception):
    """A file that cannot be used.

    Attributes:
        code: as in ``Problem``.
        fault: completes "The model file x …".
        action: what to do.
        detail: technical.
    """

    def __init__(self, code: str, fault: str, action: str, detail: str = "") -> None:
        super().__init__(detail or fault)
        self.code = code
        self.fault = fault
        self.action = action
        self.detail = detail


class TruncatedError(GgufError):
    """The file ends before what its header announces."""

    def __init__(self, detail: str) -> None:
        action = "Copy or download it again; it was probably interrupted."
        super().__init__("model_truncated", "is incomplete: it ends before its data does", action, detail)


class DamagedError(GgufError):
    """The header contradicts itself."""

    def __init__(self, detail: str) -> None:
        super().__init__("model_damaged", "is damaged", "Copy or download it again.", detail)


@dataclass(frozen=True)
class Contents:
    """What a header says.

    Attributes:
        pairs: the key-value pairs that were wanted and are there; arrays of texts as if they were empty, and no array
            of more than ``MOST_KEPT`` elements.
        tensors: in this file.
        parameters: elements of all tensors.
        data_end: bytes the file must have.
    """

    pairs: dict[str, Value]
    tensors: int
    parameters: int
    data_end: int

    def text(self, key: str) -> str:
        """The value of a key; empty when it is absent or no text."""
        value = self.pairs.get(key)
        return value if isinstance(value, str) else ""

    def count(self, key: str, absent: int = 0) -> int:
        """The value of a key; ``absent`` when it is absent or no number that counts something."""
        value = self.pairs.get(key)
        return value if type(value) is int and 0 <= value < 1 << 63 else absent


def of_buffer(buffer: bytes | bytearray | memoryview) -> Source:
    """Return the source of bytes that are in memory."""
    view = memoryview(buffer)
    return lambda at, length: bytes(view[at : at + length])


def of_file(file: BinaryIO) -> Source:
    """Return the source of an open file's bytes."""

    def read(at: int, length: int) -> bytes:
        file.seek(at)
        return file.read(length)

    return read


def read_contents(source: Source, size: int, wanted: Callable[[str], int], *, leap: bool = False) -> Contents:
    """Read a header.

    Args:
        source: of the bytes.
        size: of the whole file, in bytes.
        wanted: the most bytes to keep of a key's value when it is a text, which is cut there; 0 when the key is not
            wanted.
        leap: look for the end of a vocabulary instead of walking through its words, which is five times as fast for a
            large one.

    Raises:
        GgufError: not a GGUF, of an unknown version, truncated or damaged.
    """
    check_start(source(0, SMALLEST))
    if leap:
        try:
            return _read(_Cursor(source, size), wanted, leap=True)
        except GgufError:
            pass  # not where a word ends, or truly damaged: the long way tells
    return _read(_Cursor(source, size), wanted, leap=False)


def check_start(start: bytes) -> None:
    """Check a file's first bytes, up to ``SMALLEST``.

    Raises:
        GgufError: as ``read_contents``.
    """
    if not start:
        raise GgufError("model_truncated", "is empty", "Copy or download it again.")
    if start[:4] != MAGIC:
        action = "Choose a file in the GGUF format; its name usually ends in .gguf."
        raise GgufError("model_not_gguf", "is not a GGUF file", action, f"it begins with {start[:4]!r}")
    if len(start) < SMALLEST:
        raise TruncatedError("the header is incomplete")
    version = int.from_bytes(start[4:8], "little")
    if version in VERSIONS:
        return
    if version == 1:
        action = "Download a newer version of the model."
        raise GgufError("model_too_old", "is in a format that is too old", action)
    if int.from_bytes(start[4:8], "big") in VERSIONS:
        action = "Download the usual version of it."
        raise GgufError("model_big_endian", "is made for another kind of processor", action)
    action = "Update Causerie, or choose another model."
    raise GgufError("model_too_new", f"has an unknown format version ({version})", action)


def refusal(code: str, name: str, fault: str, action: str, detail: str = "") -> ModelError:
    """Return the error that says that the file of this name has a fault; it completes "The model file x …"."""
    return ModelError(Problem(code, f"The model file “{name}” {fault}.", "", action, detail))


@contextmanager
def refusals(name: str) -> Iterator[None]:
    """Turn what goes wrong while the file of this name is opened and read into sentences.

    Raises:
        ModelError: missing, unreadable, or as ``read_contents``.
    """
    try:
        yield
    except GgufError as error:
        raise refusal(error.code, name, error.fault, error.action, error.detail) from error
    except FileNotFoundError as error:
        action = "Choose another model, or put the file back."
        raise refusal("model_missing", name, "is not there any more", action) from error
    except PermissionError as error:
        action = "Change the permissions of the file, or choose another model."
        raise refusal("model_no_permission", name, "may not be read by your account", action) from error
    except OSError as error:
        fault = f"cannot be read ({error.strerror or error})"
        raise refusal("model_unreadable", name, fault, "Check the disk it is on.") from error


class _Cursor:
    """A place in the file from which numbers and strings are read, ever further on."""

    def __init__(self, source: Source, size: int) -> None:
        self._source = source
        self._size = size
        self._window = b""
        self._base = 0
        self._strings = 0
        self.at = 0

    def numbers(self, form: struct.Struct) -> tuple[int, ...]:
        begin = self._hold(form.size)
        self.at += form.size
        return form.unpack_from(self._window, begin)

    def number(self, form: struct.Struct) -> int:
        return self.numbers(form)[0]

    def count(self, form: struct.Struct, most: int, what: str) -> int:
        value = self.number(form)
        if value > most:
            raise DamagedError(f"{value} {what}")
        return value

    def string(self, longest: int) -> str:
        length = self.number(_LENGTH)
        if length > longest:
            raise DamagedError(f"a string of {length} bytes")
        return self._text(length)

    def beginning(self, longest: int) -> str:
        """Read a string and return its first bytes."""
        length = self.number(_LENGTH)
        text = self._text(min(length, longest))
        self.skip(max(0, length - longest))
        return text

    def skip(self, width: int) -> None:
        if width > self._size - self.at:
            raise TruncatedError(f"{width} bytes wanted at {self.at} of {self._size}")
        self.at += width

    def check_end(self, end: int) -> None:
        """Check that the file has this many bytes."""
        if end > self._size:
            raise TruncatedError(f"{end} bytes announced, {self._size} there")

    def skip_strings(self, number: int, *, leap: bool) -> None:
        """Skip an array's strings; a leap ends at the next key if it ends well."""
        if number > (self._size - self.at) // 8:
            raise TruncatedError(f"{number} strings announced at {self.at} of {self._size}")
        self._strings += number
        if self._strings > MOST_STRINGS:
            raise DamagedError(f"{self._strings} strings")
        if leap and number >= _LEAP_FROM and self._leap(number):
            return
        unpack = _LENGTH.unpack_from
        while number:
            at = self._hold(8)
            window, last = self._window, len(self._window) - 8
            for done in range(1, number + 1):  # 80 ns each; a while loop takes half as long again
                at += 8 + unpack(window, at)[0]
                if at > last:
                    number -= done
                    break
            else:
                number = 0
            self.at = self._base + at

    def _leap(self, number: int) -> bool:
        begin = self.at + 8 * number  # every string has its length before it
        end = min(self._size, begin + _LEAP_FAR * number)
        while begin < end:
            found = self._source(begin, WINDOW + len(_NEXT_KEY)).find(_NEXT_KEY)
            if found >= 0:
                self.at = begin + found - 1
                return True
            begin += WINDOW
        return False

    def _text(self, length: int) -> str:
        begin = self._hold(length)
        self.at += length
        return self._window[begin : begin + length].decode("utf-8", errors="replace")

    def _hold(self, width: int) -> int:
        """Get the next bytes into the window and return where in it they begin."""
        if width > self._size - self.at:
            raise TruncatedError(f"{width} bytes wanted at {self.at} of {self._size}")
        begin = self.at - self._base
        if begin + width > len(self._window):
            self._window = self._source(self.at, max(width, WINDOW))
            self._base, begin = self.at, 0
            if len(self._window) < width:
                raise TruncatedError(f"only {len(self._window)} bytes of {width} came at {self.at}")
        return begin


def _read(cursor: _Cursor, wanted: Callable[[str], int], *, leap: bool) -> Contents:
    cursor.skip(8)
    tensors = cursor.count(_LENGTH, MOST_TENSORS, "tensors")
    pairs = cursor.count(_LENGTH, MOST_PAIRS, "key-value pairs")
    found: dict[str, Value] = {}
    alignment = 32
    for _ in range(pairs):
        key = cursor.string(LONGEST_KEY)
        aligned = key == "general.alignment"
        value = _value(cursor, 1 if aligned else wanted(key), leap=leap)
        if aligned and isinstance(value, int):
            alignment = value
        elif value is not None:
            found[key] = value
    if alignment <= 0 or alignment & (alignment - 1):
        raise DamagedError(f"alignment {alignment}")
    parameters, end = 0, 0
    for _ in range(tensors):
        elements, tensor_end = _tensor(cursor)
        parameters += elements
        end = max(end, tensor_end)
    data_end = -(-cursor.at // alignment) * alignment + end if tensors else cursor.at
    cursor.check_end(data_end)
    return Contents(found, tensors, parameters, data_end)


def _value(cursor: _Cursor, most: int, *, leap: bool) -> Value | None:
    """Read a value and return it when it is wanted and can be kept."""
    kind = cursor.number(_INT)
    if kind in _SCALARS:
        number = cursor.number(_SCALARS[kind])
        return number if most else None
    if kind == _STRING:
        if most:
            return cursor.beginning(most)
        cursor.skip(cursor.number(_LENGTH))
        return None
    if kind == _ARRAY:
        inner, length = cursor.number(_INT), cursor.number(_LENGTH)
        if inner in _SCALARS:
            return _array(cursor, inner, length, most)
        if inner == _STRING:
            cursor.skip_strings(length, leap=leap)
            return () if most else None
        raise DamagedError(f"array of type {inner}")
    raise DamagedError(f"value of type {kind}")


def _array(cursor: _Cursor, inner: int, length: int, most: int) -> Value | None:
    if not most or length > MOST_KEPT:
        cursor.skip(length * _SCALARS[inner].size)
        return None
    return tuple(cursor.number(_SCALARS[inner]) for _ in range(length))


def _tensor(cursor: _Cursor) -> tuple[int, int]:
    """Read one tensor's description; return its elements and where its data ends, from where all data begins."""
    name = cursor.string(LONGEST_NAME)
    dimensions = cursor.count(_INT, MOST_DIMENSIONS, "dimensions")
    *extents, kind, offset = cursor.numbers(_PLACES[dimensions])
    block, width = TYPES.get(kind, (0, 0))
    if not block or (kind in _NEVER_STORED and dimensions > 1):
        raise DamagedError(f"tensor {name!r} is of type {kind}")
    row = extents[0] if extents else 1
    if row % block:
        raise DamagedError(f"tensor {name!r} has rows of {row} in blocks of {block}")
    elements = math.prod(extents)
    return elements, offset + elements // block * width
