"""What the settings say about the shelf, and how they follow when it or a model goes elsewhere."""

from pathlib import Path

from desktop_app.services.network import Values, shelf_folder
from desktop_app.system.settings import Settings, Value


def relocation(settings: Values, default: Path, old: Path, new: Path) -> dict[str, Value]:
    """Return the settings that change when a file or folder has another path.

    Args:
        settings: as they are.
        default: the folder of the shelf when none is chosen.
        old: path of a model, or of the shelf's folder, as it was.
        new: the same as it is.
    """
    changes: dict[str, Value] = {}
    if shelf_folder(settings, default).resolve() == old.resolve():
        changes["models_folder"] = _named(new, default)
    model = str(settings["model"])
    if model and (moved := relocated(model, old, new)) != model:
        changes["model"] = moved
    return changes


def relocated(path: str, old: Path, new: Path) -> str:
    """Return where a file is when another, or a folder above it, went elsewhere: perhaps where it was."""
    file = Path(path)
    if file == old:
        return str(new)
    return str(new / file.relative_to(old)) if old in file.parents else path


def switch_shelf(settings_file: Path, default: Path, old: Path, new: Path) -> None:
    """Have the file of settings name another folder of the shelf; on any thread. Raises SettingsError."""
    settings, _ = Settings.load(settings_file)
    # Named whatever stands there now: the originals are deleted next.
    settings.update({**relocation(settings, default, old, new), "models_folder": _named(new, default)})


def _named(folder: Path, default: Path) -> str:
    return "" if folder.resolve() == default.resolve() else str(folder)
