"""Following a download in a terminal: a line that moves, quiet lines in a pipe, or JSON for programs."""

import shutil
import sys
from typing import Any, Protocol

import click

from desktop_app.cli.options import print_json
from desktop_app.cli.session import Session
from desktop_app.core.downloads import Download, DownloadState
from desktop_app.core.errors import KnownError, Problem
from desktop_app.core.hub import Choice, HubDetails
from desktop_app.library.transfer_problems import size_text
from desktop_app.services.download_events import DownloadFailed, DownloadFinished, DownloadsListed

_BAR = 24


class Telling(Protocol):
    """How a download is told."""

    def began(self, download: Download, path: str) -> None:
        """It is in the queue."""

    def moved(self, download: Download) -> None:
        """It got further, or waits."""

    def ended(self, download: Download, path: str) -> None:
        """It is done."""

    def paused(self, download: Download) -> None:
        """The person stopped it."""

    def failed(self, problem: Problem) -> None:
        """It cannot go on."""


def telling_of(json: bool) -> Telling:
    """Return the way to tell: for programs or for people."""
    return _Json() if json else _Lines()


def follow(session: Session, details: HubDetails, choice: Choice, telling: Telling) -> int:
    """Download a choice and tell how it goes; return the exit code. Raises KnownError when it cannot go on."""
    one = session.ask(lambda services: services.downloads.add(details, choice))
    path = session.ask(lambda services: services.downloads.path_of(one))
    telling.began(one, path)
    return _follow(session, telling, one)


def _follow(session: Session, telling: Telling, one: Download) -> int:
    number = one.id

    def interrupt() -> None:
        session.do(lambda services: services.downloads.pause(number))

    session.on_interrupt = interrupt
    try:
        for event in session.events():
            if isinstance(event, DownloadFinished) and event.download.id == number:
                telling.ended(event.download, event.path)
                return 0
            if isinstance(event, DownloadFailed) and event.download.id == number:
                raise KnownError(event.problem)
            if isinstance(event, DownloadsListed):
                found = next((listed for listed in event.downloads if listed.id == number), None)
                if found is not None and found.state is DownloadState.PAUSED:
                    telling.paused(found)
                    return 1
                if found is not None and found != one:
                    one = found
                    telling.moved(one)
    except KeyboardInterrupt:  # the system ends the program, or a person who does not want to wait
        telling.paused(one)
        return 1
    raise AssertionError("events do not end")


class _Lines:
    """For people. The path comes on standard output, everything else on standard error."""

    def __init__(self) -> None:
        self._moves = sys.stderr.isatty()
        self._width = 0
        self._reason = ""

    def began(self, download: Download, path: str) -> None:
        """Tell what comes, and where it goes."""
        if download.state is not DownloadState.DONE:
            click.echo(f"{download.label}, {size_text(download.size)}, goes to {path}", err=True)

    def moved(self, download: Download) -> None:
        """Draw the line anew; tell a reason to wait once."""
        reason = str(download.problem) if download.problem is not None else ""
        if reason and reason != self._reason:
            self._draw("")
            click.echo(reason, err=True)
        self._reason = reason
        if download.state in (DownloadState.RUNNING, DownloadState.CHECKING):
            self._draw(progress_line(download, shutil.get_terminal_size().columns - 1))

    def ended(self, download: Download, path: str) -> None:
        """Print the path."""
        self._draw("")
        click.echo(f"{download.label} is complete, and its hash was checked.", err=True)
        click.echo(path)

    def paused(self, download: Download) -> None:
        """Tell how to go on."""
        self._draw("")
        there = f"{size_text(download.done)} of {size_text(download.size)}"
        click.echo(f"Paused with {there}. The same command goes on from here.", err=True)

    def failed(self, problem: Problem) -> None:
        """Tell why."""
        self._draw("")
        click.echo(str(problem), err=True)

    def _draw(self, line: str) -> None:
        if self._moves and (line or self._width):
            padded = line.ljust(self._width)
            self._width = len(line)
            click.echo(f"\r{padded}" if line else f"\r{padded}\r", nl=False, err=True)


class _Json:
    """For programs: an object on each line, the last one tells the end."""

    def began(self, download: Download, path: str) -> None:
        """Tell what comes, and where it goes."""
        self._say(
            "start",
            repo=download.repo,
            commit=download.commit,
            quantization=download.quantization or None,
            path=path,
            bytes=download.done,
            total=download.size,
        )

    def moved(self, download: Download) -> None:
        """Tell how far it is."""
        self._say(
            "progress",
            state=download.state.value,
            bytes=download.done,
            total=download.size,
            checked=download.checked,
            bytes_per_second=round(download.speed),
            seconds_left=None if download.seconds_left is None else round(download.seconds_left, 1),
            reason=str(download.problem) if download.problem is not None else None,
        )

    def ended(self, download: Download, path: str) -> None:
        """Tell what is there; the first file is the one to load."""
        self._say(
            "done",
            path=path,
            sha256=download.files[0].sha256,
            bytes=download.size,
            resumed_from=download.resumed_from,
            files=[{"name": file.path, "bytes": file.size, "sha256": file.sha256} for file in download.files],
        )

    def paused(self, download: Download) -> None:
        """Tell how far it was."""
        self._say("paused", bytes=download.done, total=download.size)

    def failed(self, problem: Problem) -> None:
        """Tell why, here and on standard error."""
        click.echo(str(problem), err=True)
        self._say("error", code=problem.code, error=str(problem))

    def _say(self, event: str, **values: Any) -> None:
        print_json({"event": event, **values})


def progress_line(download: Download, width: int) -> str:
    """Return how far a download is, in at most so many characters."""
    if download.state is DownloadState.CHECKING:
        text = f"Checking what is there: {size_text(download.checked)} read"
        return text[:width]
    filled = round(_BAR * download.fraction)
    parts = [
        f"{int(100 * download.fraction):>3} %",
        f"[{'#' * filled}{'.' * (_BAR - filled)}]",
        f"{size_text(download.done)} of {size_text(download.size)}",
    ]
    if download.speed:
        parts.append(f"{size_text(round(download.speed))}/s")
    if download.seconds_left is not None:
        parts.append(f"{duration_text(download.seconds_left)} left")
    return "  ".join(parts)[:width]


def duration_text(seconds: float) -> str:
    """Return a duration such as ``40 s``, ``2 min`` or ``3 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
