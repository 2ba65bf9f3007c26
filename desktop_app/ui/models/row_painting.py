"""What the rows of Discover are drawn with: grounds, and texts that fit."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle

from desktop_app.ui.theme import Theme

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def write(painter: QPainter, place: QRect, text: str, font: QFont, colour: str) -> int:
    """Write as much of a text as a place has room for; return where it ends."""
    if place.width() <= 0:
        return place.left()
    painter.setFont(font)
    painter.setPen(QColor(colour))
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, LEFT, shown)
    return place.left() + metrics.horizontalAdvance(shown)


def joined(*parts: str) -> str:
    """Return what there is of some facts, in one line."""
    return " · ".join(part for part in parts if part)


def draw_row_ground(painter: QPainter, theme: Theme, rect: QRect, state: QStyle.StateFlag, *, strong: bool) -> None:
    """Draw what stands behind a row: a tint where the mouse or the choice is, a line below, a frame for the keys."""
    palette = theme.palette
    if strong or state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, QColor(palette.accent_tint if strong else palette.hover))
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(palette.line))
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QColor(palette.accent))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = theme.px(8)
        painter.drawRoundedRect(rect.adjusted(1, 1, -2, -2), radius, radius)
