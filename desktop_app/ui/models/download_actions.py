"""What can be done about a download: its buttons, and the question before it is cancelled."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop_app.core.downloads import Download, DownloadState
from desktop_app.ui.models.download_texts import ACCOUNT, GATED, is_elsewhere
from desktop_app.ui.models.flow_layout import FlowLayout
from desktop_app.ui.models.text_line import TextLine
from desktop_app.ui.theme import Theme, ThemeManager

GOES_ON = (DownloadState.QUEUED, DownloadState.RUNNING, DownloadState.CHECKING, DownloadState.WAITING)


class DownloadActions(QWidget):
    """The buttons of a download.

    Signals:
        main_requested: pause, resume or try again; chat_requested; terms_requested; token_requested.
        cancel_requested: cancel, or take what has arrived out of the list.
        move_requested(step): -1 towards the front of the queue, 1 towards its end.
        focus_lost: the button that had the focus is gone.
    """

    main_requested = Signal()
    chat_requested = Signal()
    terms_requested = Signal()
    token_requested = Signal()
    cancel_requested = Signal()
    move_requested = Signal(int)
    focus_lost = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.main = QPushButton()
        self.main.clicked.connect(self.main_requested)
        self.chat = QPushButton(self.tr("Chat now"))
        self.chat.clicked.connect(self.chat_requested)
        self.terms = QPushButton(self.tr("Show the terms…"))
        self.terms.clicked.connect(self.terms_requested)
        self.token = QPushButton(self.tr("Enter a token…"))
        self.token.clicked.connect(self.token_requested)
        self.cancel = QPushButton()
        self.cancel.clicked.connect(self.cancel_requested)
        self.up = QPushButton("↑")
        self.up.setToolTip(self.tr("Earlier in the queue (Alt+Up)"))
        self.up.clicked.connect(lambda: self.move_requested.emit(-1))
        self.down = QPushButton("↓")
        self.down.setToolTip(self.tr("Later in the queue (Alt+Down)"))
        self.down.clicked.connect(lambda: self.move_requested.emit(1))
        self.buttons = (self.main, self.chat, self.terms, self.token, self.cancel, self.up, self.down)
        self._row = FlowLayout(self)
        for button in self.buttons:
            self._row.addWidget(button)
        for button in (self.main, self.chat, self.terms, self.token):
            button.setObjectName("outlined")

    def show_for(self, download: Download, *, first: bool, last: bool) -> None:
        """Show what can be done now.

        Args:
            download: as it stands.
            first: whether none that is not done stands before it.
            last: whether none that is not done stands after it.
        """
        done, elsewhere = download.state is DownloadState.DONE, is_elsewhere(download)
        failed = download.state is DownloadState.FAILED
        code = download.problem.code if download.problem is not None and failed else ""
        movable = not done and not (first and last)
        self._name(download)
        self._show(
            {
                self.main: not done and not elsewhere,
                self.chat: done,
                self.terms: code == GATED and bool(download.endpoint),
                self.token: code in (GATED, ACCOUNT),
                self.cancel: not elsewhere,
                self.up: movable,
                self.down: movable,
            },
            {self.up: not first, self.down: not last},
        )

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._row.setSpacing(theme.px(4))

    def _name(self, download: Download) -> None:
        """Say what each button does, to a screen reader with the name of what it does it to."""
        done = download.state is DownloadState.DONE
        if download.state in GOES_ON:
            text, spoken = self.tr("Pause"), self.tr("Pause {name}")
        elif download.state is DownloadState.FAILED:
            text, spoken = self.tr("Try again"), self.tr("Try {name} again")
        else:
            text, spoken = self.tr("Resume"), self.tr("Resume {name}")
        self.main.setText(text)
        self.cancel.setText(self.tr("Remove from the list") if done else self.tr("Cancel"))
        names = {
            self.main: spoken,
            self.chat: self.tr("Chat with {name} now"),
            self.terms: self.tr("Show the terms of {name}"),
            self.token: self.tr("Enter a token for {name}"),
            self.cancel: self.tr("Remove {name} from the list") if done else self.tr("Cancel {name}"),
            self.up: self.tr("Move {name} towards the front"),
            self.down: self.tr("Move {name} towards the end"),
        }
        for button, name in names.items():
            button.setAccessibleName(name.replace("{name}", download.label))

    def _show(self, shown: dict[QPushButton, bool], enabled: dict[QPushButton, bool]) -> None:
        held = next((button for button in self.buttons if button.hasFocus()), None)
        if held is not None and not (shown[held] and enabled.get(held, True)):
            other = {self.up: self.down, self.down: self.up}.get(held)
            if other is not None and shown[other] and enabled[other]:
                other.setEnabled(True)
                other.setFocus()
            else:
                self.focus_lost.emit()
        for button, visible in shown.items():
            button.setVisible(visible)
            button.setEnabled(enabled.get(button, True))


class CancelQuestion(QWidget):
    """Asks once whether what has come may be deleted.

    Signals:
        agreed, declined.
    """

    agreed = Signal()
    declined = Signal()

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._text = TextLine(themes, "text")
        # Beside the title it takes the room of its text; that of the title's column is whatever is left.
        self._text.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.delete = QPushButton(self.tr("Delete"))
        self.delete.setObjectName("outlined")
        self.delete.clicked.connect(self.agreed)
        self.keep = QPushButton(self.tr("Keep"))
        self.keep.clicked.connect(self.declined)
        self._row = FlowLayout(self)
        for widget in (self._text, self.delete, self.keep):
            self._row.addWidget(widget)
        self.hide()
        self.apply_theme(themes.theme)

    @property
    def asked(self) -> str:
        """What is asked."""
        return self._text.text()

    def ask(self, text: str) -> None:
        """Ask, or ask with another number."""
        if text != self._text.text():
            self._text.set_text(text)
            for button in (self.delete, self.keep):
                button.setAccessibleName(f"{text} {button.text()}")

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._row.setSpacing(theme.px(8))

    def event(self, event: QEvent) -> bool:
        """Take Esc, which is the window's otherwise."""
        if event.type() == QEvent.Type.ShortcutOverride and _is_escape(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc keeps everything."""
        if _is_escape(event):
            self.declined.emit()
        else:
            super().keyPressEvent(event)


def _is_escape(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
