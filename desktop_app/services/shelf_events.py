"""What is heard about the shelf and the care for it."""

from dataclasses import dataclass
from enum import StrEnum

from desktop_app.core.care import Checked, DiskUse, Suggestion, Update
from desktop_app.core.errors import Problem
from desktop_app.core.model import ModelDefaults
from desktop_app.services.events import Event


class WorkKind(StrEnum):
    """Work that takes its time; one at a time."""

    VERIFY = "verify"
    IMPORT = "import"
    DELETE = "delete"
    MOVE = "move"
    UPDATES = "updates"


@dataclass(frozen=True)
class ShelfWorkProgressed(Event):
    """Work has begun or goes on; at most ten times a second.

    Attributes:
        path: of the file or folder that it was asked for; empty when it is about all.
        fraction: from 0 to 1.
        seconds_left: None when it cannot be told.
    """

    kind: WorkKind
    path: str
    fraction: float
    seconds_left: float | None = None


@dataclass(frozen=True)
class ShelfWorkEnded(Event):
    """Work has ended, in whatever way.

    Attributes:
        problem: why it did not do all that was asked; its code is ``stopped`` when the person stopped it.
        detail: what was done, as a sentence.
        paths: of the files that this is about: that were deleted, imported or found to be wrong.
        size: bytes that were moved; 0 for other work.
    """

    kind: WorkKind
    path: str
    problem: Problem | None = None
    detail: str = ""
    paths: tuple[str, ...] = ()
    size: int = 0


@dataclass(frozen=True)
class ModelsVerified(Event):
    """The hashes of files were compared, as far as that came.

    Attributes:
        results: of the files that could be read.
        problems: of those that could not.
    """

    results: tuple[Checked, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class UpdatesFound(Event):
    """What the sources of files offer today."""

    updates: tuple[Update, ...]


@dataclass(frozen=True)
class RoomMeasured(Event):
    """What the models take up, and what could be freed, the largest first."""

    use: DiskUse
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True)
class ShelfFoldersListed(Event):
    """Where models are looked for.

    Attributes:
        folder: of the shelf; downloads go there.
        folders: that the person added.
        unfinished_move: where an interrupted move of the shelf was going; empty when there is none. ``move_to`` that
            folder goes on with it, and ``move_to`` the shelf's own folder takes it back.
    """

    folder: str
    folders: tuple[str, ...] = ()
    unfinished_move: str = ""


@dataclass(frozen=True)
class ModelRelocated(Event):
    """A model, or the folder of all, has another path now; settings that name the old one are to follow.

    Attributes:
        old, new: paths of a file, or of the shelf's folder.
    """

    old: str
    new: str


@dataclass(frozen=True)
class ModelImported(Event):
    """A model came onto the shelf; ``path`` is the one to load."""

    path: str


@dataclass(frozen=True)
class DefaultsShown(Event):
    """How a person wants one model to be used."""

    path: str
    defaults: ModelDefaults
