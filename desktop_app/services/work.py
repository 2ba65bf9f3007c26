"""Slow work on a thread of its own, one at a time, whose progress and end are heard on the services' thread."""

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from desktop_app.core.downloads import Pace
from desktop_app.core.errors import KnownError, Problem, ShelfError
from desktop_app.services.events import Event
from desktop_app.services.loop import ServiceLoop
from desktop_app.services.shelf_events import ShelfWorkEnded, ShelfWorkProgressed, WorkKind

T = TypeVar("T")
Progress = Callable[[int, int], None]
Stop = Callable[[], bool]

TELL_SECONDS = 0.1
ENDING_SECONDS = 2.0
_DEEDS = {
    WorkKind.VERIFY: "Models are being checked",
    WorkKind.IMPORT: "A model is being added to the shelf",
    WorkKind.DELETE: "A model is being deleted",
    WorkKind.MOVE: "The shelf is being moved",
    WorkKind.UPDATES: "Causerie is looking for newer files",
}


class Work:
    """What is under way on the shelf."""

    def __init__(self, loop: ServiceLoop, publish: Callable[[Event], None]) -> None:
        self._loop = loop
        self._publish = publish
        self._kind: WorkKind | None = None
        self._path = ""
        self._stop = threading.Event()
        self._threads: set[threading.Thread] = set()
        self._closed = False

    @property
    def kind(self) -> WorkKind | None:
        """What is being done; None at rest."""
        return self._kind

    def require_rest(self) -> None:
        """Raise ShelfError ``shelf_busy`` while something is being done."""
        if self._kind is not None:
            sentence = f"{_DEEDS[self._kind]}; only one such thing is done at a time."
            action = "Wait until it has ended, or stop it."
            raise ShelfError(Problem("shelf_busy", sentence, "Nothing was changed.", action))

    def begin(
        self,
        kind: WorkKind,
        path: str,
        job: Callable[[Progress, Stop], T],
        then: Callable[[T], ShelfWorkEnded],
        finally_: Callable[[], None] = lambda: None,
    ) -> None:
        """Do work on a thread of its own.

        Args:
            kind: of the work.
            path: of what it is about.
            job: done on the thread; a KnownError ends the work with its problem.
            then: called on the services' thread with what the job returned; tells how the work ended.
            finally_: called on the services' thread after the end, however it was.

        Raises:
            ShelfError: ``shelf_busy``.
        """
        self.require_rest()
        self._kind, self._path = kind, path
        self._stop = stop = threading.Event()
        self._publish(ShelfWorkProgressed(kind, path, 0.0))
        teller = _Teller(lambda fraction, left: self.post(lambda: self._tell(stop, fraction, left)))

        def run() -> Callable[[], ShelfWorkEnded]:
            try:
                result = job(teller.note, stop.is_set)
            except KnownError as error:
                ended = ShelfWorkEnded(kind, path, error.problem)
                return lambda: ended
            return lambda: then(result)

        def end(tell: Callable[[], ShelfWorkEnded]) -> None:
            self._kind = None
            try:
                self._publish(tell())
            finally:
                finally_()

        def fail() -> None:
            self._kind = None
            problem = Problem("bug", "Something went wrong inside Causerie itself.", "No model was lost.")
            self._publish(ShelfWorkEnded(kind, path, problem))
            finally_()

        self.behind(run, end, fail)

    def post(self, call: Callable[[], None]) -> None:
        """Have something done on the services' thread, unless all is over; from any thread."""
        self._loop.post(lambda: None if self._closed else call())

    def behind(self, job: Callable[[], T], then: Callable[[T], None], fail: Callable[[], None] = lambda: None) -> None:
        """Do something on a thread of its own, whatever else is done; ``then`` hears of it on the services' thread.

        An error of the job is one of the services', raised on their thread after ``fail``.
        """

        def run() -> None:
            try:
                result = job()
            except Exception as error:
                self.post(partial(_raise, error, fail))
            else:
                self.post(lambda: then(result))
            finally:
                self._threads.discard(thread)

        thread = threading.Thread(target=run, name="shelf", daemon=True)
        self._threads.add(thread)
        thread.start()

    def stop(self) -> None:
        """Have the work end soon, what it did so far kept."""
        self._stop.set()

    def close(self) -> None:
        """End everything; nothing is heard of it any more."""
        self._closed = True
        self.stop()
        deadline = time.monotonic() + ENDING_SECONDS
        for thread in tuple(self._threads):
            thread.join(max(0.0, deadline - time.monotonic()))

    def _tell(self, stop: threading.Event, fraction: float, seconds_left: float | None) -> None:
        if stop is self._stop and self._kind is not None:
            self._publish(ShelfWorkProgressed(self._kind, self._path, fraction, seconds_left))


def _raise(error: Exception, first: Callable[[], None]) -> None:
    first()
    raise error


class _Teller:
    """Turns bytes into a fraction and a time left, on the thread of the work."""

    def __init__(self, tell: Callable[[float, float | None], None]) -> None:
        self._tell = tell
        self._pace = Pace()
        self._told = float("-inf")

    def note(self, done: int, total: int) -> None:
        """Note how far the work is."""
        now = time.monotonic()
        if now - self._told < TELL_SECONDS:
            return
        self._told = now
        self._pace.note(now, done)
        self._tell(min(1.0, done / total) if total else 0.0, self._pace.seconds_left(max(0, total - done)))
