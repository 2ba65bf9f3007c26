"""How the rows of the shelf are drawn, and what of a row is under the mouse."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from desktop_app.core.model import ShelfModel
from desktop_app.services.events import ModelChanged, ModelState
from desktop_app.ui.figures import as_tooltip, size_text
from desktop_app.ui.lists.shelf_list import ROW_ROLE
from desktop_app.ui.lists.shelf_rows import can_chat
from desktop_app.ui.models.badges import draw_badge
from desktop_app.ui.models.shelf_badges import GAP, Badge, badge_places
from desktop_app.ui.models.shelf_texts import about, load_tip, tooltip
from desktop_app.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 62
# Narrower rows have no room for a column of sizes and a button beside the name.
ROOMY_FROM = 460
LEAST_NAME = 96
_WIDE_SIZES = (888, 888_800_000, 88_800_000_000)


class Part(StrEnum):
    """What of a row is under the mouse."""

    ROW = "row"
    LOAD = "load"
    STOP = "stop"
    MORE = "more"


@dataclass(frozen=True)
class RowParts:
    """Where the parts of a row stand; empty rectangles for what is not there.

    Attributes:
        action: of the button, ``LOAD`` or ``STOP``; ``ROW`` without one.
    """

    name: QRect
    badges: tuple[tuple[Badge, QRect], ...]
    about: QRect
    size: QRect
    button: QRect
    more: QRect
    action: Part

    def at(self, place: QPoint) -> Part:
        """Return what is at a place."""
        if self.more.contains(place):
            return Part.MORE
        return self.action if self.button.contains(place) else Part.ROW


class ShelfDelegate(QStyledItemDelegate):
    """Draws the rows of the shelf.

    Args:
        theme: the theme in force.
        state: which model is loaded.
        badges: what marks a model out.

    Attributes:
        hot: the row and the part of it that the mouse is on; -1 for none.

    Signals:
        editing_began: a name is about to be changed; ``closeEditor`` ends it.
    """

    editing_began = Signal()

    def __init__(
        self,
        theme: Callable[[], Theme],
        state: Callable[[], ModelChanged],
        badges: Callable[[ShelfModel], tuple[Badge, ...]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = state
        self._badges = badges
        self.hot: tuple[int, Part] = (-1, Part.ROW)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a row's height."""
        return QSize(0, self._theme().px(ROW_HEIGHT))

    def parts(self, rect: QRect, model: ShelfModel) -> RowParts:
        """Return where the parts of a model's row stand in a rectangle."""
        theme, state = self._theme(), self._state()
        px = theme.px
        inner = rect.adjusted(px(12), 0, -px(4), 0)
        middle = inner.center().y()
        more = QRect(inner.right() - px(32) + 1, middle - px(16), px(32), px(32))
        right = more.left()
        roomy = rect.width() >= px(ROOMY_FROM)
        action = self._action(model, state)
        button = size = QRect()
        if roomy:
            metrics = QFontMetrics(theme.text_font(13))
            words = max(metrics.horizontalAdvance(text) for text in (self.tr("Load"), self.tr("Stop")))
            place = QRect(right - px(4) - words - px(24), middle - px(16), words + px(24), px(32))
            button = place if action is not Part.ROW else QRect()
            column = max(metrics.horizontalAdvance(size_text(size)) for size in _WIDE_SIZES) + 1
            size = QRect(place.left() - px(16) - column, place.top(), column, place.height())
            right = size.left() - px(16)
        first, second = rect.top() + px(20), rect.top() + px(42)
        width = max(0, right - inner.left())
        marks = self._badges(model)
        names = QFontMetrics(theme.text_font(14, QFont.Weight.Medium))
        placed = badge_places(marks, 0, 0, theme)
        total = placed[-1].right() + 1 if placed else 0
        below = not roomy or total + px(LEAST_NAME) > width
        room = width if below or not total else width - total - px(GAP)
        name = QRect(inner.left(), first - px(12), min(names.horizontalAdvance(model.label) + 1, room), px(24))
        left = inner.left() if below else name.right() + 1 + px(GAP)
        seen = [place.translated(left, second if below else first) for place in placed]
        fitting = [one for one in zip(marks, seen, strict=True) if one[1].right() <= right]
        begin = fitting[-1][1].right() + px(GAP) if below and fitting else inner.left()
        line = QRect(begin, second - px(12), max(0, right - begin), px(24))
        return RowParts(name, tuple(fitting), line, size, button, more, action)

    def part_at(self, rect: QRect, model: ShelfModel, place: QPoint) -> Part:
        """Return what of a row in a rectangle is at a place."""
        return self.parts(rect, model).at(place)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a row."""
        model = index.data(ROW_ROLE)
        if not isinstance(model, ShelfModel):
            return
        theme = self._theme()
        palette = theme.palette
        rect: QRect = option.rect
        parts = self.parts(rect, model)
        hot = self.hot[1] if self.hot[0] == index.row() else None
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, rect, hot is not None, focused)
        usable = can_chat(model) or (model.path == self._state().path and self._state().info is not None)
        painter.setFont(theme.text_font(14, QFont.Weight.Medium))
        painter.setPen(QColor(palette.text if usable else palette.secondary))
        _draw_text(painter, parts.name, model.label)
        for badge, place in parts.badges:
            draw_badge(painter, theme, place, badge.text, badge.role)
        text, role = about(model, self._state(), date.today())
        if parts.size.isEmpty():
            text = f"{size_text(model.size)} · {text}"
        else:
            painter.setFont(theme.text_font(13))
            painter.setPen(QColor(palette.text))
            painter.drawText(parts.size, _RIGHT, size_text(model.size))
        painter.setFont(theme.text_font(13))
        painter.setPen(QColor(getattr(palette, role)))
        _draw_text(painter, parts.about, text)
        if parts.action is not Part.ROW:
            self._paint_button(painter, parts, strong=focused or hot is not None, hot=hot is parts.action)
        self._paint_more(painter, parts.more, hot is Part.MORE)
        self._paint_progress(painter, rect, model)
        painter.restore()

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Explain what is under the mouse."""
        model = index.data(ROW_ROLE)
        if event.type() != QEvent.Type.ToolTip or not isinstance(model, ShelfModel):
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(
            event.globalPos(), as_tooltip(self.tip(option.rect, model, event.pos())).replace("\n", "<br>"), view
        )
        return True

    def tip(self, rect: QRect, model: ShelfModel, place: QPoint) -> str:
        """Return the sentence that explains what is at a place of a row."""
        parts = self.parts(rect, model)
        badge = next((badge for badge, where in parts.badges if where.contains(place)), None)
        if badge is not None:
            return badge.tip
        return {
            Part.LOAD: self.tr("Load this model (Enter)"),
            Part.STOP: self.tr("Stop loading"),
            Part.MORE: self.tr("More that can be done with this model"),
        }.get(parts.at(place)) or tooltip(model, date.today())

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return the field in which a name is changed."""
        self.editing_began.emit()
        editor = QLineEdit(parent)
        editor.setAccessibleName(self.tr("Name of the file"))
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Put the field where the name stands."""
        model = index.data(ROW_ROLE)
        if isinstance(model, ShelfModel):
            theme = self._theme()
            parts = self.parts(option.rect, model)
            right = (parts.size if not parts.size.isEmpty() else parts.more).left() - theme.px(8)
            height = editor.sizeHint().height()
            top = option.rect.center().y() - height // 2
            editor.setGeometry(option.rect.left() + theme.px(4), top, right - option.rect.left(), height)

    def _action(self, model: ShelfModel, state: ModelChanged) -> Part:
        if state.path == model.path and state.state is ModelState.LOADING:
            return Part.STOP
        loaded = state.path == model.path and state.state is ModelState.READY
        return Part.ROW if loaded or load_tip(model) else Part.LOAD

    def _paint_ground(self, painter: QPainter, rect: QRect, hot: bool, focused: bool) -> None:
        theme = self._theme()
        palette = theme.palette
        line = QRect(rect.left(), rect.bottom(), rect.width(), 1)
        painter.fillRect(line, QColor(palette.line))
        inside = rect.adjusted(0, 1, -1, -2)
        if hot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.hover))
            painter.drawRoundedRect(inside, theme.px(8), theme.px(8))
        if focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(palette.accent))
            painter.drawRoundedRect(inside, theme.px(8), theme.px(8))

    def _paint_button(self, painter: QPainter, parts: RowParts, *, strong: bool, hot: bool) -> None:
        if parts.button.isEmpty():
            return
        theme = self._theme()
        palette = theme.palette
        if strong:
            painter.setPen(QColor(palette.hint if hot else palette.line))
            painter.setBrush(QColor(palette.card))
            painter.drawRoundedRect(parts.button.adjusted(0, 0, -1, -1), theme.px(8), theme.px(8))
        painter.setFont(theme.text_font(13))
        painter.setPen(QColor(palette.text if strong else palette.secondary))
        text = self.tr("Stop") if parts.action is Part.STOP else self.tr("Load")
        painter.drawText(parts.button, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_more(self, painter: QPainter, place: QRect, hot: bool) -> None:
        theme = self._theme()
        painter.setPen(Qt.PenStyle.NoPen)
        if hot:
            painter.setBrush(QColor(theme.palette.line))
            painter.drawRoundedRect(place, theme.px(8), theme.px(8))
        painter.setBrush(QColor(theme.palette.text if hot else theme.palette.secondary))
        radius = theme.px(3) / 2
        for step in (-1, 0, 1):
            centre = place.center() + QPoint(step * theme.px(5), 1)
            painter.drawEllipse(centre, radius, radius)

    def _paint_progress(self, painter: QPainter, rect: QRect, model: ShelfModel) -> None:
        state = self._state()
        if state.path == model.path and state.state is ModelState.LOADING:
            width = round(rect.width() * state.fraction)
            height = self._theme().px(2)
            line = QRect(rect.left(), rect.bottom() + 1 - height, width, height)
            painter.fillRect(line, QColor(self._theme().palette.accent))


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _draw_text(painter: QPainter, place: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, _LEFT | Qt.TextFlag.TextSingleLine, shown)
