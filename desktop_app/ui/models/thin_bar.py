"""How far something is, as a thin line."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar

from desktop_app.ui.theme import ThemeManager

STEPS = 1000


class ThinBar(QProgressBar):
    """A line that fills, in one of the palette's colours."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._role = "accent"
        self.setTextVisible(False)
        self.setRange(0, STEPS)

    def set_role(self, role: str) -> None:
        """Fill with one of the palette's colours."""
        if role != self._role:
            self._role = role
            self.update()

    def set_fraction(self, fraction: float) -> None:
        """Fill it as far, 0 to 1."""
        value = int(fraction * STEPS)
        if value != self.value():
            self.setUpdatesEnabled(False)  # Qt would draw it at once, and each of twenty at a time of its own
            self.setValue(value)
            self.setUpdatesEnabled(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        palette = self._themes.theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.height() / 2
        painter.setBrush(QColor(palette.line))
        painter.drawRoundedRect(self.rect(), radius, radius)
        filled = self.rect()
        filled.setWidth(self.width() * self.value() // STEPS)
        painter.setBrush(QColor(getattr(palette, self._role)))
        painter.drawRoundedRect(filled, radius, radius)
