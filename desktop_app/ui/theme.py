"""Colours and type: one accent, and colour otherwise only where it means something.

Every text colour has at least 4.5 : 1 of contrast on the grounds it stands on (WCAG 2.2, 1.4.3), shown by a test.
"""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette

TEXT_FAMILY = "Inter"
MONO_FAMILY = "JetBrains Mono"


@dataclass(frozen=True)
class Palette:
    """Colours by role, as ``#rrggbb``."""

    dark: bool
    ground: str
    side: str
    card: str
    line: str
    text: str
    secondary: str
    hint: str
    accent: str
    accent_tint: str
    on_accent: str
    bubble: str
    code: str
    good: str
    caution: str
    bad: str
    note: str
    field: str
    hover: str


LIGHT = Palette(
    dark=False,
    ground="#FBFAF8",
    side="#F3F1EC",
    card="#FFFFFF",
    line="#E4E0D8",
    text="#23211D",
    secondary="#5F5A53",
    hint="#716A61",
    accent="#B25129",
    accent_tint="#F6E7DE",
    on_accent="#FFFFFF",
    bubble="#F1EEE8",
    code="#F5F2EC",
    good="#2A7151",
    caution="#8A5F00",
    bad="#A63D3D",
    note="#2F5F8A",
    field="#EFECE6",
    hover="#ECE8E1",
)
DARK = Palette(
    dark=True,
    ground="#1B1A18",
    side="#161513",
    card="#232220",
    line="#35322E",
    text="#ECE8E1",
    secondary="#B8B0A5",
    hint="#938B80",
    accent="#E08A5F",
    accent_tint="#3A2A21",
    on_accent="#1B1A18",
    bubble="#282623",
    code="#211F1D",
    good="#7CC9A4",
    caution="#E0B55A",
    bad="#E79088",
    note="#8FBCE6",
    field="#1F1E1B",
    hover="#23211E",
)


def blend(over: str, under: str, share: float) -> str:
    """Return the colour that a share (0 to 1) of one colour over another gives; all as ``#rrggbb``."""
    pairs = ((int(over[start : start + 2], 16), int(under[start : start + 2], 16)) for start in (1, 3, 5))
    return "#" + "".join(f"{round(one * share + other * (1 - share)):02X}" for one, other in pairs)


def tint(palette: Palette, role: str) -> str:
    """Return the ground of a badge whose text has the colour of a role: some of that colour over a card's."""
    return blend(getattr(palette, role), palette.card, 0.16 if palette.dark else 0.12)


@dataclass(frozen=True)
class Theme:
    """What widgets draw with.

    Attributes:
        zoom: factor on every size given in pixels, 0.8 to 2.
    """

    palette: Palette
    zoom: float = 1.0

    def px(self, pixels: float) -> int:
        """Scale a length by the zoom, at least 1 pixel."""
        return max(1, round(pixels * self.zoom))

    def text_font(self, pixels: float = 14, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """Return the interface's font at a size in pixels, with tabular figures."""
        font = QFont(TEXT_FAMILY)
        font.setPixelSize(self.px(pixels))
        font.setWeight(weight)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def mono_font(self, pixels: float = 13) -> QFont:
        """Return the code font at a size in pixels."""
        font = QFont(MONO_FAMILY)
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(self.px(pixels))
        return font


def load_fonts(directory: Path) -> None:
    """Register the bundled fonts, so that the window looks the same everywhere."""
    for file in sorted((*directory.glob("*.otf"), *directory.glob("*.ttf"))):
        QFontDatabase.addApplicationFont(str(file))


def system_is_dark() -> bool:
    """Whether the desktop asks for a dark scheme."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def qt_palette(colours: Palette) -> QPalette:
    """Return the palette for what Qt draws by itself."""
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.ground,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.card,
        QPalette.ColorRole.AlternateBase: colours.side,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.Button: colours.card,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.BrightText: colours.bad,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.LinkVisited: colours.accent,
        QPalette.ColorRole.PlaceholderText: colours.hint,
        QPalette.ColorRole.ToolTipBase: colours.text,
        QPalette.ColorRole.ToolTipText: colours.ground,
        QPalette.ColorRole.Accent: colours.accent,
        QPalette.ColorRole.Light: colours.card,
        QPalette.ColorRole.Midlight: colours.side,
        QPalette.ColorRole.Mid: colours.line,
        QPalette.ColorRole.Dark: colours.hint,
        QPalette.ColorRole.Shadow: colours.line,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.hint))
    return palette


class ThemeManager(QObject):
    """The theme in force: follows the setting and, for "system", the desktop.

    Signals:
        changed: the theme is another one; carries the new ``Theme``.
    """

    changed = Signal(object)

    def __init__(self, scheme: str = "system", zoom: float = 1.0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scheme = scheme
        self._zoom = zoom
        self._theme = self._made()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    @property
    def theme(self) -> Theme:
        """The theme in force."""
        return self._theme

    def set_scheme(self, scheme: str) -> None:
        """Choose ``"system"``, ``"light"`` or ``"dark"``."""
        self._scheme = scheme
        self._refresh()

    def set_zoom(self, zoom: float) -> None:
        """Scale text and spacing by a factor."""
        self._zoom = zoom
        self._refresh()

    def _made(self) -> Theme:
        dark = self._scheme == "dark" or (self._scheme == "system" and system_is_dark())
        return Theme(DARK if dark else LIGHT, self._zoom)

    def _refresh(self) -> None:
        theme = self._made()
        if theme != self._theme:
            self._theme = theme
            self.changed.emit(theme)

    def _on_scheme_changed(self) -> None:
        self._refresh()
