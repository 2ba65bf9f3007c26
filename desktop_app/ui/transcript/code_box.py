"""A code block: a header with its language, and lines of which only the visible ones are laid out."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QTextCharFormat, QTextLayout, QTextOption

from desktop_app.core.markdown import Code
from desktop_app.ui.highlight import Highlighter, colours
from desktop_app.ui.transcript.boxes import Box, Hit, Selection
from desktop_app.ui.transcript.rows import Row
from desktop_app.ui.transcript.style import TranscriptStyle
from desktop_app.ui.transcript.text_leaf import format_range, units, x_of

_TAB = 4
_KEPT_LINES = 400

# A laid out line with the text and the version of the colours that it shows.
_Line = tuple[str, int, QTextLayout]


class CodeBox(Box):
    """Code as written: long lines are scrolled to, or wrapped when the style says so.

    Attributes:
        scroll_x: how far it is scrolled sideways.
        wrapped_width: the width that lines were wrapped to.
        line_layouts: laid out lines by number, for the code that takes this one's place.
    """

    def __init__(self, row: Row, code: Code, style: TranscriptStyle, previous: Box | None = None) -> None:
        super().__init__(row, style)
        self.code = code
        self.lines = code.text.split("\n")
        self.scroll_x = 0.0
        self.line_layouts: dict[int, _Line] = {}
        self.highlighter = Highlighter(code.language)
        self._header = style.px(29)
        self._padding = style.px(12)
        self._row_starts: list[int] = []
        self.wrapped_width = -1.0
        metrics = QFontMetricsF(style.code.font)
        self._advance = metrics.horizontalAdvance("0")
        if isinstance(previous, CodeBox) and previous.code.language == code.language:
            self.highlighter = previous.highlighter
            if previous.style is style:
                self.scroll_x = previous.scroll_x
                self.wrapped_width = previous.wrapped_width
                self.line_layouts = previous.line_layouts
        self.content_width = self._measured_width(metrics)

    def _measured_width(self, metrics: QFontMetricsF) -> float:
        width = max(len(line.expandtabs(_TAB)) for line in self.lines) * self._advance
        if self.code.text.isascii():
            return width
        widest = max(self.lines, key=len).expandtabs(_TAB)
        return max(width, metrics.horizontalAdvance(widest))

    @property
    def leaf_texts(self) -> Sequence[str]:
        """The lines."""
        return self.lines

    @property
    def view_width(self) -> float:
        """The width in which code is seen."""
        return self.width - 2 * self._padding

    @property
    def scroll_range(self) -> float:
        """How far it can be scrolled sideways; 0 when all fits."""
        return 0.0 if self.style.wraps_code else max(0.0, self.content_width - self.view_width)

    @property
    def header_height(self) -> int:
        """Height of the line with the language and the copy button."""
        return self._header

    @property
    def _top(self) -> int:
        return self._header + self.style.px(10)

    def scroll_bar_rect(self) -> QRectF:
        """Where the scroll bar stands, from the box's top left corner."""
        height = self.style.px(8)
        return QRectF(self._padding, self.height - height - self.style.px(3), self.view_width, height)

    def release(self) -> None:
        """Forget the layouts of lines."""
        self.line_layouts.clear()

    def estimate(self) -> float:
        """Know the height: it follows from the number of lines."""
        return self.measure()

    def measure(self) -> float:
        """Return the height; lines keep their layouts unless they are wrapped to another width."""
        self.scroll_x = min(self.scroll_x, self.scroll_range)
        bar = self.style.px(8) if self.scroll_range else 0
        if self.style.wraps_code:
            if self.wrapped_width != self.view_width:
                self.wrapped_width = self.view_width
                self.line_layouts.clear()
            self._row_starts = [0, *accumulate(map(self._rows_of, range(len(self.lines))))]
        else:
            self._row_starts = []
        rows = self._row_starts[-1] if self._row_starts else len(self.lines)
        return self._top + rows * self.style.code.line_height + self.style.px(11) + bar

    def _rows_of(self, number: int) -> int:
        """Return how many rows a wrapped line takes."""
        line = self.lines[number]
        if not line.isascii() or "\t" in line:
            return self._layout(number).lineCount()
        return max(1, ceil(len(line) / max(1, int(self.view_width / self._advance))))

    def _line_top(self, number: int) -> float:
        row = self._row_starts[number] if self._row_starts else number
        return row * self.style.code.line_height

    def _line_at(self, y: float) -> int:
        row = int(y // self.style.code.line_height)
        return bisect_right(self._row_starts, row) - 1 if self._row_starts else row

    def _layout(self, number: int) -> QTextLayout:
        text = self.lines[number]
        version = self.highlighter.version
        kept = self.line_layouts.get(number)
        if kept and kept[0] == text and kept[1] == version:
            return kept[2]
        layout = QTextLayout(text, self.style.code.font)
        option = QTextOption()
        wraps = self.style.wraps_code
        option.setWrapMode(QTextOption.WrapMode.WrapAnywhere if wraps else QTextOption.WrapMode.NoWrap)
        option.setTabStopDistance(self._advance * _TAB)
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        layout.setTextOption(option)
        layout.setFormats(self._formats(number, text))
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.view_width if wraps else max(self.content_width, self.view_width) + 1)
            line.setPosition(QPointF(0, top + self.style.code.baseline - line.ascent()))
            top += self.style.code.line_height
        layout.endLayout()
        if len(self.line_layouts) > _KEPT_LINES:
            self.line_layouts.clear()
        self.line_layouts[number] = (text, version, layout)
        return layout

    def _formats(self, number: int, text: str) -> list[QTextLayout.FormatRange]:
        ranges: list[QTextLayout.FormatRange] = []
        palette = colours(self.style.palette)
        for start, length, role in self.highlighter.runs(number):
            form = QTextCharFormat()
            form.setForeground(QColor(palette[role]))
            form.setFontItalic(role == "comment")
            ranges.append(format_range(units(text[:start]), units(text[start : start + length]), form))
        return ranges

    def draw(self, painter: QPainter, x: float, y: float, selection: Selection, clip: QRectF) -> None:
        """Draw the frame and the lines that meet the clip."""
        self._draw_frame(painter, x, y)
        top = y + self._top
        first = max(0, self._line_at(clip.top() - top))
        last = min(len(self.lines), self._line_at(clip.bottom() - top) + 1)
        view = QRectF(x + self._padding, y, self.view_width + self._padding - 1, self.height)
        painter.save()
        painter.setClipRect(view, Qt.ClipOperation.IntersectClip)
        for number in range(first, last):
            selections = []
            selected = selection(number)
            if selected and selected[0] < selected[1]:
                form = QTextCharFormat()
                form.setBackground(self.style.selection)
                end = min(selected[1], units(self.lines[number]))
                selections.append(format_range(selected[0], end - selected[0], form))
            painter.setPen(self.style.code.colour)
            origin = QPointF(x + self._padding - self.scroll_x, top + self._line_top(number))
            self._layout(number).draw(painter, origin, selections)
        painter.restore()

    def _draw_frame(self, painter: QPainter, x: float, y: float) -> None:
        style = self.style
        frame = QRectF(x + 0.5, y + 0.5, self.width - 1, self.height - 1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(frame, style.px(8), style.px(8))
        painter.fillPath(path, style.colour("code"))
        painter.setPen(QPen(style.colour("line"), 1))
        painter.drawPath(path)
        painter.restore()
        painter.fillRect(QRectF(x + 1, y + self._header, self.width - 2, 1), style.colour("line"))
        painter.setFont(style.small.font)
        painter.setPen(style.colour("secondary"))
        baseline = y + (self._header - style.small.line_height) // 2 + style.small.baseline
        room = int(self.width - 2 * self._padding - style.px(80))
        label = painter.fontMetrics().elidedText(self.code.language, Qt.TextElideMode.ElideRight, max(0, room))
        painter.drawText(QPointF(x + self._padding, baseline), label)

    def hit(self, x: float, y: float) -> Hit:
        """Return the place nearest to a point."""
        inner = y - self._top
        if inner < 0:
            return Hit(0, 0)
        number = self._line_at(inner)
        if number >= len(self.lines):
            return Hit(len(self.lines) - 1, units(self.lines[-1]))
        layout = self._layout(number)
        row = int((inner - self._line_top(number)) // self.style.code.line_height)
        line = layout.lineAt(min(row, layout.lineCount() - 1))
        return Hit(number, line.xToCursor(x - self._padding + self.scroll_x))

    def word_at(self, leaf: int, position: int) -> tuple[int, int]:
        """Return the bounds of the word around a position of a line."""
        layout = self._layout(leaf)
        start = layout.previousCursorPosition(position + 1, QTextLayout.CursorMode.SkipWords)
        end = layout.nextCursorPosition(start, QTextLayout.CursorMode.SkipWords)
        return (start, end)

    def end_point(self) -> tuple[float, float]:
        """Return where the last line ends."""
        number = len(self.lines) - 1
        layout = self._layout(number)
        rows = layout.lineCount()
        x = self._padding + x_of(layout.lineAt(rows - 1), units(self.lines[number])) - self.scroll_x
        y = self._top + self._line_top(number) + (rows - 1) * self.style.code.line_height
        return (min(x, self.width - self._padding), y)
