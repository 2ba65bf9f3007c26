"""Small things that are drawn: the program's mark, the dot of a state, and a button with a hint."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QResizeEvent, QTransform
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from desktop_app.ui.theme import Palette, ThemeManager


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

    def event(self, event: QEvent) -> bool:
        """Look again in another style or font: the words and the hint grow without the button being resized.

        The hint takes over a style after the button, and asks for a new layout then.
        """
        done = super().event(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange, QEvent.Type.LayoutRequest):
            self._fit()
        return done

    def _fit(self) -> None:
        self._hint.setVisible(self.sizeHint().width() + self._hint.sizeHint().width() <= self.width())


class _Square(QWidget):
    """Something small that is drawn in a square of the theme's size and colours."""

    SIDE = 8

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        themes.changed.connect(self._on_theme_changed)

    def sizeHint(self) -> QSize:
        """Return the side, zoomed."""
        side = self._themes.theme.px(self.SIDE)
        return QSize(side, side)

    def paintEvent(self, event: QEvent) -> None:
        """Draw it, centred from top to bottom."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self._themes.theme.px(self.SIDE)
        painter.setTransform(QTransform.fromTranslate(0, (self.height() - side) // 2), combine=True)
        self.draw(painter, side, self._themes.theme.palette)

    def draw(self, painter: QPainter, side: int, palette: Palette) -> None:
        """Draw it from the origin."""

    def _on_theme_changed(self) -> None:
        self.updateGeometry()


class StateDot(_Square):
    """A dot in the colour of what is well, or of another state."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__(themes)
        self._role = "good"

    def set_role(self, role: str) -> None:
        """Take the colour that the palette has under a name."""
        self._role = role
        self.update()

    def draw(self, painter: QPainter, side: int, palette: Palette) -> None:
        """Draw the dot."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(palette, self._role)))
        painter.drawEllipse(0, 0, side, side)


class ProgramMark(_Square):
    """The program's mark: a rounded square whose lower right corner is square, like a speech bubble."""

    SIDE = 18

    def draw(self, painter: QPainter, side: int, palette: Palette) -> None:
        """Draw the mark."""
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        path.addRoundedRect(0, 0, side, side, side * 0.28, side * 0.28)
        path.addRect(side // 2, side // 2, side - side // 2, side - side // 2)
        painter.fillPath(path, QColor(palette.accent))
