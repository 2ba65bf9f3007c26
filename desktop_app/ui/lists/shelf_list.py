"""The Qt item model of the models on this computer."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.core.model import ShelfModel
from desktop_app.services.events import ModelChanged, ModelState
from desktop_app.ui.lists.shelf_rows import Order, arranged

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole


class ShelfList(QAbstractListModel):
    """The models that fit the search, in the chosen order.

    Args:
        spoken: a row as a screen reader says it.
        name: the part of a file's name that can be changed; empty for a file that is not ours.
        rename: called with a model and its new name when a row was edited.
    """

    def __init__(
        self,
        spoken: Callable[[ShelfModel, ModelChanged], str],
        name: Callable[[ShelfModel], str],
        rename: Callable[[ShelfModel, str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._spoken = spoken
        self._name = name
        self._rename = rename
        self._models: tuple[ShelfModel, ...] = ()
        self._rows: list[ShelfModel] = []
        self._state = ModelChanged(ModelState.NONE)
        self._held = False
        self._waiting: tuple[ShelfModel, ...] | None = None
        self.query = ""
        self.order = Order.NAME

    @property
    def models(self) -> tuple[ShelfModel, ...]:
        """Every model, whether it is listed or not."""
        return self._models

    @property
    def state(self) -> ModelChanged:
        """Which model is loaded."""
        return self._state

    def set_models(self, models: tuple[ShelfModel, ...]) -> None:
        """Show these. Where the same files stand in the same rows, these are only drawn anew."""
        if self._held:
            self._waiting = models
            return
        if models == self._models:
            return
        self._models = models
        self._arrange()

    def hold(self, held: bool) -> None:
        """Keep the rows as they are while a name is being changed in one, or take over what has come since."""
        self._held = held
        if held:
            return
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self.set_models(waiting)
        self._redraw()

    def set_state(self, state: ModelChanged) -> None:
        """Show which model is loaded, being loaded or in trouble."""
        before, self._state = self._state.path, state
        if self._held:
            return
        for path in {before, state.path} - {""}:
            row = self.row_of(path)
            if row is not None:
                self.dataChanged.emit(self.index(row), self.index(row))

    def arrange(self, query: str, order: Order) -> None:
        """List what fits a query, in an order."""
        if (query, order) != (self.query, self.order):
            self.query, self.order = query, order
            self._arrange()

    def row_of(self, path: str) -> int | None:
        """Return the row where a file stands."""
        return next((row for row, model in enumerate(self._rows) if model.path == path), None)

    def item(self, index: Index) -> ShelfModel | None:
        """Return the model at an index."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a view or a screen reader asks of a row."""
        model = self.item(index)
        if model is None:
            return None
        if role == ROW_ROLE:
            return model
        if role == Qt.ItemDataRole.DisplayRole:
            return model.label
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(model, self._state)
        if role == Qt.ItemDataRole.EditRole:
            return self._name(model)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Rename the file of a row."""
        model = self.item(index)
        name = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or model is None or not name or name == self._name(model):
            return False
        self._rename(model, name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a row."""
        model = self.item(index)
        if model is None:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsEditable if self._name(model) else flags

    def _arrange(self) -> None:
        rows = arranged(self._models, self.query, self.order)
        same = len(rows) == len(self._rows) and all(
            new.path == old.path for new, old in zip(rows, self._rows, strict=True)
        )
        if same:
            self._rows = rows
            self._redraw()
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def _redraw(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))
