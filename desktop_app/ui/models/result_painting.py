"""How the rows of Discover are drawn: in columns where there is room, else in lines below one another."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_app.ui.models.badges import NEUTRAL, badge_width, draw_badge, role_of
from desktop_app.ui.models.result_rows import RESULT_ROLE, Result
from desktop_app.ui.models.row_painting import LEFT, draw_row_ground, joined, write
from desktop_app.ui.theme import Theme, ThemeManager

Index = QModelIndex | QPersistentModelIndex
# From this width on (at a zoom of 1) figures stand in columns of their own.
COLUMNS_FROM = 640
_PADDING = 12
_SENTENCE_WIDTH = 620
_MOST_LINES = 6


@dataclass(frozen=True)
class Columns:
    """Left edge and width of each column of what a search found."""

    name: tuple[int, int]
    parameters: tuple[int, int]
    downloads: tuple[int, int]
    modified: tuple[int, int]
    verdict: tuple[int, int]


def columns_of(width: int, theme: Theme) -> Columns | None:
    """Return the columns that fit into a width; None when there is no room for them."""
    if width < theme.px(COLUMNS_FROM):
        return None
    right = width - theme.px(_PADDING)
    made: list[tuple[int, int]] = []
    for wanted in (122, 104, 84, 84):
        made.append((right - theme.px(wanted), theme.px(wanted) - theme.px(8)))
        right = made[-1][0]
    verdict, modified, downloads, parameters = made
    left = theme.px(_PADDING)
    return Columns((left, right - left - theme.px(12)), parameters, downloads, modified, verdict)


class ResultHeader(QWidget):
    """What stands in which column.

    Args:
        themes: colours and sizes.
        width: of the rows below, which may have a scroll bar beside them.
    """

    def __init__(self, themes: ThemeManager, width: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._width = width
        themes.changed.connect(lambda _theme: self.updateGeometry())

    def sizeHint(self) -> QSize:
        """Ask for one line."""
        return QSize(0, self._themes.theme.px(32))

    def minimumSizeHint(self) -> QSize:
        """Ask for no width."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the names of the columns."""
        theme = self._themes.theme
        width = self._width()
        columns = columns_of(width, theme)
        painter = QPainter(self)
        painter.fillRect(QRect(0, self.height() - 1, width, 1), QColor(theme.palette.line))
        if columns is None:
            return
        painter.setFont(theme.text_font(12))
        painter.setPen(QColor(theme.palette.secondary))
        for (left, wide), text in (
            (columns.name, self.tr("Model")),
            (columns.parameters, self.tr("Parameters")),
            (columns.downloads, self.tr("Downloads")),
            (columns.modified, self.tr("Updated")),
            (columns.verdict, self.tr("On this computer")),
        ):
            place = QRect(left, 0, wide, self.height())
            painter.drawText(place, LEFT, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, wide))


