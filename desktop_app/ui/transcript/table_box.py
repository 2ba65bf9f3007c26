"""A table: thin lines, columns as wide as they need, scrolled sideways when they do not fit."""

from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from desktop_app.core.markdown import Alignment, Spans, Table
from desktop_app.ui.transcript.boxes import Box, Hit, Selection
from desktop_app.ui.transcript.rows import Row
from desktop_app.ui.transcript.style import TranscriptStyle
from desktop_app.ui.transcript.text_leaf import TextLeaf

_ALIGNMENTS = {
    Alignment.START: None,
    Alignment.LEFT: Qt.AlignmentFlag.AlignLeft,
    Alignment.CENTRE: Qt.AlignmentFlag.AlignHCenter,
    Alignment.RIGHT: Qt.AlignmentFlag.AlignRight,
}


def column_widths(natural: Sequence[float], available: float, floors: Sequence[float]) -> list[float]:
    """Return the widths of columns.

    Columns get what they need when all fits; otherwise the widest give way first, none below its floor. What then still
    does not fit is scrolled to.
    """
    widths = list(natural)
    excess = sum(widths) - available
    while excess > 0.5:
        room = [index for index, width in enumerate(widths) if width > floors[index] + 0.5]
        if not room:
            break
        widest = max(widths[index] for index in room)
        top = [index for index in room if widths[index] > widest - 0.5]
        below = max((widths[index] for index in room if index not in top), default=0.0)
        target = max(widest - excess / len(top), below)
        for index in top:
            narrowed = max(floors[index], target)
            excess -= widths[index] - narrowed
            widths[index] = narrowed
    return widths


