"""Whether the sources of the shelf's files offer others today."""

from collections.abc import Callable, Iterable
from pathlib import Path

from desktop_app.core.care import Update, UpdateState
from desktop_app.core.errors import HubError, Problem
from desktop_app.core.hub import HubDetails
from desktop_app.core.model import ShelfModel
from desktop_app.library import manifest
from desktop_app.library.care import Progress, Stop, files_of, stopped
from desktop_app.library.manifest import Origin

# Without these no other repository could be asked either.
_NOBODY = frozenset(("hub_offline", "hub_unreachable", "hub_timeout", "hub_captive", "hub_rate_limited", "cancelled"))


def find_updates(
    models: Iterable[ShelfModel], details: Callable[[str], HubDetails], progress: Progress, stop: Stop
) -> tuple[Update, ...]:
    """Compare the files of models, as far as the manifest knows their source, with what it offers today.

    Each repository is asked once.

    Args:
        models: those in question.
        details: asks the Hub.
        progress: in repositories.
        stop: whether to end.

    Raises:
        HubError: the Hub cannot be reached.
        ShelfError: ``stopped``.
    """
    wanted: dict[str, list[tuple[str, Origin]]] = {}
    for model in models:
        files = [*files_of(Path(model.path)), *([Path(model.projector)] if model.projector else [])]
        for file in files:
            origin = manifest.origin_of(file)
            if origin is not None and origin.repo:
                known = wanted.setdefault(origin.repo, [])
                if all(path != str(file) for path, _ in known):
                    known.append((str(file), origin))
    found: list[Update] = []
    for number, (repo, files_there) in enumerate(wanted.items()):
        if stop():
            raise stopped("Looking for newer files", "Nothing was changed.")
        progress(number, len(wanted))
        found.extend(_compared(repo, files_there, details))
    progress(len(wanted), len(wanted))
    return tuple(found)


def _compared(repo: str, files: list[tuple[str, Origin]], details: Callable[[str], HubDetails]) -> Iterable[Update]:
    try:
        offered = details(repo)
    except HubError as error:
        if error.problem.code in _NOBODY:
            raise
        state, reason = _without_answer(error.problem)
        return [Update(path, repo, state, reason=reason) for path, _ in files]
    hashes = _hashes(offered)
    return [_of_file(path, origin, offered.commit, hashes) for path, origin in files]


def _without_answer(problem: Problem) -> tuple[UpdateState, str]:
    if problem.code == "hub_not_found":
        return UpdateState.GONE, ""
    return UpdateState.UNKNOWN, problem.sentence


def _hashes(offered: HubDetails) -> dict[str, str]:
    files = [file for choice in offered.choices for file in choice.files]
    files += [choice.projector for choice in offered.choices if choice.projector is not None]
    files += [choice.draft for choice in offered.choices if choice.draft is not None]
    return {file.path: file.sha256 for file in files}


def _of_file(path: str, origin: Origin, commit: str, hashes: dict[str, str]) -> Update:
    sha256 = hashes.get(origin.path, "")
    if not sha256:
        return Update(path, origin.repo, UpdateState.GONE, commit)
    state = UpdateState.CURRENT if sha256 == origin.sha256 else UpdateState.NEWER
    return Update(path, origin.repo, state, commit, sha256)
