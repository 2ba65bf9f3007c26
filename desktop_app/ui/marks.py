"""Small things that are drawn: the program's mark, the dot of a state, and a button with a hint."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from desktop_app.ui.theme import ThemeManager


class HintedButton(QPushButton):
    """A button with a short hint at its right end, such as its key or a count."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.setObjectName(name)
        self._hint = QLabel()
        self._hint.setObjectName("key")
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 10, 0)
        row.addStretch()
        row.addWidget(self._hint)

    def set_hint(self, text: str) -> None:
        """Show a hint."""
        self._hint.setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the hint out where it would stand on the words."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._hint.setVisible(self.sizeHint().width() + self._hint.sizeHint().width() <= self.width())


class StateDot(QWidget):
    """A dot in the colour of what is well."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        themes.changed.connect(self._on_theme_changed)

    def _on_theme_changed(self) -> None:
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return 8 px, zoomed."""
        side = self._themes.theme.px(8)
        return QSize(side, side)

    def paintEvent(self, event: QEvent) -> None:
        """Draw the dot."""
        theme = self._themes.theme
        side = theme.px(8)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.palette.good))
        painter.drawEllipse(0, (self.height() - side) // 2, side, side)


class ProgramMark(QWidget):
    """The program's mark: a rounded square whose lower right corner is square, like a speech bubble."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        themes.changed.connect(self._on_theme_changed)

    def _on_theme_changed(self) -> None:
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return 18 px, zoomed."""
        side = self._themes.theme.px(18)
        return QSize(side, side)

    def paintEvent(self, event: QEvent) -> None:
        """Draw the mark."""
        theme = self._themes.theme
        side, radius = theme.px(18), theme.px(5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        top = (self.height() - side) // 2
        path.addRoundedRect(0, top, side, side, radius, radius)
        path.addRect(side // 2, top + side // 2, side - side // 2, side - side // 2)
        painter.fillPath(path, QColor(theme.palette.accent))
