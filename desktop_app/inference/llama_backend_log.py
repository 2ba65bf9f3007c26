"""What llama.cpp logs: written to the child's log file, which is kept small, with the last complaints remembered."""

import os
from collections import deque

from desktop_app.inference.llama_backend_lib import lib

LARGEST_LOG = 1024 * 1024
KEPT_OF_LOG = 128 * 1024
_DEBUG, _WARNING, _ERROR, _CONTINUED = 1, 3, 4, 5


class LlamaLog:
    """Takes llama.cpp's log lines; keep the object for as long as llama.cpp may log.

    Attributes:
        lines: all lines since ``clear``, the last 400 of them.
    """

    def __init__(self, descriptor: int = 2) -> None:
        self.lines: deque[str] = deque(maxlen=400)
        self._complaints: deque[str] = deque(maxlen=30)
        self._descriptor = descriptor
        self._written = 0
        self._level = 0
        self._callback = lib.llama_log_callback(self._take)
        lib.llama_log_set(self._callback, None)

    def clear(self) -> None:
        """Forget the lines before something new is begun."""
        self.lines.clear()
        self._complaints.clear()

    def complaints(self) -> str:
        """Return the warnings and errors since ``clear``."""
        return "\n".join(self._complaints)

    def _take(self, level: int, text: bytes, _user_data: object) -> None:
        if level != _CONTINUED:
            self._level = level
        if self._level == _DEBUG:
            return
        line = text.decode("utf-8", errors="replace").rstrip()
        if line:
            self.lines.append(line)
            if self._level in (_WARNING, _ERROR):
                self._complaints.append(line)
        self._written += len(text)
        if self._written > LARGEST_LOG:
            self._shorten()
        os.write(self._descriptor, text)

    def _shorten(self) -> None:
        """Keep only the end of the log; it is open for appending, so writing goes on behind what is kept."""
        self._written = KEPT_OF_LOG
        try:
            path = f"/proc/self/fd/{self._descriptor}"
            with open(path, "rb") as log:  # noqa: PTH123  not a path of ours but a descriptor's name
                log.seek(-KEPT_OF_LOG, os.SEEK_END)
                kept = log.read()
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, b"(older lines left out)\n" + kept)
        except OSError:
            os.ftruncate(self._descriptor, 0)
