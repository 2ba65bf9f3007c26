"""What the shelf asks of the rest of the program."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core.hub import HubDetails


@dataclass(frozen=True)
class HubAsked:
    """What the look for newer files needs of the Hub.

    Attributes:
        details: returns what a repository offers; HubError. On any thread.
        cancel: ends a call that waits, with an error.
    """

    details: Callable[[str], HubDetails]
    cancel: Callable[[], None]


@dataclass(frozen=True)
class Neighbours:
    """The rest of the program, as the shelf sees it.

    Attributes:
        in_use: the path of the model that is loaded or being loaded; empty when there is none.
        hub: for the look at newer files.
        wanted_parts: paths of unfinished files that a download goes on with.
        hold_downloads: stops all downloads (True) while the shelf moves, and lets them go on (False); KnownError when
            that is not possible.
        switch: has the settings name another folder of the shelf (old, new), on the disk, once it returns; on any
            thread.
        relocated: tells other services that a file or a folder has another path now.
    """

    in_use: Callable[[], str] = str
    hub: HubAsked | None = None
    wanted_parts: Callable[[], frozenset[str]] = frozenset
    hold_downloads: Callable[[bool], None] = lambda _held: None
    switch: Callable[[Path, Path], None] = lambda _old, _new: None
    relocated: Callable[[Path, Path], None] = lambda _old, _new: None
