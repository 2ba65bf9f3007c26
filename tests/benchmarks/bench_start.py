"""Start-up to a usable window and resident memory of the window's process, against a bare PySide6 window.

Interleaved runs, medians. The model is loaded meanwhile in its own process and is not counted.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from desktop_app.system.display import has_display

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def start(*arguments: str) -> dict[str, float]:
    """Start the program, or without arguments the bare window, and return what it prints."""
    command = [sys.executable, str(HERE / "launch_program.py"), str(time.monotonic()), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    if not has_display(environment):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its byte code
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=60, check=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    bare: list[dict[str, float]] = []
    program: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as profile:
        arguments = ("--data-dir", profile)
        start(*arguments)  # the first start of all writes byte code and the database
        start()
        for _ in range(runs):
            bare.append(start())
            program.append(start(*arguments))

    def median(of: list[dict[str, float]], key: str) -> float:
        return statistics.median(one[key] for one in of)

    ratio = median(program, "seconds") / median(bare, "seconds")
    print(
        f"start to a usable window: {median(program, 'seconds'):.3f} s, median of {runs}"
        f" (fastest {min(one['seconds'] for one in program):.3f} s)"
    )
    print(
        f"bare PySide6 window:      {median(bare, 'seconds'):.3f} s"
        f" (fastest {min(one['seconds'] for one in bare):.3f} s)"
    )
    print(f"ratio:                    {ratio:.2f} (budget 3)")
    print(
        f"resident memory:          {median(program, 'usable_mb'):.0f} MB when usable,"
        f" {median(program, 'idle_mb'):.0f} MB idle with a model loaded (budget 150);"
        f" bare window {median(bare, 'usable_mb'):.0f} MB"
    )


if __name__ == "__main__":
    main()
