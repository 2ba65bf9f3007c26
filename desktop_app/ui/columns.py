"""The three columns: the sides fold away where they would leave the conversation too narrow, and come back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter

from desktop_app.system.settings import Settings, Value
from desktop_app.ui.inspector import Inspector
from desktop_app.ui.pages import Pages
from desktop_app.ui.sidebar import Sidebar
from desktop_app.ui.theme import Theme, ThemeManager

# Below these widths of the window a side column would leave the conversation less than a readable measure.
INSPECTOR_FROM = 1000
SIDEBAR_FROM = 640
CENTRE_WIDTH = 720


class Columns(QSplitter):
    """Sidebar, centre and inspector side by side.

    Signals:
        sidebar_shown(bool): whether the sidebar is on view.
    """

    sidebar_shown = Signal(bool)

    def __init__(
        self,
        themes: ThemeManager,
        settings: Settings,
        sidebar: Sidebar,
        pages: Pages,
        inspector: Inspector,
        widths: dict[str, Value] | None = None,
    ) -> None:
        """Make the columns, as wide as the settings say or as ``widths`` of earlier ones were."""
        super().__init__(Qt.Orientation.Horizontal)
        self._themes = themes
        self._settings = settings
        self._sidebar = sidebar
        self._pages = pages
        self._inspector = inspector
        self._widths = dict(widths or {key: settings.number(key) for key in ("sidebar_width", "inspector_width")})
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        for widget in (sidebar, pages, inspector):
            self.addWidget(widget)
        self.setStretchFactor(1, 1)
        self.setSizes([int(self._widths["sidebar_width"]), CENTRE_WIDTH, int(self._widths["inspector_width"])])
        pages.currentChanged.connect(self.fit)
        self.apply_theme(themes.theme)

    @property
    def widths(self) -> dict[str, Value]:
        """The widths of the side columns when they were last on view, by their settings' keys."""
        self._note_widths()
        return self._widths

    def fit(self) -> None:
        """Show the side columns that are wanted and have room."""
        self._note_widths()
        on_chat = self._pages.on_chat
        self._inspector.setVisible(on_chat and self._wanted("inspector_visible") and self._fits(INSPECTOR_FROM))
        self._sidebar.setVisible(self._wanted("sidebar_visible") and self._fits(SIDEBAR_FROM))
        self.sidebar_shown.emit(self._sidebar.isVisibleTo(self))

    def width_needed_by(self, key: str) -> int:
        """Return the width that the window must have for the side column of a setting."""
        return self._themes.theme.px(SIDEBAR_FROM if key == "sidebar_visible" else INSPECTOR_FROM)

    def shows(self, key: str) -> bool:
        """Whether the side column of a setting is on view."""
        return (self._sidebar if key == "sidebar_visible" else self._inspector).isVisible()

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._sidebar.setMinimumWidth(theme.px(200))
        self._sidebar.setMaximumWidth(theme.px(420))
        self._inspector.setMinimumWidth(theme.px(264))
        self._inspector.setMaximumWidth(theme.px(440))
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold a side column away when the conversation gets too narrow, and bring it back."""
        super().resizeEvent(event)
        self.fit()

    def _note_widths(self) -> None:
        sizes = self.sizes()
        if self._sidebar.isVisible():
            self._widths["sidebar_width"] = max(160, min(800, sizes[0]))
        if self._inspector.isVisible():
            self._widths["inspector_width"] = max(200, min(800, sizes[2]))

    def _wanted(self, key: str) -> bool:
        return self._settings.flag(key)

    def _fits(self, width: int) -> bool:
        return self.width() >= self._themes.theme.px(width)
