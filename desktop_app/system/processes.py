"""Who a process is, so that another one can tell later whether it still runs.

A process number alone is not enough, since numbers are used again. On Linux the identity is the number, the moment
of the start in clock ticks since the computer's start, and the id of that start: exact whatever happens to the clock.
Elsewhere it is the number and the moment of the start as the system tells it.
"""

import os
from pathlib import Path

from desktop_app.system.hardware import process_started

_PROC = Path("/proc")
_BOOT_ID = _PROC / "sys/kernel/random/boot_id"
_CLOCK_SECONDS = 2.0


def identity(pid: int | None = None) -> str:
    """Return the identity of a running process, of this one by default; "" when there is no such process."""
    pid = os.getpid() if pid is None else pid
    if _BOOT_ID.exists():
        return _linux_identity(pid)
    started = process_started(pid)
    return "" if started is None else f"{pid}:{started:.2f}"


def is_alive(name: str) -> bool:
    """Whether the process of that identity still runs. A name that is none is nobody's."""
    number, _, moment = name.partition(":")
    if not number.isdecimal() or not moment:
        return False
    now = identity(int(number))
    if _BOOT_ID.exists() or not now:
        return now == name
    try:
        return abs(float(now.partition(":")[2]) - float(moment)) < _CLOCK_SECONDS
    except ValueError:
        return False


def _linux_identity(pid: int) -> str:
    """Read /proc/PID/stat, proc_pid_stat(5): the state is the 3rd field and the start the 22nd.

    The 2nd is the program's name in parentheses, which may hold spaces and parentheses itself. A zombie has ended.
    """
    try:
        fields = (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    if fields[0] in "ZXx":
        return ""
    return f"{pid}:{fields[19]}:{_BOOT_ID.read_text().strip()}"
