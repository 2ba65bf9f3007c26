"""Where the files of a folder came from: a small file beside them, which travels with the shelf."""

import logging
from pathlib import Path

import msgspec

from desktop_app.library.atomic import write_atomically
from desktop_app.library.locks import locked

NAME = ".causerie.json"
_LARGEST = 8 << 20  # bytes; some hundred bytes for each file of the folder
_PATIENCE = 5.0  # seconds; a writer holds the lock for milliseconds
_log = logging.getLogger(__name__)


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a file came from, and what it was when it came.

    Attributes:
        repo: ``owner/name``.
        commit: 40 hexadecimal digits.
        path: within the repository.
        sha256: 64 hexadecimal digits.
        size: bytes.
        endpoint: the address of the Hub.
        downloaded_at: seconds since the epoch.
    """

    repo: str
    commit: str
    path: str
    sha256: str
    size: int
    endpoint: str = ""
    downloaded_at: float = 0.0


def read(folder: Path) -> dict[str, Origin]:
    """Return what is known of a folder's files, by their names. What cannot be read is not known, and logged."""
    file = folder / NAME
    try:
        with file.open("rb") as opened:
            data = opened.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise ValueError("it is too large to be one of ours")
        entries = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, RecursionError) as error:
        _log.warning("%s cannot be read: %s", file, error)
        return {}
    origins = {}
    for name, raw in entries.items():
        try:
            origins[name] = msgspec.json.decode(raw, type=Origin)
        except (ValueError, RecursionError) as error:
            _log.warning("%s: what it says of %r cannot be read: %s", file, name, error)
    return origins


def origin_of(target: Path) -> Origin | None:
    """Return where a file came from; None when that is not known."""
    return read(target.parent).get(target.name)


def record(target: Path, origin: Origin) -> None:
    """Note where a file came from. Raises OSError when that cannot be written."""
    _change(target.parent, target.name, origin)


def forget(target: Path) -> None:
    """Remove what is known of a file, which may be gone with its folder. Raises OSError."""
    if origin_of(target) is not None:
        _change(target.parent, target.name, None)


def rename(old: Path, new: Path) -> None:
    """Note that a file has another name or folder now. Raises OSError; then at least the old note stands."""
    origin = origin_of(old)
    if origin is not None and old != new:
        record(new, origin)
        forget(old)


def _change(folder: Path, name: str, origin: Origin | None) -> None:
    file = folder / NAME
    with locked(file.with_name(f"{NAME}.lock"), _PATIENCE):
        origins = read(folder)
        if origin is None:
            origins.pop(name, None)
        else:
            origins[name] = origin
        if origins:
            encoded = msgspec.json.encode(dict(sorted(origins.items())))
            write_atomically(file, msgspec.json.format(encoded, indent=1) + b"\n")
        else:
            file.unlink(missing_ok=True)
