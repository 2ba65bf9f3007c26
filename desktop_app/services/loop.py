"""The thread on which every service lives: one queue of calls, timers, and nothing else.

Services are single-threaded state machines. Whatever reaches them from elsewhere (the window, the engine's reader
thread) comes as a posted call, so that they need no locks. At rest the thread sleeps without waking up.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue

Call = Callable[[], None]


class Timer:
    """A call that is due later and can be cancelled."""

    def __init__(self, due: float, call: Call) -> None:
        self.due = due
        self._call: Call | None = call

    def cancel(self) -> None:
        """Do not make the call."""
        self._call = None

    def fire(self) -> None:
        """Make the call, unless cancelled."""
        call, self._call = self._call, None
        if call is not None:
            call()


class ServiceLoop:
    """Runs posted calls one after another, on the thread that called ``run``.

    An exception in a call goes to ``on_error``, and the loop goes on.
    """

    def __init__(self, on_error: Callable[[Exception], None]) -> None:
        self._on_error = on_error
        self._calls: SimpleQueue[Call] = SimpleQueue()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._running = False
        self._thread: threading.Thread | None = None

    def post(self, call: Call) -> None:
        """Have a call made soon; may be called from any thread."""
        self._calls.put(call)

    def call_later(self, seconds: float, call: Call) -> Timer:
        """Have a call made after a delay; only on the loop's own thread."""
        timer = Timer(time.monotonic() + seconds, call)
        heapq.heappush(self._timers, (timer.due, next(self._order), timer))
        return timer

    def start(self, name: str = "services") -> None:
        """Run on a thread of its own."""
        self._thread = threading.Thread(target=self.run, name=name, daemon=True)
        self._thread.start()

    def run(self) -> None:
        """Make calls until ``stop``."""
        self._running = True
        while self._running:
            for call in self._due():
                self._make(call)

    def stop(self) -> None:
        """End ``run`` once everything posted before has been called; may be called from any thread."""
        self.post(self._end)

    def join(self, timeout: float) -> bool:
        """Wait for the thread made by ``start``; whether it ended."""
        if self._thread is None:
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _end(self) -> None:
        self._running = False

    def _due(self) -> list[Call]:
        wait = max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else None
        calls: list[Call] = []
        with suppress(Empty):
            calls.append(self._calls.get(timeout=wait))
        while self._timers and self._timers[0][0] <= time.monotonic():
            calls.append(heapq.heappop(self._timers)[2].fire)
        return calls

    def _make(self, call: Call) -> None:
        try:
            call()
        except Exception as error:
            self._on_error(error)
