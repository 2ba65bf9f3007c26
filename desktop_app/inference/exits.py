"""Why the process that runs the model ended: from its exit code and the end of its log to a sentence."""

import re
import signal
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from desktop_app.core.errors import Problem

BACKEND_UNUSABLE = 78
"""Exit code of a child that could not load its backend."""

TAIL_BYTES = 8192
TAIL_LINES = 20

_KEPT = "Everything written so far is kept."
_TELLING = re.compile(
    r"GGML_ASSERT|GGML_ABORT|ggml_abort|bad_alloc|terminate called|out of memory|failed to allocate|MemoryError"
    r"|Fatal Python error|Error:|error:",
    re.IGNORECASE,
)
_OUT_OF_MEMORY = re.compile(
    r"std::bad_alloc|out of memory|failed to allocate|cannot allocate memory|alloc_tensor_range: failed"
    r"|unable to allocate|MemoryError",
    re.IGNORECASE,
)
_WINDOWS_NAMES = {
    0xC0000005: "an access violation",
    0xC0000017: "a lack of memory",
    0xC000001D: "an instruction this processor does not know",
    0xC00000FD: "a stack overflow",
    0xC0000409: "an internal check",
}


class Ending(StrEnum):
    """Whose doing the end was."""

    OWN = "own"  # the child's
    CLOSED = "closed"  # asked for by close()
    KILLED = "killed"  # asked for by kill()
    UNRESPONSIVE = "unresponsive"  # killed because it did not stop when asked
    GARBLED = "garbled"  # killed because what it sent made no sense


@dataclass(frozen=True)
class EngineExited:
    """The process has ended. Last event of a process; the engine can be started again.

    Attributes:
        exit_code: as Python gives it, negative for a signal; None when the process could not be started.
        problem: what to tell a person; its ``detail`` holds the end of the log.
        expected: the program asked for it, so that there is nothing to tell.
    """

    exit_code: int | None
    problem: Problem
    expected: bool = False


def read_tail(log_path: Path) -> str:
    """Return the last 8 KB of a log, nothing when it cannot be read."""
    try:
        with log_path.open("rb") as log:
            size = log.seek(0, 2)
            log.seek(max(0, size - TAIL_BYTES))
            return log.read().decode("utf-8", errors="replace")
    except OSError:
        return ""


def explain(exit_code: int, tail: str, ending: Ending = Ending.OWN) -> Problem:
    """Tell why a process ended.

    Args:
        exit_code: as ``multiprocessing`` gives it, negative for a signal.
        tail: the end of its log.
        ending: whose doing it was.
    """
    detail = _detail(exit_code, tail)
    known = _PROBLEMS.get(ending)
    if known is not None:
        code, sentence, kept, action = known
        return Problem(code, sentence, kept, action, detail)
    if exit_code == BACKEND_UNUSABLE:
        sentence = "The part that runs models could not be loaded on this computer."
        return Problem("engine_unusable", sentence, _KEPT, "Install Causerie again; the log names the reason.", detail)
    memory = _memory_sentence(exit_code, tail)
    if memory:
        action = "Close other programs, or choose a smaller model or a shorter context; then reload the model."
        return Problem("engine_out_of_memory", memory, _KEPT, action, detail)
    if exit_code == 0:
        return Problem("engine_ended", "The model's process ended by itself.", _KEPT, "Reload the model.", detail)
    cause = _cause(exit_code, tail)
    return Problem("engine_crashed", f"The model's process crashed ({cause}).", _KEPT, "Reload the model.", detail)


def not_started(error: Exception) -> Problem:
    """Tell that the process could not even be started."""
    return Problem(
        "engine_not_started",
        f"The process that runs the model could not be started ({error}).",
        _KEPT,
        "Close other programs and try again.",
        repr(error),
    )


_PROBLEMS = {
    Ending.CLOSED: ("engine_closed", "The model's process was closed.", "", ""),
    Ending.KILLED: ("engine_killed", "The model's process was stopped.", _KEPT, "Reload the model."),
    Ending.UNRESPONSIVE: (
        "engine_unresponsive",
        "The model did not stop when asked, so its process was ended.",
        _KEPT,
        "Reload the model.",
    ),
    Ending.GARBLED: (
        "engine_garbled",
        "The model's process sent something that makes no sense, so it was ended.",
        _KEPT,
        "Reload the model.",
    ),
}


def _memory_sentence(exit_code: int, tail: str) -> str:
    if exit_code == 0xC0000017 or (exit_code != 0 and _OUT_OF_MEMORY.search(tail)):
        return "The model's process ended because memory ran out."
    # The kernel's out-of-memory killer sends SIGKILL and writes nothing into the log of its victim.
    if exit_code == -getattr(signal, "SIGKILL", 9):
        return "The system ended the model's process, most likely because memory ran out."
    return ""


def _cause(exit_code: int, tail: str) -> str:
    if "GGML_ASSERT" in tail or "ggml_abort" in tail or exit_code == (3 if sys.platform == "win32" else -6):
        return "an internal check failed"
    if exit_code in _WINDOWS_NAMES:
        return _WINDOWS_NAMES[exit_code]
    if exit_code >= 0:
        return f"exit code {exit_code}"
    names = {-11: "a memory fault", -7: "a memory fault", -4: "an instruction this processor does not know"}
    if exit_code in names:
        return names[exit_code]
    try:
        return f"signal {signal.Signals(-exit_code).name}"
    except ValueError:
        return f"signal {-exit_code}"


def _detail(exit_code: int, tail: str) -> str:
    lines = [line.rstrip() for line in tail.splitlines() if line.strip()]
    recent = lines[-TAIL_LINES:]
    earlier = [line for line in lines[:-TAIL_LINES] if _TELLING.search(line)]
    return "\n".join((f"exit code {exit_code}", *earlier, *recent))
