"""What a person has settled about models: how each is used, folders to look into, and when each was last used.

Several programs of one profile share the file. Each change reads what is there, alters one thing and writes it back
under a lock, so that nobody's entries are lost.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from desktop_app.core.errors import Problem, ShelfError
from desktop_app.core.model import ModelDefaults
from desktop_app.library.atomic import write_atomically
from desktop_app.library.locks import locked

VERSION = 1
LOCK_SECONDS = 5.0  # a change takes some milliseconds; whoever holds the lock longer is not well


@dataclass(frozen=True)
class _Record:
    """What is kept of one model."""

    defaults: ModelDefaults = field(default_factory=ModelDefaults)
    last_used: float = 0.0


_NOTHING = _Record()


@dataclass(frozen=True)
class _Document:
    """The file."""

    version: int = VERSION
    folders: tuple[str, ...] = ()
    models: dict[str, _Record] = field(default_factory=dict)


class Records:
    """The file of records.

    What asks never fails: when the file cannot be read, nothing is known, and ``take_problem`` tells why. What changes
    raises ShelfError: ``records_damaged``, once, when the file is not ours; it is then kept aside. ``records_newer``
    when a newer version of the program has written it. ``records_unusable`` when it cannot be read, written or locked.

    Args:
        file: a lock file stands beside it while it is changed.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._seen: tuple[tuple[int, int, int], _Document] | None = None
        self._problem: Problem | None = None

    def take_problem(self) -> Problem | None:
        """Return what went wrong since this was last asked; None when nothing did."""
        problem, self._problem = self._problem, None
        return problem

    def defaults(self, path: str) -> ModelDefaults:
        """Return how the model at a path is used."""
        return self._read().models.get(path, _NOTHING).defaults

    def set_defaults(self, path: str, defaults: ModelDefaults) -> None:
        """Keep how the model at a path is used."""
        self._change_model(path, lambda record: replace(record, defaults=defaults))

    def last_used(self) -> dict[str, float]:
        """Return when models were last used, by path, in seconds since the epoch."""
        return {path: record.last_used for path, record in self._read().models.items() if record.last_used}

    def used(self, path: str, when: float) -> None:
        """Note that the model at a path is used; an earlier time changes nothing."""
        self._change_model(path, lambda record: replace(record, last_used=max(record.last_used, when)))

    def folders(self) -> tuple[Path, ...]:
        """Return the folders that were added, in their order."""
        return tuple(Path(folder) for folder in self._read().folders)

    def add_folder(self, folder: Path) -> None:
        """Add a folder to look into."""
        added = str(folder)
        self._change(lambda document: replace(document, folders=(*_without(document.folders, added), added)))

    def remove_folder(self, folder: Path) -> None:
        """Look into a folder no more. What is kept of its models stays."""
        self._change(lambda document: replace(document, folders=_without(document.folders, str(folder))))

    def rename(self, old: str, new: str) -> None:
        """Note that a model has another path now."""
        self._change(lambda document: replace(document, models=_moved(document.models, {old: new})))

    def move_folder(self, old: Path, new: Path) -> None:
        """Note that a whole folder has another path now."""

        def change(document: _Document) -> _Document:
            below = [path for path in document.models if Path(path).is_relative_to(old)]
            paths = {path: str(new / Path(path).relative_to(old)) for path in below}
            return replace(document, models=_moved(document.models, paths))

        self._change(change)

    def forget(self, path: str) -> None:
        """Forget what is kept of the model at a path."""
        self._change(
            lambda document: replace(
                document, models={other: record for other, record in document.models.items() if other != path}
            )
        )

    def _change_model(self, path: str, change: Callable[[_Record], _Record]) -> None:
        def changed(document: _Document) -> _Document:
            record = change(document.models.get(path, _NOTHING))
            models = {other: kept for other, kept in document.models.items() if other != path}
            return replace(document, models=models if record == _NOTHING else {**models, path: record})

        self._change(changed)

    def _change(self, change: Callable[[_Document], _Document]) -> None:
        with self._told(), self._locked():
            document = self._load()
            changed = change(document)
            if changed == document:
                return
            if document.version > VERSION:
                sentence = "What you set for your models was written by a newer version of Causerie."
                action = "Use that version to change it."
                raise ShelfError(Problem("records_newer", sentence, "Nothing was changed.", action))
            write_atomically(self.file, msgspec.json.format(msgspec.json.encode(changed), indent=1) + b"\n")

    def _read(self) -> _Document:
        try:
            with self._told():
                return self._current()
        except ShelfError as error:
            self._problem = error.problem
            return _Document()

    def _current(self) -> _Document:
        """The document, read again only when the file has changed."""
        try:
            status = self.file.stat()
        except FileNotFoundError:
            return _Document()
        state = (status.st_mtime_ns, status.st_size, status.st_ino)
        if self._seen is None or self._seen[0] != state:
            try:
                document = _decoded(self.file.read_bytes())
            except ValueError:
                with self._locked():  # another program may just have made a good one of it
                    document = self._load()
            self._seen = (state, document)
        return self._seen[1]

    def _load(self) -> _Document:
        """The document; whoever calls holds the lock."""
        try:
            return _decoded(self.file.read_bytes())
        except FileNotFoundError:
            return _Document()
        except ValueError as error:
            raise self._set_aside(error) from error

    def _locked(self) -> AbstractContextManager[None]:
        return locked(self.file.with_name(f"{self.file.name}.lock"), LOCK_SECONDS)

    def _set_aside(self, error: ValueError) -> ShelfError:
        number = 1
        while (aside := self.file.with_name(f"{self.file.name}.damaged-{number}")).exists():
            number += 1
        self.file.replace(aside)
        sentence = "The file of what you set for your models was damaged."
        kept = f"The models are untouched, and the damaged file was kept: {aside}."
        action = "Set again what you had set for single models, and add your folders again."
        return ShelfError(Problem("records_damaged", sentence, kept, action, str(error)))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what goes wrong with the file into a sentence."""
        try:
            yield
        except OSError as error:
            busy = isinstance(error, TimeoutError)
            reason = "another program holds on to it" if busy else (error.strerror or str(error)).lower()
            sentence = f"The file of what you set for your models cannot be used: {reason}."
            action = "Try again." if busy else f"Check the folder {self.file.parent}."
            problem = Problem("records_unusable", sentence, "Nothing was changed.", action, str(error))
            raise ShelfError(problem) from error


def _without(folders: tuple[str, ...], folder: str) -> tuple[str, ...]:
    return tuple(other for other in folders if other != folder)


def _moved(models: Mapping[str, _Record], paths: Mapping[str, str]) -> dict[str, _Record]:
    """The records under their new paths; what was kept under such a path before belonged to a file that is gone."""
    replaced = {new for old, new in paths.items() if old in models}
    return {paths.get(path, path): record for path, record in models.items() if path in paths or path not in replaced}


def _decoded(data: bytes) -> _Document:
    """Read a document, without numbers that mean nothing, as a file edited by hand may have them.

    Raises:
        ValueError: it is none.
    """
    try:
        document = msgspec.json.decode(data, type=_Document)
    except RecursionError as error:
        raise ValueError("it is too deep") from error
    models = {}
    for path, record in document.models.items():
        context_length, gpu_layers = max(0, record.defaults.context_length), max(-1, record.defaults.gpu_layers)
        defaults = replace(record.defaults, context_length=context_length, gpu_layers=gpu_layers)
        models[path] = replace(record, defaults=defaults)
    return replace(document, models=models)
