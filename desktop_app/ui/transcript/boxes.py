"""Boxes: rows laid out. A box guesses its height until it is first seen, then knows it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from desktop_app.core.markdown import Heading, Paragraph
from desktop_app.ui.transcript.rows import Row
from desktop_app.ui.transcript.style import TextStyle, TranscriptStyle
from desktop_app.ui.transcript.text_leaf import Selected, TextLeaf, is_right_to_left, slice_units

# What is selected of a leaf, given its number in the box.
Selection = Callable[[int], Selected]


@dataclass(frozen=True)
class Hit:
    """What is under a point of a box: a leaf, a position in it and a link's address."""

    leaf: int
    position: int
    url: str = ""


class Box(ABC):
    """A row at a width.

    Attributes:
        height: in pixels, without the gap above; a guess until ``is_exact``.
    """

    def __init__(self, row: Row, style: TranscriptStyle) -> None:
        self.row = row
        self.style = style
        self.indent = style.px(row.indent) if row.indent else 0
        self.gap = style.px(row.gap) if row.gap else 0
        self.width = 0.0
        self.height = 0.0
        self.is_exact = False

    @property
    def left(self) -> int:
        """Where the box begins, from the left edge of the column."""
        return self.indent

    @abstractmethod
    def release(self) -> None:
        """Forget layouts to save memory; the height stays known."""

    def set_width(self, width: float) -> None:
        """Take the width of the column; the height is a guess until it is laid out."""
        inner = max(self.style.px(48), width - self.indent)
        if inner != self.width:
            self.width = inner
            self.is_exact = False
            self.height = self.estimate()

    def lay_out(self) -> None:
        """Know the exact height."""
        if not self.is_exact:
            self.height = self.measure()
            self.is_exact = True

    @abstractmethod
    def estimate(self) -> float:
        """Guess the height, cheaply."""

    @abstractmethod
    def measure(self) -> float:
        """Lay out and return the height."""

    @abstractmethod
    def draw(self, painter: QPainter, x: float, y: float, selection: Selection, clip: QRectF) -> None:
        """Draw with the top left corner (after the indent) at a point."""

    @property
    @abstractmethod
    def leaf_texts(self) -> Sequence[str]:
        """The texts of the leaves, known without laying out."""

    def hit(self, x: float, y: float) -> Hit:
        """Return what is nearest to a point."""
        del x, y
        return Hit(0, 0)

    def word_at(self, leaf: int, position: int) -> tuple[int, int]:
        """Return the bounds of the word around a position."""
        del leaf
        return (position, position)

    def leaf_length(self, leaf: int) -> int:
        """Return the length of a leaf in UTF-16 units."""
        return len(self.leaf_texts[leaf].encode("utf-16-le", "surrogatepass")) // 2

    def end_point(self) -> tuple[float, float]:
        """Return where its text ends, for the cursor of a streaming reply."""
        return (0.0, self.height)

    def copy_text(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        """Return the text between two (leaf, position) pairs."""
        texts = self.leaf_texts
        pieces: list[str] = []
        for leaf in range(start[0], min(end[0], len(texts) - 1) + 1):
            first = start[1] if leaf == start[0] else 0
            last = end[1] if leaf == end[0] else self.leaf_length(leaf)
            pieces.append(self.separator(leaf) if pieces else "")
            pieces.append(slice_units(texts[leaf], first, last))
        marker = self.row.marker
        if self.row.checked is not None:
            marker = "[x]" if self.row.checked else "[ ]"
        return ("" if start > (0, 0) or not marker else f"{marker} ") + "".join(pieces)

    def separator(self, leaf: int) -> str:
        """Return what stands between a leaf and the one before it in copied text."""
        del leaf
        return "\n"


class TextBox(Box):
    """A paragraph or a heading."""

    def __init__(self, row: Row, style: TranscriptStyle, text_style: TextStyle) -> None:
        super().__init__(row, style)
        block = row.block
        if isinstance(block, Heading):
            text_style = style.heading(block.level)
        elif row.bars and text_style is style.body:
            text_style = style.quote
        spans = block.spans if isinstance(block, (Paragraph, Heading)) else ()
        self.leaf = TextLeaf(spans, text_style, style)
        self._is_mirrored = bool(self.indent) and is_right_to_left(self.leaf.text)

    @property
    def leaf_texts(self) -> Sequence[str]:
        """The texts of the leaves."""
        return (self.leaf.text,)

    def estimate(self) -> float:
        """Guess the height."""
        return self.leaf.estimate(self.width)

    def measure(self) -> float:
        """Lay out and return the height."""
        return self.leaf.lay_out(self.width)

    def draw(self, painter: QPainter, x: float, y: float, selection: Selection, clip: QRectF) -> None:
        """Draw what meets the clip."""
        self.leaf.lay_out(self.width)
        self.leaf.draw(painter, x, y, selection(0), clip)
        if self.row.checked is not None:
            side = x + self.width + self.style.px(8) if self._is_mirrored else x - self.style.px(22)
            _draw_task(painter, side, y, self.row.checked, self.leaf.text_style, self.style)
        elif self.row.marker:
            side = x + self.width if self._is_mirrored else x - self.style.px(8)
            _draw_marker(painter, side, y, self, mirrored=self._is_mirrored)

    def hit(self, x: float, y: float) -> Hit:
        """Return the place nearest to a point."""
        self.leaf.lay_out(self.width)
        return Hit(0, self.leaf.position_at(x, y), self.leaf.link_at(x, y))

    def word_at(self, leaf: int, position: int) -> tuple[int, int]:
        """Return the bounds of the word around a position."""
        self.leaf.lay_out(self.width)
        return self.leaf.word_at(position)

    def end_point(self) -> tuple[float, float]:
        """Return where the last text ends."""
        self.leaf.lay_out(self.width)
        return self.leaf.end_point()

    @property
    def left(self) -> int:
        """Where the box begins; what is read from the right is indented at the right."""
        return 0 if self._is_mirrored else self.indent

    def release(self) -> None:
        """Forget the layout."""
        self.leaf.release()


class RuleBox(Box):
    """A thin line across."""

    def release(self) -> None:
        """Have nothing to forget."""

    @property
    def leaf_texts(self) -> Sequence[str]:
        """The texts of the leaves."""
        return ("—",)

    def estimate(self) -> float:
        """Guess the height."""
        return self.measure()

    def measure(self) -> float:
        """Lay out and return the height."""
        return float(self.style.px(17))

    def draw(self, painter: QPainter, x: float, y: float, selection: Selection, clip: QRectF) -> None:
        """Draw what meets the clip."""
        painter.fillRect(QRectF(x, y + self.height // 2, self.width, 1), self.style.colour("line"))


def _draw_marker(painter: QPainter, x: float, y: float, box: TextBox, *, mirrored: bool) -> None:
    """Draw a marker that ends at ``x``, or for mirrored text begins beyond it."""
    style, marker = box.style, box.row.marker
    painter.setFont(box.leaf.text_style.font)
    painter.setPen(style.colour("secondary"))
    distance = style.px(3) if len(marker) == 1 else 0
    width = painter.fontMetrics().horizontalAdvance(marker)
    x = x + style.px(8) + distance if mirrored else x - width - distance
    painter.drawText(QPointF(x, y + box.leaf.text_style.baseline), marker)


def _draw_task(
    painter: QPainter, x: float, y: float, checked: bool, text_style: TextStyle, style: TranscriptStyle
) -> None:
    side = style.px(14)
    box = QRectF(x + 0.5, y + (text_style.line_height - side) // 2 + 0.5, side - 1, side - 1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(style.colour("accent" if checked else "hint"), 1.0))
    painter.setBrush(style.colour("accent") if checked else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, style.px(3), style.px(3))
    if checked:
        painter.setPen(QPen(style.colour("on_accent"), style.px(3) / 2, c=Qt.PenCapStyle.RoundCap))
        unit = side / 14
        corners = [QPointF(box.x() + a * unit, box.y() + b * unit) for a, b in ((3.2, 6.8), (5.6, 9.2), (9.8, 4.0))]
        painter.drawPolyline(corners)
    painter.restore()
