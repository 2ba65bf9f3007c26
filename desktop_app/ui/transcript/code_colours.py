"""Colours the code on view in slices between events, and a growing block only now and then."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer

from desktop_app.ui.transcript.code_box import CodeBox
from desktop_app.ui.transcript.message_widget import MessageWidget

# Seconds of lexing between two events.
_SLICE = 0.004
# Milliseconds between two looks at code that is being written.
_GROWING = 200


class CodeColours:
    """Colours what is on view; its timer runs only while there is something to colour.

    Args:
        parent: owner of the timer.
        widgets: the messages on view.
        height: tells the height of the view.
    """

    def __init__(self, parent: QObject, widgets: Mapping[int, MessageWidget], height: Callable[[], int]) -> None:
        self._widgets = widgets
        self._height = height
        self._timer = QTimer(parent)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    def look(self) -> None:
        """Colour what came to view."""
        if self._timer.isActive():
            return
        waits = [_GROWING if is_growing else 0 for _, box, is_growing in self._boxes() if not box.highlighter.is_done]
        if waits:
            self._timer.start(min(waits))

    def _boxes(self) -> list[tuple[MessageWidget, CodeBox, bool]]:
        found: list[tuple[MessageWidget, CodeBox, bool]] = []
        for widget in self._widgets.values():
            area = widget.area
            for place, number, box, _ in area.boxes(-widget.y(), self._height() - widget.y()):
                if isinstance(box, CodeBox):
                    is_growing = area.item.is_streaming and number == len(place.flow.boxes) - 1
                    box.highlighter.set_lines(box.lines, is_growing=is_growing)
                    found.append((widget, box, is_growing))
        return found

    def _on_timeout(self) -> None:
        for widget, box, _ in self._boxes():
            if not box.highlighter.is_done:
                if box.highlighter.advance(_SLICE):
                    widget.update()
                break
        self.look()
