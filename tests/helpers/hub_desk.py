"""The Hub's services alone, on a thread of their own, against a Hub on the loopback."""

import json
import os
import queue
import random
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from desktop_app.core.downloads import Download, DownloadState
from desktop_app.core.errors import KnownError
from desktop_app.core.hub import Choice, find_choice
from desktop_app.library.hub import Hub
from desktop_app.library.hub_session import ConnectionLog, HubOptions, HubSession
from desktop_app.library.queue_file import QueueFile
from desktop_app.library.transfer import Limiter, TransferRules
from desktop_app.services.discover_service import DiscoverService
from desktop_app.services.download_events import DownloadFinished, DownloadsListed
from desktop_app.services.download_service import DownloadService
from desktop_app.services.events import BugNoticed, Noticed
from desktop_app.services.loop import ServiceLoop
from desktop_app.services.network import TokenHolder
from desktop_app.system.paths import resources_dir
from tests.helpers.hearing import TIMEOUT, Hearing
from tests.helpers.loopback_hub import LoopbackHub

# Before keyring is imported: a test reads no keyring of the person who runs it.
os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

T = TypeVar("T")
QUICK = TransferRules(tries=2, backoff=lambda barren: 0.01, timeout=5.0, margin=0)


def put(root: Path, repo: str, name: str, size: int, **fields: Any) -> bytes:
    """Put a file of random bytes into a repository, and overwrite what the Hub tells of that one.

    Returns:
        The bytes, the same for the same name and size.
    """
    data = random.Random(f"{repo}/{name}").randbytes(size)
    file = root / repo / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    if fields:
        (root / repo / ".hub.json").write_text(json.dumps(fields))
    return data


class HubDesk:
    """The services that reach the Hub, as a program has them.

    Attributes:
        heard: what they say.
        session: their way to the Hub.
    """

    def __init__(
        self,
        hub: LoopbackHub,
        folder: Path,
        *,
        online: bool = True,
        owner: str = "this",
        living: Callable[[str], bool] = lambda owner: True,
        memory: int = 16 * 10**9,
        rules: TransferRules = QUICK,
    ) -> None:
        self.hub = hub
        self.shelf = folder / "models"
        self.shelf.mkdir(parents=True, exist_ok=True)
        self.heard = Hearing()
        self.loop = ServiceLoop(self._on_error)
        self.options = HubOptions(online=online, endpoint=hub.endpoint, data_dir=folder)
        self.session = HubSession(self.options, ConnectionLog(None))
        tokens = TokenHolder(self.session)
        self.downloads = DownloadService(
            self.session,
            self.loop,
            self.heard,
            self.shelf,
            QueueFile(folder / "downloads.json", owner, living),
            Limiter(),
            rules,
            tokens.bring,
        )
        self.discover = DiscoverService(
            self.session,
            self.loop,
            self.heard,
            lambda: memory,
            resources_dir() / "catalogue.toml",
            tokens,
            self.downloads.network_changed,
        )
        self.loop.start()

    def ask(self, question: Callable[..., T], *arguments: Any, **more: Any) -> T:
        """Have something done on the services' thread and return its result; what it raises is raised here."""
        answers: queue.SimpleQueue[tuple[Any, Exception | None]] = queue.SimpleQueue()

        def act() -> None:
            try:
                answers.put((question(*arguments, **more), None))
            except Exception as error:
                answers.put((None, error))

        self.loop.post(act)
        result, error = answers.get(timeout=TIMEOUT)
        if error is not None:
            raise error
        return result

    def choice(self, repo: str, wanted: str) -> tuple[tuple[str, str], Choice]:
        """Return what ``add`` takes for one of the choices of a repository."""
        hub = Hub(HubSession(replace(self.options, online=True), ConnectionLog(None)))
        details = hub.details(repo)
        hub.close()
        found = find_choice(details.choices, wanted)
        assert found is not None
        return (repo, details.commit), found

    def add(self, repo: str, wanted: str = "Q4_0") -> Download:
        """Put one of the choices of a repository into the queue."""
        return self.ask(self.downloads.add, *self.choice(repo, wanted))

    def listed(self, fits: Callable[[Download], bool], number: int) -> Download:
        """Wait until a download looks so in a list that is told."""
        found: list[Download] = []

        def check(event: DownloadsListed) -> bool:
            found[:] = [one for one in event.downloads if one.id == number and fits(one)]
            return bool(found)

        self.heard.wait(DownloadsListed, check)
        return found[0]

    def state(self, number: int, state: DownloadState) -> Download:
        """Wait until a download is in a state."""
        return self.listed(lambda one: one.state is state, number)

    def finished(self, number: int) -> DownloadFinished:
        """Wait until a download is done."""
        return self.heard.wait(DownloadFinished, lambda event: event.download.id == number)

    def queue(self) -> tuple[Download, ...]:
        """Return the queue."""
        return self.ask(self.downloads.list)

    def configure(self, **changes: Any) -> None:
        """Change how the Hub is reached."""
        self.options = replace(self.options, **changes)
        self.ask(partial(self.discover.configure, self.options))

    def close(self) -> None:
        """End them, as the program does."""
        self.ask(self.downloads.close)
        self.ask(self.discover.close)
        self.loop.stop()
        assert self.loop.join(TIMEOUT)

    def _on_error(self, error: Exception) -> None:
        if isinstance(error, KnownError):
            self.heard(Noticed(error.problem))
        else:
            self.heard(BugNoticed("".join(traceback.format_exception(error))))


@contextmanager
def hub_desk(hub: LoopbackHub, folder: Path, **options: Any) -> Iterator[HubDesk]:
    """Run the Hub's services of a profile."""
    desk = HubDesk(hub, folder, **options)
    try:
        yield desk
    finally:
        desk.close()
