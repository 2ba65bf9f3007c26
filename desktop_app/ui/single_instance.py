"""One running window per profile: a second start raises the first one and ends.

The lock is a file lock, which the system drops when its holder dies. The message goes through a local socket (a Unix
socket or a named pipe): nothing listens on any network. QtNetwork is imported after the window is shown (20 ms).
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QLockFile, QObject, QThread, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

# The first window holds the lock a moment before it listens.
CONNECT_MS = 3000
RETRY_MS = 50
LONGEST_PATH = 4096


class SingleInstance(QObject):
    """The claim to be the one window of a profile.

    Signals:
        raise_requested(text): another start asked for this window; the text is the file it was to open, or empty.
    """

    raise_requested = Signal(str)

    def __init__(self, lock_file: Path, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = QLockFile(str(lock_file))
        self._lock.setStaleLockTime(0)  # a lock is stale when its process is dead, however long it is held
        self._name = name
        self._server: QLocalServer | None = None

    def claim(self) -> bool:
        """Become the one window; False when there is another."""
        return self._lock.tryLock(0)

    def listen(self) -> None:
        """Hear other starts from now on."""
        from PySide6.QtNetwork import QLocalServer

        QLocalServer.removeServer(self._name)  # left behind by a run that was killed
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        self._server.listen(self._name)

    def ask_other(self, file: str = "") -> bool:
        """Ask the other window to come to the front, and perhaps to open a file; whether it was heard."""
        from PySide6.QtNetwork import QLocalSocket

        deadline = QDeadlineTimer(CONNECT_MS)
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        while not socket.waitForConnected(CONNECT_MS):
            if deadline.hasExpired():
                return False
            QThread.msleep(RETRY_MS)
            socket.connectToServer(self._name)
        socket.write(f"{file}\n".encode())
        socket.waitForBytesWritten(CONNECT_MS)
        socket.disconnectFromServer()
        return True

    def release(self) -> None:
        """Give up the claim."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    def _on_connection(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            self._hear(self._server.nextPendingConnection())

    def _hear(self, socket: "QLocalSocket") -> None:
        def on_line() -> None:
            while socket.canReadLine():
                line = bytes(socket.readLine(LONGEST_PATH).data()).decode("utf-8", errors="replace")
                self.raise_requested.emit(line.rstrip("\n"))

        socket.readyRead.connect(on_line)
        socket.disconnected.connect(socket.deleteLater)
        on_line()  # what came before the signal was connected
