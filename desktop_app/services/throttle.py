"""Telling often enough, and not oftener."""

import time
from collections.abc import Callable

from desktop_app.services.loop import ServiceLoop, Timer


class Throttle:
    """Makes a call when asked, but never twice within a while; what is asked meanwhile comes as one call at its end.

    Without asking nothing runs, no timer either. Only for the loop's own thread.
    """

    def __init__(self, loop: ServiceLoop, seconds: float, call: Callable[[], None]) -> None:
        self._loop = loop
        self._seconds = seconds
        self._call = call
        self._last = float("-inf")
        self._timer: Timer | None = None

    def ask(self) -> None:
        """Have the call made now, or as soon as the while is over."""
        if self._timer is not None:
            return
        wait = self._last + self._seconds - time.monotonic()
        if wait <= 0:
            self._fire()
        else:
            self._timer = self._loop.call_later(wait, self._fire)

    def cancel(self) -> None:
        """Forget what was asked."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        self._timer = None
        self._last = time.monotonic()
        self._call()
