"""Commands kept in a log, and the progress of a compilation."""

import io
import sys
from pathlib import Path

import pytest
from taskkit.console import BuildProgress, run_logged, tail


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_command_leaves_its_output_in_the_log_and_each_line_is_seen(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "it.log"
    seen: list[str | None] = []
    script = "import sys; print('one', flush=True); print('two', file=sys.stderr); sys.exit(3)"
    assert run_logged([sys.executable, "-c", script], log, watch=seen.append) == 3
    assert log.read_text("utf-8") == "one\ntwo\n"
    assert [line for line in seen if line is not None] == ["one", "two"]


def test_a_silent_command_still_lets_the_watcher_tick(tmp_path: Path) -> None:
    # The command ends only when the watcher was called without a line: a test that hangs has found the fault.
    flag = tmp_path / "ticked"
    script = f"import os, time\nwhile not os.path.exists({str(flag)!r}): time.sleep(0.01)"
    assert run_logged([sys.executable, "-c", script], tmp_path / "it.log", lambda line: flag.touch()) == 0


def test_an_error_in_the_watcher_ends_the_command(tmp_path: Path) -> None:
    def stop(_line: str | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_logged(
            [sys.executable, "-c", "print(1, flush=True); import time; time.sleep(600)"], tmp_path / "it.log", stop
        )


def test_the_tail_of_a_log_is_its_end(tmp_path: Path) -> None:
    log = tmp_path / "it.log"
    log.write_text("".join(f"line {number}\n" for number in range(100)), "utf-8")
    assert tail(log).splitlines()[-1] == "    line 99"
    assert "line 50\n" not in tail(log)


def test_without_a_terminal_there_is_a_line_every_thirty_seconds() -> None:
    clock, stream = Clock(), io.StringIO()
    progress = BuildProgress("Compiling", stream, clock)
    for second in range(1, 66):
        clock.now = 100.0 + second
        progress.watch(f"[{second}/100] Building CXX object" if second % 2 else None)
    clock.now = 200.0
    progress.finish(succeeded=True)
    assert stream.getvalue().splitlines() == [
        "Compiling: step 29 of 100, 0:30 min",
        "Compiling: step 59 of 100, 1:00 min",
        "Compiling: done, 1:40 min",
    ]


def test_on_a_terminal_one_line_is_written_over() -> None:
    clock, stream = Clock(), Terminal()
    progress = BuildProgress("Compiling", stream, clock)
    for second, line in enumerate((None, "[ 50%] Building", "unrelated [1/2]"), start=1):
        clock.now += 1
        progress.watch(line)
        assert stream.getvalue().count("\r") == second
    progress.finish(succeeded=False)
    assert "\rCompiling: 50 %, 0:03 min" in stream.getvalue()
    assert stream.getvalue().endswith("\rCompiling: failed, 0:03 min" + "\n")
    assert stream.getvalue().count("\n") == 1
