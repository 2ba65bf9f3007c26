"""The mouse in the transcript: selecting across messages, links, scrolling while dragging."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.ui.transcript.area import TEXT, FlowPlace
from desktop_app.ui.transcript.canvas import TranscriptCanvas
from desktop_app.ui.transcript.selection import Place, TextSelection

_SCROLL_EVERY = 30


class Pointer:
    """Turns mouse events into selections and activated links.

    Args:
        view: where the mouse is.
        select: called with what is selected now.
        follow: called with the address of a link that was clicked.
    """

    def __init__(
        self,
        view: TranscriptCanvas,
        select: Callable[[TextSelection], None],
        follow: Callable[[str], None],
    ) -> None:
        self._view = view
        self._select = select
        self._follow = follow
        self._start: Place | None = None
        self._word: tuple[Place, Place] | None = None
        self._pressed_at = QPoint()
        self._last = QPointF()
        self._is_dragging = False
        self._held: QWidget | None = None
        self._timer = QTimer(view)
        self._timer.setInterval(_SCROLL_EVERY)
        self._timer.timeout.connect(self._on_scroll)

    def holds(self, widget: QWidget) -> bool:
        """Whether a widget must live on because the mouse is held on it."""
        return self._is_dragging and widget is self._held

    def _column_point(self, point: QPointF) -> tuple[int, float, float] | None:
        """Return message, x and y in its area of a point in the viewport."""
        column = self._view.column
        if not column.items:
            return None
        y = point.y() + self._view.verticalScrollBar().value()
        number = max(0, min(column.range_at(y, y).stop - 1, len(column) - 1))
        x = point.x() - (self._view.viewport().width() - column.width) // 2
        return number, x, y - column.tops[number]

    def _flow_at(self, point: QPointF) -> tuple[int, FlowPlace, float, float] | None:
        found = self._column_point(point)
        if found is None:
            return None
        number, x, y = found
        places = [place for place in self._view.column.area(number).flows() if place.flow.boxes]
        if not places:
            return None
        place = next((place for place in places if y < place.y + place.flow.height), places[-1])
        return number, place, x - place.x, y - place.y

    def place_at(self, point: QPointF) -> tuple[Place, str] | None:
        """Return the place nearest to a point in the viewport, and the address of a link under it."""
        found = self._flow_at(point)
        if found is None:
            located = self._column_point(point)
            return (Place(located[0], TEXT, 0, 0, 0), "") if located else None
        number, flow_place, x, y = found
        flow = flow_place.flow
        box_number = flow.box_at(y)
        box = flow.boxes[box_number]
        box.lay_out()
        hit = box.hit(x - box.left, y - flow.tops[box_number])
        return Place(number, flow_place.section, box_number, hit.leaf, hit.position), hit.url

    def url_at(self, point: QPointF) -> str:
        """Return the address of the link under a point, empty without one."""
        found = self.place_at(point)
        return found[1] if found else ""

    def wide_box_at(self, point: QPointF) -> tuple[int, int, int] | None:
        """Return message, section and box under a point, for sideways scrolling."""
        found = self._flow_at(point)
        if found is None:
            return None
        number, place, _, y = found
        return number, place.section, place.flow.box_at(y)

    def press(self, event: QMouseEvent) -> None:
        """Begin a selection, or extend it with Shift."""
        found = self.place_at(event.position())
        if event.button() is not Qt.MouseButton.LeftButton or found is None:
            return
        self._pressed_at = event.position().toPoint()
        self._hold(event)
        self._word = None
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and self._start is not None
        if not extend:
            self._start = found[0]
        self._select_to(found[0])

    def _hold(self, event: QMouseEvent) -> None:
        """Begin to drag. Qt sends what follows to the widget under the mouse, which must live as long."""
        self._is_dragging = True
        viewport = self._view.viewport()
        widget = viewport.childAt(event.position().toPoint())
        while widget is not None and widget.parentWidget() is not viewport:
            widget = widget.parentWidget()
        self._held = widget

    def double_click(self, event: QMouseEvent) -> None:
        """Select the word under the mouse."""
        found = self.place_at(event.position())
        if event.button() is not Qt.MouseButton.LeftButton or found is None:
            return
        self._word = self._word_around(found[0])
        self._start = self._word[0]
        self._hold(event)
        self._select(TextSelection.between(*self._word))

    def _word_around(self, place: Place) -> tuple[Place, Place]:
        for flow_place in self._view.column.area(place.message).flows():
            if flow_place.section == place.section and place.box < len(flow_place.flow.boxes):
                start, end = flow_place.flow.boxes[place.box].word_at(place.leaf, place.position)
                return place._replace(position=start), place._replace(position=end)
        return place, place

    def move(self, event: QMouseEvent) -> None:
        """Extend the selection, or show what is under the mouse by its cursor."""
        self._last = event.position()
        if not self._is_dragging:
            url = self.url_at(event.position())
            shape = Qt.CursorShape.PointingHandCursor if url else self._shape_at(event.position())
            self._view.viewport().setCursor(shape)
            return
        self._drag_to(event.position())
        outside = not self._view.viewport().rect().contains(event.position().toPoint())
        if outside and not self._timer.isActive():
            self._timer.start()
        elif not outside:
            self._timer.stop()

    def _shape_at(self, point: QPointF) -> Qt.CursorShape:
        found = self._flow_at(point)
        if found is None:
            return Qt.CursorShape.ArrowCursor
        _, place, x, y = found
        inside = 0 <= x <= place.flow.width and 0 <= y <= place.flow.height
        return Qt.CursorShape.IBeamCursor if inside else Qt.CursorShape.ArrowCursor

    def _drag_to(self, point: QPointF) -> None:
        found = self.place_at(point)
        if found is None:
            return
        if self._word is None:
            self._select_to(found[0])
            return
        first, last = self._word_around(found[0])
        self._select(TextSelection(min(first, self._word[0]), max(last, self._word[1])))

    def _select_to(self, place: Place) -> None:
        if self._start is not None:
            self._select(TextSelection.between(self._start, place))

    def release(self, event: QMouseEvent) -> None:
        """End the selection; a click on a link follows it."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        was_dragging, self._is_dragging = self._is_dragging, False
        self._timer.stop()
        moved = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if was_dragging and self._word is None and moved < QApplication.startDragDistance():
            url = self.url_at(event.position())
            if url:
                self._follow(url)

    def forget(self) -> None:
        """Forget where a selection began: the branch is another one."""
        self._start = None
        self._word = None
        self._held = None
        self._is_dragging = False
        self._timer.stop()

    def _on_scroll(self) -> None:
        y = self._last.y()
        height = self._view.viewport().height()
        step = y if y < 0 else y - height if y > height else 0.0
        bar = self._view.verticalScrollBar()
        bar.setValue(bar.value() + round(max(-60.0, min(60.0, step))))
        self._drag_to(self._last)
