"""A text that may change many times a second without anything around it being laid out anew."""

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.theme import Theme, ThemeManager

# Pixels; what is not that wide has no place in a layout yet.
NARROWEST = 20


class TextLine(QWidget):
    """Plain text with tabular figures, in as many lines as its width asks for; a long name breaks anywhere.

    A QLabel lays out what it stands in at each new text. This asks for that only when it needs another height.

    Args:
        themes: colours and sizes.
        role: the palette's colour, such as ``"secondary"``.
        pixels: size of the font.
        weight: of the font.
    """

    def __init__(
        self, themes: ThemeManager, role: str, pixels: int = 13, weight: QFont.Weight = QFont.Weight.Normal
    ) -> None:
        super().__init__()
        self._themes = themes
        self._role = role
        self._pixels = pixels
        self._weight = weight
        self._text = ""
        self._heights: dict[int, int] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._take_font(themes.theme)
        themes.changed.connect(self.apply_theme)

    def text(self) -> str:
        """Return what is shown."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show a text."""
        if text == self._text:
            return
        width = self.width()
        before = self.heightForWidth(width)
        self._text = text
        self._heights.clear()
        self.setAccessibleName(text)
        asks_width = self.sizePolicy().horizontalPolicy() != QSizePolicy.Policy.Ignored
        if asks_width or self.heightForWidth(width) != before:
            self.updateGeometry()
        self.update()

    def set_role(self, role: str) -> None:
        """Show it in another of the palette's colours."""
        if role != self._role:
            self._role = role
            self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Take over size and colour."""
        self._take_font(theme)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size in one line."""
        # A layout measures in fractions of a pixel: what just fits there must not be broken here.
        return QSize(self._metrics.horizontalAdvance(self._text) + 2, self._metrics.height())

    def minimumSizeHint(self) -> QSize:
        """Ask for no width."""
        return QSize(0, self._metrics.height())

    def hasHeightForWidth(self) -> bool:
        """Return that it may need more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of its lines."""
        # A layout asks for the same widths again and again.
        height = self._heights.get(width)
        if height is None:
            one_line = self._metrics.horizontalAdvance(self._text) < width - 1 or width < NARROWEST
            lines = 1 if one_line else max(1, self._layout(width).lineCount())
            height = self._heights[width] = lines * self._metrics.height()
        return height

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text."""
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(QColor(getattr(self._themes.theme.palette, self._role)))
        height = self._metrics.height()
        if self.heightForWidth(self.width()) == height:
            painter.drawText(QPointF(0, self._metrics.ascent()), self._text)
            return
        layout = self._layout(self.width())
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            line.draw(painter, QPointF(0, number * height - line.y()))

    def _layout(self, width: int) -> QTextLayout:
        """Break the text into lines: between words, and inside only of one that is too long for a line."""
        layout = QTextLayout(self._text, self._font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
        layout.endLayout()
        return layout

    def _take_font(self, theme: Theme) -> None:
        self._heights.clear()
        self._font = theme.text_font(self._pixels, self._weight)
        self._metrics = QFontMetrics(self._font)
