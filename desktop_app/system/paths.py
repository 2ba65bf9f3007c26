"""Where everything lies: the user's own folders, or one folder that holds a whole separate profile."""

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import platformdirs

from desktop_app.core.errors import Problem, StorageError

APP_NAME = "causerie"


@dataclass(frozen=True)
class AppPaths:
    """All places that the program writes to. Nothing is created before ``ensure``.

    Attributes:
        data_dir: conversations, their backups, models.
        config_dir: the settings file.
        log_dir: logs and crash reports.
        cache_dir: what can be made again.
    """

    data_dir: Path
    config_dir: Path
    log_dir: Path
    cache_dir: Path

    @classmethod
    def for_user(cls) -> Self:
        """Return the places that the operating system has for this user."""
        dirs = platformdirs.PlatformDirs(APP_NAME, appauthor=False, roaming=False)
        return cls(dirs.user_data_path, dirs.user_config_path, dirs.user_log_path, dirs.user_cache_path)

    @classmethod
    def under(cls, directory: Path) -> Self:
        """Return a profile with everything below one folder."""
        root = directory.expanduser().absolute()
        return cls(root, root / "config", root / "logs", root / "cache")

    @property
    def database(self) -> Path:
        """The file of conversations; SQLite keeps two more beside it while it is open."""
        return self.data_dir / "causerie.sqlite3"

    @property
    def backups_dir(self) -> Path:
        """Copies of the database made before migrations."""
        return self.data_dir / "backups"

    @property
    def models_dir(self) -> Path:
        """The shelf."""
        return self.data_dir / "models"

    @property
    def settings_file(self) -> Path:
        """The settings, as JSON."""
        return self.config_dir / "settings.json"

    @property
    def program_log(self) -> Path:
        """What the program does; no word of any conversation."""
        return self.log_dir / "causerie.log"

    @property
    def engine_log(self) -> Path:
        """What the process that runs the model prints."""
        return self.log_dir / "engine.log"

    @property
    def crashes_dir(self) -> Path:
        """Reports of errors of ours, and of crashes."""
        return self.log_dir / "crashes"

    @property
    def lock_file(self) -> Path:
        """Held by the one running window of this profile."""
        return self.data_dir / "window.lock"

    @property
    def instance_name(self) -> str:
        """A name for the socket on which the running window of this profile listens.

        25 characters, because the path of a Unix socket may have 107 bytes at most and a profile's folder more.
        """
        return f"causerie-{hashlib.sha256(str(self.data_dir.resolve()).encode()).hexdigest()[:16]}"

    def ensure(self) -> None:
        """Create the folders, readable by this user only.

        Raises:
            StorageError: ``folder_not_created``.
        """
        for folder in (self.data_dir, self.config_dir, self.log_dir, self.cache_dir, self.models_dir, self.crashes_dir):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise StorageError(
                    Problem(
                        "folder_not_created",
                        f"Causerie could not create its folder {folder}: {(error.strerror or str(error)).lower()}.",
                        "Nothing was changed.",
                        "Make that place writable, or start with another data folder (--data-dir).",
                        str(error),
                    )
                ) from error


def resources_dir() -> Path:
    """Return the folder of icons, fonts, translations and the starter model."""
    frozen = getattr(sys, "_MEIPASS", None)  # set by PyInstaller's bootloader
    return (Path(frozen) if frozen else Path(__file__).parents[2]) / "resources"


def starter_model() -> Path:
    """Return the path of the model that ships with the program."""
    return resources_dir() / "starter" / "causerie-starter-Q8_0.gguf"
