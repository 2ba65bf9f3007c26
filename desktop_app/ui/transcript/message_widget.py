"""The widget of one visible message: paints it and carries its buttons."""

from PySide6.QtCore import QCoreApplication, QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollBar, QWidget

from desktop_app.ui.transcript.actions import ActionRow, TextButton
from desktop_app.ui.transcript.area import REASONING, Area, AreaSelection
from desktop_app.ui.transcript.boxes import Box
from desktop_app.ui.transcript.code_box import CodeBox
from desktop_app.ui.transcript.editor import MessageEditor, SendKey
from desktop_app.ui.transcript.item import reasoning_label, speaker
from desktop_app.ui.transcript.table_box import TableBox

# Room left and right of the column, for what stands out of it: focus frames and the padding of buttons.
SIDE = 20
_BoxKey = tuple[int, int]


class MessageWidget(QWidget):
    """Shows an area. Mouse events go on to the view, which selects.

    Signals:
        action_triggered: an ``Action`` was chosen.
        reasoning_toggled, reload_requested: their button was pressed.
        code_copied: the text of a code block.
        focused: it or something in it has the keyboard.
        pointed_at: the mouse came, which may show the actions.
    """

    action_triggered = Signal(object)
    reasoning_toggled = Signal()
    reload_requested = Signal()
    code_copied = Signal(str)
    focused = Signal()
    pointed_at = Signal()

    def __init__(self, area: Area, parent: QWidget) -> None:
        super().__init__(parent)
        self.area = area
        self.editor: MessageEditor | None = None
        self.is_last = False
        self.selection: AreaSelection | None = None
        self._actions: ActionRow | None = None
        self._reasoning: TextButton | None = None
        self._reload: TextButton | None = None
        self._copies: dict[_BoxKey, TextButton] = {}
        self._bars: dict[_BoxKey, QScrollBar] = {}
        self._is_hovered = False
        self._is_framed = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def refresh(self, seen: QRectF) -> None:
        """Bring buttons in line with the area, of which a part is seen."""
        self._name()
        self._place_reasoning()
        self._place_boxes(seen)
        self._place_reload()
        self.place_actions()
        if self.editor:
            self.editor.setGeometry(self._placed(self.area.editor_rect))

    def _name(self) -> None:
        item = self.area.item
        self.setAccessibleName(speaker(item))
        # A description that changed with every token would be read out again and again.
        if not item.is_streaming and self.accessibleDescription() != item.content:
            self.setAccessibleDescription(item.content)

    def _placed(self, rect: QRectF) -> QRect:
        return rect.translated(SIDE, 0).toAlignedRect()

    def _place_reasoning(self) -> None:
        area = self.area
        if area.item.is_user or not area.has_reasoning:
            if self._reasoning:
                self._reasoning.hide()
            return
        if self._reasoning is None or self._reasoning.transcript_style is not area.style:
            self._drop(self._reasoning)
            explanation = QCoreApplication.translate("Transcript", "Show or hide what the model thought")
            self._reasoning = TextButton("", explanation, area.style, self)
            self._reasoning.setCheckable(True)
            self._reasoning.clicked.connect(self.reasoning_toggled)
            self._reasoning.focused.connect(self.focused)
        label = reasoning_label(area.item)
        text = f"{label} {'⌄' if area.is_open else '›'}"
        if self._reasoning.text() != text:
            self._reasoning.setText(text)
            self._reasoning.setAccessibleName(label)
        self._reasoning.setChecked(area.is_open)
        rect = area.reasoning_rect
        size = self._reasoning.sizeHint()
        x = SIDE + area.style.px(6)
        self._reasoning.setGeometry(x, round(rect.top()), min(size.width(), self.width() - x), round(rect.height()))
        self._reasoning.show()

    def _place_boxes(self, seen: QRectF) -> None:
        wanted: set[_BoxKey] = set()
        for place, number, box, top in self.area.boxes(seen.top(), seen.bottom()):
            if isinstance(box, (CodeBox, TableBox)):
                key = (place.section, number)
                wanted.add(key)
                origin = QRectF(place.x + box.left, top, 0, 0)
                if isinstance(box, CodeBox):
                    self._place_copy(key, box, origin)
                self._place_bar(key, box, origin)
        for gadgets in (self._copies, self._bars):
            for key in set(gadgets) - wanted:
                self._drop(gadgets.pop(key))

    def _place_copy(self, key: _BoxKey, box: CodeBox, origin: QRectF) -> None:
        button = self._copies.get(key)
        if button is None or button.transcript_style is not self.area.style:
            self._drop(button)
            text = QCoreApplication.translate("Transcript", "Copy")
            button = TextButton(text, QCoreApplication.translate("Transcript", "Copy this code"), self.area.style, self)
            button.focused.connect(self.focused)
            button.clicked.connect(lambda: self._copy_code(key))
            self._copies[key] = button
        size = button.sizeHint()
        x = origin.x() + box.width - size.width() - self.area.style.px(4)
        y = origin.y() + (box.header_height - size.height()) // 2
        button.setGeometry(self._placed(QRectF(round(x), round(y), size.width(), size.height())))
        button.setVisible(self.area.item.is_streaming is False or bool(box.code.text))

    def _copy_code(self, key: _BoxKey) -> None:
        box = self._box(key)
        if isinstance(box, CodeBox):
            self.code_copied.emit(box.code.text)

    def _box(self, key: _BoxKey) -> Box | None:
        flow = self.area.thoughts if key[0] == REASONING else self.area.flow
        return flow.boxes[key[1]] if key[1] < len(flow.boxes) else None

    def _place_bar(self, key: _BoxKey, box: "CodeBox | TableBox", origin: QRectF) -> None:
        bar = self._bars.get(key)
        if box.scroll_range < 1:
            if bar:
                self._drop(self._bars.pop(key))
            return
        if bar is None:
            bar = QScrollBar(Qt.Orientation.Horizontal, self)
            bar.setAccessibleName(QCoreApplication.translate("Transcript", "Scroll sideways"))
            bar.setCursor(Qt.CursorShape.ArrowCursor)
            bar.setStyleSheet(_bar_style(self.area))
            bar.valueChanged.connect(lambda value: self._scroll_box(key, value))
            self._bars[key] = bar
            bar.show()
        rect = box.scroll_bar_rect().translated(origin.topLeft())
        bar.blockSignals(True)
        bar.setRange(0, round(box.scroll_range))
        bar.setPageStep(max(1, round(rect.width())))
        bar.setSingleStep(self.area.style.px(32))
        bar.setValue(round(box.scroll_x))
        bar.blockSignals(False)
        bar.setGeometry(self._placed(rect))

    def _scroll_box(self, key: _BoxKey, value: int) -> None:
        box = self._box(key)
        if isinstance(box, (CodeBox, TableBox)):
            box.scroll_x = float(value)
            self.update()

    def scroll_box_by(self, section: int, number: int, delta: float) -> bool:
        """Scroll a wide box sideways; return whether it moved."""
        bar = self._bars.get((section, number))
        if bar is None:
            return False
        before = bar.value()
        bar.setValue(round(before + delta))
        return bar.value() != before

    def _place_reload(self) -> None:
        rect = self.area.reload_rect
        if rect is None:
            if self._reload:
                self._reload.hide()
            return
        if self._reload is None or self._reload.transcript_style is not self.area.style:
            self._drop(self._reload)
            text = QCoreApplication.translate("Transcript", "Reload the model")
            explanation = QCoreApplication.translate("Transcript", "Start the model again")
            self._reload = _FramedButton(text, explanation, self.area.style, self)
            self._reload.clicked.connect(self.reload_requested)
            self._reload.focused.connect(self.focused)
        width = self._reload.sizeHint().width() + self.area.style.px(8)
        self._reload.setGeometry(self._placed(QRectF(0, rect.top(), width, rect.height())))
        self._reload.show()

    def place_actions(self) -> None:
        """Show the row of actions when it should be seen."""
        area = self.area
        shown = not self.editor and (self._is_hovered or self.has_focus_within() or self._is_always_shown())
        if not shown:
            if self._actions:
                self._actions.hide()
            return
        if self._actions is None:
            self._actions = ActionRow(self)
            self._actions.triggered.connect(self.action_triggered)
            self._actions.focused.connect(self.focused)
        style = area.style
        pad = style.px(8)
        self._actions.setGeometry(SIDE - pad, round(area.actions_top), round(area.width) + 2 * pad, area.actions_height)
        self._actions.set_item(area.item, style, round(area.width), is_last=self.is_last)
        self._actions.show()

    def _is_always_shown(self) -> bool:
        return self.is_last and not self.area.item.is_user

    def has_focus_within(self) -> bool:
        """Whether it or something in it has the keyboard."""
        focus = self.window().focusWidget()
        if focus is None or not focus.hasFocus():
            return False
        return self._is_framed if focus is self else self.isAncestorOf(focus)

    @property
    def is_editor_focused(self) -> bool:
        """Whether the keyboard is in the editor."""
        return self._focus_in_editor() is not None

    def _focus_in_editor(self) -> QWidget | None:
        focus = self.window().focusWidget()
        return focus if self.editor and focus and self.editor.isAncestorOf(focus) else None

    def begin_edit(self, send_key: SendKey) -> MessageEditor:
        """Put the editor in the place of the bubble."""
        self.end_edit()
        self.editor = MessageEditor(self.area.item.content, self.area.style, send_key, self)
        return self.editor

    def end_edit(self) -> None:
        """Take the editor away."""
        focus = self._focus_in_editor()
        if focus:
            # Hidden with the keyboard in it, it would hand it to the next message, which would scroll to view.
            focus.clearFocus()
        self._drop(self.editor)
        self.editor = None
        self.area.editor_height = 0
        self.area.touch()
        self.area.place()

    def _drop(self, widget: QWidget | None) -> None:
        if widget:
            widget.hide()
            widget.deleteLater()

    def focus_chain(self) -> list[QWidget]:
        """Return what can have the keyboard, in reading order."""
        chain: list[QWidget] = [self]
        if self.editor:
            chain += self.editor.focus_chain()
        if self._reasoning and not self._reasoning.isHidden():
            chain.append(self._reasoning)
        chain += [self._copies[key] for key in sorted(self._copies)]
        if self._reload and not self._reload.isHidden():
            chain.append(self._reload)
        if self._actions and not self._actions.isHidden():
            chain += self._actions.buttons()
        return chain

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        self.area.draw(painter, SIDE, QRectF(event.rect()), self.selection or _nothing)
        if self._is_framed and self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.area.style.colour("accent"), 1.5))
            frame = QRectF(self.rect()).adjusted(1, 1 + self.area.top, -1, -1)
            painter.drawRoundedRect(frame, 8, 8)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the actions."""
        self._is_hovered = True
        self.place_actions()
        self.pointed_at.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the actions."""
        self._is_hovered = False
        self.place_actions()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that it has the keyboard."""
        # A frame helps who comes by keyboard; on a click or when the window is raised it would only distract.
        self._is_framed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.update()
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the frame away."""
        self.update()


def _nothing(section: int, box: int, leaf: int) -> None:
    del section, box, leaf


class _FramedButton(TextButton):
    """A button with a frame, for what one should see."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        style = self.transcript_style
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(style.colour("accent" if self.hasFocus() else "line"), 1))
        painter.setBrush(style.colour("hover" if self.underMouse() else "card"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), style.px(8), style.px(8))
        painter.setPen(style.colour("text"))
        painter.setFont(style.small.font)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


def _bar_style(area: Area) -> str:
    height = area.style.px(8)
    line, hint = area.style.palette.line, area.style.palette.hint
    return (
        f"QScrollBar:horizontal {{ background: transparent; height: {height}px; margin: 0; border: 0; }}"
        f"QScrollBar::handle:horizontal {{ background: {line}; border-radius: {height // 2 - 1}px;"
        f" min-width: {height * 3}px; margin: 1px 0; }}"
        f"QScrollBar::handle:horizontal:hover {{ background: {hint}; }}"
        "QScrollBar::add-line, QScrollBar::sub-line { width: 0; } QScrollBar::add-page, QScrollBar::sub-page"
        " { background: transparent; }"
    )
