"""What a download that is given up leaves behind, and the clearing of it."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from desktop_app.core.downloads import Download
from desktop_app.core.hub import parse_name
from desktop_app.library import manifest
from desktop_app.library.transfer import file_state, part_path


def clear(folder: Path, download: Download, others: Iterable[Download]) -> None:
    """Delete what a download brought as far as it is of no use: its part files, and shards of an incomplete set.

    A complete model stays, and so does what another unfinished download goes on with. Folders that are empty then go
    as well. A file that cannot be deleted stays: it is named as a part, and the next download of it goes on there.

    Args:
        folder: of the shelf.
        download: the one given up.
        others: the unfinished downloads that remain.
    """
    wanted = {(other.repo, file.path, file.sha256) for other in others for file in other.files}
    home = folder.joinpath(*download.repo.split("/"))
    shards = [file for file in download.files if parse_name(file.path).shards > 1]
    whole = all(file_state(home.joinpath(*file.path.split("/")), file) == "complete" for file in shards)
    for file in download.files:
        if (download.repo, file.path, file.sha256) in wanted:
            continue
        target = home.joinpath(*file.path.split("/"))
        part = part_path(target, file.sha256)
        with suppress(OSError):
            part.unlink(missing_ok=True)
        with suppress(OSError):
            part.with_name(f"{part.name}.lock").unlink(missing_ok=True)
        if file in shards and not whole:
            with suppress(OSError):
                target.unlink(missing_ok=True)
                manifest.forget(target)
        _remove_empty(target.parent, folder)


def _remove_empty(inner: Path, outer: Path) -> None:
    """Remove a folder and those around it that are empty then, up to the shelf itself."""
    while inner != outer and outer in inner.parents:
        try:
            inner.rmdir()
        except OSError:  # not empty, or not there any more
            if inner.exists():
                return
        inner = inner.parent
