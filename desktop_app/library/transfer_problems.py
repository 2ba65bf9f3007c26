"""What a person is told when a transfer waits or ends without its file."""

import errno
from dataclasses import replace
from pathlib import Path

from desktop_app.core.errors import HubError, Problem, ShelfError

KEPT = "What has arrived is kept."
_SIGN_IN = "If your network asks you to sign in, do so in your browser."
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_NOT_ALLOWED = (errno.EROFS, errno.EACCES, errno.EPERM)
_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ENOTCONN)


class BrokenOffError(Exception):
    """A try ended without the whole file; another may bring it.

    Attributes:
        problem: what happened.
        wait: seconds that the other side asks to wait; 0 when it does not.
    """

    def __init__(self, problem: Problem, wait: float = 0.0) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.wait = wait


def cut(host: str, detail: str) -> Problem:
    """The connection ended in the middle."""
    return Problem(
        "transfer_cut", f"The connection to {host} broke off.", action="Check your connection.", detail=detail
    )


def expired(host: str, detail: str) -> Problem:
    """The address that the Hub had given for the file is not good any more."""
    return Problem("transfer_expired", f"The link that the Hub gave to {host} has run out.", detail=detail)


def unexpected(host: str, detail: str) -> Problem:
    """The answer cannot be the file."""
    return Problem(
        "transfer_unexpected",
        f"{host} answered with something other than the file.",
        action=_SIGN_IN,
        detail=detail,
    )


def waiting(problem: Problem, seconds: float, have: int) -> Problem:
    """Why a transfer waits, and that it goes on by itself."""
    soon = "at once" if seconds < 1 else "in a second" if seconds < 2 else f"in {round(seconds)} seconds"
    asked = "" if "try again" in problem.action.lower() else problem.action  # that, Causerie does itself
    if problem.code == "hub_captive":
        asked = _SIGN_IN
    action = f"{asked} Causerie tries again by itself {soon}.".lstrip()
    return replace(problem, kept=KEPT if have else "", action=action)


def gave_up(problem: Problem, tries: int, have: int) -> HubError:
    """Nothing new came for too long."""
    sentence = f"{problem.sentence} {tries} tries in a row brought nothing new."
    action = f"{_SIGN_IN if problem.code == 'hub_captive' else problem.action} Then let the download go on.".lstrip()
    return HubError(
        Problem("transfer_gave_up", sentence, KEPT if have else "", action, f"{problem.code}: {problem.detail}")
    )


def changed(name: str, found: str) -> HubError:
    """The Hub names another hash than it did when the file was chosen."""
    return HubError(
        Problem(
            "transfer_changed",
            f"The Hub now has another file under the name {name}.",
            action="Open the model's page again and choose the file anew.",
            detail=f"the Hub names the hash {found}",
        )
    )


def corrupt(name: str, expected: str, found: str) -> HubError:
    """All bytes came, but not the right ones."""
    return HubError(
        Problem(
            "transfer_corrupt",
            f"What arrived as {name} is not what the Hub has: its hash differs.",
            "It was deleted, so that it is never taken for the model.",
            "Download it again.",
            f"SHA-256 {found}, {expected} was expected",
        )
    )


def bad_name(path: str, reason: str) -> ShelfError:
    """The Hub's name for the file cannot be used here."""
    shown = path if len(path) <= 80 else f"{path[:77]}…"
    return ShelfError(
        Problem("transfer_bad_name", f"“{shown}” cannot be stored under its name: {reason}.", "Nothing was written.")
    )


def in_use(name: str) -> ShelfError:
    """Someone else is at it."""
    return ShelfError(
        Problem(
            "transfer_in_use",
            f"Another window or program is downloading {name} already.",
            "Nothing was changed.",
            "Wait until it has ended.",
        )
    )


def no_space(name: str, needed: int, free: int, reserve: int, have: int) -> ShelfError:
    """There is too little room, and so nothing more is written."""
    others = f", besides {size_text(reserve)} for the other downloads" if reserve else ""
    return ShelfError(
        Problem(
            "transfer_no_space",
            f"There is no room for {name}: it needs {size_text(needed)}{others}, and {size_text(free)} are free.",
            KEPT if have else "Nothing was written.",
            "Free some space, or choose a smaller file or another folder for the models.",
        )
    )


def shelf_gone(folder: Path, detail: str = "") -> ShelfError:
    """The folder, its drive, or the part in it went away."""
    return ShelfError(
        Problem(
            "transfer_shelf_gone",
            f"The folder {folder} is not there any more, or what was being downloaded into it.",
            action="Connect its drive again, or choose another folder for the models, and let the download go on.",
            detail=detail,
        )
    )


def target_busy(name: str, detail: str) -> ShelfError:
    """The finished file cannot replace the old one, which only Windows forbids."""
    return ShelfError(
        Problem(
            "transfer_target_busy",
            f"{name} has arrived, but the old file of that name is in use.",
            KEPT,
            "Load another model and let the download go on; nothing is fetched twice.",
            detail,
        )
    )


def from_disk(error: OSError, folder: Path) -> ShelfError:
    """Tell of a file that cannot be read or written."""
    detail = f"{type(error).__name__}: {error}"
    if error.errno == errno.ENAMETOOLONG:
        return bad_name(folder.name, "the system finds the name too long")
    if error.errno in _GONE or (error.errno == errno.EIO and not folder.is_dir()):
        return shelf_gone(folder, detail)
    if error.errno in _NO_SPACE:
        code, sentence = "transfer_no_space", f"The drive of {folder} is full."
        action = "Free some space and let the download go on."
    elif error.errno == errno.EFBIG:
        code, sentence = "transfer_too_large", f"The drive of {folder} cannot hold a file as large as this one."
        action = "Drives in the FAT32 format end at 4 GB: choose another folder for the models, or a smaller file."
    elif error.errno in _NOT_ALLOWED:
        code, sentence = "transfer_read_only", f"Causerie may not write in {folder}."
        action = "Allow it to, or choose another folder for the models."
    else:
        code, sentence = "transfer_disk", f"Writing in {folder} failed."
        action = "Check the drive, or choose another folder for the models."
    return ShelfError(Problem(code, sentence, action=action, detail=detail))


def size_text(size: int) -> str:
    """A number of bytes for people, such as ``4.9 GB``."""
    value = float(size)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"
