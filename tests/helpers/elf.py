"""Which shared libraries an ELF file asks for, read from the file itself."""

import struct
from pathlib import Path

_DYNAMIC = 2
_LOAD = 1
_NEEDED = 1
_STRINGS = 5


def needed(path: Path) -> set[str]:
    """Return the names under DT_NEEDED of a 64-bit little-endian ELF file.

    Source: the System V ABI, chapters "Program Header" and "Dynamic Section".
    """
    data = path.read_bytes()
    if data[:6] != b"\x7fELF\x02\x01":
        raise ValueError(f"not a 64-bit little-endian ELF file: {path}")
    (offset,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    segments = [struct.unpack_from("<IIQQQQ", data, offset + index * size) for index in range(count)]
    loads = [(address, place, length) for kind, _, place, address, _, length in segments if kind == _LOAD]
    entries = [
        struct.unpack_from("<qQ", data, place + at)
        for kind, _, place, _, _, length in segments
        if kind == _DYNAMIC
        for at in range(0, length, 16)
    ]
    (address,) = (value for tag, value in entries if tag == _STRINGS)
    (strings,) = (address - start + place for start, place, length in loads if start <= address < start + length)
    return {_string(data, strings + value) for tag, value in entries if tag == _NEEDED}


def _string(data: bytes, at: int) -> str:
    return data[at : data.index(b"\0", at)].decode()
