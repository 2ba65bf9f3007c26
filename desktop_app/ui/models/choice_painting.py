"""How the rows of a model's page are drawn: in columns where there is room, else in two lines."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_app.ui.models.badges import badge_width, draw_badge, role_of
from desktop_app.ui.models.choice_rows import CHOICE_ROLE, ChoiceRow, Standing
from desktop_app.ui.models.row_painting import RIGHT, draw_row_ground, joined, write
from desktop_app.ui.theme import Theme, ThemeManager

Index = QModelIndex | QPersistentModelIndex
COLUMNS_FROM = 560
_PADDING = 8
_STATES = {Standing.COMING: "secondary", Standing.STOPPED: "bad", Standing.HERE: "good"}


class ChoiceDelegate(QStyledItemDelegate):
    """Draws the rows of a model's page.

    Args:
        theme: the theme in force.
        width: of the list.
    """

    def __init__(self, theme: Callable[[], Theme], width: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._width = width
        self._label = 0

    @property
    def in_columns(self) -> bool:
        """Whether there is room for columns."""
        return self._width() >= self._theme().px(COLUMNS_FROM)

    def measure(self, rows: tuple[ChoiceRow, ...]) -> None:
        """Make the first column as wide as these rows need it."""
        theme = self._theme()
        strong, small = QFontMetrics(_strong(theme)), QFontMetrics(theme.text_font(12))
        widths = [
            strong.horizontalAdvance(row.label) + (small.horizontalAdvance(row.note) + theme.px(10) if row.note else 0)
            for row in rows
        ]
        self._label = max((theme.px(96), *widths)) + theme.px(24)

    def figure_columns(self, width: int) -> tuple[int, int, int, int, int]:
        """Return where size, bits, speed, verdict and state begin."""
        theme = self._theme()
        widths = [theme.px(pixels) for pixels in (76, 48, 96, 104, 120)]
        spare = max(0, width - theme.px(_PADDING) - self._label - sum(widths))
        # What is left over stands between the columns, not in one gap.
        gap, size = spare // 6, theme.px(_PADDING) + self._label + spare // 6
        bits = size + widths[0] + gap
        speed = bits + widths[1] + gap
        return size, bits, speed, speed + widths[2] + gap, width - widths[4]

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a row's height."""
        return QSize(0, self._theme().px(37 if self.in_columns else 62))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a row."""
        theme, row = self._theme(), index.data(CHOICE_ROLE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if not isinstance(row, ChoiceRow):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_row_ground(painter, theme, rect, state, strong=row.best)
        if self.in_columns:
            self._paint_columns(painter, rect, row, theme)
        else:
            self._paint_lines(painter, rect, row, theme)
        painter.restore()

    def state_place(self, rect: QRect, row: ChoiceRow) -> QRect:
        """Return where the arrow or the state of a row stands; a click there is meant for it."""
        theme = self._theme()
        width = theme.px(44)
        if row.state:
            width = max(width, QFontMetrics(_state_font(theme)).horizontalAdvance(row.state) + 2 * theme.px(_PADDING))
        height = rect.height() if self.in_columns else theme.px(36)
        return QRect(rect.right() + 1 - width, rect.top(), width, height)

    def _paint_columns(self, painter: QPainter, rect: QRect, row: ChoiceRow, theme: Theme) -> None:
        size, bits, speed, verdict, state = self.figure_columns(rect.width())
        first = QRect(rect.left() + theme.px(_PADDING), rect.top(), size - theme.px(2 * _PADDING), rect.height())
        self._paint_label(painter, first, row, theme, with_note=True)
        figures = ((size, bits - size, row.size), (bits, speed - bits, row.bits), (speed, verdict - speed, row.speed))
        for left, width, text in figures:
            place = QRect(rect.left() + left, rect.top(), width - theme.px(_PADDING), rect.height())
            write(painter, place, text, theme.text_font(13), theme.palette.text)
        place = QRect(rect.left() + verdict, rect.top(), state - verdict + theme.px(40), rect.height() - 1)
        draw_badge(painter, theme, place, row.verdict_text, role_of(row.verdict))
        self._paint_state(painter, rect, row, theme)

    def _paint_lines(self, painter: QPainter, rect: QRect, row: ChoiceRow, theme: Theme) -> None:
        left, room = rect.left() + theme.px(_PADDING), rect.width() - 2 * theme.px(_PADDING)
        state = self.state_place(rect, row)
        first = QRect(left, rect.top() + theme.px(8), state.left() - left, theme.px(22))
        self._paint_label(painter, first, row, theme, with_note=False)
        second = QRect(left, first.bottom() + 1, room, theme.px(24))
        badge = badge_width(theme, row.verdict_text)
        figures = joined(row.size, row.speed, row.note)
        place = second.adjusted(0, 0, -badge - theme.px(8), 0)
        write(painter, place, figures, theme.text_font(13), theme.palette.secondary)
        badge_place = QRect(second.right() + 1 - badge, second.top(), badge, second.height())
        draw_badge(painter, theme, badge_place, row.verdict_text, role_of(row.verdict))
        self._paint_state(painter, rect, row, theme)

    def _paint_label(self, painter: QPainter, place: QRect, row: ChoiceRow, theme: Theme, *, with_note: bool) -> None:
        end = write(painter, place, row.label, _strong(theme), theme.palette.text)
        if with_note and row.note:
            beside = QRect(end + theme.px(10), place.top(), place.right() - end - theme.px(10), place.height())
            write(painter, beside, row.note, theme.text_font(12), theme.palette.secondary)

    def _paint_state(self, painter: QPainter, rect: QRect, row: ChoiceRow, theme: Theme) -> None:
        place = self.state_place(rect, row).adjusted(0, 0, -theme.px(_PADDING), 0)
        if row.state:
            painter.setFont(_state_font(theme))
            painter.setPen(QColor(getattr(theme.palette, _STATES[row.standing])))
            painter.drawText(place, RIGHT, row.state)
            return
        _draw_arrow(painter, theme, place)


class ChoiceHeader(QWidget):
    """What stands in which column."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._delegate: ChoiceDelegate | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def follow(self, delegate: ChoiceDelegate) -> None:
        """Stand above the columns of a delegate."""
        self._delegate = delegate
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for one line; for a single pixel where there are no columns."""
        columns = self._delegate is not None and self._delegate.in_columns
        return QSize(0, self._themes.theme.px(34) if columns else 1)

    def minimumSizeHint(self) -> QSize:
        """Ask for no width."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height where columns come or go."""
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the names of the columns."""
        theme, delegate = self._themes.theme, self._delegate
        painter = QPainter(self)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), QColor(theme.palette.line))
        if delegate is None or not delegate.in_columns:
            return
        lefts = (theme.px(_PADDING), *delegate.figure_columns(self.width()))
        texts = (
            self.tr("Quantization"),
            self.tr("Size"),
            self.tr("Bits"),
            self.tr("Speed, about"),
            self.tr("On this computer"),
        )
        for left, right, text in zip(lefts, lefts[1:], texts, strict=False):
            place = QRect(left, 0, right - left - theme.px(_PADDING), self.height())
            write(painter, place, text, theme.text_font(12), theme.palette.secondary)


def _strong(theme: Theme) -> QFont:
    return theme.text_font(13, QFont.Weight.DemiBold)


def _state_font(theme: Theme) -> QFont:
    return theme.text_font(12, QFont.Weight.Medium)


def _draw_arrow(painter: QPainter, theme: Theme, place: QRect) -> None:
    """Draw an arrow down at the right of a place."""
    pen = painter.pen()
    pen.setColor(QColor(theme.palette.text))
    pen.setWidthF(1.4 * theme.zoom)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    x, y = place.right() - theme.px(12), place.center().y()
    length, head = theme.px(5), theme.px(4)
    painter.drawLine(x, y - length, x, y + length)
    painter.drawLine(x - head, y + length - head, x, y + length)
    painter.drawLine(x + head, y + length - head, x, y + length)
