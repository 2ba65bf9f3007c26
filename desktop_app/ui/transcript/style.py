"""Fonts, colours and distances of the transcript, made once for a theme."""

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtGui import QColor, QFont, QFontMetricsF, QTextCharFormat

from desktop_app.core.markdown import SpanStyle
from desktop_app.ui.theme import Theme

MEASURE = 640
MARGIN = 24
_HEADINGS = {1: (22, 30), 2: (19, 27), 3: (17, 25), 4: (15, 24), 5: (15, 24), 6: (14, 22)}


@dataclass(frozen=True)
class TextStyle:
    """How running text is set; lengths in device-independent pixels, the zoom applied.

    Attributes:
        baseline: from the top of a line to its baseline.
        character: the mean width of a character, for estimates.
    """

    font: QFont
    line_height: int
    colour: QColor
    baseline: float
    character: float


class TranscriptStyle:
    """Everything that painting needs to know.

    Attributes:
        wraps_code: long lines of code are wrapped instead of scrolled to.
    """

    def __init__(self, theme: Theme, *, wraps_code: bool = False) -> None:
        self.theme = theme
        self.wraps_code = wraps_code
        self.palette = theme.palette
        self._formats: dict[tuple[int, SpanStyle, bool], QTextCharFormat] = {}

    def px(self, pixels: float) -> int:
        """Scale a length by the zoom."""
        return self.theme.px(pixels)

    def colour(self, role: str) -> QColor:
        """Return a colour of the palette by its role."""
        return QColor(getattr(self.palette, role))

    def _text(self, font: QFont, line_height: int, colour: str) -> TextStyle:
        metrics = QFontMetricsF(font)
        baseline = round((line_height - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent())
        character = metrics.horizontalAdvance("the quick brown fox jumps over the lazy dog") / 43
        return TextStyle(font, line_height, self.colour(colour), baseline, character)

    @cached_property
    def body(self) -> TextStyle:
        """Text of messages."""
        return self._text(self.theme.text_font(15), self.px(24), "text")

    @cached_property
    def quote(self) -> TextStyle:
        """Quoted text."""
        return self._text(self.theme.text_font(15), self.px(24), "secondary")

    @cached_property
    def reasoning(self) -> TextStyle:
        """Text of the reasoning."""
        return self._text(self.theme.text_font(14), self.px(22), "secondary")

    @cached_property
    def small(self) -> TextStyle:
        """Notes, buttons and figures."""
        return self._text(self.theme.text_font(12.5), self.px(18), "hint")

    @cached_property
    def error(self) -> TextStyle:
        """Sentences about errors."""
        return self._text(self.theme.text_font(14), self.px(21), "bad")

    @cached_property
    def table(self) -> TextStyle:
        """Cells of tables."""
        return self._text(self.theme.text_font(14), self.px(21), "text")

    @cached_property
    def table_header(self) -> TextStyle:
        """Cells of a table's first row."""
        return self._text(self.theme.text_font(14, QFont.Weight.DemiBold), self.px(21), "text")

    @cached_property
    def code(self) -> TextStyle:
        """Code blocks."""
        return self._text(self.theme.mono_font(13), self.px(21), "text")

    @cached_property
    def _headings(self) -> dict[int, TextStyle]:
        return {
            level: self._text(self.theme.text_font(size, QFont.Weight.DemiBold), self.px(line), "text")
            for level, (size, line) in _HEADINGS.items()
        }

    def heading(self, level: int) -> TextStyle:
        """Headings by level."""
        return self._headings[level]

    def format(self, text: TextStyle, style: SpanStyle, *, is_link: bool) -> QTextCharFormat:
        """Return the format of a run inside running text."""
        key = (id(text), style, is_link)
        if key not in self._formats:
            self._formats[key] = self._made_format(text, style, is_link)
        return self._formats[key]

    def _made_format(self, text: TextStyle, style: SpanStyle, is_link: bool) -> QTextCharFormat:
        made = QTextCharFormat()
        font = QFont(text.font)
        if style & SpanStyle.CODE:
            font = QFont(self.theme.mono_font(13))
            font.setPixelSize(round(text.font.pixelSize() * 0.88))
        if style & SpanStyle.STRONG:
            font.setWeight(QFont.Weight.Bold if text.font.weight() >= QFont.Weight.DemiBold else QFont.Weight.DemiBold)
        font.setItalic(bool(style & SpanStyle.EMPHASIS))
        font.setStrikeOut(bool(style & SpanStyle.STRIKE))
        font.setUnderline(is_link)
        made.setFont(font)
        if is_link:
            made.setForeground(self.colour("accent"))
        return made

    @cached_property
    def selection(self) -> QColor:
        """Ground of selected text: light enough for the text to stay readable on it."""
        colour = self.colour("accent")
        colour.setAlphaF(0.34 if self.palette.dark else 0.24)
        return colour
