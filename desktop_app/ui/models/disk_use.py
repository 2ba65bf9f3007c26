"""What the models take up of the drive, as a bar with its figures."""

from html import escape

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core.care import DiskUse
from desktop_app.ui.figures import size_text
from desktop_app.ui.theme import Palette, Theme, ThemeManager, blend

HEIGHT = 8
LEAST_PIXELS = 3


def part_colours(palette: Palette) -> tuple[str, str, str, str]:
    """Return the colours of models, unfinished files, everything else, and what is free: the ground of the bar."""
    return palette.accent, palette.caution, blend(palette.hint, palette.line, 0.5), palette.line


class DiskBar(QWidget):
    """The bar alone: models, unfinished files, everything else, and what is free."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._parts: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: tuple[int, ...]) -> None:
        """Show parts, in bytes; the last one is what is free."""
        self._parts = parts
        self.update()

    def sizeHint(self) -> QSize:
        """Return the bar's height, zoomed."""
        return QSize(0, self._themes.theme.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the parts side by side; even a small one can be seen."""
        palette = self._themes.theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), self.height() / 2, self.height() / 2)
        painter.setClipPath(path)
        painter.fillRect(self.rect(), QColor(palette.line))
        total = sum(self._parts)
        if not total:
            return
        left = 0.0
        for size, colour in zip(self._parts[:-1], part_colours(palette), strict=False):
            if size:
                width = max(float(LEAST_PIXELS), self.width() * size / total)
                painter.fillRect(QRectF(left, 0, width, self.height()), QColor(colour))
                left += width + 1


class DiskUseView(QWidget):
    """The bar with its figures below it, each with the dot of its colour."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._use: DiskUse | None = None
        self._bar = DiskBar(themes)
        self._legend = QLabel()
        self._legend.setObjectName("hint")
        self._legend.setWordWrap(True)
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._bar)
        layout.addWidget(self._legend)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)
        self.hide()

    @property
    def figures(self) -> str:
        """The figures as plain text."""
        return self._bar.accessibleName()

    def show_use(self, use: DiskUse) -> None:
        """Show what takes up how much."""
        self._use = use
        self._show()
        self.setVisible(use.total > 0)

    def apply_theme(self, theme: Theme) -> None:
        """Take over colours and sizes."""
        layout = self.layout()
        if layout is not None:
            layout.setSpacing(theme.px(8))
        self._bar.setFixedHeight(theme.px(HEIGHT))
        self._show()

    def _show(self) -> None:
        use = self._use
        if use is None:
            return
        other = max(0, use.total - use.free - use.models - use.parts)
        parts = (use.models, use.parts, other, use.free)
        all_here = use.models == sum(share.size for share in use.shares)
        texts = (
            self.tr("Models {size}") if all_here else self.tr("Models on this drive {size}"),
            self.tr("Unfinished {size}"),
            self.tr("Other files {size}"),
            self.tr("Free {size}"),
        )
        shown = [
            (text.replace("{size}", size_text(size)), colour)
            for text, size, colour in zip(texts, parts, part_colours(self._themes.theme.palette), strict=True)
            if size
        ]
        self._bar.show_parts(parts)
        self._bar.setAccessibleName(", ".join(text for text, _ in shown))
        space = "\N{NO-BREAK SPACE}"
        self._legend.setText(
            f"{space * 3} ".join(
                f'<span style="color:{colour}">●</span>{space}{escape(text.replace(" ", space))}'
                for text, colour in shown
            )
        )
