"""What this computer is made of. psutil is imported when asked, not at the start (50 ms measured)."""

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Hardware:
    """A computer. Memory in bytes; ``physical_cores`` is at least 1 even where it cannot be told.

    Attributes:
        system: the operating system with its version, for example ``"Debian GNU/Linux 12 (bookworm)"``.
        machine: the architecture, for example ``"x86_64"``.
    """

    system: str
    machine: str
    processor: str
    physical_cores: int
    logical_cores: int
    memory_total: int
    memory_available: int


def describe_hardware() -> Hardware:
    """Ask the system about itself. Takes a few milliseconds; available memory changes from call to call."""
    import psutil

    memory = psutil.virtual_memory()
    logical = os.cpu_count() or 1
    return Hardware(
        system=system_name(),
        machine=platform.machine(),
        processor=processor_name(),
        physical_cores=psutil.cpu_count(logical=False) or logical,
        logical_cores=logical,
        memory_total=int(memory.total),
        memory_available=int(memory.available),
    )


def system_name() -> str:
    """Return the operating system's own name for itself."""
    if platform.system() == "Linux":
        try:
            return platform.freedesktop_os_release()["PRETTY_NAME"]
        except (OSError, KeyError):
            return f"Linux {platform.release()}"
    if platform.system() == "Darwin":
        return f"macOS {platform.mac_ver()[0]}"
    return f"{platform.system()} {platform.release()}".strip()


def processor_name(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Return the processor's trade name, or the architecture where the system does not tell.

    Args:
        cpuinfo: Linux's description of the processors; "model name" on x86, "Hardware" on some ARM boards.
    """
    try:
        lines = cpuinfo.read_text(errors="replace").splitlines()
    except OSError:
        lines = []
    pairs = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    name = pairs.get("model name") or pairs.get("Hardware") or _registry_name() or platform.processor()
    return " ".join(name.split()) or platform.machine()


def process_started(pid: int) -> float | None:
    """Return when a process started, seconds since the epoch, None when there is none; for systems without /proc."""
    import psutil

    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return float(process.create_time())
    except psutil.NoSuchProcess:
        return None


def _registry_name() -> str:
    """Return what Windows calls the processor; empty elsewhere."""
    if sys.platform == "win32":
        import winreg

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"HARDWARE\DESCRIPTION\System\CentralProcessor\0") as key:
            return str(winreg.QueryValueEx(key, "ProcessorNameString")[0])
    return ""
