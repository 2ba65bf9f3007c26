"""The transcript: the messages of a branch and what one can do with them."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from desktop_app.ui.theme import Theme, ThemeManager
from desktop_app.ui.transcript.area import AreaSelection
from desktop_app.ui.transcript.canvas import TranscriptCanvas, nothing_selected
from desktop_app.ui.transcript.column import Anchor
from desktop_app.ui.transcript.editor import SendKey, takes_escape
from desktop_app.ui.transcript.item import Action, TranscriptItem
from desktop_app.ui.transcript.message_widget import MessageWidget
from desktop_app.ui.transcript.mouse import Pointer
from desktop_app.ui.transcript.selection import TextSelection, selected_text
from desktop_app.ui.transcript.style import TranscriptStyle


class TranscriptView(TranscriptCanvas):
    """Shows the messages of one branch.

    Signals:
        regenerate_requested, continue_requested, delete_requested: with the message's id.
        edit_submitted: the message's id and its new text.
        edit_ended: the in-place editor was closed by sending or cancelling, or lost the keyboard with its message; the
            keyboard is nowhere now.
        sibling_requested: the message's id and -1 or 1.
        link_activated: an http, https or mailto address.
        reload_requested: the model should be loaded again.
        copied: something was put on the clipboard.
        typed: text was typed that nothing here takes; it belongs in the composer.
    """

    regenerate_requested = Signal(int)
    continue_requested = Signal(int)
    delete_requested = Signal(int)
    edit_submitted = Signal(int, str)
    edit_ended = Signal()
    sibling_requested = Signal(int, int)
    link_activated = Signal(str)
    reload_requested = Signal()
    copied = Signal()
    typed = Signal(str)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        self._selection: TextSelection | None = None
        self._send_key: SendKey = "enter"
        super().__init__(TranscriptStyle(themes.theme), parent)
        self._pointer = Pointer(self, self.set_selection, self.link_activated.emit)
        self.setAccessibleName(QCoreApplication.translate("Transcript", "Conversation"))
        themes.changed.connect(self.set_theme)

    # What it shows.

    @property
    def items(self) -> tuple[TranscriptItem, ...]:
        """The messages on view as they are now, with what was appended."""
        return tuple(self.column.items)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self.set_style(TranscriptStyle(theme, wraps_code=self.column.style.wraps_code))

    def set_code_wrap(self, wraps: bool) -> None:
        """Wrap long lines of code, or have them scrolled to."""
        if wraps != self.column.style.wraps_code:
            self.set_style(TranscriptStyle(self.column.style.theme, wraps_code=wraps))

    def set_send_key(self, key: SendKey) -> None:
        """Say which key sends an edited message, ``"enter"`` or ``"ctrl_enter"``; Ctrl+Enter always does."""
        self._send_key = key
        for widget in self.widgets.values():
            if widget.editor:
                widget.editor.set_send_key(key)

    def set_model_troubled(self, is_troubled: bool) -> None:
        """Say whether the model is gone or failed, so that loading it again is offered under a reply that failed."""
        if is_troubled != self.column.is_model_troubled:
            self.column.set_model_troubled(is_troubled)
            self.ask_for_frame()

    def set_branch(self, items: Sequence[TranscriptItem]) -> None:
        """Show a branch.

        Another conversation is shown from its end, and so is one to which the person just added a message; else what
        is on view stays where it is.
        """
        anchor = self.anchor()
        before = {item.message_id for item in self.column.items}
        self.set_selection(None)
        self._pointer.forget()
        stays = self.column.set_items(items)
        if not stays or any(item.is_user and item.message_id not in before for item in items[-2:]):
            self._is_stuck = True
        for message_id in set(self.widgets) - {item.message_id for item in items}:
            self._end_edit(message_id)
            self.remove_widget(message_id)
        self.refresh(anchor)

    def update_message(self, item: TranscriptItem) -> None:
        """Show another state of a message that is in the branch."""
        number = self.column.number_of(item.message_id)
        if number is not None:
            self.column.set_item(number, item)
            self.ask_for_frame()

    def append_text(self, message_id: int, text: str, reasoning: str = "") -> None:
        """Add to a streaming message; it is laid out once for all that arrives within a frame."""
        if self.column.number_of(message_id) is not None:
            self.column.grow(message_id, text, reasoning)
            self.ask_for_frame()

    def set_kept_from(self, message_id: int | None) -> None:
        """Say from which message on the model still sees the conversation; None when it sees all."""
        if message_id != self.column.kept_from:
            self.column.set_kept_from(message_id)
            self.ask_for_frame()

    def scroll_to_message(self, message_id: int) -> None:
        """Bring the beginning of a message to the top of the view."""
        if self.column.number_of(message_id) is not None:
            self.scroll_to(Anchor(message_id, -1, 0, self.column.style.px(8)))

    # Editing.

    @property
    def edited(self) -> tuple[int, str] | None:
        """The message in whose bubble the editor stands, and the editor's text."""
        for message_id, widget in self.widgets.items():
            if widget.editor is not None:
                return message_id, widget.editor.text
        return None

    def begin_edit(self, message_id: int, text: str | None = None) -> None:
        """Open the editor in the bubble of a user's message, with another text than the message's if one is given."""
        number = self.column.number_of(message_id)
        if number is None or not self.column.items[number].is_user:
            return
        for other in list(self.widgets):
            self._end_edit(other)
        if message_id not in self.widgets:
            self.scroll_to_message(message_id)
        widget = self.widgets.get(message_id)
        if widget is None:
            return
        editor = widget.begin_edit(self._send_key)
        editor.submitted.connect(lambda text: self._on_edited(message_id, text))
        editor.cancelled.connect(lambda: self._end_edit(message_id, by_person=True))
        editor.height_changed.connect(lambda height: self._on_editor_height(message_id, height))
        editor.resize(round(widget.area.width), editor.needed_height())
        self._on_editor_height(message_id, editor.needed_height())
        editor.show()
        editor.setFocus()
        if text is not None:
            editor.set_text(text)

    def _on_editor_height(self, message_id: int, height: int) -> None:
        widget = self.widgets.get(message_id)
        number = self.column.number_of(message_id)
        if widget and widget.editor and number is not None and widget.area.editor_height != height:
            anchor = Anchor(message_id, -1, 0, self.column.tops[number] - self.verticalScrollBar().value())
            widget.area.editor_height = height
            widget.area.touch()
            self.column.set_item(number, widget.area.item)
            self.column.place()
            self.refresh(anchor)

    def _on_edited(self, message_id: int, text: str) -> None:
        self._end_edit(message_id, by_person=True)
        self.edit_submitted.emit(message_id, text)

    def _end_edit(self, message_id: int, *, by_person: bool = False) -> None:
        widget = self.widgets.get(message_id)
        if widget is None or widget.editor is None:
            return
        is_told = by_person or widget.is_editor_focused
        widget.end_edit()
        self.ask_for_frame()
        if is_told:
            self.edit_ended.emit()

    # What is done with a message.

    def connect_widget(self, widget: MessageWidget) -> None:
        """Connect a new widget's signals."""
        message_id = widget.area.item.message_id
        widget.action_triggered.connect(lambda action: self._on_action(message_id, action))
        widget.reasoning_toggled.connect(lambda: self._on_reasoning_toggled(message_id))
        widget.reload_requested.connect(self.reload_requested)
        widget.code_copied.connect(self._put_on_clipboard)

    def _on_action(self, message_id: int, action: Action) -> None:
        number = self.column.number_of(message_id)
        if number is None:
            return
        if action is Action.COPY:
            self._put_on_clipboard(self.column.items[number].content)
        elif action is Action.EDIT:
            self.begin_edit(message_id)
        elif action in (Action.PREVIOUS, Action.NEXT):
            self.sibling_requested.emit(message_id, -1 if action is Action.PREVIOUS else 1)
        elif action is Action.REGENERATE:
            self.regenerate_requested.emit(message_id)
        elif action is Action.CONTINUE:
            self.continue_requested.emit(message_id)
        else:
            self.delete_requested.emit(message_id)

    def _on_reasoning_toggled(self, message_id: int) -> None:
        number = self.column.number_of(message_id)
        if number is not None:
            area = self.column.area(number)
            area.is_open = not area.is_open
            area.touch()
            self.scroll_to(Anchor(message_id, -1, 0, self.column.tops[number] - self.verticalScrollBar().value()))

    def _put_on_clipboard(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.copied.emit()

    # Selection.

    def selection_in(self, number: int) -> AreaSelection:
        """Return what is selected of a message."""
        return self._selection.in_message(number) if self._selection else nothing_selected

    def holds(self, widget: MessageWidget) -> bool:
        """Keep the widget that is edited or on which the mouse is held."""
        return super().holds(widget) or self._pointer.holds(widget)

    def set_selection(self, selection: TextSelection | None) -> None:
        """Select another part."""
        if selection == self._selection:
            return
        before, self._selection = self._selection, selection
        for message_id, widget in self.widgets.items():
            number = self.column.number_of(message_id)
            if number is not None:
                widget.selection = self.selection_in(number)
                if (before and before.meets(number)) or (selection and selection.meets(number)):
                    widget.update()

    @property
    def _has_selection(self) -> bool:
        return self._selection is not None and not self._selection.is_empty

    def select_all(self) -> None:
        """Select all messages."""
        if self.column.items:
            self.set_selection(TextSelection.everything(len(self.column)))

    def selected_text(self) -> str:
        """Return the selected text."""
        if self._selection is None or self._selection.is_empty:
            return ""
        return selected_text(self._selection, self.column.area_read)

    def copy(self) -> None:
        """Copy the selected text."""
        text = self.selected_text()
        if text:
            self._put_on_clipboard(text)

    # Events.

    def event(self, event: QEvent) -> bool:
        """Take Esc before the window's shortcuts do, while there is a selection to clear."""
        return (self._has_selection and takes_escape(event)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll, copy, select; what is typed goes on to the composer."""
        bar = self.verticalScrollBar()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() == Qt.Key.Key_Home:
            bar.setValue(0)
        elif event.key() == Qt.Key.Key_End:
            self.scroll_to_end()
        elif event.key() == Qt.Key.Key_Space:
            step = bar.pageStep() - self.column.style.px(48)
            bar.setValue(bar.value() + (-step if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else step))
        elif event.key() == Qt.Key.Key_Escape and self._has_selection:
            self.set_selection(None)
        elif _is_typing(event):
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to select."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select on, or show what is under the mouse."""
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the selection or follow a link."""
        self._pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select a word."""
        self._pointer.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; sideways in wide code and tables."""
        if abs(event.angleDelta().x()) > abs(event.angleDelta().y()):
            delta = event.pixelDelta().x() or event.angleDelta().x() / 2
            found = self._pointer.wide_box_at(event.position())
            widget = self.widgets.get(self.column.items[found[0]].message_id) if found else None
            if found and widget and widget.scroll_box_by(found[1], found[2], -delta):
                return
        super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the address of a link."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._pointer.url_at(QPointF(event.pos())), self.viewport())
            return True
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy and, for those who come by keyboard, to open the links of a message."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(QCoreApplication.translate("Transcript", "Copy"), self.copy)
        copy.setEnabled(self._has_selection)
        menu.addAction(QCoreApplication.translate("Transcript", "Select all"), self.select_all)
        for url in self._urls_for(event):
            label = QCoreApplication.translate("Transcript", "Open %1").replace("%1", _shortened(url))
            menu.addAction(label, partial(self.link_activated.emit, url))
            label = QCoreApplication.translate("Transcript", "Copy the address %1").replace("%1", _shortened(url))
            menu.addAction(label, partial(self._put_on_clipboard, url))
        menu.popup(event.globalPos())

    def _urls_for(self, event: QContextMenuEvent) -> list[str]:
        if event.reason() is not QContextMenuEvent.Reason.Keyboard:
            url = self._pointer.url_at(QPointF(self.viewport().mapFromGlobal(event.globalPos())))
            return [url] if url else []
        focused = [widget for widget in self.widgets.values() if widget.has_focus_within()]
        return list(dict.fromkeys(url for widget in focused for url in widget.area.flow.links()))[:10]


def _is_typing(event: QKeyEvent) -> bool:
    commands = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    return bool(event.text()) and event.text().isprintable() and not event.modifiers() & commands


def _shortened(url: str, limit: int = 60) -> str:
    text = url.replace("&", "&&")
    return text if len(text) <= limit else text[: limit - 1] + "…"
