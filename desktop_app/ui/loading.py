"""What the window does about the model in use: it is loaded from anywhere, and what was settled for it holds."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop_app.core.model import LoadOptions, ModelDefaults, ShelfModel
from desktop_app.services.events import ModelChanged, ModelsListed, ModelState
from desktop_app.services.host import Services
from desktop_app.services.shelf_events import DefaultsShown, ModelRelocated
from desktop_app.system.paths import AppPaths, starter_model
from desktop_app.system.settings import Settings, Value, load_options
from desktop_app.ui.notices import Notice


class Loading:
    """Loads models for a window, and keeps what that changes in the settings."""

    def __init__(
        self,
        settings: Settings,
        paths: AppPaths,
        do: Callable[[Callable[[Services], object]], None],
        set_setting: Callable[[str, Value], None],
        tell: Callable[[Notice], None],
    ) -> None:
        """Make it.

        Args:
            settings: of the profile.
            paths: of the profile.
            do: has something done by the services.
            set_setting: changes a setting, and tells when it could not be saved.
            tell: shows a notice.
        """
        self._settings = settings
        self._paths = paths
        self._do = do
        self._set_setting = set_setting
        self._tell = tell
        self._loaded = ""
        self._defaults: ModelDefaults | None = None
        self._models: tuple[ShelfModel, ...] = ()

    @property
    def system_prompt(self) -> str:
        """What the model in use is told before a new conversation: as settled for it, else as in the settings."""
        own = self._defaults.system_prompt if self._defaults is not None else ""
        return own or self._settings.text("system_prompt")

    def load(self, model: ShelfModel) -> None:
        """Load a model; once it is loaded, the next start loads it again."""
        options = load_options(self._settings)
        self._do(lambda services: services.models.load(model, options))

    def load_file(self, path: str) -> None:
        """Load a model by its path."""
        options = load_options(self._settings)
        self._do(lambda services: services.models.load_path(path, options))

    def load_first(self, file: str) -> None:
        """Load what the start asks for: a file, else the model of the settings, else the starter model."""
        wanted = file or self._settings.text("model")
        options = load_options(self._settings)
        self._do(lambda services: services.models.load_default(wanted, options))

    def load_dropped(self, path: str) -> None:
        """Load a file that was dropped on the window, where it lies, and offer to copy it to the shelf."""
        self.load_file(path)
        if not self._is_listed(path):
            text = _tr("{name} is used where it lies.").replace("{name}", Path(path).name)
            self._tell(Notice(text, _tr("Copy to the shelf"), lambda: self.copy_to_shelf(path), stays=True))

    def copy_to_shelf(self, path: str) -> None:
        """Copy a file to the shelf."""
        self._do(lambda services: services.shelf.import_file(path))

    def reload(self, options: LoadOptions | None = None) -> None:
        """Load the model again."""
        self._do(lambda services: services.models.reload(options))

    def offer_reload(self) -> None:
        """Tell that a change holds only once the model is loaded again, and offer that."""
        text = _tr("This takes effect when the model is loaded again.")
        self._tell(Notice(text, _tr("Load it now"), lambda: self.reload(load_options(self._settings))))

    # What is heard

    def hear_model(self, state: ModelChanged) -> None:
        """Remember a model that is loaded for the next start, and ask what was settled for it."""
        if state.state is ModelState.READY:
            self._set_setting("model", "" if state.path == str(starter_model()) else state.path)
        loaded = state.path if state.state in (ModelState.READY, ModelState.LOADING) else ""
        if loaded != self._loaded:
            self._loaded, self._defaults = loaded, None
            if loaded:
                self._do(lambda services: services.shelf.defaults(loaded))

    def hear_models(self, listed: ModelsListed) -> None:
        """Remember which models are listed."""
        self._models = listed.models

    def hear_defaults(self, shown: DefaultsShown) -> bool:
        """Take over what is settled for the model in use; whether it was about that one."""
        if shown.path != self._loaded:
            return False
        before, self._defaults = self._defaults, shown.defaults
        if before is not None and _as_loaded(before) != _as_loaded(shown.defaults):
            self.offer_reload()
        return True

    def hear_relocated(self, moved: ModelRelocated) -> None:
        """Let the settings follow a file or the shelf to its new place."""
        from desktop_app.services.shelf_settings import relocation

        changes = relocation(self._settings, self._paths.models_dir, Path(moved.old), Path(moved.new))
        for key, value in changes.items():
            self._set_setting(key, value)

    def _is_listed(self, path: str) -> bool:
        return any(model.path == path and model.origin != "elsewhere" for model in self._models)


def _as_loaded(defaults: ModelDefaults) -> LoadOptions:
    """Return what of the defaults decides how a model is loaded."""
    return LoadOptions().with_defaults(defaults)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Loading", text)
