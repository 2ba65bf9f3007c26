"""Every connection that the program has opened, for the person to see."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop_app.services.events import Event
from desktop_app.services.hub_events import ConnectionsListed, OnlineChanged
from desktop_app.ui.dialogs import FittedDialog, scrolled
from desktop_app.ui.figures import grouped, size_text
from desktop_app.ui.lists.connection_list import FAILED_ROLE, SORT_ROLE, Column, ConnectionList
from desktop_app.ui.models.flow_layout import FlowLayout
from desktop_app.ui.theme import Theme, ThemeManager

Index = QModelIndex | QPersistentModelIndex
# Pixels at a zoom of one; host and purpose take what is left, and never less than this.
_WIDTHS = {Column.HOST: 180, Column.PURPOSE: 140, Column.STATUS: 130}
BESIDE_TEXT = 8
ROW = 32
SHORTEST_TABLE = 120
# A lower dialog begins with what one works with.
TITLED_FROM = 420


class ConnectionsDialog(FittedDialog):
    """The log of connections.

    Signals:
        asked(callable): something for the services to do, called with ``Services``.
    """

    asked = Signal(object)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(themes, QSize(860, 560), parent)
        self.setWindowTitle(self.tr("Connections"))
        self._online: bool | None = None
        self.list = ConnectionList(self)
        self.shown_rows = QSortFilterProxyModel(self)
        self.shown_rows.setSourceModel(self.list)
        self.shown_rows.setSortRole(SORT_ROLE)
        self.shown_rows.setFilterKeyColumn(-1)
        self.shown_rows.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._title = QLabel(self.windowTitle())
        self._title.setObjectName("pageTitle")
        self._promise = QLabel(
            self.tr(
                "Every connection that Causerie opens is listed here, the last thousand of them. Nothing else is "
                "ever contacted, and conversations never leave this computer."
            )
        )
        self._promise.setObjectName("secondary")
        self._promise.setWordWrap(True)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Filter, such as a host"))
        self.filter.setAccessibleName(self.tr("Filter the connections"))
        self.filter.setClearButtonEnabled(False)
        self.filter.textChanged.connect(self._on_filter)
        self._make_table()
        self._empty = QLabel()
        self._empty.setObjectName("secondary")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self._summary = QLabel()
        self._summary.setObjectName("hint")
        self._summary.setWordWrap(True)
        self.copy_button = QPushButton(self.tr("Copy"))
        self.copy_button.setObjectName("outlined")
        self.copy_button.setToolTip(self.tr("Copies the selected lines; without a selection, all that are listed"))
        self.copy_button.clicked.connect(self._copy)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.setObjectName("primary")
        self.close_button.clicked.connect(self.close)
        for button in (self.copy_button, self.close_button):
            button.setAutoDefault(False)  # Return belongs to the filter
        self._buttons = FlowLayout(right=True)
        self._buttons.addWidget(self.copy_button)
        self._buttons.addWidget(self.close_button)
        content = QWidget()
        content.setObjectName("scrolled")
        self._content = QVBoxLayout(content)
        self._content.setContentsMargins(0, 0, 0, 0)
        for widget in (self._title, self._promise, self.filter):
            self._content.addWidget(widget)
        self._content.addWidget(self._stack, 1)
        self._content.addWidget(self._summary)
        self._column = QVBoxLayout(self)
        self._column.addWidget(scrolled(content), 1)
        self._column.addLayout(self._buttons)
        for change in (self.shown_rows.rowsInserted, self.shown_rows.rowsRemoved, self.shown_rows.modelReset):
            change.connect(self._show_state)
        self.list.dataChanged.connect(self._show_state)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)
        self._show_state()

    @property
    def state_text(self) -> str:
        """What stands below the table, and in its place when it is empty."""
        return " ".join(label.text() for label in (self._empty, self._summary) if not label.isHidden())

    def hear(self, event: Event) -> None:
        """Take over what the services tell."""
        match event:
            case ConnectionsListed():
                self._online = event.online
                self.list.show_connections(event.connections)
                self._show_state()
            case OnlineChanged():
                self._online = event.online
                self._show_state()
            case _:
                return

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes and colours."""
        margin = theme.px(20)
        self._column.setContentsMargins(margin, margin, margin, theme.px(16))
        for column in (self._column, self._content):
            column.setSpacing(theme.px(12))
        self._stack.setMinimumHeight(theme.px(SHORTEST_TABLE))
        self._buttons.setSpacing(theme.px(8))
        self.table.verticalHeader().setDefaultSectionSize(theme.px(ROW))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the purpose what the other columns leave."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask to be told of connections."""
        super().showEvent(event)
        self.asked.emit(lambda services: services.discover.connections())
        self.filter.setFocus()
        self._fit()

    def done(self, result: int) -> None:
        """Close, and ask to be told no more."""
        self.asked.emit(lambda services: services.discover.forget_connections())
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy with the usual keys."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def _make_table(self) -> None:
        table = self.table = _Table()
        table.setModel(self.shown_rows)
        table.setItemDelegate(_CellDelegate(self.themes, table))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTextElideMode(Qt.TextElideMode.ElideRight)
        table.setTabKeyNavigation(False)
        table.setSortingEnabled(True)
        table.sortByColumn(Column.TIME, Qt.SortOrder.DescendingOrder)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setAccessibleName(self.tr("Connections"))
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSortIndicatorShown(False)  # the heading has an arrow of its own
        header.sortIndicatorChanged.connect(
            lambda column, order: self.list.mark_sorted(column, descending=order is Qt.SortOrder.DescendingOrder)
        )
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _on_filter(self, text: str) -> None:
        self.shown_rows.setFilterFixedString(text.strip())
        self._show_state()

    def _show_state(self) -> None:
        """Say how much is listed, or why nothing is."""
        count, all_ = self.shown_rows.rowCount(), self.list.rowCount()
        self._stack.setCurrentIndex(0 if count else 1)
        if not all_:
            self._empty.setText(self.tr("Causerie has opened no connection."))
        else:
            self._empty.setText(self.tr("No connection has this in it."))
        self._empty.setVisible(not count)
        self.copy_button.setEnabled(bool(count))
        parts = []
        if count:
            received = sum(self.shown_rows.index(row, Column.RECEIVED).data(SORT_ROLE) for row in range(count))
            number = (
                self.tr("1 connection") if count == 1 else self.tr("{n} connections").replace("{n}", grouped(count))
            )
            parts.append(number + " · " + self.tr("{size} received").replace("{size}", size_text(received)))
        if self._online is not None:
            parts.append(
                self.tr("Connections to the Hub are allowed.")
                if self._online
                else self.tr("Causerie is offline: it opens none.")
            )
        self._summary.setText(" · ".join(parts))
        self._summary.setVisible(bool(parts))

    def _copy(self) -> None:
        """Put the selected lines, or all, on the clipboard."""
        chosen = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        rows = chosen or range(self.shown_rows.rowCount())
        lines = [self.list.line(self.shown_rows.mapToSource(self.shown_rows.index(row, 0)).row()) for row in rows]
        QApplication.clipboard().setText("\n".join((self.list.heading_line(), *lines)) + "\n")

    def _fit(self) -> None:
        theme, header = self.themes.theme, self.table.horizontalHeader()
        self._order(tall=self.height() >= theme.px(TITLED_FROM))
        font = theme.text_font(13)
        self.table.setFont(font)
        widths = {column: theme.px(width) for column, width in _WIDTHS.items()}
        metrics, beside = QFontMetrics(font), 2 * theme.px(BESIDE_TEXT)
        oldest = self.list.index(self.list.rowCount() - 1, Column.TIME).data() or ""
        times = (f"{text} " for text in ("88:88:88", str(oldest)))  # between digits a colon is drawn a little wider
        widths[Column.TIME] = max(metrics.horizontalAdvance(text) for text in times) + beside
        figures = metrics.horizontalAdvance(size_text(888))  # written out, bytes are the longest
        for column in (Column.RECEIVED, Column.SENT):
            widths[column] = max(figures, metrics.horizontalAdvance(self.list.heading(column))) + beside
        rest = self.table.viewport().width() - sum(widths.values())
        for column in (Column.HOST, Column.PURPOSE):
            widths[column] += max(0, rest // 2)
        for column, width in widths.items():
            header.resizeSection(column, width)

    def _order(self, *, tall: bool) -> None:
        """Put what the list is about above it, or below where there is little height."""
        if self._title.isHidden() == tall:
            self._title.setVisible(tall)
            self._content.removeWidget(self._promise)
            self._content.insertWidget(1 if tall else self._content.count(), self._promise)


class _Table(QTableView):
    """A table whose columns are read with the arrow keys where they have no room side by side."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave copying to the dialog: Qt would copy a single cell."""
        if event.matches(QKeySequence.StandardKey.Copy):
            event.ignore()
        else:
            super().keyPressEvent(event)


class _CellDelegate(QStyledItemDelegate):
    """Draws the cells: tabular figures, failures in their colour, and a line below each."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell."""
        theme = self._themes.theme
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.palette.accent_tint))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(theme.palette.line))
        view = self.parent()
        if isinstance(view, QTableView) and view.hasFocus() and view.currentIndex().row() == index.row():
            # The keyboard is on a row, not on a cell: an edge at its left says so once.
            edge = theme.px(2) if index.column() == Column.TIME else 0
            painter.fillRect(QRect(rect.left(), rect.top(), edge, rect.height()), QColor(theme.palette.accent))
        failed = index.column() == Column.STATUS and index.data(FAILED_ROLE)
        plain = "text" if index.column() in (Column.HOST, Column.PURPOSE) else "secondary"
        painter.setPen(QColor(getattr(theme.palette, "bad" if failed else plain)))
        painter.setFont(theme.text_font(13))
        inner = rect.adjusted(theme.px(BESIDE_TEXT), 0, -theme.px(BESIDE_TEXT), 0)
        text = str(index.data())
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), shown)