class ResultDelegate(QStyledItemDelegate):
    """Draws the rows of Discover.

    Args:
        theme: the theme in force.
        width: of the list.

    Attributes:
        faded: what is listed is being replaced.
    """

    def __init__(self, theme: Callable[[], Theme], width: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._width = width
        self.faded = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a row's height."""
        theme, result = self._theme(), index.data(RESULT_ROLE)
        if not isinstance(result, Result):
            return QSize(0, 0)
        if result.is_family:
            return QSize(0, self._family_height(result, self._width(), theme))
        lines = 1 if columns_of(self._width(), theme) else 2
        return QSize(0, theme.px(22 + 20 * lines) + theme.px(18))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a row."""
        theme, result = self._theme(), index.data(RESULT_ROLE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if not isinstance(result, Result):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_row_ground(painter, theme, rect, state, strong=False)
        if self.faded:
            painter.setOpacity(0.45)
        if result.is_family:
            self._paint_family(painter, rect, result, theme)
        elif (columns := columns_of(rect.width(), theme)) is not None:
            self._paint_columns(painter, rect, result, columns, theme)
        else:
            self._paint_lines(painter, rect, result, theme)
        painter.restore()

    # What a search found

    def _paint_columns(self, painter: QPainter, rect: QRect, result: Result, columns: Columns, theme: Theme) -> None:
        top = rect.top() + theme.px(9)
        name = QRect(columns.name[0], top, columns.name[1], theme.px(22))
        self._paint_name(painter, name, result, theme)
        below = QRect(name.left(), name.bottom() + 1, name.width(), theme.px(20))
        write(
            painter,
            below,
            joined(result.maker, result.licence, result.task),
            theme.text_font(13),
            theme.palette.secondary,
        )
        font = theme.text_font(13)
        for (left, width), text in (
            (columns.parameters, result.parameters),
            (columns.downloads, result.downloads),
            (columns.modified, result.modified),
        ):
            write(painter, QRect(left, rect.top(), width, rect.height()), text, font, theme.palette.text)
        badge = QRect(columns.verdict[0], rect.top(), columns.verdict[1] + theme.px(8), rect.height() - 1)
        draw_badge(painter, theme, badge, result.verdict_text, role_of(result.verdict))

    def _paint_lines(self, painter: QPainter, rect: QRect, result: Result, theme: Theme) -> None:
        inner = rect.adjusted(theme.px(_PADDING), theme.px(9), -theme.px(_PADDING), 0)
        first = QRect(inner.left(), inner.top(), inner.width(), theme.px(22))
        self._paint_name(painter, self._with_badge(painter, first, result, theme), result, theme)
        second = QRect(inner.left(), first.bottom() + 1, inner.width(), theme.px(20))
        font, secondary = theme.text_font(13), theme.palette.secondary
        write(painter, second, joined(result.maker, result.licence, result.task), font, secondary)
        downloads = self.tr("{n} downloads").replace("{n}", result.downloads)
        size = "" if result.parameters == "–" else result.parameters
        updated = "" if result.modified == "–" else result.modified
        third = second.translated(0, second.height())
        write(painter, third, joined(size, downloads, updated), font, secondary)

    def _paint_name(self, painter: QPainter, place: QRect, result: Result, theme: Theme) -> None:
        mark = self.tr("gated") if result.gated else ""
        marked = badge_width(theme, mark) + theme.px(8) if mark else 0
        room = QRect(place.left(), place.top(), max(0, place.width() - marked), place.height())
        end = write(painter, room, result.name, theme.text_font(14, QFont.Weight.DemiBold), theme.palette.text)
        if mark:
            draw_badge(painter, theme, QRect(end + theme.px(8), place.top(), marked, place.height()), mark, "note")

    def _with_badge(self, painter: QPainter, line: QRect, result: Result, theme: Theme) -> QRect:
        """Draw the verdict at the right end of a line; return what is left of the line."""
        width = badge_width(theme, result.verdict_text)
        if not width:
            return line
        place = QRect(line.right() + 1 - width, line.top(), width, line.height())
        draw_badge(painter, theme, place, result.verdict_text, role_of(result.verdict))
        return line.adjusted(0, 0, -width - theme.px(8), 0)

    # A family of the catalogue

    def _paint_family(self, painter: QPainter, rect: QRect, result: Result, theme: Theme) -> None:
        inner = rect.adjusted(theme.px(_PADDING), theme.px(11), -theme.px(_PADDING), 0)
        first = QRect(inner.left(), inner.top(), inner.width(), theme.px(22))
        line = self._with_badge(painter, first, result, theme)
        end = write(painter, line, result.name, theme.text_font(14, QFont.Weight.DemiBold), theme.palette.text)
        beside = line.adjusted(0, 0, 0, 0)
        beside.setLeft(end + theme.px(10))
        write(painter, beside, result.maker, theme.text_font(13), theme.palette.secondary)
        font = theme.text_font(13)
        step = theme.px(20)
        place = QRect(inner.left(), first.bottom() + 1 + theme.px(2), inner.width(), step)
        for text in _sentence_lines(result.sentence, font, _sentence_width(rect.width(), theme)):
            write(painter, place, text, font, theme.palette.text)
            place.moveTop(place.top() + step)
        self._paint_family_facts(painter, place.translated(0, theme.px(4)), result, theme)

    def _paint_family_facts(self, painter: QPainter, place: QRect, result: Result, theme: Theme) -> None:
        x = place.left()
        if result.task:
            width = min(badge_width(theme, result.task), place.width() // 2)
            draw_badge(painter, theme, QRect(x, place.top(), width, place.height()), result.task, NEUTRAL)
            x += width + theme.px(8)
        facts = joined(result.parameters, result.licence)
        room = QRect(x, place.top(), place.right() + 1 - x, place.height())
        write(painter, room, facts, theme.text_font(12), theme.palette.hint)

    def _family_height(self, result: Result, width: int, theme: Theme) -> int:
        lines = len(_sentence_lines(result.sentence, theme.text_font(13), _sentence_width(width, theme)))
        step = theme.px(20)
        return theme.px(11) + theme.px(22) + theme.px(2) + lines * step + theme.px(4) + step + theme.px(12)


def _sentence_width(width: int, theme: Theme) -> int:
    return max(1, min(width - 2 * theme.px(_PADDING), theme.px(_SENTENCE_WIDTH)))


def _sentence_lines(text: str, font: QFont, width: int) -> list[str]:
    """Break a sentence into lines of at most a width."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    lines: list[str] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid() and len(lines) < _MOST_LINES:
        line.setLineWidth(ceil(width))
        lines.append(text[line.textStart() : line.textStart() + line.textLength()].strip())
    layout.endLayout()
    return lines
