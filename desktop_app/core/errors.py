"""Every error that a person can meet, as one tree.

    CauserieError
    ├── KnownError            the world's: no space, no network, a damaged file …
    │   ├── UsageError        a request that makes no sense (bad value, unknown id)
    │   ├── StorageError      the database
    │   ├── SettingsError     the settings file
    │   ├── ModelError        a model file that cannot be used
    │   ├── HubError          the Hub, or the road to it
    │   ├── ShelfError        the shelf of models: no space, a file that cannot be moved
    │   └── EngineError       the process that runs the model
    └── BugError              ours: keeps a report

A known error says what happened, what was kept and what to do, in that order.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """What a person is told about an error.

    Attributes:
        code: a stable word for programs and tests, for example ``"model_missing"``.
        sentence: what happened.
        kept: what was kept, empty when nothing was at stake.
        action: what to do, empty when there is nothing to do.
        detail: technical lines for a report, such as the end of a log; never shown first.
    """

    code: str
    sentence: str
    kept: str = ""
    action: str = ""
    detail: str = field(default="", repr=False)

    def __str__(self) -> str:
        return " ".join(part for part in (self.sentence, self.kept, self.action) if part)


class CauserieError(Exception):
    """Base of the tree."""


class KnownError(CauserieError):
    """The world's: shown as a sentence, never as a traceback."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class UsageError(KnownError):
    """A request that makes no sense: a value out of bounds, an unknown conversation."""


class StorageError(KnownError):
    """The database is damaged, locked, read-only, full or from a newer version."""


class SettingsError(KnownError):
    """The settings file cannot be read or written."""


class ModelError(KnownError):
    """A model file is missing, damaged, not a GGUF or of an unknown kind."""


class HubError(KnownError):
    """The Hub cannot be reached, refuses, or answers what it should not."""


class ShelfError(KnownError):
    """The shelf: no space, read-only, a file that cannot be moved, renamed or deleted."""


class EngineError(KnownError):
    """The process that runs the model failed or ended."""


class BugError(CauserieError):
    """Ours: a state that the program believed impossible."""
