"""How the rows of the sidebar are drawn."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_app.core.search import SearchHit, snippet_parts
from desktop_app.ui.lists.conversation_list import ROW_ROLE
from desktop_app.ui.lists.conversation_rows import ConversationRow, Heading, HitRow
from desktop_app.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
WORDS_BEFORE = 2


class RowDelegate(QStyledItemDelegate):
    """Draws the rows of the list.

    Args:
        theme: the theme in force.
        on_view: the id of the conversation on view, if there is one.

    Signals:
        editing_began: a title is about to be changed; ``closeEditor`` ends it.
    """

    editing_began = Signal()

    def __init__(
        self, theme: Callable[[], Theme], on_view: Callable[[], int | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._on_view = on_view

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
            strong = isinstance(item, ConversationRow) and item.conversation.id == self._on_view()
            self._paint_ground(painter, rect, state, strong)
            inner = rect.adjusted(theme.px(8), 0, -theme.px(8), 0)
            if isinstance(item, ConversationRow):
                self._paint_title(painter, inner, item.conversation.title, strong)
            elif isinstance(item, HitRow):
                self._paint_hit(painter, inner, item.hit)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return the field in which a title is changed."""
        self.editing_began.emit()
        editor = QLineEdit(parent)
        editor.setAccessibleName(self.tr("Title of the conversation"))
        return editor

    def _paint_ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, strong: bool) -> None:
        """Tint the conversation on view, whatever row the keyboard is on; that one has an outline."""
        palette = self._theme().palette
        if strong or state & QStyle.StateFlag.State_MouseOver:
            path = QPainterPath()
            radius = self._theme().px(8)
            path.addRoundedRect(rect, radius, radius)
            painter.fillPath(path, QColor(palette.accent_tint if strong else palette.hover))
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
        for part, strong in _from_first_match(snippet):
            painter.setFont(theme.text_font(12, QFont.Weight.DemiBold if strong else QFont.Weight.Normal))
            painter.setPen(QColor(theme.palette.accent if strong else theme.palette.secondary))
            place = QRect(x, rect.top(), rect.right() - x + 1, rect.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, part)
            x += painter.fontMetrics().horizontalAdvance(part)
            if x > rect.right():
                break


def _from_first_match(snippet: str) -> list[tuple[str, bool]]:
    """Return a snippet's parts, cut so that the first match is among the first words: the line is short."""
    parts = list(snippet_parts(" ".join(snippet.split())))
    if len(parts) > 1 and not parts[0][1]:
        words = parts[0][0].rsplit(" ", WORDS_BEFORE + 1)
        if len(words) > WORDS_BEFORE + 1:
            parts[0] = ("… " + " ".join(words[1:]), False)
    return parts
