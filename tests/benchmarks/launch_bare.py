"""The least that a PySide6 program with a window and a text field can be; the reference of bench_start."""

import json
import sys
import time

if __name__ == "__main__":
    started = float(sys.argv[1])
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit

    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.setCentralWidget(QPlainTextEdit())
    window.resize(1280, 800)

    def on_usable() -> None:
        with open("/proc/self/status") as status:
            resident = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))
        print(
            json.dumps({"seconds": time.monotonic() - started, "usable_mb": resident, "idle_mb": resident}), flush=True
        )
        window.close()

    window.show()
    QTimer.singleShot(0, lambda: QTimer.singleShot(0, on_usable))
    sys.exit(application.exec())
