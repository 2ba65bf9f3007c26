"""The shelf: the folder of models, what lies elsewhere on this computer, and the model that comes with the program."""

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from desktop_app.core.errors import ModelError, Problem
from desktop_app.core.model import ModelKind, ShelfModel, name_of, quantization_of
from desktop_app.library import assembly, manifest, places
from desktop_app.library.assembly import Placed
from desktop_app.library.index import Index
from desktop_app.library.manifest import Origin
from desktop_app.library.places import SUFFIX, Found, Surroundings

STARTER_NAME = "Causerie Starter"
_COMPANIONS = (ModelKind.PROJECTOR, ModelKind.DRAFT, ModelKind.ADAPTER, ModelKind.VOCABULARY, ModelKind.OTHER)


def _no_folders() -> tuple[Path, ...]:
    return ()


def _never() -> dict[str, float]:
    return {}


class Shelf:
    """The GGUF files on this computer.

    Several threads may ask at a time.

    Args:
        folder: of models, with loose files and ``owner/repo/…``.
        starter: the model that comes with the program.
        index_file: where headers are kept once they are read; None keeps them in memory.
        folders: that a person added, asked for at each scan.
        places: whether the caches of other programs are looked into.
        around: the computer, for these.
        used: when models were last used, by path.
    """

    def __init__(
        self,
        folder: Path,
        starter: Path,
        index_file: Path | None = None,
        folders: Callable[[], tuple[Path, ...]] = _no_folders,
        places: bool = False,
        *,
        around: Surroundings | None = None,
        used: Callable[[], Mapping[str, float]] = _never,
    ) -> None:
        self.folder = folder
        self._starter = starter
        self._index = Index(index_file)
        self._folders = folders
        self._places = places
        self._around = around or Surroundings.of_this_computer()
        self._used = used

    def scan(self) -> tuple[ShelfModel, ...]:
        """Return the models by name, the starter last. Unreadable places are passed over.

        The first scan reads the header of every file, some milliseconds each; later ones only those that are new.
        """
        placed = self._placed()
        models = assembly.assemble(placed, self._used())
        starter = self._starter_models()
        read = {str(file.path) for file in placed} | {model.path for model in starter}
        self._index.keep(self.folder, models, read)
        return (*models, *starter)

    def quick(self) -> tuple[ShelfModel, ...]:
        """Return what the last scan found, without a look at the files; nothing before the first scan of a profile."""
        used = self._used()
        models = self._index.models(self.folder)
        return (*(replace(model, last_used=used.get(model.path, 0.0)) for model in models), *self._starter_models())

    def default(self) -> ShelfModel | None:
        """Return the model to load when none is chosen: the starter, else the first that can chat, else the first."""
        starter = self._starter_models()
        if starter:
            return starter[0]
        models = self.scan()
        return next((model for model in models if model.kind.can_chat), models[0] if models else None)

    def find(self, name: str) -> ShelfModel:
        """Return the model meant by a path, a file name or the beginning of a name.

        Raises:
            ModelError: nothing or more than one thing fits, or the name is no text.
        """
        if not _is_text(name):
            sentence = f"The name of that file, {name!a}, is not text that Causerie can hand on."
            raise ModelError(Problem("model_name_not_text", sentence, action="Rename the file."))
        path = _expanded(Path(name))
        if len(path.parts) > 1 or _is_file(path):
            return self._at(path)
        models = self.scan()
        on_shelf = [model for model in models if Path(model.path).name == name]
        if len(on_shelf) == 1:
            return on_shelf[0]
        if path.suffix.lower() == SUFFIX:
            return self._at(path)
        wanted = name.strip().casefold()
        if not wanted:  # it would fit all of them, and the only one where there is but one
            raise ModelError(Problem("model_unknown", "A model has to be named.", action="See: models list."))
        models = tuple(model for model in models if model.kind not in _COMPANIONS)
        for fits in (
            [model for model in models if wanted in (model.name.casefold(), Path(model.path).stem.casefold())],
            [model for model in models if model.label.casefold().startswith(wanted)],
            [model for model in models if wanted in model.label.casefold()],
        ):
            if len(fits) == 1:
                return fits[0]
            if fits:
                names = [_file_name(model) for model in fits]
                if len(set(names)) < len(names):
                    names = [model.path for model in fits]
                sentence = f"“{name}” fits several models: {', '.join(names)}."
                raise ModelError(Problem("model_ambiguous", sentence, action="Name one of these."))
        raise ModelError(
            Problem("model_unknown", f"There is no model named “{name}” on this computer.", action="See: models list.")
        )

    def _at(self, path: Path) -> ShelfModel:
        """The model at a path, which is taken as it is, even a missing one: the engine says what is wrong with it."""
        starter = self._starter_models() if _same(path, self._starter) else ()
        if starter:
            return starter[0]
        path = path.absolute()
        known = next((model for model in self._index.models(self.folder) if model.path == str(path)), None)
        if known is not None and _is_file(path):
            return replace(known, last_used=self._used().get(known.path, 0.0))
        set_ = [self._place(Found(part, path.parent, "elsewhere")) for part in _set_of(path)]
        placed = [file for file in set_ if file is not None]
        models = [model for model in assembly.assemble(placed, self._used()) if model.path == str(path)]
        if models:
            return models[0]
        return ShelfModel(str(path), name_of(path.stem), quantization_of(path.stem), 0, origin="elsewhere")

    def _starter_models(self) -> tuple[ShelfModel, ...]:
        """The starter, when it is there."""
        file = self._place(Found(self._starter, self._starter.parent, "starter", name=STARTER_NAME))
        return (replace(assembly.single(file), starter=True),) if file is not None else ()

    def _placed(self) -> list[Placed]:
        """Every file once, in the first of the places where it is found."""
        seen: set[tuple[int, int] | str] = set()
        placed = []
        for found, note, parts in self._found():
            status = _status(found.path)
            if status is None:
                continue
            identity = (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(found.path)
            if identity not in seen:
                seen.add(identity)
                placed.append(Placed(found, self._index.look_up(found.path, status), note, parts))
        return placed

    def _place(self, found: Found) -> Placed | None:
        status = _status(found.path)
        return Placed(found, self._index.look_up(found.path, status)) if status is not None else None

    def _found(self) -> Iterator[tuple[Found, Origin | None, tuple[str, ...]]]:
        roots = [(self.folder, "shelf"), *((folder, "folder") for folder in self._folders())]
        for root, origin in roots:
            for folder, names in places.gguf_files(root):
                notes = manifest.read(Path(folder)) if manifest.NAME in names else {}
                parts = tuple(name for name in names if name.lower().endswith(".part"))
                for name in names:
                    if name.lower().endswith(SUFFIX):
                        yield Found(Path(folder, name), root, origin), notes.get(name), parts
        if self._places:
            yield from ((found, None, ()) for found in places.find_all(self._around))


def _set_of(path: Path) -> list[Path]:
    """The files that belong to the first shard of a set; any other file stands alone."""
    first = re.fullmatch(r"(.*-)00001(-of-\d{5}\.gguf)", path.name, re.IGNORECASE)
    if first is None:
        return [path]
    part = re.compile(re.escape(first[1]) + r"\d{5}" + re.escape(first[2]))
    try:
        return sorted(one for one in path.parent.iterdir() if part.fullmatch(one.name))
    except OSError:
        return [path]


def _status(path: Path) -> os.stat_result | None:
    """What the system tells of a file that can be handed on; None for anything else."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status if stat.S_ISREG(status.st_mode) and _is_text(str(path)) else None


def _file_name(model: ShelfModel) -> str:
    path = Path(model.path)
    return path.stem if path.suffix.lower() == SUFFIX else model.name


def _is_text(name: str) -> bool:
    """Whether a name can be told to others: the system hands on undecodable bytes as lone surrogates."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long, for instance
        return False


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:  # nobody has that name, so the tilde is part of the file's
        return path


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
