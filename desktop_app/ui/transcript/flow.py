"""Boxes below one another: the text of a message, of which only what is seen is laid out."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import inf

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from desktop_app.core.markdown import Block, Code, Paragraph, Rule, StreamingMarkdown, Table, safe_text, text_blocks
from desktop_app.ui.transcript.boxes import Box, RuleBox, Selection, TextBox
from desktop_app.ui.transcript.code_box import CodeBox
from desktop_app.ui.transcript.rows import Row, rows_of
from desktop_app.ui.transcript.style import TextStyle, TranscriptStyle
from desktop_app.ui.transcript.table_box import TableBox
from desktop_app.ui.transcript.text_leaf import Selected, direction_of

# What is selected of a leaf, given the numbers of the box and of the leaf in it.
FlowSelection = Callable[[int, int], Selected]
# Text read in one go; more is read in slices so that the window stays alive.
_SLICE = 12_000


def make_box(row: Row, style: TranscriptStyle, text_style: TextStyle, previous: Box | None = None) -> Box:
    """Return the box of a row; a box of the same kind that it replaces hands on what it knows."""
    if isinstance(row.block, Code):
        return CodeBox(row, row.block, style, previous)
    if isinstance(row.block, Table):
        return TableBox(row, row.block, style, previous)
    if isinstance(row.block, Rule):
        return RuleBox(row, style)
    return TextBox(row, style, text_style)


class Flow:
    """A growing text as boxes in a column.

    Attributes:
        boxes: from the top; ``tops`` has where each begins (after its gap).
        height: of all, partly a guess until all was seen.
        dirty_from: the height from which on something changed since it was last drawn; infinite when nothing did.
    """

    def __init__(self, *, is_markdown: bool = True) -> None:
        self.boxes: list[Box] = []
        self.tops: list[float] = []
        self.height = 0.0
        self.width = 0.0
        self.dirty_from = inf
        self._is_markdown = is_markdown
        self._reader = StreamingMarkdown()
        self._source = ""
        self._read = 0
        self._is_finished = False
        self._is_stale = True
        self._closed_rows: list[Row] = []
        self._closed_blocks = 0

    @property
    def source(self) -> str:
        """The text."""
        return self._source

    @property
    def is_read(self) -> bool:
        """Whether all of the text has been read into boxes."""
        return not self._is_stale

    def set_source(self, source: str, *, is_finished: bool) -> None:
        """Take the text; one that only grew goes on from where it was."""
        grows = source.startswith(self._source) and not self._is_finished
        if source == self._source and is_finished == self._is_finished:
            return
        if not grows:
            self._reader = StreamingMarkdown()
            self._closed_rows = []
            self._closed_blocks = 0
            self._read = 0
        self._source = source
        self._is_finished = is_finished
        self._is_stale = True

    def read(self, style: TranscriptStyle, text_style: TextStyle) -> bool:
        """Read at most a slice of the text; return whether more is left."""
        if not self._is_markdown:
            self._is_stale = False
            self._set_rows(rows_of(_directed_blocks(safe_text(self._source))), style, text_style)
            return False
        stop = min(len(self._source), self._read + _SLICE)
        self._reader.append(self._source[self._read : stop])
        self._read = stop
        self._is_stale = stop < len(self._source)
        if self._is_finished and not self._is_stale:
            self._reader.finish()
        blocks = self._reader.blocks
        closed = self._reader.closed_count
        if closed > self._closed_blocks:
            new = blocks[self._closed_blocks : closed]
            self._closed_rows += rows_of(new, is_first=not self._closed_rows)
            self._closed_blocks = closed
        open_rows = rows_of(blocks[closed:], is_first=not self._closed_rows)
        self._set_rows(self._closed_rows + open_rows, style, text_style)
        return self._is_stale

    def rebuild(self, style: TranscriptStyle, text_style: TextStyle) -> None:
        """Make all boxes anew, for another theme."""
        rows = [box.row for box in self.boxes]
        self.boxes = []
        self._set_rows(rows, style, text_style)

    def release(self) -> None:
        """Forget layouts to save memory; heights stay known."""
        for box in self.boxes:
            box.release()

    def _set_rows(self, rows: Sequence[Row], style: TranscriptStyle, text_style: TextStyle) -> None:
        same = 0
        for box, row in zip(self.boxes, rows, strict=False):
            if box.row is not row and box.row.key != row.key:
                break
            same += 1
        old = self.boxes[same:]
        # The last box that was there is dirty in any case: the cursor stood on it.
        first_dirty = max(0, min(same, len(self.boxes) - 1))
        self.dirty_from = min(self.dirty_from, self.tops[first_dirty] if self.boxes else 0.0)
        del self.boxes[same:]
        known = {box.row.key: box for box in old}
        for number, row in enumerate(rows[same:]):
            box = known.get(row.key) or make_box(row, style, text_style, old[number] if number < len(old) else None)
            known.pop(row.key, None)
            if self.width:
                box.set_width(self.width)
            self.boxes.append(box)
        self._place(same)

    def _place(self, first: int = 0) -> None:
        del self.tops[first:]
        y = self.tops[-1] + self.boxes[first - 1].height if first else 0.0
        for box in self.boxes[first:]:
            y += box.gap
            self.tops.append(y)
            y += box.height
        self.height = y

    def set_width(self, width: float) -> None:
        """Take the width of the column."""
        if width == self.width:
            return
        self.width = width
        for box in self.boxes:
            box.set_width(width)
        self._place()

    def range_at(self, top: float, bottom: float) -> range:
        """Return the numbers of the boxes between two heights."""
        first = max(0, bisect_right(self.tops, top) - 1)
        last = bisect_right(self.tops, bottom)
        return range(min(first, len(self.boxes)), last)

    def lay_out(self, top: float, bottom: float) -> None:
        """Lay out what is between two heights, as they are once it is laid out."""
        number = self.range_at(top, bottom).start
        changed = False
        y = self.tops[number] if number < len(self.boxes) else 0.0
        first = number
        while number < len(self.boxes) and y <= bottom:
            box = self.boxes[number]
            if not box.is_exact:
                before = box.height
                box.lay_out()
                changed = changed or box.height != before
            y += box.height + (self.boxes[number + 1].gap if number + 1 < len(self.boxes) else 0)
            number += 1
        if changed:
            self._place(first)

    def draw(self, painter: QPainter, x: float, y: float, selection: FlowSelection, clip: QRectF) -> None:
        """Draw what meets the clip, with the top left corner at a point."""
        for number in self.range_at(clip.top() - y, clip.bottom() - y):
            box = self.boxes[number]
            top = y + self.tops[number]
            self._draw_bars(painter, box, x, top)
            box.lay_out()
            box.draw(painter, x + box.left, top, _leaf_selection(selection, number), clip)

    def _draw_bars(self, painter: QPainter, box: Box, x: float, top: float) -> None:
        style = box.style
        for number, bar in enumerate(box.row.bars):
            above = box.gap if number < box.row.joined else 0
            distance = style.px(bar) if bar else 0
            # What is read from the right has its bars at the right.
            is_mirrored = box.left < box.indent
            left = x + (self.width - distance - style.px(2) if is_mirrored else distance)
            painter.fillRect(QRectF(left, top - above, style.px(2), box.height + above), style.colour("line"))

    def visible(self, top: float, bottom: float) -> Iterator[tuple[int, Box, float]]:
        """Yield number, box and top of what is between two heights."""
        for number in self.range_at(top, bottom):
            yield number, self.boxes[number], self.tops[number]

    def links(self) -> list[str]:
        """Return the addresses in the text, in their order."""
        return [url for box in self.boxes if isinstance(box, TextBox) for url in box.leaf.links()]

    def box_at(self, y: float) -> int:
        """Return the number of the box nearest to a height; there must be one."""
        return min(max(0, bisect_right(self.tops, y) - 1), len(self.boxes) - 1)


def _directed_blocks(text: str) -> list[Block]:
    """Return plain text as paragraphs, each of lines of one direction, because Qt knows only one for a layout."""
    blocks: list[Block] = []
    for piece in _directed_pieces(text):
        for block in text_blocks(piece):
            blocks.append(replace(block, continues=True) if isinstance(block, Paragraph) and blocks else block)
    return blocks


def _directed_pieces(text: str) -> list[str]:
    if text.isascii() or "\n" not in text:
        return [text]
    pieces: list[list[str]] = []
    current = ""
    for line in text.split("\n"):
        # Lines without letters stay with those above them.
        direction = direction_of(line) or current
        if not pieces or (current and direction != current):
            pieces.append([])
        current = direction
        pieces[-1].append(line)
    return ["\n".join(lines) for lines in pieces]


def _leaf_selection(selection: FlowSelection, number: int) -> Selection:
    return lambda leaf: selection(number, leaf)
