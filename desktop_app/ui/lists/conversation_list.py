"""The sidebar's Qt item model."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractListModel, QLocale, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.core.conversation import Conversation
from desktop_app.core.search import SearchHit, snippet_parts
from desktop_app.ui.figures import as_tooltip
from desktop_app.ui.lists.conversation_rows import ConversationRow, Heading, HitRow, Row, Section, rows_of

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole


class ConversationList(QAbstractListModel):
    """Conversations under their headings, or what a search found.

    Args:
        rename: called with an id and a new title when a row was edited.
    """

    def __init__(self, rename: Callable[[int, str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rename = rename
        self._conversations: dict[int, Conversation] = {}
        self._hits: tuple[SearchHit, ...] | None = None
        self._rows: list[Row] = []
        self._held = False
        self._stale = False

    def set_conversations(self, conversations: tuple[Conversation, ...]) -> None:
        """Show these."""
        self._conversations = {one.id: one for one in conversations}
        self._refresh()

    def put(self, conversation: Conversation) -> None:
        """Show a conversation that is new or has changed."""
        old = self._conversations.get(conversation.id)
        self._conversations[conversation.id] = conversation
        row = self.row_of(conversation.id)
        in_place = old is not None and (old.updated_at, old.pinned) == (conversation.updated_at, conversation.pinned)
        if row is not None and self._hits is None and in_place:
            self._rows[row] = ConversationRow(conversation)
            index = self.index(row)
            self.dataChanged.emit(index, index)
        else:
            self._refresh()

    def remove(self, conversation_id: int) -> None:
        """Show a conversation no longer."""
        if self._conversations.pop(conversation_id, None) is not None:
            self._refresh()

    def set_hits(self, hits: tuple[SearchHit, ...] | None) -> None:
        """Show what a search found; None shows the conversations again."""
        self._hits = hits
        self._refresh()

    @property
    def count(self) -> int:
        """How many conversations are known."""
        return len(self._conversations)

    def conversation(self, conversation_id: int) -> Conversation | None:
        """Return a conversation by id."""
        return self._conversations.get(conversation_id)

    def row_of(self, conversation_id: int) -> int | None:
        """Return the row where a conversation stands."""
        for row, item in enumerate(self._rows):
            if isinstance(item, ConversationRow) and item.conversation.id == conversation_id:
                return row
        return None

    def item(self, index: Index) -> Row | None:
        """Return what stands at an index."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a view or a screen reader asks of a row."""
        item = self.item(index)
        if item is None:
            return None
        if role == ROW_ROLE:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text_of(item)
        if role == Qt.ItemDataRole.EditRole and isinstance(item, ConversationRow):
            return item.conversation.title
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(item, ConversationRow):
            return as_tooltip(item.conversation.title)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Rename the conversation of a row."""
        item = self.item(index)
        if role != Qt.ItemDataRole.EditRole or not isinstance(item, ConversationRow):
            return False
        title = str(value).strip()
        if not title or title == item.conversation.title:
            return False
        self._rename(item.conversation.id, title)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a row: headings are only read."""
        item = self.item(index)
        if item is None or isinstance(item, Heading):
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if isinstance(item, ConversationRow) else flags

    def text_of(self, item: Row) -> str:
        """Return a row as plain text."""
        match item:
            case Heading():
                return self._heading_text(item)
            case ConversationRow():
                return item.conversation.title
            case HitRow():
                snippet = "".join(text for text, _ in snippet_parts(item.hit.snippet))
                return f"{item.hit.title}: {snippet}" if item.hit.message_id is not None else item.hit.title

    def _heading_text(self, heading: Heading) -> str:
        if heading.month is not None:
            locale = QLocale()
            return locale.standaloneMonthName(heading.month.month) + f" {heading.month.year}"
        return {
            Section.PINNED: self.tr("Pinned"),
            Section.TODAY: self.tr("Today"),
            Section.YESTERDAY: self.tr("Yesterday"),
            Section.WEEK: self.tr("Previous 7 days"),
            Section.MONTH: self.tr("Previous 30 days"),
        }.get(heading.section, "")

    def hold(self, held: bool) -> None:
        """Keep the rows as they are while a title is being changed; what has changed meanwhile is shown after."""
        self._held = held
        if not held and self._stale:
            self._refresh()

    def _refresh(self) -> None:
        self._stale = self._held
        if self._held:
            return
        self.beginResetModel()
        if self._hits is not None:
            self._rows = [HitRow(hit) for hit in self._hits]
        else:
            self._rows = rows_of(self._conversations.values(), date.today())
        self.endResetModel()
