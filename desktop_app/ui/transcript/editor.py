"""The editor that stands in for a user's bubble."""

from typing import Literal

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from desktop_app.ui.transcript.actions import TextButton
from desktop_app.ui.transcript.style import TranscriptStyle

_MOST_LINES = 12
SendKey = Literal["enter", "ctrl_enter"]


class _Text(QPlainTextEdit):
    """Enter, or with that setting only Ctrl+Enter, sends; else Enter breaks the line. Esc cancels."""

    submitted = Signal()
    cancelled = Signal()
    send_key: SendKey = "enter"

    def event(self, event: QEvent) -> bool:
        """Take Esc before the window's shortcuts do."""
        return takes_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Send, cancel or type."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            is_plain = modifiers == Qt.KeyboardModifier.NoModifier
            if modifiers & Qt.KeyboardModifier.ControlModifier or (is_plain and self.send_key == "enter"):
                self.submitted.emit()
            else:
                self.insertPlainText("\n")
                self.ensureCursorVisible()
        else:
            super().keyPressEvent(event)


def takes_escape(event: QEvent) -> bool:
    """Accept the question whether Esc is wanted here; without that a window-wide shortcut gets the key."""
    if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() != Qt.Key.Key_Escape:
        return False
    event.accept()
    return True


class MessageEditor(QWidget):
    """Edits the text of a message in place.

    Signals:
        submitted: the new text, never empty and never the old one.
        cancelled: the message stays as it is, also when it was sent unchanged.
        height_changed: the text needs another height.
    """

    submitted = Signal(str)
    cancelled = Signal()
    height_changed = Signal(int)

    def __init__(self, text: str, style: TranscriptStyle, send_key: SendKey, parent: QWidget) -> None:
        super().__init__(parent)
        self._style = style
        self._original = text
        self._hint = ""
        self._height = 0
        self._text = _Text(self)
        # The style sheet draws fields of this name without a frame, like the composer.
        self._text.setObjectName("input")
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        self._text.setAccessibleName(QCoreApplication.translate("Transcript", "Edit message"))
        self._text.setTabChangesFocus(True)
        self._text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._text.viewport().setAutoFillBackground(False)
        self._text.document().setDocumentMargin(0)
        self._text.submitted.connect(self._submit)
        self._text.cancelled.connect(self.cancelled)
        send = QCoreApplication.translate("Transcript", "Send")
        cancel = QCoreApplication.translate("Transcript", "Cancel")
        keep = QCoreApplication.translate("Transcript", "Keep the message as it was (Esc)")
        self._buttons = (TextButton(cancel, keep, style, self), TextButton(send, "", style, self))
        self._buttons[0].clicked.connect(self.cancelled)
        self._buttons[1].clicked.connect(self._submit)
        self.set_send_key(send_key)
        self.set_style(style)
        self.set_text(text)
        self._text.textChanged.connect(self._on_text_changed)
        self.setFocusProxy(self._text)

    @property
    def text(self) -> str:
        """What is written."""
        return self._text.toPlainText()

    def set_text(self, text: str) -> None:
        """Replace what is written; the cursor goes to the end."""
        self._text.setPlainText(text)
        self._text.moveCursor(QTextCursor.MoveOperation.End)

    def set_send_key(self, key: SendKey) -> None:
        """Say which key sends; Ctrl+Enter always does."""
        self._text.send_key = key
        if key == "enter":
            hint = QCoreApplication.translate("Transcript", "Enter sends, Shift Enter breaks the line, Esc cancels.")
            send = QCoreApplication.translate("Transcript", "Send the changed message as a new branch (Enter)")
        else:
            hint = QCoreApplication.translate("Transcript", "Ctrl Enter sends, Enter breaks the line, Esc cancels.")
            send = QCoreApplication.translate("Transcript", "Send the changed message as a new branch (Ctrl+Enter)")
        self._hint = hint
        self._text.setAccessibleDescription(hint)
        self._buttons[1].set_explanation(send)
        self.update()

    def focus_chain(self) -> list[QWidget]:
        """Return what can have the keyboard, in reading order."""
        return [self._text, *self._buttons]

    def set_style(self, style: TranscriptStyle) -> None:
        """Take another theme."""
        self._style = style
        self._text.setFont(style.body.font)
        palette = self._text.palette()
        palette.setColor(palette.ColorRole.Text, style.body.colour)
        palette.setColor(palette.ColorRole.Base, style.colour("card"))
        self._text.setPalette(palette)
        for button in self._buttons:
            button.transcript_style = style

    def needed_height(self) -> int:
        """Return the height for the text, up to a number of lines, and the buttons."""
        lines = round(self._text.document().size().height())
        spacing = self._text.fontMetrics().lineSpacing()
        return min(max(lines, 1), _MOST_LINES) * spacing + self._style.px(12 + 4 + 24 + 10)

    def _on_text_changed(self) -> None:
        height = self.needed_height()
        if height != self._height:
            self._height = height
            self.height_changed.emit(height)

    def _submit(self) -> None:
        text = self._text.toPlainText().strip()
        if text == self._original.strip():
            self.cancelled.emit()
        elif text:
            self.submitted.emit(text)

    def event(self, event: QEvent) -> bool:
        """Take Esc from the buttons too."""
        return takes_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cancel from the buttons too."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the text and the buttons."""
        super().resizeEvent(event)
        style = self._style
        bottom = style.px(24 + 8)
        self._text.setGeometry(
            style.px(16), style.px(12), self.width() - style.px(26), self.height() - style.px(12) - bottom
        )
        right = self.width() - style.px(8)
        for button in reversed(self._buttons):
            size = button.sizeHint()
            right -= size.width()
            button.setGeometry(right, self.height() - bottom + style.px(2), size.width(), size.height())
        self._on_text_changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        style = self._style
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(style.colour("card"))
        painter.setPen(QPen(style.colour("accent"), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), style.px(14), style.px(14))
        painter.setFont(style.small.font)
        painter.setPen(style.small.colour)
        room = self._buttons[0].x() - style.px(24)
        if painter.fontMetrics().horizontalAdvance(self._hint) <= room:
            top = self._buttons[0].y() + (self._buttons[0].height() - style.small.line_height) // 2
            painter.drawText(QPointF(style.px(16), top + style.small.baseline), self._hint)
