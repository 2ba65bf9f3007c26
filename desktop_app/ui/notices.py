"""Short messages at the foot of the window, with at most one thing to do about them."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from desktop_app.ui.theme import Theme, ThemeManager

# Long enough to read two lines and to reach for Undo.
UNDO_MS = 8000
WIDEST = 560


@dataclass(frozen=True)
class Notice:
    """A message.

    Attributes:
        text: one or two sentences.
        action: label of the button, empty for none.
        act: what the button does.
        stays: until it is closed; otherwise it goes by itself.
    """

    text: str
    action: str = ""
    act: Callable[[], None] | None = None
    stays: bool = False


def download_finished(name: str, chat: Callable[[], None]) -> Notice:
    """Return the notice at the end of a download, which may come hours after it was begun: it stays.

    Args:
        name: of the model, with its quantization.
        chat: loads it and goes to the conversation.
    """
    text = _tr("{name} is here, complete and checked.").replace("{name}", name)
    return Notice(text, _tr("Chat now"), chat, stays=True)


def download_failed(name: str, sentence: str, show: Callable[[], None]) -> Notice:
    """Return the notice that a download cannot go on by itself.

    Args:
        name: of the model, with its quantization.
        sentence: why.
        show: shows it among the downloads, where the rest is said.
    """
    text = _tr("The download of {name} has stopped. {why}").replace("{name}", name).replace("{why}", sentence)
    return Notice(text, _tr("Show"), show, stays=True)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Notices", text)


class NoticeBar(QFrame):
    """Shows one notice at a time over the foot of its parent; a new one takes the old one's place."""

    def __init__(self, themes: ThemeManager, parent: QWidget, foot: Callable[[], int]) -> None:
        """Make the bar.

        Args:
            themes: colours and sizes.
            parent: what it is shown over.
            foot: pixels at the parent's foot that it leaves free.
        """
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._themes = themes
        self._over = parent
        self._foot = foot
        self._notice: Notice | None = None
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._action = QPushButton()
        self._action.clicked.connect(self._on_action)
        self._close = QPushButton("×")
        self._close.setAccessibleName(self.tr("Close this message"))
        self._close.setToolTip(self.tr("Close"))
        self._close.clicked.connect(self.hide)
        for button in (self._action, self._close):
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._layout = QHBoxLayout(self)
        self._layout.addWidget(self._text, 1)
        self._layout.addWidget(self._action)
        self._layout.addWidget(self._close)
        self._timer = QTimer(self, singleShot=True, interval=UNDO_MS)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    @property
    def notice(self) -> Notice | None:
        """What is shown."""
        return self._notice if self.isVisibleTo(self._over) else None

    def show_notice(self, notice: Notice) -> None:
        """Show a notice, and have a screen reader say it."""
        self._notice = notice
        self._text.setText(notice.text)
        self._action.setText(notice.action)
        self._action.setVisible(bool(notice.action))
        self._timer.stop()
        if not notice.stays:
            self._timer.start()
        self.show()
        self.raise_()
        self._place()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, notice.text))

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._layout.setContentsMargins(theme.px(16), theme.px(8), theme.px(8), theme.px(8))
        self._layout.setSpacing(theme.px(8))
        if self.isVisible():
            self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot when the parent changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        theme = self._themes.theme
        parent = self._over
        margin = theme.px(24)
        width = min(parent.width() - 2 * margin, theme.px(WIDEST))
        self._text.setMinimumWidth(0)
        height = max(self._layout.totalHeightForWidth(width), self._layout.totalMinimumSize().height())
        foot = self._foot()
        top = parent.height() - height - (foot + theme.px(4) if foot else margin)
        self.setGeometry((parent.width() - width) // 2, top, width, height)

    def _on_action(self) -> None:
        notice = self._notice
        self.hide()
        if notice is not None and notice.act is not None:
            notice.act()
