"""The shelf: the folder of local models, and the starter model that comes with the program."""

from pathlib import Path

from desktop_app.core.errors import ModelError, Problem
from desktop_app.core.model import ShelfModel, is_chat_candidate, name_of, quantization_of

STARTER_NAME = "Causerie Starter"
SUFFIX = ".gguf"


class Shelf:
    """The GGUF files that a person can chat with."""

    def __init__(self, folder: Path, starter: Path) -> None:
        self.folder = folder
        self._starter = starter

    def scan(self) -> tuple[ShelfModel, ...]:
        """Return the models of the folder by name, the starter model last. Unreadable places are passed over."""
        files = [file for file in self.folder.rglob("*") if file.suffix.lower() == SUFFIX and _is_text(file.name)]
        files.sort(key=lambda file: (file.name.lower(), file))
        models = [_described(file) for file in files if is_chat_candidate(file.stem) and _is_file(file)]
        if self._starter.is_file():
            models.append(self._starter_model())
        return tuple(models)

    def default(self) -> ShelfModel | None:
        """Return the model to load when none is chosen: the starter, else the first of the folder."""
        if self._starter.is_file():
            return self._starter_model()
        models = self.scan()
        return models[0] if models else None

    def find(self, name: str) -> ShelfModel:
        """Return the model meant by a path, a file name or the beginning of a name.

        Raises:
            ModelError: nothing or more than one thing fits, or the name is no text.
        """
        if not _is_text(name):
            sentence = f"The name of that file, {name!a}, is not text that Causerie can hand on."
            raise ModelError(Problem("model_name_not_text", sentence, action="Rename the file."))
        path = _expanded(Path(name))
        models = self.scan()
        on_shelf = [model for model in models if Path(model.path).name == name]
        if len(on_shelf) == 1 and not _is_file(path):
            return on_shelf[0]
        if path.suffix.lower() == SUFFIX or len(path.parts) > 1 or _is_file(path):
            # A path is taken as it is, even a missing one: the engine says precisely what is wrong with it.
            return self._starter_model() if _same(path, self._starter) else _described(path.absolute())
        wanted = name.casefold()
        for fits in (
            [model for model in models if wanted in (model.name.casefold(), Path(model.path).stem.casefold())],
            [model for model in models if model.label.casefold().startswith(wanted)],
            [model for model in models if wanted in model.label.casefold()],
        ):
            if len(fits) == 1:
                return fits[0]
            if fits:
                names = ", ".join(Path(model.path).stem for model in fits)
                raise ModelError(Problem("model_ambiguous", f"“{name}” fits several models: {names}."))
        raise ModelError(
            Problem("model_unknown", f"There is no model named “{name}” on this computer.", action="See: models list.")
        )

    def _starter_model(self) -> ShelfModel:
        size = self._starter.stat().st_size
        return ShelfModel(str(self._starter), STARTER_NAME, quantization_of(self._starter.stem), size, starter=True)


def _described(file: Path) -> ShelfModel:
    try:
        size = file.stat().st_size
    except OSError:
        size = 0
    return ShelfModel(str(file), name_of(file.stem), quantization_of(file.stem), size)


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
