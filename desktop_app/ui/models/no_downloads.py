"""What stands in the place of the downloads while there are none."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.ui.theme import Theme, ThemeManager

MEASURE = 480


class NoDownloads(QWidget):
    """Tells where downloads come from.

    Signals:
        discover_requested: the person wants to find a model.
    """

    discover_requested = Signal()

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self.setObjectName("scrolled")
        title = QLabel(self.tr("Nothing is being downloaded"))
        title.setObjectName("title")
        text = QLabel(
            self.tr(
                "A model that you choose in Discover arrives here while you go on chatting. You may close Causerie "
                "at any time: what has begun goes on at the next start."
            )
        )
        text.setObjectName("secondary")
        for label in (title, text):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.discover_button = QPushButton(self.tr("Discover ›"))
        self.discover_button.setObjectName("primary")
        self.discover_button.setAccessibleName(self.tr("Discover models"))
        self.discover_button.clicked.connect(self.discover_requested)
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.addStretch(2)
        self._column.addWidget(title)
        self._column.addWidget(text)
        self._column.addWidget(self.discover_button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(3)
        row = QHBoxLayout(self)
        row.addStretch(1)
        row.addWidget(self._holder, 100)
        row.addStretch(1)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._column.setSpacing(theme.px(12))
        self._holder.setMaximumWidth(theme.px(MEASURE))
