"""The Qt item model of the connections that were made."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any, Protocol

from PySide6.QtCore import QAbstractTableModel, QDateTime, QLocale, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.ui.figures import as_tooltip, size_text

# Seconds within which an answer may still come; what is older was cut off by the end of the program.
PATIENCE = 120
Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole
FAILED_ROLE = Qt.ItemDataRole.UserRole + 1


class Connection(Protocol):
    """A request and what came back, as the log of connections has it."""

    @property
    def time(self) -> float:
        """When it began, seconds since the epoch."""

    @property
    def host(self) -> str:
        """What was contacted."""

    @property
    def purpose(self) -> str:
        """What for."""

    @property
    def sent(self) -> int:
        """Bytes of the request."""

    @property
    def received(self) -> int:
        """Bytes of the answer so far."""

    @property
    def status(self) -> int:
        """The HTTP status, 0 when there is no answer."""

    @property
    def error(self) -> str:
        """Why it failed, empty otherwise."""


class Column(IntEnum):
    """What a row tells, in this order."""

    TIME = 0
    HOST = 1
    PURPOSE = 2
    RECEIVED = 3
    SENT = 4
    STATUS = 5


_NUMBERS = (Column.RECEIVED, Column.SENT)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class ConnectionList(QAbstractTableModel):
    """Connections, the newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Connection] = []
        self._sorted = int(Column.TIME), True
        self._headings = {
            Column.TIME: self.tr("Time"),
            Column.HOST: self.tr("Host"),
            Column.PURPOSE: self.tr("Purpose"),
            Column.RECEIVED: self.tr("Received"),
            Column.SENT: self.tr("Sent"),
            Column.STATUS: self.tr("Answer"),
        }

    def show_connections(self, connections: Sequence[Connection]) -> None:
        """Show these, given with the newest last; rows that stay keep their place and their selection."""
        rows = list(reversed(connections))
        new = _begun_since(rows, self._rows)
        if new is None:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        if new:
            self.beginInsertRows(QModelIndex(), 0, new - 1)
            self._rows[:0] = rows[:new]
            self.endInsertRows()
        if len(self._rows) > len(rows):  # the log keeps so many and no more
            self.beginRemoveRows(QModelIndex(), len(rows), len(self._rows) - 1)
            del self._rows[len(rows) :]
            self.endRemoveRows()
        for row, (old, one) in enumerate(zip(self._rows, rows, strict=True)):
            if old != one:
                self._rows[row] = one
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def mark_sorted(self, column: int, *, descending: bool) -> None:
        """Show by which column the rows stand in order."""
        self._sorted = column, descending
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def heading(self, column: Column) -> str:
        """Return what stands above a column."""
        sorted_by, descending = self._sorted
        mark = "" if column != sorted_by else " ↓" if descending else " ↑"
        return self._headings[column] + mark

    def line(self, row: int) -> str:
        """Return a row as text, its cells with tabs between them and the time to the second."""
        one = self._rows[row]
        when = QDateTime.fromSecsSinceEpoch(int(one.time)).toString(Qt.DateFormat.ISODate)
        cells = (when, one.host, one.purpose, str(one.received), str(one.sent), self._answer(one))
        return "\t".join(" ".join(cell.split()) for cell in cells)

    def heading_line(self) -> str:
        """Return the headings for what ``line`` gives."""
        return "\t".join(self._headings[column] for column in Column)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of connections."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a heading."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.heading(Column(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in _NUMBERS else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a view or a screen reader asks of a cell."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        one, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(one, column)
        if role == SORT_ROLE:
            return self._sorted_by(one, column)
        if role == FAILED_ROLE:
            return bool(one.error) or one.status >= 400
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in _NUMBERS else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_tooltip(self._text(one, column))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._headings[column]}: {self._text(one, column)}"
        return None

    def _text(self, one: Connection, column: Column) -> str:
        match column:
            case Column.TIME:
                return time_text(one.time)
            case Column.HOST:
                return one.host
            case Column.PURPOSE:
                return one.purpose
            case Column.RECEIVED:
                return size_text(one.received)
            case Column.SENT:
                return size_text(one.sent)
            case Column.STATUS:
                return self._answer(one)

    def _answer(self, one: Connection) -> str:
        if one.error:
            return one.error
        if one.status:
            return str(one.status)
        waiting = QDateTime.currentSecsSinceEpoch() - one.time < PATIENCE
        return self.tr("under way") if waiting else self.tr("no answer")

    def _sorted_by(self, one: Connection, column: Column) -> float | str:
        match column:
            case Column.TIME:
                return one.time
            case Column.RECEIVED:
                return one.received
            case Column.SENT:
                return one.sent
            case _:
                return self._text(one, column).casefold()


def time_text(seconds: float) -> str:
    """Return a time of today to the second, one of another day with its date."""
    when = QDateTime.fromSecsSinceEpoch(int(seconds))
    if when.date() == QDateTime.currentDateTime().date():
        return when.toString("HH:mm:ss")
    return QLocale().toString(when.date(), QLocale.FormatType.ShortFormat) + when.toString(" HH:mm")


def _begun_since(rows: Sequence[Connection], before: Sequence[Connection]) -> int | None:
    """Return how many rows stand above those that were shown before; None when those are not the ones that follow."""
    if not before:
        return None
    first = _key(before[0])
    new = next((at for at, one in enumerate(rows) if _key(one) == first), None)
    if new is None:
        return None
    same = all(_key(old) == _key(one) for old, one in zip(before, rows[new:], strict=False))
    return new if same and len(rows) - new <= len(before) else None


def _key(one: Connection) -> tuple[float, str, str]:
    return one.time, one.host, one.purpose
