"""One piece of running text: laid out once for a width, drawn, and asked what is where.

Positions inside a leaf are in UTF-16 units, which is how Qt counts; ``slice_units`` cuts the text by them.
"""

from collections.abc import Sequence
from typing import cast
from unicodedata import bidirectional, category

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from desktop_app.core.markdown import Span, Spans, SpanStyle, spans_text
from desktop_app.ui.transcript.style import TextStyle, TranscriptStyle

Selected = tuple[int, int] | None
_UNBOUNDED = 100_000.0
# Room between inline code and the edge of its ground.
_PADDING = 3


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def slice_units(text: str, start: int, end: int) -> str:
    """Return a part of a text, its bounds given in UTF-16 units."""
    if text.isascii():
        return text[start:end]
    return text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le", "replace")


def direction_of(text: str) -> str:
    """Return ``"L"`` or ``"R"`` for the first letter that has a direction, empty without one."""
    strong = (bidirectional(character) for character in text)
    found = next((direction for direction in strong if direction in ("L", "R", "AL")), "")
    return "R" if found == "AL" else found


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is one of a right-to-left script."""
    return not text.isascii() and direction_of(text) == "R"


def _stands_alone(character: str) -> bool:
    """Whether a character is one UTF-16 unit and part of no sign made of several."""
    return bool(character) and character <= "\uffff" and category(character)[0] not in "MC"


class TextLeaf:
    """Running text in one text style with spans of their own."""

    def __init__(
        self,
        spans: Spans,
        text_style: TextStyle,
        style: TranscriptStyle,
        alignment: Qt.AlignmentFlag | None = None,
    ) -> None:
        self.text = spans_text(spans)
        self.text_style = text_style
        self.height = 0.0
        self.natural_width = 0.0
        self._style = style
        self._spans = spans
        self._alignment = alignment
        self._layout: QTextLayout | None = None
        self._width = -1.0
        self._free_width: float | None = None
        self._codes: list[tuple[int, int]] = []
        self._padded: set[int] = set()
        self._links: list[tuple[int, int, str]] = []

    @property
    def length(self) -> int:
        """Length in UTF-16 units."""
        return units(self.text)

    @property
    def is_laid_out(self) -> bool:
        """Whether there is a layout in memory."""
        return self._layout is not None

    def estimate(self, width: float) -> float:
        """Guess the height at a width without laying out."""
        per_line = max(1.0, width / self.text_style.character)
        lines = self.text.count("\n") + 1 + int(len(self.text) / per_line)
        return lines * self.text_style.line_height

    def lay_out(self, width: float) -> float:
        """Lay the text out for a width, unless that is done, and return its height."""
        if self._layout is None:
            self._layout = self._made_layout()
        if self._width != width:
            self._width = width
            self._break_lines(self._layout, width)
        return self.height

    def free_width(self) -> float:
        """Return the width that the text needs to stand without being wrapped."""
        if self._free_width is None:
            self.lay_out(_UNBOUNDED)
            self._free_width = self.natural_width
        return self._free_width

    def word_width(self) -> float:
        """Return the width of the longest word."""
        longest = max(self.text.split(), key=len, default="")
        return QFontMetricsF(self.text_style.font).horizontalAdvance(longest[:100]) + 1

    def release(self) -> None:
        """Forget the layout to save memory; its height stays known."""
        self._layout = None
        self._width = -1.0

    def _made_layout(self) -> QTextLayout:
        layout = QTextLayout(self.text.replace("\n", "\u2028"), self.text_style.font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        alignment = self._alignment
        if is_right_to_left(self.text):
            option.setTextDirection(Qt.LayoutDirection.RightToLeft)
            alignment = alignment or Qt.AlignmentFlag.AlignRight
        if alignment is not None:
            option.setAlignment(alignment | Qt.AlignmentFlag.AlignAbsolute)
        layout.setTextOption(option)
        layout.setFormats(self._formats(self._spans))
        layout.setCacheEnabled(True)
        return layout

    def _formats(self, spans: Spans) -> list[QTextLayout.FormatRange]:
        ranges: list[QTextLayout.FormatRange] = []
        self._codes.clear()
        self._links.clear()
        self._padded.clear()
        position, before = 0, ""
        for span in spans:
            length = units(span.text)
            if span.style or span.url:
                form = self._style.format(self.text_style, span.style, is_link=bool(span.url))
                ranges.append(format_range(position, length, form))
                if span.style & SpanStyle.CODE:
                    self._codes.append((position, position + length))
                    ranges += self._room_around(position, position + length, before, span.text)
                if span.url:
                    self._links.append((position, position + length, span.url))
            position += length
            before = span.text
        return ranges

    def _room_around(self, start: int, end: int, before: str, code: str) -> list[QTextLayout.FormatRange]:
        """Set the characters before and at the end of inline code apart, so that its ground covers no space."""
        room = QTextCharFormat()
        room.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
        room.setFontLetterSpacing(_PADDING)
        ranges = []
        # A format of its own would part a letter of a joined script from its word.
        if before.isascii() and before and before[-1] != "\n":
            ranges.append(format_range(start - 1, 1, room))
        if _stands_alone(code[-1:]):
            ranges.append(format_range(end - 1, 1, room))
            self._padded.add(end)
        return ranges

    def _break_lines(self, layout: QTextLayout, width: float) -> None:
        step = self.text_style.line_height
        baseline = self.text_style.baseline
        top = 0.0
        widest = 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            # Lines with other fonts (code, signs of another script) keep the rhythm: the baseline stays in place.
            line.setPosition(QPointF(0, top + baseline - line.ascent()))
            widest = max(widest, line.naturalTextWidth())
            top += step
        layout.endLayout()
        self.natural_width = widest
        self.height = top or step

    def _line_at(self, position: int) -> QTextLine | None:
        if self._layout is None or not self._layout.lineCount():
            return None
        line = self._layout.lineForTextPosition(position)
        return line if line.isValid() else self._layout.lineAt(self._layout.lineCount() - 1)

    def end_point(self) -> tuple[float, float]:
        """Return where the text ends: right of its last character, at the top of the last line."""
        line = self._line_at(self.length)
        if line is None or self._layout is None:
            return (0.0, 0.0)
        return (x_of(line, self.length), (self._layout.lineCount() - 1) * self.text_style.line_height)

    def position_at(self, x: float, y: float) -> int:
        """Return the position nearest to a point, in UTF-16 units."""
        if self._layout is None or not self._layout.lineCount():
            return 0
        number = min(max(0, int(y // self.text_style.line_height)), self._layout.lineCount() - 1)
        if y < 0:
            return 0
        if y >= self.height:
            return self.length
        line = self._layout.lineAt(number)
        position = line.xToCursor(x)
        end = line.textStart() + line.textLength()
        # The break that ends a line belongs to it, but the cursor stands before it.
        if position == end and number < self._layout.lineCount() - 1 and end > line.textStart():
            position -= 1
        return position

    def link_at(self, x: float, y: float) -> str:
        """Return the address under a point, empty without one."""
        if self._layout is None or not self._links or not 0 <= y < self.height:
            return ""
        line = self._layout.lineAt(int(y // self.text_style.line_height))
        if not line.isValid() or not line.naturalTextRect().adjusted(0, -99, 0, 99).contains(QPointF(x, line.y())):
            return ""
        position = line.xToCursor(x, QTextLine.CursorPosition.CursorOnCharacter)
        return next((url for start, end, url in self._links if start <= position < end), "")

    def links(self) -> list[str]:
        """Return the addresses in the text."""
        return [span.url for span in self._spans if span.url]

    def word_at(self, position: int) -> tuple[int, int]:
        """Return the bounds of the word around a position."""
        if self._layout is None:
            return (position, position)
        start = self._layout.previousCursorPosition(position + 1, QTextLayout.CursorMode.SkipWords)
        end = self._layout.nextCursorPosition(start, QTextLayout.CursorMode.SkipWords)
        word = slice_units(self.text, start, end)
        return (start, end - (len(word) - len(word.rstrip())))

    def draw(self, painter: QPainter, x: float, y: float, selected: Selected, clip: QRectF) -> None:
        """Draw the text at a point, its selected part on another ground."""
        if self._layout is None:
            return
        if self._codes:
            self._draw_code_grounds(painter, x, y, clip)
        selections = []
        if selected and selected[0] < selected[1]:
            form = QTextCharFormat()
            form.setBackground(self._style.selection)
            selections.append(format_range(selected[0], min(selected[1], self.length) - selected[0], form))
        painter.setPen(self.text_style.colour)
        self._layout.draw(painter, QPointF(x, y), selections, clip)

    def _draw_code_grounds(self, painter: QPainter, x: float, y: float, clip: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.colour("bubble"))
        inset = self._style.px(3)
        for rect in self.code_grounds():
            placed = rect.translated(x, y).adjusted(0, inset, 0, -inset)
            if placed.intersects(clip):
                painter.drawRoundedRect(placed, 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def code_grounds(self) -> list[QRectF]:
        """Return the grounds of inline code, as high as their lines."""
        grounds: list[QRectF] = []
        for start, end in self._codes:
            grounds += [rect.adjusted(-_PADDING, 0, _PADDING, 0) for rect in self.rectangles([(start, end)])]
            if grounds and end in self._padded:
                # The last character brings its room along.
                grounds[-1].adjust(0, 0, -_PADDING, 0)
        return grounds

    def rectangles(self, ranges: Sequence[tuple[int, int]]) -> list[QRectF]:
        """Return what ranges of positions cover, one rectangle for each line."""
        rectangles: list[QRectF] = []
        if self._layout is None:
            return rectangles
        step = self.text_style.line_height
        for start, end in ranges:
            first = self._layout.lineForTextPosition(start)
            if not first.isValid():
                continue
            for number in range(first.lineNumber(), self._layout.lineCount()):
                line = self._layout.lineAt(number)
                low, high = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
                if low >= high:
                    break
                left, right = x_of(line, low), x_of(line, high)
                rectangles.append(QRectF(min(left, right), number * step, abs(right - left), step))
        return rectangles


def format_range(start: int, length: int, form: QTextCharFormat) -> QTextLayout.FormatRange:
    """Return a range of a layout with a format of its own."""
    made = QTextLayout.FormatRange()
    made.start = start
    made.length = length
    made.format = form
    return made


def x_of(line: QTextLine, position: int) -> float:
    """Return where a position stands in a line."""
    # PySide returns the position that Qt moved to the next character boundary along with x.
    x, _ = cast("tuple[float, int]", line.cursorToX(position))
    return x


def plain_leaf(text: str, text_style: TextStyle, style: TranscriptStyle) -> TextLeaf:
    """Return a leaf of text without spans."""
    return TextLeaf((Span(text),) if text else (), text_style, style)
