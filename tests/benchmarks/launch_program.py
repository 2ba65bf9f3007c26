"""Start the program as main.py does, and print when its window is usable, what it weighs then and when idle.

Run by bench_start: arguments are the moment of the start (time.monotonic of the parent) and the program's arguments.
"""

import json
import sys
import time

if __name__ == "__main__":
    started = float(sys.argv[1])
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    run = QApplication.exec
    figures: dict[str, float] = {}

    def resident() -> float:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))

    def on_idle() -> None:
        figures["idle_mb"] = resident()
        print(json.dumps(figures), flush=True)
        for window in QApplication.topLevelWidgets():
            window.close()

    def on_usable() -> None:
        figures["seconds"] = time.monotonic() - started
        figures["usable_mb"] = resident()
        QTimer.singleShot(2500, on_idle)

    def exec_(*_args: object) -> int:
        # The first turn of the loop paints, the second one would take a key.
        QTimer.singleShot(0, lambda: QTimer.singleShot(0, on_usable))
        return run()

    QApplication.exec = exec_  # type: ignore[method-assign]
    from desktop_app.bootstrap import main

    sys.exit(main(sys.argv[2:]))
