"""Every action with its key, declared once; the window binds them and the help page lists them."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.ui.dialogs import FRAME, ScreenDialog

SEND_KEYS = {"enter": "Enter", "ctrl_enter": "Ctrl+Enter"}
# A screen of fewer pixels across has none to spare for margins.
ROOMY = 700


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
    Shortcut("model_sections", (), "Discover, models here, downloads", "Ctrl+1, Ctrl+2, Ctrl+3"),
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
    return _native(shortcut.shown or shortcut.keys[0])


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


class ShortcutsDialog(ScreenDialog):
    """The list of keys, in two columns, one, or with each key below what it does: as there is room on the screen.

    Args:
        parent: the window.
        send_key: what sends a message, ``"enter"`` or ``"ctrl_enter"`` as in the settings.
    """

    def __init__(self, parent: QWidget | None = None, send_key: str = "enter") -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard"))
        content = QWidget()
        content.setObjectName("scrolled")
        self._grid = QGridLayout(content)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(8)
        self._rows: list[tuple[QLabel, QLabel]] = []
        for shortcut in SHORTCUTS:
            label = QLabel(shortcut_label(shortcut))
            keys = QLabel(_native(SEND_KEYS[send_key]) if shortcut.name == "send" else shortcut_keys(shortcut))
            keys.setObjectName("figure")
            self._rows.append((label, keys))
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.setObjectName("primary")
        self.close_button.clicked.connect(self.accept)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._layout = QVBoxLayout(self)
        self._layout.addWidget(self._scroll, 1)
        self._layout.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        self._arrange(2)
        self._scroll.setWidget(content)

    def fit_into(self, room: QRect) -> None:
        """Arrange the keys for a screen's room, and take no more of it than there is."""
        wide = room.width() >= ROOMY
        self._layout.setContentsMargins(28 if wide else 12, 24 if wide else 12, 28 if wide else 12, 20 if wide else 12)
        self._layout.setSpacing(20 if wide else 12)
        self._grid.setHorizontalSpacing(32 if wide else 16)
        margins = self._layout.contentsMargins()
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        beside = margins.left() + margins.right() + bar
        most = QSize(room.width() - FRAME.width(), room.height() - FRAME.height())
        for columns in (2, 1, 0):
            self._arrange(columns)
            natural = self._grid.totalMinimumSize() if columns == 0 else self._grid.totalSizeHint()
            if natural.width() + beside <= most.width():
                break
        width = min(most.width(), max(natural.width() + beside, self.close_button.sizeHint().width() + beside))
        if columns == 0:
            width = most.width()
        inner = width - beside
        tall = self._grid.totalHeightForWidth(inner) if self._grid.hasHeightForWidth() else natural.height()
        below = self.close_button.sizeHint().height() + self._layout.spacing()
        self.resize(width, min(most.height(), tall + below + margins.top() + margins.bottom()))

    def _arrange(self, columns: int) -> None:
        """Lay the rows out in columns; 0 means one, each key below its label."""
        per_column = -(-len(self._rows) // max(1, columns))
        for index, (label, keys) in enumerate(self._rows):
            self._grid.removeWidget(label)
            self._grid.removeWidget(keys)
            label.setWordWrap(columns == 0)
            if columns:
                row, column = index % per_column, 2 * (index // per_column)
                self._grid.addWidget(label, row, column)
                self._grid.addWidget(keys, row, column + 1, Qt.AlignmentFlag.AlignRight)
            else:
                self._grid.addWidget(label, 2 * index, 0)
                self._grid.addWidget(keys, 2 * index + 1, 0)
