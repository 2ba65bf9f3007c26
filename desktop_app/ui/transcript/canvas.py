"""The scrolled column: lays out what is on view, places widgets on it, keeps what is on view where it is."""

from itertools import pairwise
from math import inf

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from desktop_app.ui.transcript.area import Area, AreaSelection
from desktop_app.ui.transcript.code_colours import CodeColours
from desktop_app.ui.transcript.column import Anchor, Column
from desktop_app.ui.transcript.end_button import EndButton
from desktop_app.ui.transcript.message_widget import SIDE, MessageWidget
from desktop_app.ui.transcript.style import MARGIN, MEASURE, TranscriptStyle

# Milliseconds between two layouts while something changes.
_FRAME = 16
# What is just out of sight is laid out too, so that scrolling by a line shows nothing new.
_SLACK = 160
# Laying out shows more or less than was guessed, which brings other messages to view; in practice twice is enough.
_ROUNDS = 8


class TranscriptCanvas(QAbstractScrollArea):
    """Keeps widgets for the visible messages of a column.

    Only what is visible is laid out, at most once in a frame while text streams in, and no timer runs at rest.

    Attributes:
        column: the messages, their heights and places.
        widgets: of the messages on view, by message id.
    """

    def __init__(self, style: TranscriptStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = Column(style)
        self.widgets: dict[int, MessageWidget] = {}
        self._is_stuck = True
        self._is_placing = False
        self._was_resized = False
        self._chain: list[QWidget] = []
        self._frame_timer = QTimer(self)
        self._frame_timer.setSingleShot(True)
        self._frame_timer.setInterval(_FRAME)
        self._frame_timer.timeout.connect(self.refresh)
        self._slice_timer = QTimer(self)
        self._slice_timer.setSingleShot(True)
        self._slice_timer.timeout.connect(self.refresh)
        self._colours = CodeColours(self, self.widgets, lambda: self.viewport().height())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self.viewport().setAutoFillBackground(True)
        self._paint_ground()
        self._end_button = EndButton(self)
        self._end_button.clicked.connect(self.scroll_to_end)

    # What the transcript adds.

    def connect_widget(self, widget: MessageWidget) -> None:
        """Connect a new widget's signals."""

    def holds(self, widget: MessageWidget) -> bool:
        """Whether a widget out of sight must live on."""
        return widget.editor is not None

    def selection_in(self, number: int) -> AreaSelection:
        """Return what is selected of a message."""
        del number
        return nothing_selected

    # Placing.

    def _paint_ground(self) -> None:
        palette = self.viewport().palette()
        for role in (QPalette.ColorRole.Window, QPalette.ColorRole.Base):
            palette.setColor(role, self.column.style.colour("ground"))
        self.viewport().setPalette(palette)

    def set_style(self, style: TranscriptStyle) -> None:
        """Take another theme."""
        anchor = self.anchor()
        self.column.set_style(style)
        self._paint_ground()
        for widget in self.widgets.values():
            if widget.editor:
                widget.editor.set_style(style)
        self.refresh(anchor)

    def ask_for_frame(self) -> None:
        """Lay out soon, once for all that happens until then."""
        if not self._frame_timer.isActive():
            self._frame_timer.start()

    @property
    def is_at_bottom(self) -> bool:
        """Whether the end is on view."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - self.column.style.px(16)

    def anchor(self) -> Anchor | None:
        """Return what should stay in its place when heights change."""
        top = self.verticalScrollBar().value()
        return self.column.anchor(top, top + self.viewport().height())

    def scroll_to(self, anchor: Anchor) -> None:
        """Bring a thing to a place of the view."""
        self._is_stuck = False
        self.refresh(anchor)
        self._is_stuck = self.is_at_bottom

    def scroll_to_end(self) -> None:
        """Bring the end of the conversation to view and stay there."""
        self._is_stuck = True
        self.refresh()

    def refresh(self, anchor: Anchor | None = None) -> None:
        """Lay out what is on view and place its widgets; what is on view does not move, or stays at the end."""
        if self._is_placing:
            return
        self._is_placing = True
        try:
            anchor = anchor or self.anchor()
            self._was_resized = False
            self._refresh(anchor)
            if self._was_resized:
                # The scroll bar came or went and took its width from the text.
                self._refresh(anchor)
        finally:
            self._is_placing = False
        self._place_end_button()

    def _refresh(self, anchor: Anchor | None) -> None:
        height, column = self.viewport().height(), self.column
        column.set_width(max(120, min(column.style.px(MEASURE), self.viewport().width() - 2 * MARGIN)))
        more = False
        for number_of_round in range(_ROUNDS):
            top = self._scroll_top(anchor)
            changed = False
            for number in column.range_at(top - _SLACK, top + height + _SLACK):
                # A very long message is read a slice at a time, so that the window stays alive.
                if number_of_round == 0 or not column.is_begun(number):
                    more = column.read(number) or more
                changed = column.lay_out(number, top - _SLACK, top + height + _SLACK) or changed
            column.place()
            if not changed:
                break
        bar = self.verticalScrollBar()
        bar.setPageStep(height)
        bar.setSingleStep(column.style.px(24))
        bar.setRange(0, self._scroll_range())
        bar.setValue(round(self._scroll_top(anchor)))
        self._place_widgets(bar.value())
        if more:
            self._slice_timer.start()

    def _scroll_range(self) -> int:
        return max(0, round(self.column.height - self.viewport().height()))

    def _scroll_top(self, anchor: Anchor | None) -> float:
        if self._is_stuck:
            return float(self._scroll_range())
        top = self.column.top_for(anchor) if anchor else None
        if top is None:
            top = float(self.verticalScrollBar().value())
        return min(max(0.0, top), float(self._scroll_range()))

    # Widgets.

    def _place_widgets(self, top: int) -> None:
        column, height = self.column, self.viewport().height()
        wanted = set(column.range_at(top, top + height)) | self._numbers_near_focus()
        wanted_ids = {column.items[number].message_id for number in wanted}
        for message_id in set(self.widgets) - wanted_ids:
            if not self.holds(self.widgets[message_id]):
                self.remove_widget(message_id)
        for number in sorted(wanted):
            area = column.area(number)
            widget = self.widgets.get(area.item.message_id)
            if widget is None:
                widget = self._made_widget(area)
            self._place_widget(widget, number, round(column.tops[number]) - top)
        self._order_focus()
        self._colours.look()

    def _place_end_button(self) -> None:
        is_shown = not self.is_at_bottom
        if not is_shown and self._end_button.hasFocus():
            self.setFocus()
        self._end_button.place(self.column.style, self.viewport().geometry())
        self._end_button.setVisible(is_shown)

    def _place_widget(self, widget: MessageWidget, number: int, y: int) -> None:
        area, column = widget.area, self.column
        left = (self.viewport().width() - column.width) // 2 - SIDE
        widget.is_last = number == len(column) - 1
        widget.setGeometry(left, y, column.width + 2 * SIDE, round(area.height))
        widget.selection = self.selection_in(number)
        widget.refresh(QRectF(0, -y - _SLACK, column.width, self.viewport().height() + 2 * _SLACK))
        dirty = area.take_dirty()
        if dirty < inf:
            widget.update(0, max(0, int(dirty)), widget.width(), widget.height())

    def _made_widget(self, area: Area) -> MessageWidget:
        widget = MessageWidget(area, self.viewport())
        message_id = area.item.message_id
        self.widgets[message_id] = widget
        widget.focused.connect(lambda: self._on_focused(message_id))
        widget.pointed_at.connect(self._order_focus)
        self.connect_widget(widget)
        widget.show()
        return widget

    def remove_widget(self, message_id: int) -> None:
        """Remove the widget of a message that is out of sight or gone."""
        widget = self.widgets.pop(message_id)
        if widget.has_focus_within():
            self.setFocus()
        widget.end_edit()
        widget.area.release()
        widget.hide()
        widget.deleteLater()

    def _numbers_near_focus(self) -> set[int]:
        """Neighbours of the message with the keyboard have widgets too, so that Tab can reach them."""
        for message_id, widget in self.widgets.items():
            number = self.column.number_of(message_id)
            if number is not None and widget.has_focus_within():
                return {near for near in (number - 1, number, number + 1) if 0 <= near < len(self.column)}
        return set()

    def _order_focus(self) -> None:
        """Let Tab follow the reading order: Qt puts what is made later behind everything else of the window."""
        ordered = sorted(self.widgets, key=lambda message_id: self.column.number_of(message_id) or 0)
        # The way back comes first: behind all messages one would have passed the end when it is reached.
        chain: list[QWidget] = [self, self._end_button]
        for message_id in ordered:
            chain += self.widgets[message_id].focus_chain()
        if chain == self._chain:
            return
        self._chain = chain
        for one, following in pairwise(chain):
            QWidget.setTabOrder(one, following)

    def _on_focused(self, message_id: int) -> None:
        widget = self.widgets.get(message_id)
        if widget is None:
            return
        widget.place_actions()
        focus = self.window().focusWidget() or widget
        is_whole = focus is widget or not widget.isAncestorOf(focus)
        y = widget.y() + (0 if is_whole else focus.mapTo(widget, focus.rect().topLeft()).y())
        height = min(widget.height(), self.column.style.px(120)) if is_whole else focus.height()
        bar, margin = self.verticalScrollBar(), 8
        if y < 0:
            bar.setValue(bar.value() + y - margin)
        elif y + height > self.viewport().height():
            bar.setValue(bar.value() + y + height - self.viewport().height() + margin)
        self.refresh()

    # Events.

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Follow the scroll bar."""
        if not self._is_placing:
            self._is_stuck = self.is_at_bottom
            # The bar says where to be; an anchor from before would hold the view back.
            self.refresh(self.anchor())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the column to the new size."""
        super().resizeEvent(event)
        self._was_resized = True
        self.refresh()


def nothing_selected(section: int, box: int, leaf: int) -> None:
    """Nothing is selected of any leaf."""
    del section, box, leaf
