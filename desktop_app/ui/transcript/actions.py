"""The row of small buttons and figures below a message."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from desktop_app.ui.transcript.item import (
    Action,
    TranscriptItem,
    action_explanation,
    action_label,
    actions_for,
    sibling_label,
)
from desktop_app.ui.transcript.style import TranscriptStyle

_PAD = 8
_ROW = 24


class TextButton(QToolButton):
    """A button that is only its words, in the colour of hints; underlined by colour when pointed at or focused."""

    focused = Signal()

    def __init__(self, text: str, explanation: str, style: TranscriptStyle, parent: QWidget) -> None:
        super().__init__(parent)
        self.transcript_style = style
        self.setText(text)
        self.setAutoRaise(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_explanation(explanation)
        self.setFont(style.small.font)

    def set_explanation(self, explanation: str) -> None:
        """Say in a sentence what it does; the words on it may be a sign only."""
        self.setToolTip(explanation)
        is_word = len(self.text()) > 1
        self.setAccessibleName(self.text() if is_word else explanation)
        self.setAccessibleDescription(explanation if is_word else "")

    def sizeHint(self) -> QSize:
        """Return the room that the words need."""
        width = QFontMetricsF(self.transcript_style.small.font).horizontalAdvance(self.text())
        return QSize(int(width + 0.99) + 2 * self.transcript_style.px(_PAD), self.transcript_style.px(_ROW))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that it has the keyboard."""
        super().focusInEvent(event)
        self.focused.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        style = self.transcript_style
        painter = QPainter(self)
        active = self.isEnabled() and (self.underMouse() or self.hasFocus() or self.isDown())
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(style.colour("accent"), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 5, 5)
        colour = style.colour("text" if active else "hint")
        if not self.isEnabled():
            colour.setAlphaF(0.45)
        painter.setPen(colour)
        painter.setFont(style.small.font)
        width = painter.fontMetrics().horizontalAdvance(self.text())
        baseline = (self.height() - style.small.line_height) // 2 + style.small.baseline
        painter.drawText(QPointF((self.width() - width) / 2, baseline), self.text())


def arrange(widths: Sequence[int], available: int) -> list[tuple[int, int]]:
    """Return x and line of pieces set one after the other and wrapped."""
    places: list[tuple[int, int]] = []
    x = line = 0
    for width in widths:
        if x and x + width > available:
            x, line = 0, line + 1
        places.append((x, line))
        x += width
    return places


def _widths(item: TranscriptItem, actions: Sequence[Action], style: TranscriptStyle) -> list[int]:
    metrics = QFontMetricsF(style.small.font)
    pad = 2 * style.px(_PAD)
    widths = [int(metrics.horizontalAdvance(action_label(action)) + 0.99) + pad for action in actions]
    if Action.PREVIOUS in actions:
        widths[0] = widths[1] = style.px(22)
        widths[0] += int(metrics.horizontalAdvance(sibling_label(item)) + 0.99)
    return widths


def actions_height(item: TranscriptItem, style: TranscriptStyle, width: float, *, is_last: bool) -> int:
    """Return the height that the row needs; it is kept free while the row is hidden."""
    # What a finished message will show is reserved while it is written, so that nothing jumps at its end.
    actions = actions_for(item, is_last=is_last) or (Action.COPY,)
    places = arrange(_widths(item, actions, style), int(width) + 2 * style.px(_PAD))
    return style.px(_ROW) * (places[-1][1] + 1)


class ActionRow(QWidget):
    """Buttons, which sibling it is, and figures.

    Signals:
        triggered: an ``Action`` was chosen.
        focused: one of the buttons has the keyboard.
    """

    triggered = Signal(object)
    focused = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._buttons: dict[Action, TextButton] = {}
        self._item: TranscriptItem | None = None
        self._style: TranscriptStyle | None = None
        self._label_rect = QRectF()
        self._free_from = 0

    def buttons(self) -> list[TextButton]:
        """Return the buttons in their order."""
        return list(self._buttons.values())

    def set_item(self, item: TranscriptItem, style: TranscriptStyle, width: int, *, is_last: bool) -> None:
        """Show a message's actions in a width; the row itself is wider by the padding of the outer buttons."""
        actions = actions_for(item, is_last=is_last)
        if tuple(self._buttons) != actions or self._style is not style:
            for button in self._buttons.values():
                button.hide()
                button.deleteLater()
            self._buttons = {action: self._made_button(action, item, style) for action in actions}
        self._item, self._style = item, style
        self._arrange(item, style, width + 2 * style.px(_PAD))
        self.update()

    def _made_button(self, action: Action, item: TranscriptItem, style: TranscriptStyle) -> TextButton:
        explanation = action_explanation(action, of_user=item.is_user)
        button = TextButton(action_label(action), explanation, style, self)
        button.clicked.connect(lambda: self.triggered.emit(action))
        button.focused.connect(self.focused)
        button.show()
        return button

    def _arrange(self, item: TranscriptItem, style: TranscriptStyle, available: int) -> None:
        actions = tuple(self._buttons)
        widths = _widths(item, actions, style)
        places = arrange(widths, available)
        used = max((x + width for (x, _), width in zip(places, widths, strict=True)), default=0)
        # A user's buttons end where the bubble ends.
        shift = available - used if item.is_user else 0
        self._label_rect = QRectF()
        for button, (x, line), width in zip(self._buttons.values(), places, widths, strict=True):
            row = style.px(_ROW)
            if button is self._buttons.get(Action.PREVIOUS):
                side = style.px(22)
                self._label_rect = QRectF(x + shift + side, line * row, width - side, row)
                width = side
            button.setGeometry(x + shift, line * row, width, row)
        self._free_from = used if len({line for _, line in places}) < 2 else available
        previous, following = self._buttons.get(Action.PREVIOUS), self._buttons.get(Action.NEXT)
        if previous and following:
            previous.setEnabled(item.sibling_index > 0)
            following.setEnabled(item.sibling_index < item.sibling_count - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        if self._item is None or self._style is None:
            return
        painter = QPainter(self)
        style = self._style
        painter.setFont(style.small.font)
        painter.setPen(style.colour("hint"))
        if not self._label_rect.isEmpty():
            painter.drawText(self._label_rect, Qt.AlignmentFlag.AlignCenter, sibling_label(self._item))
        self._draw_statistics(painter, self._item, style)

    def _draw_statistics(self, painter: QPainter, item: TranscriptItem, style: TranscriptStyle) -> None:
        font = QFont(style.small.font)
        font.setWeight(QFont.Weight.Medium)
        metrics = QFontMetricsF(font)
        gap = style.px(16)
        room = self.width() - style.px(_PAD) - self._free_from - gap
        shown: list[str] = []
        needed = 0.0
        for part in item.statistics:
            needed += metrics.horizontalAdvance(part) + (gap if shown else 0)
            if needed > room:
                break
            shown.append(part)
        painter.setFont(font)
        painter.setPen(style.colour("secondary"))
        x = float(self.width() - style.px(_PAD))
        baseline = (style.px(_ROW) - style.small.line_height) // 2 + style.small.baseline
        for part in reversed(shown):
            x -= metrics.horizontalAdvance(part)
            painter.drawText(QPointF(x, baseline), part)
            x -= gap
