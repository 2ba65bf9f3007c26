"""The list of Discover on the screen: chosen by mouse or keys, going on by itself at its end."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop_app.ui.models.result_painting import ResultDelegate
from desktop_app.ui.models.result_rows import Result, ResultList
from desktop_app.ui.theme import Theme, ThemeManager


class ResultView(QListView):
    """Lists models.

    Signals:
        chosen(Result): a row was clicked, or Enter was pressed on it.
        end_reached: what comes after the last row may be wanted.
        search_wanted(str): the person typed, or wants to go back up into the search field (an empty text).
    """

    chosen = Signal(object)
    end_reached = Signal()
    search_wanted = Signal(str)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.list = ResultList(self)
        self.setModel(self.list)
        self._delegate = ResultDelegate(lambda: themes.theme, lambda: self.viewport().width(), self)
        self.setItemDelegate(self._delegate)
        self.setObjectName("results")
        self.setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._choose)
        self.verticalScrollBar().valueChanged.connect(self._look)
        self.verticalScrollBar().rangeChanged.connect(self._look)
        themes.changed.connect(self._on_theme_changed)

    @property
    def current(self) -> Result | None:
        """The row that the keyboard is on."""
        return self.list.result(self.currentIndex())

    def show_results(self, results: tuple[Result, ...]) -> None:
        """List these."""
        current = self.current
        # One height for all makes a long list as quick as a short one; sentences take what they need.
        self.setUniformItemSizes(bool(results) and not results[0].is_family)
        before = self.list.results
        self.list.set_results(results)
        grew = bool(before) and results[: len(before)] == before
        if not grew:
            self.scrollToTop()
        if current is not None and not self.currentIndex().isValid():
            self._return_to(current)
        self.executeDelayedItemsLayout()  # before that, every list seems to have come to its end
        self._look()

    def set_faded(self, faded: bool) -> None:
        """Show that what is listed is being replaced."""
        if faded != self._delegate.faded:
            self._delegate.faded = faded
            self.viewport().update()

    def focus_first(self) -> None:
        """Put the keyboard on the list, on its first row if it is on none."""
        if not self.currentIndex().isValid() and self.list.rowCount():
            self.setCurrentIndex(self.list.index(0))
        self.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, Up on the first row leads back to the search, and what is typed belongs there."""
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and index.isValid():
            self._choose(index)
        elif event.key() == Qt.Key.Key_Up and index.row() <= 0:
            self.search_wanted.emit("")
        elif _is_typing(event):
            self.search_wanted.emit(event.text())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the rows take the height that they need at the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def showEvent(self, event: QShowEvent) -> None:
        """Look whether the end of the list is on view."""
        super().showEvent(event)
        self.executeDelayedItemsLayout()
        self._look()

    def _choose(self, index: QModelIndex) -> None:
        result = self.list.result(index)
        if result is not None:
            self.chosen.emit(result)

    def _look(self) -> None:
        bar = self.verticalScrollBar()
        if self.isVisible() and self.list.rowCount() and bar.value() >= bar.maximum() - bar.pageStep() // 2:
            self.end_reached.emit()

    def _return_to(self, result: Result) -> None:
        rows = [row for row, one in enumerate(self.list.results) if one.repo == result.repo]
        if rows:
            self.setCurrentIndex(self.list.index(rows[0]))

    def _on_theme_changed(self, _theme: Theme) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()


def _is_typing(event: QKeyEvent) -> bool:
    commands = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    return bool(event.text().strip()) and event.text().isprintable() and not event.modifiers() & commands
