"""The table of what can be downloaded: one stop for the keyboard, as high as all of it."""

from PySide6.QtCore import QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QSizePolicy, QWidget

from desktop_app.ui.models.choice_painting import ChoiceDelegate
from desktop_app.ui.models.choice_rows import ChoiceList, ChoiceRow, Standing
from desktop_app.ui.theme import Theme, ThemeManager


class ChoiceView(QListView):
    """Lists what can be downloaded, as high as all of it: the page around it scrolls.

    Signals:
        wanted(Choice): Enter was pressed on a row, or its arrow clicked.
        coming_chosen: the same on a row whose download is under way.
        row_shown(QRect): the keyboard is on a row that should be on view; in this widget's coordinates.
    """

    wanted = Signal(object)
    coming_chosen = Signal()
    row_shown = Signal(QRect)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._pressed = -1  # the row on whose arrow the mouse is held
        self.list = ChoiceList(self)
        self.setModel(self.list)
        self.delegate = ChoiceDelegate(lambda: themes.theme, self.width, self)
        self.setItemDelegate(self.delegate)
        self.setAccessibleName(self.tr("What can be downloaded"))
        self.setAccessibleDescription(self.tr("The arrow keys choose, Enter downloads."))
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.selectionModel().currentChanged.connect(self._on_current)
        self.list.modelReset.connect(self._on_reset)
        themes.changed.connect(self._on_theme_changed)

    def show_rows(self, rows: list[ChoiceRow]) -> None:
        """List these."""
        self.delegate.measure(tuple(rows))
        self.list.set_rows(rows)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Ask for the height of all rows."""
        height = self._themes.theme.px(37 if self.delegate.in_columns else 62)
        return QSize(0, height * self.list.rowCount())

    def minimumSizeHint(self) -> QSize:
        """Ask for the height of all rows."""
        return self.sizeHint()

    def activate(self, index: QModelIndex) -> None:
        """Do what a row is for: download it, go on with it, or show its download."""
        row = self.list.row(index)
        if row is None or row.standing is Standing.HERE:
            return
        if row.standing is Standing.COMING:
            self.coming_chosen.emit()
        else:
            self.wanted.emit(row.choice)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height when rows get one or two lines."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and the space bar do what the row is for."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activate(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note a click that begins on an arrow."""
        super().mousePressEvent(event)
        point = event.position().toPoint()
        is_meant = event.button() is Qt.MouseButton.LeftButton and self._on_state(point)
        self._pressed = self.indexAt(point).row() if is_meant else -1

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the arrow downloads."""
        super().mouseReleaseEvent(event)
        point = event.position().toPoint()
        pressed, self._pressed = self._pressed, -1
        if pressed >= 0 and pressed == self.indexAt(point).row() and self._on_state(point):
            self.activate(self.indexAt(point))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Do nothing: its first half may have been meant for the list that led to this page."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show where a click does something."""
        super().mouseMoveEvent(event)
        on_state = self._on_state(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if on_state else Qt.CursorShape.ArrowCursor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Put the keyboard on a row: the recommended one at first."""
        if not self.currentIndex().isValid() and self.list.rowCount():
            best = next((number for number, row in enumerate(self.list.rows) if row.best), 0)
            self.setCurrentIndex(self.list.index(best))
        super().focusInEvent(event)
        self._on_current(self.currentIndex())

    def _on_state(self, point: QPoint) -> bool:
        index = self.indexAt(point)
        row = self.list.row(index)
        if row is None or row.standing is Standing.HERE:
            return False
        return self.delegate.state_place(self.visualRect(index), row).contains(point)

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid() and self.hasFocus():
            self.row_shown.emit(self.visualRect(index))

    def _on_reset(self) -> None:
        self.updateGeometry()

    def _on_theme_changed(self, _theme: Theme) -> None:
        self.delegate.measure(self.list.rows)
        self.scheduleDelayedItemsLayout()
        self.updateGeometry()
