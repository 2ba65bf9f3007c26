"""Longest stall of the window's event loop while each part of the program is opened for the first and second time.

A timer ticks every millisecond; a stall is the longest time between two ticks. Budget: 50 ms.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer

from desktop_app.bootstrap import make_host
from desktop_app.services import events
from desktop_app.system.paths import AppPaths, resources_dir
from desktop_app.system.settings import Settings
from desktop_app.ui.application import make_application
from desktop_app.ui.bridge import Bridge
from desktop_app.ui.theme import ThemeManager, load_fonts
from desktop_app.ui.window import make_window

SETTLE_MS = 400


class Ticker:
    """Measures the longest time between two turns of the event loop."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def during(self, action: Callable[[], object]) -> float:
        """Do something, let it settle, and return the longest stall in milliseconds."""
        self.longest, self._last = 0.0, time.perf_counter()
        QTimer.singleShot(0, action)
        wait(SETTLE_MS)
        return self.longest * 1000


def wait(milliseconds: int) -> None:
    """Let the event loop run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_for(heard: list[events.Event], kind: type[events.Event]) -> None:
    """Let the event loop run until an event has been heard."""
    while not any(isinstance(event, kind) for event in heard):
        wait(5)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    application = make_application()
    load_fonts(resources_dir() / "fonts")
    with tempfile.TemporaryDirectory() as folder:
        paths = AppPaths.under(Path(folder))
        paths.ensure()
        settings, _ = Settings.load(paths.settings_file)
        bridge = Bridge()
        heard: list[events.Event] = []
        bridge.published.connect(heard.append)
        host = make_host(paths, bridge.publish, "desktop_app.inference.scripted_backend")
        window = make_window(host, bridge, settings, paths, ThemeManager("light"))
        window.show()
        host.start()
        window.load_first_model("")
        wait_for(heard, events.ServicesStarted)
        wait(500)
        ids = []
        for number in range(2):
            heard.clear()
            window.new_conversation()
            window.send(f"fast {(number + 1) * 1500}")
            wait_for(heard, events.ReplyEnded)
            ids.append(window.chat.conversation.id if window.chat.conversation else 0)
        parts: dict[str, Callable[[], object]] = {
            "new conversation": window.new_conversation,
            "conversation, 20,000 characters": lambda: window.open_conversation(ids[1]),
            "conversation, 10,000 characters": lambda: window.open_conversation(ids[0]),
            "settings": lambda: window.show_page("settings"),
            "models": lambda: window.show_page("models"),
            "trash": lambda: window.show_page("trash"),
            "back to the conversation": lambda: window.show_page(""),
            "search": lambda: window.sidebar.search("word12"),
            "end of the search": window.sidebar.clear_search,
            "inspector away": lambda: window.set_setting("inspector_visible", False),
            "inspector back": lambda: window.set_setting("inspector_visible", True),
            "dark theme": lambda: window.set_setting("theme", "dark"),
            "light theme": lambda: window.set_setting("theme", "light"),
            "zoom 110 %": lambda: window.set_setting("zoom", 110),
            "zoom 100 %": lambda: window.set_setting("zoom", 100),
        }
        ticker = Ticker()
        first = {name: ticker.during(action) for name, action in parts.items()}
        later: dict[str, list[float]] = {name: [] for name in parts}
        for _ in range(rounds):
            for name, action in parts.items():
                later[name].append(ticker.during(action))
        rest = ticker.during(lambda: None)
        print(f"{'':34}first   later (median, worst of {rounds})     at rest {rest:.0f} ms")
        for name in parts:
            print(f"{name:32}{first[name]:6.0f} ms {statistics.median(later[name]):6.0f} ms {max(later[name]):6.0f} ms")
        window.close()
        host.close()
    application.quit()


if __name__ == "__main__":
    main()
