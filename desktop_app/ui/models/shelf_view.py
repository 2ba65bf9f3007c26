"""The list of the shelf as a widget: as tall as all its rows, so that the page around it scrolls as one."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView

from desktop_app.core.model import ShelfModel
from desktop_app.ui.lists.shelf_list import ShelfList
from desktop_app.ui.models.shelf_badges import Badge
from desktop_app.ui.models.shelf_delegate import ROW_HEIGHT, Part, ShelfDelegate
from desktop_app.ui.theme import Theme, ThemeManager

Index = QModelIndex | QPersistentModelIndex
_OWN_KEYS = (Qt.Key.Key_F2, Qt.Key.Key_Delete)


class ShelfView(QListView):
    """The rows of the shelf. Only those on view are drawn, however many there are.

    Signals:
        load_requested(ShelfModel), stop_requested, delete_requested(ShelfModel);
        menu_requested(ShelfModel, place on the screen); typed(text): letters meant for the search;
        reveal_requested(rectangle): a row that should come on view.
    """

    load_requested = Signal(object)
    stop_requested = Signal()
    delete_requested = Signal(object)
    menu_requested = Signal(object, QPoint)
    typed = Signal(str)
    reveal_requested = Signal(QRect)

    def __init__(
        self, themes: ThemeManager, models: ShelfList, badges: Callable[[ShelfModel], tuple[Badge, ...]]
    ) -> None:
        super().__init__()
        self._themes = themes
        self._models = models
        self._pressed: tuple[int, Part] = (-1, Part.ROW)
        self.page_height = 0
        self.delegate = ShelfDelegate(lambda: themes.theme, lambda: models.state, badges, self)
        self.delegate.editing_began.connect(lambda: models.hold(True))
        self.delegate.closeEditor.connect(lambda: models.hold(False))
        self.setItemDelegate(self.delegate)
        self.setModel(models)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(self.tr("Models on this computer"))
        self.setAccessibleDescription(self.tr("Enter loads a model; the menu key shows what else can be done."))
        models.modelReset.connect(self.fit)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    def fit(self) -> None:
        """Become as tall as the rows."""
        self.setFixedHeight(self._models.rowCount() * self._themes.theme.px(ROW_HEIGHT))

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self.fit()
        self.doItemsLayout()

    def editor(self) -> QLineEdit | None:
        """Return the field in which a name is being changed."""
        return self.viewport().findChild(QLineEdit)

    def model_at(self, place: QPoint) -> ShelfModel | None:
        """Return the model whose row is at a place."""
        return self._models.item(self.indexAt(place))

    def select(self, row: int) -> None:
        """Put the keyboard on a row."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(self._models.index(row), flags)

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Ask the page around the list to show a row."""
        if index.isValid():
            self.reveal_requested.emit(self.visualRect(index))

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Move by pages of what is on view: the list itself is one long page."""
        step = {
            QAbstractItemView.CursorAction.MovePageUp: -1,
            QAbstractItemView.CursorAction.MovePageDown: 1,
        }.get(action, 0)
        if not step or not self._models.rowCount():
            return super().moveCursor(action, modifiers)
        rows = max(1, self.page_height // self._themes.theme.px(ROW_HEIGHT) - 1)
        row = max(0, min(self._models.rowCount() - 1, self.currentIndex().row() + step * rows))
        return self._models.index(row)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that mean something for a row from the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _OWN_KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter loads, Delete moves to the trash, F2 renames; letters go to the search."""
        if self.editor() is not None:
            return  # a key that the field has left over, such as the Enter that ends it
        model = self._models.item(self.currentIndex())
        text = event.text()
        if model is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.load_requested.emit(model)
        elif model is not None and event.key() == Qt.Key.Key_Delete:
            self.delete_requested.emit(model)
        elif event.key() == Qt.Key.Key_F2:
            self.rename_current()
        elif text.strip() and text.isprintable() and event.modifiers() in _TYPING:
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def rename_current(self) -> None:
        """Edit the name of the row that the keyboard is on, if the file is ours."""
        index = self.currentIndex()
        if self._models.flags(index) & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: the list itself has nothing to scroll."""
        event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show what can be done with the row under the mouse, or the one that the keyboard is on."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            place = self.visualRect(index).bottomLeft()
        else:
            index, place = self.indexAt(event.pos()), event.pos()
        model = self._models.item(index)
        if model is not None:
            self.menu_requested.emit(model, self.viewport().mapToGlobal(place))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember what is pressed."""
        self._pressed = self._hit(event)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Do what the pressed part is for."""
        super().mouseReleaseEvent(event)
        hit, pressed = self._hit(event), self._pressed
        self._pressed = (-1, Part.ROW)
        model = self.model_at(event.position().toPoint())
        if model is None or hit != pressed or event.button() != Qt.MouseButton.LeftButton:
            return
        if hit[1] is Part.LOAD:
            self.load_requested.emit(model)
        elif hit[1] is Part.STOP:
            self.stop_requested.emit()
        elif hit[1] is Part.MORE:
            more = self.delegate.parts(self.visualRect(self._models.index(hit[0])), model).more
            self.menu_requested.emit(model, self.viewport().mapToGlobal(more.bottomLeft()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Load the model of a row."""
        self._pressed = self._hit(event)
        model = self.model_at(event.position().toPoint())
        if model is not None and self._pressed[1] is Part.ROW and event.button() == Qt.MouseButton.LeftButton:
            self.load_requested.emit(model)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what the mouse is on."""
        super().mouseMoveEvent(event)
        self._set_hot(self._hit(event))

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is on nothing."""
        super().leaveEvent(event)
        self._set_hot((-1, Part.ROW))

    def _hit(self, event: QMouseEvent) -> tuple[int, Part]:
        place = event.position().toPoint()
        index = self.indexAt(place)
        model = self._models.item(index)
        if model is None:
            return (-1, Part.ROW)
        return (index.row(), self.delegate.part_at(self.visualRect(index), model, place))

    def _set_hot(self, hot: tuple[int, Part]) -> None:
        before, self.delegate.hot = self.delegate.hot, hot
        if hot == before:
            return
        for row in {before[0], hot[0]} - {-1}:
            self.update(self._models.index(row))
        clickable = hot[1] is not Part.ROW
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor)


_TYPING = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
