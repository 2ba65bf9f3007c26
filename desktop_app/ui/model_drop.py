"""A GGUF file dropped on the window."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QUrl, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget


class ModelDrop(QObject):
    """Accepts GGUF files that are dragged onto a window.

    Signals:
        dropped(path): of a file.
    """

    dropped = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept and tell."""
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop) and isinstance(event, QDropEvent):
            path = _dropped_model(event.mimeData().urls())
            if path:
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    self.dropped.emit(path)
                return True
        return super().eventFilter(watched, event)


def _dropped_model(urls: list[QUrl]) -> str:
    """Return the first GGUF file of this computer among what is dragged, or nothing."""
    files = (url.toLocalFile() for url in urls if url.isLocalFile())
    return next((file for file in files if Path(file).suffix.lower() == ".gguf"), "")
