"""The application around the window: fonts, theme, one window per profile, and an orderly end."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from desktop_app import __version__
from desktop_app.core.errors import KnownError, Problem
from desktop_app.services.host import Publish, ServiceHost
from desktop_app.system.paths import AppPaths, resources_dir
from desktop_app.system.settings import Settings
from desktop_app.ui.bridge import Bridge
from desktop_app.ui.first_paint import FirstPaint
from desktop_app.ui.language import Language
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.single_instance import SingleInstance
from desktop_app.ui.theme import ThemeManager, load_fonts
from desktop_app.ui.window import make_window

if TYPE_CHECKING:
    from desktop_app.system.logs import ProgramLog


def run_window(
    paths: AppPaths,
    settings: Settings,
    make_host: Callable[[Publish], ServiceHost],
    problems: Sequence[Problem] = (),
    file: str = "",
) -> int:
    """Open the window of a profile and return the exit code; with a window open already, raise that one.

    Args:
        paths: of the profile.
        settings: of the profile.
        make_host: makes the services' host.
        problems: to be told once the window is there.
        file: a model file to load.
    """
    application = make_application()
    instance = SingleInstance(paths.lock_file, paths.instance_name)
    if not instance.claim():
        if instance.ask_other(file):
            return 0
        raise KnownError(_unanswered())
    language = Language()
    language.use(settings.text("language"))
    bridge = Bridge()
    host = make_host(bridge.publish)
    load_fonts(resources_dir() / "fonts")
    themes = ThemeManager(str(settings["theme"]), int(settings["zoom"]) / 100)
    window = make_window(host, bridge, settings, paths, themes)
    language.follow(settings, window.retranslate)
    logs: list[ProgramLog] = []

    def start_the_rest() -> None:
        """What can wait until the window is painted: a person sees it 100 ms earlier (measured)."""
        from desktop_app.system.logs import start_logging

        logs.append(start_logging(paths))
        instance.raise_requested.connect(window.come_to_front)
        instance.listen()
        host.start()
        window.load_first_model(file)
        for problem in problems:
            window.show_problem(problem)

    excepthook = sys.excepthook
    sys.excepthook = _reporter(paths, window)
    _quit_on_signals(application, window)
    FirstPaint(window, start_the_rest)
    window.show()
    try:
        return application.exec()
    finally:
        sys.excepthook = excepthook
        host.close()
        instance.release()
        for log in logs:
            log.close()


def _reporter(paths: AppPaths, window: MainWindow) -> Callable[[type[BaseException], BaseException, Any], None]:
    def on_bug(_kind: type[BaseException], error: BaseException, _trace: Any) -> None:
        from desktop_app.system.logs import report

        window.show_bug(report(error, paths))

    return on_bug


def _unanswered() -> Problem:
    return Problem(
        "window_unanswered",
        "Causerie is already open with this profile, but its window does not answer.",
        "Nothing was changed.",
        "Close that window, or end its process, and start again.",
    )


def make_application() -> QApplication:
    """Create the application."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("causerie")
    application.setApplicationDisplayName("Causerie")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("causerie")
    application.setStyle("fusion")
    application.setWindowIcon(QIcon(str(resources_dir() / "icons" / "causerie.svg")))
    return application


def _quit_on_signals(application: QApplication, window: MainWindow) -> None:
    """Let Ctrl+C in a terminal and a polite kill close the window in order.

    Python runs a signal's handler only between bytecodes, and Qt's loop runs none while it sleeps; a pipe that Python
    writes to at each signal wakes it, without a timer. Windows has neither these signals nor such pipes.
    """
    if sys.platform == "win32":
        return
    reader, writer = os.pipe()
    for end in (reader, writer):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    notifier = QSocketNotifier(reader, QSocketNotifier.Type.Read, application)
    notifier.activated.connect(lambda: os.read(reader, 64))

    def close(_number: int, _frame: object) -> None:
        QTimer.singleShot(0, window.close)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, close)
