"""The downloads under way: their threads, and how fast they are."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop_app.core.downloads import Download, DownloadState, Pace
from desktop_app.library.hub_session import HubSession
from desktop_app.library.transfer import Limiter, TransferPhase, TransferRules
from desktop_app.services.carrier import Carrier
from desktop_app.services.loop import ServiceLoop, Timer

TICK_SECONDS = 1.0
_STATES = {
    TransferPhase.CHECKING: DownloadState.CHECKING,
    TransferPhase.DOWNLOADING: DownloadState.RUNNING,
    TransferPhase.WAITING: DownloadState.WAITING,
}


class DownloadRunner:
    """Runs downloads, each on a thread, and tells on the services' thread how they go.

    A download that was told to stop runs until its thread has ended, within 100 ms, but nothing more is told of its
    progress. At rest nothing ticks.
    """

    def __init__(
        self,
        session: HubSession,
        loop: ServiceLoop,
        limiter: Limiter,
        rules: TransferRules,
        prepare: Callable[[], None],
        progressed: Callable[[int, dict[str, Any]], None],
        ended: Callable[[Carrier], None],
    ) -> None:
        """Make it.

        Args:
            session: the way to the Hub.
            loop: the services' thread.
            limiter: the speed limit that all downloads share.
            rules: how patient each transfer is.
            prepare: called first on the thread of each download.
            progressed: hears by id what to change in a download.
            ended: hears of the end, in whatever way.
        """
        self._session = session
        self._loop = loop
        self._limiter = limiter
        self._rules = rules
        self._prepare = prepare
        self._progressed = progressed
        self._ended = ended
        self._carriers: dict[int, Carrier] = {}
        self._stopped: set[int] = set()
        self._paces: dict[int, Pace] = {}
        self._ticking: Timer | None = None

    def __contains__(self, number: object) -> bool:
        """Whether a download runs, be it to its end after ``stop``."""
        return number in self._carriers

    def is_under_way(self, number: int) -> bool:
        """Whether a download runs and was not told to stop."""
        return number in self._carriers and number not in self._stopped

    def numbers(self) -> tuple[int, ...]:
        """Return the ids of those that run, be it to their end."""
        return tuple(self._carriers)

    def start(self, download: Download, folder: Path) -> None:
        """Begin a download that does not run."""
        carrier = Carrier(
            self._session,
            download,
            folder,
            self._limiter,
            self._rules,
            self._prepare,
            lambda carrier: self._loop.post(lambda: self._note(carrier)),
            lambda carrier: self._loop.post(lambda: self._end(carrier)),
        )
        self._carriers[download.id] = carrier
        self._paces[download.id] = Pace()
        carrier.start()

    def stop(self, number: int) -> None:
        """Have a download end, if it runs; what has come is kept."""
        if number in self._carriers:
            self._stopped.add(number)
            self._carriers[number].stop()

    def close(self, seconds: float) -> None:
        """Stop everything and wait so long for it."""
        if self._ticking is not None:
            self._ticking.cancel()
        for number in self._carriers:
            self.stop(number)
        deadline = time.monotonic() + seconds
        for carrier in self._carriers.values():
            carrier.join(max(0.0, deadline - time.monotonic()))

    def _note(self, carrier: Carrier) -> None:
        number, progress = carrier.download.id, carrier.take_progress()
        if self._carriers.get(number) is not carrier or number in self._stopped:
            return
        state, pace = _STATES[progress.phase], self._paces[number]
        if state is DownloadState.RUNNING:
            pace.note(time.monotonic(), progress.done)
            if self._ticking is None:  # a stalled connection says nothing by itself
                self._ticking = self._loop.call_later(TICK_SECONDS, self._tick)
        else:
            pace.clear()
        values = {
            "state": state,
            "done": progress.done,
            "checked": progress.checked,
            "problem": progress.problem,
            "speed": pace.speed,
            "seconds_left": pace.seconds_left(carrier.download.size - progress.done),
        }
        self._progressed(number, values)

    def _tick(self) -> None:
        self._ticking = None
        for carrier in tuple(self._carriers.values()):
            self._note(carrier)

    def _end(self, carrier: Carrier) -> None:
        del self._carriers[carrier.download.id]
        self._stopped.discard(carrier.download.id)
        self._ended(carrier)
