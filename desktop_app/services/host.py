"""The services as one thing: made on their own thread, reached by posted actions, closed in order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.errors import KnownError
from desktop_app.services.events import BugNoticed, Event, Noticed, ServicesStarted, StorageUnavailable
from desktop_app.services.loop import ServiceLoop

if TYPE_CHECKING:  # these bring the engine and the database; they are imported on the services' thread
    from desktop_app.services.chat_service import ChatService
    from desktop_app.services.discover_service import DiscoverService
    from desktop_app.services.download_service import DownloadService
    from desktop_app.services.history_service import HistoryService
    from desktop_app.services.model_service import ModelService
    from desktop_app.services.shelf_service import ShelfService

Publish = Callable[[Event], None]


@dataclass(frozen=True)
class Services:
    """What a face (the window, the command line) may ask for. ``close`` ends what lies below."""

    chat: "ChatService"
    models: "ModelService"
    history: "HistoryService"
    discover: "DiscoverService"
    downloads: "DownloadService"
    shelf: "ShelfService"
    close: Callable[[], None]


class ServiceHost:
    """Runs the services on a thread of their own.

    A known error in an action is published as a notice, any other as a bug; the services live on.
    """

    def __init__(
        self,
        open_services: Callable[[ServiceLoop, Publish], Services],
        publish: Publish,
        report: Callable[[BaseException], str],
    ) -> None:
        """Make the host.

        Args:
            open_services: makes the services; called on their thread. A KnownError means there is no storage.
            publish: hears every event, on the services' thread.
            report: writes a report about a bug and returns its text.
        """
        self._open_services = open_services
        self._publish = publish
        self._report = report
        self._loop = ServiceLoop(self._on_error)
        self._services: Services | None = None

    def start(self) -> None:
        """Start the thread and open the services."""
        self._loop.start()
        self._loop.post(self._open)

    def do(self, action: Callable[[Services], object]) -> None:
        """Have something done on the services' thread; from any thread. Nothing happens without storage."""

        def act() -> None:
            if self._services is not None:
                action(self._services)

        self._loop.post(act)

    def close(self, timeout: float = 5.0) -> bool:
        """Finish what is under way and end the thread; whether it ended in time."""
        self._loop.post(self._close)
        self._loop.stop()
        return self._loop.join(timeout)

    def _open(self) -> None:
        try:
            self._services = self._open_services(self._loop, self._publish)
        except KnownError as error:
            self._publish(StorageUnavailable(error.problem))
            return
        self._publish(ServicesStarted())

    def _close(self) -> None:
        if self._services is not None:
            services, self._services = self._services, None
            services.close()

    def _on_error(self, error: Exception) -> None:
        if isinstance(error, KnownError):
            self._publish(Noticed(error.problem))
        else:
            self._publish(BugNoticed(self._report(error)))
