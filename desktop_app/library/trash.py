"""The system's trash, and the places that have none: there, nothing may be deleted for want of it."""

import sys
from pathlib import Path


def to_trash(file: Path) -> None:
    """Move a file to the trash.

    Raises:
        OSError: there is no trash for the file's drive, or the file cannot go there; it is where it was.
    """
    if sys.platform == "win32":
        _require_bin(file)
    from send2trash import send2trash  # late: only for those who delete

    send2trash(file)


if sys.platform == "win32":
    import ctypes
    import winreg

    # The shell deletes for good, without a word, what the recycle bin of a drive cannot take: drives that are not
    # fixed have none, and each bin has a size (in MB) that a person can change or set to nothing.
    _FIXED = 3
    _BINS = r"Software\Microsoft\Windows\CurrentVersion\Explorer\BitBucket\Volume"

    def _require_bin(file: Path) -> None:
        root = Path(file.resolve().anchor)
        kernel = ctypes.windll.kernel32
        if kernel.GetDriveTypeW(str(root)) != _FIXED:
            raise OSError(f"the drive {root} has no recycle bin")
        volume = ctypes.create_unicode_buffer(64)
        if not kernel.GetVolumeNameForVolumeMountPointW(str(root), volume, len(volume)):
            raise OSError(f"the drive {root} does not tell what it is")
        name = volume.value[volume.value.index("{") : volume.value.index("}") + 1]
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, rf"{_BINS}\{name}") as key:
                capacity, _ = winreg.QueryValueEx(key, "MaxCapacity")
                nothing_kept, _ = winreg.QueryValueEx(key, "NukeOnDelete")
        except FileNotFoundError:
            return  # nobody has ever opened this bin, so it has its usual size, a share of the drive
        if nothing_kept or file.stat().st_size > int(capacity) << 20:
            raise OSError(f"the recycle bin of {root} is too small for it")
