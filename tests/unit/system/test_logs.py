"""The log, the reports and the traces of crashes."""

import faulthandler
import logging
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

import desktop_app
from desktop_app.core.errors import BugError, UsageError
from desktop_app.system.logs import ProgramLog, report, start_logging
from desktop_app.system.paths import AppPaths
from tests.helpers.stores import ROOT


@pytest.fixture(autouse=True)
def pytest_s_own_handler() -> Iterator[None]:
    """Give the fault handler and the log level back to pytest, which uses both."""
    level, enabled = logging.getLogger().level, faulthandler.is_enabled()
    yield
    logging.getLogger().setLevel(level)
    if enabled:
        faulthandler.enable(file=sys.__stderr__)


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Live nine hours ahead of UTC."""
    monkeypatch.setenv("TZ", "EAST-9")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def log(paths: AppPaths) -> Iterator[ProgramLog]:
    log = start_logging(paths)
    yield log
    log.close()


def test_the_log_is_plain_text_with_times(paths: AppPaths, log: ProgramLog) -> None:
    logging.getLogger("desktop_app.test").info("conversation %d opened", 7)
    logging.getLogger("desktop_app.test").debug("too fine")
    logging.getLogger("desktop_app.test").warning("half a character: \ud83d")
    first, second, third = paths.program_log.read_text().splitlines()
    assert desktop_app.__version__ in first
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO desktop_app\.test: conversation 7 opened", second)
    assert third.endswith(r"half a character: \ud83d")


def test_times_are_in_utc_wherever_the_computer_is(paths: AppPaths, far_east: None) -> None:
    start_logging(paths).close()
    written = datetime.fromisoformat(paths.program_log.read_text().split()[0].replace("Z", "+00:00"))
    assert abs(written - datetime.now(UTC)) < timedelta(hours=1)


@pytest.mark.parametrize("given", ["argument", "variable"])
def test_the_level_is_chosen(paths: AppPaths, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    if given == "variable":
        monkeypatch.setenv("CAUSERIE_LOG_LEVEL", "Warning")
    log = start_logging(paths, "warning" if given == "argument" else None)
    logging.getLogger("desktop_app.test").info("quiet")
    logging.getLogger("desktop_app.test").warning("loud")
    log.close()
    assert [line.rpartition(": ")[2] for line in paths.program_log.read_text().splitlines()] == ["loud"]


def test_an_unknown_level_is_refused(paths: AppPaths) -> None:
    with pytest.raises(UsageError, match="chatty"):
        start_logging(paths, "chatty")


def test_a_closed_log_leaves_nothing_behind(paths: AppPaths) -> None:
    handlers = list(logging.getLogger().handlers)
    log = start_logging(paths)
    assert len(list(paths.crashes_dir.iterdir())) == 1
    log.close()
    log.close()
    assert logging.getLogger().handlers == handlers
    assert list(paths.crashes_dir.iterdir()) == []


def test_the_log_does_not_grow_for_ever(paths: AppPaths, log: ProgramLog) -> None:
    for _ in range(60):
        logging.getLogger("desktop_app.test").info("x" * 100_000)
    sizes = {path.name: path.stat().st_size for path in paths.log_dir.glob("causerie.log*")}
    assert set(sizes) == {"causerie.log", "causerie.log.1", "causerie.log.2", "causerie.log.3"}
    assert max(sizes.values()) <= 1_000_000


CRASHING = """
import sys
from pathlib import Path
from desktop_app.system.logs import start_logging
from desktop_app.system.paths import AppPaths
start_logging(AppPaths.under(Path(sys.argv[1])))
exec(sys.argv[2])
"""


def run(paths: AppPaths, code: str) -> int:
    return subprocess.run(
        [sys.executable, "-c", CRASHING, paths.data_dir, code], cwd=ROOT, capture_output=True, check=False
    ).returncode


def test_the_trace_of_a_crash_is_told_once(paths: AppPaths) -> None:
    assert run(paths, "def culprit():\n    import ctypes\n    ctypes.string_at(0)\nculprit()") < 0
    log = start_logging(paths)
    (crash,) = log.crashes
    assert crash.name.startswith("crash-")
    assert "culprit" in crash.read_text()
    log.close()
    again = start_logging(paths)
    assert again.crashes == []
    assert crash.exists()
    again.close()


@pytest.mark.parametrize("code", ["pass", "import os; os._exit(0)", "import os, signal; os.kill(os.getpid(), 9)"])
def test_an_end_without_a_crash_leaves_no_trace(paths: AppPaths, code: str) -> None:
    run(paths, code)
    log = start_logging(paths)
    assert log.crashes == []
    log.close()
    assert list(paths.crashes_dir.iterdir()) == []


def test_the_trace_of_a_running_program_is_left_alone(paths: AppPaths, log: ProgramLog) -> None:
    trace = set(paths.crashes_dir.iterdir())
    assert run(paths, "pass") == 0
    assert set(paths.crashes_dir.iterdir()) == trace


def fail() -> BugError:
    try:
        raise BugError("two leaves at once")
    except BugError as error:
        return error


def test_a_report_says_what_and_where_and_is_kept(paths: AppPaths, log: ProgramLog) -> None:
    text = report(fail(), paths)
    assert f"Causerie {desktop_app.__version__}" in text
    assert "BugError: two leaves at once" in text
    assert "in fail" in text
    (file,) = paths.crashes_dir.glob("report-*.txt")
    assert file.read_text() == text
    assert "two leaves at once" in paths.program_log.read_text()


def test_the_latest_reports_are_kept(paths: AppPaths) -> None:
    (paths.crashes_dir / "report-20200101-000000-000000000.txt").write_text("old")
    for _ in range(20):
        report(fail(), paths)
    kept = sorted(path.name for path in paths.crashes_dir.glob("report-*.txt"))
    assert len(kept) == 20
    assert "report-20200101-000000-000000000.txt" not in kept


def test_a_report_that_cannot_be_written_is_still_told(paths: AppPaths) -> None:
    paths.crashes_dir.rmdir()
    paths.crashes_dir.write_text("a file where the folder should be")
    assert "two leaves" in report(fail(), paths)
