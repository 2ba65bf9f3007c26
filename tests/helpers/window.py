"""The real window on real services in a profile of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import make_host
from desktop_app.services.events import Event, ModelChanged, ModelState, ReplyEnded
from desktop_app.services.host import ServiceHost
from desktop_app.system.paths import AppPaths, resources_dir
from desktop_app.system.settings import Settings
from desktop_app.ui.bridge import Bridge
from desktop_app.ui.language import SOURCE, Language
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.theme import ThemeManager, load_fonts
from desktop_app.ui.window import make_window

SCRIPTED = "desktop_app.inference.scripted_backend"
PATIENCE_MS = 20_000


@dataclass
class OpenWindow:
    """A window, what is behind it, and every event it has heard."""

    window: MainWindow
    bridge: Bridge
    host: ServiceHost
    settings: Settings
    themes: ThemeManager
    language: Language
    heard: list[Event]
    bot: QtBot

    def wait_for(self, check: Callable[[], bool]) -> None:
        """Wait until something is so."""
        self.bot.waitUntil(check, timeout=PATIENCE_MS)

    def wait_event(self, kind: type[Event], matches: Callable[[Event], bool] = lambda _: True) -> Event:
        """Wait for an event that has been heard since the last ``forget``."""
        self.wait_for(lambda: any(isinstance(event, kind) and matches(event) for event in self.heard))
        return next(event for event in self.heard if isinstance(event, kind) and matches(event))

    def forget(self) -> None:
        """Forget what has been heard."""
        self.heard.clear()

    def wait_ready(self) -> None:
        """Wait until a model is loaded."""
        self.wait_event(ModelChanged, lambda event: event.state is ModelState.READY)

    def ask(self, text: str) -> ReplyEnded:
        """Send a message and wait until its reply has ended."""
        self.forget()
        self.window.chat.composer.set_text(text)
        self.window.chat.composer.input.submitted.emit()
        ended = self.wait_event(ReplyEnded)
        assert isinstance(ended, ReplyEnded)
        return ended

    def close(self) -> None:
        """Close the window and end the services."""
        self.window.close()
        self.language.use(SOURCE)  # what it had installed would outlive it
        assert self.host.close(timeout=10)
        QApplication.processEvents()


def open_window(
    bot: QtBot, profile: Path, *, backend: str = SCRIPTED, model: str = "", **values: str | int
) -> OpenWindow:
    """Open a window on a profile.

    Args:
        bot: waits.
        profile: the profile's folder.
        backend: what runs the model.
        model: a file to load instead of the default.
        values: settings.
    """
    paths = AppPaths.under(profile)
    paths.ensure()
    settings, problem = Settings.load(paths.settings_file)
    assert problem is None
    settings.update({"theme": "light", "language": "en", **values})
    language = Language()
    language.use(settings.text("language"))
    load_fonts(resources_dir() / "fonts")
    bridge = Bridge()
    heard: list[Event] = []
    bridge.published.connect(heard.append)
    host = make_host(paths, bridge.publish, backend=backend)
    themes = ThemeManager(str(settings["theme"]), int(settings["zoom"]) / 100)
    window = make_window(host, bridge, settings, paths, themes)
    language.follow(settings, window.retranslate)
    bot.addWidget(window)
    window.show()
    host.start()
    window.load_first_model(model)
    return OpenWindow(window, bridge, host, settings, themes, language, heard, bot)
