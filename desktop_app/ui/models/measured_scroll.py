"""One readable column that scrolls: as wide as its measure, in the middle of what is wider."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop_app.ui.theme import Theme, ThemeManager

MEASURE = 920


class MeasuredScroll(QScrollArea):
    """Scrolls what is put into ``column``.

    Attributes:
        content: all that scrolls, the free room around the column included.

    Args:
        themes: colours and sizes.
        above, below: free room in the column, in pixels at a zoom of 1.
    """

    def __init__(self, themes: ThemeManager, above: int, below: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = themes
        self._above, self._below = above, below
        self.column = QVBoxLayout()
        self.column.setContentsMargins(0, 0, 0, 0)
        self._holder = QWidget()
        self._holder.setLayout(self.column)
        self.content = QWidget()
        self.content.setObjectName("scrolled")
        self._outer = QHBoxLayout(self.content)
        self._outer.addStretch(1)
        self._outer.addWidget(self._holder, 100)
        self._outer.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self.content)
        self._measure(themes.theme)
        themes.changed.connect(self._measure)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room of a narrow page to what is on it."""
        super().resizeEvent(event)
        self._set_margins(self._scale.theme)

    def _measure(self, theme: Theme) -> None:
        self._holder.setMaximumWidth(theme.px(MEASURE))
        self._set_margins(theme)

    def _set_margins(self, theme: Theme) -> None:
        beside = min(theme.px(32), self.width() // 20)
        # Where there is room to spare, the column stands in the middle of the page, not of what the bar leaves of it.
        bar = self.width() - self.viewport().width()
        left = beside + (bar if self.width() >= theme.px(MEASURE) + 2 * (beside + bar) else 0)
        self._outer.setContentsMargins(left, theme.px(self._above), beside, theme.px(self._below))
