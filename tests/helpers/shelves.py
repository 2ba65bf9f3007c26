"""Files of a shelf as tests make them, and the trash as they look into it."""

import hashlib
import sys
from pathlib import Path

import pytest

from desktop_app.core.model import ShelfModel
from desktop_app.library import manifest
from desktop_app.library.manifest import Origin

KEPT = (".gguf", ".part", ".copying", ".json")


def put(file: Path, contents: bytes = b"GGUF model", repo: str = "") -> Path:
    """Write a file; with a repository, its source and its right hash are noted."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(contents)
    if repo:
        note(file, repo, hashlib.sha256(contents).hexdigest())
    return file


def note(file: Path, repo: str, sha256: str) -> None:
    """Note the source of a file."""
    origin = Origin(repo=repo, commit="c" * 40, path=file.name, sha256=sha256, size=file.stat().st_size)
    manifest.record(file, origin)


def model(file: Path, **more: object) -> ShelfModel:
    """Return a model as a scan would, with what a test wants of it."""
    return ShelfModel(str(file), file.stem, "", file.stat().st_size, **more)  # type: ignore[arg-type]


def contents(folder: Path) -> dict[str, bytes]:
    """Return what the files below a folder hold, by their place in it."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


class Trash:
    """The trash of a test; only where the freedesktop.org rules hold."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        if sys.platform in ("win32", "darwin"):
            pytest.skip("the system's own trash cannot be put elsewhere")
        import send2trash
        from send2trash import plat_other

        self.folder = folder
        patch.setattr(send2trash, "send2trash", plat_other.send2trash)
        patch.setattr(plat_other, "HOMETRASH_B", bytes(folder))

    @property
    def names(self) -> list[str]:
        """Return the names of what lies in it."""
        return sorted(file.name for file in (self.folder / "files").glob("*"))

    def break_it(self) -> None:
        """Have a file stand where the trash should be, so that there is none."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.folder.write_text("no folder")
