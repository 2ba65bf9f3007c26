"""The three columns: the sides fold away where they would leave the conversation too narrow, and come back.

A side column that a person asks for is shown all the same, alone beside the conversation, until it is dismissed or
there is room for what else is wanted.
"""

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
# What a side column that was asked for leaves the conversation at least, where there is as much.
CENTRE_LEFT = 150
SIDEBAR, INSPECTOR = "sidebar_visible", "inspector_visible"
BOUNDS = {"sidebar_width": (160, 800), "inspector_width": (200, 800)}


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
        """Make the columns, as wide as the settings say or as ``widths`` of earlier ones were.

        Widths are those at a zoom of 1.
        """
        super().__init__(Qt.Orientation.Horizontal)
        self._themes = themes
        self._settings = settings
        self._sidebar = sidebar
        self._pages = pages
        self._inspector = inspector
        self._asked = ""
        self._zoom = themes.theme.zoom
        self._widths = dict(widths or {key: settings.number(key) for key in ("sidebar_width", "inspector_width")})
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        for widget in (sidebar, pages, inspector):
            self.addWidget(widget)
        self.setStretchFactor(1, 1)
        self._place()
        pages.currentChanged.connect(self.fit)
        self.apply_theme(themes.theme)

    @property
    def widths(self) -> dict[str, Value]:
        """The widths of the side columns when they were last on view, by their settings' keys, at a zoom of 1."""
        self._note_widths()
        return self._widths

    def fit(self) -> None:
        """Show the side columns that are wanted and have room, or are asked for."""
        self._note_widths()
        self._show()

    def ask_for(self, key: str) -> None:
        """Show the side column of a setting, even if that hides the other one or leaves the conversation narrow.

        The window is made wider for it as far as the screen goes. The inspector brings its conversation on view.
        """
        self._asked = key
        if key == INSPECTOR:
            self._pages.show_page("")
        self._widen(self.width_needed_by(key))
        self.fit()

    def dismiss(self, key: str) -> bool:
        """Fold a side column that is only on view because it was asked for; whether it was."""
        asked = self._asked == key and self.shows(key)
        if asked:
            self._asked = ""
            self._show(anew=True)
        return asked

    def width_needed_by(self, key: str) -> int:
        """Return the width that the window must have for the side column of a setting."""
        return self._themes.theme.px(SIDEBAR_FROM if key == SIDEBAR else INSPECTOR_FROM)

    def shows(self, key: str) -> bool:
        """Whether the side column of a setting is on view."""
        return (self._sidebar if key == SIDEBAR else self._inspector).isVisible()

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._note_widths()
        zoomed = theme.zoom != self._zoom
        self._zoom = theme.zoom
        self._sidebar.setMaximumWidth(theme.px(420))
        self._inspector.setMaximumWidth(theme.px(440))
        self._show()  # without noting the widths, which are still those of the old zoom
        if zoomed:
            self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold a side column away when the conversation gets too narrow, and bring it back."""
        self._note_widths()  # before a narrow window squeezes a column that is folded away next
        super().resizeEvent(event)
        self._show()

    def _show(self, *, anew: bool = False) -> None:
        """Show what is due, and give the side columns their widths if another one is on view or they are to be anew."""
        if self._asked and self.width() >= self.width_needed_by(self._asked):
            self._asked = ""
            anew = True
        on_chat = self._pages.on_chat
        inspector = on_chat and self._is_due(INSPECTOR)
        # Where only one side column has room beside the conversation, it is the one that was asked for.
        sidebar = self._is_due(SIDEBAR) and not (inspector and self._asked == INSPECTOR)
        before = (self._sidebar.isHidden(), self._inspector.isHidden())
        self._inspector.setVisible(inspector)
        self._sidebar.setVisible(sidebar)
        self._limit()
        if anew or before != (self._sidebar.isHidden(), self._inspector.isHidden()):
            self._place()
        self.sidebar_shown.emit(self._sidebar.isVisibleTo(self))

    def _widen(self, width: int) -> None:
        """Make the window wider, but not wider than the screen nor when it fills it already."""
        window = self.window()
        room = window.screen().availableGeometry()
        width = min(width, room.width() - (window.frameGeometry().width() - window.width()))
        if width <= window.width() or window.isMaximized() or window.isFullScreen():
            return
        window.resize(width, window.height())
        beyond = window.x() + window.frameGeometry().width() - 1 - room.right()
        if beyond > 0:
            window.move(max(room.left(), window.x() - beyond), window.y())

    def _note_widths(self) -> None:
        if self._asked:
            return  # squeezed for the moment: not how wide the person wants it
        sizes = self.sizes()
        for key, widget, size in (
            ("sidebar_width", self._sidebar, sizes[0]),
            ("inspector_width", self._inspector, sizes[2]),
        ):
            if widget.isVisible() and size != self._placed(key):
                least, most = BOUNDS[key]
                self._widths[key] = max(least, min(most, round(size / self._zoom)))

    def _placed(self, key: str) -> int:
        """Return a side column's width in pixels."""
        return max(1, round(int(self._widths[key]) * self._zoom))

    def _place(self) -> None:
        """Give the side columns their widths."""
        self.setSizes([self._placed("sidebar_width"), CENTRE_WIDTH, self._placed("inspector_width")])

    def _limit(self) -> None:
        """Keep the side columns from getting too narrow, and one that was asked for from taking all there is."""
        theme = self._themes.theme
        for key, widget, least in ((SIDEBAR, self._sidebar, 200), (INSPECTOR, self._inspector, 264)):
            minimum = theme.px(least)
            if key == self._asked:
                minimum = min(minimum, max(self.width() - theme.px(CENTRE_LEFT), self.width() // 2))
            widget.setMinimumWidth(minimum)

    def _is_due(self, key: str) -> bool:
        """Whether a side column is wanted, and has room or was asked for."""
        fits = self.width() >= self.width_needed_by(key)
        return self._settings.flag(key) and (fits or key == self._asked)
