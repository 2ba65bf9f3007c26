"""Where a message is written: grows with its text, Enter sends, Shift+Enter breaks the line, Esc stops."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.ui.fields import ElidedLabel
from desktop_app.ui.theme import Theme, ThemeManager

MAX_LINES = 10
# Counting waits for a pause in typing: the tokenizer runs in another process.
COUNT_DELAY_MS = 250


class Input(QPlainTextEdit):
    """The text field.

    Signals:
        submitted: the person wants to send.
        stop_requested: Esc was pressed.
        edit_last_requested: Up was pressed in an empty field.
        undo_requested: Ctrl+Z was pressed and there is no typing to undo.
    """

    submitted = Signal()
    stop_requested = Signal()
    edit_last_requested = Signal()
    undo_requested = Signal()
    focus_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("input")
        self.send_key = "enter"
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)  # a file dropped here is for the window, not an address to be written
        self.document().setDocumentMargin(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Send, break, stop or edit; everything else is typing."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
            plain = modifiers == Qt.KeyboardModifier.NoModifier
            if control or (plain and self.send_key == "enter"):
                self.submitted.emit()
            else:
                self.insertPlainText("\n")
                self.ensureCursorVisible()
        elif event.key() == Qt.Key.Key_Escape:
            self.stop_requested.emit()
        elif event.key() == Qt.Key.Key_Up and not self.toPlainText():
            self.edit_last_requested.emit()
        elif event.matches(QKeySequence.StandardKey.Undo) and not self.document().isUndoAvailable():
            self.undo_requested.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that the field has the focus."""
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the field has it no longer."""
        super().focusOutEvent(event)
        self.focus_changed.emit(False)


class Composer(QFrame):
    """The field, the count of tokens and the button that sends or stops.

    Signals:
        sent: with the text; the field is empty by then.
        stop_requested; edit_last_requested; undo_requested; draft_changed(text) after a pause in typing.
    """

    sent = Signal(str)
    stop_requested = Signal()
    edit_last_requested = Signal()
    draft_changed = Signal(str)
    undo_requested = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self._themes = themes
        self._streaming = False
        self.input = Input()
        self.input.setAccessibleName(self.tr("Message"))
        self.input.textChanged.connect(self._on_text_changed)
        # textChanged comes before the text is laid out: a long paste would stand on one line.
        self.input.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.input.submitted.connect(self._on_submitted)
        self.input.stop_requested.connect(self.stop_requested)
        self.input.edit_last_requested.connect(self.edit_last_requested)
        self.input.undo_requested.connect(self.undo_requested)
        self.input.focus_changed.connect(self._on_focus_changed)
        self.count = QLabel()
        self.count.setObjectName("figure")
        self.state = ElidedLabel()
        self.state.setObjectName("hint")
        self.button = QPushButton()
        self.button.setObjectName("primary")
        self.button.clicked.connect(self._on_button)
        self._count_timer = QTimer(self, singleShot=True, interval=COUNT_DELAY_MS)
        self._count_timer.timeout.connect(lambda: self.draft_changed.emit(self.text))
        row = QHBoxLayout()
        row.addWidget(self.state, 1)
        row.addWidget(self.count)
        row.addSpacing(6)
        row.addWidget(self.button)
        self._layout = QVBoxLayout(self)
        self._layout.addWidget(self.input)
        self._layout.addLayout(row)
        self.set_send_key("enter")
        self.set_streaming(False)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    @property
    def text(self) -> str:
        """What is written."""
        return self.input.toPlainText()

    def type_text(self, text: str) -> None:
        """Write a text where the cursor is, as if typed here, and take the focus."""
        self.input.setFocus(Qt.FocusReason.OtherFocusReason)
        self.input.insertPlainText(text)

    def set_text(self, text: str) -> None:
        """Replace what is written; the cursor goes to the end."""
        self.input.setPlainText(text)
        cursor = self.input.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.input.setTextCursor(cursor)

    def set_send_key(self, key: str) -> None:
        """Choose ``"enter"`` or ``"ctrl_enter"``."""
        self.input.send_key = key
        if key == "enter":
            self.input.setPlaceholderText(self.tr("Ask anything. Enter sends, Shift Enter breaks the line."))
        else:
            self.input.setPlaceholderText(self.tr("Ask anything. Ctrl Enter sends, Enter breaks the line."))

    def set_streaming(self, streaming: bool) -> None:
        """Show Stop while a reply is being written, else Send."""
        self._streaming = streaming
        self.button.setText(self.tr("Stop") if streaming else self.tr("Send"))
        tip = self.tr("Stop the reply (Esc)") if streaming else self.tr("Send the message")
        self.button.setToolTip(tip)
        self._refresh_button()

    def set_count(self, text: str) -> None:
        """Show the token count."""
        self.count.setText(text)

    def set_state(self, text: str) -> None:
        """Show what is happening, such as how much of the prompt is read."""
        self.state.setText(text)

    def apply_theme(self, theme: Theme) -> None:
        """Take over fonts and spacing."""
        self.input.setFont(theme.text_font(15))
        self._layout.setContentsMargins(theme.px(16), theme.px(14), theme.px(16), theme.px(10))
        self._layout.setSpacing(theme.px(8))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the height right when lines wrap differently."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        line = self.input.fontMetrics().lineSpacing()
        lines = max(1, min(MAX_LINES, round(self.input.document().size().height())))
        self.input.setFixedHeight(lines * line + self._themes.theme.px(4))

    def _refresh_button(self) -> None:
        self.button.setEnabled(self._streaming or bool(self.text.strip()))

    def _on_text_changed(self) -> None:
        self._fit()
        self._refresh_button()
        self._count_timer.start()

    def _on_submitted(self) -> None:
        text = self.text
        if self._streaming or not text.strip():
            return
        self.input.clear()
        self.sent.emit(text)

    def _on_button(self) -> None:
        if self._streaming:
            self.stop_requested.emit()
        else:
            self._on_submitted()
        self.input.setFocus()

    def _on_focus_changed(self, focused: bool) -> None:
        self.setProperty("focused", focused)
        self.style().unpolish(self)
        self.style().polish(self)
