"""Start the program as main.py does, and print when its window is usable, what it weighs then and when idle.

Run by bench_start: arguments are the moment of the start (time.monotonic of the parent) and the program's arguments.
Usable: the window has been painted, and the event loop has come round once more, so that a key would be taken.
"""

import json
import sys
import time
from pathlib import Path

IDLE_MS = 2500


def resident() -> float:
    """Return this process's resident memory in MB (MiB)."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


if __name__ == "__main__":
    started = float(sys.argv[1])
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    figures: dict[str, float] = {}

    def on_idle() -> None:
        """Print the figures and quit."""
        figures["idle_mb"] = resident()
        print(json.dumps(figures), flush=True)
        QApplication.closeAllWindows()

    def on_usable() -> None:
        """Note the moment."""
        figures["seconds"] = time.monotonic() - started
        figures["usable_mb"] = resident()
        QTimer.singleShot(IDLE_MS if len(sys.argv) > 2 else 0, on_idle)

    class Watcher(QObject):
        """Waits for the first paint of a window."""

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            """Notice it."""
            if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow) and not figures:
                figures["painted"] = time.monotonic() - started
                QTimer.singleShot(0, on_usable)
            return False

    run = QApplication.exec
    watcher = Watcher()

    def exec_(*_args: object) -> int:
        """Watch the window from when the loop begins."""
        QApplication.instance().installEventFilter(watcher)
        return run()

    QApplication.exec = exec_  # type: ignore[method-assign]
    if len(sys.argv) > 2:
        from desktop_app.bootstrap import main

        sys.exit(main(sys.argv[2:]))
    else:
        # The least that a PySide6 program with a window and a text field can be: the reference.
        from PySide6.QtWidgets import QPlainTextEdit

        application = QApplication(sys.argv[:1])
        window = QMainWindow()
        window.setCentralWidget(QPlainTextEdit())
        window.resize(1280, 800)
        window.show()
        sys.exit(QApplication.exec())
