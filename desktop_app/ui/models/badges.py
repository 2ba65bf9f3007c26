"""Badges: a word or two in a colour that means something, on a tint of it."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from desktop_app.core.hub import Verdict
from desktop_app.ui.theme import Theme, tint

HEIGHT = 20
NEUTRAL = "secondary"  # the palette's colour of a badge that neither warns nor recommends
_PADDING = 7


def role_of(verdict: Verdict) -> str:
    """Return the palette's colour of a verdict."""
    return {Verdict.FITS: "good", Verdict.TIGHT: "caution", Verdict.TOO_LARGE: "bad"}.get(verdict, NEUTRAL)


def badge_width(theme: Theme, text: str) -> int:
    """Return how wide a badge is; 0 for an empty text, which has none."""
    return QFontMetrics(_font(theme)).horizontalAdvance(text) + 2 * theme.px(_PADDING) if text else 0


def draw_badge(painter: QPainter, theme: Theme, place: QRect, text: str, role: str) -> None:
    """Draw a badge at the left of a place, in the middle of its height; what does not fit is elided."""
    width = min(badge_width(theme, text), place.width())
    if width <= 0:
        return
    height = theme.px(HEIGHT)
    rect = QRect(place.left(), place.top() + (place.height() - height) // 2, width, height)
    radius = theme.px(6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tint(theme.palette, role)))
    painter.drawRoundedRect(rect, radius, radius)
    painter.setFont(_font(theme))
    painter.setPen(QColor(getattr(theme.palette, role)))
    room = width - 2 * theme.px(_PADDING)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room + 1)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, shown)


def _font(theme: Theme) -> QFont:
    return theme.text_font(12, QFont.Weight.DemiBold)
