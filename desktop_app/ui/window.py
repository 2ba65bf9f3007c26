"""A whole window: made, wired to its widgets and keys, and listening to the services."""

from desktop_app.services.host import ServiceHost
from desktop_app.system.paths import AppPaths
from desktop_app.system.settings import Settings
from desktop_app.ui.bridge import Bridge
from desktop_app.ui.listener import Listener
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.model_drop import ModelDrop
from desktop_app.ui.theme import ThemeManager
from desktop_app.ui.wiring import bind_shortcuts, connect_widgets


def make_window(
    host: ServiceHost, bridge: Bridge, settings: Settings, paths: AppPaths, themes: ThemeManager
) -> MainWindow:
    """Make the window of a profile."""
    window = MainWindow(host, settings, paths, themes)

    def wire() -> None:
        connect_widgets(window)
        bind_shortcuts(window)

    wire()
    window.rebuilt.connect(wire)
    Listener(window, bridge)
    ModelDrop(window).dropped.connect(window.loading.load_dropped)
    return window
