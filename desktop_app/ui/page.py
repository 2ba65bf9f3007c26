"""A page in the place of the conversation: a title, a way back, and one readable column that scrolls."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop_app.ui.theme import Theme, ThemeManager

MEASURE = 720
# As wide as the style sheet makes a scroll bar.
SCROLL_BAR = 12


class Page(QWidget):
    """Base of the pages. Put widgets into ``column``.

    Signals:
        closed: the person wants to go back to the conversation.
    """

    closed = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.themes = themes
        self._title = QLabel()
        self._title.setObjectName("pageTitle")
        self._title.setWordWrap(True)
        back = QPushButton(self.tr("‹ Conversation"))
        back.setToolTip(self.tr("Back to the conversation (Esc)"))
        back.clicked.connect(self.closed)
        self.back_button = back
        self._content = QWidget()
        self._content.setObjectName("scrolled")
        self.column = QVBoxLayout()
        self.column.addWidget(self._title)
        self._outer = QHBoxLayout(self._content)
        self._outer.addStretch(1)
        holder = QWidget()
        holder.setLayout(self.column)
        self._holder = holder
        self._outer.addWidget(holder, 100)
        self._outer.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._content)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        top = QHBoxLayout()
        top.addWidget(back)
        top.addStretch()
        self._top = top
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(scroll, 1)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    def set_title(self, text: str) -> None:
        """Say what the page is."""
        self._title.setText(text)
        self.setAccessibleName(text)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._holder.setMaximumWidth(theme.px(MEASURE))
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.px(16))
        self._set_margins(theme)

    @property
    def column_width(self) -> int:
        """Pixels that the column is wide, or that it should be if something in it asks for more."""
        theme = self.themes.theme
        margins = self._outer.contentsMargins()
        room = self.width() - margins.left() - margins.right() - theme.px(SCROLL_BAR)
        # The stretches beside the column take their hundredths even where there is no room to spare.
        return max(1, min(theme.px(MEASURE), room * 100 // 102))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room of a narrow page to what is on it."""
        super().resizeEvent(event)
        self._set_margins(self.themes.theme)

    def _set_margins(self, theme: Theme) -> None:
        margin = theme.px(24)
        beside = min(margin, self.width() // 20)
        self._top.setContentsMargins(min(theme.px(12), beside), theme.px(10), beside, theme.px(10))
        self._outer.setContentsMargins(beside, theme.px(8), beside, margin)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
