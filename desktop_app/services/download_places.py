"""Where downloads lie on the shelf, how much of them is there, and whether the rest has room."""

import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.core.downloads import Download, DownloadFile, DownloadState, bytes_wanted
from desktop_app.core.errors import Problem, ShelfError
from desktop_app.core.hub import Choice, HubDetails, HubModel, path_problem
from desktop_app.library.manifest import origin_of
from desktop_app.library.transfer import FileState, file_state, part_path
from desktop_app.library.transfer_problems import KEPT, bad_name, size_text

Source = HubDetails | tuple[str, str]
SHARED = "download_shared"


@dataclass(frozen=True)
class DownloadPlan:
    """What a download would mean.

    Attributes:
        download: as it would be queued; ``done`` is what is there already.
        paths: of its files, in their order.
        states: of its files: absent, partial or complete.
        free: bytes on the drive.
        others: bytes that the rest of the queue still needs.
        has_room: whether all of that fits.
    """

    download: Download
    paths: tuple[Path, ...]
    states: tuple[FileState, ...]
    free: int
    others: int
    has_room: bool


def download_of(source: Source, choice: Choice, title: str = "") -> Download:
    """Return a choice with its companions as a download, without an id.

    Args:
        source: the page it is from, or ``(repo, commit)``.
        choice: what to download.
        title: for people; the repository's name when empty.

    Raises:
        ShelfError: ``transfer_bad_name``.
    """
    repo, commit = source if isinstance(source, tuple) else (source.model.repo, source.commit)
    files = tuple(DownloadFile(one.path, one.size, one.sha256) for one in (*choice.files, *choice.companions))
    for file in files:
        if problem := path_problem(f"{repo}/{file.path}"):
            raise bad_name(file.path, problem)
    return Download(0, repo, commit, title or HubModel(repo).name, choice.quantization, files)


def plan_of(folder: Path, download: Download, others: tuple[Download, ...], margin: int) -> DownloadPlan:
    """See what a download would mean; the arguments are those of ``check_space``."""
    paths = tuple(target_of(folder, download, file) for file in download.files)
    states = tuple(file_state(path, file) for path, file in zip(paths, download.files, strict=True))
    there = replace(download, done=on_disk(folder, download))
    free, needed = free_bytes(folder), bytes_wanted((there, *others))
    return DownloadPlan(there, paths, states, free, bytes_wanted(others), not needed or needed <= free - margin)


def target_of(folder: Path, download: Download, file: DownloadFile) -> Path:
    """Where a file of a download lies on the shelf."""
    return folder.joinpath(*download.repo.split("/"), *file.path.split("/"))


def parts_of(folder: Path, downloads: Iterable[Download]) -> frozenset[str]:
    """Return the paths of the unfinished files that downloads go on with."""
    return frozenset(
        str(part_path(target_of(folder, one, file), file.sha256))
        for one in downloads
        if one.state is not DownloadState.DONE
        for file in one.files
    )


def is_complete(folder: Path, download: Download) -> bool:
    """Whether all files are there, and known to be right."""
    return all(_is_known(target_of(folder, download, file), file) for file in download.files)


def _is_known(target: Path, file: DownloadFile) -> bool:
    # One without a note of its origin may be right as well: a transfer finds that out from its hash.
    return file_state(target, file) == "complete" and origin_of(target) is not None


def on_disk(folder: Path, download: Download) -> int:
    """Bytes of a download that are on the disk already."""
    return sum(size_on_disk(target_of(folder, download, file), file) for file in download.files)


def size_on_disk(target: Path, file: DownloadFile) -> int:
    """Bytes of one file that are on the disk already, in its place or in its part."""
    state = file_state(target, file)
    if state == "complete":
        return file.size
    try:
        return min(file.size, part_path(target, file.sha256).stat().st_size) if state == "partial" else 0
    except OSError:
        return 0


def free_bytes(folder: Path) -> int:
    """Return the free bytes on the drive of a folder, which need not exist yet."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def check_space(folder: Path, download: Download, others: tuple[Download, ...], margin: int) -> None:
    """See whether a download fits on the drive beside what others still need.

    Args:
        folder: of the shelf.
        download: what is about to come.
        others: the rest of the queue, as far as it counts.
        margin: bytes that stay free.

    Raises:
        ShelfError: ``transfer_no_space``.
    """
    needed, free = bytes_wanted((download, *others)), free_bytes(folder)
    if needed and needed > free - margin:
        together = " together with the other downloads" if bytes_wanted(others) else ""
        raise ShelfError(
            Problem(
                "transfer_no_space",
                f"There is no room for {download.label}: {size_text(needed)} are needed{together}, "
                f"{size_text(free)} are free, and {size_text(margin)} must stay so.",
                KEPT if download.done else "",
                "Free some space, or choose a smaller file or another folder for the models.",
            )
        )


def as_it_begins(folder: Path, download: Download, others: tuple[Download, ...], margin: int) -> Download:
    """Return a download as it is put into the queue: done when it is on the shelf already, else waiting for its turn.

    Raises:
        ShelfError: ``transfer_no_space``, as ``check_space``.
    """
    if is_complete(folder, download):
        size = download.size
        return replace(
            download, state=DownloadState.DONE, done=size, resumed_from=size, finished_at=time.time(), problem=None
        )
    queued = replace(
        download, state=DownloadState.QUEUED, done=on_disk(folder, download), finished_at=0.0, problem=None
    )
    check_space(folder, queued, others, margin)
    return queued


def waiting_for(download: Download, beside: Iterable[Download | None], problem: Problem) -> Problem:
    """Return why a download waits, and tries again by itself.

    Args:
        download: what waits.
        beside: what this program carries at the same time.
        problem: what has stopped it; that a file is in use may be due to one of those.
    """
    for other in beside:
        file = download.shared_with(other) if other is not None and other.id != download.id else None
        if file is not None and other is not None and problem.code == "transfer_in_use":
            name = file.path.rpartition("/")[2]
            return Problem(SHARED, f"{other.label} needs {name} too, and is downloading it for both.")
    return replace(problem, action="Causerie tries again by itself.")


def waits_for_file(download: Download) -> bool:
    """Whether a download waits for a file that another one of this program brings."""
    return download.problem is not None and download.problem.code == SHARED