class TableBox(Box):
    """A table.

    Attributes:
        scroll_x: how far it is scrolled sideways.
        known_leaves: laid out cells, for the table that takes this one's place.
    """

    def __init__(self, row: Row, table: Table, style: TranscriptStyle, previous: Box | None = None) -> None:
        super().__init__(row, style)
        self.table = table
        self.scroll_x = 0.0
        self.content_width = 0.0
        self._columns = len(self.table.alignments)
        known: dict[tuple[int, Spans], TextLeaf] = {}
        if isinstance(previous, TableBox) and previous.table.alignments == self.table.alignments:
            known = previous.known_leaves
            self.scroll_x = previous.scroll_x
        self.known_leaves: dict[tuple[int, Spans], TextLeaf] = {}
        self._cells: list[list[TextLeaf]] = []
        for number, cells in enumerate(self.table.rows):
            self._cells.append([self._leaf(number, column, cell, known) for column, cell in enumerate(cells)])
        self._tops: list[float] = []
        self._heights: list[float] = []
        self._lefts: list[float] = []
        self._widths: list[float] = []

    def _leaf(self, number: int, column: int, spans: Spans, known: dict[tuple[int, Spans], TextLeaf]) -> TextLeaf:
        # Equal cells of a column share a layout, and a growing table keeps those it has; header cells are set apart.
        key = (column if number else -1 - column, spans)
        leaf = self.known_leaves.get(key) or known.get(key)
        if leaf is None:
            text_style = self.style.table if number else self.style.table_header
            leaf = TextLeaf(spans, text_style, self.style, _ALIGNMENTS[self.table.alignments[column]])
        self.known_leaves[key] = leaf
        return leaf

    @property
    def leaf_texts(self) -> Sequence[str]:
        """The texts of the leaves."""
        return [leaf.text for cells in self._cells for leaf in cells]

    def separator(self, leaf: int) -> str:
        """Separate cells by tabs."""
        return "\t" if leaf % self._columns else "\n"

    @property
    def scroll_range(self) -> float:
        """How far it can be scrolled sideways; 0 when all fits."""
        return max(0.0, self.content_width - self.width) if self.is_exact else 0.0

    def scroll_bar_rect(self) -> QRectF:
        """Where the scroll bar stands, from the box's top left corner."""
        height = self.style.px(8)
        return QRectF(0, self.height - height, self.width, height)

    def release(self) -> None:
        """Forget the layouts of cells."""
        for cells in self._cells:
            for leaf in cells:
                leaf.release()

    def estimate(self) -> float:
        """Guess the height."""
        return len(self._cells) * (self.style.table.line_height + 2 * self.style.px(7) + 1.0)

    def measure(self) -> float:
        """Lay out and return the height."""
        style = self.style
        pad_x, pad_y = style.px(10), style.px(7)
        natural, floors = [0.0] * self._columns, [float(style.px(90))] * self._columns
        longest = style.px(240)
        for cells in self._cells:
            for column, leaf in enumerate(cells):
                natural[column] = max(natural[column], leaf.free_width() + 1)
                floors[column] = max(floors[column], min(leaf.word_width(), longest))
        available = self.width - 2 * pad_x * self._columns
        self._widths = column_widths(natural, available, [min(pair) for pair in zip(natural, floors, strict=True)])
        self._lefts = [0.0, *accumulate(width + 2 * pad_x for width in self._widths)]
        self.content_width = self._lefts[-1]
        self._heights = [
            max(leaf.lay_out(self._widths[column]) for column, leaf in enumerate(cells)) + 2 * pad_y + 1
            for cells in self._cells
        ]
        self._tops = [0.0, *accumulate(self._heights)]
        self.scroll_x = min(self.scroll_x, max(0.0, self.content_width - self.width))
        return self._tops[-1] + (style.px(12) if self.content_width > self.width + 0.5 else 0)

    def draw(self, painter: QPainter, x: float, y: float, selection: Selection, clip: QRectF) -> None:
        """Draw what meets the clip."""
        pad_x, pad_y = self.style.px(10), self.style.px(7)
        line = self.style.colour("line")
        right = min(self.width, self.content_width)
        painter.save()
        painter.setClipRect(QRectF(x, y, self.width, self.height), Qt.ClipOperation.IntersectClip)
        for number, cells in enumerate(self._cells):
            top = y + self._tops[number]
            if top > clip.bottom() or top + self._heights[number] < clip.top():
                continue
            for column, leaf in enumerate(cells):
                left = x + self._lefts[column] + pad_x - self.scroll_x
                leaf.lay_out(self._widths[column])
                leaf.draw(painter, left, top + pad_y, selection(number * self._columns + column), clip)
            weight = 2 if number == 0 else 1
            painter.fillRect(QRectF(x, top + self._heights[number] - weight, right, weight), line)
        painter.restore()

    def _cell_at(self, x: float, y: float) -> tuple[int, int]:
        number = sum(1 for top in self._tops[1:-1] if y >= top)
        column = sum(1 for left in self._lefts[1:-1] if x + self.scroll_x >= left)
        return (number, column)

    def hit(self, x: float, y: float) -> Hit:
        """Return the place nearest to a point."""
        if not self._cells:
            return Hit(0, 0)
        number, column = self._cell_at(x, y)
        leaf = self._cells[number][column]
        leaf.lay_out(self._widths[column])
        inner_x = x + self.scroll_x - self._lefts[column] - self.style.px(10)
        inner_y = y - self._tops[number] - self.style.px(7)
        position = leaf.position_at(inner_x, min(max(inner_y, 0.0), leaf.height - 1))
        return Hit(number * self._columns + column, position, leaf.link_at(inner_x, inner_y))

    def word_at(self, leaf: int, position: int) -> tuple[int, int]:
        """Return the bounds of the word around a position."""
        number, column = divmod(leaf, self._columns)
        cell = self._cells[number][column]
        cell.lay_out(self._widths[column])
        return cell.word_at(position)

    def end_point(self) -> tuple[float, float]:
        """Return where the last text ends."""
        if not self._cells or not self._lefts:
            return (0.0, 0.0)
        cells = self._cells[-1]
        column = max((number for number, leaf in enumerate(cells) if leaf.text), default=0)
        cells[column].lay_out(self._widths[column])
        x, y = cells[column].end_point()
        left = self._lefts[column] + self.style.px(10) - self.scroll_x
        return (min(left + x, self.width), self._tops[-2] + self.style.px(7) + y)
