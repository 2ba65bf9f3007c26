"""The left column: new conversation, search, the list, and the ways to the other pages."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPainterPath, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.conversation import Conversation
from desktop_app.core.search import SearchHit, snippet_parts
from desktop_app.ui.lists.conversation_list import ROW_ROLE, ConversationList
from desktop_app.ui.lists.conversation_rows import ConversationRow, Heading, HitRow
from desktop_app.ui.theme import Theme, ThemeManager

Index = QModelIndex | QPersistentModelIndex
# Long enough that a fast typist's word is one query, short enough to feel immediate.
SEARCH_DELAY_MS = 150


class RowDelegate(QStyledItemDelegate):
    """Draws the rows of the list."""

    def __init__(self, theme: Callable[[], Theme], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a row's height."""
        theme = self._theme()
        item = index.data(ROW_ROLE)
        height = {Heading: 30, HitRow: 52}.get(type(item), 33)
        return QSize(0, theme.px(height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a row."""
        theme = self._theme()
        item = index.data(ROW_ROLE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(item, Heading):
            painter.setFont(theme.text_font(11, QFont.Weight.DemiBold))
            painter.setPen(QColor(theme.palette.hint))
            inner = rect.adjusted(theme.px(8), theme.px(8), 0, 0)
            text = index.data(Qt.ItemDataRole.DisplayRole).upper()
            painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        else:
            self._paint_ground(painter, rect, state)
            inner = rect.adjusted(theme.px(8), 0, -theme.px(8), 0)
            if isinstance(item, ConversationRow):
                selected = bool(state & QStyle.StateFlag.State_Selected)
                self._paint_title(painter, inner, item.conversation.title, selected)
            elif isinstance(item, HitRow):
                self._paint_hit(painter, inner, item.hit)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return the field in which a title is changed."""
        editor = QLineEdit(parent)
        editor.setAccessibleName(self.tr("Title of the conversation"))
        return editor

    def _paint_ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        palette = self._theme().palette
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            path = QPainterPath()
            radius = self._theme().px(8)
            path.addRoundedRect(rect, radius, radius)
            painter.fillPath(path, QColor(palette.accent_tint if selected else palette.hover))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(palette.accent))
            painter.drawRoundedRect(rect.adjusted(0, 0, -1, -1), self._theme().px(8), self._theme().px(8))

    def _paint_title(self, painter: QPainter, rect: QRect, title: str, strong: bool) -> None:
        theme = self._theme()
        painter.setFont(theme.text_font(14, QFont.Weight.Medium if strong else QFont.Weight.Normal))
        painter.setPen(QColor(theme.palette.text))
        text = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_hit(self, painter: QPainter, rect: QRect, hit: SearchHit) -> None:
        theme = self._theme()
        half = rect.height() // 2
        title = QRect(rect.left(), rect.top() + theme.px(5), rect.width(), half - theme.px(5))
        painter.setFont(theme.text_font(13, QFont.Weight.Medium))
        painter.setPen(QColor(theme.palette.text))
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(hit.title, Qt.TextElideMode.ElideRight, title.width())
        painter.drawText(title, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        line = QRect(rect.left(), rect.top() + half, rect.width(), half - theme.px(5))
        self._paint_snippet(painter, line, hit.snippet)

    def _paint_snippet(self, painter: QPainter, rect: QRect, snippet: str) -> None:
        """Draw a snippet on one line, the found words in the accent colour."""
        theme = self._theme()
        painter.setClipRect(rect)
        x = rect.left()
        for part, strong in snippet_parts(snippet.replace("\n", " ")):
            painter.setFont(theme.text_font(12, QFont.Weight.DemiBold if strong else QFont.Weight.Normal))
            painter.setPen(QColor(theme.palette.accent if strong else theme.palette.secondary))
            place = QRect(x, rect.top(), rect.right() - x + 1, rect.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, part)
            x += painter.fontMetrics().horizontalAdvance(part)
            if x > rect.right():
                break


class ConversationView(QListView):
    """The list, with keys for what one does to a conversation.

    Signals:
        delete_requested, rename_requested: for the selected conversation.
    """

    delete_requested = Signal(int)

    def editor(self) -> QLineEdit | None:
        """Return the field in which a title is being changed."""
        return self.findChild(QLineEdit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete deletes, F2 renames, Enter opens."""
        item = self.currentIndex().data(ROW_ROLE)
        if isinstance(item, ConversationRow) and event.key() == Qt.Key.Key_Delete:
            self.delete_requested.emit(item.conversation.id)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class Sidebar(QWidget):
    """The left column.

    Signals:
        new_requested; open_requested(conversation id, message id or 0); delete_requested(id);
        renamed(id, title); pin_requested(id, pinned); search_changed(text); page_requested(name);
        more_requested(n): the end of the list is near; n conversations are wanted.
    """

    new_requested = Signal()
    open_requested = Signal(int, int)
    delete_requested = Signal(int)
    renamed = Signal(int, str)
    pin_requested = Signal(int, bool)
    search_changed = Signal(str)
    page_requested = Signal(str)
    more_requested = Signal(int)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._themes = themes
        self._current: int | None = None
        self.more = False
        self.list = ConversationList(self.renamed.emit, self)

        self._brand = QLabel("Causerie")
        self._brand.setObjectName("title")
        self._mark = _Mark(themes)
        self._new = HintedButton(self.tr("New conversation"), "newConversation")
        self._new.set_hint("Ctrl N")
        self._new.setToolTip(self.tr("Start a new conversation (Ctrl+N)"))
        self._new.clicked.connect(self.new_requested)
        self._search = QLineEdit()
        self._search.setObjectName("search")
        self._search.setPlaceholderText(self.tr("Search everything"))
        self._search.setAccessibleName(self.tr("Search titles and messages"))
        self._search.setToolTip(self.tr("Search titles and messages (Ctrl+F)"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._on_search_edited)
        self._search.installEventFilter(self)
        self._search_timer = QTimer(self, singleShot=True, interval=SEARCH_DELAY_MS)
        self._search_timer.timeout.connect(lambda: self.search_changed.emit(self._search.text()))

        self.view = ConversationView()
        self.view.setModel(self.list)
        self.view.setItemDelegate(RowDelegate(lambda: themes.theme, self.view))
        self.view.setAccessibleName(self.tr("Conversations"))
        self.view.setMouseTracking(True)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setEditTriggers(QListView.EditTrigger.EditKeyPressed)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._on_menu)
        self.view.clicked.connect(self._on_activated)
        self.view.activated.connect(self._on_activated)
        self.view.delete_requested.connect(self.delete_requested)
        self.list.modelReset.connect(self._reselect)
        self.view.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._empty = QLabel()
        self._empty.setObjectName("hint")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(8, 4, 8, 0)

        self._pages: dict[str, HintedButton] = {}
        self._state = QLabel(self.tr("Offline"))
        self._state.setObjectName("secondary")
        self._promise = QLabel(self.tr("nothing leaves"))
        self._promise.setObjectName("hint")
        self._online = _Dot(themes)
        self._state.setToolTip(self.tr("Conversations and models stay here. Causerie opens no network connection."))
        self._lay_out()
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes that a style sheet cannot say."""
        margin = theme.px(12)
        self._layout.setContentsMargins(margin, margin, margin, margin)
        self._layout.setSpacing(theme.px(8))
        self.view.doItemsLayout()

    def focus_search(self) -> None:
        """Put the cursor into the search box."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def clear_search(self) -> None:
        """Show the conversations again."""
        self._search.clear()

    def search(self, text: str) -> None:
        """Put a text into the search box."""
        self._search.setText(text)

    @property
    def query(self) -> str:
        """The text in the search box."""
        return self._search.text()

    def show_hits(self, query: str, hits: tuple[SearchHit, ...]) -> None:
        """Show what a search found, unless the box says something else by now."""
        if query == self._search.text():
            self.list.set_hits(hits if query.strip() else None)
            self.refresh_empty()

    def show_conversations(self, conversations: tuple[Conversation, ...], more: bool) -> None:
        """Show these; ``more`` when there are others to be asked for."""
        self.more = more
        self.list.set_conversations(conversations)
        self.refresh_empty()

    def remove(self, conversation_id: int) -> None:
        """Show a conversation no longer."""
        self.list.remove(conversation_id)
        self.refresh_empty()

    def put(self, conversation: Conversation) -> None:
        """Show a new or changed conversation."""
        self.list.put(conversation)
        self.refresh_empty()

    def select(self, conversation_id: int | None) -> None:
        """Mark the conversation on view."""
        self._current = conversation_id
        self._reselect()

    def show_model_count(self, count: int) -> None:
        """Show how many models there are."""
        self._pages["models"].set_hint(str(count))

    def mark_page(self, name: str) -> None:
        """Mark the page on view; an empty name marks none."""
        for page, button in self._pages.items():
            button.setChecked(page == name)

    def rename_current(self) -> None:
        """Edit the title of the conversation on view."""
        row = self.list.row_of(self._current) if self._current is not None else None
        if row is not None:
            self.view.setCurrentIndex(self.list.index(row))
            self.view.edit(self.list.index(row))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down leaves the search box for the list; Esc empties it."""
        if watched is self._search and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Down and self.list.rowCount():
                self.view.setFocus(Qt.FocusReason.TabFocusReason)
                if not self.view.currentIndex().isValid():
                    self._select_first()
                return True
            if event.key() == Qt.Key.Key_Escape and self._search.text():
                self._search.clear()
                return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        brand = QHBoxLayout()
        brand.setContentsMargins(8, 2, 0, 6)
        brand.addWidget(self._mark)
        brand.addSpacing(2)
        brand.addWidget(self._brand)
        brand.addStretch()
        self._layout = QVBoxLayout(self)
        self._layout.addLayout(brand)
        self._layout.addWidget(self._new)
        self._layout.addWidget(self._search)
        self._layout.addWidget(self._empty)
        self._layout.addWidget(self.view, 1)
        rule = QFrame()
        rule.setObjectName("rule")
        self._layout.addWidget(rule)
        footer = QVBoxLayout()
        footer.setSpacing(0)
        for name, text, tip in (
            ("models", self.tr("Models"), self.tr("The models on this computer (Ctrl+M)")),
            ("trash", self.tr("Trash"), self.tr("Deleted conversations")),
            ("settings", self.tr("Settings"), self.tr("Appearance, model and more (Ctrl+,)")),
        ):
            button = HintedButton(text, "sideButton")
            button.setToolTip(tip)
            button.setCheckable(True)
            button.clicked.connect(lambda _checked, page=name: self.page_requested.emit(page))
            footer.addWidget(button)
            self._pages[name] = button
        self._layout.addLayout(footer)
        state = QHBoxLayout()
        state.setContentsMargins(8, 2, 8, 0)
        state.addWidget(self._online)
        state.addWidget(self._state)
        state.addStretch()
        state.addWidget(self._promise)
        self._layout.addLayout(state)
        self.refresh_empty()

    def refresh_empty(self) -> None:
        """Say what an empty list means."""
        searching = bool(self._search.text().strip())
        nothing = self.list.rowCount() == 0
        text = self.tr("Nothing found.") if searching else self.tr("Your conversations will be listed here.")
        self._empty.setText(text)
        self._empty.setVisible(nothing)

    def _reselect(self) -> None:
        row = self.list.row_of(self._current) if self._current is not None else None
        if row is None:
            self.view.clearSelection()
            self.view.setCurrentIndex(QModelIndex())
        else:
            self.view.setCurrentIndex(self.list.index(row))

    def _select_first(self) -> None:
        for row in range(self.list.rowCount()):
            if self.list.flags(self.list.index(row)) & Qt.ItemFlag.ItemIsSelectable:
                self.view.setCurrentIndex(self.list.index(row))
                return

    def _on_search_edited(self, text: str) -> None:
        if text.strip():
            self._search_timer.start()
        else:
            self._search_timer.stop()
            self.list.set_hits(None)
            self.refresh_empty()

    def _on_scrolled(self, value: int) -> None:
        bar = self.view.verticalScrollBar()
        if self.more and value >= bar.maximum() - bar.pageStep():
            self.more = False
            self.more_requested.emit(2 * self.list.count)

    def _on_activated(self, index: QModelIndex) -> None:
        match self.list.item(index):
            case ConversationRow(conversation=conversation):
                self.open_requested.emit(conversation.id, 0)
            case HitRow(hit=hit):
                self.open_requested.emit(hit.conversation_id, hit.message_id or 0)

    def _on_menu(self, position: QPoint) -> None:
        index = self.view.indexAt(position)
        item = self.list.item(index)
        if not isinstance(item, ConversationRow):
            return
        conversation = item.conversation
        menu = QMenu(self)
        menu.addAction(self.tr("Rename (F2)"), lambda: self.view.edit(index))
        pin = self.tr("Unpin") if conversation.pinned else self.tr("Pin")
        menu.addAction(pin, lambda: self.pin_requested.emit(conversation.id, not conversation.pinned))
        menu.addSeparator()
        menu.addAction(self.tr("Delete"), lambda: self.delete_requested.emit(conversation.id))
        menu.exec(self.view.viewport().mapToGlobal(position))


class HintedButton(QPushButton):
    """A button with a short hint at its right end, such as its key or a count."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.setObjectName(name)
        self._hint = QLabel()
        self._hint.setObjectName("key")
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 10, 0)
        row.addStretch()
        row.addWidget(self._hint)

    def set_hint(self, text: str) -> None:
        """Show a hint."""
        self._hint.setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the hint out where it would stand on the words."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._hint.setVisible(self.sizeHint().width() + self._hint.sizeHint().width() <= self.width())


class _Dot(QWidget):
    """A dot in the colour of what is well."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        themes.changed.connect(self._on_theme_changed)

    def _on_theme_changed(self) -> None:
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return 8 px, zoomed."""
        side = self._themes.theme.px(8)
        return QSize(side, side)

    def paintEvent(self, event: QEvent) -> None:
        """Draw the dot."""
        theme = self._themes.theme
        side = theme.px(8)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.palette.good))
        painter.drawEllipse(0, (self.height() - side) // 2, side, side)


class _Mark(QWidget):
    """The program's mark: a rounded square whose lower right corner is square, like a speech bubble."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        themes.changed.connect(self._on_theme_changed)

    def _on_theme_changed(self) -> None:
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return 18 px, zoomed."""
        side = self._themes.theme.px(18)
        return QSize(side, side)

    def paintEvent(self, event: QEvent) -> None:
        """Draw the mark."""
        theme = self._themes.theme
        side, radius = theme.px(18), theme.px(5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        top = (self.height() - side) // 2
        path.addRoundedRect(0, top, side, side, radius, radius)
        path.addRect(side // 2, top + side // 2, side - side // 2, side - side // 2)
        painter.fillPath(path, QColor(theme.palette.accent))
