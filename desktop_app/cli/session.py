"""A profile, and one run of the services heard event by event."""

import queue
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from desktop_app.core.errors import BugError, KnownError, Problem
from desktop_app.services.events import BugNoticed, Event, Noticed, StorageUnavailable
from desktop_app.services.host import Publish, ServiceHost, Services
from desktop_app.system.paths import AppPaths
from desktop_app.system.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True)
class Profile:
    """Where everything of one person lies, and how to get it running.

    Attributes:
        problems: of opening the profile, to be told.
        make_host: makes the services' host.
        open_window: opens the window, perhaps with a model file, and returns the exit code.
    """

    paths: AppPaths
    settings: Settings
    problems: tuple[Problem, ...]
    make_host: Callable[[Publish], ServiceHost]
    open_window: Callable[["Profile", str], int]


class Session:
    """The services while a command runs; ``do`` asks, ``events`` hears.

    Ctrl+C calls ``on_interrupt`` the first time and ends the program the second time.
    """

    def __init__(self, host: ServiceHost, heard: "queue.SimpleQueue[Event | None]") -> None:
        self._host = host
        self._heard = heard
        self.on_interrupt: Callable[[], None] | None = None

    def do(self, action: Callable[[Services], object]) -> None:
        """Have something done by the services."""
        self._host.do(action)

    def ask(self, question: Callable[[Services], T]) -> T:
        """Have something done and return its result; what it raises is raised here."""
        answers: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

        def act(services: Services) -> None:
            try:
                answers.put((question(services), None))
            except Exception as error:
                answers.put((None, error))

        self._host.do(act)
        result, error = answers.get()
        if error is not None:
            raise error
        return result  # type: ignore[return-value]  # a T when there is no error

    def events(self) -> Iterator[Event]:
        """Yield what the services say, as it comes.

        Raises:
            KnownError: what they give notice of.
            BugError: an error of ours, with its report, which is written already.
        """
        while True:
            event = self._heard.get()
            if event is None:
                if self.on_interrupt is not None:
                    interrupt, self.on_interrupt = self.on_interrupt, None
                    interrupt()
                continue
            if isinstance(event, Noticed | StorageUnavailable):
                raise KnownError(event.problem)
            if isinstance(event, BugNoticed):
                raise BugError(event.report)
            yield event


@contextmanager
def running(profile: Profile) -> Iterator[Session]:
    """Run the services for a command."""
    heard: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
    host = profile.make_host(heard.put)
    session = Session(host, heard)

    def on_signal(_number: int, _frame: object) -> None:
        if session.on_interrupt is None:
            raise KeyboardInterrupt
        heard.put(None)

    before = signal.signal(signal.SIGINT, on_signal)
    try:
        host.start()
        try:
            _wait_until_open(session)
            yield session
        finally:
            host.close()
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def ending_softly() -> Iterator[None]:
    """Have the system's wish that the program end (SIGTERM, SIGHUP) raise KeyboardInterrupt, so that all is told."""

    def on_end(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    numbers = [signal.SIGTERM]
    # Left alone where somebody has it ignored, as nohup does. Windows has none.
    if (hang_up := getattr(signal, "SIGHUP", None)) is not None and signal.getsignal(hang_up) is signal.SIG_DFL:
        numbers.append(hang_up)
    before = {number: signal.signal(number, on_end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait_until_open(session: Session) -> None:
    from desktop_app.services.events import ServicesStarted

    for event in session.events():
        if isinstance(event, ServicesStarted):
            return
