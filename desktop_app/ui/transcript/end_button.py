"""The round button that leads back to the end of the conversation."""

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from desktop_app.ui.transcript.style import TranscriptStyle

_SIDE = 34
_DISTANCE = 14


class EndButton(QToolButton):
    """An arrow down on a disc; it stands above the text, at its right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._style: TranscriptStyle | None = None
        name = QCoreApplication.translate("Transcript", "To the end")
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()

    def place(self, style: TranscriptStyle, viewport: QRect) -> None:
        """Stand in the bottom right corner of the viewport."""
        if self._style is not style:
            self._style = style
            self.setFixedSize(style.px(_SIDE), style.px(_SIDE))
            self.update()
        distance = style.px(_DISTANCE)
        self.move(viewport.right() - distance - self.width(), viewport.bottom() - distance - self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        style = self._style
        if style is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(style.colour("accent"), 2))
        else:
            painter.setPen(QPen(style.colour("line"), 1))
        painter.setBrush(style.colour("hover" if self.underMouse() or self.isDown() else "card"))
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.setPen(QPen(style.colour("text"), style.px(3) / 2, c=Qt.PenCapStyle.RoundCap))
        middle, length, head = QRectF(self.rect()).center(), style.px(6), style.px(5)
        tip = middle + QPointF(0, length)
        painter.drawLine(middle - QPointF(0, length), tip)
        painter.drawLine(tip, tip + QPointF(-head, -head))
        painter.drawLine(tip, tip + QPointF(head, -head))
