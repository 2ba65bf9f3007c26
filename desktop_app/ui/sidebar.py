"""The left column: new conversation, search, the list, and the ways to the other pages."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.conversation import Conversation
from desktop_app.core.search import SearchHit
from desktop_app.ui.conversation_delegate import RowDelegate
from desktop_app.ui.lists.conversation_list import ROW_ROLE, ConversationList
from desktop_app.ui.lists.conversation_rows import ConversationRow, HitRow
from desktop_app.ui.marks import HintedButton, ProgramMark, StateDot
from desktop_app.ui.theme import Theme, ThemeManager

Index = QModelIndex | QPersistentModelIndex
# Long enough that a fast typist's word is one query, short enough to feel immediate.
SEARCH_DELAY_MS = 150


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
        self._mark = ProgramMark(themes)
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
        self._search.setAcceptDrops(False)
        self._search.textChanged.connect(self._on_search_edited)
        self._search.installEventFilter(self)
        self._search_timer = QTimer(self, singleShot=True, interval=SEARCH_DELAY_MS)
        self._search_timer.timeout.connect(lambda: self.search_changed.emit(self._search.text()))

        self.view = ConversationView()
        self.view.setModel(self.list)
        delegate = RowDelegate(lambda: themes.theme, lambda: self._current, self.view)
        delegate.editing_began.connect(lambda: self.list.hold(True))
        delegate.closeEditor.connect(lambda: self.list.hold(False))
        self.view.setItemDelegate(delegate)
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
        self._state = QLabel()
        self._state.setObjectName("secondary")
        self._promise = QLabel()
        self._promise.setObjectName("hint")
        self._online = StateDot(themes)
        self.show_online(False)
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
            self.view.scrollToTop()
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

    def show_online(self, online: bool) -> None:
        """Show whether connections are allowed, and what stays here in any case."""
        self._online.set_role("note" if online else "good")
        self._state.setText(self.tr("Online for models") if online else self.tr("Offline"))
        self._promise.setText("" if online else self.tr("nothing leaves"))
        self._state.setToolTip(
            self.tr("Conversations stay here. Models are looked for and downloaded on the Hub.")
            if online
            else self.tr("Conversations and models stay here. Causerie opens no network connection.")
        )

    def mark_page(self, name: str) -> None:
        """Mark the page on view; an empty name marks none."""
        for page, button in self._pages.items():
            button.setChecked(page == name)

    def rename_current(self) -> None:
        """Edit the title of the row that the keyboard is on, else of the conversation on view."""
        index = self.view.currentIndex()
        if not self.view.hasFocus() or not isinstance(self.list.item(index), ConversationRow):
            row = self.list.row_of(self._current) if self._current is not None else None
            if row is None:
                return
            index = self.list.index(row)
            self.view.setCurrentIndex(index)
        self.view.edit(index)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down leaves the search box for the list; Enter opens what stands first; Esc empties the box."""
        if watched is not self._search or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape and self._search.text():
            event.accept()  # before the window's own Esc
            return True
        if event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._search.text().strip():
                self._select_first()
                self._on_activated(self.view.currentIndex())
                return True
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
