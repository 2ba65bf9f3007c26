"""Long work on the shelf while it goes on: what, how far, how long still, and a way to stop it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout

from desktop_app.ui.figures import time_left_text
from desktop_app.ui.models.text_line import TextLine
from desktop_app.ui.theme import Theme, ThemeManager


class WorkBar(QFrame):
    """A slim bar with a line above it.

    Signals:
        stop_requested.
    """

    stop_requested = Signal()

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self.setObjectName("card")
        self._text = TextLine(themes, "text")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._stop = QPushButton(self.tr("Stop"))
        self._stop.clicked.connect(self.stop_requested)
        self._row = QHBoxLayout()
        self._row.addWidget(self._text, 1, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(self._stop)
        self._layout = QVBoxLayout(self)
        self._layout.addLayout(self._row)
        self._layout.addWidget(self._bar)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)
        self.hide()

    def text(self) -> str:
        """What is said."""
        return self._text.text()

    def show_work(self, what: str, fraction: float, seconds_left: float | None) -> None:
        """Show what is being done, how far it is (0 to 1), and how many seconds it may still take."""
        parts = [what, self.tr("{n} %").replace("{n}", str(int(fraction * 100)))]
        if seconds_left is not None:
            parts.append(self.tr("{time} left").replace("{time}", time_left_text(seconds_left)))
        self._text.set_text(" · ".join(parts))
        self._bar.setAccessibleName(what)
        self._bar.setValue(round(fraction * 1000))
        self._stop.setAccessibleName(self.tr("Stop: {work}").replace("{work}", what))
        self.show()

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._layout.setContentsMargins(theme.px(16), theme.px(6), theme.px(16), theme.px(12))
        self._layout.setSpacing(theme.px(4))
        self._row.setSpacing(theme.px(8))
