"""Widgets side by side, and in a further line where there is no room for them."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Lays widgets out like words. What is hidden takes no room."""

    def __init__(self, parent: QWidget | None = None, *, right: bool = False) -> None:
        """Make the layout.

        Args:
            parent: what it lays out.
            right: whether a line ends at the right edge instead of beginning at the left one.
        """
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._right = right
        self.setContentsMargins(0, 0, 0, 0)

    def set_right(self, right: bool) -> None:
        """Choose the edge at which lines stand."""
        if right != self._right:
            self._right = right
            self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item in at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item; none ends the loops of Qt."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give an item away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Return that it needs no more than it asks for."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Return that it may need more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the lines."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        """Return the size of a single line."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """Return the size of the widest item."""
        sizes = [item.minimumSize() for item in self._items if not item.isEmpty()]
        return QSize(
            max((size.width() for size in sizes), default=0), max((size.height() for size in sizes), default=0)
        )

    def setGeometry(self, rect: QRect) -> None:
        """Put the items in their places."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """Break the items into lines; return the height of all lines."""
        gap = max(0, self.spacing())
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        used = 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if size.width() > rect.width() and item.hasHeightForWidth():
                size = QSize(rect.width(), item.heightForWidth(rect.width()))
            if not lines or used + gap + size.width() > rect.width():
                lines.append([])
                used = -gap
            lines[-1].append((item, size))
            used += gap + size.width()
        y = rect.y()
        for line in lines:
            tall = max(size.height() for _, size in line)
            if move:
                self._place(line, rect, y, tall)
            y += tall + gap
        return y - rect.y() - (gap if lines else 0)

    def _place(self, line: list[tuple[QLayoutItem, QSize]], rect: QRect, y: int, tall: int) -> None:
        gap = max(0, self.spacing())
        x = rect.x()
        if self._right:
            x = rect.right() + 1 - sum(size.width() for _, size in line) - gap * (len(line) - 1)
        for item, size in line:
            width = min(size.width(), rect.width())
            item.setGeometry(QRect(max(rect.x(), x), y + (tall - size.height()) // 2, width, size.height()))
            x += width + gap
