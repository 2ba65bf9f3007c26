"""Downloads in words: where each stands, what the queue still needs, and what is told at an end."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from desktop_app.core.downloads import Download, DownloadState, bytes_wanted
from desktop_app.ui.figures import part_text, rate_text, size_text, time_left_text

# Another program that shares the queue takes care of it, and only there can it be paused.
ELSEWHERE = "download_elsewhere"
OFFLINE = "hub_offline"
GATED = "hub_gated"
ACCOUNT = "hub_token"
# It waits for whoever brings it or a file of it, not for the network.
_OTHERS = (ELSEWHERE, "download_shared", "transfer_in_use")

_DOT = " · "


def _tr(text: str) -> str:
    return QCoreApplication.translate("Downloads", text)


def is_elsewhere(download: Download) -> bool:
    """Whether another program takes care of a download."""
    return download.problem is not None and download.problem.code == ELSEWHERE


def facts_text(download: Download) -> str:
    """Return how far a download is, in one line."""
    return _FACTS[download.state](download)


def state_text(download: Download) -> str:
    """Return the word for a download's state."""
    if download.state is DownloadState.WAITING and download.problem is not None and download.problem.code in _OTHERS:
        return _tr("Waiting")
    return {
        DownloadState.QUEUED: _tr("Waiting for its turn"),
        DownloadState.RUNNING: _tr("Downloading"),
        DownloadState.CHECKING: _tr("Checking what is here already"),
        DownloadState.WAITING: _tr("Waiting for the network"),
        DownloadState.PAUSED: _tr("Paused"),
        DownloadState.FAILED: _tr("Stopped"),
        DownloadState.DONE: _tr("Complete"),
    }[download.state]


def spoken_text(download: Download) -> str:
    """Return where a download stands, for a screen reader."""
    facts = facts_text(download)
    state = state_text(download)
    parts = (facts if facts.startswith(state) else f"{state}{_DOT}{facts}", problem_text(download))
    return ". ".join(part for part in parts if part)


def problem_text(download: Download) -> str:
    """Return why a download waits or has failed; empty when all is well."""
    problem = download.problem
    if problem is None or download.state is DownloadState.DONE:
        return ""
    if download.state is DownloadState.FAILED:
        kept = problem.kept or _kept(download)
        return " ".join(part for part in (problem.sentence, kept, problem.action) if part)
    if download.state is DownloadState.WAITING and not is_elsewhere(download):
        # Offline it is the person who lets it go on: what stands above the downloads says how.
        return problem.sentence if problem.code == OFFLINE else f"{problem.sentence} {_tr('It goes on by itself.')}"
    return str(problem)


def question_text(download: Download) -> str:
    """Return what is asked before a download is cancelled; empty when there is nothing to lose."""
    if download.state is DownloadState.DONE or not download.done:
        return ""
    return _tr("Delete the {size} that are here?").replace("{size}", size_text(download.done))


def about_text(download: Download) -> str:
    """Return what a download brings, for its tooltip."""
    lines = [download.repo, *(f"{file.path}  {size_text(file.size)}" for file in download.files)]
    return "\n".join(lines)


def queue_text(downloads: tuple[Download, ...]) -> str:
    """Return what the queue as a whole is about."""
    unfinished = [one for one in downloads if one.state is not DownloadState.DONE]
    if not unfinished:
        return _tr("Everything has arrived")
    wanted = bytes_wanted(downloads)
    if not wanted:
        return _tr("Nothing is on its way")
    text = _tr("{size} still to come").replace("{size}", size_text(wanted))
    speed = sum(one.speed for one in unfinished)
    if speed and sum(one.state is DownloadState.RUNNING for one in unfinished) > 1:
        return text + _DOT + rate_text(speed)
    if all(one.state in (DownloadState.PAUSED, DownloadState.FAILED) for one in unfinished):
        return text + _DOT + _tr("nothing is on its way")
    return text


def room_text(downloads: tuple[Download, ...], free: int) -> tuple[str, bool]:
    """Return what is free on the drive of the shelf, and whether that is enough for the queue."""
    wanted = bytes_wanted(downloads)
    if wanted <= free:
        return _tr("{size} free on the drive").replace("{size}", size_text(free)), True
    text = _tr("Only {free} are free on the drive: {missing} too little for all of this.")
    return text.replace("{free}", size_text(free)).replace("{missing}", size_text(wanted - free)), False


def _kept(download: Download) -> str:
    if not download.done:
        return ""
    return _tr("The {size} that have arrived are kept.").replace("{size}", size_text(download.done))


def _here(download: Download) -> str:
    return part_text(download.done, download.size)


def _queued(download: Download) -> str:
    return state_text(download) + _DOT + (_here(download) if download.done else size_text(download.size))


def _running(download: Download) -> str:
    parts = [_here(download)]
    if download.speed:
        parts.append(rate_text(download.speed))
    if download.seconds_left is not None:
        parts.append(_tr("{time} left").replace("{time}", time_left_text(download.seconds_left)))
    return _DOT.join(parts)


def _checking(download: Download) -> str:
    return state_text(download) + _DOT + size_text(download.checked) if download.checked else state_text(download)


def _halted(download: Download) -> str:
    return state_text(download) + _DOT + _here(download)


def _done(download: Download) -> str:
    parts = [size_text(download.size), _tr("complete and checked")]
    if download.finished_at:
        when = QDateTime.fromSecsSinceEpoch(int(download.finished_at))
        today = when.date() == QDateTime.currentDateTime().date()
        locale, short = QLocale(), QLocale.FormatType.ShortFormat
        parts.append(locale.toString(when.time(), short) if today else locale.toString(when, short))
    return _DOT.join(parts)


_FACTS: dict[DownloadState, Callable[[Download], str]] = {
    DownloadState.QUEUED: _queued,
    DownloadState.RUNNING: _running,
    DownloadState.CHECKING: _checking,
    DownloadState.WAITING: _halted,
    DownloadState.PAUSED: _halted,
    DownloadState.FAILED: _halted,
    DownloadState.DONE: _done,
}
