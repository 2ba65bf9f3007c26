"""The geometry and the painting of one message; no widget, so that a message out of sight costs next to nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, inf

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath

from desktop_app.ui.transcript.boxes import Box, TextBox
from desktop_app.ui.transcript.code_box import CodeBox
from desktop_app.ui.transcript.flow import Flow
from desktop_app.ui.transcript.item import TranscriptItem, error_for, note_for
from desktop_app.ui.transcript.style import TextStyle, TranscriptStyle
from desktop_app.ui.transcript.text_leaf import Selected, TextLeaf, plain_leaf

# What is selected, given the section (0 reasoning, 1 text), the box and the leaf.
AreaSelection = Callable[[int, int, int], Selected]
REASONING, TEXT = 0, 1
_BUBBLE_SHARE = 0.8


@dataclass(frozen=True)
class FlowPlace:
    """A flow of the message and where it stands in it."""

    section: int
    flow: Flow
    x: float
    y: float


class Area:
    """One message in a column.

    Attributes:
        height: in pixels, a guess until what is seen of it was laid out.
        is_open: whether the reasoning is unfolded.
        is_kept_from: whether the line "no longer sees" stands above it.
        offers_reload: whether the button that loads the model again belongs under its error.
        editor_height: height of the editor that stands in for the bubble, 0 without one.
        actions_height: height reserved for the buttons.
    """

    def __init__(self, item: TranscriptItem, style: TranscriptStyle) -> None:
        self.item = item
        self.style = style
        self.width = 0.0
        self.height = 0.0
        self.is_open = False
        self.is_first = False
        self.is_kept_from = False
        self.offers_reload = False
        self.editor_height = 0
        self.actions_height = style.px(24)
        self.flow = Flow(is_markdown=not item.is_user)
        self.thoughts = Flow()
        self._is_dirty = True
        self._note: TextLeaf | None = None
        self._error: TextLeaf | None = None
        self.set_item(item)

    def set_item(self, item: TranscriptItem) -> None:
        """Take another state of the message; what did not change keeps its layout."""
        grown = replace(self.item, content=item.content, reasoning=item.reasoning)
        self._is_dirty = self._is_dirty or grown != item or bool(item.reasoning and not self.item.reasoning)
        self.item = item
        self.flow.set_source(item.content, is_finished=not item.is_streaming)
        self.thoughts.set_source(item.reasoning, is_finished=not item.is_streaming or bool(item.content))
        note, error = note_for(item), error_for(item)
        if (self._note.text if self._note else "") != note:
            self._note = plain_leaf(note, self.style.small, self.style) if note else None
        if (self._error.text if self._error else "") != error:
            self._error = plain_leaf(error, self.style.error, self.style) if error else None
        self.place()

    def set_style(self, style: TranscriptStyle) -> None:
        """Take another theme."""
        self.style = style
        self.width = 0.0
        self._is_dirty = True
        self.actions_height = style.px(24)
        self._note = self._error = None
        for flow, text_style in ((self.flow, style.body), (self.thoughts, style.reasoning)):
            flow.width = 0.0
            flow.rebuild(style, text_style)
        self.set_item(self.item)

    # Geometry, from the top of the area; x from the left edge of the column.

    @property
    def top(self) -> float:
        """Where the message itself begins, below the line of dropped messages."""
        return self.style.px(44) if self.is_kept_from else 0.0

    @property
    def has_reasoning(self) -> bool:
        """Whether there is a folded line of reasoning."""
        return bool(self.item.reasoning)

    @property
    def reasoning_rect(self) -> QRectF:
        """Where the folded line of the reasoning stands."""
        return QRectF(0, self.top, self.width, self.style.px(25))

    def _thoughts_top(self) -> float:
        return self.reasoning_rect.bottom() + self.style.px(4)

    @property
    def text_top(self) -> float:
        """Where the text of the message begins."""
        if self.item.is_user:
            return self.top + self.style.px(9)
        if not self.has_reasoning:
            return self.top
        if self.is_open:
            return self._thoughts_top() + self.thoughts.height + self.style.px(14)
        return self.reasoning_rect.bottom() + self.style.px(10)

    @property
    def _bubble_padding(self) -> int:
        return self.style.px(16)

    def _bubble_width(self) -> float:
        """Width of the text in the bubble: what it needs, at most a share of the measure."""
        most = max(self.style.px(80), int(self.width * _BUBBLE_SHARE)) - 2 * self._bubble_padding
        if len(self.flow.source) > 4 * most or not self.flow.boxes:
            return most
        free = [box.leaf.free_width() for box in self.flow.boxes if isinstance(box, TextBox)]
        return min(most, ceil(max(free, default=0.0)) + 1)

    @property
    def bubble(self) -> QRectF:
        """The ground behind a user's message."""
        width = self.flow.width + 2 * self._bubble_padding
        return QRectF(self.width - width, self.top, width, self.flow.height + self.style.px(19))

    @property
    def editor_rect(self) -> QRectF:
        """Where the editor stands while a message is edited."""
        return QRectF(0, self.top, self.width, self.editor_height)

    @property
    def text_bottom(self) -> float:
        """Where the message ends, before notes and buttons."""
        if self.item.is_user:
            return self.editor_rect.bottom() if self.editor_height else self.bubble.bottom()
        lines = self.style.body.line_height if not self.flow.boxes and self.item.is_streaming else 0
        return self.text_top + max(self.flow.height, lines)

    def _note_top(self) -> float:
        return self.text_bottom + self.style.px(10)

    def _error_top(self) -> float:
        return self._note_top() + (self._note.height + self.style.px(4) if self._note else 0)

    def _error_bottom(self) -> float:
        return self._error_top() + (self._error.height if self._error else 0)

    @property
    def reload_rect(self) -> QRectF | None:
        """Where the button that loads the model again stands; None when there is none."""
        if not self._error or not self.offers_reload:
            return None
        return QRectF(0, self._error_bottom() + self.style.px(8), 0, self.style.px(30))

    @property
    def actions_top(self) -> float:
        """Where the row of buttons begins."""
        if self.item.is_user:
            return self.text_bottom + self.style.px(2)
        if self._error:
            rect = self.reload_rect
            return (rect.bottom() if rect else self._error_bottom()) + self.style.px(8)
        bottom = self._note_top() + self._note.height if self._note else self.text_bottom
        return bottom + self.style.px(10)

    def flows(self) -> list[FlowPlace]:
        """Return the flows that are shown."""
        places: list[FlowPlace] = []
        if self.has_reasoning and self.is_open and not self.item.is_user:
            places.append(FlowPlace(REASONING, self.thoughts, self.style.px(14), self._thoughts_top()))
        x = self.width - self.flow.width - self._bubble_padding if self.item.is_user else 0.0
        if not self.editor_height:
            places.append(FlowPlace(TEXT, self.flow, x, self.text_top))
        return places

    # Laying out.

    def set_width(self, width: float) -> None:
        """Take the width of the column."""
        if width != self.width:
            self.width = width
            self.place()

    def place(self) -> None:
        """Work out the height from what is known."""
        if not self.width:
            return
        self.flow.set_width(self._bubble_width() if self.item.is_user else self.width)
        self.thoughts.set_width(self.width - self.style.px(14))
        for leaf in (self._note, self._error):
            if leaf:
                leaf.lay_out(self.width)
        if not self.flow.boxes and self.flow.source:
            self.flow.height = self._guess()
        below = self.style.px(4) if self.item.is_user else self.style.px(22)
        self.height = ceil(self.actions_top + self.actions_height + below)

    def _guess(self) -> float:
        width = self.flow.width or self.width
        text_style = self.style.body
        per_line = max(1.0, width / text_style.character)
        source = self.item.content
        lines = source.count("\n") + 1 + len(source) / per_line
        return lines * text_style.line_height

    def read(self) -> bool:
        """Read the text into boxes, as far as one slice goes; return whether more is left."""
        more = False
        if not self.flow.is_read:
            more = self.flow.read(self.style, self.style.body)
        if self.is_open and not self.thoughts.is_read:
            more = self.thoughts.read(self.style, self.style.reasoning) or more
        self.place()
        return more

    def lay_out(self, top: float, bottom: float) -> None:
        """Lay out what is seen between two heights and correct the height."""
        for place in self.flows():
            place.flow.lay_out(top - place.y, bottom - place.y)
        self.place()

    def take_dirty(self) -> float:
        """Return the height from which on the message must be drawn again, infinite when it need not."""
        dirty = 0.0 if self._is_dirty else inf
        for place in self.flows():
            if place.flow.dirty_from < inf:
                # Text may stand out of its line a little.
                dirty = min(dirty, place.y + place.flow.dirty_from - self.style.px(4))
                place.flow.dirty_from = inf
        self._is_dirty = False
        return dirty

    def release(self) -> None:
        """Forget layouts to save memory: the message is out of sight."""
        self.flow.release()
        self.thoughts.release()

    def touch(self) -> None:
        """Have the whole message drawn again."""
        self._is_dirty = True

    def boxes(self, top: float, bottom: float) -> list[tuple[FlowPlace, int, Box, float]]:
        """Return flow, number, box and top of the boxes between two heights."""
        return [
            (place, number, box, place.y + y)
            for place in self.flows()
            for number, box, y in place.flow.visible(top - place.y, bottom - place.y)
        ]

    # Painting.

    def draw(self, painter: QPainter, x: float, clip: QRectF, selection: AreaSelection) -> None:
        """Draw what meets the clip, with the left edge of the column at ``x``."""
        if self.is_kept_from:
            self._draw_kept_line(painter, x)
        if self.item.is_user and not self.editor_height:
            self._draw_bubble(painter, self.bubble.translated(x, 0))
        if self.has_reasoning and not self.item.is_user:
            self._draw_reasoning_rule(painter, x)
        for place in self.flows():
            place.flow.draw(painter, x + place.x, place.y, _section(selection, place.section), clip)
        if self._note:
            self._note.draw(painter, x, self._note_top(), None, clip)
        if self._error:
            self._error.draw(painter, x, self._error_top(), None, clip)
        if self.item.is_streaming:
            self._draw_cursor(painter, x)

    def _draw_bubble(self, painter: QPainter, rect: QRectF) -> None:
        large, small = min(self.style.px(14), rect.height() / 2), self.style.px(4)
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        path.addRoundedRect(rect, large, large)
        # The corner towards the writer is the small one.
        corner = QRectF(rect.right() - 2 * large, rect.bottom() - 2 * large, 2 * large, 2 * large)
        path.addRoundedRect(corner, small, small)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(path.simplified(), self.style.colour("bubble"))
        painter.restore()

    def _draw_reasoning_rule(self, painter: QPainter, x: float) -> None:
        bottom = self.reasoning_rect.bottom()
        if self.is_open:
            bottom = self._thoughts_top() + self.thoughts.height
        rect = QRectF(x, self.top, self.style.px(2), bottom - self.top)
        painter.fillRect(rect, self.style.colour("line"))

    def _draw_kept_line(self, painter: QPainter, x: float) -> None:
        text_style: TextStyle = self.style.small
        text = QCoreApplication.translate("Transcript", "The model no longer sees what is above")
        metrics = QFontMetricsF(text_style.font)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width)
        width = metrics.horizontalAdvance(text)
        middle = self.style.px(15)
        left = x + (self.width - width) / 2
        gap = self.style.px(12)
        for start, end in ((x, left - gap), (left + width + gap, x + self.width)):
            if end > start:
                painter.fillRect(QRectF(start, middle, end - start, 1), self.style.colour("line"))
        painter.setFont(text_style.font)
        painter.setPen(text_style.colour)
        painter.drawText(QPointF(left, middle - text_style.line_height / 2 + text_style.baseline), text)

    def cursor_rect(self) -> QRectF:
        """Where the block that marks the end of a streaming reply stands."""
        x, y, text_style = 0.0, self.text_top, self.style.body
        if self.flow.boxes:
            box = self.flow.boxes[-1]
            box.lay_out()
            end_x, end_y = box.end_point()
            x, y = box.left + end_x, self.text_top + self.flow.tops[-1] + end_y
            if isinstance(box, CodeBox):
                text_style = self.style.code
            elif isinstance(box, TextBox):
                text_style = box.leaf.text_style
        width = self.style.px(5)
        height = round(text_style.line_height * 0.72)
        return QRectF(min(x + 1, self.width), y + (text_style.line_height - height) // 2, width, height)

    def _draw_cursor(self, painter: QPainter, x: float) -> None:
        painter.fillRect(self.cursor_rect().translated(x, 0), self.style.colour("text"))


def _section(selection: AreaSelection, section: int) -> Callable[[int, int], Selected]:
    return lambda box, leaf: selection(section, box, leaf)
