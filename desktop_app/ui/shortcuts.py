"""Every action with its key, declared once; the window binds them and the help page lists them."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget


@dataclass(frozen=True)
class Shortcut:
    """An action.

    Attributes:
        name: in the program.
        keys: portable key sequences, the first one is shown; none when the key is a field's own (``shown``).
        label: what it does.
        shown: the key as text when the action is bound elsewhere.
    """

    name: str
    keys: tuple[str, ...]
    label: str
    shown: str = ""


SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut("new", ("Ctrl+N",), "New conversation"),
    Shortcut("search", ("Ctrl+F", "Ctrl+K"), "Search everything"),
    Shortcut("composer", ("Ctrl+L",), "Write a message"),
    Shortcut("send", (), "Send the message", "Enter"),
    Shortcut("break", (), "New line", "Shift+Enter"),
    Shortcut("edit_last", (), "Edit the last message (in an empty field)", "Up"),
    Shortcut("stop", ("Escape",), "Stop the reply, or go back"),
    Shortcut("regenerate", ("Ctrl+R",), "Regenerate the last reply"),
    Shortcut("continue", ("Ctrl+Shift+Return",), "Continue a cut reply"),
    Shortcut("previous", ("Alt+Left",), "Previous version of the last reply"),
    Shortcut("next", ("Alt+Right",), "Next version of the last reply"),
    Shortcut("copy_reply", ("Ctrl+Shift+C",), "Copy the last reply"),
    Shortcut("rename", ("F2",), "Rename the conversation"),
    Shortcut("delete", ("Ctrl+Shift+Backspace",), "Delete the conversation (or Delete in the list)"),
    Shortcut("undo_delete", ("Ctrl+Z",), "Undo the deletion"),
    Shortcut("sidebar", ("Ctrl+B",), "Show or hide the conversations"),
    Shortcut("inspector", ("Ctrl+I",), "Show or hide the inspector"),
    Shortcut("models", ("Ctrl+M",), "Models"),
    Shortcut("settings", ("Ctrl+,",), "Settings"),
    Shortcut("larger", ("Ctrl++", "Ctrl+="), "Larger"),
    Shortcut("smaller", ("Ctrl+-",), "Smaller"),
    Shortcut("usual_size", ("Ctrl+0",), "Usual size"),
    Shortcut("reload", ("F5",), "Load the model again"),
    Shortcut("help", ("F1",), "These keys"),
    Shortcut("quit", ("Ctrl+Q",), "Quit"),
)


def shortcut_label(shortcut: Shortcut) -> str:
    """Return what an action does, in the person's language."""
    return QCoreApplication.translate("Shortcuts", shortcut.label)


def shortcut_keys(shortcut: Shortcut) -> str:
    """Return an action's key as the platform writes it."""
    text = shortcut.shown or shortcut.keys[0]
    return QKeySequence(text).toString(QKeySequence.SequenceFormat.NativeText)


class ShortcutsDialog(QDialog):
    """The list of keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(8)
        half = (len(SHORTCUTS) + 1) // 2
        for index, shortcut in enumerate(SHORTCUTS):
            row, column = index % half, 2 * (index // half)
            label = QLabel(shortcut_label(shortcut))
            keys = QLabel(shortcut_keys(shortcut))
            keys.setObjectName("figure")
            grid.addWidget(label, row, column)
            grid.addWidget(keys, row, column + 1, Qt.AlignmentFlag.AlignRight)
        close = QPushButton(self.tr("Close"))
        close.setObjectName("primary")
        close.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 24, 28, 20)
        layout.setSpacing(20)
        layout.addLayout(grid)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
