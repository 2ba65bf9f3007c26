"""What is heard about downloads."""

from dataclasses import dataclass

from desktop_app.core.downloads import Download
from desktop_app.core.errors import Problem
from desktop_app.services.events import Event


@dataclass(frozen=True)
class DownloadsListed(Event):
    """The whole queue in its order; at most five times a second, and not at all while nothing changes."""

    downloads: tuple[Download, ...]


@dataclass(frozen=True)
class DownloadFinished(Event):
    """All files of a download are there, each with its hash checked; ``path`` is the one to load."""

    download: Download
    path: str


@dataclass(frozen=True)
class DownloadFailed(Event):
    """A download cannot go on by itself; what has come is kept, and ``resume`` tries again."""

    download: Download
    problem: Problem
