"""The window's side of the network: its settings told to the services, and the windows about it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop_app.services.events import Event
from desktop_app.services.host import Services
from desktop_app.system.paths import AppPaths
from desktop_app.system.settings import Settings, Value
from desktop_app.ui.theme import ThemeManager

if TYPE_CHECKING:  # most starts never open one of its windows
    from desktop_app.ui.network_windows import NetworkWindows

_REACHING = ("online", "hub_endpoint", "proxy")


class Network(QObject):
    """Tells the services when the settings of the network change, and opens the windows about it when asked to."""

    def __init__(
        self,
        window: QWidget,
        themes: ThemeManager,
        settings: Settings,
        paths: AppPaths,
        do: Callable[[Callable[[Services], object]], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._themes = themes
        self._settings = settings
        self._paths = paths
        self._do = do
        self.windows: NetworkWindows | None = None
        self.destroyed.connect(settings.listen(self._on_setting))

    def begin(self) -> None:
        """Ask whether connections are allowed, where the settings allow them: the environment may not."""
        if self._settings.flag("online"):
            self._do(lambda services: services.discover.standing())

    def show_connections(self) -> None:
        """Show what the program has connected to."""
        self._made_windows().show_connections()

    def ask_token(self) -> None:
        """Ask for the token of the Hub."""
        self._made_windows().ask_token(self._settings.text("hub_endpoint"))

    def hear(self, event: Event) -> None:
        """Hand on what the services tell."""
        if self.windows is not None:
            self.windows.hear(event)

    def _made_windows(self) -> "NetworkWindows":
        from desktop_app.ui.network_windows import NetworkWindows

        if self.windows is None:
            self.windows = NetworkWindows(self._themes, self._window)
            self.windows.asked.connect(self._do)
        return self.windows

    def _on_setting(self, key: str, _value: Value) -> None:
        from desktop_app.services.network import download_limit, hub_options

        if key in _REACHING:
            options = hub_options(self._settings, self._paths.data_dir)
            self._do(lambda services: services.discover.configure(options))
        elif key == "download_limit":
            limit = download_limit(self._settings)
            self._do(lambda services: services.downloads.set_limit(limit))
