"""The windows about the network, opened from anywhere in the program: the connections, and the token of the Hub."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from desktop_app.services.events import Event
from desktop_app.ui.connections_dialog import ConnectionsDialog
from desktop_app.ui.theme import ThemeManager
from desktop_app.ui.token_dialog import TokenDialog


class NetworkWindows(QObject):
    """Opens the windows about the network, one of each at a time, and lets them hear the services.

    Signals:
        asked(callable): something for the services to do, called with ``Services``.
    """

    asked = Signal(object)

    def __init__(self, themes: ThemeManager, window: QWidget) -> None:
        super().__init__(window)
        self._themes = themes
        self._window = window
        self.connections: ConnectionsDialog | None = None
        self.token: TokenDialog | None = None

    def show_connections(self) -> None:
        """Show what the program has connected to; the window beside it can be used meanwhile."""
        if self.connections is None or not self.connections.isVisible():
            _let_go(self.connections)
            self.connections = ConnectionsDialog(self._themes, self._window)
            self.connections.asked.connect(self.asked)
        _to_front(self.connections)

    def ask_token(self, endpoint: str = "") -> None:
        """Ask for the token of the Hub at an address; an empty one is the Hub itself."""
        if self.token is None or not self.token.isVisible():
            _let_go(self.token)
            self.token = TokenDialog(self._themes, endpoint, self._window)
            self.token.asked.connect(self.asked)
            self.token.setWindowModality(Qt.WindowModality.WindowModal)
        _to_front(self.token)

    def hear(self, event: Event) -> None:
        """Hand on what the services tell."""
        if self.connections is not None:
            self.connections.hear(event)
        if self.token is not None:
            self.token.hear(event)


def _to_front(dialog: QDialog) -> None:
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()


def _let_go(dialog: QDialog | None) -> None:
    """Let a closed window go: the next one is made in the language and on the address that are in force by then."""
    if dialog is not None:
        dialog.deleteLater()
