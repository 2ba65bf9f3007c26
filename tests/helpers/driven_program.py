"""The whole program with a real window, driven from outside through what is on view.

Run as ``python -m tests.helpers.driven_program ARGUMENTS OF THE PROGRAM``. Each line of standard input is a command as
a JSON pair, each is answered with one line of JSON: what was asked for, or false while it is not on view.
"""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QWidget

from desktop_app.bootstrap import main


def on_view(kind: type[QWidget]) -> Iterator[Any]:
    """Yield the widgets of a kind that a person sees and may use."""
    for widget in QApplication.allWidgets():
        if isinstance(widget, kind) and widget.isVisible() and widget.isEnabled():
            yield widget


def press(name: str) -> bool:
    """Click on a button by its text or its accessible name."""
    for button in on_view(QAbstractButton):
        if name in (button.text().replace("&", ""), button.accessibleName()):
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            return True
    return False


def choose(text: str) -> bool:
    """Open the row of a list that shows a text."""
    for view in on_view(QAbstractItemView):
        rows = view.model()
        for row in range(rows.rowCount()):
            index = rows.index(row, 0)
            shown = [
                rows.data(index, role) for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            ]
            if any(text in str(one) for one in shown):
                view.scrollTo(index)
                view.setCurrentIndex(index)
                view.setFocus()
                QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())
                QTest.keyClick(view, Qt.Key.Key_Return)
                return True
    return False


def press_keys(keys: str) -> bool:
    """Press a combination of keys, such as Ctrl+M."""
    (combination,) = [QKeySequence(keys)[0]]
    window = QApplication.activeWindow() or next(iter(QApplication.topLevelWidgets()))
    target = QApplication.focusWidget() or window
    QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
    return True


def write(text: str) -> bool:
    """Type into what has the focus."""
    target = QApplication.focusWidget()
    if target is None:
        return False
    QTest.keyClicks(target, text)
    return True


def texts(_: str) -> list[str]:
    """Return the texts on view."""
    return [label.text() for label in on_view(QLabel)] + [button.text() for button in on_view(QAbstractButton)]


def where(_: str) -> list[int]:
    """Return the size of the window and whether it is really on a screen."""
    window = next(widget for widget in QApplication.topLevelWidgets() if widget.isVisible())
    corner = window.mapToGlobal(QPoint(0, 0))
    return [window.width(), window.height(), corner.x(), corner.y()]


COMMANDS: dict[str, Callable[[str], object]] = {
    "press": press,
    "choose": choose,
    "keys": press_keys,
    "write": write,
    "texts": texts,
    "where": where,
}


class Driver(QObject):
    """Carries commands from the reading thread to the window's."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self.obey, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        """Read commands until the other side closes."""
        for line in sys.stdin:
            self.asked.emit(line)

    def obey(self, line: str) -> None:
        """Do what a line asks for, on the window's thread."""
        name, text = json.loads(line)
        print(json.dumps(COMMANDS[name](text)), flush=True)  # noqa: T201 - the answer


def run() -> int:
    """Start the program with a driver inside."""
    from desktop_app.ui import application

    made = application.make_application

    def with_driver() -> QApplication:
        one = made()
        one.driver = Driver()  # type: ignore[attr-defined]
        return one

    application.make_application = with_driver
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())
